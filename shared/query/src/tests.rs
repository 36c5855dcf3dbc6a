//! Every view of a small system as a golden, and the query language.

use super::*;
use procglass_fixture as fixture;
use proptest::prelude::*;

fn json(view: View, filter: &str) -> Vec<serde_json::Value> {
    let snapshot = fixture::opened_payments();
    let table = Table::of(&snapshot, view, &Filter::parse(filter).unwrap());
    let row = |values: &Vec<Value<'_>>| {
        let entries = table.columns.iter().zip(values);
        entries.map(|(name, value)| ((*name).to_owned(), serde_json::to_value(value).unwrap())).collect()
    };
    table.rows.iter().map(row).collect()
}

/// Pids of the rows of a view.
fn pids(view: View, filter: &str) -> Vec<u64> {
    json(view, filter).iter().map(|row| row["pid"].as_u64().unwrap()).collect()
}

#[test]
fn views() {
    let views = [
        ("processes", View::Processes),
        ("tree", View::Tree),
        ("sockets", View::Sockets),
        ("files", View::Files),
        ("problems", View::Problems),
    ];
    for (name, view) in views {
        let rows: Vec<_> = json(view, "").iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(name, rows.join("\n"));
    }
}

#[test]
fn each_row_has_its_own_sources() {
    let snapshot = fixture::opened_payments();
    for (view, filter, field) in [
        (View::Processes, "user:www-data", "exe"),
        (View::Tree, "pid:812", "exe"),
        (View::Files, "pid:812", "descriptor"),
    ] {
        let filter = Filter::parse(filter).unwrap();
        let table = Table::with(&snapshot, view, &filter, super::Extra { sources: true, notes: false });
        assert_eq!(table.columns.last(), Some(&"sources"));
        let plain = Table::of(&snapshot, view, &filter);
        let pid = table.columns.iter().position(|name| *name == "pid").unwrap();
        assert!(table.rows.len() > 1 && table.rows.len() == plain.rows.len());
        for (row, plain) in table.rows.iter().zip(&plain.rows) {
            assert_eq!(&row[..plain.len()], &plain[..]);
            let sources = serde_json::to_value(row.last().unwrap()).unwrap();
            let member = format!("process/{}.json#", row[pid].text());
            assert!(sources[field].as_str().unwrap().starts_with(&member), "{sources} of {member}");
        }
    }
}

#[test]
fn filters_find_processes() {
    let cases: [(&str, &[u64]); 30] = [
        ("", &[1, 2, 7, 40, 812]),
        ("nginx", &[1, 7]),
        ("name:nginx -user:root", &[7]),
        ("user:www-data", &[7, 812]),
        ("user:33", &[7, 812]),
        ("uid:0", &[1, 2]),
        ("is:root", &[1, 2]),
        ("is:deleted", &[812]),
        ("is:kernel", &[2]),
        ("is:refused", &[7]),
        ("is:container", &[1]),
        ("container:0123*", &[1]),
        ("is:listening", &[1, 7, 40]),
        ("port:443", &[]),
        ("port:4444", &[812]),
        ("rport:6379 or rport:4444", &[7, 812]),
        ("remote:203.0.113.0/24", &[812]),
        ("remote:10.0.0.0/8", &[]),
        ("is:public", &[812]),
        ("exe:/tmp/*", &[812]),
        ("exe:/TMP/.?", &[812]),
        ("exe:*nginx", &[1, 7]),
        ("cmdline:\"worker process\"", &[7]),
        ("\"worker process\"", &[7]),
        ("started:>2026-11-24T06:30", &[812]),
        ("started:2026-11-24 -pid:>2", &[1, 2]),
        ("pid:1-7", &[1, 2, 7]),
        ("file:access.log", &[7]),
        ("203.0.113.7", &[812]),
        ("state:listen -user:redis", &[1, 7]),
    ];
    for (filter, expected) in cases {
        assert_eq!(pids(View::Processes, filter), expected, "{filter}");
    }
}

#[test]
fn a_tree_keeps_the_ancestors_of_a_match() {
    assert_eq!(pids(View::Tree, "pid:812"), [1, 7, 812]);
    assert_eq!(pids(View::Tree, ""), [2, 1, 7, 812, 40]);
}

#[test]
fn filters_find_sockets_and_files() {
    let inodes = |filter: &str| -> Vec<u64> {
        json(View::Sockets, filter).iter().map(|row| row["inode"].as_u64().unwrap()).collect()
    };
    assert_eq!(inodes("is:unowned protocol:tcp -state:time_wait"), [2009, 2010, 2001]);
    assert_eq!(inodes("name:redis-server protocol:unix"), [5001]);
    assert_eq!(inodes("path:redis.sock"), [5001]);
    assert_eq!(inodes("local:10.0.3.4 port:443"), [2010], "v4-mapped is IPv4");
    let targets: Vec<_> = json(View::Files, "is:deleted").iter().map(|row| row["fd"].as_u64()).collect();
    assert_eq!(targets, [Some(3)], "the open file, not those of the process whose program is deleted");
    assert_eq!(pids(View::Files, "file:*.log"), [7]);
}

#[test]
fn wrong_queries_say_where_and_what_would_be_right() {
    let cases = [
        ("nmae:x", 0..6, "no field `nmae`"),
        ("a port:http", 2..11, "`port:443`"),
        ("remote:10.0.0.0/33", 0..18, "an address or a network"),
        ("is:evil", 0..7, "one of deleted, listening"),
        ("name:", 0..5, "needs a value"),
        ("started:>yesterday", 0..18, "a time in UTC"),
        ("name:\"x", 5..7, "not closed"),
        ("a or", 4..4, "both sides"),
        ("pid:9-1", 0..7, "a number"),
    ];
    for (query, at, part) in cases {
        let error = Filter::parse(query).unwrap_err();
        assert_eq!(error.at, at, "{query}");
        assert!(error.message.contains(part), "{query}: {}", error.message);
    }
    for fine in ["::1", "http://x", "-", "a:b:c", "\"nmae:x\"", "or"] {
        assert_eq!(Filter::parse(fine).is_ok(), fine != "or", "{fine}");
    }
}

#[test]
fn every_example_of_the_table_is_a_query() {
    for field in FIELDS.iter().chain(SYSTEM_FIELDS).chain(CHANGE_FIELDS) {
        assert!(Filter::parse(field.example).is_ok(), "{}", field.example);
        assert!(field.example.starts_with(&format!("{}:", field.name)));
    }
    for flag in FLAGS {
        assert!(Filter::parse(&format!("is:{}", flag.name)).is_ok(), "{}", flag.name);
    }
    assert!(documentation().contains("| `port:` | `port:443` |"));
}

proptest! {
    #[test]
    fn any_query_is_survived(query: String) {
        let snapshot = fixture::opened_payments();
        if let Ok(filter) = Filter::parse(&query) {
            let _ = Table::of(&snapshot, View::Processes, &filter);
        }
    }

    #[test]
    fn globs_agree_with_a_slow_matcher(glob in "[ab*?]{0,8}", text in "[ab]{0,10}") {
        fn slow(glob: &[u8], text: &[u8]) -> bool {
            match (glob, text) {
                ([], text) => text.is_empty(),
                ([b'*', glob @ ..], _) => (0..=text.len()).any(|n| slow(glob, &text[n..])),
                ([b'?', glob @ ..], [_, text @ ..]) => slow(glob, text),
                ([g, glob @ ..], [t, text @ ..]) => g == t && slow(glob, text),
                _ => false,
            }
        }
        prop_assume!(glob.contains(['*', '?']));
        let pattern = super::matcher::Pattern::new(&glob);
        prop_assert_eq!(pattern.matches(text.as_bytes()), slow(glob.as_bytes(), text.as_bytes()));
    }
}

/// Of process 5 nothing was read but that it is there, and its descriptors are refused; of process 6 all was.
#[test]
fn what_is_not_known_matches_neither_a_term_nor_its_opposite() {
    let status = "Uid:\t0\t0\t0\t0\nTracerPid:\t0\n";
    let stat = format!("6 (known) S 1 6 6 0 -1 0 0 0 0 0 1 1 0 0 20 0 3 0 100 0 0 0{}\n", " 0".repeat(27));
    let known = serde_json::json!({ "pid": 6, "fds": [], "links": { "exe": "/bin/known" },
        "files": { "stat": stat, "status": status, "cmdline": "known\0" } });
    let errors = ["stat", "status", "cmdline", "exe", "cwd", "cgroup", "fd"].map(|path| (path, "EACCES"));
    let errors: std::collections::BTreeMap<_, _> = errors.into_iter().collect();
    let unknown = serde_json::json!({ "pid": 5, "errors": errors });
    let mut builder = procglass_snapshot::SnapshotBuilder::new();
    for (pid, record) in [(5, unknown), (6, known)] {
        let json = record.to_string().into_bytes();
        builder.member(procglass_model::bundle::Member::new(format!("process/{pid}.json"), json));
    }
    let snapshot =
        procglass_opened::Opened::new(builder.finish(procglass_model::bundle::Integrity::default()));
    let matches = |query: &str, pid: u32| {
        Filter::parse(query).unwrap().process(&snapshot, snapshot.by_pid(pid).unwrap())
    };
    for term in [
        "is:traced",
        "is:deleted",
        "is:root",
        "is:kernel",
        "is:zombie",
        "is:container",
        "is:listening",
        "ppid:1",
        "ppid:0",
        "uid:0",
        "threads:0",
        "threads:3",
        "state:S",
        "name:known",
        "exe:known",
        "cmdline:known",
        "user:0",
        "port:22",
        "address:10.0.0.1",
    ] {
        let opposite = format!("-{term}");
        assert!(!matches(term, 5) && !matches(&opposite, 5), "{term} of what is not known");
        assert!(matches(term, 6) != matches(&opposite, 6), "{term} of what is known");
    }
    for (column, known) in [("ppid", "1"), ("threads", "3"), ("fd_count", "0"), ("state", "S")] {
        let column = super::PROCESSES.iter().find(|one| one.name == column).unwrap();
        let value = |pid| (column.value)(&snapshot, snapshot.by_pid(pid).unwrap());
        assert!(matches!(value(5), Value::Null), "{}", column.name);
        let json = serde_json::to_string(&value(6)).unwrap();
        assert_eq!(json.trim_matches('"'), known, "{}", column.name);
    }
}

#[test]
fn a_user_is_found_by_each_of_its_names() {
    let process = |pid: u32, user: u64, uid: u32, map: &str| {
        format!(
            "//- process/{pid}/stat\n{pid} (app) S 1 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 500 25600000 1500 18446744073709551615 4096 0\n\
             //- process/{pid}/status\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\n//- process/{pid}/ns/user -> user:[{user}]\n\
             //- process/{pid}/ns/mnt -> mnt:[7]\n//- process/{pid}/uid_map\n{map}\n"
        )
    };
    let text = process(1, 4_026_531_837, 0, "0 0 4294967295")
        + &process(9, 4_026_532_900, 1000, "0 1000 1\n1 100000 65536")
        + "//- mount/7/etc/passwd\nroot:x:0:0::/:/bin/sh\nnode:x:1000:1000::/:/bin/sh\n"
        + "//- host/etc/passwd\nalice:x:1000:1000::/:/bin/sh\n";
    let snapshot = fixture::opened(&fixture::bundle(&text));
    let finds = |query: &str| {
        let filter = Filter::parse(query).unwrap();
        snapshot.indices().filter(|index| filter.process(&snapshot, *index)).count()
    };
    assert_eq!((finds("user:node"), finds("user:alice"), finds("user:1000")), (0, 1, 1));
    assert_eq!(finds("user:root"), 2, "root of the machine, and root of the namespace");
}
