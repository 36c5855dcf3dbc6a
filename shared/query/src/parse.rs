//! From typed text to a [`Filter`](super::Filter), or to a message that says where and what would be right.

use super::field::{
    AddressField, ChangeField, FLAGS, Field, Flag, NumberField, SystemField, TextField, TimeField, all,
    flag_named,
};
use super::matcher::{Pattern, Range, Span};
use procglass_model::network::Network;
use std::fmt;

/// What is wrong with a query, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// Byte offsets of the offending word in the query.
    pub at: std::ops::Range<usize>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}", self.at.start + 1, self.message)
    }
}

impl std::error::Error for FilterError {}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Any(Pattern),
    Text(TextField, Pattern),
    Number(NumberField, Range),
    Address(AddressField, Network),
    Time(TimeField, Span),
    System(SystemField, Pattern),
    Change(ChangeField, Pattern),
    Flag(Flag),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) negated: bool,
    pub(super) test: Test,
}

/// Alternatives of terms that must all hold.
pub(super) fn parse(query: &str) -> Result<Vec<Vec<Term>>, FilterError> {
    let mut alternatives = vec![Vec::new()];
    for word in words(query)? {
        if word.is_or() {
            alternatives.push(Vec::new());
        } else if let Some(last) = alternatives.last_mut() {
            last.push(term(&word)?);
        }
    }
    let wanted = alternatives.len() > 1;
    if wanted && alternatives.iter().any(Vec::is_empty) {
        let end = query.len();
        return Err(FilterError { at: end..end, message: "`or` needs a term on both sides".into() });
    }
    Ok(alternatives)
}

pub(super) struct Word {
    text: String,
    /// Where it stands in the query, its minus and its quotes included.
    pub(super) at: std::ops::Range<usize>,
    /// Began with a quote, so it is text whatever it holds.
    quoted: bool,
    negated: bool,
}

impl Word {
    /// Whether it parts alternatives.
    pub(super) fn is_or(&self) -> bool {
        !self.quoted && self.text.eq_ignore_ascii_case("or")
    }
}

/// Words are separated by spaces; quotes hold spaces together, also after a colon.
pub(super) fn words(query: &str) -> Result<Vec<Word>, FilterError> {
    let mut words = Vec::new();
    let mut chars = query.char_indices().peekable();
    loop {
        while chars.next_if(|(_, char)| char.is_whitespace()).is_some() {}
        let Some((start, first)) = chars.peek().copied() else {
            return Ok(words);
        };
        let negated = first == '-'
            && query
                .get(start + 1..)
                .is_some_and(|rest| !rest.starts_with(char::is_whitespace) && !rest.is_empty());
        if negated {
            chars.next();
        }
        let (mut text, mut open, mut end) = (String::new(), None, start);
        let quoted = chars.peek().is_some_and(|(_, char)| *char == '"');
        while let Some((at, char)) = chars.next_if(|(_, char)| open.is_some() || !char.is_whitespace()) {
            end = at + char.len_utf8();
            match (char, open) {
                ('"', None) => open = Some(at),
                ('"', Some(_)) => open = None,
                _ => text.push(char),
            }
        }
        if let Some(at) = open {
            return Err(FilterError { at: at..end, message: "this quote is not closed: add a \"".into() });
        }
        words.push(Word { text, at: start..end, quoted, negated });
    }
}

fn term(word: &Word) -> Result<Term, FilterError> {
    let fail = |message: String| Err(FilterError { at: word.at.clone(), message });
    let bare = || Ok(Term { negated: word.negated, test: Test::Any(Pattern::new(&word.text)) });
    let Some((name, value)) = word.text.split_once(':').filter(|_| !word.quoted) else {
        return bare();
    };
    let Some(spec) = all().find(|spec| spec.name.eq_ignore_ascii_case(name)) else {
        // `::1` and `/run/user:x` are text; only what looks like a field is taken for a mistake.
        if name.is_empty()
            || !name.chars().all(|char| char.is_ascii_alphabetic())
            || value.contains(':')
            || value.starts_with("//")
        {
            return bare();
        }
        let names = all().map(|spec| spec.name).collect::<Vec<_>>().join(", ");
        return fail(format!(
            "there is no field `{name}`. Fields are {names}. To look for the text itself, quote it"
        ));
    };
    if value.is_empty() {
        return fail(format!("`{name}:` needs a value, as in `{}`", spec.example));
    }
    let test = match spec.field {
        Field::Text(field) => Some(Test::Text(field, Pattern::new(value))),
        Field::System(field) => Some(Test::System(field, Pattern::new(value))),
        Field::Change(field) => Some(Test::Change(field, Pattern::new(value))),
        Field::Number(field) => Range::parse(value).map(|range| Test::Number(field, range)),
        Field::Address(field) => Network::parse(value).map(|network| Test::Address(field, network)),
        Field::Time(field) => Span::parse(value).map(|span| Test::Time(field, span)),
        Field::Is => match flag_named(value) {
            Some(flag) => Some(Test::Flag(flag)),
            None => {
                let names = FLAGS.iter().map(|spec| spec.name).collect::<Vec<_>>().join(", ");
                return fail(format!("`is:` takes one of {names}"));
            }
        },
    };
    let wanted = match spec.field {
        Field::Number(_) => "a number, `>N`, `<N` or `N-M`",
        Field::Address(_) => "an address or a network",
        Field::Time(_) => "a time in UTC, alone or after `>` or `<`",
        Field::Text(_) | Field::System(_) | Field::Change(_) | Field::Is => "text",
    };
    match test {
        Some(test) => Ok(Term { negated: word.negated, test }),
        None => fail(format!("`{value}` is not {wanted}; write it as in `{}`", spec.example)),
    }
}
