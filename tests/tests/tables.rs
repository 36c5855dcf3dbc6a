//! Tables: rows that are chosen and copied, columns that are dragged, rows in order while they are scrolled.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::Bundle;
use procglass_tests::plant::Planted;
use serde_json::Value;

const SHIFT_DOWN: &str = "\u{e008}\u{e015}";
const CTRL: char = '\u{e009}';

async fn open(kind: Kind, bundle: &Bundle, hash: &str) -> Browser {
    let browser = Browser::start(kind, 1440, 900).await;
    browser.open_file(&bundle.report(), hash).await;
    browser.wait_state("ready").await;
    // What is copied is nobody else's business; the test reads along.
    let listen = "window.copied = ''; Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => { window.copied = text; }}});";
    browser.script(listen).await;
    browser
}

async fn click_with(browser: &Browser, css: &str, keys: &str) {
    let script = format!(
        "document.querySelector({css:?}).dispatchEvent(new MouseEvent('click', {{bubbles: true, {keys}: true}}))"
    );
    browser.script(&script).await;
}

async fn selected(browser: &Browser, number: usize) {
    let script = format!("return document.querySelectorAll('.row[aria-selected=true]').length === {number}");
    browser.wait_for(&script).await;
}

async fn copied(browser: &Browser) -> String {
    let text = browser.wait_for("return window.copied").await;
    browser.script("window.copied = ''").await;
    text.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn several_processes_are_chosen_and_copied() {
    let bundle = Bundle::of_this_machine(&[]);
    for kind in [Kind::Chromium, Kind::Firefox] {
        let browser = open(kind, &bundle, "#/processes?view=list").await;
        browser.click("[data-row='1']").await;
        selected(&browser, 1).await;
        browser.press(SHIFT_DOWN).await;
        browser.press(SHIFT_DOWN).await;
        selected(&browser, 3).await;
        let pids = "return [...document.querySelectorAll('.row[aria-selected=true]')].map(row => Number(row.dataset.pid))";
        let pids = browser.script(pids).await;
        // The one with the keyboard stands in the address.
        browser.wait_hash(&format!("sel={}", pids[2])).await;
        browser.click("[data-testid=export]").await;
        browser.wait_for("return document.body.innerText.includes('Copy the 3 selected rows as JSON')").await;
        browser.click("[data-value='one json']").await;
        let rows: Vec<Value> = serde_json::from_str(&copied(&browser).await).unwrap();
        assert_eq!(Value::from_iter(rows.iter().map(|row| row["pid"].clone())), pids, "{kind:?}");

        click_with(&browser, "[data-row='2']", "ctrlKey").await;
        selected(&browser, 2).await;
        click_with(&browser, "[data-row='0']", "shiftKey").await;
        browser.find("[data-row='0'].selected").await;
        browser.click("[data-row='1']").await;
        selected(&browser, 1).await;
        browser.press(SHIFT_DOWN).await;
        selected(&browser, 2).await;
        browser.press(&format!("{CTRL}c")).await;
        let text = copied(&browser).await;
        assert_eq!(text.trim_end().lines().count(), 3, "a head and two rows: {text}");
        browser.press("\u{e00c}").await;
        selected(&browser, 0).await;
    }
}

/// Names of the rows of the members, folders with their slash.
const MEMBERS: &str = "return [...document.querySelectorAll('[data-testid=member-row]')].map(row => row.querySelector('a, .name').textContent)";

#[tokio::test]
async fn members_are_a_tree_for_mouse_and_keyboard() {
    let bundle = Bundle::of_this_machine(&["--identity", "off"]);
    for kind in [Kind::Chromium, Kind::Firefox] {
        let browser = open(kind, &bundle, "#/evidence?show=members").await;
        browser.wait_for("return document.querySelector('[data-testid=member-row]')?.getAttribute('aria-level') === '1'").await;
        let rows = browser.script(MEMBERS).await;
        let rows: Vec<&str> = rows.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(rows[..3], ["manifest.json", "outcomes.json", "SHA256SUMS"], "{kind:?}");
        assert!(rows.contains(&"process/") && rows.contains(&"host/") && !rows.contains(&"proc/"));

        // The mouse opens a folder, the address says so, and going back from a member finds it open.
        let host = rows.iter().position(|row| *row == "host/").unwrap();
        browser.click(&format!("[data-row='{host}']")).await;
        browser.wait_hash("open=host").await;
        browser.find(&format!("[data-row='{host}'][aria-expanded=true]")).await;
        // The keyboard goes on from there: into it, to the folder proc, and into that.
        let (down, right, left) = ("\u{e015}", "\u{e014}", "\u{e012}");
        browser.press(right).await;
        browser.find(&format!("[data-row='{}'][aria-selected=true][aria-level='2']", host + 1)).await;
        browser.press(down).await;
        browser.press(right).await;
        browser.wait_hash("host/proc").await;
        browser.press(left).await;
        browser.press(left).await;
        browser.find(&format!("[data-row='{host}'][aria-selected=true]")).await;

        // A filter opens what leads to its matches, and they are links.
        browser.open_file(&bundle.report(), "#/evidence?show=members&q=loadavg").await;
        browser.wait_state("ready").await;
        browser.wait_for(&format!("{MEMBERS}.join(' ') === 'host/ proc/ loadavg'")).await;
        browser.click("[data-testid=member-row] a").await;
        browser.wait_hash("#/evidence/host/proc/loadavg").await;
        browser.wait_for("return document.body.innerText.includes('host/proc/loadavg')").await;
    }
}

#[tokio::test]
async fn rows_of_other_tables_are_chosen_with_the_keyboard_too() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    for kind in [Kind::Chromium, Kind::Firefox] {
        for (page, table) in [("files", "files-table"), ("timeline", "timeline-list")] {
            let hash = format!("#/{page}?q=pid:{}", planted.pid());
            let browser = open(kind, &bundle, &hash).await;
            browser.tab_to(&format!("[data-testid={table}]")).await;
            // The head of the group, or the boot; then the first row of the process.
            browser.press("\u{e015}").await;
            browser.press("\u{e015}").await;
            selected(&browser, 1).await;
            let active = format!(
                "document.querySelector('[data-testid={table}]').getAttribute('aria-activedescendant')"
            );
            let script = format!("return document.getElementById({active}).ariaSelected");
            assert_eq!(browser.script(&script).await, "true", "{kind:?} {page}");
            browser.press(&format!("{CTRL}c")).await;
            assert_eq!(copied(&browser).await.trim_end().lines().count(), 2, "{kind:?} {page}");
            browser.press(&format!("{CTRL}a")).await;
            browser.wait_for("return document.querySelectorAll('.row[aria-selected=true]').length > 2").await;
        }
    }
}

#[tokio::test]
async fn a_column_is_dragged_to_another_place() {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    for kind in [Kind::Chromium, Kind::Firefox] {
        let browser = open(kind, &bundle, "#/processes").await;
        browser.drag_to("[data-testid=sort-memory]", "[data-testid=sort-pid]").await;
        browser.wait_hash("cols=memory,pid,user").await;
        let second =
            "return document.querySelectorAll('.vhead [role=columnheader]')[1].dataset.column === 'memory'";
        browser.wait_for(second).await;
        // It was no click.
        assert_eq!(browser.script("return location.hash.includes('sort=')").await, false, "{kind:?}");
    }
}

/// Elements are used again for other rows; whoever hears the page must not notice.
#[tokio::test]
async fn rows_stand_in_their_order_while_they_are_scrolled() {
    let bundle = Bundle::of_this_machine(&[]);
    let browser = open(Kind::Chromium, &bundle, "#/files").await;
    browser.find("[data-testid=file-row]").await;
    for by in [180, 3_000, -400] {
        let scroll = format!("document.querySelector('[data-testid=files-table]').scrollTop += {by}");
        browser.script(&scroll).await;
        let script = "const rows = [...document.querySelectorAll('[data-testid=files-table] .slot:not([data-waits]) > .row')];
            const top = (row) => row.getBoundingClientRect().top;
            return rows.length > 10 && rows.every((row, at) => !at || (top(row) - top(rows[at - 1]) === 28
                && row.ariaRowIndex - rows[at - 1].ariaRowIndex === 1));";
        browser.wait_for(script).await;
        // Where somebody looks there is no gap, as soon as the page has drawn.
        let seen = "const list = document.querySelector('[data-testid=files-table]').getBoundingClientRect();
            const row = document.elementFromPoint(list.left + 200, list.top + 200).closest('[data-row]');
            return !!row";
        browser.wait_for(seen).await;
    }
}

/// Elements of rows that are folded away wait in the page: nobody may see, hear or find them, and they come back as they were.
#[tokio::test]
async fn folded_rows_are_nowhere_and_come_back() {
    let bundle = Bundle::of_this_machine(&[]);
    for kind in [Kind::Chromium, Kind::Firefox] {
        let browser = open(kind, &bundle, "#/processes").await;
        browser.click("[data-testid=expand-all]").await;
        browser.wait_for("return document.querySelectorAll('[data-testid=process-row]').length > 20").await;
        let rows = "const rows = [...document.querySelectorAll('[data-testid=process-row]')];
            const top = (row) => Math.round(row.getBoundingClientRect().top);
            if (rows.some((row, at) => at && top(row) - top(rows[at - 1]) !== 28)) return null;
            return rows.map((row) => [row.id, row.ariaRowIndex, row.ariaExpanded, row.innerText].join());";
        let before = browser.wait_for(rows).await;
        let number = before.as_array().unwrap().len();
        browser.click("[data-testid=collapse-all]").await;
        browser
            .wait_for(&format!(
                "return document.querySelectorAll('[data-testid=process-row]').length < {number}"
            ))
            .await;
        let waiting = "const waiting = [...document.querySelectorAll('.slot[data-waits] > .row')];
            return waiting.length > 0 && waiting.every((row) => getComputedStyle(row).visibility === 'hidden'
                && row.getBoundingClientRect().bottom < 0 && !row.id && !row.dataset.row && !row.ariaSelected)";
        browser.wait_for(waiting).await;
        assert!(browser.script("return document.querySelector('.vlist').scrollTop").await == 0, "{kind:?}");
        browser.click("[data-testid=expand-all]").await;
        browser
            .wait_for(&format!(
                "return document.querySelectorAll('[data-testid=process-row]').length === {number}"
            ))
            .await;
        assert_eq!(browser.wait_for(rows).await, before, "{kind:?}");
    }
}
