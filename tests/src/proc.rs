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

/// The largest peak memory, in kilobytes, of Chromium's renderers that descend from `ancestor`.
///
/// # Panics
/// When `/proc` cannot be listed.
#[must_use]
pub fn peak_of_renderers(ancestor: u32) -> f64 {
    let all = all();
    let descends = |mut pid: u64| {
        // A chain of parents is short; a number that was given anew could make it a circle.
        (0..64).any(|_| {
            pid = all.get(&pid).map_or(0, |seen| seen.ppid);
            pid == u64::from(ancestor)
        })
    };
    let renderer = |seen: &Seen| String::from_utf8_lossy(&seen.cmdline).contains("--type=renderer");
    let peak = |pid: u64| -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    };
    let renderers = all.iter().filter(|(pid, seen)| renderer(seen) && descends(**pid));
    renderers.filter_map(|(pid, _)| peak(*pid)).fold(0.0, f64::max)
}
