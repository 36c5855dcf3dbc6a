//! Settings inside longer text, by their names: `password=x`, `--token=x`, `Authorization: Bearer x`, `"secret": "x"`,
//! `?key=x&...`, `<password>x</password>`, `{"name": "DB_PASSWORD", "value": "x"}`.

use super::mark::Reason;
use super::name::{self, Judged, Strength};
use super::{Spans, shape, url, value};
use procglass_model::bundle::scan::{equal, first};
use std::ops::Range;

/// Where a text stands, which decides where a bare value in it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// One argument, or one word of a shell: the value ends with it, but where the argument has an inner structure.
    Argument,
    /// The value of a variable, a title, a line of a file: white space ends a value.
    Text,
    /// A program's text, as behind `sh -c`: its operators end a value too.
    Code,
}

/// A name and where its value begins.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) name: Range<usize>,
    /// The sign between them: `=`, `:`, `>` of an element, or `(` of a call.
    pub(super) sign: u8,
    /// The byte in front of the name, 0 at the beginning.
    pub(super) before: u8,
    /// The name stands in quotes.
    pub(super) quoted: bool,
    /// White space around the sign.
    pub(super) spaced: bool,
    pub(super) start: usize,
}

/// Adds the values that stand after a secret name. `offset`: where `text` begins in what is searched.
pub(super) fn spans(text: &[u8], offset: usize, place: Place, spans: &mut Spans) {
    let marks = |word| equal(word, b'=') | equal(word, b':') | equal(word, b'>') | equal(word, b'(');
    let mut at = 0;
    while let Some(found) = first(text.get(at..).unwrap_or_default(), marks, |b| b"=:>(".contains(&b)) {
        let here = at + found;
        at = here + 1;
        let setting = if text.get(here) == Some(&b'>') { element(text, here) } else { setting(text, here) };
        let Some(setting) = setting else { continue };
        let name = text.get(setting.name.clone()).unwrap_or_default();
        let pair = [&b"name"[..], b"key"].iter().any(|one| one.eq_ignore_ascii_case(name));
        let before = spans.0.len();
        if pair && pairs(text, &setting, offset, place, spans) {
            continue;
        }
        let strength = strength(name, &setting);
        if strength != Strength::None {
            take(text, &setting, (name, strength), offset, place, spans);
        }
        // What lies within a secret is gone already.
        if let Some((span, _)) = spans.0.get(before..).and_then(|new| new.last()) {
            at = at.max(span.end.saturating_sub(offset));
        }
    }
}

/// How secret a name is, with one more for the queries of addresses: `?code=` of Azure's functions.
fn strength(name: &[u8], setting: &Setting) -> Strength {
    match name::strength(name) {
        Strength::None if name == b"code" && matches!(setting.before, b'?' | b'&') => Strength::Weak,
        strength => strength,
    }
}

/// Adds what is secret in the value of a setting.
#[inline(never)]
fn take(
    text: &[u8],
    setting: &Setting,
    (name, strength): (&[u8], Strength),
    offset: usize,
    place: Place,
    spans: &mut Spans,
) {
    value::each(text, setting, place, &mut |range| {
        let range = value::behind_scheme(text, range);
        let part = text.get(range.clone()).unwrap_or_default();
        match name::judge(name, strength, part) {
            Judged::Secret => spans.push(offset + range.start..offset + range.end, Reason::Name),
            Judged::Address => url::strict(part, offset + range.start, spans),
            Judged::Plain => {}
        }
    });
}

/// The setting around the sign at `here`.
#[inline(never)]
pub(super) fn setting(text: &[u8], here: usize) -> Option<Setting> {
    let sign = *text.get(here)?;
    let byte = |at: usize| at.checked_sub(1).and_then(|at| text.get(at)).copied().unwrap_or(0);
    let mut end = here;
    // `:=`, `+=`, `?=`
    if sign == b'=' && matches!(byte(end), b':' | b'+' | b'?') {
        end -= 1;
    }
    let tight = end;
    while sign != b'(' && matches!(byte(end), b' ' | b'\t') && tight - end < 16 {
        end -= 1;
    }
    let mut spaced = end < tight;
    // `$config['password'] = `
    end -= usize::from(byte(end) == b']');
    let quoted = matches!(byte(end), b'"' | b'\'');
    if quoted {
        end -= 1;
        while byte(end) == b'\\' {
            end -= 1;
        }
    }
    let mut begin = end;
    while named(byte(begin)) {
        begin -= 1;
    }
    if begin == end {
        return None;
    }
    let mut start = here + 1;
    // `==`, `=>`
    start += usize::from(sign == b'=' && matches!(text.get(start), Some(b'=' | b'>')));
    let rest = text.get(start..)?;
    let blank = |b: &u8| matches!(b, b' ' | b'\t') || quoted && matches!(b, b'\n' | b'\r');
    let spaces = rest.iter().take_while(|b| blank(b)).count();
    start += spaces;
    let next = *text.get(start)?;
    spaced |= spaces > 0;
    let mut before = byte(begin);
    // `{user: u, password: pw}`
    if before == b' '
        && let Some(other @ (b'{' | b',')) = text.get(..begin)?.trim_ascii_end().last()
    {
        before = *other;
    }
    let bare = sign == b':' && !quoted && spaces == 0;
    let fits = match sign {
        b'(' => matches!(next, b'"' | b'\''),
        // A part of an address, of an ARN, or of an image's name.
        b':' if bare => {
            !matches!(if begin == 1 { 0 } else { before }, b':' | b'/' | b'@' | b'.')
                && next != b'/'
                && !version(rest)
        }
        // `password= x` is an empty one and another word.
        b'=' if spaces > 0 => spaced && (end < tight || quoted || matches!(next, b'"' | b'\'')),
        _ => true,
    };
    fits.then_some(Setting { name: begin..end, sign, before, quoted, spaced, start })
}

/// Longer tags are none.
const TAG_MAX: usize = 256;

/// `<password>` or `<entry key="password">`, whose `>` stands at `here`.
#[inline(never)]
fn element(text: &[u8], here: usize) -> Option<Setting> {
    let from = here.saturating_sub(TAG_MAX);
    let open = from + text.get(from..here)?.iter().rposition(|b| *b == b'<')? + 1;
    let tag = text.get(open..here)?;
    let end = tag.iter().position(|b| !named(*b)).unwrap_or(tag.len());
    let mut name = open..open + end;
    for key in [&b"name="[..], b"key=", b"id="] {
        if let Some(at) = shape::find(tag, key)
            && let Some(quoted) = tag.get(at + key.len() + 1..)
        {
            let length = quoted.iter().position(|b| !named(*b)).unwrap_or(quoted.len());
            name = open + at + key.len() + 1..open + at + key.len() + 1 + length;
        }
    }
    let more = text.get(here + 1)?;
    (!name.is_empty() && *more != b'<' || text.get(here + 1..)?.starts_with(b"<![")).then_some(Setting {
        name,
        sign: b'>',
        before: b'<',
        quoted: false,
        spaced: false,
        start: here + 1,
    })
}

/// A name and a value that are settings of their own, side by side: Kubernetes, .NET, Hadoop. False: there is no value.
#[inline(never)]
fn pairs(text: &[u8], setting: &Setting, offset: usize, place: Place, spans: &mut Spans) -> bool {
    const NEAR: usize = 200;
    let mut name = 0..0;
    // Names are short.
    let near = text.get(..text.len().min(setting.start + NEAR)).unwrap_or_default();
    value::each(near, setting, Place::Text, &mut |range| name = range);
    let bytes = text.get(name.clone()).unwrap_or_default();
    let bytes = bytes.get(..bytes.iter().position(|b| !named(*b)).unwrap_or(bytes.len())).unwrap_or_default();
    let strength = name::strength(bytes);
    // `<entry key="db.password">`: the value is that of the element.
    if strength != Strength::None && setting.sign == b'=' && text.get(name.end + 1) == Some(&b'>') {
        return true;
    }
    let ahead = text.get(name.end..text.len().min(name.end + NEAR)).unwrap_or_default();
    let ahead = ahead.get(..ahead.iter().position(|b| *b == b'}').unwrap_or(ahead.len())).unwrap_or_default();
    let behind = setting.name.start.saturating_sub(NEAR);
    let back = text.get(behind..setting.name.start).unwrap_or_default();
    let open = back.iter().rposition(|b| *b == b'{').map_or(back.len(), |at| at);
    for (from, part) in [(name.end, ahead), (behind + open, back.get(open..).unwrap_or_default())] {
        let found = shape::find(part, b"alue").map(|at| from + at + 4);
        let Some(end) = found else { continue };
        // The sign behind the word: `value: `, `"value" : `, `<value>`.
        let sign = text.get(end..).and_then(|rest| rest.iter().take(6).position(|b| b"=:>".contains(b)));
        let Some(sign) = sign.map(|at| end + at) else { continue };
        let value =
            if text.get(sign) == Some(&b'>') { element(text, sign) } else { self::setting(text, sign) };
        if let Some(value) = value {
            if strength != Strength::None {
                take(text, &value, (bytes, strength), offset, place, spans);
            }
            return true;
        }
    }
    false
}

/// `7.4.1`, `v2`, `latest`: what follows the colon in the name of an image.
#[inline(never)]
fn version(text: &[u8]) -> bool {
    let end =
        text.iter().position(|b| b.is_ascii_whitespace() || b"\"',;\0".contains(b)).unwrap_or(text.len());
    let word = text.get(..end).unwrap_or_default();
    let tags = [&b"latest"[..], b"stable", b"alpine", b"edge", b"main", b"master", b"ro", b"rw", b"z", b"Z"];
    let number = word.strip_prefix(b"v").unwrap_or(word);
    let digits = |part: &[u8]| !part.is_empty() && part.len() < 6 && part.iter().all(u8::is_ascii_digit);
    tags.contains(&word)
        || number.first().is_some_and(u8::is_ascii_digit)
            && number.len() <= 24
            && (number.split(|b| *b == b'.' || *b == b'-').next().is_some_and(digits)
                && number.contains(&b'.')
                || word.len() > number.len() && digits(number))
}

/// Bytes of names. Those above ASCII are letters of other languages.
pub(super) fn named(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | 0x80..)
}

#[cfg(test)]
mod tests;
