//! Makes many systems out of one real bundle: `many IN FOLDER COUNT`. Each has a name, a boot, an address, an ECS task and a
//! snapshot id of its own, the processes of the original, and connections to two of the others.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_model::bundle::{Limits, Member, Reader, SUMS_NAME, Writer};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufWriter;
use std::net::Ipv4Addr;
use std::path::Path;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [from, folder, count] = args.as_slice() else { panic!("many IN FOLDER COUNT") };
    let count: u32 = count.parse().unwrap();
    let (mut members, mut reader) =
        (Vec::new(), Reader::new(Limits { recovered: u64::MAX, ..Limits::native() }));
    reader.push(&fs::read(from).unwrap(), |member| members.push(member)).unwrap();
    reader.finish(|member| members.push(member)).unwrap();
    fs::create_dir_all(folder).unwrap();
    for number in 0..count {
        one(&members, Path::new(folder), number, count);
    }
    let processes = members.iter().filter(|member| member.name.starts_with("process/")).count();
    println!("{count} systems of {processes} processes in {folder}");
}

/// Addresses of 10.0.0.0/8, without those that end in 0 or 255.
fn address(number: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(0x0A00_0000 + number / 250 * 256 + number % 250 + 1)
}

fn one(members: &[Member], folder: &Path, number: u32, count: u32) {
    let name = format!("task-{number:04}");
    let path = folder.join(format!("{name}.procglass.tar.gz"));
    let mut writer = Writer::new(BufWriter::new(File::create(path).unwrap()), 0, 1).unwrap();
    for member in members.iter().filter(|member| *member.name != *SUMS_NAME) {
        let parts: Vec<&str> = member.name.split('/').collect();
        let data = match parts.as_slice() {
            ["manifest.json"] => manifest(&member.data, &name, number),
            ["host", .., "boot_id"] => format!("{number:08x}-0000-4000-8000-000000000000\n").into_bytes(),
            ["host", "etc", "machine-id"] => format!("{number:032x}\n").into_bytes(),
            ["net", _, "fib_trie"] => {
                format!("Local:\n     |-- {}\n        /32 host LOCAL\n", address(number)).into_bytes()
            }
            ["net", _, "tcp"] => tcp(&member.data, number, count),
            ["identity", ..] => continue,
            _ => member.data.clone(),
        };
        writer.member(&member.name, &data).unwrap();
    }
    let task = json!({
        "Cluster": format!("cluster-{}", number % 5), "LaunchType": "FARGATE", "Family": format!("service-{}", number % 20), "Revision": "7",
        "TaskARN": format!("arn:aws:ecs:eu-west-1:{:012}:task/cluster-{}/{number:08x}{number:024x}", 111_122_220_000_u64 + u64::from(number % 10), number % 5),
        "Containers": [{"DockerId": format!("{number:032x}-{:010}", number), "Name": "app", "Image": format!("shop/service-{}:7", number % 20)}],
    });
    writer.member("identity/ecs-task.json", &serde_json::to_vec(&task).unwrap()).unwrap();
    writer.finish().unwrap();
}

/// Taken a second after the one before.
fn manifest(data: &[u8], name: &str, number: u32) -> Vec<u8> {
    let mut manifest: Value = serde_json::from_slice(data).unwrap();
    manifest["hostname"] = name.into();
    manifest["snapshot_id"] = format!("{number:032x}").into();
    manifest["started"] =
        format!("2026-11-24T{:02}:{:02}:{:02}.0Z", 6 + number / 3600, number / 60 % 60, number % 60).into();
    serde_json::to_vec(&manifest).unwrap()
}

/// A listener on 80, a connection to the next system's listener, the mirror of the one from the system before, and one to
/// the Internet.
fn tcp(data: &[u8], number: u32, count: u32) -> Vec<u8> {
    let mut table = String::from_utf8_lossy(data).into_owned();
    let hex = |address: Ipv4Addr, port: u32| format!("{:08X}:{port:04X}", address.to_bits().swap_bytes());
    let own = address(number);
    let (next, before) = (address((number + 1) % count), address((number + count - 1) % count));
    let any = Ipv4Addr::UNSPECIFIED;
    let rows = [
        (hex(any, 80), hex(any, 0), "0A"),
        (hex(own, 40_000), hex(next, 80), "01"),
        (hex(own, 80), hex(before, 40_000), "01"),
        (hex(own, 40_001), hex(Ipv4Addr::new(203, 0, 113, 7), 443), "01"),
    ];
    for (at, (local, remote, state)) in rows.iter().enumerate() {
        let _ = writeln!(
            table,
            "{at:4}: {local} {remote} {state} 00000000:00000000 00:00000000 00000000     0        0 {} 1 0000000000000000 20 4 30 10 -1",
            90_000_000 + at
        );
    }
    table.into_bytes()
}
