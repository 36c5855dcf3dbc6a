//! The numbers in README.md are those of the program's own tables.
#![allow(missing_docs, clippy::unwrap_used)]

use procglass_findings::RULES;
use procglass_logs::FORMATS;

const README: &str = include_str!("../../README.md");

/// Words of the text, without punctuation around them.
fn words() -> Vec<&'static str> {
    README.split_whitespace().map(|word| word.trim_matches(|char: char| !char.is_alphanumeric())).collect()
}

#[test]
fn rules_are_counted() {
    let words = words();
    let counts = words.iter().zip(words.iter().skip(1)).filter(|(_, what)| what.starts_with("rules"));
    let counts: Vec<usize> = counts.filter_map(|(count, _)| count.parse().ok()).collect();
    assert_eq!(counts, vec![RULES.len(); 2], "README.md says how many rules there are in two places");
}

#[test]
fn kinds_of_logs_are_counted() {
    const NUMBERS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let (words, count) = (words(), NUMBERS.get(FORMATS.len()).unwrap());
    let kinds = words.iter().zip(words.iter().skip(1)).filter(|(_, what)| what.starts_with("kinds"));
    let kinds: Vec<_> = kinds.map(|(count, _)| *count).filter(|count| NUMBERS.contains(count)).collect();
    assert_eq!(kinds, [*count; 2], "README.md says how many kinds of logs there are in two places");
}
