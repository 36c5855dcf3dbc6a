//! Each table of the query language, walked: nothing is listed without a predicate, a completion and a line of documentation.

use super::field::all;
use super::*;
use procglass_fixture as fixture;
use procglass_model::Timestamp;
use procglass_notes::{Note, On, Section, Tag};
use procglass_opened::Opened;
use procglass_snapshot::{FileIndex, SocketIndex};
use procglass_systems::compare::{Change, Comparison};
use procglass_systems::{Register, System};
use std::collections::BTreeSet;

/// The payments system with a traced zombie, findings and a note.
fn evidence() -> Opened {
    let zombie = "//- process/900/stat\n900 (gone) Z 1 900 900 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 700 0 0 18446744073709551615 0 0\n\
                  //- process/900/status\nName:\tgone\nUid:\t33\t33\t33\t33\nNSpid:\t900\nTracerPid:\t1\n";
    let snapshot = fixture::opened(&fixture::bundle(&format!("{}{zombie}", fixture::PAYMENTS)));
    snapshot.findings();
    let mut section = Section::default();
    let on = On::process(snapshot.process(snapshot.by_pid(812).unwrap()).unwrap());
    section.put(Note::new(on, Tag::Bad, "the shell", "Ada", Timestamp::default()));
    snapshot.set_notes(section);
    snapshot
}

/// How many processes, sockets and files pass.
fn found(snapshot: &Opened, query: &str) -> usize {
    let filter = Filter::parse(query).unwrap();
    let sockets = (0..snapshot.sockets.len()).map(|index| SocketIndex(u32::try_from(index).unwrap()));
    let files = (0..snapshot.files.len()).map(|index| FileIndex(u32::try_from(index).unwrap()));
    snapshot.indices().filter(|index| filter.process(snapshot, *index)).count()
        + sockets.filter(|index| filter.socket(snapshot, *index)).count()
        + files.filter(|index| filter.file(snapshot, *index)).count()
}

/// A term for each field that holds for a part of the evidence.
const TERMS: [&str; 25] = [
    "name:nginx",
    "pid:812",
    "ppid:7",
    "user:redis",
    "uid:33",
    "exe:/tmp/*",
    "cmdline:worker",
    "cwd:/tmp",
    "container:0123*",
    "netns:4026532000",
    "started:>2026-11-24T06:30",
    "threads:4",
    "protocol:udp",
    "state:listen",
    "port:4444",
    "lport:6379",
    "rport:4444",
    "address:203.0.113.7",
    "local:127.0.0.0/8",
    "remote:203.0.113.0/24",
    "path:redis.sock",
    "file:access.log",
    "finding:critical",
    "note:shell",
    "is:deleted",
];

#[test]
fn each_field_has_a_predicate() {
    let names: Vec<_> = FIELDS.iter().map(|field| field.name).collect();
    let tested: Vec<_> = TERMS.iter().filter_map(|term| Some(term.split_once(':')?.0)).collect();
    assert_eq!(tested, names);
    let snapshot = evidence();
    let everything = found(&snapshot, "");
    let flags = FLAGS.iter().map(|flag| format!("is:{}", flag.name));
    for term in TERMS.into_iter().map(str::to_owned).chain(flags) {
        let (some, rest) = (found(&snapshot, &term), found(&snapshot, &format!("-{term}")));
        assert!(some > 0 && rest > 0, "{term}: {some} and {rest} of {everything}");
        assert!(some + rest <= everything, "{term}: {some} and {rest} of {everything}");
    }
}

#[test]
fn fields_of_other_things_hold_for_no_process_and_neither_do_their_opposites() {
    let snapshot = evidence();
    for field in SYSTEM_FIELDS.iter().chain(CHANGE_FIELDS) {
        for query in [field.example.to_owned(), format!("-{}", field.example)] {
            let filter = Filter::parse(&query).unwrap();
            assert!(!snapshot.indices().any(|index| filter.process(&snapshot, index)), "{query}");
        }
    }
}

#[test]
fn each_field_is_documented_and_offered_once() {
    let (snapshot, page) = (evidence(), documentation());
    let names: BTreeSet<_> = all().map(|field| field.name).collect();
    assert_eq!(names.len(), all().count(), "names are unique");
    for field in all() {
        assert!(!field.why.is_empty() && page.contains(&format!("| `{}:` |", field.name)), "{}", field.name);
    }
    for flag in FLAGS {
        assert!(page.contains(&format!("| `is:{}` | {} |", flag.name, flag.why)), "{}", flag.name);
        assert!(complete(&snapshot, &format!("is:{}", flag.name)).list.iter().any(|one| one.why == flag.why));
    }
    for field in FIELDS {
        let offers = |query: &str| complete(&snapshot, query).list.into_iter().map(|one| one.word);
        assert!(offers(field.name).any(|word| word == format!("{}:", field.name)), "{}", field.name);
        // Their values are rarely typed twice.
        let free = ["cmdline", "started", "note"].contains(&field.name);
        let values: Vec<_> = offers(&format!("{}:", field.name)).collect();
        assert_eq!(values.is_empty(), free, "{}: {values:?}", field.name);
        for value in values {
            assert!(found(&snapshot, &value) > 0, "{value}");
        }
    }
}

/// A system of which everything is known.
fn system() -> System {
    let mut system = System::of(&evidence(), "a.procglass.tar.gz");
    let text = |text: &str| Some(text.to_owned());
    system.provider = text("aws");
    system.account = text("111122223333");
    system.region = text("eu-west-1");
    system.cluster = text("shop");
    system.service = text("api");
    system.task = text("158d1c80");
    system.pod = text("api-1");
    system.namespace = text("prod");
    system.instance = text("i-0abc");
    system.kernel = text("6.18.0");
    system.os = text("debian");
    system.containers[0].image = text("shop/api");
    system
}

#[test]
fn each_field_of_systems_has_a_predicate_and_a_completion() {
    let mut register = Register::new();
    register.add(system());
    let system = register.systems().iter().next().unwrap();
    let passes = |query: &str| Filter::parse(query).unwrap().system(system);
    for field in SYSTEM_FIELDS.iter().chain(FIELDS) {
        let values = complete_systems(&register, &format!("{}:", field.name)).list;
        for one in values.iter().filter(|_| field.name != "is") {
            assert!(passes(&one.word) && !passes(&format!("-{}", one.word)), "{}", one.word);
        }
        // Of properties the example is one that is not kept.
        let kept = field.name == "is" || passes(field.example) != passes(&format!("-{}", field.example));
        let time = ["captured", "started"].contains(&field.name);
        assert_eq!(values.is_empty(), !kept || time, "{}: {} values", field.name, values.len());
    }
    assert!(passes("captured:2026-11-24") && passes("-captured:<2026-11-24"));
    for flag in FLAGS {
        let kept = passes(&format!("is:{}", flag.name)) != passes(&format!("-is:{}", flag.name));
        let offered = complete_systems(&register, &format!("is:{}", flag.name)).list;
        assert_eq!(offered.iter().any(|one| one.why == flag.why), kept, "{}", flag.name);
    }
}

#[test]
fn each_field_of_changes_has_a_predicate_and_a_completion() {
    let before = fixture::opened_payments();
    let after =
        fixture::PAYMENTS.replace("nginx: worker", "nginx: walker").replace("(redis-server)", "(other)");
    let after = fixture::opened(&fixture::bundle(&after));
    let comparison = Comparison::of(&before, &after);
    let changes: Vec<&Change> = comparison.changes.iter().collect();
    for field in CHANGE_FIELDS {
        let values = complete_changes(&[&before, &after], &changes, &format!("{}:", field.name)).list;
        assert!(!values.is_empty(), "{}", field.name);
        for one in values {
            let filter = Filter::parse(&one.word).unwrap();
            let passing = changes.iter().filter(|change| filter.change((&before, &after), change)).count();
            assert!(passing > 0, "{}", one.word);
        }
    }
}

#[test]
fn columns_have_unique_names_and_say_what_they_are() {
    let tables: [Vec<(&str, &str)>; 7] = [
        PROCESSES.iter().map(|column| (column.name, column.why)).collect(),
        TREE.iter().map(|c| (c.name, c.why)).chain(PROCESSES.iter().map(|c| (c.name, c.why))).collect(),
        SOCKETS.iter().map(|column| (column.name, column.why)).collect(),
        FILES.iter().map(|column| (column.name, column.why)).collect(),
        FINDINGS.to_vec(),
        PROBLEMS.to_vec(),
        SYSTEMS.iter().map(|column| (column.name, column.why)).collect(),
    ];
    for table in tables {
        let names: BTreeSet<_> = table.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), table.len(), "{names:?}");
        assert!(table.iter().all(|(_, why)| !why.is_empty()), "{table:?}");
    }
}

#[test]
fn numbers_may_be_negative() {
    let value = Value::signed(Some(-5));
    assert_eq!((value.text().as_ref(), serde_json::to_string(&value).unwrap().as_str()), ("-5", "-5"));
    assert_eq!(Value::signed(None::<i32>), Value::Null);
}
