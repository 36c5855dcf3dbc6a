//! A command line as words: arguments, and the words inside arguments, since `sh -c 'mysql -psecret'` is as telling as
//! `mysql -psecret`.

use super::assign::{self, Place};
use super::mark::Reason;
use super::name::{self, Judged, Strength};
use super::program::{How, Program};
use super::{Spans, entropy, pipe, shape, url, value};
use procglass_model::bundle::scan;
use procglass_model::bundle::scan::{below, equal, position};
use std::ops::Range;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `/proc/<pid>/cmdline`: arguments with a NUL behind each.
    Arguments,
    /// The value of a variable.
    Value,
    /// A path or another short text, in which long random parts are names of files.
    Path,
}

/// Adds every secret in `text`.
pub(super) fn secrets(text: &[u8], kind: Kind, spans: &mut Spans) {
    // Most texts are one word without a colon: told at a glance, that spares looks at each of their bytes.
    let colon = position(text, b':').is_some();
    if colon {
        url::spans(text, spans);
    }
    if text.len() > 16 {
        shape::tokens(text, spans);
    }
    if kind != Kind::Path {
        entropy::spans(text, spans);
    }
    let several = several(text);
    if several {
        shape::keys(text, spans);
    }
    let setting = colon
        || scan::first(text, |w| equal(w, b'=') | equal(w, b'>') | equal(w, b'('), |b| b"=>(".contains(&b))
            .is_some();
    match kind {
        Kind::Arguments => arguments(text, setting, spans),
        Kind::Value | Kind::Path => {
            if setting {
                assign::spans(text, 0, Place::Text, spans);
            }
            if kind == Kind::Value && several {
                pipe::shell(text, 0, 0, spans);
                strings(text, 0, spans);
            }
        }
    }
}

#[inline(never)]
fn arguments(text: &[u8], setting: bool, spans: &mut Spans) {
    let mut command = Command::default();
    let mut at = 0;
    let mut code = false;
    for argument in text.split(|byte| *byte == 0) {
        let range = at..at + argument.len();
        at = range.end + 1;
        command.word(text, range.clone(), spans);
        let inner = several(argument);
        if setting {
            let place = if code && inner { Place::Code } else { Place::Argument };
            assign::spans(argument, range.start, place, spans);
        }
        if inner {
            pipe::shell(argument, range.start, 0, spans);
            strings(argument, range.start, spans);
        }
        code = takes_code(argument);
    }
    command.end(spans);
}

/// Whether the next argument is a program's text: `sh -c`, `bash -lc`, `perl -e`, `cmd /c`, `pwsh -Command`.
#[inline(never)]
fn takes_code(argument: &[u8]) -> bool {
    match argument {
        [b'-', letters @ ..] if letters.len() <= 4 => matches!(letters.last(), Some(b'c' | b'e' | b'x')),
        b"/c" | b"/C" | b"--command" | b"eval" => true,
        _ => argument.eq_ignore_ascii_case(b"-command"),
    }
}

/// The strings of a list in JSON are words of a command, if one of them is a flag: `["mysql", "-psecret"]`.
#[inline(never)]
fn strings(text: &[u8], offset: usize, spans: &mut Spans) {
    if shape::find(text, b"\"-").is_none() && shape::find(text, b"'-").is_none() {
        return;
    }
    let mut command = Command::default();
    let mut at = 0;
    while let Some(found) =
        text.get(at..).and_then(|rest| rest.iter().position(|b| matches!(b, b'"' | b'\'')))
    {
        let Some((inside, end)) = value::string(text, at + found) else { return };
        let mut inner = Spans::default();
        command.word(text, inside, &mut inner);
        spans.take(inner, offset);
        at = end;
    }
}

/// What is known of a command while its words are gone through.
#[derive(Debug, Default)]
pub(super) struct Command<'a> {
    program: Program,
    awaited: Awaited<'a>,
    /// The last word, where that is the secret.
    last: Option<Range<usize>>,
    takes_last: bool,
}

/// What the word before announced.
#[derive(Clone, Copy, Debug, Default)]
enum Awaited<'a> {
    #[default]
    Nothing,
    /// The value of a flag by a secret name.
    Named(&'a [u8], Strength),
    /// What a program takes there.
    Of(How),
}

impl<'a> Command<'a> {
    /// Goes on by one word; adds it, or a part of it, when it is secret.
    pub(super) fn word(&mut self, text: &'a [u8], range: Range<usize>, spans: &mut Spans) {
        let word = text.get(range.clone()).unwrap_or_default();
        if word.is_empty() {
            return;
        }
        self.last = Some(range.clone());
        match std::mem::take(&mut self.awaited) {
            Awaited::Named(flag, strength) if !word.starts_with(b"-") => {
                if value::scheme(word) {
                    self.awaited = Awaited::Named(flag, strength);
                    return;
                }
                match name::judge(flag, strength, word) {
                    Judged::Secret => spans.push(range, Reason::Name),
                    Judged::Address => url::strict(word, range.start, spans),
                    Judged::Plain => {}
                }
                return;
            }
            // `IDENTIFIED BY PASSWORD 'x'`, `IDENTIFIED WITH kind AS 'x'`
            Awaited::Of(how) if how == How::Whole && word.eq_ignore_ascii_case(b"password") => {
                self.awaited = Awaited::Of(how);
                return;
            }
            Awaited::Of(how) => return apply(how, word, range.start, spans),
            _ => {}
        }
        match self.program.flag(word) {
            Some((How::Command, _)) => {}
            Some((How::Last, _)) => self.takes_last = true,
            Some((how, at)) if at == word.len() => self.awaited = Awaited::Of(how),
            Some((how, at)) => apply(how, word.get(at..).unwrap_or_default(), range.start + at, spans),
            None => {
                if let Some(found) = flag(word) {
                    self.awaited = found;
                } else if let Some(found) = Program::of(word).filter(|found| self.program.gives_way(found)) {
                    self.program = found;
                }
            }
        }
    }

    /// Whether the next word is a value.
    pub(super) fn awaits(&self) -> bool {
        !matches!(self.awaited, Awaited::Nothing)
    }

    /// The command is over.
    pub(super) fn end(&mut self, spans: &mut Spans) {
        if let Some(last) = self.last.take().filter(|_| self.takes_last) {
            spans.push(last, Reason::Program);
        }
        *self = Self::default();
    }
}

/// `--password`, `-token`, `Authorization:`: a secret name whose value comes next. `Bearer` announces one too.
#[inline(never)]
fn flag(word: &[u8]) -> Option<Awaited<'_>> {
    if word.eq_ignore_ascii_case(b"bearer") {
        return Some(Awaited::Named(b"token", Strength::Strong));
    }
    // `npm config set //registry/:_authToken X`
    if word.starts_with(b"//") && word.ends_with(b":_authToken") || word.ends_with(b":_password") {
        return Some(Awaited::Named(b"token", Strength::Strong));
    }
    let flag = match (word.strip_prefix(b"-"), word.strip_suffix(b":")) {
        (Some(flag), _) => flag.strip_prefix(b"-").unwrap_or(flag),
        (None, Some(header)) => header,
        _ => return None,
    };
    let plain =
        flag.len() > 1 && flag.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    let strength = if plain { name::strength(flag) } else { Strength::None };
    (strength != Strength::None).then_some(Awaited::Named(flag, strength))
}

/// Adds what a program takes as a secret in a word.
#[inline(never)]
fn apply(how: How, word: &[u8], offset: usize, spans: &mut Spans) {
    let behind =
        |signs: &[u8]| word.iter().position(|byte| signs.contains(byte)).map(|at| at + 1..word.len());
    let range = match how {
        How::Whole | How::Attached | How::Last => Some(0..word.len()),
        How::AfterUser => behind(b":%"),
        How::Account => behind(b":").map(|range| range.start..before_host(word)),
        How::AfterComma => behind(b","),
        How::AfterSlash => behind(b"/").map(|range| range.start..before_host(word)),
        How::Source => word.starts_with(b"pass:").then_some(5..word.len()),
        How::Setting => behind(b"="),
        How::Command => None,
    };
    let Some(range) = range else { return };
    let secret = word.get(range.clone()).unwrap_or_default();
    let place = secret.iter().filter(|byte| **byte == b'/').count() > 1 && name::harmless(b"FILE", secret);
    let file = how == How::Setting && secret.starts_with(b"@");
    if !name::reference(secret) && !place && !file {
        spans.push(offset + range.start..offset + range.end, Reason::Program);
    }
}

/// Where the last `@` of an account stands.
#[inline(never)]
fn before_host(word: &[u8]) -> usize {
    word.iter().rposition(|byte| *byte == b'@').unwrap_or(word.len())
}

/// Whether anything may separate words in it: white space and quotes are looked for eight bytes at a time.
#[inline(never)]
pub(super) fn several(text: &[u8]) -> bool {
    let marks = |word| below(word, 0x21) | equal(word, b'"') | equal(word, b'\'');
    scan::first(text, marks, |byte| byte < 0x21 || matches!(byte, b'"' | b'\'')).is_some()
}

#[cfg(test)]
mod tests;
