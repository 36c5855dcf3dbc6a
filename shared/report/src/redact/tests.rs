use super::*;
use procglass_fixture as fixture;
use procglass_model::bundle::Limits;
use procglass_opened::Opened;
use proptest::prelude::*;

fn redacted(bundle: &[u8], choices: &[Choice]) -> (Vec<u8>, Opened) {
    let original = fixture::opened(bundle);
    let mut names = Names::new(choices.iter().copied().collect());
    let bytes = redact(&mut names, &original, "00").unwrap();
    let snapshot = Opened::read(&bytes, Limits::browser()).unwrap();
    assert_eq!(snapshot.integrity.verdict(), procglass_model::bundle::Verdict::Intact);
    (bytes, snapshot)
}

/// Every member's bytes, JSON escapes undone as far as serde does.
fn everything(snapshot: &Opened) -> Vec<u8> {
    snapshot
        .members
        .iter()
        .flat_map(|member| [member.name.as_bytes(), b"\n", &member.data, b"\n"].concat())
        .collect()
}

fn holds(all: &[u8], what: &str) -> bool {
    all.windows(what.len()).any(|window| window.eq_ignore_ascii_case(what.as_bytes()))
}

const PAYMENTS: &str = fixture::PAYMENTS;

#[test]
fn joins_and_tree_are_the_same() {
    let original = fixture::opened_payments();
    let (_, snapshot) = redacted(&fixture::bundle(PAYMENTS), &CHOICES);
    let shape = |snapshot: &Opened| {
        let owners: Vec<_> = snapshot
            .sockets
            .iter()
            .map(|s| (s.protocol, s.inode, s.state, s.owners.clone(), s.peer))
            .collect();
        let parents: Vec<_> = snapshot.processes.iter().map(|p| (p.pid, p.ppid, p.exe_deleted())).collect();
        (owners, parents)
    };
    assert_eq!(shape(&snapshot), shape(&original));
    let scopes = |snapshot: &Opened| -> Vec<_> {
        let remote = snapshot.sockets.iter().filter_map(|socket| socket.remote);
        remote.map(|(address, port)| (procglass_snapshot::analysis::scope::of(address), port)).collect()
    };
    assert_eq!(scopes(&snapshot), scopes(&original));
    let exposed = |snapshot: &Opened| {
        snapshot.sockets.iter().map(procglass_snapshot::Socket::exposure).collect::<Vec<_>>()
    };
    assert_eq!(exposed(&snapshot), exposed(&original));
    let manifest = &snapshot.manifest.redacted.as_ref().unwrap();
    assert_eq!(manifest.choices.len(), CHOICES.len());
    assert_eq!(snapshot.host_name(), "host-1");
    let found = |snapshot: &Opened| {
        snapshot.findings().all.iter().any(|finding| finding.rule.id == "shell-on-socket")
    };
    let mut choices = CHOICES.to_vec();
    choices.retain(|choice| *choice != Choice::Arguments);
    let (_, with_arguments) = redacted(&fixture::bundle(PAYMENTS), &choices);
    assert!(found(&original) && found(&with_arguments));
}

#[test]
fn addresses_of_tables_and_texts_are_one() {
    let text = format!(
        "{PAYMENTS}\n//- process/7/environ\nPEER=203.0.113.119:4444\\0\n//- host/etc/hosts\n10.0.3.4 payments\n"
    );
    let (_, snapshot) = redacted(&fixture::bundle(&text), &[Choice::Addresses]);
    let all = everything(&snapshot);
    for what in ["0403000A", "077100CB", "10.0.3.4", "203.0.113.119", "096433C6"] {
        assert!(!holds(&all, what), "{what}");
    }
    assert!(snapshot.members.data("host/etc/hosts").is_none());
    assert!(
        snapshot
            .manifest
            .redacted
            .as_ref()
            .unwrap()
            .removed
            .iter()
            .any(|line| line.contains("/etc/hosts (1)"))
    );
}

#[test]
fn a_choice_takes_what_it_names_and_leaves_the_rest() {
    let text = format!(
        "{PAYMENTS}\n//- process/7/environ\nPATH=/usr/bin\\0TOKEN=s3cret-of-seven\\0EMPTY=\\0\n//- process/40/cmdline\nredis-server\\0--auth=s3cret-of-seven\\0-p\\0"
    );
    let bundle = fixture::bundle(&text);
    let file = |snapshot: &Opened, pid, name: &str| {
        let record = snapshot.record(snapshot.by_pid(pid).unwrap()).unwrap();
        let bytes = snapshot.members.file(&record, name).unwrap().unwrap().into_owned();
        String::from_utf8(bytes).unwrap()
    };
    let (_, snapshot) = redacted(&bundle, &[Choice::Environment]);
    assert_eq!(
        file(&snapshot, 7, "environ"),
        "PATH=<redacted len=8 #2>\0TOKEN=<redacted len=15 #1>\0EMPTY=\0"
    );
    assert_eq!(file(&snapshot, 40, "cmdline"), "redis-server\0--auth=<redacted len=15 #1>\0-p\0");
    let (_, snapshot) = redacted(&bundle, &[Choice::Arguments]);
    assert!(file(&snapshot, 7, "environ").starts_with("PATH=/usr/bin\0TOKEN=<redacted len=15"));
    assert!(file(&snapshot, 40, "cmdline").starts_with("redis-server\0<redacted len=22"));
    assert!(file(&snapshot, 1, "cmdline").starts_with("<redacted"), "a title is no name");
    let (_, snapshot) = redacted(&bundle, &[Choice::Paths]);
    assert_eq!(file(&snapshot, 40, "cmdline"), "redis-server\0--auth=s3cret-of-seven\0-p\0");
    let exe = |pid| snapshot.process(snapshot.by_pid(pid).unwrap()).unwrap().exe.clone().unwrap().to_string();
    assert_eq!(
        (exe(7).as_str(), exe(812).as_str()),
        ("/usr/sbin/nginx", "/tmp/.x (deleted)"),
        "names of processes"
    );
    let (_, snapshot) = redacted(&bundle, &[Choice::Recovered]);
    assert!(file(&snapshot, 7, "environ").contains("s3cret"), "and nothing else");
}

#[test]
fn what_processes_share_is_cleaned_in_each_of_them() {
    let mut writer = procglass_model::bundle::Writer::new(Vec::new(), 0, 6).unwrap();
    writer.json_member("manifest.json", &fixture::manifest()).unwrap();
    let text = writer.shared_text(b"TOKEN=s3cret-{{of}-{0}\0PEER=10.0.3.{0}\0").unwrap();
    for (pid, word) in [(7, 12), (8, 13)] {
        let record =
            format!(r#"{{"pid":{pid},"files":{{"environ":{{"template":"{text}","given":"{word}"}}}}}}"#);
        writer.member(&format!("process/{pid}.json"), record.as_bytes()).unwrap();
    }
    let bundle = writer.finish().unwrap();
    let environ = |snapshot: &Opened, pid| {
        let record = snapshot.record(snapshot.by_pid(pid).unwrap()).unwrap();
        String::from_utf8(snapshot.members.file(&record, "environ").unwrap().unwrap().to_vec()).unwrap()
    };
    let (_, snapshot) = redacted(&bundle, &[Choice::Environment, Choice::Addresses]);
    assert!(!holds(&everything(&snapshot), "s3cret") && !holds(&everything(&snapshot), "10.0.3."));
    assert!(environ(&snapshot, 7).starts_with("TOKEN=<redacted len=14 #"), "{}", environ(&snapshot, 7));
    let (_, snapshot) = redacted(&bundle, &[Choice::Recovered]);
    assert_eq!(environ(&snapshot, 8), "TOKEN=s3cret-{of}-13\0PEER=10.0.3.13\0");
}

#[test]
fn templates_and_texts_are_cleaned_where_they_stand() {
    let mut writer = procglass_model::bundle::Writer::new(Vec::new(), 0, 6).unwrap();
    writer.json_member("manifest.json", &fixture::manifest()).unwrap();
    let maps = b"{a}-{a+1000} r-xp 00000000 fd:01 1311    /srv/odd{{name/tool\n{a+1000}-{a+2000} rw-p 00000000 00:00 0 [heap]\n";
    let hash = writer.shared_text(maps).unwrap();
    let record = serde_json::json!({"pid": 5, "bases": ["1000"], "links": {"exe": "/srv/odd{name/tool"}, "files": {
        "maps": {"template": hash}, "stat": {"relative": "5 (to{{ol) S 1 {a:d}"}, "comm": "tool\n", "surprise": "/srv/odd{name"}});
    writer.json_member("process/5.json", &record).unwrap();
    let (_, snapshot) = redacted(&writer.finish().unwrap(), &[Choice::Paths]);
    let record = snapshot.record(snapshot.by_pid(5).unwrap()).unwrap();
    let file = |name: &str| {
        String::from_utf8(snapshot.members.file(&record, name).unwrap().unwrap().into_owned()).unwrap()
    };
    assert!(
        file("maps").contains("fd:01 1311    /srv/path-") && file("maps").contains("00:00 0 [heap]"),
        "{}",
        file("maps")
    );
    assert_eq!(file("stat"), "5 (to{ol) S 1 4096");
    assert!(!holds(&everything(&snapshot), "odd"));
    assert!(!record.files.contains_key("surprise"), "what has no known form is left out");
}

fn secret() -> impl Strategy<Value = String> {
    "[a-z]{4}[QXZ]{2}[a-z0-9+=%_]{4,12}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_chosen_value_is_left(
        token in secret(), argument in secret(), user in "[a-z]{4}qx[a-z]{0,8}", folder in secret(),
        host in "[a-z]{5}zq[a-z]{1,8}", v4 in any::<[u8; 4]>(), v6 in any::<[u16; 8]>(), place in 0..5_usize, quote in "[ =:,\"'/@\\n]",
    ) {
        let v4 = std::net::Ipv4Addr::from([(v4[0] % 90) + 11, v4[1] | 1, v4[2] | 2, v4[3] | 4]);
        let v6 = std::net::Ipv6Addr::from([0x2a00 | (v6[0] & 0xff), v6[1] | 0x1000, v6[2], v6[3], v6[4], v6[5], v6[6], v6[7] | 1]);
        let hex4 = format!("{:08X}", u32::from(v4).swap_bytes());
        let all = [&token, &argument, &user, &folder, &host, &v4.to_string(), &v6.to_string()];
        // Each value everywhere.
        let mix = all.iter().map(|value| format!("{quote}{value}{quote}")).collect::<String>();
        let path = format!("/srv/{folder}/{user}/{token}-{host}");
        let mut hex6 = String::new();
        for word in v6.octets().as_chunks::<4>().0 {
            hex6.push_str(&format!("{:08X}", u32::from_le_bytes(*word)));
        }
        let fds = ["exe", "cwd", "fd/3", "fd/4", "root"][place];
        let mix_line = mix.replace('\n', " ");
        let text = format!(
            "x\n//- host/etc/passwd\n{user}:x:1007:1007:{mix_line}:/home/{user}:/bin/sh\n//- host/etc/hostname\n{host}\n//- host/etc/hosts\n{mix}\n\
             //- host/proc/cmdline\n{mix}\n//- identity/ecs.json\n{mix}\n//- elsewhere/{folder}\n{mix}\n//- host/etc/os-release\nPRETTY_NAME={mix_line}\nX={mix_line}\n\
             //- host/proc/sys/kernel/core_pattern\n|/srv/{folder} {mix_line}\n\
             //- process/1/stat\n1 (init) S 0 1 1 0 -1 4194560 1 0 0 0 30 10 0 0 20 0 1 0 500 10240000 3000 18446744073709551615 4096 0\n\
             //- process/1/status\nName:\tinit\nUid:\t0\t0\t0\t0\n//- process/1/comm\ninit\n//- process/1/{fds} -> {path}\n//- process/1/fd/9 -> /home/{user}/{folder}\n\
             //- process/1/environ\nTOKEN={token}\\0MIX={mix}\\0{mix}\\0\n//- process/1/cmdline\ninit\\0{argument}\\0{mix}\\0{path}\\0\n\
             //- process/1/maps\n00001000-00002000 r-xp 00000000 fd:01 1311    {path}\n//- process/1/mountinfo\n22 1 0:5 /{folder} {path} rw - nfs {v4}:{path} rw,addr={v4}\n\
             //- process/1/unknown\n{mix}\n//- process/1/cgroup\n0::/user.slice/{user}/{host}-{token}\n\
             //- process/2/stat\n2 (x) S 1 1 1 0 -1 4194560 1 0 0 0 30 10 0 0 20 0 1 0 501 10240000 3000 18446744073709551615 4096 0\n//- process/2/cmdline\nx\\0{mix}\\0\n\
             //- net/1/tcp\n  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   0: {hex4}:0050 {hex4}:94EA 0A 00000000:00000000 00:00000000 00000000     0        0 2001 1 0000 100 0 0 10 0\n{mix_line}\n\
             //- net/1/tcp6\n  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   0: {hex6}:0050 0000000000000000FFFF0000{hex4}:94EA 0A 00000000:00000000 00:00000000 00000000     0        0 2002 1 0000 100 0 0 10 0\n\
             //- net/1/unix\nNum       RefCount Protocol Flags    Type St Inode Path\n0000000000000000: 00000002 00000000 00010000 0001 01 5001 {path}\n0000000000000000: 00000002 00000000 00010000 0001 01 5002 @{mix_line}\n\
             //- net/1/arp\n{v4} {mix}\n"
        );
        let (_, snapshot) = redacted(&fixture::bundle(&text), &CHOICES[..6]);
        let all_bytes = everything(&snapshot);
        for value in all.into_iter().chain([&hex4, &hex6]) {
            prop_assert!(!holds(&all_bytes, value), "{value} is left in {}", String::from_utf8_lossy(&all_bytes));
        }
        prop_assert_eq!(snapshot.sockets.len(), 4);
    }
}

#[test]
fn notes_get_the_same_substitutes_and_stay_where_they_are() {
    use procglass_model::Timestamp;
    use procglass_notes::{Note, On, Section, Tag};
    let original = fixture::opened(&fixture::bundle(PAYMENTS));
    let shell = original.by_pid(812).unwrap();
    let socket = original.sockets_of(shell)[0];
    let file = original.files_of(shell).iter().find(|file| file.target.is_some()).unwrap();
    let mut section = Section::new("aa", "a", "payments");
    let mut put = |on, text: &str| section.put(Note::new(on, Tag::Bad, text, "Ada", Timestamp::default()));
    put(On::Summary, "payments talks to 203.0.113.7, see /srv/app/secret-plan.txt");
    put(On::process(original.process(shell).unwrap()), "runs a shell");
    put(On::socket(original.socket(socket).unwrap()), "see 203.0.113.7:4444");
    put(On::file(&original, file).unwrap(), "a file");
    put(On::parse("thread 9"), "of 203.0.113.7");
    original.set_notes(section);
    let mut names = Names::new(CHOICES.into_iter().collect());
    let bytes = redact(&mut names, &original, "00").unwrap();
    let snapshot = Opened::read(&bytes, Limits::browser()).unwrap();
    let mut clean = Section::new("bb", "b", "host-1");
    assert_eq!(notes(&mut names, &original, &snapshot, &mut clean), 1, "what is on nothing is left out");
    let json = procglass_notes::Document::of([clean.clone()]).to_json();
    assert!(
        !json.contains("203.0.113.7") && !json.contains("secret-plan") && !json.contains("payments"),
        "{json}"
    );
    snapshot.set_notes(clean);
    let noted = snapshot.notes();
    assert_eq!((noted.all().len(), noted.elsewhere().count()), (4, 0), "{json}");
    assert_eq!(noted.of_socket(socket).count(), 1);
}
