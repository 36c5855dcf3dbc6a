//! Several bundles at once: two systems that really talk, one system at two times, and what is asked of them.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::{Bundle, path, procglass};
use procglass_tests::plant::Planted;
use serde_json::Value;
use std::process::{Command, Output};

fn json(output: &Output) -> Vec<Value> {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&output.stderr)))
}

fn ask(folder: &str, question: &str) -> Vec<Value> {
    json(&procglass(&["ask", folder, question, "--format", "json"]))
}

fn show(folder: &str, view: &str, more: &[&str]) -> Vec<Value> {
    json(&procglass(&[&["show", folder, view, "--format", "json"], more].concat()))
}

/// Two network, pid and UTS namespaces with a wire between them: a server in one, a client in the other, and the collector in
/// both. Everything is inside a network and a mount namespace of its own and goes with it.
const TWO_SYSTEMS: &str = r#"
set -e
mount -t tmpfs none /run
mkdir -p /run/netns
ip netns add left; ip netns add right
ip link add l0 type veth peer name r0
ip link set l0 netns left; ip link set r0 netns right
ip -n left addr add 10.77.0.1/24 dev l0; ip -n left link set l0 up; ip -n left link set lo up
ip -n right addr add 10.77.0.2/24 dev r0; ip -n right link set r0 up; ip -n right link set lo up
inside() { ip netns exec "$1" unshare -p -f -u -m --mount-proc sh -c "hostname pg-$1; $2"; }
server='import socket,time
s=socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("0.0.0.0",7070)); s.listen()
open("'$FOLDER'/ready","w").close(); c,_=s.accept(); open("'$FOLDER'/talking","w").close(); time.sleep(120)'
client='import socket,time
s=socket.create_connection(("10.77.0.2",7070)); time.sleep(120)'
echo "$server" > "$FOLDER/server.py"; echo "$client" > "$FOLDER/client.py"
wait_for() { for n in $(seq 200); do [ -e "$FOLDER/$1" ] && return; sleep 0.1; done; exit 8; }
collect='until [ -e '$FOLDER'/talking ]; do sleep 0.1; done
"'$COLLECT'" --quiet -o '$FOLDER'/$(hostname).procglass.tar.gz
for n in $(seq 100); do [ -e '$FOLDER'/pg-left.procglass.tar.gz ] && [ -e '$FOLDER'/pg-right.procglass.tar.gz ] && break; sleep 0.1; done'
inside right "python3 $FOLDER/server.py & $collect" &
wait_for ready
inside left "python3 $FOLDER/client.py & $collect"
wait
"#;

#[test]
fn two_systems_that_talk_are_joined() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().to_str().unwrap();
    let output = Command::new("unshare")
        .args(["-n", "-m", "sh", "-c", TWO_SYSTEMS])
        .env("FOLDER", text)
        .env("COLLECT", path("procglass-collect"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let systems = show(text, "systems", &[]);
    let names: Vec<_> = systems.iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["pg-left", "pg-right"]);
    assert_eq!(systems[0]["boot_id"], systems[1]["boot_id"], "one kernel");
    assert!(systems[1]["same_as"].is_null(), "and still two systems: {}", systems[1]);
    assert_eq!(systems[0]["addresses"][0], "10.77.0.1");
    assert_eq!(systems[0]["interfaces"][0]["interface"], "l0");
    let links = show(text, "connections", &["--filter", "port:7070"]);
    assert_eq!(links.len(), 1, "{links:?}");
    let link = &links[0];
    assert_eq!(
        (&link["from"], &link["to"], &link["strength"]),
        (&"pg-left".into(), &"pg-right".into(), &"both ends".into())
    );
    assert_eq!(link["evidence"].as_array().unwrap().len(), 2);
    let answers = ask(text, "10.77.0.2");
    let told: Vec<_> =
        answers.iter().map(|row| (row["kind"].as_str().unwrap(), row["system"].as_str().unwrap())).collect();
    assert_eq!(told[..3], [("has", "pg-right"), ("listens", "pg-right"), ("connected", "pg-left")]);
    assert!(told[3..].iter().all(|(kind, _)| *kind == "mentions"), "{told:?}");
    let process = answers[2]["answer"].as_str().unwrap();
    assert!(process.starts_with("python") && process.contains("10.77.0.2:7070"), "{process}");
    assert!(answers.iter().all(|row| !row["evidence"]["member"].as_str().unwrap().is_empty()));
}

#[test]
fn one_machine_at_two_times_shows_what_was_planted_in_between() {
    let before = Bundle::of_this_machine(&[]);
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let after = Bundle::of_this_machine(&[]);
    let (before, after) = (before.path.to_str().unwrap(), after.path.to_str().unwrap());
    let output = procglass(&[
        "show",
        before,
        after,
        "changes",
        "--format",
        "json",
        "--filter",
        &format!("name:{}", planted.name),
    ]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("One system in one boot"));
    let changes = json(&output);
    let of = |about: &str| changes.iter().filter(|row| row["about"] == about).collect::<Vec<_>>();
    let process = of("process");
    assert_eq!((process.len(), &process[0]["change"]), (1, &"added".into()), "{changes:?}");
    assert_eq!(process[0]["pid"], planted.pid());
    let listens = format!("listens on 127.0.0.1:{}", planted.port);
    assert!(of("socket").iter().any(|row| row["what"].as_str().unwrap().contains(&listens)), "{changes:?}");
    let gone = procglass(&[
        "show",
        after,
        before,
        "changes",
        "--format",
        "json",
        "--filter",
        &format!("name:{} change:gone about:process", planted.name),
    ]);
    assert_eq!(json(&gone).len(), 1);
    let systems = json(&procglass(&["show", before, after, "systems", "--format", "json"]));
    assert_eq!(systems[1]["same_by"], "boot id", "{systems:?}");
    let answers =
        json(&procglass(&["ask", before, after, &format!(":{}", planted.port), "--format", "json"]));
    assert!(answers.iter().any(|row| row["kind"] == "listens" && row["pid"] == planted.pid()), "{answers:?}");
}

#[test]
fn a_bad_bundle_costs_itself_only() {
    let bundle = Bundle::of_this_machine(&[]);
    let bad = bundle.beside("bad.procglass.tar.gz");
    std::fs::write(&bad, b"\x1f\x8bnot a bundle").unwrap();
    std::fs::write(bundle.beside("notes.txt"), b"seen at 10 o'clock").unwrap();
    let folder = bundle.path.parent().unwrap().to_str().unwrap();
    let output = procglass(&["show", folder, "systems", "--format", "json"]);
    assert_eq!(output.status.code(), Some(3));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("bad.procglass.tar.gz") && error.contains("skipped"), "{error}");
    assert_eq!(json(&output).len(), 1);
    let output = procglass(&["show", bad.to_str().unwrap(), "systems"]);
    assert_eq!(output.status.code(), Some(1));
    let output = procglass(&["ask", folder, "10.0.3.400"]);
    assert_eq!(output.status.code(), Some(2));
    let grouped = procglass(&["show", folder, "systems", "--group", "kind", "--format", "csv"]);
    let text = String::from_utf8_lossy(&grouped.stdout).into_owned();
    assert!(text.starts_with("kind,systems,snapshots,"), "{text}");
}

/// An option that the view passes over would look as if it had been heard.
#[test]
fn options_of_another_view_are_refused() {
    let bundle = Bundle::of_this_machine(&[]);
    let bundle = bundle.path.to_str().unwrap();
    for (words, says) in [
        (&["show", bundle, "processes", "--group", "kind"][..], "--group belongs to the view `systems`"),
        (&["show", bundle, "connections", "--group", "kind"], "--group belongs to the view `systems`"),
        (&["show", bundle, bundle, "changes", "--group", "kind"], "--group belongs to the view `systems`"),
        (&["show", bundle, "systems", "--siblings"], "--siblings belongs to the view `changes`"),
        (&["show", bundle, "tree", "--siblings"], "--siblings belongs to the view `changes`"),
    ] {
        let output = procglass(words);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{words:?}: {error}");
        assert!(error.contains(says) && output.stdout.is_empty(), "{words:?}: {error}");
    }
}

/// Three systems of one kind, and a fourth on which something runs that the others have not.
struct Siblings {
    /// Holds the folder.
    _bundle: Bundle,
    bundles: Vec<String>,
    planted: Planted,
}

impl Siblings {
    fn collect() -> Self {
        let bundle = Bundle::of_this_machine(&[]);
        let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
        let odd = Bundle::of_this_machine(&[]);
        let folder = bundle.beside("many");
        let many = |from: &Bundle, to: &str, count: &str| {
            let folder = folder.join(to);
            let output =
                Command::new(env!("CARGO_BIN_EXE_many")).arg(&from.path).arg(&folder).arg(count).output();
            assert!(output.unwrap().status.success());
            folder
        };
        let (like, odd) = (many(&bundle, "like", "3"), many(&odd, "odd", "4"));
        let file = |folder: &std::path::Path, number: u32| {
            folder.join(format!("task-{number:04}.procglass.tar.gz")).to_str().unwrap().to_owned()
        };
        let bundles = (0..3).map(|number| file(&like, number)).chain([file(&odd, 3)]).collect();
        Self { _bundle: bundle, bundles, planted }
    }
}

async fn one_against_its_siblings(kind: Kind) {
    let Siblings { bundles, planted, .. } = &Siblings::collect();
    let browser = Browser::start(kind, 1440, 900).await;
    browser.open_file(&path("viewer.html"), "#/compare?b=3").await;
    browser.wait_state("empty").await;
    browser.find("[data-testid=open-input]").await.send_keys(&bundles.join("\n")).await.unwrap();
    browser.wait_state("ready").await;
    browser.find("[data-testid=merged-tree]").await;
    // By keyboard, and it stands in the address.
    browser.tab_to("[data-testid=choose-siblings]").await;
    browser.press("\u{e007}").await;
    browser.wait_hash("against=siblings").await;
    let table = browser.wait_text("[data-testid=changes-table]", &planted.name).await;
    assert!(table.contains("3 of 3") && table.contains("added"), "{table}");
    let said = browser.text("[data-testid=compare-sentence]").await;
    assert!(said.contains("Compared with 3 siblings"), "{said}");
    // None has its image or its service; the circle that was taken says how many are in it.
    let chosen =
        "const s = document.querySelector('[data-testid=like]'); return s.selectedOptions[0].innerText";
    assert_eq!(browser.script(chosen).await, "the same kind (3)");
    // The filter knows the words of changes, and holds here.
    let filter = browser.find("[data-testid=filter]").await;
    filter.send_keys("abou").await.unwrap();
    browser.wait_text("[data-testid=suggestions]", "about:").await;
    filter.send_keys("t:proc").await.unwrap();
    browser.wait_text("[data-testid=suggestions]", "about:process").await;
    browser.press("\u{e015}\u{e007}").await;
    browser.wait_hash("about").await;
    browser.wait_for("return ![...document.querySelectorAll('[data-testid=change-row] .c-about')].some(c => c.innerText !== 'process') || null").await;
    filter.send_keys(&format!(" name:{}\u{e007}", planted.name)).await.unwrap();
    browser
        .wait_for("return document.querySelectorAll('[data-testid=change-row]').length === 1 || null")
        .await;
    // What is saved is what the terminal prints.
    let mut words = vec!["show", bundles[3].as_str()];
    words.extend(bundles[..3].iter().map(String::as_str));
    let query = format!("about:process name:{}", planted.name);
    words.extend(["changes", "--siblings", "--format", "csv", "--filter", &query]);
    let terminal = procglass(&words);
    browser.click("[data-testid=export]").await;
    browser.click("[data-value='save csv']").await;
    browser.wait_text("[data-testid=export-said]", "saved").await;
    let saved = browser.saved("task-0000-differences.csv").await;
    assert_eq!(String::from_utf8_lossy(&saved), String::from_utf8_lossy(&terminal.stdout));
    // Two snapshots are one click away, and systems have words of their own.
    browser.click("[data-testid=nav-systems]").await;
    browser.find("[data-testid=systems-table]").await;
    let filter = browser.find("[data-testid=filter]").await;
    filter.clear().await.unwrap();
    filter.send_keys("cluster:clu").await.unwrap();
    let offered = browser.wait_text("[data-testid=suggestions]", "cluster:cluster-0").await;
    assert!(offered.contains("cluster:cluster-3"), "{offered}");
}

#[tokio::test(flavor = "current_thread")]
async fn one_against_its_siblings_in_chromium() {
    one_against_its_siblings(Kind::Chromium).await;
}

#[tokio::test(flavor = "current_thread")]
async fn one_against_its_siblings_in_firefox() {
    one_against_its_siblings(Kind::Firefox).await;
}
