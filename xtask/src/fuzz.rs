//! Fuzzing every parser for a while, from seeds that real systems gave.

use crate::error::{Result, failure};
use crate::files;
use crate::sh::{Run, ask, cargo};
use std::fs;
use std::path::Path;

/// The targets of `fuzz/Cargo.toml`.
const TARGETS: [&str; 8] = ["bundle", "armor", "record", "process", "net", "query", "seal", "flow"];

/// Files of `/proc/<pid>` and the number by which the target `process` knows each.
const PROCESS: [(&str, u8); 8] = [
    ("stat", 0),
    ("status", 1),
    ("cmdline", 2),
    ("environ", 2),
    ("cgroup", 3),
    ("limits", 5),
    ("maps", 6),
    ("mountinfo", 7),
];
/// Tables of `/proc/net` and the number by which the target `net` knows each.
const NET: [(&str, u8); 8] = [
    ("tcp", 0),
    ("tcp6", 0),
    ("udp", 0),
    ("udp6", 0),
    ("raw", 0),
    ("unix", 2),
    ("packet", 3),
    ("netlink", 4),
];

/// Folders of the corpus with logs, which the target `flow` reads; format and size of pieces are two bytes in front.
const LOGS: [&str; 5] =
    ["otel-contrib-awslogs", "otrf-zeek", "zeek-btest", "firewall-logs", "suricata-verify"];
/// Longer seeds slow a target down, and show it nothing that their beginning does not.
const LONGEST_LOG: usize = 8 << 10;

/// Runs each target for `seconds`.
pub(crate) fn run(root: &Path, seconds: u32) -> Result<()> {
    let tools = root.join("target/tools");
    if !tools.join("bin/cargo-fuzz").exists() {
        println!("fuzz: installing cargo-fuzz, which builds with the sanitizers");
        let install = ["install", "cargo-fuzz", "--locked", "--root"];
        cargo(root)
            .args(install)
            .arg(&tools)
            .or("It needs the registry of crates and a C++ compiler.")
            .run()?;
    }
    if ask("cargo", &["+nightly", "--version"]).is_none() {
        return Err(failure(
            "there is no nightly toolchain, which the sanitizers need".to_owned(),
            "Run `rustup toolchain install nightly`.",
        ));
    }
    seeds(root)?;
    for target in TARGETS {
        println!("\n=== fuzz {target}, {seconds} s ===");
        let limit = format!("-max_total_time={seconds}");
        let fuzz =
            ["+nightly", "fuzz", "run", "--fuzz-dir", "fuzz", target, "--", &limit, "-rss_limit_mb=3000"];
        Run::new("cargo", root)
            .path_front(&tools.join("bin"))
            .args(fuzz)
            .or("It found something: make the file that it names a unit test, and mend the parser.")
            .run()?;
    }
    Ok(())
}

/// Puts real files into the corpora, where the material is beside the project.
fn seeds(root: &Path) -> Result<()> {
    let corpus = root.join("../shared/corpus");
    if !corpus.exists() {
        println!("fuzz: no corpus beside the project, so it starts from nothing");
        return Ok(());
    }
    let (mut count, mut folders) = (0_u32, vec![corpus]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            let find = |table: &[(&str, u8)]| {
                table.iter().find(|(file, _)| *file == name).map(|(_, number)| *number)
            };
            let seed = match find(&PROCESS) {
                Some(number) => Some(("process", number)),
                None if folder.ends_with("net") => find(&NET).map(|number| ("net", number)),
                None if folder.ends_with("fdinfo") => Some(("process", 4)),
                None => None,
            };
            if LOGS.iter().any(|log| folder.components().any(|part| part.as_os_str() == *log))
                && let Ok(mut bytes) = fs::read(&path)
            {
                bytes.truncate(LONGEST_LOG);
                bytes.splice(0..0, [9, 100]);
                files::write(&root.join("fuzz/corpus/flow").join(format!("seed{count}")), &bytes)?;
                count += 1;
            }
            if let (Some((target, number)), Ok(mut bytes)) = (seed, fs::read(&path)) {
                bytes.insert(0, number);
                files::write(&root.join("fuzz/corpus").join(target).join(format!("seed{count}")), &bytes)?;
                count += 1;
            }
        }
    }
    println!("fuzz: {count} seeds");
    Ok(())
}
