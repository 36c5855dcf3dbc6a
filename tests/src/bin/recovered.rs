//! Makes a large bundle out of a real one: `recovered IN OUT MEGABYTES`. This machine's programs stand in it as if they had
//! been recovered from running processes, until the file has that size.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_model::bundle::{Limits, OUTCOMES_NAME, Reader, SUMS_NAME, Writer, hex, sha256};
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufWriter, Seek as _};
use std::path::PathBuf;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, megabytes] = args.as_slice() else { panic!("IN OUT MEGABYTES") };
    let wanted = megabytes.parse::<u64>().unwrap() * 1_000_000;
    let (mut members, mut reader) =
        (Vec::new(), Reader::new(Limits { recovered: u64::MAX, ..Limits::native() }));
    reader.push(&fs::read(from).unwrap(), |member| members.push(member)).unwrap();
    reader.finish(|member| members.push(member)).unwrap();
    let file = File::create(to).unwrap();
    let mut written = file.try_clone().unwrap();
    let mut writer = Writer::new(BufWriter::new(file), 0, 6).unwrap();
    let mut known = HashSet::new();
    for member in members.iter().filter(|member| ![SUMS_NAME, OUTCOMES_NAME].contains(&&*member.name)) {
        known.insert(member.name.clone());
        writer.member(&member.name, &member.data).unwrap();
    }
    let mut count = 0;
    for program in programs() {
        if written.stream_position().unwrap() >= wanted {
            break;
        }
        let Ok(data) = fs::read(&program) else { continue };
        let name = format!("executable/{}", hex(&sha256(&data)));
        if data.starts_with(b"\x7fELF") && known.insert(name.as_str().into()) {
            writer.member(&name, &data).unwrap();
            count += 1;
        }
    }
    let outcomes = members.iter().find(|member| *member.name == *OUTCOMES_NAME).unwrap();
    writer.member(&outcomes.name, &outcomes.data).unwrap();
    writer.finish().unwrap();
    let bytes = fs::metadata(to).unwrap().len();
    assert!(bytes >= wanted, "there are too few programs here: {bytes} bytes");
    println!("{count} programs, {bytes} bytes in {to}");
}

/// Programs and libraries of this machine, always in the same order.
fn programs() -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![PathBuf::from("/usr/lib"), PathBuf::from("/usr/bin")]);
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().collect();
        entries.sort_by_key(fs::DirEntry::path);
        for entry in entries {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found
}
