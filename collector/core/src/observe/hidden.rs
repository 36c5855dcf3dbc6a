//! Processes that answer by their number but are not in the list: what a kernel rootkit that hides entries of `/proc`
//! forgets. A process that was started or ended between two looks is none, so each find is looked at again.

use super::{HIDDEN, MOST, OTHER_NUMBERS};
use crate::pipeline::{Stop, Worker};
use crate::sys;
use procglass_model::bundle::{Observation, TIMED_OUT, job};
use rustix::io::Errno;
use rustix::process::{Pid, getpid, test_kill_process};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

/// Numbers go up to 4 million; asking for each takes half a second.
const LIMIT: Duration = Duration::from_secs(5);
/// Numbers that may be given out while we look.
const SLACK: u32 = 1000;
/// Between two looks at the clock.
const STRIDE: u32 = 4096;
/// Looks after the first find.
const AGAIN: usize = 3;

impl Worker {
    /// Looks for hidden processes.
    pub(crate) fn hidden(&mut self) -> Result<(), Stop> {
        let context = self.context.clone();
        // Signals go by the numbers of this program's own namespace, which must be those of the /proc that is read.
        let same = context.real && sys::own_pid(&context.proc) == Some(getpid());
        if !same {
            return self.ended(job::HIDDEN, Some(OTHER_NUMBERS.into()));
        }
        if self.taker.enter(HIDDEN).is_err() {
            return self.ended(job::HIDDEN, Some(TIMED_OUT.into()));
        }
        let Some(mut listed) = self.listed() else {
            return self.ended(job::HIDDEN, Some("/proc could not be listed again".into()));
        };
        let most = self.highest();
        let (mut suspects, began, mut reached) = (Vec::new(), Instant::now(), most);
        for pid in 1..=most {
            if pid % STRIDE == 0 {
                self.taker.idle();
                if began.elapsed() > LIMIT {
                    reached = pid;
                    break;
                }
            }
            if answers(pid) && listed.binary_search(&pid).is_err() {
                suspects.push(pid);
            }
        }
        // Nearly all suspects are threads, which answer and are never listed: no limit before they are out.
        suspects.retain(|pid| self.leads(*pid).is_some());
        for _ in 0..AGAIN {
            if suspects.is_empty() {
                break;
            }
            self.taker.idle();
            std::thread::sleep(Duration::from_millis(20));
            listed = self.listed().unwrap_or(listed);
            suspects.retain(|pid| {
                answers(*pid) && listed.binary_search(pid).is_err() && self.leads(*pid).is_some()
            });
        }
        let mut found = context.found();
        if reached < most {
            let what = format!("looked for up to number {reached} of {most}");
            found.problem("outcomes.json", &format!("hidden processes were {what}"));
            found.fail(job::HIDDEN, what);
        }
        for pid in suspects.into_iter().take(MOST) {
            found.observations.push(Observation {
                kind: "hidden-process".into(),
                what: format!(
                    "process {pid} answers by its number but is not in the list of /proc, at {AGAIN} looks"
                ),
                pid: Some(pid),
                evidence: self.leads(pid).unwrap_or_default().into(),
            });
        }
        drop(found);
        self.unlisted_children();
        if reached < most { Ok(()) } else { self.ended(job::HIDDEN, None) }
    }

    pub(super) fn listed(&mut self) -> Option<Vec<u32>> {
        let mut listed = Vec::new();
        sys::numbers(&self.context.proc, ".", |pid| listed.push(pid)).ok()?;
        listed.sort_unstable();
        Some(listed)
    }

    /// The highest number that a process can have. `pid_max` is often 4 million, but numbers are given out in order: where
    /// fewer processes were started since boot than there are numbers, none is higher than the last one.
    fn highest(&mut self) -> u32 {
        let most = self.word("sys/kernel/pid_max", |text| text.trim().parse().ok()).unwrap_or(32_768);
        let started = self.word("stat", |text| {
            text.lines().find_map(|line| line.strip_prefix("processes "))?.trim().parse::<u64>().ok()
        });
        let last = self.word("loadavg", |text| text.split_whitespace().last()?.parse::<u32>().ok());
        highest(most, started, last)
    }

    fn word<T>(&mut self, path: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.taker.file(HIDDEN, self.context.proc.as_fd(), path, 1 << 20).ok()?;
        parse(&String::from_utf8_lossy(&self.taker.buffer))
    }

    /// The status of a process, when it is one and no thread of another: its own `Tgid`.
    fn leads(&mut self, pid: u32) -> Option<Vec<u8>> {
        let path = format!("{pid}/status");
        match sys::open_file(&self.context.proc, &path) {
            Ok(file) => {
                let mut status = Vec::new();
                sys::read_capped(&file, 64 << 10, &mut status).ok()?;
                let group =
                    status.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"Tgid:\t"))?;
                (group == pid.to_string().as_bytes()).then_some(status)
            }
            // hidepid hides other users' processes from everybody, which says nothing of them.
            Err(_) => None,
        }
    }
}

fn highest(most: u32, started: Option<u64>, last: Option<u32>) -> u32 {
    match (started, last) {
        (Some(started), Some(last)) if started < u64::from(most) => last.saturating_add(SLACK).min(most),
        _ => most,
    }
}

/// Whether a process or thread of this number exists, kill(2).
fn answers(pid: u32) -> bool {
    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else { return false };
    matches!(test_kill_process(pid), Ok(()) | Err(Errno::PERM))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_looked_at_than_can_be() {
        assert_eq!(highest(4_194_304, Some(50_000), Some(51_000)), 52_000);
        assert_eq!(highest(32_768, Some(50_000), Some(100)), 32_768, "numbers went round");
        assert_eq!(highest(32_768, Some(30_000), Some(32_700)), 32_768);
        assert_eq!(highest(32_768, None, Some(7)), 32_768);
    }

    #[test]
    fn those_who_live_answer() {
        assert!(answers(std::process::id()));
        assert!(!answers(0) && !answers(u32::MAX) && !answers(i32::MAX.unsigned_abs()));
    }
}
