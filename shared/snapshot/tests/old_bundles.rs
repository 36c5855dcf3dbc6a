//! Bundles of earlier versions, which open for ever. A new form of the format adds a file here and changes none.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what fails here fails a test")]

use procglass_model::bundle::{FileContent, Limits, Verdict};
use procglass_proc::maps;
use procglass_snapshot::Snapshot;

/// Version 0.1.0, before content could be relative to a process's addresses.
const PLAIN_CONTENT: &[u8] = include_bytes!("bundles/plain-content.procglass.tar.gz");

#[test]
fn a_bundle_with_plain_content_opens() {
    let snapshot = Snapshot::read(PLAIN_CONTENT, Limits::native()).unwrap();
    assert_eq!(snapshot.integrity.verdict(), Verdict::Intact);
    assert_eq!((snapshot.manifest.format, snapshot.host_name().as_str()), (1, "payments-1"));
    assert_eq!(snapshot.processes.len(), 5);
    let sleeps: Vec<_> = snapshot
        .indices()
        .filter(|index| {
            snapshot.process(*index).unwrap().exe.as_ref().is_some_and(|exe| exe == "/usr/bin/sleep")
        })
        .collect();
    assert_eq!(sleeps.len(), 2);
    for index in sleeps {
        let process = snapshot.process(index).unwrap();
        assert!(process.parent.is_some() && process.started.is_some() && process.uid.is_some());
        let record = snapshot.record(index).unwrap();
        assert!(record.bases.is_empty());
        for path in ["maps", "stat", "syscall", "auxv"] {
            assert!(matches!(record.files[path], FileContent::Inline(_)), "{path}");
        }
        let text = snapshot.members.file(&record, "maps").unwrap().unwrap();
        let (mappings, problems) = maps::parse(&text);
        assert!(problems.is_empty() && mappings.iter().any(|area| area.path == b"/usr/bin/sleep"));
        assert!(snapshot.members.file(&record, "limits").unwrap().unwrap().starts_with(b"Limit "));
    }
    let redacted = snapshot.indices().filter_map(|index| snapshot.record(index)).any(|record| {
        let environ = snapshot.members.file(&record, "environ").unwrap().unwrap_or_default();
        environ.starts_with(b"PATH=/bin\0PLAIN=visible\0DB_PASSWORD=<redacted len=8 hmac=")
    });
    assert!(redacted);
}
