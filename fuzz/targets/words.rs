//! What a person types or gives as a list: questions, indicators, times, columns of logs, what to leave out, identities,
//! passphrases, and what a host allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_age::{Recipient, first_line, identities, weakness};
use procglass_findings::Indicators;
use procglass_logs::{Columns, Options};
use procglass_model::Timestamp;
use procglass_model::bundle::{Bases, template};
use procglass_proc::link::bracketed_inode;
use procglass_report::redact::Choice;
use procglass_systems::Question;
use std::net::{IpAddr, Ipv4Addr};

/// What the policy's messages need of the viewer.
mod format {
    pub(crate) fn clip(bytes: &[u8], limit: usize) -> std::borrow::Cow<'_, str> {
        procglass_model::text::visible(&bytes[..bytes.len().min(limit)])
    }
}
#[allow(dead_code)]
#[path = "../../viewer/src/load/policy.rs"]
mod policy;

fuzz_target!(|text: &str| {
    match Question::parse(text) {
        Ok(question) => drop((question.words(), question.text().len())),
        Err(error) => assert!(!error.to_string().chars().any(char::is_control)),
    }
    let list = Indicators::parse(text);
    assert!(list.list.len() <= text.lines().count());
    for indicator in &list.list {
        assert!(!indicator.value.is_empty());
    }
    let _ = (list.address(IpAddr::V4(Ipv4Addr::LOCALHOST)), list.word(text.as_bytes()));
    if let Some(time) = Timestamp::parse(text) {
        // Printed are milliseconds.
        let printed = time.to_string();
        assert_eq!(Timestamp::parse(&printed).map(|time| time.to_string()), Some(printed), "{text}");
    }
    let _ = (Columns::parse(text), Options::parse_fields(text), text.parse::<Choice>());
    let _ =
        (identities(text), text.parse::<Recipient>(), weakness(text.as_bytes()), first_line(text.as_bytes()));
    let _ = (bracketed_inode(text.as_bytes(), "socket"), template::words(text.as_bytes()));
    let (pattern, given) = text.split_once('\0').unwrap_or((text, "one,two"));
    let _ = template::fill(pattern.as_bytes(), &Bases::from([1, u64::MAX]), given.as_bytes());
    if let Some((policy, path)) = text.split_once('\n') {
        match policy::check(policy, path) {
            Ok(()) => assert!(!path.contains("..") || !path.contains("/."), "{path}"),
            Err(refusal) => assert!(!refusal.to_string().chars().any(char::is_control)),
        }
    }
});
