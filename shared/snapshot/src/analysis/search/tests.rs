//! What is found, and why.

use super::*;
use crate::fixture;

fn search(snapshot: &Snapshot, text: &str) -> Vec<(Group, String, &'static str)> {
    let mut search = Search::new(text);
    let mut steps = 0;
    while !search.step(snapshot, 1) {
        steps += 1;
        assert!(steps < 10_000, "it has to end");
    }
    let hits = Group::ALL.into_iter().zip(search.found()).flat_map(|(group, found)| {
        found.hits.iter().map(move |hit| (group, String::from_utf8_lossy(&hit.text).into_owned(), hit.why))
    });
    hits.collect()
}

#[test]
fn everything_is_looked_at_and_says_why() {
    let snapshot = fixture::payments();
    let hit = |group, text: &str, why| (group, text.to_owned(), why);
    assert_eq!(search(&snapshot, "812")[0], hit(Group::Processes, "812", "process id"));
    assert_eq!(search(&snapshot, "203.0.113"), [hit(Group::Addresses, "203.0.113.7:4444", "remote address")]);
    assert_eq!(search(&snapshot, "REDIS.sock"), [hit(Group::Paths, "/run/redis.sock", "UNIX socket")]);
    assert_eq!(
        search(&snapshot, "access.log"),
        [hit(Group::Paths, "/var/log/nginx/access.log", "open file")]
    );
    let container = search(&snapshot, "0123456789abcdef0123");
    assert_eq!(container.iter().map(|hit| hit.0).collect::<Vec<_>>(), [Group::Containers]);
    assert_eq!(search(&snapshot, "  "), []);
    let manifest = hex(&snapshot.members.get("manifest.json").unwrap().sha256.unwrap());
    assert_eq!(search(&snapshot, &manifest[..20])[0].2, "SHA-256 of a member");
}

#[test]
fn names_of_the_environment_but_not_its_values() {
    let snapshot = fixture::open(&fixture::bundle(
        "//- process/5/environ\nAWS_REGION=eu-west-1\\0HOME=/root\\0\n//- process/6/environ\nX=aws_region\\0\n",
    ));
    let found = search(&snapshot, "aws_region");
    assert_eq!(found, [(Group::Environment, "AWS_REGION".to_owned(), "environment")]);
}

#[test]
fn groups_are_capped_and_counted() {
    let many: String = (1..200).map(|pid| format!("//- process/{pid}/cwd -> /srv/app\n")).collect();
    let snapshot = fixture::open(&fixture::bundle(&many));
    let mut search = Search::new("/srv");
    assert!(search.step(&snapshot, usize::MAX));
    let processes = &search.found()[0];
    assert_eq!((processes.hits.len(), processes.total), (Search::MOST, 199));
    assert_eq!(processes.hits[0].why, "working directory");
}

#[test]
fn long_texts_show_their_match() {
    let long = [vec![b'a'; 1_000_000], b"needle".to_vec(), vec![b'b'; 1000]].concat();
    let shown = excerpt(&long, b"needle");
    assert!(shown.len() <= AROUND && contains(shown, b"needle"));
}
