//! Files of notes: what is read and written again reads the same, and any note finds its place or none.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_fuzz::{look, members};
use procglass_notes::{Document, Limit, Noted, On, Reading, Section};
use procglass_opened::Opened;
use std::cell::OnceCell;

thread_local! {
    static SNAPSHOT: OnceCell<Opened> = const { OnceCell::new() };
}

const STAT: &str = "(sh) S 0 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 11 4096 1 18446744073709551615";

fn snapshot() -> Opened {
    let record =
        |pid: u32| format!("process/{pid}.json\n{{\"pid\":{pid},\"files\":{{\"stat\":\"{pid} {STAT}\"}}}}");
    members([record(7).as_bytes(), record(8).as_bytes()].join(&procglass_fuzz::PART).as_slice())
}

fuzz_target!(|data: &[u8]| {
    let Ok(reading) = Reading::of(data) else { return };
    let json = reading.document.to_json();
    if !json.is_empty() {
        let again = Reading::of(json.as_bytes()).expect("what was written reads");
        assert_eq!(again.document.to_json(), json);
    }
    SNAPSHOT.with(|cell| {
        let snapshot = cell.get_or_init(snapshot);
        for section in &reading.document.bundles {
            assert!(section.len() <= Limit::NOTES * reading.document.bundles.len().max(1));
            for note in section.all() {
                let on = note.on.to_string();
                assert_eq!(On::parse(&on).to_string(), on, "a key is stable");
                let _ = (note.line(), note.signature(), note.lines().count());
            }
            let mut twice = section.clone();
            assert_eq!(twice.merge(section), 0, "nothing is newer than itself");
            let noted = Noted::of(snapshot, section.clone());
            assert_eq!(noted.all().len(), section.len());
            snapshot.set_notes(section.clone());
            look(snapshot);
        }
        snapshot.set_notes(Section::default());
        let _ = Document::of(reading.document.bundles);
    });
});
