//! What stands in front of a kernel's message.

use crate::syslog::{Clock, head};
use bstr::ByteSlice as _;
use procglass_model::Timestamp;

/// Time, host and message of one line.
#[track_caller]
fn expect(line: &str, time: Option<&str>, host: Option<&str>, message: &str) {
    let reference = Timestamp::parse("2026-12-02T00:00:00Z");
    let head = head(line.as_bytes(), Clock { zone: 0, reference });
    assert_eq!(head.time.map(|time| time.to_string()).as_deref(), time, "{line}");
    assert_eq!(head.host.map(|host| host.to_str_lossy().into_owned()).as_deref(), host, "{line}");
    assert_eq!(head.message.to_str_lossy(), message, "{line}");
}

const AT: Option<&str> = Some("2026-12-01T03:00:00.000Z");
const FINE: Option<&str> = Some("2026-12-01T03:00:00.123Z");
const WEB: Option<&str> = Some("web-1");

#[test]
fn forms_of_rfc_3164() {
    for time in [
        "Dec  1 03:00:00",
        "<4>Dec  1 03:00:00",
        "<4> Dec 01 03:00:00",
        "Dec  1 2026 03:00:00",
        "Dec  1 03:00:00 2026",
        "Dec  1 2026 03:00:00 UTC",
        "2026 Dec  1 03:00:00",
        "Tue Dec  1 03:00:00 2026",
        "Tue Dec  1 03:00:00 UTC 2026",
        "Dec 01 03:00:00 +0000",
        "2026-12-01 03:00:00",
        "2026/12/01 03:00:00",
        "2026-12-01 05:00:00 +0200",
        "2026-12-01 05:00:00+02:00",
        "Nov 30 2026 01:00:00 relay Dec  1 03:00:00",
    ] {
        expect(&format!("{time} web-1 kernel: [  203.842973] [UFW BLOCK] "), AT, WEB, "[UFW BLOCK]");
        expect(&format!("{time} web-1 in-web:"), AT, WEB, "in-web:");
        expect(&format!("{time} web-1 ulogd[811]: in-web "), AT, WEB, "in-web");
        expect(&format!("{time} web-1 "), AT, WEB, "");
        expect(
            &format!("{time} kernel: DROP "),
            AT,
            if time.contains("relay") { Some("relay") } else { None },
            "DROP",
        );
    }
    expect("Dec 01 03:00:00.123456 web-1 kernel: x", FINE, WEB, "x");
    expect("Dec  1 03:00:00 web-1 kernel:[1.5] x", AT, WEB, "x");
    expect("Dec  1 03:00:00 web-1 kernel [1.5] x", AT, WEB, "x");
    expect("Dec  1 03:00:00 web-1 WAN_IN[4]:", AT, WEB, "WAN_IN[4]:");
    expect(
        "Dec  1 03:00:00 OpenWrt kern.warn kernel: [ 1.5] REJECT wan in:",
        AT,
        Some("OpenWrt"),
        "REJECT wan in:",
    );
    expect("Tue Dec  1 03:00:00 2026 kern.warn kernel: [ 1.5] x", AT, None, "x");
}

#[test]
fn forms_of_rfc_5424() {
    let text = "2026-12-01T03:00:00.123Z pass-gw-1 kernel - - - [  203.842973] [fw] ";
    for front in ["<4>1 ", "1 ", "171 <4>1 "] {
        expect(&format!("{front}{text}"), FINE, Some("pass-gw-1"), "[fw]");
    }
    let data = r#"<4>1 2026-12-01T03:00:00.123Z web-1 kernel - - [a b="x\]\"]"][c d="e"] DROP"#;
    expect(data, FINE, WEB, "DROP");
    expect("<4>1 - - kernel - - - DROP", None, None, "DROP");
    expect("<4>1 2026-12-01T03:00:00.123Z web-1 kernel 7 id - \u{feff}DROP", FINE, WEB, "DROP");
}

#[test]
fn forms_of_journalctl_and_dmesg() {
    expect("Tue 2026-12-01 03:00:00 UTC web-1 kernel: x", AT, WEB, "x");
    expect("Tue 2026-12-01 03:00:00 CET web-1 kernel: x", AT, WEB, "x");
    expect("Tue 2026-12-01 00:00:00 -03 web-1 kernel: x", AT, WEB, "x");
    expect("Tue 2026-12-01 03:00:00.123456 UTC web-1 kernel: x", FINE, WEB, "x");
    expect("2026-12-01T03:00:00+0000 web-1 kernel: x", AT, WEB, "x");
    expect("2026-12-01T03:00:00.123456+00:00 web-1 kernel: x", FINE, WEB, "x");
    expect("1796094000.123456 web-1 kernel: x", FINE, WEB, "x");
    expect("[  203.842973] web-1 kernel: [UFW BLOCK] ", None, WEB, "[UFW BLOCK]");
    expect("[  203.842973] [UFW BLOCK] ", None, None, "[UFW BLOCK]");
    expect("[  203.842973 <    0.000012>] DROP ", None, None, "DROP");
    expect("<4>[  203.842973][    C0] DROP ", None, None, "DROP");
    expect("[Tue Dec  1 03:00:00 2026] [UFW BLOCK] ", AT, None, "[UFW BLOCK]");
    expect("kern  :warn  : [Tue Dec  1 03:00:00 2026] DROP ", AT, None, "DROP");
    expect("[Dec 1 03:00] DROP ", AT, None, "DROP");
    expect("[  +0.000012] DROP ", None, None, "DROP");
    expect("2026-12-01T03:00:00,123456+00:00 DROP in ", FINE, None, "DROP in");
    expect("kernel: DROP ", None, None, "DROP");
    expect("[UFW BLOCK] ", None, None, "[UFW BLOCK]");
}

#[test]
fn the_firewall_of_proxmox() {
    let line = "100 6 tap100i0-IN 01/Dec/2026:05:00:00 +0200 policy DROP: ";
    expect(line, AT, None, "policy DROP:");
    expect("0 5 PVEFW-HOST-IN 01/Dec/2026:03:00:00 +0000 DROP: ", AT, None, "DROP:");
}

#[test]
fn a_time_that_cannot_be_is_unclear() {
    for line in ["Feb 30 2026 03:00:00 web-1 kernel: x", "2026-13-01T03:00:00Z web-1 kernel: x"] {
        let head = head(line.as_bytes(), Clock { zone: 0, reference: None });
        assert_eq!((head.time, head.unclear, head.host), (None, true, Some(&b"web-1"[..])), "{line}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_survived(text: Vec<u8>, line in "[<>\\[\\]0-9A-Za-z :,.+-]{0,60}") {
        let clock = Clock { zone: i64::MIN, reference: Some(Timestamp(i64::MAX)) };
        let _ = head(&text, clock);
        let head = head(line.as_bytes(), clock);
        proptest::prop_assert!(head.message.len() <= line.len());
    }
}
