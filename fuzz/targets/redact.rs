//! Leaving things out: whatever the members are, the new bundle is whole, and what was to go is in none of its members.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_fuzz::members;
use procglass_model::bundle::{Limits, Reader};
use procglass_report::redact::{CHOICES, Choices, Names, redact};

/// Stands in what is put in, and in nothing that is written by ourselves.
const ADDRESS: &str = "198.51.100.77";

fuzz_target!(|data: &[u8]| {
    let Some((which, data)) = data.split_first() else { return };
    let chosen = |at: usize| which & (1 << at) != 0;
    let choices: Choices =
        CHOICES.into_iter().enumerate().filter(|(at, _)| chosen(*at)).map(|(_, choice)| choice).collect();
    if choices.is_empty() {
        return;
    }
    let snapshot = members(data);
    let mut names = Names::new(choices);
    let bytes = redact(&mut names, &snapshot, "00").expect("memory takes it");
    let (mut reader, mut all) = (Reader::new(Limits::browser()), Vec::new());
    reader.push(&bytes, |member| all.push(member)).expect("a bundle");
    let integrity = reader.finish(|member| all.push(member)).expect("a bundle");
    assert!(integrity.sentence().contains("intact"), "{}", integrity.sentence());
    if choices.has(procglass_report::redact::Choice::Addresses) {
        for member in &all {
            let text = String::from_utf8_lossy(&member.data);
            // Part of a longer number or name it is no address.
            let left = text.split(|char: char| " \"\n\t".contains(char)).any(|word| word == ADDRESS);
            assert!(!left, "an address is left in {}", member.name);
        }
    }
});
