//! Names of threads, which the kernel repeats in `comm`, `stat` and `status`, and which a program chooses: prctl(2),
//! `PR_SET_NAME`.

use crate::pipeline::Worker;
use procglass_model::bundle::scan::position;
use std::ops::Range;

impl Worker {
    /// Takes a secret out of the name in the buffer, which holds this file of a process or of a thread.
    pub(super) fn redact_name(&mut self, file: &str) {
        let Some(range) = name(file, &self.taker.buffer) else { return };
        let text = self.taker.buffer.get(range.clone()).unwrap_or_default();
        // Nearly no name is a setting.
        if text.contains(&b'=') || text.contains(&b':') {
            let mut plain = text.to_vec();
            self.redactor.path(&mut plain, false);
            let behind = self.taker.buffer.split_off(range.end);
            self.taker.buffer.truncate(range.start);
            self.taker.buffer.extend_from_slice(&plain);
            self.taker.buffer.extend_from_slice(&behind);
        }
    }
}

/// Where the name stands in a file, proc_pid_comm(5), proc_pid_stat(5), proc_pid_status(5). `None`: it holds no name.
fn name(file: &str, content: &[u8]) -> Option<Range<usize>> {
    match file {
        "comm" => Some(0..position(content, b'\n').unwrap_or(content.len())),
        "stat" => {
            let start = position(content, b'(')? + 1;
            let end = content.iter().rposition(|byte| *byte == b')')?;
            (start <= end).then_some(start..end)
        }
        "status" => {
            let rest = content.strip_prefix(b"Name:\t")?;
            Some(6..6 + position(rest, b'\n')?)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_their_files() {
        for (file, content) in [
            ("comm", &b"pw=a) b\n"[..]),
            ("stat", b"12 (pw=a) b) S 1"),
            ("status", b"Name:\tpw=a) b\nUmask:\t0022\n"),
        ] {
            assert_eq!(&content[name(file, content).unwrap()], b"pw=a) b", "{file}");
        }
        for (file, content) in
            [("stat", &b"12 )x("[..]), ("stat", b""), ("status", b"Umask:\t0022\n"), ("io", b"a:b")]
        {
            assert_eq!(name(file, content), None, "{file}");
        }
    }
}
