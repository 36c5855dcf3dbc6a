//! What fuzzing begins with: files of real systems, where the material is beside the project, and bundles of our own.

use crate::error::Result;
use crate::files;
use flate2::read::GzDecoder;
use serde_json::{Map, json};
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

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

/// Folders of the corpus with logs, which the targets `flow` and `correlate` read.
const LOGS: [&str; 5] =
    ["otel-contrib-awslogs", "otrf-zeek", "zeek-btest", "firewall-logs", "suricata-verify"];
/// Longer seeds slow a target down, and show it nothing that their beginning does not.
const LONGEST: usize = 8 << 10;
/// The same for the targets that work out everything there is.
const LONGEST_MEMBER: usize = 2 << 10;
/// Parts members in the seeds of the targets that take several.
const PART: u8 = 0xff;

/// Small texts for targets that real systems have no files for.
const TEXTS: &[(&str, &str)] = &[
    ("query", "name:sshd -port:443 or remote:10.0.0.0/8 started:>2026-11-24T06:00 \"two words\" is:deleted"),
    ("query", "change:added about:process finding:high note:ada container:\"\" provider:aws"),
    ("words", "10.0.3.4:443"),
    ("words", "203[.]0[.]113[.]7,seen in phishing\n10.0.0.0/8\n/tmp/x\nsha256"),
    ("words", "{\"bundles\": [\"bundles/\", \"/cases/2026/\"]}\nbundles/web-1.procglass.tar.gz"),
    ("words", "2026-11-24T06:00:00.25Z"),
    ("words", "source=1,destination=2,time=3"),
    ("words", "{a}-{a+2000} r--p {{x}\n{b-1000}:d"),
    ("words", "# created\nAGE-SECRET-KEY-1QQPQQQSSSSXXX"),
    (
        "notes",
        r#"{"procglass_notes": 1, "bundles": [{"sha256": "ab", "name": "w", "system": "web", "notes": [
        {"on": "process 7 11", "tag": "bad", "text": "the shell", "author": "Ada", "time": "2026-11-24T07:00:12Z"},
        {"on": "finding deleted-program 7 11", "tag": "explained", "text": "x", "author": "Ada"},
        {"on": "socket 9 77 10.0.0.1:1 10.0.0.2:2", "text": "y", "author": "Bob", "removed": true},
        {"on": "summary", "text": "All.", "author": "Ada"}]}]}"#,
    ),
    (
        "members",
        r#"identity/ecs-task.json
{"Cluster":"shop","TaskARN":"arn:aws:ecs:eu-west-1:111122223333:task/shop/158d","Family":"api","LaunchType":"FARGATE",
"Containers":[{"DockerId":"158d-1","Name":"web","Image":"web:1","ImageID":"sha256:ab","Networks":[{"IPv4Addresses":["10.0.3.4"]}]}]}"#,
    ),
    (
        "members",
        "identity/ec2-document.json\n{\"instanceId\":\"i-0abc\",\"accountId\":\"111122223333\",\"privateIp\":\"10.0.3.4\"}",
    ),
    (
        "members",
        "identity/environment.json\n{\"AWS_REGION\":\"eu-west-1\",\"KUBERNETES_SERVICE_HOST\":\"10.0.0.1\"}",
    ),
    ("members", "identity/kubernetes.json\n{\"namespace\":\"prod\",\"pod\":\"web-0\"}"),
    (
        "members",
        r#"manifest.json
{"format":1,"tool":"x","tool_version":"0","snapshot_id":"00","started":"2026-11-24T06:50:12.5Z","uptime_ns":3012500000000,
"boot_time":1795500000,"clock_ticks":100,"page_size":4096,"byte_order":"little","kernel":"6.1","architecture":"x86_64",
"hostname":"web","collector":{"pid":9,"namespaces":{"net":4026531840}}}"#,
    ),
];

/// Writes all seeds.
pub(super) fn write(root: &Path) -> Result<()> {
    let mut seeds = Seeds { corpus: root.join("target/fuzz/corpus"), count: 0, known: HashSet::new() };
    for (target, text) in TEXTS {
        seeds.add(target, &[], text.as_bytes())?;
    }
    for bundle in files::list(&root.join("shared/snapshot/tests/bundles"))? {
        let bytes = files::read(&bundle)?;
        seeds.add("bundle", &[254], &bytes)?;
        // An odd number in front: the archive alone.
        let mut archive = Vec::new();
        if GzDecoder::new(&*bytes).read_to_end(&mut archive).is_ok() {
            seeds.add("bundle", &[255], &archive)?;
        }
    }
    let material = root.join("../shared/corpus");
    if material.exists() {
        seeds.walk(&material)?;
    } else {
        println!("fuzz: no material beside the project, so it starts from {} seeds of its own", seeds.count);
    }
    println!("fuzz: {} seeds", seeds.count);
    Ok(())
}

struct Seeds {
    corpus: PathBuf,
    count: u32,
    /// Targets, and hashes of what they have.
    known: HashSet<(String, [u8; 32])>,
}

impl Seeds {
    fn add(&mut self, target: &str, head: &[u8], body: &[u8]) -> Result<()> {
        let seed = [head, body].concat();
        // The material holds many files twice.
        if self.known.insert((target.to_owned(), Sha256::digest(&seed).into())) {
            files::write(&self.corpus.join(target).join(format!("seed{}", self.count)), seed)?;
            self.count += 1;
        }
        Ok(())
    }

    fn walk(&mut self, material: &Path) -> Result<()> {
        let mut folders = vec![material.to_owned()];
        while let Some(folder) = folders.pop() {
            self.process(&folder)?;
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    self.file(&folder, &path)?;
                }
            }
        }
        Ok(())
    }

    fn file(&mut self, folder: &Path, path: &Path) -> Result<()> {
        let Ok(mut bytes) = fs::read(path) else { return Ok(()) };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let number = |table: &[(&str, u8)]| table.iter().find(|(file, _)| *file == name).map(|(_, at)| *at);
        if LOGS.iter().any(|log| folder.components().any(|part| part.as_os_str() == *log)) {
            bytes.truncate(LONGEST);
            // A number past those of the formats leaves it to be recognised; the second is the size of pieces.
            self.add("flow", &[9, 100], &bytes)?;
            return self.add("correlate", &[9], &bytes);
        }
        if let Some(number) = number(&PROCESS) {
            return self.add("process", &[number], &bytes);
        }
        if folder.ends_with("fdinfo") {
            return self.add("process", &[4], &bytes);
        }
        if folder.ends_with("net") {
            if let Some(number) = number(&NET) {
                self.add("net", &[number], &bytes)?;
            }
            bytes.truncate(LONGEST_MEMBER);
            let member = [format!("net/4026531840/{name}\n").as_bytes(), &without_part(&bytes)].concat();
            self.add("members", &[], &member)?;
            return self.add("redact", &[8], &member);
        }
        if folder.ends_with("proc") || folder.ends_with("etc") {
            bytes.truncate(LONGEST_MEMBER);
            let place = if folder.ends_with("proc") { "proc" } else { "etc" };
            let member = [format!("host/{place}/{name}\n").as_bytes(), &without_part(&bytes)].concat();
            return self.add("members", &[], &member);
        }
        Ok(())
    }

    /// A folder of a process as one record.
    fn process(&mut self, folder: &Path) -> Result<()> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let Ok(pid) = name.parse::<u32>() else { return Ok(()) };
        let mut contents = Map::new();
        for (file, _) in PROCESS {
            if let Ok(mut bytes) = fs::read(folder.join(file)) {
                bytes.truncate(LONGEST_MEMBER / 4);
                contents.insert(file.into(), String::from_utf8_lossy(&bytes).into());
            }
        }
        if contents.is_empty() {
            return Ok(());
        }
        let exe = fs::read_link(folder.join("exe")).unwrap_or_else(|_| "/usr/bin/x".into());
        let links = json!({"exe": exe.to_string_lossy(), "ns/net": "net:[4026531840]"});
        let fds = json!([{"fd": 3, "target": "socket:[77]"}]);
        let record = json!({"pid": pid, "files": contents, "links": links, "fds": fds}).to_string();
        self.add("record", &[], record.as_bytes())?;
        let member = format!("process/{pid}.json\n{record}");
        self.add("members", &[], member.as_bytes())?;
        self.add("redact", &[127], member.as_bytes())
    }
}

fn without_part(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| if *byte == PART { b'?' } else { *byte }).collect()
}
