//! `/proc`, read in the plainest way, to compare with.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;

/// What `/proc` says of one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Parent.
    pub ppid: u64,
    /// `comm` without its newline.
    pub name: Vec<u8>,
    /// Start, clock ticks after boot.
    pub start_ticks: u64,
    /// Target of `exe`, if it has one that may be read.
    pub exe: Option<Vec<u8>>,
    /// Arguments as they are.
    pub cmdline: Vec<u8>,
}

/// Every process that is there now.
///
/// # Panics
/// When `/proc` cannot be listed.
#[must_use]
pub fn all() -> BTreeMap<u64, Seen> {
    let pids =
        fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter_map(|pid| Some((pid, one(pid)?))).collect()
}

fn one(pid: u64) -> Option<Seen> {
    let read = |name: &str| fs::read(format!("/proc/{pid}/{name}")).ok();
    let stat = read("stat")?;
    let end = stat.iter().rposition(|byte| *byte == b')')?;
    let rest = String::from_utf8(stat[end + 2..].to_vec()).ok()?;
    let fields: Vec<&str> = rest.split(' ').collect();
    let mut name = read("comm")?;
    name.pop();
    Some(Seen {
        ppid: fields[1].parse().ok()?,
        start_ticks: fields[19].parse().ok()?,
        exe: fs::read_link(format!("/proc/{pid}/exe")).ok().map(|path| path.into_os_string().into_vec()),
        cmdline: read("cmdline")?,
        name,
    })
}

/// Boot time of `/proc/stat`, seconds since the epoch.
///
/// # Panics
/// When it has none.
#[must_use]
pub fn boot_seconds() -> u64 {
    let stat = fs::read_to_string("/proc/stat").unwrap();
    let line = stat.lines().find_map(|line| line.strip_prefix("btime ")).unwrap();
    line.trim().parse().unwrap()
}
