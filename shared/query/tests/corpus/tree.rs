//! A folder that looks like `/proc`, as a bundle.

use procglass_model::bundle::{ByteOrder, Content, Fd, FileContent, Limits, Manifest, ProcessRecord, Writer};
use procglass_opened::Opened;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The network namespace that every process of such a tree is said to be in.
pub(crate) const NETNS: u64 = 4_026_531_840;

/// Symbolic links of the tree: path below `proc` to target. They are rows of `LINKS.tsv` files, either one for the
/// whole source or one a process.
fn links(proc: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut take = |file: &Path, prefix: &str, strip: &str| {
        let text = fs::read(file).unwrap_or_default();
        for line in text.split(|byte| *byte == b'\n') {
            let mut parts = line.splitn(2, |byte| *byte == b'\t');
            if let (Some(path), Some(target)) = (parts.next(), parts.next()) {
                let path = String::from_utf8_lossy(path);
                let path = path.strip_prefix(strip).unwrap_or(&path);
                all.insert(format!("{prefix}{path}"), target.to_vec());
            }
        }
    };
    let source = proc.parent().unwrap();
    take(&source.join("LINKS.tsv"), "", "proc/");
    if let Some(above) = source.parent() {
        take(&above.join("LINKS.tsv"), "", "fixtures/proc/");
    }
    for pid in pids(proc) {
        take(&proc.join(pid.to_string()).join("LINKS.tsv"), &format!("{pid}/"), "");
    }
    all
}

pub(crate) fn pids(proc: &Path) -> Vec<u32> {
    let entries = fs::read_dir(proc).unwrap();
    let mut pids: Vec<u32> =
        entries.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok()).collect();
    pids.sort_unstable();
    pids
}

/// Opens `proc` as if it had been collected from a machine of this byte order.
pub(crate) fn snapshot(proc: &Path, byte_order: ByteOrder) -> Opened {
    let manifest = Manifest {
        format: 1,
        started: "2026-01-01T00:00:00Z".into(),
        uptime_ns: Some(86_400_000_000_000),
        clock_ticks: 100,
        page_size: 4096,
        byte_order,
        hostname: "corpus".into(),
        ..Manifest::default()
    };
    let mut writer = Writer::new(Vec::new(), 0, 1).unwrap();
    writer.json_member("manifest.json", &manifest).unwrap();
    let links = links(proc);
    let namespace = format!("net:[{NETNS}]");
    for pid in pids(proc) {
        let mut record = ProcessRecord { pid, ..ProcessRecord::default() };
        for name in ["stat", "status", "cmdline", "environ", "cgroup", "maps", "limits", "mountinfo", "comm"]
        {
            match fs::read(proc.join(format!("{pid}/{name}"))) {
                Ok(bytes) => drop(record.files.insert(name.into(), FileContent::Inline(bytes.into()))),
                Err(_) => drop(record.errors.insert(name.into(), "ENOENT".into())),
            }
        }
        let own = format!("{pid}/");
        for (path, target) in links.range(own.clone()..).take_while(|(path, _)| path.starts_with(&own)) {
            let path = &path[own.len()..];
            match path.strip_prefix("fd/").and_then(|fd| fd.parse().ok()) {
                Some(fd) => {
                    let info = fs::read(proc.join(format!("{pid}/fdinfo/{fd}"))).ok();
                    let fdinfo = info.map(Content::from);
                    record.fds.push(Fd { fd, target: Some(target.clone().into()), fdinfo, ..Fd::default() });
                }
                None => drop(record.links.insert(path.into(), target.clone().into())),
            }
        }
        record.links.entry("ns/net".into()).or_insert_with(|| namespace.clone().into());
        writer.json_member(&format!("process/{pid}.json"), &record).unwrap();
    }
    let tables = fs::read_dir(proc.join("net")).into_iter().flatten();
    for entry in tables.map(Result::unwrap).filter(|entry| entry.file_type().unwrap().is_file()) {
        let name = format!("net/{NETNS}/{}", entry.file_name().to_str().unwrap());
        writer.member(&name, &fs::read(entry.path()).unwrap()).unwrap();
    }
    Opened::read(&writer.finish().unwrap(), Limits::browser()).unwrap()
}
