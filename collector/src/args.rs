//! The command line as typed. [`options`](crate::options) says what it means.

use crate::list;
use crate::options::{Environ, Identity, Options, Recover};
use clap::Parser;
use clap::error::ErrorKind;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Copy the volatile state of this system out of /proc into one bundle.
///
/// Reads every process, the socket tables of every network namespace and the files that explain them, and writes one
/// compressed file that `procglass` and the viewer open. Nothing else on the system is changed and nothing is sent
/// anywhere. Run it as root to see everything; without root it takes what it may and notes the rest.
#[derive(Debug, Parser)]
#[command(name = "procglass-collect", version, max_term_width = 100, after_help = AFTER)]
pub(crate) struct Typed {
    /// Write the bundle here; `-` is standard output [default: HOSTNAME-TIME.procglass.tar.gz here]
    #[arg(short, long, value_name = "FILE")]
    output: Option<OsString>,
    /// Write text that survives a terminal: base64 between two marker lines
    #[arg(long)]
    armor: bool,
    /// Read DIR/proc, DIR/etc, ... instead of /proc, /etc, ...: a host's file system mounted in a container
    #[arg(long, value_name = "DIR", default_value = "/")]
    root: PathBuf,
    /// Collect only this process, and its namespaces; may be repeated
    #[arg(long, value_name = "PID")]
    pid: Vec<u32>,
    /// What to keep of environments and of secrets in command lines
    #[arg(long, value_name = "MODE", value_enum, default_value_t = Environ::Redacted)]
    environ: Environ,
    /// Which programs and open files to copy into the bundle, up to 64 MiB each and 256 MiB in all
    #[arg(long, value_name = "WHICH", value_enum, default_value_t = Recover::Deleted)]
    recover: Recover,
    /// Also read what makes the kernel walk page tables (smaps, smaps_rollup, sched)
    #[arg(long)]
    costly: bool,
    /// Ask the metadata services of ECS and EC2 where this system is, never for credentials
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Identity::Auto)]
    identity: Identity,
    /// Case id for the manifest
    #[arg(long, value_name = "ID")]
    case: Option<String>,
    /// Name of the person who collects, for the manifest
    #[arg(long, value_name = "NAME")]
    operator: Option<String>,
    /// Free text for the manifest
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// End the bundle properly before it is larger than this; K, M and G may follow the number
    #[arg(long, value_name = "N", value_parser = bytes)]
    max_bytes: Option<u64>,
    /// Give up a read that hangs, and only that read, after this time
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    timeout: Duration,
    /// Say nothing unless something goes wrong
    #[arg(short, long)]
    quiet: bool,
    /// Print what is collected, and why, and end
    #[arg(long)]
    list: bool,
}

const AFTER: &str = "\
Exit status: 0 done; 1 nothing was written; 2 wrong usage; 3 done, but a limit was hit or it was interrupted. What the \
kernel refuses to show is noted in the bundle and is no failure.

  procglass-collect                      a bundle in this directory
  procglass-collect -o - | ssh vault 'cat > web1.procglass.tar.gz'
  procglass-collect -o - --armor         text to copy from a terminal";

/// A number of bytes with an optional unit.
fn bytes(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (text.get(..at), 10),
        Some((at, 'm' | 'M')) => (text.get(..at), 20),
        Some((at, 'g' | 'G')) => (text.get(..at), 30),
        _ => (Some(text), 0),
    };
    digits
        .and_then(|digits| digits.parse::<u64>().ok())
        .and_then(|number| number.checked_mul(1 << shift))
        .ok_or_else(|| "give a number of bytes, as 500000, 64K, 20M or 1G".into())
}

/// A time above 0, to a thousandth. By hand, since the standard library's numbers with a point would be 20 KB of the
/// program.
fn seconds(text: &str) -> Result<Duration, String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let millis = format!("{part:0<3}").get(..3).and_then(|part| part.parse().ok());
    let time = whole
        .parse()
        .ok()
        .zip(millis)
        .map(|(whole, millis)| Duration::from_secs(whole) + Duration::from_millis(millis));
    // More than a day is a mistake, and would overflow sums of times.
    let right =
        |time: &Duration| digits(whole) && digits(part) && !time.is_zero() && time.as_secs() <= 86_400;
    time.filter(right).ok_or_else(|| "give a number of seconds above 0, as 10 or 0.5".into())
}

/// Reads the command line. `Err` carries the exit status when there is nothing to run.
pub(crate) fn read() -> Result<Options, ExitCode> {
    let typed = Typed::try_parse().map_err(|error| {
        // Help and version are answers, not mistakes; a reader that has gone away is neither.
        let _ = error.print();
        match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
            _ => ExitCode::from(2),
        }
    })?;
    if typed.list {
        return Err(list::print());
    }
    Ok(typed.meant())
}

impl Typed {
    fn meant(self) -> Options {
        Options {
            output: self.output.map(Into::into),
            armor: self.armor,
            root: self.root,
            pids: self.pid,
            environ: self.environ,
            recover: self.recover,
            costly: self.costly,
            identity: self.identity,
            case: self.case,
            operator: self.operator,
            note: self.note,
            max_bytes: self.max_bytes,
            timeout: self.timeout,
            quiet: self.quiet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, String> {
        let typed = Typed::try_parse_from([&["procglass-collect"], arguments].concat());
        typed.map(Typed::meant).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_typed_is_meant() {
        let plain = parse(&[]).unwrap();
        assert_eq!(plain.environ, Environ::Redacted);
        assert_eq!(plain.output, None);
        let all = parse(&[
            "-o",
            "-",
            "--armor",
            "--root",
            "/host",
            "--pid",
            "1",
            "--pid",
            "7",
            "--environ",
            "keys",
            "--max-bytes",
            "20M",
            "--timeout",
            "0.5",
            "--case",
            "C-1",
        ])
        .unwrap();
        assert_eq!((all.pids.as_slice(), all.environ), (&[1, 7][..], Environ::Keys));
        assert_eq!(all.max_bytes, Some(20 << 20));
        assert_eq!(all.timeout.as_millis(), 500);
        assert_eq!(all.output, Some("-".into()));
    }

    #[test]
    fn wrong_values_are_named() {
        for (arguments, word) in [
            (&["--max-bytes", "many"][..], "bytes"),
            (&["--max-bytes", "99999999999G"], "bytes"),
            (&["--timeout", "0"], "seconds"),
            (&["--timeout=-1"], "seconds"),
            (&["--timeout", "1e9"], "seconds"),
            (&["--timeout", "99999999999999999999"], "seconds"),
            (&["--timeout", "0.5.5"], "seconds"),
            (&["--timeout", "."], "seconds"),
            (&["--environ", "some"], "environ"),
            (&["--pid", "self"], "pid"),
        ] {
            let error = parse(arguments).unwrap_err();
            assert!(error.contains(word), "{arguments:?}: {error}");
        }
    }

    #[test]
    fn the_definition_is_sound() {
        use clap::CommandFactory as _;
        Typed::command().debug_assert();
    }
}
