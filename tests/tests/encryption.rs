//! Encrypted bundles on the command line: what we write `age` opens, what `age` writes we open, and every refusal says what
//! to do.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use procglass_tests::age::{Key, age, age_typed};
use procglass_tests::dist::{self, Bundle, procglass};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const PASSPHRASE: &str = "four random words here";

/// Runs the collector that encrypts.
fn collect_full(args: &[&str]) -> Output {
    Command::new(dist::path("procglass-collect-full")).args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        place.write("passphrase", format!("{PASSPHRASE}\n").as_bytes());
        place.write("wrong", b"four other words here\n");
        place
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// Collects this test's own process.
    fn collect(&self, name: &str, args: &[&str]) -> Output {
        let (path, pid) = (self.path(name), std::process::id().to_string());
        let output = collect_full(&[&["-o", &path, "--pid", &pid, "--identity", "off"], args].concat());
        assert!(output.status.success(), "{}", said(&output));
        output
    }
}

fn sha256sum(path: &str) -> String {
    let output = Command::new("sha256sum").arg(path).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split(' ').next().unwrap().to_owned()
}

/// `show` of the process that was collected.
fn shows(bundle: &str, args: &[&str]) {
    let rows = dist::show(Path::new(bundle), "processes", args);
    assert!(rows.iter().any(|row| row["pid"] == std::process::id()), "{rows:?}");
}

#[test]
fn for_recipients() {
    let place = Place::new();
    let Some(key) = Key::new(place.folder.path(), "key") else { return };
    let other = Key::new(place.folder.path(), "other").unwrap();
    let key_file = key.file.to_str().unwrap();
    for (name, armor) in [("plain.age", &[][..]), ("text.age", &["--armor"])] {
        let both = ["--recipient", &other.recipient, "--recipient", &key.recipient];
        let output = place.collect(name, &[&both[..], armor].concat());
        let path = place.path(name);
        shows(&path, &["--identity", key_file]);
        // The other direction, and the hash that the collector printed is that of what is inside.
        place.write("opened", &age(&["-d", "-i", key_file], Path::new(&path)));
        assert!(
            said(&output).contains(&format!("inside {}", sha256sum(&place.path("opened")))),
            "{}",
            said(&output)
        );
        shows(&place.path("opened"), &[]);
    }
    let manifest =
        Command::new("tar").args(["-xzOf", &place.path("opened"), "manifest.json"]).output().unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest.stdout).unwrap();
    assert_eq!(manifest["options"]["recipient"], serde_json::json!([other.recipient, key.recipient]));
    // A terminal's log around the text.
    let text = std::fs::read_to_string(place.path("text.age")).unwrap().replace('\n', "\r\n");
    place.write("log", format!("$ ./pc --armor -o -\r\n{text}$ exit\r\n").as_bytes());
    shows(&place.path("log"), &["--identity", key_file]);
    // To standard output, and only there.
    let streamed = collect_full(&["-o", "-", "--pid", "1", "--recipient", &key.recipient]);
    assert!(streamed.stdout.starts_with(b"age-encryption.org/v1\n-> X25519 "));
    place.write("streamed", &streamed.stdout);
    assert!(procglass(&["verify", &place.path("streamed"), "--identity", key_file]).status.success());
}

#[test]
fn for_a_passphrase() {
    let place = Place::new();
    if Key::new(place.folder.path(), "key").is_none() {
        return;
    }
    place.collect("p.age", &["--passphrase-file", &place.path("passphrase")]);
    shows(&place.path("p.age"), &["--passphrase-file", &place.path("passphrase")]);
    // Several are tried in turn.
    let both = ["--passphrase-file", &place.path("wrong"), "--passphrase-file", &place.path("passphrase")];
    shows(&place.path("p.age"), &both);
    let opened = place.path("opened");
    age_typed("-d", &format!("{PASSPHRASE}\n"), Path::new(&place.path("p.age")), Path::new(&opened));
    shows(&opened, &[]);
    // And what age encrypted.
    let typed = format!("{PASSPHRASE}\n{PASSPHRASE}\n");
    for (name, how) in [("theirs.age", "-p"), ("theirs.txt", "-p -a")] {
        age_typed(how, &typed, Path::new(&opened), Path::new(&place.path(name)));
        shows(&place.path(name), &["--passphrase-file", &place.path("passphrase")]);
    }
}

#[test]
fn refusals_say_what_to_do() {
    let place = Place::new();
    let pid = std::process::id().to_string();
    place.collect("p.age", &["--passphrase-file", &place.path("passphrase")]);
    let path = place.path("p.age");
    for (args, code, words) in [
        (&["show", &path, "tree"][..], 2, "give that with --passphrase-file FILE"),
        (&["report", &path, "-o", "/dev/null"], 2, "give that with --input-passphrase-file FILE"),
        (&["show", &path, "tree", "--passphrase-file", &place.path("wrong")], 1, "the passphrase is wrong"),
        (&["show", &path, "tree", "--passphrase-file", &place.path("none")], 1, "could not be read"),
        (&["show", &path, "tree", "--identity", &place.path("wrong")], 1, "no identity of age"),
        (&["verify", &path], 3, "takes a passphrase"),
    ] {
        let output = procglass(args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", said(&output));
        assert!(said(&output).contains(words), "{args:?}: {}", said(&output));
        assert!(output.stdout.is_empty());
    }
    place.write("two", b"one\ntwo\n");
    for (args, code, words) in [
        (&["--recipient", "age1nobody"][..], 2, "no recipient of age"),
        (&["--passphrase-file", "/dev/null"], 1, "no passphrase in it"),
        (&["--passphrase-file", &place.path("two")], 1, "more than one line"),
        (
            &[
                "--passphrase-file",
                "x",
                "--recipient",
                "age13ushujvd2ak87kwggld3q4y9ukua2tff3nqthnxq22wezu6pw94svcwvq3",
            ],
            2,
            "exclude each other",
        ),
    ] {
        let out = place.path("never");
        let output = collect_full(&[&["-o", &out, "--pid", &pid], args].concat());
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", said(&output));
        assert!(said(&output).contains(words), "{args:?}: {}", said(&output));
        assert!(!Path::new(&out).exists());
    }
    let small = dist::collect(&["--recipient", "age1"]);
    assert_eq!(small.status.code(), Some(2));
    assert!(said(&small).contains("procglass-collect-full"), "{}", said(&small));
}

/// Notes are keyed by the hash of the bundle as it was collected, which is what a page that opened it knows.
#[test]
fn notes_on_an_encrypted_bundle() {
    let place = Place::new();
    let collected = place.collect("p.age", &["--passphrase-file", &place.path("passphrase")]);
    let start = std::fs::read_to_string("/proc/self/stat").unwrap();
    let start = start.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap().to_owned();
    let on = format!("process {} {start}", std::process::id());
    let shown = |bundle: &str, args: &[&str]| {
        let fixed = ["show", bundle, "processes", "--filter", "note:ada", "--format", "json"];
        let output = procglass(&[&fixed[..], &["--notes", &place.path("notes.json")], args].concat());
        assert!(output.status.success(), "{}", said(&output));
        let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(rows.as_array().unwrap().len(), 1, "{rows}");
        assert_eq!(
            (&rows[0]["pid"], &rows[0]["notes"][0]["text"]),
            (&std::process::id().into(), &"the test".into())
        );
        said(&output)
    };
    let write = |sha256: &str| {
        let note = serde_json::json!({"on": on, "tag": "bad", "text": "the test", "author": "Ada", "time": "2026-11-24T07:00:12Z"});
        let section = serde_json::json!({"sha256": sha256, "name": "p", "system": "here", "notes": [note]});
        place.write(
            "notes.json",
            serde_json::json!({"procglass_notes": 1, "bundles": [section]}).to_string().as_bytes(),
        );
    };
    let by_passphrase = ["--passphrase-file", &place.path("passphrase")];
    // The hash of what is inside, as the collector tells it to whoever runs it.
    let text = said(&collected);
    let inside = text.split("inside ").nth(1).unwrap().get(..64).unwrap();
    write(inside);
    let words = shown(&place.path("p.age"), &by_passphrase);
    assert!(!words.contains("another bundle"), "{words}");
    let Some(key) = Key::new(place.folder.path(), "key") else { return };
    place.collect("i.age", &["--recipient", &key.recipient]);
    let identity = ["--identity", key.file.to_str().unwrap()];
    // Notes of the other bundle of the same process are taken, and that is said.
    assert!(shown(&place.path("i.age"), &identity).contains("another bundle"));
    place.write(
        "opened",
        &age(
            &["-d", identity[0], identity[1]].map(|word| if word == "--identity" { "-i" } else { word }),
            Path::new(&place.path("i.age")),
        ),
    );
    write(&sha256sum(&place.path("opened")));
    assert!(!shown(&place.path("i.age"), &identity).contains("another bundle"));
    // In a report that is made of it, protected anew.
    let out = place.path("r.html");
    let report = ["report", &place.path("i.age"), "-o", &out, "--notes", &place.path("notes.json")];
    let output = procglass(&[&report[..], &identity].concat());
    assert!(output.status.success(), "{}", said(&output));
    // Beside a finding where one is about this process, else in a table of their own: both are for eyes without scripts.
    let page = std::fs::read_to_string(&out).unwrap();
    assert!(
        ["bad: the test", "<td>the test</td>"].iter().any(|told| page.contains(told)),
        "no note in the summary"
    );
}

/// What a connection that broke leaves is worth something still.
#[test]
fn a_cut_bundle_shows_what_came_through() {
    let place = Place::new();
    let path = place.path("cut.age");
    let output = collect_full(&["-o", &path, "-q", "--passphrase-file", &place.path("passphrase")]);
    assert!(output.status.success(), "{}", said(&output));
    let whole = std::fs::read(&path).unwrap();
    // Behind one whole chunk at least, else nothing of it is authentic.
    let keep = (70_000).max(whole.len() * 2 / 3).min(whole.len() - 20);
    place.write("cut.age", &whole[..keep]);
    let output = procglass(&[
        "show",
        &path,
        "processes",
        "--format",
        "json",
        "--passphrase-file",
        &place.path("passphrase"),
    ]);
    if keep < 66_000 {
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        return;
    }
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("the end of the file is missing"), "{}", said(&output));
    let verify = procglass(&["verify", &path, "--passphrase-file", &place.path("passphrase")]);
    assert!(String::from_utf8_lossy(&verify.stdout).contains("the encrypted file is cut"));
    assert!(!serde_json::from_slice::<Vec<serde_json::Value>>(&output.stdout).unwrap().is_empty());
}

/// The limit holds for the file as it is written.
#[test]
fn a_limit_counts_what_encryption_adds() {
    let place = Place::new();
    for args in [&[][..], &["--armor"]] {
        let path = place.path("small.age");
        let fixed = ["-o", &path, "-q", "--max-bytes", "60K", "--passphrase-file", &place.path("passphrase")];
        let output = collect_full(&[&fixed[..], args].concat());
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        let length = std::fs::metadata(&path).unwrap().len();
        assert!(length <= 60 << 10 && length > 20 << 10, "{length}");
        assert!(
            procglass(&["verify", &path, "--passphrase-file", &place.path("passphrase")]).status.success()
        );
    }
}

#[test]
fn a_report_of_an_encrypted_bundle() {
    let place = Place::new();
    place.collect("p.age", &["--passphrase-file", &place.path("passphrase")]);
    let (path, out) = (place.path("p.age"), place.path("r.html"));
    let open = ["report", &path, "-o", &out, "--input-passphrase-file", &place.path("passphrase")];
    let output = procglass(&open);
    assert!(output.status.success(), "{}", said(&output));
    let plain = std::fs::read_to_string(&out).unwrap();
    assert!(plain.contains("procglass-evidence\">{\"bundles\":[{\"name\":\"p\","), "not as an encrypted one");
    let output =
        procglass(&[&open[..], &["--passphrase-file", &place.path("wrong"), "--redact", "users"]].concat());
    assert!(output.status.success(), "{}", said(&output));
    let html = std::fs::read_to_string(&out).unwrap();
    assert!(html.contains("Protected report") && !html.contains("id=\"procglass-evidence\""));
}

#[test]
fn a_small_collectors_bundle_through_age() {
    let bundle = Bundle::of_this_machine(&[]);
    let folder = bundle.beside("");
    let Some(key) = Key::new(&folder, "key") else { return };
    let path = bundle.beside("piped.age");
    std::fs::write(&path, age(&["-r", &key.recipient], &bundle.path)).unwrap();
    let output = procglass(&["verify", path.to_str().unwrap(), "--identity", key.file.to_str().unwrap()]);
    assert!(output.status.success(), "{}", said(&output));
}
