//! Comparisons of small systems.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use procglass_fixture as fixture;
use procglass_opened::Opened;
use procglass_query::{Filter, Table};
use procglass_systems::compare::{About, Change, Comparison, Mark, Relation, Siblings};

const BOOT: &str = "//- host/proc/sys/kernel/random/boot_id\n11111111-2222-3333-4444-555555555555\n";

fn open(text: &str) -> Opened {
    fixture::opened(&fixture::bundle(text))
}

fn stat(pid: u32, name: &str, parent: u32, start: u32) -> String {
    format!(
        "//- process/{pid}/stat\n{pid} ({name}) S {parent} 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 {start} 25600000 1500 18446744073709551615 4096 0\n"
    )
}

/// A container of one image: its id, its address, its pids and ports are its own.
fn container(id: &str, address: &str, first: u32, port: &str, more: &str) -> String {
    let hex: String =
        address.split('.').rev().map(|part| format!("{:02X}", part.parse::<u8>().unwrap())).collect();
    let worker = first + 6;
    stat(1, "api", 0, 500)
        + &stat(worker, "worker", 1, 600)
        + &format!(
            "//- manifest/snapshot_id\n{id}\n//- process/1/exe -> /app\n//- process/1/cmdline\n/app\\0--listen={address}\\0\n//- process/1/cgroup\n0::/docker/{id}\n\
             //- process/1/environ\nHOSTNAME={}\\0PATH=/bin\\0SECRET=<redacted len=5 hmac={}>\\0\n//- process/1/cwd -> /srv/{id}\n\
             //- process/1/ns/net -> net:[1]\n//- process/1/fd/3 -> socket:[77]\n//- process/1/fd/5 -> /var/lib/x/{id}/data\n\
             //- process/{worker}/exe -> /worker\n//- process/{worker}/cmdline\n/worker\\0/proc/{first}\\0\n//- process/{worker}/ns/net -> net:[1]\n\
             //- process/{worker}/fd/4 -> socket:[78]\n//- host/etc/hosts\n127.0.0.1 localhost\n{address} {}\n\
             //- net/1/fib_trie\nLocal:\n     |-- {address}\n        /32 host LOCAL\n\
             //- net/1/tcp\n  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
                0: {hex}:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1 0 100 0 0 10 0\n\
                1: {hex}:{port} 0900000A:1538 01 00000000:00000000 00:00000000 00000000     0        0 78 1 0 20 4 30 10 -1\n{more}",
            &id[..12],
            &id[..16],
            &id[..12],
        )
}

fn one() -> String {
    container(&"ab".repeat(32), "10.0.3.4", 10, "94EA", "")
}

fn told(comparison: &Comparison) -> Vec<String> {
    let line = |change: &Change| {
        let fields: Vec<_> = change.fields.iter().map(|field| &*field.field).collect();
        format!("{} {} {} {}", change.about.word(), change.mark.word(), change.what, fields.join(","))
    };
    comparison.changes.iter().map(|change| line(change).trim_end().to_owned()).collect()
}

#[test]
fn a_snapshot_is_like_itself() {
    for text in [fixture::PAYMENTS, &one(), ""] {
        let snapshot = open(text);
        let comparison = Comparison::of(&snapshot, &snapshot);
        assert_eq!(told(&comparison), [""; 0]);
        assert!(comparison.tree.iter().all(|row| row.mark == Mark::Same));
    }
}

#[test]
fn two_containers_of_one_image_are_alike() {
    let other = container(&"cd".repeat(32), "10.0.3.77", 4000, "C001", "");
    let comparison = Comparison::of(&open(&one()), &open(&other));
    assert_eq!(comparison.relation, Relation::Different);
    assert_eq!(told(&comparison), [""; 0]);
}

#[test]
fn what_came_went_and_changed() {
    let more = stat(900_000, "sh", 1, 900)
        + "//- process/900000/exe -> /tmp/.x (deleted)\n//- process/900000/cmdline\nsh\\0-i\\0\n//- process/900000/ns/net -> net:[1]\n\
           //- process/900000/fd/1 -> socket:[79]\n//- host/etc/ld.so.preload\n/tmp/evil.so\n";
    let mut other = container(&"cd".repeat(32), "10.0.3.77", 4000, "C001", &more);
    other = other.replace("PATH=/bin\\0", "PATH=/bin\\0LD_PRELOAD=/tmp/evil.so\\0");
    let (before, after) = (open(&one()), open(&other));
    let comparison = Comparison::of(&before, &after);
    assert_eq!(
        told(&comparison),
        [
            "process added sh (900000) sh -i",
            "process changed api (1) /app --listen=10.0.3.77 environ LD_PRELOAD",
            "setting added /etc/ld.so.preload",
        ]
    );
    let marks: Vec<_> = comparison.tree.iter().map(|row| (row.depth, row.mark)).collect();
    assert_eq!(marks, [(0, Mark::Changed), (1, Mark::Same), (1, Mark::Added)]);
    let back = Comparison::of(&after, &before);
    assert_eq!((back.count(About::Process, Mark::Gone), back.count(About::Process, Mark::Added)), (1, 0));
    let marks: Vec<_> = back.tree.iter().map(|row| (row.depth, row.mark)).collect();
    assert_eq!(marks, [(0, Mark::Changed), (1, Mark::Same), (1, Mark::Gone)]);
    let rows =
        |query: &str| Table::changes(&before, &after, &comparison, &Filter::parse(query).unwrap()).rows.len();
    assert_eq!((rows(""), rows("change:added"), rows("about:process"), rows("field:environ*")), (3, 2, 2, 1));
    assert_eq!((rows("name:sh"), rows("evil.so"), rows("pid:1")), (1, 1, 1));
}

#[test]
fn in_one_boot_pid_and_start_decide() {
    let process =
        |pid, start, exe: &str| stat(pid, "app", 1, start) + &format!("//- process/{pid}/exe -> {exe}\n");
    let system = |rest: String| {
        open(
            &(BOOT.to_owned()
                + "//- host/proc/modules\nx 1 0 - Live 0x0\n"
                + &stat(1, "init", 0, 1)
                + &stat(2, "kthreadd", 0, 0).replace("4194560", "2129984")
                + &rest),
        )
    };
    let before = system(process(70, 10, "/a") + &process(71, 20, "/a"));
    let after = system(process(70, 10, "/b") + &process(71, 99, "/a"));
    let comparison = Comparison::of(&before, &after);
    assert_eq!(comparison.relation, Relation::SameBoot, "{comparison:?}");
    assert_eq!(
        told(&comparison),
        ["process added app (71)", "process gone app (71)", "process changed app (70) exe"],
        "a recycled pid is another process"
    );
    assert!(comparison.sentence().contains("One system in one boot"), "{}", comparison.sentence());
    assert!(comparison.not_compared.contains(&About::User), "{comparison:?}");
}

#[test]
fn one_against_its_siblings() {
    let sibling = |n: u32, more: &str| {
        open(&container(&format!("{n:02x}").repeat(32), &format!("10.0.3.{n}"), 100 * n, "C001", more))
    };
    let odd = sibling(
        9,
        &(stat(77, "miner", 1, 900) + "//- process/77/exe -> /tmp/m\n//- process/77/cmdline\n/tmp/m\\0\n"),
    );
    let own = stat(78, "cron", 1, 900) + "//- process/78/exe -> /cron\n//- process/78/cmdline\n/cron\\0\n";
    let mut siblings = Siblings::new(&odd);
    for sibling in [sibling(1, ""), sibling(2, &own), sibling(3, "")] {
        siblings.add(&sibling);
    }
    let compared = siblings.compared();
    let found = siblings.finish();
    let told: Vec<_> = found.iter().map(|found| (found.change.what.as_str(), found.siblings)).collect();
    assert_eq!(told, [("miner (77) /tmp/m", 3)], "what one sibling alone has is its own affair");
    let table = Table::differences(&odd, &found, compared, &Filter::default());
    assert_eq!(table.rows[0].last().unwrap().text(), "3 of 3");
}

proptest::proptest! {
    #[test]
    fn added_one_way_is_gone_the_other(
        before in proptest::collection::vec((1u32..40, 0u32..40, 0usize..4), 0..12),
        after in proptest::collection::vec((1u32..40, 0u32..40, 0usize..4), 0..12),
    ) {
        let make = |rows: &[(u32, u32, usize)]| {
            let mut seen = std::collections::BTreeMap::new();
            for (pid, parent, exe) in rows {
                seen.insert(*pid, (*parent, *exe));
            }
            let text: String = seen.iter().map(|(pid, (parent, exe))| {
                let exe = ["/a", "/b", "/c", "/d"][*exe];
                stat(*pid, "app", *parent, *pid) + &format!("//- process/{pid}/exe -> {exe}\n//- process/{pid}/cmdline\n{exe}\\0-x\\0\n")
            }).collect();
            open(&text)
        };
        let (before, after) = (make(&before), make(&after));
        let (there, back) = (Comparison::of(&before, &after), Comparison::of(&after, &before));
        proptest::prop_assert_eq!(there.count(About::Process, Mark::Added), back.count(About::Process, Mark::Gone));
        proptest::prop_assert_eq!(there.count(About::Process, Mark::Gone), back.count(About::Process, Mark::Added));
        proptest::prop_assert_eq!(there.count(About::Process, Mark::Changed), back.count(About::Process, Mark::Changed));
        // Every process is in the merged tree once.
        let rows = there.tree.iter();
        let old: std::collections::BTreeSet<_> = rows.clone().filter_map(|row| row.before).collect();
        let new: std::collections::BTreeSet<_> = rows.clone().filter_map(|row| row.after).collect();
        proptest::prop_assert_eq!((old.len(), new.len()), (before.processes.len(), after.processes.len()));
        proptest::prop_assert!(there.tree.len() <= old.len() + new.len());
    }
}
