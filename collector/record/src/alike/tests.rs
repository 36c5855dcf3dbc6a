use super::*;
use procglass_model::bundle::template::fill;
use procglass_model::bundle::{Bases, sha256};
use proptest::prelude::*;
use std::collections::HashMap;

/// As the collector goes about it: what each content is written as, and that it comes back.
#[derive(Default)]
struct Bundle {
    alike: Alike,
    texts: HashMap<String, Vec<u8>>,
}

impl Bundle {
    fn write(&mut self, content: &[u8]) -> Option<(String, String)> {
        if self.alike.find(content).is_none() {
            let mut pattern = self.alike.compare(content)?;
            pattern.hash = format!("{:x?}", sha256(&pattern.template(true)));
            self.texts.insert(pattern.hash.clone(), pattern.template(true));
            self.alike.add(pattern);
        }
        let (hash, given) = self.alike.find(content)?;
        let (template, given) = (self.texts[hash].clone(), given.to_vec());
        assert_eq!(fill(&template, &Bases::default(), &given).unwrap(), content);
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Some((text(&template), text(&given)))
    }
}

#[test]
fn workers_differ_in_their_number() {
    let mut bundle = Bundle::default();
    let worker = |number| {
        format!("PATH=/bin:/usr/bin\0ID={number}\0A={{x}}\0NAME=worker-{number}-of-12\0").into_bytes()
    };
    assert_eq!(bundle.write(&worker(9)), None);
    assert_eq!(bundle.write(&worker(10)), None, "two may be chance");
    let template = "PATH=/bin:/usr/bin\0ID={0}\0A={{x}\0NAME=worker-{0}-of-12\0".to_owned();
    for number in [11, 9, 12345] {
        assert_eq!(bundle.write(&worker(number)), Some((template.clone(), number.to_string())));
    }
    let other = b"PATH=/bin:/usr/bin\0ID=7\0A={x}\0NAME=worker-8-of-12\0";
    let (template, given) = bundle.write(other).unwrap();
    assert_eq!(template, "PATH=/bin:/usr/bin\0ID={0}\0A={{x}\0NAME=worker-{1}-of-12\0");
    assert_eq!((given.as_str(), bundle.alike.patterns.len()), ("7,8", 1), "the wider one is in its place");
    assert_eq!(bundle.write(&worker(6)).unwrap().1, "6,6");
}

#[test]
fn what_is_the_same_needs_no_words() {
    let mut bundle = Bundle::default();
    let content = b"A=1\0B=two words\0";
    let written: Vec<_> = (0..4).map(|_| bundle.write(content)).collect();
    assert_eq!(written[..2], [None, None]);
    assert_eq!(written[3], Some((String::from_utf8_lossy(content).into_owned(), String::new())));
}

#[test]
fn numbers_in_columns() {
    let mut bundle = Bundle::default();
    let line =
        |time: u64| format!("some longer text to stand before it :{time:>12}.5\nprio :  120\n").into_bytes();
    for (time, given) in
        [(1, None), (22, None), (333, Some("333")), (1_234_567_890_123, Some("1234567890123"))]
    {
        let (template, word) = bundle.write(&line(time)).unzip();
        assert_eq!(word.as_deref(), given);
        assert!(template.is_none_or(|text| text.contains(" :{0:12}.5\nprio :  120\n")));
    }
    let (template, word) = bundle.write(b"some longer text to stand before it : 7.5\nprio :  120\n").unwrap();
    assert_eq!(word, " 7", "no column any more");
    assert!(template.contains(" :{0}.5\n"));
    assert_eq!(bundle.write(&line(4)).unwrap().1, "           4");
}

#[test]
fn other_services_are_not_like_it() {
    let between = |one: &str, other: &str| Pattern::between(one.as_bytes(), other.as_bytes(), &[]);
    for (one, other) in
        [("A=1\0B=2\0", "A=1\0C=2\0D=3\0"), ("A=1\0", "B=2\0"), ("", "A=1\0"), ("A=1", "A=1\0")]
    {
        assert_eq!(between(one, other), None, "{one:?}");
    }
    let many = |from: usize| {
        (from..from + GIVEN_MAX + 1).map(|n| format!("{n}=long-enough-to-be-little\0")).collect::<String>()
    };
    assert_eq!(between(&many(100), &many(500)), None);
}

#[test]
fn the_pattern_that_fits_is_found_among_others() {
    let mut bundle = Bundle::default();
    let text = |service: usize, worker: usize| {
        format!("{}=long-name-of-it-and-more\0W={worker}\0", "S_".repeat(service + 1)).into_bytes()
    };
    for service in 0..PATTERNS + 3 {
        for worker in 0..3 {
            assert_eq!(bundle.write(&text(service, worker)).is_some(), worker == 2);
        }
    }
    assert_eq!((bundle.alike.patterns.len(), bundle.alike.candidates.len()), (PATTERNS, 0));
    for service in [PATTERNS + 2, 4, 5, 4] {
        assert_eq!(bundle.write(&text(service, 77)).unwrap().1, "77");
    }
    assert!(bundle.alike.find(&text(0, 77)).is_none(), "the oldest are forgotten");
}

proptest! {
    #[test]
    fn what_is_written_comes_back(
        texts in prop::collection::vec("([A-Z]{1,2}=[ac{},]{0,2}[0-9 ]{0,3}-long-{0,1}\0){0,4}", 0..12),
    ) {
        let mut bundle = Bundle::default();
        for text in &texts {
            bundle.write(text.as_bytes());
            bundle.write(text.as_bytes());
        }
    }

    #[test]
    fn what_is_a_template_itself_comes_back(names in prop::collection::vec("[a-b{}0 ]{0,4}", 0..8), pid in 1..30u64) {
        let (mut alike, mut texts) = (Alike::default(), HashMap::new());
        for name in &names {
            let mut content = b"Name:\t".to_vec();
            push_literal(&mut content, name.as_bytes());
            content.extend_from_slice(b"\nPid:\t{a:d}\nGroups, and what else makes it long enough:\t0\n");
            if alike.find(&content).is_none()
                && let Some(mut pattern) = alike.compare(&content)
            {
                pattern.hash = texts.len().to_string();
                texts.insert(pattern.hash.clone(), pattern.template(false));
                alike.add(pattern);
            }
            if let Some((hash, given)) = alike.find(&content) {
                let bases = Bases::from([pid]);
                prop_assert_eq!(fill(&texts[hash], &bases, given).unwrap(), fill(&content, &bases, b"").unwrap());
            }
        }
    }

    #[test]
    fn any_bytes_are_survived(old: Vec<u8>, new: Vec<u8>, third: Vec<u8>) {
        let mut bundle = Bundle::default();
        for content in [&old, &new, &old, &old, &third, &new, &new] {
            bundle.write(content);
        }
    }
}
