//! The parsers of a process's files. The first byte chooses one, so that each seed finds its own.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_model::text::visible;
use procglass_proc::{account, cgroup, children, cmdline, fdinfo, limits, maps, mountinfo, stat, status};

fuzz_target!(|data: &[u8]| {
    let Some((which, data)) = data.split_first() else { return };
    match which % 11 {
        0 => drop(stat::parse(data)),
        1 => drop((status::parse(data), status::fields(data).count())),
        2 => drop(cmdline::strings(data).map(cmdline::variable).count()),
        3 => drop(cgroup::parse(data).count()),
        4 => drop((fdinfo::parse(data), fdinfo::target(data))),
        5 => drop(limits::parse(data).count()),
        6 => drop(maps::parse(data)),
        7 => drop(mountinfo::parse(data)),
        8 => drop(account::parse(data).count()),
        9 => assert!(!visible(data).chars().any(|char| char.is_control())),
        _ => assert!(!children::pids(data).contains(&0)),
    }
});
