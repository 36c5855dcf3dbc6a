//! The parsers of a network namespace's tables: every line after the header is a row or a problem.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_model::bundle::ByteOrder;
use procglass_proc::{net_inet, net_other, net_unix};

fuzz_target!(|data: &[u8]| {
    let Some((which, data)) = data.split_first() else { return };
    let lines = data.strip_suffix(b"\n").unwrap_or(data).split(|byte| *byte == b'\n');
    let lines = lines.skip(1).filter(|line| !line.is_empty()).count();
    let seen = |rows: usize, problems: usize| rows + problems;
    let seen = match which % 7 {
        0 => {
            let (rows, problems) = net_inet::parse(data, ByteOrder::Little);
            seen(rows.len(), problems.len())
        }
        1 => {
            let (rows, problems) = net_inet::parse(data, ByteOrder::Big);
            seen(rows.len(), problems.len())
        }
        2 => {
            let (rows, problems) = net_unix::parse(data);
            seen(rows.len(), problems.len())
        }
        3 => {
            let (rows, problems) = net_other::packet(data);
            seen(rows.len(), problems.len())
        }
        4 => {
            let (rows, problems) = net_other::netlink(data);
            seen(rows.len(), problems.len())
        }
        which => {
            let (rows, problems) = net_other::sctp(data, which == 5);
            seen(rows.len(), problems.len())
        }
    };
    // A first line that is empty is no header, so one line more may count.
    assert!(seen == lines || seen + 1 == lines, "{seen} of {lines}");
});
