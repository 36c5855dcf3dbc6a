//! `/proc/<pid>/stat`: one line of numbers around a name that may hold anything, proc_pid_stat(5).

use crate::ParseError;
use crate::error::{number, words};
use bstr::BString;

/// `PF_KTHREAD` of include/linux/sched.h in [`Stat::flags`].
pub const PF_KTHREAD: u32 = 0x0020_0000;

/// The fields of `stat` that questions are asked about, under the names of proc_pid_stat(5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// Field 1.
    pub pid: u32,
    /// Field 2 without its parentheses: any bytes but NUL, chosen by the process.
    pub comm: BString,
    /// Field 3: one letter, such as `R`, `S`, `Z`.
    pub state: u8,
    /// Field 4. 0 for the first process of a pid namespace and for kernel threads' root.
    pub ppid: u32,
    /// Field 5: process group.
    pub pgrp: i32,
    /// Field 6: session id.
    pub session: i32,
    /// Field 7: device number of the controlling terminal, 0 for none.
    pub tty_nr: i32,
    /// Field 9: `PF_*` of include/linux/sched.h.
    pub flags: u32,
    /// Field 14: user time, clock ticks.
    pub utime: u64,
    /// Field 15: kernel time, clock ticks.
    pub stime: u64,
    /// Field 19.
    pub nice: i32,
    /// Field 20.
    pub num_threads: u32,
    /// Field 22: clock ticks after boot.
    pub starttime: u64,
    /// Field 23: bytes.
    pub vsize: u64,
    /// Field 24: pages.
    pub rss: i64,
    /// Field 26: the address where the text begins; 0 where not permitted.
    pub startcode: u64,
    /// How many fields there were: 52 since Linux 3.5, 44 on 2.6.32.
    pub fields: usize,
}

/// Parses `stat`.
///
/// # Errors
/// When the pid, the parentheses, or a field up to the start time is missing or no number.
pub fn parse(bytes: &[u8]) -> Result<Stat, ParseError> {
    let open = bytes.iter().position(|byte| *byte == b'(').ok_or(ParseError::new("stat: no `(`"))?;
    // The name may hold `)`: only the last one ends it.
    let close = bytes.iter().rposition(|byte| *byte == b')').filter(|close| *close > open);
    let close = close.ok_or(ParseError::new("stat: no `)`"))?;
    let head = bytes.get(..open).unwrap_or_default().trim_ascii();
    let mut stat = Stat {
        pid: number(head).ok_or(ParseError::new("stat: pid"))?,
        comm: bytes.get(open + 1..close).unwrap_or_default().into(),
        fields: 2,
        ..Stat::default()
    };
    for word in words(bytes.get(close + 1..).unwrap_or_default()) {
        stat.fields += 1;
        stat.set(stat.fields, word)?;
    }
    // Field 22 is the last that identifies; 2.6 kernels have more, none has fewer.
    if stat.fields < 22 { Err(ParseError::new("stat: fewer than 22 fields")) } else { Ok(stat) }
}

impl Stat {
    fn set(&mut self, field: usize, word: &[u8]) -> Result<(), ParseError> {
        fn to<T: std::str::FromStr + TryFrom<u64>>(
            into: &mut T,
            word: &[u8],
            what: &'static str,
        ) -> Result<(), ParseError> {
            *into = number(word).ok_or(ParseError::new(what))?;
            Ok(())
        }
        match field {
            3 => self.state = word.first().copied().unwrap_or(b'?'),
            4 => to(&mut self.ppid, word, "stat: ppid")?,
            5 => to(&mut self.pgrp, word, "stat: pgrp")?,
            6 => to(&mut self.session, word, "stat: session")?,
            7 => to(&mut self.tty_nr, word, "stat: tty_nr")?,
            9 => to(&mut self.flags, word, "stat: flags")?,
            14 => to(&mut self.utime, word, "stat: utime")?,
            15 => to(&mut self.stime, word, "stat: stime")?,
            19 => to(&mut self.nice, word, "stat: nice")?,
            20 => to(&mut self.num_threads, word, "stat: num_threads")?,
            22 => to(&mut self.starttime, word, "stat: starttime")?,
            23 => to(&mut self.vsize, word, "stat: vsize")?,
            24 => to(&mut self.rss, word, "stat: rss")?,
            26 => to(&mut self.startcode, word, "stat: startcode")?,
            _ => {}
        }
        Ok(())
    }

    /// Whether the kernel runs it without an address space of its own.
    #[must_use]
    pub fn is_kernel_thread(&self) -> bool {
        self.flags & PF_KTHREAD != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const REST: &str =
        "S 7 8 9 1025 -1 4194560 1 2 3 4 50 60 0 0 20 -5 3 0 12345 8192 77 18446744073709551615 4096 1";

    fn line(comm: &[u8]) -> Vec<u8> {
        [b"812 (", comm, b") ", REST.as_bytes(), b"\n"].concat()
    }

    #[test]
    fn fields_are_where_the_manual_says() {
        let stat = parse(&line(b"sh")).unwrap();
        assert_eq!((stat.pid, stat.ppid, stat.pgrp, stat.session, stat.tty_nr), (812, 7, 8, 9, 1025));
        assert_eq!((stat.utime, stat.stime, stat.nice, stat.num_threads), (50, 60, -5, 3));
        assert_eq!((stat.starttime, stat.vsize, stat.rss, stat.startcode), (12345, 8192, 77, 4096));
        assert_eq!((stat.state, stat.fields, stat.is_kernel_thread()), (b'S', 27, false));
    }

    #[test]
    fn names_may_hold_anything() {
        for name in [&b"a) (b c"[..], b"x) S 1 1 1 0 -1", b"evil\nName:\troot", b"", b"\xff\xfe", b"((("] {
            let stat = parse(&line(name)).unwrap();
            assert_eq!((stat.comm.as_slice(), stat.ppid), (name, 7));
        }
    }

    #[test]
    fn what_is_no_stat_is_refused() {
        for bad in [&b""[..], b"1 sh S 1", b"1 )sh( S 1", b"1 (sh) S 1 1", b"x (sh) S"] {
            assert!(parse(bad).is_err(), "{}", bad.escape_ascii());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }

        #[test]
        fn any_name_comes_back(name in prop::collection::vec(1..=255u8, 0..20)) {
            let stat = parse(&line(&name)).unwrap();
            prop_assert_eq!(stat.comm.as_slice(), &name[..]);
        }
    }
}
