//! The query language: any text is a query or a message with a place inside the text; a query can be gone on from, changed
//! and asked of every kind of row.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_fuzz::{PART, members, tables};
use procglass_opened::Opened;
use procglass_query::write::Form;
use procglass_query::{Filter, Table, complete, edit};
use procglass_systems::compare::Comparison;
use procglass_systems::{Register, System};
use std::cell::OnceCell;

struct Evidence {
    snapshot: Opened,
    other: Opened,
    register: Register,
    comparison: Comparison,
}

thread_local! {
    static EVIDENCE: OnceCell<Evidence> = const { OnceCell::new() };
}

const PROCESS: &str = "process/7.json\n{\"pid\":7,\"files\":{\"stat\":\"7 (nginx) S 0 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 \
0 11 4096 1 18446744073709551615\",\"status\":\"Name:\\tnginx\\nUid:\\t0\\t0\\t0\\t0\\n\",\"cmdline\":\"nginx: worker\
\\u0000-g\"},\"links\":{\"exe\":\"/tmp/x (deleted)\",\"ns/net\":\"net:[9]\"},\"fds\":[{\"fd\":3,\"target\":\"socket:[77]\"}]}";
const TABLE: &str =
    "net/9/tcp\n  sl\n   0: 00000000:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 77 1";

fn evidence() -> Evidence {
    let snapshot = members([PROCESS.as_bytes(), TABLE.as_bytes()].join(&PART).as_slice());
    let other = members(TABLE.as_bytes());
    let mut register = Register::new();
    register.add(System::of(&snapshot, "a"));
    register.add(System::of(&other, "b"));
    let comparison = Comparison::of(&other, &snapshot);
    Evidence { snapshot, other, register, comparison }
}

fuzz_target!(|text: &str| EVIDENCE.with(|cell| {
    let Evidence { snapshot, other, register, comparison } = cell.get_or_init(evidence);
    let completions = complete(snapshot, text);
    assert!(text.get(completions.at).is_some());
    let _ = (edit::without_field(text, "user"), edit::started(text), edit::without_term(text, "is:root"));
    match Filter::parse(text) {
        Ok(filter) => {
            let more = edit::with_term(text, "is:root");
            assert!(more.is_empty() || Filter::parse(&more).is_ok(), "{more:?}");
            let _ = filter.text(&[b"nginx: worker process", b"10.0.3.4:443"]);
            tables(snapshot, &filter, &[Form::Text, Form::Csv, Form::Json]);
            let _ = Table::systems(register, &filter, Form::Json);
            let _ = Table::links(register, &register.links(), &filter);
            let _ = Table::changes(other, snapshot, comparison, &filter);
        }
        Err(error) => {
            assert!(text.get(error.at.clone()).is_some(), "{error:?}");
            assert!(!error.message.is_empty());
        }
    }
}));
