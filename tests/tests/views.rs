//! What the pages do: the brush of the timeline, the picture of the network, columns, export, search.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use fantoccini::key::Key;
use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::{Bundle, procglass};
use procglass_tests::plant::Planted;

async fn open(kind: Kind, bundle: &Bundle, hash: &str) -> Browser {
    let browser = Browser::start(kind, 1440, 900).await;
    browser.open_file(&bundle.report(), hash).await;
    browser.wait_state("ready").await;
    browser
}

/// The number of a text's first digits; thousands are set apart by narrow spaces.
fn number(text: &str) -> usize {
    let digits = text.chars().take_while(|char| char.is_ascii_digit() || *char == '\u{202f}');
    digits.filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

/// The filter as the terminal takes it, from an address.
fn query(hash: &str) -> String {
    let value = hash.split(['?', '&']).find_map(|part| part.strip_prefix("q=")).unwrap();
    value.replace("%20", " ").replace("%3E", ">").replace("%3C", "<")
}

#[tokio::test]
async fn a_part_of_the_timeline_becomes_the_filter_of_every_page() {
    let _planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let browser = open(Kind::Chromium, &bundle, "#/timeline").await;
    browser.drag("[data-testid=brush]", 0.6, 0.999).await;
    let hash = browser.wait_hash("started:<").await;
    browser.wait_text("[data-testid=brushed]", "Every page shows only these").await;
    let query = query(&hash);
    assert!(query.contains("started:>"), "{hash}");
    let expected = bundle.show("processes", &["--filter", &query]).len();
    assert!(expected > 0, "the last bar holds what has just started");
    assert_eq!(number(&browser.wait_text("[data-testid=tally]", "match").await), expected);
    browser.click("[data-testid=nav-processes]").await;
    browser.find("[data-testid=process-grid]").await;
    assert_eq!(number(&browser.wait_text("[data-testid=tally]", "match").await), expected);
    browser.click("[data-testid=nav-timeline]").await;
    browser.click("[data-testid=brush-clear]").await;
    browser.wait_for("return !location.hash.includes('started')").await;
}

#[tokio::test]
async fn the_brush_works_without_a_mouse() {
    let bundle = Bundle::of_this_machine(&[]);
    for kind in [Kind::Chromium, Kind::Firefox] {
        let browser = open(kind, &bundle, "#/timeline").await;
        browser.tab_to("[data-testid=brush-from]").await;
        let now = "return document.querySelector('[data-testid=brush-from]').ariaValueNow";
        assert_eq!(browser.script(now).await, "0");
        browser.press("\u{e014}").await;
        browser.wait_for(&format!("{now} === '1'")).await;
        let hash = browser.wait_hash("started:>").await;
        browser.press("\u{e00c}").await;
        browser.wait_for("return !location.hash.includes('started')").await;
        assert!(!query(&hash).is_empty());
    }
}

#[tokio::test]
async fn times_are_told_in_the_zone_that_was_chosen() {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let browser = open(Kind::Chromium, &bundle, "#/timeline").await;
    browser.wait_text("[data-testid=timeline-list]", "Started (UTC)").await;
    browser.timezone("Asia/Kolkata").await;
    browser.click("[data-testid=zone]").await;
    browser.wait_text("[data-testid=zone]", "local UTC+05:30").await;
    browser.wait_text("[data-testid=timeline-list]", "Started (local)").await;
    browser.wait_text(".system-when", "UTC+05:30").await;
    browser.click("[data-testid=nav-overview]").await;
    browser.wait_text("[data-testid=overview]", "UTC+05:30").await;
    assert!(browser.wait_hash("time=local").await.contains("time=local"), "a link says it too");
}

#[tokio::test]
async fn a_part_of_the_picture_leaves_its_sockets_in_the_table() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    // The machine may be full of connections, and only the largest ends have a place of their own.
    let hash = format!("#/network?show=picture&q=pid:{}", planted.pid());
    let browser = open(Kind::Chromium, &bundle, &hash).await;
    browser.wait_text("[data-testid=tally]", "3 of ").await;
    browser.click("[data-testid=flow-far]").await;
    browser.wait_text("[data-testid=picked]", &format!("rport:{}", planted.port)).await;
    browser.wait_text("[data-testid=tally]", "1 of ").await;
    let row = browser.wait_text("[data-testid=network-table]", &planted.near_port.to_string()).await;
    assert!(row.contains("ESTABLISHED") && !row.contains("LISTEN"), "{row}");
    browser.click("[data-testid=picked]").await;
    browser.wait_text("[data-testid=tally]", "3 of ").await;
    // And without a mouse.
    browser.tab_to("[data-testid=flow-far]").await;
    browser.press("\u{e007}").await;
    browser.wait_text("[data-testid=tally]", "1 of ").await;
    browser.wait_hash("pick=").await;

    browser.click("[data-testid=save-svg]").await;
    let host = browser.text(".system-name").await;
    let saved = String::from_utf8(browser.saved(&format!("{host}-network.svg")).await).unwrap();
    assert!(saved.starts_with("<svg xmlns=") && saved.trim_end().ends_with("</svg>"), "{saved:.200}");
    assert!(saved.contains(&format!("{} {}", planted.name, planted.pid())) && saved.contains("SHA-256"));
    assert!(!saved.contains("var(--"), "its colours are its own");
}

/// What is saved is what the terminal prints, to the byte.
#[tokio::test]
async fn exports_are_what_the_terminal_prints() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let path = bundle.path.to_str().unwrap();
    let filter = format!("pid:{}", planted.pid());
    for kind in [Kind::Chromium, Kind::Firefox] {
        let browser = open(kind, &bundle, "#/").await;
        let host = browser.text(".system-name").await;
        for (hash, view, file, form) in [
            (format!("#/processes?q={filter}"), "tree", "processes", "csv"),
            (format!("#/processes?q={filter}&view=list"), "processes", "processes", "json"),
            (format!("#/network?q={filter}"), "sockets", "sockets", "csv"),
            (format!("#/files?q={filter}"), "files", "files", "json"),
            (format!("#/timeline?q={filter}"), "processes", "timeline", "csv"),
            ("#/evidence?show=problems".into(), "problems", "problems", "csv"),
        ] {
            browser.client.execute("location.hash = arguments[0]", vec![hash.clone().into()]).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            browser.click("[data-testid=export]").await;
            browser.click(&format!("[data-value='save {form}']")).await;
            browser.wait_text("[data-testid=export-said]", "saved").await;
            let name = format!("{host}-{file}.{form}");
            let saved = browser.saved(&name).await;
            let query = if view == "problems" { "" } else { &filter };
            let printed = procglass(&["show", path, view, "--format", form, "--filter", query]).stdout;
            assert_eq!(
                String::from_utf8_lossy(&saved),
                String::from_utf8_lossy(&printed),
                "{kind:?} {hash} {form}"
            );
            browser.forget(&name);
        }
    }
}

#[tokio::test]
async fn columns_stand_in_the_address_and_stay_after_a_reload() {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let browser = open(Kind::Chromium, &bundle, "#/processes").await;
    let heads = "return [...document.querySelectorAll('.vhead [role=columnheader]')].map(e => e.innerText.trim()).join('|')";
    let before = browser.script(heads).await;
    assert!(before.as_str().unwrap().starts_with("Name|PID|User|"), "{before}");
    browser.click("[data-testid=columns]").await;
    browser.click("[data-testid=col-user]").await;
    browser.wait_for("return !document.querySelector('.vhead .c-user')").await;
    browser.click("[data-testid=col-pid-right]").await;
    let wanted =
        "return document.querySelectorAll('.vhead [role=columnheader]')[1].innerText.startsWith('Started')";
    browser.wait_for(wanted).await;
    browser.wait_hash("cols=started,pid,").await;
    let after = browser.script(heads).await;
    browser.client.refresh().await.unwrap();
    browser.wait_state("ready").await;
    browser.wait_for(wanted).await;
    assert_eq!(browser.script(heads).await, after);
    browser.click("[data-testid=sort-memory]").await;
    browser.wait_for("return document.querySelector('.vhead .c-memory').ariaSort === 'descending'").await;
    browser.click("[data-testid=columns]").await;
    browser.click("[data-testid=columns-reset]").await;
    browser.wait_for("return !location.hash.includes('cols')").await;
}

#[tokio::test]
async fn the_pane_is_resized_with_the_keyboard_and_the_pointer() {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let browser = open(Kind::Chromium, &bundle, "#/processes?sel=1").await;
    let width = "return Math.round(document.querySelector('.pane').getBoundingClientRect().width)";
    browser.find("[data-testid=separator]").await;
    let before = browser.script(width).await.as_u64().unwrap();
    browser.tab_to("[data-testid=separator]").await;
    browser.press("\u{e012}").await;
    let hash = browser.wait_hash("pane=").await;
    let wider = browser.script(width).await.as_u64().unwrap();
    assert!(wider > before && hash.contains(&format!("pane={wider}")), "{before} {wider} {hash}");
    let from = browser.find("[data-testid=separator]").await.rectangle().await.unwrap();
    browser.drag("[data-testid=separator]", 0.5, -200.0 / from.2).await;
    browser.wait_for(&format!("{width} > {}", wider + 150)).await;
}

#[tokio::test]
async fn the_palette_finds_everything_and_says_why() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let browser = open(Kind::Chromium, &bundle, "#/").await;
    let ask = async |text: &str| {
        browser.press(&(Key::Control + "k")).await;
        browser.find("[data-testid=palette-input]").await.send_keys(text).await.unwrap();
        browser.wait_text("[data-testid=palette-said]", "result").await;
        browser.text(".palette-list").await
    };
    let found = ask(&planted.name).await;
    assert!(
        found.contains("Processes") && found.contains(&format!("{} {}", planted.name, planted.pid())),
        "{found}"
    );
    browser.press("\u{e007}").await;
    browser.wait_text("[data-testid=process-page]", &planted.name).await;

    let found = ask("PLANTED_TOKEN").await;
    assert!(found.contains("Environment names") && found.contains("environment"), "{found}");
    browser.press("\u{e00c}").await;
    let found = ask(&format!("127.0.0.1:{}", planted.near_port)).await;
    assert!(found.contains("Addresses") && found.contains("address"), "{found}");
    browser.press("\u{e00c}").await;
    let hash = bundle.show("processes", &["--filter", &format!("pid:{}", planted.pid())]);
    assert_eq!(hash.len(), 1);
    ask("theme dark").await;
    browser.press("\u{e007}").await;
    browser.wait_for("return document.documentElement.dataset.theme === 'dark'").await;
    ask("go timeline").await;
    browser.press("\u{e007}").await;
    browser.find("[data-testid=timeline-list]").await;
}

#[tokio::test]
async fn facets_talk_and_what_is_below() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let browser = open(Kind::Chromium, &bundle, &format!("#/network?q=pid:{}", planted.pid())).await;
    browser.wait_text("[data-testid=tally]", "3 of ").await;
    let state = browser.find("[data-testid=facet-state]").await;
    state.select_by_value("LISTEN").await.unwrap();
    browser.wait_text("[data-testid=tally]", "1 of ").await;
    browser.wait_hash("state=LISTEN").await;
    // This test holds the other end of the pipe that is the planted process's input.
    browser.click("[data-testid=choose-talk]").await;
    let talks = browser.wait_text("[data-testid=talk-table]", &planted.name).await;
    assert!(talks.contains("pipe "), "{talks}");
    assert!(talks.contains(&std::process::id().to_string()), "{talks}");

    let own = std::process::id();
    browser
        .client
        .execute("location.hash = arguments[0]", vec![format!("#/processes?q=pid:{own}").into()])
        .await
        .unwrap();
    let row = format!("[data-testid=process-row][data-pid=\"{}\"]", planted.pid());
    browser.wait_text("[data-testid=tally]", "1 of ").await;
    assert_eq!(browser.text(&row).await, "", "below a match, and hidden");
    browser.click("[data-testid=with-below]").await;
    browser.wait_text(&row, &planted.name).await;
}

/// Fields first, then the values that are really there, by keyboard alone.
#[tokio::test]
async fn the_filter_completes_from_the_data() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let browser = Browser::start(Kind::Chromium, 1300, 900).await;
    browser.open_file(&bundle.report(), "#/processes").await;
    browser.wait_state("ready").await;
    let field = browser.find("[data-testid=filter]").await;
    field.send_keys("nam").await.unwrap();
    browser.wait_text("[data-testid=suggestions]", "name:").await;
    field.send_keys("\u{e015}\u{e007}pgpla").await.unwrap();
    browser.wait_text("[data-testid=suggestions]", &format!("name:{}", planted.name)).await;
    field.send_keys("\u{e015}\u{e007}").await.unwrap();
    browser.find(&format!("[data-testid=process-row][data-pid='{}']", planted.pid())).await;
    let value = browser.script("return document.querySelector('[data-testid=filter]').value").await;
    assert_eq!(value, format!("name:{} ", planted.name));
}
