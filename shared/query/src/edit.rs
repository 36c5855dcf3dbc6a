//! Putting terms into a query and taking them out, as text: what stands in an address bar stays what a person typed.

use super::matcher::Span;
use super::parse::words;
use procglass_model::Timestamp;

/// The query in pieces: alternatives of words as typed. A quote that is not closed cannot be taken apart by the rules, so
/// then blanks decide.
fn pieces(query: &str) -> Vec<Vec<&str>> {
    let Ok(words) = words(query) else { return vec![query.split_whitespace().collect()] };
    let mut alternatives = vec![Vec::new()];
    for word in words {
        let text = query.get(word.at.clone()).unwrap_or_default();
        if word.is_or() {
            alternatives.push(Vec::new());
        } else if let Some(last) = alternatives.last_mut() {
            last.push(text);
        }
    }
    alternatives
}

/// An alternative without a term lets everything pass, and so does the whole query then.
fn joined(alternatives: &[Vec<&str>]) -> String {
    if alternatives.iter().any(Vec::is_empty) {
        return String::new();
    }
    alternatives.iter().map(|words| words.join(" ")).collect::<Vec<_>>().join(" or ")
}

fn without(query: &str, goes: impl Fn(&str) -> bool) -> String {
    let mut alternatives = pieces(query);
    for words in &mut alternatives {
        words.retain(|word| !goes(word));
    }
    joined(&alternatives)
}

/// Whether every alternative has this very term.
#[must_use]
pub fn has_term(query: &str, term: &str) -> bool {
    pieces(query).iter().all(|words| words.contains(&term))
}

/// The query with a term more, in every alternative that has it not yet.
#[must_use]
pub fn with_term(query: &str, term: &str) -> String {
    let mut alternatives = pieces(query);
    for words in &mut alternatives {
        if !words.contains(&term) {
            words.push(term);
        }
    }
    joined(&alternatives)
}

/// The query without a term.
#[must_use]
pub fn without_term(query: &str, term: &str) -> String {
    without(query, |word| word == term)
}

/// The query without all terms of a field that exclude nothing: `started`.
#[must_use]
pub fn without_field(query: &str, field: &str) -> String {
    without(query, |word| value(word, field).is_some())
}

fn value<'a>(word: &'a str, field: &str) -> Option<&'a str> {
    let (name, value) = word.split_once(':')?;
    name.eq_ignore_ascii_case(field).then_some(value)
}

/// The span of time that the query's `started:` terms leave, from inclusive to exclusive: the narrowest of the first
/// alternative. `None` when it has no such term.
#[must_use]
pub fn started(query: &str) -> Option<(Timestamp, Timestamp)> {
    let alternatives = pieces(query);
    let spans = alternatives.first()?.iter().filter_map(|word| Span::parse(value(word, "started")?));
    spans.fold(None, |all: Option<(Timestamp, Timestamp)>, span| {
        let (from, to) = span.ends();
        Some(all.map_or((from, to), |(after, before)| (from.max(after), to.min(before))))
    })
}

/// The query with other `started:` terms: from inclusive to exclusive, in UTC.
#[must_use]
pub fn with_started(query: &str, from: Timestamp, to: Timestamp) -> String {
    let rest = without_field(query, "started");
    let rest = with_term(&rest, &format!("started:>{}", short(from)));
    with_term(&rest, &format!("started:<{}", short(to)))
}

/// As short as the query language understands it.
fn short(time: Timestamp) -> String {
    let full = time.to_string();
    full.strip_suffix(".000Z").or(full.strip_suffix('Z')).unwrap_or(&full).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Filter;

    #[test]
    fn terms_come_and_go() {
        assert_eq!(with_term("", "is:root"), "is:root");
        assert_eq!(with_term("ssh is:root", "is:root"), "ssh is:root");
        assert_eq!(with_term("a or \"b c\"", "is:root"), "a is:root or \"b c\" is:root");
        assert_eq!(without_term("a is:root or b is:root", "is:root"), "a or b");
        assert_eq!(without_term("is:root", "is:root"), "");
        assert_eq!(without_term("is:root or b", "is:root"), "", "everything passes");
        assert!(has_term("a is:root", "is:root") && !has_term("a is:rooted", "is:root"));
        assert_eq!(with_term("\"open", "x"), "\"open x", "what is not understood is only added to");
    }

    #[test]
    fn spans_of_time() {
        let at = |text| Timestamp::parse(text).unwrap();
        let (from, to) = (at("2026-11-24T06:00:00Z"), at("2026-11-24T06:00:00.250Z"));
        let query = with_started("ssh -started:2026-11-24 started:>2020-01-01", from, to);
        let expected =
            "ssh -started:2026-11-24 started:>2026-11-24T06:00:00 started:<2026-11-24T06:00:00.250";
        assert_eq!(query, expected);
        assert!(Filter::parse(&query).is_ok());
        assert_eq!(started(&query), Some((from, to)));
        assert_eq!(started("ssh"), None);
        assert_eq!(started("started:<2026-11-24T06:00").unwrap().1, from);
        assert_eq!(without_field(&query, "started"), "ssh -started:2026-11-24");
    }

    proptest::proptest! {
        #[test]
        fn any_query_is_survived(query: String) {
            let more = with_term(&query, "is:root");
            proptest::prop_assert!(more.is_empty() || has_term(&more, "is:root") || query.contains('"'));
            let _ = (without_field(&query, "started"), started(&query));
        }
    }
}
