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

/// Peak memory in kilobytes, and CPU seconds of the main thread, of the largest of Chromium's renderers that descend from
/// `ancestor`. CPU time, other than the clock on the wall, does not grow when the machine is busy with something else.
///
/// # Panics
/// When `/proc` cannot be listed.
#[must_use]
pub fn renderer(ancestor: u32) -> (f64, f64) {
    let all = all();
    let descends = |mut pid: u64| {
        // A chain of parents is short; a number that was given anew could make it a circle.
        (0..64).any(|_| {
            pid = all.get(&pid).map_or(0, |seen| seen.ppid);
            pid == u64::from(ancestor)
        })
    };
    let is_renderer = |seen: &Seen| String::from_utf8_lossy(&seen.cmdline).contains("--type=renderer");
    let peak = |pid: u64| -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    };
    let cpu = |pid: u64| -> Option<f64> {
        let stat = fs::read_to_string(format!("/proc/{pid}/task/{pid}/stat")).ok()?;
        let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
        // Clock ticks are hundredths of a second on every Linux that Chromium runs on.
        Some((fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?) / 100.0)
    };
    let renderers = all.iter().filter(|(pid, seen)| is_renderer(seen) && descends(**pid));
    let figures = renderers.filter_map(|(pid, _)| Some((peak(*pid)?, cpu(*pid)?)));
    figures.fold((0.0, 0.0), |most, each| if each.0 > most.0 { each } else { most })
}
