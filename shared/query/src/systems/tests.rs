//! Tables over two small systems as goldens, and queries over them.

use crate::write::{Answer, Form};
use crate::{Filter, GROUPS, Table};
use procglass_fixture as fixture;
use procglass_systems::{Question, Register, System};

const TASK: &str = "//- manifest/snapshot_id\nc2\n//- process/1/stat\n1 (api) S 0 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 500 25600000 1500 18446744073709551615 4096 0\n\
//- process/1/exe -> /app\n//- process/1/ns/net -> net:[4026532100]\n//- process/1/fd/3 -> socket:[77]\n\
//- process/1/cgroup\n0::/ecs/x/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n\
//- net/4026532100/fib_trie\nLocal:\n     |-- 203.0.113.7\n        /32 host LOCAL\n\
//- net/4026532100/tcp\n  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
   0: 00000000:115C 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1 0 100 0 0 10 0\n\
   1: 077100CB:115C 0403000A:94EA 01 00000000:00000000 00:00000000 00000000     0        0 78 1 0 20 4 30 10 -1\n\
//- identity/ecs-task.json\n{\"Cluster\":\"shop\",\"TaskARN\":\"arn:aws:ecs:eu-west-1:111122223333:task/shop/158d1c80\",\"Family\":\"c2\",\"Revision\":\"26\",\"LaunchType\":\"FARGATE\"}\n";

fn register() -> Register {
    let mut register = Register::new();
    register.add(System::of(&fixture::opened_payments(), "payments.procglass.tar.gz"));
    register.add(System::of(&fixture::opened(&fixture::bundle(TASK)), "c2.procglass.tar.gz"));
    register
}

fn names(query: &str) -> Vec<String> {
    let (register, filter) = (register(), Filter::parse(query).unwrap());
    let table = Table::systems(&register, &filter, Form::Json);
    table.rows.iter().map(|row| row[0].text().into_owned()).collect()
}

#[test]
fn every_table() {
    let register = register();
    let all = Filter::default();
    let (links, shared, stories) = (register.links(), register.shared(), register.stories());
    let reply = register.ask(&Question::parse("203.0.113.7").unwrap());
    let tables = [
        ("systems", Table::systems(&register, &all, Form::Json)),
        ("groups", Table::groups(&register, &all, "kind").unwrap()),
        ("answers", Table::answers(&register, &reply)),
        ("links", Table::links(&register, &links, &all)),
        ("shared", Table::shared(&register, &shared, &all)),
        ("stories", Table::stories(&register, &stories, &all)),
    ];
    for (name, table) in tables {
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{name}");
        let answer = Answer { tables: vec![(String::new(), table)], with_system: false, tree: false };
        let mut out = Vec::new();
        answer.write(Form::Json, &mut out).unwrap();
        insta::assert_snapshot!(name, String::from_utf8(out).unwrap());
    }
    let text = Table::systems(&register, &all, Form::Text);
    assert!(text.columns.len() < 14 && text.rows.len() == 2);
    for by in GROUPS {
        assert!(Table::groups(&register, &all, by).is_some(), "{by}");
    }
    assert!(Table::groups(&register, &all, "addresses").is_none());
}

#[test]
fn queries_find_systems() {
    for (query, expected) in [
        ("", &["payments", "c2/158d1c80"][..]),
        ("kind:host", &["payments"]),
        ("kind:ecs*", &["c2/158d1c80"]),
        ("account:1111* region:eu-west-1 cluster:shop service:c2", &["c2/158d1c80"]),
        ("task:158d*", &["c2/158d1c80"]),
        ("address:10.0.0.0/8", &["payments"]),
        ("remote:203.0.113.7", &["payments"]),
        ("name:payments", &["payments", "c2/158d1c80"]),
        ("exe:/app", &["c2/158d1c80"]),
        ("user:www-data finding:critical", &["payments"]),
        ("-finding:critical", &["c2/158d1c80"]),
        ("lport:4444 is:listening", &["c2/158d1c80", "payments"]),
        ("captured:>2026-11-24T06:50 kind:host", &["payments"]),
        ("captured:<2026-11-24T06:50", &[]),
        ("container:0123*", &["payments", "c2/158d1c80"]),
        ("redis", &["payments"]),
        ("203.0.113.7", &["c2/158d1c80"]),
    ] {
        let mut expected: Vec<_> = expected.to_vec();
        expected.sort_unstable();
        let mut found = names(query);
        found.sort_unstable();
        assert_eq!(found, expected, "{query}");
    }
    let register = register();
    let links = register.links();
    let count = |query: &str| Table::links(&register, &links, &Filter::parse(query).unwrap()).rows.len();
    assert!(count("") > 1);
    assert_eq!((count("port:4444"), count("\"both ends\""), count("remote:198.51.100.9 port:80")), (1, 1, 1));
}
