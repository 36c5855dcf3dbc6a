//! Makes what correlating is measured on: `flows FOLDER BUNDLES RECORDS`. Bundles of small systems that talk to each other, and
//! VPC flow records of what they say, with what such logs have besides: scanners, services of the cloud, rejected packets,
//! records without data.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_model::bundle::{
    ByteOrder, CollectorState, Fd, FileContent, Manifest, Outcomes, ProcessRecord, Writer,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::net::Ipv4Addr;
use std::path::Path;

/// 2026-11-24T06:00:00Z: when the systems started.
const BOOT: u64 = 1_795_500_000;
/// Processes of each system.
const PROCESSES: u32 = 100;
/// Ports that each system listens on.
const LISTENING: [u16; 5] = [22, 443, 5432, 8080, 9090];
/// Connections of each system that are open when its bundle is taken.
const CONNECTIONS: u32 = 60;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, bundles, records] = args.as_slice() else { panic!("flows FOLDER BUNDLES RECORDS") };
    let (folder, bundles, records) = (Path::new(folder), bundles.parse().unwrap(), records.parse().unwrap());
    fs::create_dir_all(folder).unwrap();
    for number in 0..bundles {
        bundle(folder, number, bundles);
    }
    log(&folder.join("vpc-flow.log"), bundles, records);
    println!("{bundles} bundles and {records} records in {}", folder.display());
}

fn address(system: u32) -> Ipv4Addr {
    Ipv4Addr::new(10, 0, u8::try_from(system / 200 % 256).unwrap(), u8::try_from(system % 200 + 10).unwrap())
}

/// The connections of a system: port of its own, the other system, port there.
fn connections(system: u32, systems: u32) -> impl Iterator<Item = (u16, u32, u16)> {
    (0..CONNECTIONS).map(move |at| {
        let port = LISTENING[at as usize % LISTENING.len()];
        (u16::try_from(40_000 + at).unwrap(), (system + 1 + at * 7) % systems, port)
    })
}

fn bundle(folder: &Path, number: u32, systems: u32) {
    let path = folder.join(format!("system-{number:04}.procglass.tar.gz"));
    let mut writer = Writer::new(BufWriter::new(File::create(path).unwrap()), 0, 6).unwrap();
    writer.json_member("manifest.json", &manifest(number)).unwrap();
    let mut member = |name: &str, text: &str| writer.member(name, text.as_bytes()).unwrap();
    member("host/proc/sys/kernel/random/boot_id", &format!("00000000-0000-4000-8000-{number:012}\n"));
    member("net/1/fib_trie", &trie(address(number)));
    member("net/1/tcp", &tcp(number, systems));
    for pid in 1..=PROCESSES {
        writer.json_member(&format!("process/{pid}.json"), &process(pid)).unwrap();
    }
    let outcomes = Outcomes { complete: true, ..Outcomes::default() };
    writer.json_member("outcomes.json", &outcomes).unwrap();
    writer.finish().unwrap();
}

/// Taken six hours after the start.
fn manifest(number: u32) -> Manifest {
    Manifest {
        format: 1,
        tool: "procglass-collect".into(),
        snapshot_id: format!("{number:032x}"),
        started: "2026-11-24T12:00:00.000000000Z".into(),
        uptime_ns: Some(21_600_000_000_000),
        boot_time: Some(BOOT),
        clock_ticks: 100,
        page_size: 4096,
        byte_order: ByteOrder::Little,
        kernel: "6.18.0 #1 SMP".into(),
        architecture: "x86_64".into(),
        hostname: format!("system-{number:04}").into(),
        collector: CollectorState {
            pid: 900,
            namespaces: BTreeMap::from([("net".into(), 1)]),
            ..CollectorState::default()
        },
        ..Manifest::default()
    }
}

/// What the kernel prints for one address in a network of 16 bits.
fn trie(own: Ipv4Addr) -> String {
    format!(
        "Main:\n  +-- 10.0.0.0/16 2 0 2\n     +-- 10.0.0.0/16 2 0 2\n        |-- 10.0.0.0\n           /16 link UNICAST\n        |-- {own}\n           /32 host LOCAL\n"
    )
}

fn tcp(number: u32, systems: u32) -> String {
    let hex = |address: Ipv4Addr| format!("{:08X}", u32::from_le_bytes(address.octets()));
    let mut table = String::from(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n",
    );
    let mut row = |local: (Ipv4Addr, u16), remote: (Ipv4Addr, u16), state: u8, inode: u32| {
        let (a, b, c, d) = (hex(local.0), local.1, hex(remote.0), remote.1);
        writeln!(
            table,
            "   0: {a}:{b:04X} {c}:{d:04X} {state:02X} 00000000:00000000 00:00000000 00000000     0        0 {inode} 1 0 100 0 0 10 0"
        )
        .unwrap();
    };
    let any = Ipv4Addr::UNSPECIFIED;
    for (at, port) in (0..).zip(LISTENING) {
        row((any, port), (any, 0), 10, 1_000 + at);
    }
    for (at, (port, other, service)) in (0..).zip(connections(number, systems)) {
        row((address(number), port), (address(other), service), 1, 2_000 + at);
    }
    table
}

/// A process: the first ones listen, the next ones hold a connection each.
fn process(pid: u32) -> ProcessRecord {
    let inode = if pid <= 5 { 1_000 + pid - 1 } else { 2_000 + pid - 6 };
    let (parent, start) = (u32::from(pid > 1), 100 * pid);
    let stat = format!(
        "{pid} (worker-{pid}) S {parent} {pid} {pid} 0 -1 4194304 100 0 0 0 1 1 0 0 20 0 1 0 {start} 1000000 100 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
    );
    let cmdline = format!("/usr/bin/worker\0--number\0{pid}\0");
    let files = [("stat", stat), ("cmdline", cmdline)];
    let fd = Fd { fd: 3, target: Some(format!("socket:[{inode}]").into()), ..Fd::default() };
    ProcessRecord {
        pid,
        files: files.map(|(name, text)| (name.into(), FileContent::Inline(text.into()))).into(),
        links: [("exe", "/usr/bin/worker"), ("ns/net", "net:[1]")]
            .map(|(name, to)| (name.into(), to.into()))
            .into(),
        fds: vec![fd],
        ..ProcessRecord::default()
    }
}

/// A generator of numbers that are the same in every run: xorshift64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from(((self.0 >> 32) * u64::from(limit)) >> 32).unwrap()
    }
}

fn log(path: &Path, systems: u32, records: u64) {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    writeln!(out, "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status").unwrap();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for number in 0..records {
        // Six hours, in order.
        let start = BOOT + number * 21_600 / records;
        let own = dice.below(systems);
        let account = 123_456_780_000 + u64::from(own % 7);
        let eni = format!("eni-{:017x}", u64::from(own) * 0x9e37_79b9);
        let ephemeral = 32_768 + dice.below(28_000);
        let service = LISTENING[dice.below(5) as usize];
        let (packets, size) = (1 + dice.below(200), 40 + dice.below(1_400));
        let outside = Ipv4Addr::from_bits(0xC633_6400 + dice.below(1 << 18));
        let cloud = Ipv4Addr::from_bits(0x3400_0000 + dice.below(5_000) * 977);
        let here = address(own);
        let (source, sport, destination, dport, action) = match dice.below(100) {
            // Between systems: open connections, connections that are over, and the answers to both.
            0..20 => {
                let (port, other, service) =
                    connections(own, systems).nth(dice.below(CONNECTIONS) as usize).unwrap();
                (here, u32::from(port), address(other), u32::from(service), "ACCEPT")
            }
            20..40 => (here, ephemeral, address(dice.below(systems)), service.into(), "ACCEPT"),
            40..60 => (here, service.into(), address(dice.below(systems)), ephemeral, "ACCEPT"),
            // To services of the cloud, and back.
            60..72 => (here, ephemeral, cloud, 443, "ACCEPT"),
            72..84 => (cloud, 443, here, ephemeral, "ACCEPT"),
            // From the Internet.
            84..88 => (outside, ephemeral, here, 443, "ACCEPT"),
            88..98 => (outside, ephemeral, here, dice.below(65_536), "REJECT"),
            // Other interfaces of the account, of which there is no bundle.
            98 => {
                (Ipv4Addr::new(10, 1, 0, 9), ephemeral, Ipv4Addr::new(10, 1, 0, 10), service.into(), "ACCEPT")
            }
            _ => {
                writeln!(out, "2 {account} {eni} - - - - - - - {start} {} - NODATA", start + 60).unwrap();
                continue;
            }
        };
        let (bytes, end) = (packets * size, start + 5 + u64::from(dice.below(55)));
        writeln!(out, "2 {account} {eni} {source} {destination} {sport} {dport} 6 {packets} {bytes} {start} {end} {action} OK").unwrap();
    }
    out.flush().unwrap();
}
