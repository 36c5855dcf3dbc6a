//! Makes a large bundle out of a real one: `multiply IN OUT TIMES`. Every process is there so many times, each time with other
//! pids, start times and inodes, below the same first process, so that trees, owners and joins stay what they were.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_model::bundle::{Limits, Member, Reader, SUMS_NAME, Writer};
use serde_json::Value;
use std::fs::{self, File};
use std::io::BufWriter;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, times] = args.as_slice() else { panic!("multiply IN OUT TIMES") };
    let (mut members, mut reader) =
        (Vec::new(), Reader::new(Limits { recovered: u64::MAX, ..Limits::native() }));
    reader.push(&fs::read(from).unwrap(), |member| members.push(member)).unwrap();
    reader.finish(|member| members.push(member)).unwrap();
    let mut writer = Writer::new(BufWriter::new(File::create(to).unwrap()), 0, 6).unwrap();
    let mut processes = 0;
    for member in members.iter().filter(|member| *member.name != *SUMS_NAME) {
        if member.name.starts_with("process/") {
            continue;
        }
        let data = match member.name.split('/').collect::<Vec<_>>().as_slice() {
            ["net", _, "tcp" | "tcp6" | "udp" | "udp6" | "unix"] => table(member, times.parse().unwrap()),
            _ => member.data.clone(),
        };
        // The outcomes stand last.
        if &*member.name != "outcomes.json" {
            writer.member(&member.name, &data).unwrap();
        }
    }
    for time in 0..times.parse().unwrap() {
        for member in members.iter().filter(|member| member.name.starts_with("process/")) {
            let Some((name, data)) = process(member, time) else { continue };
            writer.member(&name, &data).unwrap();
            processes += 1;
        }
    }
    let outcomes = members.iter().find(|member| &*member.name == "outcomes.json").unwrap();
    writer.member(&outcomes.name, &outcomes.data).unwrap();
    writer.finish().unwrap();
    println!("{processes} processes in {to}");
}

/// How far the numbers of one copy are from those of the next. Pids of a 64-bit kernel reach 4,194,304.
const PIDS: u64 = 40_000;
const INODES: u64 = 100_000_000;

/// The process of one copy; the first process is there once, and is the parent of every copy's first ones.
fn process(member: &Member, time: u64) -> Option<(String, Vec<u8>)> {
    let mut record: Value = serde_json::from_slice(&member.data).unwrap();
    let pid = record["pid"].as_u64().unwrap();
    if time == 0 {
        return Some((member.name.to_string(), member.data.clone()));
    }
    if pid == 1 {
        return None;
    }
    let moved = |pid: u64| if pid > 1 { pid + time * PIDS } else { pid };
    // A hole of a template is relative to the bases, of which the pid is one: it moves along.
    let number = |text: &str| text.parse().map_or_else(|_| text.to_owned(), |pid| moved(pid).to_string());
    record["pid"] = moved(pid).into();
    for base in record["bases"].as_array_mut().into_iter().flatten() {
        if base.as_str().is_some_and(|digits| u64::from_str_radix(digits, 16) == Ok(pid)) {
            *base = format!("{:x}", moved(pid)).into();
        }
    }
    if let Some(stat) = text(&mut record["files"]["stat"]) {
        let end = stat.rfind(')').unwrap() + 2;
        let (head, tail) = stat.split_at(end);
        let mut fields: Vec<String> = tail.split(' ').map(ToOwned::to_owned).collect();
        // Parent, group and session, behind the state.
        for field in &mut fields[1..4] {
            *field = number(field);
        }
        let (own, name) = head.split_once(' ').unwrap();
        *stat = format!("{} {name}{}", number(own), fields.join(" "));
    }
    if let Some(status) = text(&mut record["files"]["status"]) {
        let line = |line: &str| match line.split_once(":\t") {
            Some((key @ ("Tgid" | "Pid" | "PPid"), value)) => {
                format!("{key}:\t{}", number(value))
            }
            _ => line.to_owned(),
        };
        *status = status.lines().map(line).collect::<Vec<_>>().join("\n") + "\n";
    }
    for fd in record["fds"].as_array_mut().into_iter().flatten() {
        if let Some(target) = fd["target"].as_str().map(|target| link(target, time)) {
            fd["target"] = target.into();
        }
    }
    Some((format!("process/{}.json", moved(pid)), serde_json::to_vec(&record).unwrap()))
}

/// The text of a file, in whichever of its forms it is.
fn text(value: &mut Value) -> Option<&mut String> {
    let value = if value.is_object() { value.get_mut("relative")? } else { value };
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// `socket:[5]` and `pipe:[5]` of another copy.
fn link(target: &str, time: u64) -> String {
    let inode = target.strip_suffix(']').and_then(|rest| rest.split_once(":["));
    match inode.and_then(|(kind, inode)| Some((kind, inode.parse::<u64>().ok()?))) {
        Some((kind @ ("socket" | "pipe"), inode)) => format!("{kind}:[{}]", inode + time * INODES),
        _ => target.to_owned(),
    }
}

/// Every row so many times, with the inodes of each copy.
fn table(member: &Member, times: u64) -> Vec<u8> {
    let text = String::from_utf8_lossy(&member.data).into_owned();
    let at = if member.name.ends_with("unix") { 6 } else { 9 };
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        for time in 0..if number == 0 { 1 } else { times } {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let inode =
                fields.get(at).and_then(|field| field.parse::<u64>().ok()).filter(|inode| *inode != 0);
            match inode {
                Some(inode) if time > 0 => {
                    let moved = (inode + time * INODES).to_string();
                    let fields: Vec<&str> = fields
                        .iter()
                        .enumerate()
                        .map(|(n, field)| if n == at { moved.as_str() } else { field })
                        .collect();
                    out.push_str(&fields.join(" "));
                }
                _ => out.push_str(line),
            }
            out.push('\n');
        }
    }
    out.into_bytes()
}
