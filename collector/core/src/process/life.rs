//! The few numbers of `stat` that decide how the rest is read, proc_pid_stat(5).

/// `PF_KTHREAD` of include/linux/sched.h.
const PF_KTHREAD: u64 = 0x0020_0000;

/// What kind of process it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Life {
    /// `stat` could be read.
    pub(super) known: bool,
    /// Field 22.
    pub(super) start_time: Option<u64>,
    /// A thread of the kernel, by field 9.
    pub(super) kernel: bool,
    /// It has ended and waits for its parent, by field 3.
    pub(super) zombie: bool,
    /// Field 20.
    pub(super) threads: u64,
    /// It ended while it was read.
    pub(super) gone: bool,
}

impl Life {
    /// Reads the numbers after the last `)`: the name before it may hold anything.
    pub(super) fn parse(stat: &[u8]) -> Self {
        let after = stat.iter().rposition(|byte| *byte == b')').map_or(0, |at| at + 1);
        let mut fields =
            stat.get(after..).unwrap_or_default().split(u8::is_ascii_whitespace).filter(|f| !f.is_empty());
        let state = fields.next();
        // Field 3 is gone, so field n is now at n - 4.
        let mut skipped = 4;
        let mut field = |number: usize| {
            let found = fields.nth(number - skipped);
            skipped = number + 1;
            std::str::from_utf8(found?).ok()?.parse::<u64>().ok()
        };
        let flags = field(9);
        let threads = field(20);
        Self {
            known: true,
            kernel: flags.is_some_and(|flags| flags & PF_KTHREAD != 0),
            zombie: matches!(state, Some(b"Z" | b"X" | b"x")),
            threads: threads.unwrap_or(0),
            start_time: field(22),
            gone: false,
        }
    }

    /// The leader has ended and its threads go on.
    pub(super) fn headless(self) -> bool {
        self.zombie && self.threads > 1
    }

    /// No address space, so nothing that is kept in one.
    pub(super) fn no_memory(self) -> bool {
        self.kernel || self.zombie
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAIL: &str = "3 7 7 0 -1 4194304 113 0 0 0 0 0 0 0 20 0 4 0 987654 8192 100";

    #[test]
    fn names_do_not_confuse() {
        for name in ["sleep", "a) S 1 1 1 0 -1) Z 9", "", "x\n8 (y", "((("] {
            let life = Life::parse(format!("7 ({name}) S {TAIL}\n").as_bytes());
            assert_eq!((life.start_time, life.threads), (Some(987_654), 4), "{name}");
            assert!(life.known && !life.zombie && !life.kernel && !life.no_memory());
        }
    }

    #[test]
    fn kinds() {
        let kernel = Life::parse(b"2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0");
        assert!(kernel.kernel && kernel.no_memory());
        assert!(Life::parse(format!("7 (x) Z {TAIL}").as_bytes()).zombie);
    }

    #[test]
    fn short_and_strange_content_is_survived() {
        for text in [&b""[..], b")", b"7 (x", b"7 (x) S", b"7 (x) S \xff \xff", b"7 (x) S 1 2 3 4 5 -6"] {
            let life = Life::parse(text);
            assert!(life.start_time.is_none() && !life.kernel, "{}", text.escape_ascii());
        }
    }
}
