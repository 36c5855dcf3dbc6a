//! Hand-made systems and records: what is matched, how surely, and what is kept of it.

use super::*;
use bstr::BString;
use procglass_logs::{LogReader, Options, Record};
use procglass_model::Timestamp;
use procglass_snapshot::Protocol;
use procglass_systems::{
    Address, ContainerRow, Kind, ProcessRow, Proof, RowIndex, SocketRow, System, SystemIndex,
};
use std::net::IpAddr;

const HEADER: &str = "version srcaddr dstaddr srcport dstport protocol bytes packets start end action log-status pkt-srcaddr ecs-task-id flow-direction instance-id\n";

fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("2026-11-24T{text}Z")).unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// A machine that is up from 06:00 and captured at 12:00, with these addresses.
fn system(name: &str, addresses: &[&str]) -> System {
    let addresses = addresses.iter().map(|address| Address {
        address: ip(address),
        prefix: Some(24),
        interface: None,
        netns: Some(1),
        proof: Proof { member: "net/1/fib_trie".into(), excerpt: String::new() },
    });
    System {
        name: name.into(),
        kind: Kind::Host,
        boot_id: Some(format!("boot of {name}")),
        booted: Some(at("06:00:00")),
        captured: Some(at("12:00:00")),
        addresses: addresses.collect(),
        ..System::default()
    }
}

fn process(pid: u32, started: &str) -> ProcessRow {
    ProcessRow {
        pid,
        start_ticks: 0,
        started: Some(at(started)),
        name: "p".into(),
        exe: None,
        sha256: None,
        user: None,
        container: None,
        severity: None,
    }
}

fn socket(local: (&str, u16), remote: Option<(&str, u16)>, owners: &[u32]) -> SocketRow {
    SocketRow {
        protocol: Protocol::Tcp,
        netns: 1,
        inode: 9,
        local: (ip(local.0), local.1),
        remote: remote.map(|(address, port)| (ip(address), port)),
        state: if remote.is_some() { "ESTABLISHED" } else { "LISTEN" },
        listens: remote.is_none(),
        owners: owners.iter().copied().map(RowIndex).collect(),
        source: ("tcp", 2),
    }
}

/// A web server (process 0, from 06:10; a worker, process 1, from 11:00) with one connection to a client.
fn web() -> System {
    System {
        processes: vec![process(10, "06:10:00"), process(11, "11:00:00")],
        sockets: vec![
            socket(("0.0.0.0", 443), None, &[0]),
            socket(("10.0.0.1", 443), Some(("10.0.0.2", 40_000)), &[1]),
        ],
        ..system("web", &["10.0.0.1", "127.0.0.1", "169.254.0.5"])
    }
}

fn client() -> System {
    System {
        processes: vec![process(20, "07:00:00")],
        sockets: vec![socket(("10.0.0.2", 40_000), Some(("10.0.0.1", 443)), &[0])],
        ..system("client", &["10.0.0.2"])
    }
}

/// A line of a VPC flow log: both ends, when, and the rest.
fn line(source: &str, destination: &str, time: &str, rest: &str) -> String {
    let ((source, sport), (destination, dport)) =
        (source.rsplit_once(' ').unwrap(), destination.rsplit_once(' ').unwrap());
    let seconds = if time == "-" { "-".to_owned() } else { at(time).seconds().to_string() };
    let action = if rest.is_empty() { "ACCEPT OK - - - -" } else { rest };
    format!("2 {source} {destination} {sport} {dport} 6 100 2 {seconds} {seconds} {action}\n")
}

fn records(lines: &str) -> Vec<Record<BString>> {
    let mut records = Vec::new();
    let mut reader = LogReader::new(Options::default());
    reader.push(format!("{HEADER}{lines}").as_bytes(), &mut |record| records.push(record.keep()));
    let (tally, _) = reader.finish(&mut |record| records.push(record.keep()));
    assert_eq!(tally.first_bad, []);
    records
}

fn correlate(systems: &[System], lines: &str) -> Correlator {
    let mut correlator = Correlator::new(systems, 100);
    for record in records(lines) {
        correlator.record(LogIndex(0), &record.as_read());
    }
    correlator
}

/// All matches of one line: `system side strength pid?`, `?` for ambiguous ones.
fn matches(systems: &[System], line: &str) -> Vec<String> {
    let correlator = correlate(systems, line);
    let rows = correlator.rows();
    let all = rows.iter().flat_map(|row| &row.matches).map(|each| {
        let system = &systems[each.system.0 as usize];
        let pid = each.process.map(|row| format!(" {}", system.processes[row.0 as usize].pid));
        let (side, strength) = (each.side.word(), each.strength.about().name);
        let mark = if each.ambiguous { " ?" } else { "" };
        format!("{} {side} {strength}{}{mark}", system.name, pid.unwrap_or_default())
    });
    all.collect()
}

#[test]
fn both_ends_of_a_connection_in_either_direction() {
    let systems = [web(), client()];
    let there = line("10.0.0.2 40000", "10.0.0.1 443", "11:30:00", "");
    let back = line("10.0.0.1 443", "10.0.0.2 40000", "11:30:00", "");
    assert_eq!(matches(&systems, &there), ["client source five-tuple 20", "web destination five-tuple 11"]);
    assert_eq!(matches(&systems, &back), ["web source five-tuple 11", "client destination five-tuple 20"]);
}

#[test]
fn a_process_that_came_later_is_not_named() {
    let before = line("10.0.0.2 40000", "10.0.0.1 443", "10:30:00", "");
    assert_eq!(matches(&[web()], &before), ["web destination five-tuple"]);
    // Whole seconds are not exact.
    let same_second = line("10.0.0.2 40000", "10.0.0.1 443", "10:59:59", "");
    assert_eq!(matches(&[web()], &same_second), ["web destination five-tuple 11"]);
}

#[test]
fn a_listener_when_the_connection_is_gone() {
    assert_eq!(
        matches(&[web()], &line("10.0.0.9 50000", "10.0.0.1 443", "11:30:00", "")),
        ["web destination listener 10"]
    );
    // The answer of a server is a record of its own.
    assert_eq!(
        matches(&[web()], &line("10.0.0.1 443", "10.0.0.9 50000", "11:30:00", "")),
        ["web source listener 10"]
    );
    assert_eq!(
        matches(&[web()], &line("10.0.0.9 50000", "10.0.0.1 22", "11:30:00", "")),
        ["web destination address"]
    );
}

#[test]
fn a_listener_in_another_namespace_or_on_another_address_takes_nothing() {
    let mut other = web();
    other.sockets = vec![SocketRow { netns: 2, ..socket(("0.0.0.0", 443), None, &[0]) }];
    let record = line("10.0.0.9 50000", "10.0.0.1 443", "11:30:00", "");
    assert_eq!(matches(&[other.clone()], &record), ["web destination address"]);
    other.sockets = vec![socket(("127.0.0.1", 443), None, &[0])];
    assert_eq!(matches(&[other.clone()], &record), ["web destination address"]);
    other.sockets = vec![socket(("::", 443), None, &[0])];
    assert_eq!(matches(&[other], &record), ["web destination listener 10"]);
}

#[test]
fn an_address_counts_while_the_system_was_up() {
    let of = |time| matches(&[web()], &line("10.0.0.9 50000", "10.0.0.1 443", time, ""));
    assert_eq!(of("05:59:57"), ["web destination other-time"]);
    assert_eq!(of("05:59:58"), ["web destination listener"]);
    assert_eq!(of("12:10:00"), ["web destination listener 10"]);
    assert_eq!(of("12:10:01"), ["web destination other-time"]);
    assert_eq!(of("-"), ["web destination no-time"]);
    // Even the same five-tuple is another connection at another time.
    assert_eq!(
        matches(&[web()], &line("10.0.0.2 40000", "10.0.0.1 443", "20:00:00", "")),
        ["web destination other-time"]
    );
    let pod = System { kind: Kind::Pod, ..web() };
    let early = line("10.0.0.9 50000", "10.0.0.1 443", "06:05:00", "");
    assert_eq!(matches(&[pod], &early), ["web destination other-time"]);
}

#[test]
fn an_address_that_was_used_again() {
    let morning = System { captured: Some(at("09:00:00")), ..web() };
    let second = System {
        booted: Some(at("10:00:00")),
        processes: vec![],
        sockets: vec![],
        ..system("second", &["10.0.0.1"])
    };
    let both = [morning, second.clone()];
    let of = |time| matches(&both, &line("10.0.0.9 1", "10.0.0.1 443", time, ""));
    assert_eq!(of("08:00:00"), ["web destination listener 10", "second destination other-time"]);
    assert_eq!(of("11:00:00"), ["web destination other-time", "second destination address"]);
    // Both were up: neither is preferred.
    let both = [web(), second];
    assert_eq!(
        matches(&both, &line("10.0.0.9 1", "10.0.0.1 443", "11:30:00", "")),
        ["web destination listener 10 ?", "second destination address ?"]
    );
}

#[test]
fn two_bundles_of_one_network_stack_do_not_contradict_each_other() {
    let inside = System { name: "inside".into(), kind: Kind::Container, ..web() };
    let record = line("10.0.0.2 40000", "10.0.0.1 443", "11:30:00", "");
    assert_eq!(
        matches(&[web(), inside], &record),
        ["web destination five-tuple 11", "inside destination five-tuple 11"]
    );
}

#[test]
fn a_socket_with_many_holders_names_them_all() {
    let mut many = web();
    many.sockets[0].owners = vec![RowIndex(0), RowIndex(1)];
    assert_eq!(
        matches(&[many], &line("10.0.0.9 1", "10.0.0.1 443", "11:30:00", "")),
        ["web destination listener 10 ?", "web destination listener 11 ?"]
    );
}

#[test]
fn addresses_that_every_system_has_name_none() {
    for address in ["127.0.0.1", "169.254.0.5"] {
        let record = line(&format!("{address} 1"), "10.9.9.9 443", "11:30:00", "");
        assert_eq!(matches(&[web()], &record), [""; 0]);
    }
}

#[test]
fn the_packets_own_address_goes_before_the_interfaces() {
    let gateway = system("gateway", &["10.0.0.100"]);
    let systems = [gateway, client()];
    let rest = "ACCEPT OK 10.0.0.2 - - -";
    assert_eq!(
        matches(&systems, &line("10.0.0.100 40000", "10.0.0.1 443", "11:30:00", rest)),
        ["client source five-tuple 20"]
    );
    let unknown = "ACCEPT OK 10.7.7.7 - - -";
    assert_eq!(
        matches(&systems, &line("10.0.0.100 40000", "10.0.0.1 443", "11:30:00", unknown)),
        ["gateway source address"]
    );
}

#[test]
fn what_the_log_names_itself() {
    let task = |name: &str, id: &str| System { task: Some(id.into()), ..system(name, &["10.0.0.1"]) };
    let systems = [task("one", "1dc5c17a"), task("two", "2ed6d28b")];
    let of = |source, rest| matches(&systems, &line(source, "10.9.9.9 443", "20:00:00", rest));
    assert_eq!(of("10.0.0.1 5", "ACCEPT OK - 2ed6d28b - -"), ["two source named"]);
    assert_eq!(of("10.5.5.5 5", "ACCEPT OK - 2ed6d28b egress -"), ["two source named"]);
    assert_eq!(of("10.5.5.5 5", "ACCEPT OK - 2ed6d28b - -"), ["two reporter named"]);
    assert_eq!(of("10.5.5.5 5", "ACCEPT OK - 3f - -"), [""; 0]);
    let container = ContainerRow { id: "0123456789ab".into(), ..ContainerRow::default() };
    let host = System {
        instance: Some("i-0123".into()),
        containers: vec![container],
        ..system("host", &["10.0.0.1"])
    };
    assert_eq!(
        matches(&[host], &line("10.0.0.1 5", "10.9.9.9 443", "11:00:00", "ACCEPT OK - - - i-0123")),
        ["host source named"]
    );
}

#[test]
fn sums_for_each_process() {
    let lines = line("10.0.0.9 50000", "10.0.0.1 443", "11:00:00", "")
        + &line("10.0.0.1 443", "10.0.0.9 50000", "11:10:00", "")
        + &line("10.0.0.8 50000", "10.0.0.1 443", "11:20:00", "REJECT OK - - - -")
        + &line("10.0.0.8 50000", "10.0.0.1 22", "11:30:00", "");
    let correlator = correlate(&[web()], &lines);
    let seen = correlator.seen(SystemIndex(0), Some(RowIndex(0))).unwrap();
    let totals = seen.totals;
    assert_eq!((totals.records, totals.bytes_in, totals.bytes_out, totals.packets), (3, 200, 100, 6));
    assert_eq!((totals.accepted, totals.rejected), (2, 1));
    assert_eq!((totals.first, totals.last), (Some(at("11:00:00")), Some(at("11:20:00"))));
    assert_eq!(seen.by_strength, [0, 3, 0, 0, 0, 0]);
    let (remotes, others) = seen.remotes();
    let ends: Vec<_> =
        remotes.iter().map(|(end, totals)| (end.address, end.port, end.theirs, totals.records)).collect();
    assert_eq!(ends, [(ip("10.0.0.9"), Some(443), false, 2), (ip("10.0.0.8"), Some(443), false, 1)]);
    assert_eq!(others, Totals::default());
    assert_eq!(correlator.seen(SystemIndex(0), None).unwrap().totals.records, 1);
    assert_eq!(correlator.all_seen().count(), 2);
    assert_eq!((correlator.counts().records, correlator.counts().matched), (4, 4));
}

#[test]
fn talkers_that_no_bundle_explains() {
    let third = system("third", &["10.0.0.3"]);
    let systems = [web(), client(), third];
    let lines = line("10.0.9.9 50000", "10.0.0.1 443", "11:00:00", "")
        + &line("10.0.9.9 50001", "10.0.0.2 22", "11:01:00", "REJECT OK - - - -")
        + &line("10.0.9.9 50002", "10.0.0.3 22", "11:02:00", "")
        + &line("10.0.0.3 40000", "203.0.113.7 443", "11:03:00", "")
        // No talkers: a known system, a broadcast, the cloud's own services, an end that meets no system.
        + &line("10.0.0.2 40000", "10.0.0.1 443", "11:00:00", "")
        + &line("10.0.0.3 68", "10.0.0.255 67", "11:00:00", "")
        + &line("10.0.0.3 40000", "169.254.169.254 80", "11:00:00", "")
        + &line("10.7.7.7 1", "10.8.8.8 1", "11:00:00", "");
    let correlator = correlate(&systems, &lines);
    let talkers = correlator.talkers(10);
    assert_eq!((talkers.len(), correlator.talker_count()), (2, 2));
    let first = &talkers[0];
    assert_eq!((first.address, first.systems.len(), first.as_source), (ip("10.0.9.9"), 3, 3));
    assert_eq!((&first.ports[..], first.totals.rejected, first.totals.bytes_out), (&[22, 443][..], 1, 300));
    assert_eq!((talkers[1].address, talkers[1].as_source), (ip("203.0.113.7"), 0));
}

#[test]
fn memory_is_bounded_and_sums_stay_right() {
    let mut correlator = Correlator::new(&[web()], 10);
    for number in 0..50_000_u32 {
        let source = format!("172.16.{}.{} 40000", number / 256 % 256, number % 256);
        let record = &records(&line(&source, "10.0.0.1 443", "11:00:00", ""))[0];
        correlator.record(LogIndex(0), &record.as_read());
    }
    assert_eq!(correlator.rows().len(), 10);
    let seen = correlator.seen(SystemIndex(0), Some(RowIndex(0))).unwrap();
    let (remotes, others) = seen.remotes();
    assert_eq!(remotes.len(), REMOTES);
    assert_eq!(others.records + remotes.iter().map(|(_, totals)| totals.records).sum::<u64>(), 50_000);
    assert!(correlator.talkers(usize::MAX).len() <= TALKERS && correlator.talkers_were_dropped());
}
