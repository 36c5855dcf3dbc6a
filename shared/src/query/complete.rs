//! What could come next in a query: fields first, then the values that are really there.

use super::field::{FIELDS, FLAGS, Field, FieldSpec};
use crate::model::{Process, Snapshot};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The whole word that takes the place of [`Completions::at`].
    pub word: String,
    /// What it finds, or how often the value occurs.
    pub why: String,
}

/// Every way to go on from the end of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// The bytes of the query that a completion replaces: its last word.
    pub at: Range<usize>,
    /// The likeliest first.
    pub list: Vec<Completion>,
}

/// More than this is no help.
const MOST: usize = 10;

/// Completes the last word of `query` with fields, properties, and values of `snapshot`.
#[must_use]
pub fn complete(snapshot: &Snapshot, query: &str) -> Completions {
    let start = query
        .rfind(char::is_whitespace)
        .map_or(0, |at| at + query[at..].chars().next().map_or(1, char::len_utf8));
    let typed = query.get(start..).unwrap_or_default();
    let (sign, word) = typed.strip_prefix('-').map_or(("", typed), |word| ("-", word));
    let list = match word.split_once(':') {
        _ if word.is_empty() || word.starts_with('"') => Vec::new(),
        Some((name, value)) => FIELDS
            .iter()
            .find(|spec| spec.name.eq_ignore_ascii_case(name))
            .map(|spec| values(snapshot, spec, value))
            .unwrap_or_default(),
        None => fields(word),
    };
    let signed = |Completion { word, why }| Completion { word: format!("{sign}{word}"), why };
    Completions { at: start..query.len(), list: list.into_iter().map(signed).collect() }
}

fn fields(word: &str) -> Vec<Completion> {
    let begins = |name: &str| name.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let fields = FIELDS.iter().filter(|spec| begins(spec.name));
    let fields = fields.map(|spec| Completion { word: format!("{}:", spec.name), why: spec.why.to_owned() });
    let flags = FLAGS.iter().filter(|(name, _)| begins(name));
    let flags = flags.map(|(name, why)| Completion { word: format!("is:{name}"), why: (*why).to_owned() });
    fields.chain(flags).take(MOST).collect()
}

/// Values that occur, the most frequent first, whose text has `part` in it.
fn values(snapshot: &Snapshot, spec: &FieldSpec, part: &str) -> Vec<Completion> {
    if spec.field == Field::Is {
        let flags = FLAGS.iter().filter(|(name, _)| name.contains(&part.to_ascii_lowercase()));
        let flags =
            flags.map(|(name, why)| Completion { word: format!("is:{name}"), why: (*why).to_owned() });
        return flags.take(MOST).collect();
    }
    let mut counts: HashMap<Cow<'_, [u8]>, usize> = HashMap::new();
    each_value(snapshot, spec.field, &mut |value| *counts.entry(value).or_default() += 1);
    let part = part.trim_start_matches('"').to_ascii_lowercase();
    let has =
        |value: &[u8]| part.is_empty() || super::find(&value.to_ascii_lowercase(), part.as_bytes()).is_some();
    let mut found: Vec<_> = counts.into_iter().filter(|(value, _)| has(value)).collect();
    found.sort_unstable_by(|(a, times), (b, more)| more.cmp(times).then_with(|| a.cmp(b)));
    let word = |value: &[u8]| {
        // A query is text: what is none cannot be typed.
        let text = std::str::from_utf8(value).ok()?;
        let plain = !text.is_empty() && !text.contains(['"', ':']) && crate::text::visible(value) == text;
        let quoted = text.contains(char::is_whitespace);
        plain.then(
            || if quoted { format!("{}:\"{text}\"", spec.name) } else { format!("{}:{text}", spec.name) },
        )
    };
    let one = |(value, times): (Cow<'_, [u8]>, usize)| {
        let why = if times == 1 { "once".to_owned() } else { format!("{times} times") };
        Some(Completion { word: word(&value)?, why })
    };
    found.into_iter().filter_map(one).take(MOST).collect()
}

fn each_value<'a>(snapshot: &'a Snapshot, field: Field, take: &mut dyn FnMut(Cow<'a, [u8]>)) {
    let mut of_processes = |get: &dyn Fn(&'a Process) -> Option<&'a [u8]>| {
        for value in snapshot.processes.iter().filter_map(get) {
            take(Cow::Borrowed(value));
        }
    };
    match field {
        Field::Name => of_processes(&|process| Some(&process.name)),
        Field::User => of_processes(&|process| process.user.as_ref().map(|user| user.as_slice())),
        Field::Container => of_processes(&|process| process.container.as_ref().map(|id| id.as_slice())),
        Field::Exe => of_processes(&|process| process.exe_path().map(|path| &**path)),
        Field::Cwd => of_processes(&|process| process.cwd.as_ref().map(|cwd| cwd.as_slice())),
        Field::Protocol => {
            snapshot.sockets.iter().for_each(|s| take(Cow::Borrowed(s.protocol.word().as_bytes())));
        }
        Field::State => snapshot.sockets.iter().for_each(|s| take(Cow::Borrowed(s.state.as_bytes()))),
        Field::Finding => {
            for finding in snapshot.findings_if_ready().into_iter().flat_map(|findings| &findings.all) {
                take(Cow::Borrowed(finding.severity.word().as_bytes()));
                take(Cow::Borrowed(finding.rule.id.as_bytes()));
            }
        }
        Field::Port
        | Field::LocalPort
        | Field::RemotePort
        | Field::Address
        | Field::Local
        | Field::Remote => {
            for socket in &snapshot.sockets {
                let (local, remote) = match field {
                    Field::LocalPort | Field::Local => (socket.local, None),
                    Field::RemotePort | Field::Remote => (None, socket.remote),
                    _ => (socket.local, socket.remote),
                };
                for (address, port) in [local, remote].into_iter().flatten().filter(|(_, port)| *port != 0) {
                    let ports = matches!(field, Field::Port | Field::LocalPort | Field::RemotePort);
                    let text = if ports { port.to_string() } else { address.to_string() };
                    take(Cow::Owned(text.into_bytes()));
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use crate::query::Filter;
    use proptest::prelude::*;

    fn words(query: &str) -> Vec<String> {
        complete(&fixture::payments(), query).list.into_iter().map(|one| one.word).collect()
    }

    #[test]
    fn fields_and_properties_then_values_that_are_there() {
        assert_eq!(words("na"), ["name:"]);
        assert_eq!(words("li"), ["is:listening"]);
        assert_eq!(words("user:"), ["user:root", "user:www-data", "user:redis"]);
        assert_eq!(words("is:del"), ["is:deleted"]);
        assert_eq!(words("name:ngi"), ["name:nginx"]);
        assert_eq!(words("rport:44"), ["rport:4444"]);
        assert_eq!(words("name:x -user:www"), ["-user:www-data"]);
        assert_eq!(words("nonsense:x"), [""; 0]);
        assert_eq!(words(""), [""; 0]);
        let here = complete(&fixture::payments(), "name:nginx po");
        assert_eq!((here.at, here.list[0].word.as_str()), (11..13, "port:"));
    }

    proptest! {
        #[test]
        fn any_text_can_be_gone_on_from(query: String) {
            let snapshot = fixture::payments();
            let Completions { at, list } = complete(&snapshot, &query);
            prop_assert!(query.get(at).is_some());
            for one in list.iter().filter(|one| !one.word.ends_with(':')) {
                prop_assert!(Filter::parse(&one.word).is_ok(), "{}", one.word);
            }
        }
    }
}
