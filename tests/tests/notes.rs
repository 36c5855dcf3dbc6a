//! Notes of analysts: written in the page, kept by the browser, saved into reports, taken elsewhere as a file; and what the
//! command line does with the same file.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::{self, Bundle};
use procglass_tests::plant::Planted;
use serde_json::Value;

/// Fills the open panel in and saves it.
async fn write(browser: &Browser, mark: &str, text: &str) {
    if !mark.is_empty() {
        browser.click(&format!("[data-testid=tag-{mark}]")).await;
    }
    let field = browser.find("[data-testid=note-text]").await;
    field.send_keys(text).await.unwrap();
    if browser.script("return document.querySelector('[data-testid=note-author]').value").await == "" {
        browser.find("[data-testid=note-author]").await.send_keys("Ada").await.unwrap();
    }
    browser.click("[data-testid=note-save]").await;
    browser.wait_for("return !document.querySelector('[data-testid=note-editor]')").await;
}

async fn notes_travel(kind: Kind) {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let (report, pid) = (bundle.report(), planted.pid());
    let browser = Browser::start(kind, 1440, 900).await;
    browser.open_file(&report, &format!("#/process/{pid}")).await;
    browser.wait_state("ready").await;
    // On a process, as a script it would be dangerous.
    browser.click("[data-testid=section-notes] [data-testid=add-note]").await;
    browser.click("[data-testid=note-save]").await;
    browser.wait_text("[data-testid=note-complaint]", "your name").await;
    write(&browser, "bad", "<img src=x onerror=alert(1)> started by the test").await;
    browser.wait_text("[data-testid=section-notes]", "started by the test").await;
    assert!(browser.text("[data-testid=said]").await.contains("Ada, 20"), "author and time");
    // On a finding.
    browser.script(&format!("location.hash = '#/findings?q=pid:{pid}'")).await;
    browser.wait_text("[data-testid=verdict]", "How sure").await;
    let finding = "[data-testid=finding][data-rule=deleted-program]";
    browser.click(&format!("{finding} summary")).await;
    browser.click(&format!("{finding} [data-testid=add-note]")).await;
    write(&browser, "explained", "the test deletes its program").await;
    browser.wait_text(finding, "the test deletes its program").await;
    // On a file that it has open, and on the socket that listens: each row then has the mark.
    browser.script(&format!("location.hash = '#/process/{pid}'")).await;
    for (section, row, mark, text) in [
        ("files", "/etc/passwd", "explained", "read by the test"),
        ("sockets", "listen", "bad", "opened by the test"),
    ] {
        let find = format!(
            "const rows = [...document.querySelectorAll('[data-testid=section-{section}] tbody tr')];
             const row = rows.find((row) => row.textContent.toLowerCase().includes('{row}'));"
        );
        let link = format!(
            "{find} const link = row?.querySelector('[data-testid=add-note]'); link?.click(); return !!link"
        );
        browser.wait_for(&link).await;
        write(&browser, mark, text).await;
        let mark = "row?.querySelector('[data-testid=note-mark]')?.title.includes";
        browser.wait_for(&format!("{find} return {mark}('{text}') ?? false")).await;
    }
    // In front.
    browser.script("location.hash = '#/'").await;
    browser.click("[data-testid=analyst] [data-testid=add-note]").await;
    write(&browser, "", "All of this is a test.").await;
    browser.wait_text("[data-testid=analyst]", "All of this is a test.").await;
    // Found, and marked in the table.
    browser.script("location.hash = '#/processes?view=list&q=note:bad'").await;
    browser.wait_text("[data-testid=process-row] [data-testid=note-mark]", "bad").await;
    assert_eq!(
        browser.script("return document.querySelectorAll('[data-testid=process-row]').length").await,
        1
    );

    // The browser keeps them.
    browser.open("about:blank").await;
    browser.open_file(&report, &format!("#/process/{pid}")).await;
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=section-notes]", "started by the test").await;

    // A report that is saved carries them, also with scripts off and in another browser.
    browser.click("[data-testid=save]").await;
    browser.click("[data-value=report]").await;
    browser.wait_text("[data-testid=report-choices]", "5 notes go along").await;
    browser.click("[data-testid=save-report]").await;
    let host = browser.text(".system-name").await;
    let saved = browser.saved(&format!("{host}-report.html")).await;
    let again = bundle.beside("again.html");
    std::fs::write(&again, &saved).unwrap();
    let text = String::from_utf8(saved).unwrap();
    let summary = text.split("id=\"summary\"").nth(1).unwrap().split("procglass-evidence").next().unwrap();
    for words in [
        "All of this is a test.",
        "the test deletes its program",
        "started by the test",
        "read by the test",
        "opened by the test",
        "Ada, 20",
    ] {
        assert!(summary.contains(words), "{words}");
    }
    assert!(!summary.contains("<img"), "a note is text");
    // As a file.
    browser.click("[data-testid=nav-notes]").await;
    browser.wait_text("[data-testid=tally]", "5 notes").await;
    browser.click("[data-testid=notes-export]").await;
    let file = bundle.beside("notes.json");
    std::fs::write(&file, browser.saved(&format!("{host}-notes.json")).await).unwrap();

    let other = Browser::start(kind, 1440, 900).await;
    other.open_file(&again, "#/").await;
    other.wait_state("ready").await;
    other.wait_text("[data-testid=analyst]", "All of this is a test.").await;
    other.click("[data-testid=nav-notes]").await;
    other.wait_text("[data-testid=notes-page]", "started by the test").await;
    // A note that is deleted here stays deleted when the page is opened again, though the report has it.
    other.click("[data-testid=note-row] [data-testid=add-note]").await;
    other.find("[data-testid=note-author]").await.send_keys("Ada").await.unwrap();
    other.click("[data-testid=note-delete]").await;
    other.wait_text("[data-testid=tally]", "4 notes").await;
    other.open("about:blank").await;
    other.open_file(&again, "#/notes").await;
    other.wait_state("ready").await;
    other.wait_text("[data-testid=tally]", "4 notes").await;

    // Into another browser, which says that the file is for another bundle.
    let foreign = Bundle::of_this_machine(&[]);
    let third = Browser::start(kind, 1440, 900).await;
    third.open_file(&foreign.report(), "#/notes").await;
    third.wait_state("ready").await;
    third.find("[data-testid=notes-import]").await.send_keys(file.to_str().unwrap()).await.unwrap();
    third.wait_text("[data-testid=notes-other]", "another bundle").await;
    third.click("[data-testid=notes-take]").await;
    third.wait_text("[data-testid=notes-said]", "Imported 5 notes").await;
    third.wait_text("[data-testid=notes-page]", "started by the test").await;
    third.wait_text("[data-testid=notes-page]", "opened by the test").await;
}

#[tokio::test]
async fn chromium_notes_travel() {
    notes_travel(Kind::Chromium).await;
}

#[tokio::test]
async fn firefox_notes_travel() {
    notes_travel(Kind::Firefox).await;
}

/// A page that may not keep anything, as in a mail's preview, says so and works.
#[tokio::test]
async fn without_storage_the_page_says_so() {
    let bundle = Bundle::of_this_machine(&[]);
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    let refuse = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})";
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({"source": refuse})).await;
    browser.open_file(&bundle.report(), "#/notes").await;
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=not-kept]", "export before you close").await;
    browser.click("[data-testid=notes-page] > [data-testid=add-note]").await;
    browser.wait_text("[data-testid=note-editor]", "Not saved in this browser").await;
    write(&browser, "", "only here").await;
    browser.wait_text("[data-testid=notes-page]", "only here").await;
    let leaves = "const e = new Event('beforeunload', {cancelable: true}); dispatchEvent(e); return e.defaultPrevented";
    assert_eq!(browser.script(leaves).await, true, "what is not kept must not be lost without a word");
    browser.click("[data-testid=notes-export]").await;
    browser.wait_for(&format!("return !(() => {{ {leaves} }})()")).await;
}

#[tokio::test]
async fn the_command_line_takes_the_same_file() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let json = |args: &[&str]| -> Value { serde_json::from_slice(&dist::procglass(args).stdout).unwrap() };
    let path = bundle.path.to_str().unwrap();
    let query = format!("pid:{} finding:deleted-program", planted.pid());
    let found = dist::procglass(&["show", path, "findings", "--filter", &query, "--fail-on", "low"]);
    assert_eq!(found.status.code(), Some(4));
    let sha256 = dist::sha256(&bundle.path);
    // The key of the process is in its stat: field 22.
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", planted.pid())).unwrap();
    let start = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap().to_owned();
    let file = bundle.beside("notes.json");
    let write = |sha256: &str| {
        let on = format!("finding deleted-program {} {start}", planted.pid());
        let note = serde_json::json!({"on": on, "tag": "explained", "text": "a test", "author": "Ada", "time": "2026-11-24T07:00:12Z"});
        let notes =
            serde_json::json!({"procglass_notes": 1, "bundles": [{"sha256": sha256, "notes": [note]}]});
        std::fs::write(&file, notes.to_string()).unwrap();
    };
    write(&sha256);
    let notes = file.to_str().unwrap();
    let rows = json(&["show", path, "findings", "--filter", &query, "--notes", notes, "--format", "json"]);
    assert_eq!(rows[0]["notes"][0]["text"], "a test", "{rows}");
    let rows =
        json(&["show", path, "processes", "--filter", "note:ada", "--notes", notes, "--format", "json"]);
    assert_eq!(rows[0]["pid"], planted.pid());
    let explained = dist::procglass(&["show", path, "findings", "--notes", notes, "--fail-on", "note"]);
    let said = String::from_utf8(explained.stderr).unwrap();
    assert!(said.contains("explained by a note, so not counted for --fail-on: deleted-program"), "{said}");
    let report = bundle.beside("noted.html");
    let made = dist::procglass(&["report", path, "-o", report.to_str().unwrap(), "--notes", notes]);
    assert!(made.status.success(), "{made:?}");
    assert!(
        std::fs::read_to_string(&report)
            .unwrap()
            .contains("(Ada, 2026-11-24 07:00:12 UTC): explained: a test")
    );
    // On another bundle: said, and taken.
    write(&"0".repeat(64));
    let made = dist::procglass(&["report", path, "-o", report.to_str().unwrap(), "--notes", notes]);
    let said = String::from_utf8(made.stderr).unwrap();
    assert!(said.contains("are for another bundle") && said.contains("1 are on things"), "{said}");
    std::fs::write(&file, "[]").unwrap();
    let refused = dist::procglass(&["report", path, "-o", report.to_str().unwrap(), "--notes", notes]);
    assert_eq!(refused.status.code(), Some(1));
}
