//! What could come next in a query: fields first, then the values that are really there.

use super::field::{AddressField, FIELDS, FLAGS, Field, FieldSpec, FlagSpec, NumberField, TextField};
use procglass_model::text::find;
use procglass_opened::Opened;
use procglass_snapshot::Process;
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
pub fn complete(snapshot: &Opened, query: &str) -> Completions {
    let words = Words { fields: FIELDS.iter().collect(), flags: FLAGS.iter().collect() };
    words.complete(query, &|field, take| each_value(snapshot, field, take))
}

/// Hands on each value of a field, once for each time that it occurs.
pub(super) type Each<'e, 'a> = &'e dyn Fn(Field, &mut dyn FnMut(Cow<'a, [u8]>));

/// What a query can consist of, on a page.
pub(super) struct Words {
    /// Fields that mean something there, the likeliest first.
    pub(super) fields: Vec<&'static FieldSpec>,
    /// Properties, each with what it finds.
    pub(super) flags: Vec<&'static FlagSpec>,
}

impl Words {
    /// Completes the last word of `query`.
    pub(super) fn complete<'a>(&self, query: &str, each: Each<'_, 'a>) -> Completions {
        let start = query
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + query[at..].chars().next().map_or(1, char::len_utf8));
        let typed = query.get(start..).unwrap_or_default();
        let (sign, word) = typed.strip_prefix('-').map_or(("", typed), |word| ("-", word));
        let list = match word.split_once(':') {
            _ if word.is_empty() || word.starts_with('"') => Vec::new(),
            Some((name, value)) => self
                .fields
                .iter()
                .find(|spec| spec.name.eq_ignore_ascii_case(name))
                .map(|spec| self.values(spec, value, each))
                .unwrap_or_default(),
            None => self.names(word),
        };
        let signed = |Completion { word, why }| Completion { word: format!("{sign}{word}"), why };
        Completions { at: start..query.len(), list: list.into_iter().map(signed).collect() }
    }

    fn names(&self, word: &str) -> Vec<Completion> {
        let begins = |name: &str| name.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
        let fields = self.fields.iter().filter(|spec| begins(spec.name));
        let fields =
            fields.map(|spec| Completion { word: format!("{}:", spec.name), why: spec.why.to_owned() });
        fields.chain(self.flags(&begins)).take(MOST).collect()
    }

    fn flags(&self, fits: &dyn Fn(&str) -> bool) -> impl Iterator<Item = Completion> {
        let flags = self.flags.iter().filter(|spec| fits(spec.name));
        flags.map(|spec| Completion { word: format!("is:{}", spec.name), why: spec.why.to_owned() })
    }

    /// Values that occur, the most frequent first, whose text has `part` in it.
    fn values<'a>(&self, spec: &FieldSpec, part: &str, each: Each<'_, 'a>) -> Vec<Completion> {
        let part = part.trim_start_matches('"').to_ascii_lowercase();
        if spec.field == Field::Is {
            return self.flags(&|name| name.contains(&part)).take(MOST).collect();
        }
        let mut counts: HashMap<Cow<'a, [u8]>, usize> = HashMap::new();
        each(spec.field, &mut |value| *counts.entry(value).or_default() += 1);
        let has =
            |value: &[u8]| part.is_empty() || find(&value.to_ascii_lowercase(), part.as_bytes()).is_some();
        let mut found: Vec<_> = counts.into_iter().filter(|(value, _)| has(value)).collect();
        found.sort_unstable_by(|(a, times), (b, more)| more.cmp(times).then_with(|| a.cmp(b)));
        let one = |(value, times): (Cow<'_, [u8]>, usize)| {
            let why = if times == 1 { "once".to_owned() } else { format!("{times} times") };
            Some(Completion { word: word(spec, &value)?, why })
        };
        found.into_iter().filter_map(one).take(MOST).collect()
    }
}

/// A term for a value. A query is text: what is none cannot be typed.
fn word(spec: &FieldSpec, value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?;
    if text.is_empty() || text.contains('"') || procglass_model::text::visible(value) != text {
        return None;
    }
    let quoted = text.contains(char::is_whitespace);
    Some(if quoted { format!("{}:\"{text}\"", spec.name) } else { format!("{}:{text}", spec.name) })
}

/// Values of a field in a snapshot. There are none of fields whose values are all different, such as arguments, nor of
/// fields that no snapshot has.
pub(super) fn each_value<'a>(snapshot: &'a Opened, field: Field, take: &mut dyn FnMut(Cow<'a, [u8]>)) {
    match field {
        Field::Text(field) => each_text(snapshot, field, take),
        Field::Number(field) => each_number(snapshot, field, &mut |number| {
            take(Cow::Owned(number.to_string().into_bytes()));
        }),
        Field::Address(field) => {
            for socket in &snapshot.sockets {
                let (local, remote) = match field {
                    AddressField::Local => (socket.local, None),
                    AddressField::Remote => (None, socket.remote),
                    AddressField::Either => (socket.local, socket.remote),
                };
                for (address, _) in [local, remote].into_iter().flatten().filter(|(_, port)| *port != 0) {
                    take(Cow::Owned(address.to_string().into_bytes()));
                }
            }
        }
        Field::Time(_) | Field::System(_) | Field::Change(_) | Field::Is => {}
    }
}

fn each_text<'a>(snapshot: &'a Opened, field: TextField, take: &mut dyn FnMut(Cow<'a, [u8]>)) {
    let mut of_processes = |get: &dyn Fn(&'a Process) -> Option<&'a [u8]>| {
        for value in snapshot.processes.iter().filter_map(get) {
            take(Cow::Borrowed(value));
        }
    };
    match field {
        TextField::Name => of_processes(&|process| Some(&process.name)),
        TextField::User => {
            for name in snapshot.processes.iter().flat_map(Process::user_names) {
                take(Cow::Borrowed(name));
            }
        }
        TextField::Container => of_processes(&|process| process.container_id().map(|id| id.as_slice())),
        TextField::Exe => of_processes(&|process| process.exe_path().map(|path| &**path)),
        TextField::Cwd => of_processes(&|process| process.cwd.as_ref().map(|cwd| cwd.as_slice())),
        TextField::Protocol => {
            snapshot.sockets.iter().for_each(|s| take(Cow::Borrowed(s.protocol.word().as_bytes())));
        }
        TextField::State => snapshot.sockets.iter().for_each(|s| take(Cow::Borrowed(s.state.as_bytes()))),
        TextField::Path => {
            let paths = snapshot.sockets.iter().filter_map(|socket| socket.path.as_ref());
            paths.for_each(|path| take(Cow::Borrowed(path.as_slice())));
        }
        TextField::File => {
            let targets = snapshot.files.iter().filter_map(|file| file.target.as_ref());
            targets.for_each(|target| take(Cow::Borrowed(target.as_slice())));
        }
        TextField::Finding => {
            for finding in snapshot.findings_if_ready().into_iter().flat_map(|findings| &findings.all) {
                take(Cow::Borrowed(finding.severity.word().as_bytes()));
                take(Cow::Borrowed(finding.rule.id.as_bytes()));
            }
        }
        TextField::Cmdline | TextField::Note => {}
    }
}

fn each_number(snapshot: &Opened, field: NumberField, take: &mut dyn FnMut(u64)) {
    let mut of_processes = |get: &dyn Fn(&Process) -> Option<u64>| {
        snapshot.processes.iter().filter_map(get).for_each(&mut *take);
    };
    let (local, remote) = match field {
        NumberField::Pid => return of_processes(&|process| Some(process.pid.into())),
        NumberField::Ppid => return of_processes(&|process| process.ppid.map(u64::from)),
        NumberField::Uid => return of_processes(&|process| process.uid.map(|uid| uid.effective.into())),
        NumberField::Netns => return of_processes(&|process| process.namespaces.net),
        NumberField::Threads => return of_processes(&|process| process.threads.map(u64::from)),
        NumberField::Port => (true, true),
        NumberField::LocalPort => (true, false),
        NumberField::RemotePort => (false, true),
    };
    for socket in &snapshot.sockets {
        let ends = [socket.local.filter(|_| local), socket.remote.filter(|_| remote)];
        for (_, port) in ends.into_iter().flatten().filter(|(_, port)| *port != 0) {
            take(port.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Filter;
    use procglass_fixture as fixture;
    use proptest::prelude::*;

    fn words(query: &str) -> Vec<String> {
        complete(&fixture::opened_payments(), query).list.into_iter().map(|one| one.word).collect()
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
        let here = complete(&fixture::opened_payments(), "name:nginx po");
        assert_eq!((here.at, here.list[0].word.as_str()), (11..13, "port:"));
    }

    proptest! {
        #[test]
        fn any_text_can_be_gone_on_from(query: String) {
            let snapshot = fixture::opened_payments();
            let Completions { at, list } = complete(&snapshot, &query);
            prop_assert!(query.get(at).is_some());
            for one in list.iter().filter(|one| !one.word.ends_with(':')) {
                prop_assert!(Filter::parse(&one.word).is_ok(), "{}", one.word);
            }
        }
    }
}
