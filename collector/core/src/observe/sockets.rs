//! Sockets in the tables of the collector's network namespace that no visible process holds.
//!
//! The tables are read before the processes and again after them. A socket that stands in both was there all the time, so
//! a holder would have been seen. The kernel's own sockets (NFS, WireGuard) have no holder either. Where not all processes
//! can be seen, a socket without a holder means nothing, and it is said that nothing was looked for.

use super::{MOST, SOCKETS};
use crate::manifest::{own_hidepid, own_namespace};
use crate::pipeline::{Stop, Worker};
use procglass_model::bundle::{Observation, TIMED_OUT, job};
use std::os::fd::AsFd;

/// The tables, and the column of the inode.
const TABLES: &[(&str, usize)] =
    &[("tcp", 9), ("tcp6", 9), ("udp", 9), ("udp6", 9), ("raw", 9), ("raw6", 9), ("packet", 8)];

/// What is known of the sockets so far.
#[derive(Debug, Default)]
pub(crate) struct Sockets {
    /// Inodes of the first look.
    before: Vec<u64>,
    /// Inodes that some process holds.
    held: Vec<u64>,
    /// A process whose descriptors could not be read may hold any of them.
    pub(crate) blind: bool,
}

impl Sockets {
    /// A table was read.
    pub(crate) fn table(&mut self, name: &str, content: &[u8]) {
        if let Some((_, column)) = TABLES.iter().find(|(table, _)| *table == name) {
            self.before.extend(rows(content, *column).map(|(inode, _)| inode));
        }
    }

    /// A process holds these.
    pub(crate) fn hold(&mut self, inodes: &[u64]) {
        self.held.extend_from_slice(inodes);
    }

    /// Those of the first look that nobody holds, sorted.
    fn without_holder(&mut self) -> Vec<u64> {
        self.held.sort_unstable();
        let mut left = std::mem::take(&mut self.before);
        left.sort_unstable();
        left.dedup();
        left.retain(|inode| self.held.binary_search(inode).is_err());
        left
    }
}

impl Worker {
    /// Looks at the tables again.
    pub(crate) fn sockets(&mut self) -> Result<(), Stop> {
        let context = self.context.clone();
        let (left, blind) = {
            let mut found = context.found();
            (found.sockets.without_holder(), found.sockets.blind)
        };
        if let Some(why) = blindness(blind) {
            context
                .found()
                .problem("outcomes.json", &format!("sockets without an owner were not looked for: {why}"));
            return self.ended(job::SOCKETS, Some(why.into()));
        }
        if self.taker.enter(SOCKETS).is_err() {
            return self.ended(job::SOCKETS, Some(TIMED_OUT.into()));
        }
        if left.is_empty() {
            return self.ended(job::SOCKETS, None);
        }
        let mut observations = Vec::new();
        for (table, column) in TABLES {
            let path = format!("self/net/{table}");
            if self.taker.record(SOCKETS, context.proc.as_fd(), &path, 64 << 20).is_err() {
                continue;
            }
            for (inode, row) in rows(&self.taker.buffer, *column) {
                if left.binary_search(&inode).is_ok() && observations.len() < MOST {
                    observations.push(Observation {
                        kind: "socket-without-owner".into(),
                        what: format!(
                            "{table} socket {inode} stood in the table before and after, and no process that can be \
                             seen holds it; sockets of the kernel itself look the same"
                        ),
                        pid: None,
                        evidence: row.to_vec().into(),
                    });
                }
            }
        }
        context.found().observations.append(&mut observations);
        self.ended(job::SOCKETS, None)
    }
}

/// Why not every holder could be seen.
fn blindness(descriptors: bool) -> Option<&'static str> {
    /// `PROC_PID_INIT_INO` of include/linux/proc_ns.h: the first pid namespace, in which all processes have a number.
    const FIRST: u64 = 0xefff_fffc;
    if own_namespace("pid") != Some(FIRST) {
        Some("processes of other pid namespaces cannot be seen from here")
    } else if own_hidepid().is_some_and(|mode| mode != "0" && mode != "off") {
        Some("/proc is mounted with hidepid")
    } else {
        descriptors.then_some("the descriptors of some processes could not be read")
    }
}

/// The rows of a table with the inode of each. Sockets that are closing have inode 0 and never a holder.
fn rows(content: &[u8], column: usize) -> impl Iterator<Item = (u64, &[u8])> {
    content.split(|byte| *byte == b'\n').skip(1).filter_map(move |row| {
        let field = row.split(u8::is_ascii_whitespace).filter(|field| !field.is_empty()).nth(column)?;
        let inode = std::str::from_utf8(field).ok()?.parse().ok()?;
        (inode != 0).then_some((inode, row))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TCP: &[u8] = b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
        0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100\n   \
        1: 0100007F:1F91 00000000:0000 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0000000000000000 100\n   \
        2: 0100007F:1F92 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 100\n\
        short\n";

    #[test]
    fn what_nobody_holds_is_left() {
        let mut sockets = Sockets::default();
        sockets.table("tcp", TCP);
        sockets.table("unix", b"x\n0: 1 2 3 4 5 6 7 8 9\n");
        sockets.hold(&[1, 4712, 9]);
        assert_eq!(sockets.without_holder(), [4711]);
    }

    #[test]
    fn packet_sockets_have_another_column() {
        let text = b"sk RefCnt Type Proto Iface R Rmem User Inode\n00000000 3 3 0003 2 1 0 0 8015\n";
        let mut sockets = Sockets::default();
        sockets.table("packet", text);
        assert_eq!(sockets.without_holder(), [8015]);
    }
}
