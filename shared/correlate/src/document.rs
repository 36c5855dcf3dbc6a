//! The page about correlating, as far as the program knows it.

use crate::STRENGTHS;
use procglass_logs::FORMATS;
use std::fmt::Write as _;

/// `docs/correlating.md`: the formats, what a match means, and by which rules.
#[must_use]
pub fn documentation() -> String {
    let mut page = String::from(HEAD);
    page.push_str("| `--log-format` | | read | recognised by |\n|---|---|---|---|\n");
    for about in FORMATS {
        let _ =
            writeln!(page, "| `{}` | {} | {} | {} |", about.name, about.title, about.reads, about.told_by);
    }
    page.push_str("\nA short log of each format, which the program recognises:\n\n```\n");
    for about in FORMATS {
        let _ = writeln!(page, "# {}\n{}", about.name, about.sample);
    }
    page.push_str("```\n");
    page.push_str(MIDDLE);
    page.push_str("| | in JSON and CSV | means |\n|---|---|---|\n");
    for about in STRENGTHS {
        let _ = writeln!(page, "| {} | `{}` | {} |", about.words, about.name, about.means);
    }
    page.push_str(RULES);
    page
}

const HEAD: &str = r"# Correlating with logs

This page is written by `cargo xtask docs` from the same lists that the program reads.

A line of a firewall's log names addresses and ports. The bundles say which system had the address, which process held the
socket, and who started it.

```
procglass correlate web.tar.gz db.tar.gz vpc-flow.log.gz                      # one row a record that matches
procglass correlate *.tar.gz eve.json --format json | jq .
procglass correlate *.tar.gz logs/* --summary processes                       # seen in logs, for each process
procglass correlate *.tar.gz logs/* --summary talkers                         # who spoke with these systems and is none of them
```

Bundles and logs are told apart by content, and so is the format of each log; what was recognised is printed, and
`--log-format` corrects it. A folder stands for every file in it and in the folders below, but for hidden ones. Logs may
be gzip, also gzip within gzip, and UTF-16. `procglass correlate` reads zstd, xz, and a zip archive of one file, too; the
page does not. What is packed otherwise (bzip2, Parquet) is named with the command that unpacks it. Logs are read in one
pass; memory does not grow with them.

A line that is not understood costs itself: it is counted, and the first ten are printed with number and reason. A field
that is not understood, but for an address, costs itself only. A file that cannot be read is named and skipped. Bad lines
and skipped files make the exit code 3.

## Formats

";

const MIDDLE: &str = r"
Times without a zone are taken as UTC unless `--zone +02:00` says otherwise, and syslog's times without a year as of the year
that brings them nearest to the newest bundle; how many, is printed. A table whose columns are not guessed is read with
`--columns source=Src,destination=4,bytes=Total`: names of columns, or places from 1 where there is no header. A name that
the table does not have is an error, which lists those that it has. `--columns` and `--fields` also say the format of logs
in which none is recognised.

Date and time of day may have a column each (`date=`, `time=`). A date that does not tell its day from its month is
unknown. A column of both directions is not taken for one: beside columns of sent and received bytes, `bytes` is left out.
A protocol that is not known, and a port that is none, are unknown; protocols without ports have none.

Zeek counts bytes with headers (`orig_ip_bytes`) and without; the first are taken, as other logs count so. Records of
VPC flow without traffic (`NODATA`) and with traffic left out (`SKIPDATA`) are counted and match nothing. A CSV cell cannot
hold a line break.

## What a match means

Each end of a record is looked for in every bundle. The strengths, the surest first; none says more than its words:

";

const RULES: &str = r"
- **The address at that time.** A machine is taken to be up since its kernel started. A container, a pod or a task is taken
  to be up since its earliest process that still ran: the first process of a container lives as long as the container. What
  came after the capture nobody saw. Ten minutes of grace after it cover clocks that differ and the longest time that one VPC
  flow record tells of. A record outside of that is *other time*, even when all five of the five-tuple agree.
- **An address that two systems had** at that time gives both, and both are marked `ambiguous`. A system for which the record
  is of another time stays listed beside one for which it is not. Two bundles of one network namespace of one boot (a host and
  its container, or the same system twice) are one network stack and do not contradict each other. A socket of the same
  five-tuple settles it, and so does a log that names the system.
- **Processes.** The holders of the matching socket are named, up to eight; of several, each is marked `ambiguous`. A process
  that started after the record ended (by more than two seconds, since many logs have whole ones) is not named.
- **Listeners** count in the network namespace that has the address, bound to it or to all addresses.
- **Addresses that every system has** name none: loopback, link-local (the metadata services among them), unspecified,
  multicast, broadcast, and the clouds' own services.
- **NAT is unknown.** Behind a gateway, a published port or a load balancer, the address in the log may be another machine's.
  Where VPC flow logs keep the packet's own address (`pkt-srcaddr`, `pkt-dstaddr`), it goes first. Records of a load balancer
  tell two connections; no five-tuple is claimed from them.
- **Sums are of what the logs say.** Two interfaces that log one flow count it twice. For each process, the 32 remote ends with
  the most bytes are kept, and the sum of all others; one that was dropped and came again stands with less than its due, the
  sum of all is right.
- **Talkers** are addresses that no bundle has, on the other end of a record that matches. The list is ordered by how many
  systems each touched; 20,000 are kept. `ports` are those of the service: the listener's, else the lower one when only
  the other is ephemeral (from 32768), else the destination's.
";
