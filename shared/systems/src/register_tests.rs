//! Several small systems side by side.

use super::*;
use procglass_model::Timestamp;
use procglass_snapshot::Protocol;
use std::net::IpAddr;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn end(text: &str) -> (IpAddr, u16) {
    let end: std::net::SocketAddr = text.parse().unwrap();
    (end.ip(), end.port())
}

fn at(minute: i64) -> Option<Timestamp> {
    Some(Timestamp::from_seconds(1_800_000_000 + minute * 60))
}

/// A host with one address and a process, started an hour before.
fn host(name: &str, address: &str, minute: i64) -> System {
    System {
        name: name.into(),
        host_name: name.into(),
        bundle: format!("{name}-{minute}.tar.gz"),
        kind: Kind::Host,
        captured: at(minute),
        booted: at(-60),
        boot_id: Some(format!("boot of {name}")),
        addresses: vec![Address {
            address: ip(address),
            prefix: Some(24),
            interface: Some("eth0".into()),
            netns: Some(1),
            proof: Proof { member: "net/1/fib_trie:4".into(), excerpt: format!("|-- {address}") },
        }],
        namespaces: vec![NamespaceRow { inode: 1, containers: Vec::new(), processes: 1 }],
        processes: vec![ProcessRow {
            pid: 7,
            start_ticks: 1,
            started: at(-60),
            name: "app".into(),
            exe: Some("/app".into()),
            sha256: Some("ab".repeat(32).into()),
            user: None,
            container: None,
            severity: None,
        }],
        ..System::default()
    }
}

fn socket(local: &str, remote: Option<&str>) -> SocketRow {
    SocketRow {
        protocol: Protocol::Tcp,
        netns: 1,
        inode: 5,
        local: end(local),
        remote: remote.map(end),
        state: if remote.is_some() { "ESTABLISHED" } else { "LISTEN" },
        listens: remote.is_none(),
        owners: vec![RowIndex(0)],
        source: ("tcp", 2),
    }
}

fn with(mut system: System, sockets: &[SocketRow]) -> System {
    system.sockets = sockets.to_vec();
    system
}

fn register(systems: impl IntoIterator<Item = System>) -> Register {
    let mut register = Register::new();
    for system in systems {
        register.add(system);
    }
    register
}

fn asked(register: &Register, text: &str) -> Vec<(AnswerKind, u32, String)> {
    let reply = register.ask(&Question::parse(text).unwrap());
    reply.answers.into_iter().map(|answer| (answer.kind, answer.system.0, answer.sentence)).collect()
}

fn shop() -> Register {
    let web = with(
        host("web", "10.0.3.4", 0),
        &[
            socket("0.0.0.0:80", None),
            socket("10.0.3.4:40000", Some("10.0.3.9:5432")),
            socket("10.0.3.4:40001", Some("203.0.113.7:4444")),
        ],
    );
    let db = with(
        host("db", "10.0.3.9", 2),
        &[
            socket("[::]:5432", None),
            socket("10.0.3.9:5432", Some("10.0.3.4:40000")),
            socket("10.0.3.9:5432", Some("10.0.7.7:1234")),
        ],
    );
    register([web, db])
}

#[test]
fn who_has_listens_talks_and_mentions() {
    let mut register = shop();
    let mut other = host("other", "10.0.5.5", 0);
    other.mentions.push(Mention {
        address: ip("10.0.3.4"),
        place: Place::Hosts,
        process: None,
        proof: Proof { member: "host/etc/hosts:3".into(), excerpt: "10.0.3.4 web".into() },
    });
    register.add(other);
    let answers = asked(&register, "10.0.3.4");
    let kinds: Vec<_> = answers.iter().map(|(kind, system, _)| (*kind, *system)).collect();
    assert_eq!(
        kinds,
        [
            (AnswerKind::Has, 0),
            (AnswerKind::Listens, 0),
            (AnswerKind::Connected, 1),
            (AnswerKind::Mentions, 2)
        ]
    );
    assert_eq!(answers[0].2, "web has 10.0.3.4 on eth0.");
    assert_eq!(answers[1].2, "app (7) on web listens on every address, port 80 (tcp).");
    assert_eq!(
        answers[2].2,
        "app (7) on db is connected to 10.0.3.4:40000 from 10.0.3.9:5432 (tcp, ESTABLISHED)."
    );
    assert_eq!(
        asked(&register, "10.0.3.0/24").len(),
        7,
        "both own one, listen, and are connected inside it; one is mentioned"
    );
    assert_eq!(asked(&register, "10.0.3.9:5432").len(), 5);
    assert_eq!(asked(&register, "10.0.3.9:5433").len(), 1);
    let port = asked(&register, ":5432");
    assert_eq!(port.iter().map(|(kind, ..)| *kind as usize).collect::<Vec<_>>(), [1, 2, 2, 2]);
    assert_eq!(asked(&register, &"ab".repeat(32)).len(), 3);
    assert_eq!(asked(&register, "web")[0].1, 0);
    let reply = register.ask(&Question::parse("127.0.0.1").unwrap());
    assert!(reply.answers.is_empty() && reply.notes[0].contains("each machine itself"), "{reply:?}");
}

#[test]
fn an_address_that_passed_on_is_told_with_its_times() {
    let mut second = host("api", "10.0.3.4", 600);
    second.processes[0].started = at(590);
    let register = register([host("web", "10.0.3.4", 0), second, host("web", "10.0.3.4", 30)]);
    let reply = register.ask(&Question::parse("10.0.3.4").unwrap());
    assert_eq!(reply.counts, [3, 0, 0, 0]);
    let holders: Vec<_> = reply.holders.iter().map(|h| (h.system.0, h.snapshots.len())).collect();
    assert_eq!(holders, [(0, 2), (1, 1)], "two snapshots of one system are one");
    assert!(
        reply.notes[0].starts_with("2 different systems had the address 10.0.3.4: web (2027-"),
        "{:?}",
        reply.notes
    );
}

#[test]
fn both_ends_make_one_link() {
    let register = shop();
    let links = register.links();
    let told: Vec<_> = links.iter().map(|link| (link.strength, link.sentence(&register))).collect();
    assert_eq!(told[0], (Strength::BothEnds, "web to db, port 5432 (tcp): both ends were seen.".into()));
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[1..].iter().all(|(strength, _)| *strength == Strength::Unknown), "{told:?}");
    assert!(links.iter().any(|link| link.from == Party::Address(ip("10.0.7.7")) && link.port == 5432));
    assert!(links.iter().any(|link| link.to == Party::Address(ip("203.0.113.7")) && link.port == 4444));
}

#[test]
fn time_and_missing_ends_make_links_weaker() {
    let near = || with(host("web", "10.0.3.4", 0), &[socket("10.0.3.4:40000", Some("10.0.3.9:5432"))]);
    let listening = |minute| with(host("db", "10.0.3.9", minute), &[socket("0.0.0.0:5432", None)]);
    let mirrored = |minute| {
        with(
            host("db", "10.0.3.9", minute),
            &[socket("0.0.0.0:5432", None), socket("10.0.3.9:5432", Some("10.0.3.4:40000"))],
        )
    };
    let mut later = listening(600);
    later.booted = at(590);
    later.processes[0].started = at(590);
    let cases = [
        (mirrored(2), Strength::BothEnds, false),
        (mirrored(90), Strength::BothEndsApart, false),
        (listening(2), Strength::Listener, true),
        (listening(90), Strength::Listener, false),
        (host("db", "10.0.3.9", 1), Strength::AddressOnly, true),
        (later, Strength::OtherTime, false),
        (host("db", "10.0.3.8", 1), Strength::Unknown, false),
    ];
    for (far, strength, missing) in cases {
        let register = register([near(), far]);
        let links = register.links();
        assert_eq!((links.len(), links[0].strength), (1, strength), "{links:?}");
        assert_eq!((links[0].mirror_missing, links[0].port), (missing, 5432), "{links:?}");
    }
}

#[test]
fn a_container_and_its_host_show_one_socket() {
    let connection = socket("10.0.3.4:40000", Some("10.0.3.9:5432"));
    let mut container = with(host("web", "10.0.3.4", 0), std::slice::from_ref(&connection));
    (container.kind, container.container) = (Kind::Container, Some("c1".into()));
    let mut node = with(host("node", "10.0.1.1", 1), &[connection]);
    node.boot_id.clone_from(&container.boot_id);
    let db = with(
        host("db", "10.0.3.9", 1),
        &[socket("0.0.0.0:5432", None), socket("10.0.3.9:5432", Some("10.0.3.4:40000"))],
    );
    let register = register([node, container, db]);
    let links = register.links();
    assert_eq!(links.len(), 1, "{links:?}");
    assert_eq!(
        (links[0].from, links[0].samples[0].views),
        (Party::System(SystemIndex(1)), 2),
        "the container says more"
    );
}

#[test]
fn inside_one_system_is_no_link() {
    let both = [socket("10.0.3.4:40000", Some("10.0.3.4:80")), socket("10.0.3.4:80", Some("10.0.3.4:40000"))];
    let one = register([with(host("web", "10.0.3.4", 0), &both)]);
    assert_eq!(one.links(), []);
    let hairpin = register([with(host("web", "10.0.3.4", 0), &both[..1])]);
    assert_eq!(hairpin.links(), []);
}

#[test]
fn steps_of_any_size_say_the_same() {
    let register = shop();
    for budget in [1, 2, 7] {
        let mut linker = Linker::new();
        while linker.step(&register, budget) {}
        assert_eq!(linker.finish(&register), register.links());
    }
}

#[test]
fn what_is_the_same_system_and_what_is_not() {
    let rule = |systems: Vec<System>| {
        let register = register(systems);
        let last = SystemIndex(u32::try_from(register.systems().len()).unwrap() - 1);
        (register.same(last).first.0, register.same(last).rule)
    };
    let machine = |name: &str, boot: &str, booted: i64, captured: i64| System {
        kind: Kind::Host,
        host_name: name.into(),
        machine_id: Some("m".into()),
        boot_id: Some(boot.into()),
        booted: at(booted),
        captured: at(captured),
        ..System::default()
    };
    let container = |id: &str, boot: &str, start: u64| System {
        kind: Kind::Container,
        container: Some(id.into()),
        boot_id: Some(boot.into()),
        machine_id: Some("m".into()),
        pid_namespace: Some((77, start)),
        ..System::default()
    };
    assert_eq!(rule(vec![machine("a", "b1", 0, 5), machine("a", "b1", 0, 9)]), (0, Some("boot id")));
    let restart = (0, Some("machine id and host name, started again in between"));
    assert_eq!(rule(vec![machine("a", "b1", 0, 5), machine("a", "b2", 6, 9)]), restart);
    assert_eq!(
        rule(vec![machine("a", "b1", 0, 5), machine("a", "b2", 3, 9)]),
        (1, None),
        "clones ran at the same time"
    );
    assert_eq!(rule(vec![machine("a", "b1", 0, 5), machine("c", "b2", 6, 9)]), (1, None));
    assert_eq!(
        rule(vec![container("x", "b1", 1), container("y", "b1", 2)]),
        (1, None),
        "one host, two containers"
    );
    assert_eq!(rule(vec![container("x", "b1", 1), container("x", "b1", 1)]), (0, Some("container id")));
    assert_eq!(
        rule(vec![machine("a", "b1", 0, 5), container("x", "b1", 1)]),
        (1, None),
        "a host and its container"
    );
    let sandbox = |start| System { sandbox: true, ..container("pod", "b1", start) };
    assert_eq!(rule(vec![sandbox(1), sandbox(2)]), (1, None), "two containers of one pod");
    assert_eq!(
        rule(vec![sandbox(1), sandbox(1)]),
        (0, Some("boot id, pid namespace and start of its first process"))
    );
    let twice = System { snapshot_id: Some("s".into()), ..System::default() };
    assert_eq!(rule(vec![twice.clone(), twice]), (0, Some("the same snapshot")));
    assert_eq!(
        rule(vec![System::default(), System::default()]),
        (1, None),
        "nothing known is nothing in common"
    );
    let instance = |boot: &str| System { instance: Some("i-1".into()), ..machine("a", boot, 0, 5) };
    assert_eq!(rule(vec![instance("b1"), instance("b2")]), (0, Some("instance id")));
}

#[test]
fn the_unusual_that_several_share() {
    let mut systems: Vec<System> =
        (0..8).map(|n| host(&format!("h{n}"), &format!("10.0.0.{}", n + 1), 0)).collect();
    for system in &mut systems[2..4] {
        system.processes[0].sha256 = Some("cd".repeat(32).into());
        system.sockets.push(socket("10.0.0.1:50000", Some("203.0.113.7:443")));
        system.containers.push(ContainerRow {
            id: "c".into(),
            image: Some("shop/api:1".into()),
            ..ContainerRow::default()
        });
    }
    let register = register(systems);
    let told: Vec<_> = register
        .shared()
        .into_iter()
        .map(|common| (common.kind, common.value, common.systems.len(), common.of))
        .collect();
    assert_eq!(
        told,
        [
            (CommonKind::Executable, "cd".repeat(32), 2, 8),
            (CommonKind::Remote, "203.0.113.7".to_owned(), 2, 2),
            (CommonKind::Image, "shop/api:1".to_owned(), 2, 2)
        ]
    );
}
