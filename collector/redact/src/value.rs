//! Where the value of a setting ends.

use super::assign::{Place, Setting, named};
use super::name;
use std::ops::Range;

/// Longer lists and objects are not looked through for their end: a text full of their beginnings would cost the square of
/// its length.
const LONGEST: usize = 8 << 10;

/// Tells the value of a setting, or each value, where it is a list, an object or a block of lines.
pub(super) fn each(text: &[u8], setting: &Setting, place: Place, tell: &mut dyn FnMut(Range<usize>)) {
    let start = setting.start;
    let rest = text.get(start..).unwrap_or_default();
    if let Some((range, _)) = string(text, start) {
        return tell(range);
    }
    match (setting.sign, rest) {
        (b'>', _) => {
            let (skip, end) = match rest.strip_prefix(b"<![CDATA[") {
                Some(_) => (9, &b"]]>"[..]),
                None => (0, &b"<"[..]),
            };
            let length = super::shape::find(rest, end).unwrap_or(rest.len());
            tell(trimmed(text, start + skip..start + length.max(skip)));
        }
        (_, [b'[', ..]) => within(text, start, b'[', b']', tell),
        (_, [b'{', next, ..]) if *next != b'{' => within(text, start, b'{', b'}', tell),
        (b':', [b'|' | b'>', b'\n' | b'-' | b'+' | b'\r', ..]) => {
            block(text, setting, tell);
        }
        (b':', [b'\n' | b'\r', ..]) if !setting.quoted => block(text, setting, tell),
        (b'(', _) => {}
        _ => tell(start..end(text, setting, place)),
    }
}

/// Without the scheme of an `Authorization` header: `Bearer`, `Basic` and others. Only what follows is secret.
#[inline(never)]
pub(super) fn behind_scheme(text: &[u8], range: Range<usize>) -> Range<usize> {
    let value = text.get(range.clone()).unwrap_or_default();
    let word = value.iter().position(|b| *b == b' ').unwrap_or(0);
    let more = value.get(word..).unwrap_or_default().iter().take_while(|b| **b == b' ').count();
    match value.get(..word) {
        Some(known) if scheme(known) && word + more < value.len() => range.start + word + more..range.end,
        _ => range,
    }
}

/// Whether this is a scheme of HTTP authentication.
#[inline(never)]
pub(super) fn scheme(word: &[u8]) -> bool {
    const SCHEMES: [&[u8]; 10] = [
        b"Bearer",
        b"Basic",
        b"Token",
        b"Digest",
        b"Negotiate",
        b"ApiKey",
        b"Bot",
        b"NTLM",
        b"OAuth",
        b"JWT",
    ];
    SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// The inside of a string in quotes that begins here, and where it ends. The quotes may be escaped, as in JSON within JSON.
#[inline(never)]
pub(super) fn string(text: &[u8], start: usize) -> Option<(Range<usize>, usize)> {
    let rest = text.get(start..)?;
    // b'x' and u'x' of Python, $'x' of a shell, @"x" of C#.
    let prefix = usize::from(matches!(rest, [b'b' | b'u' | b'r' | b'$' | b'@', b'"' | b'\'', ..]));
    let slashes = rest.iter().skip(prefix).take_while(|b| **b == b'\\').count();
    let quote = *rest.get(prefix + slashes).filter(|b| matches!(b, b'"' | b'\'' | b'`'))?;
    let begin = start + prefix + slashes + 1;
    let mut at = begin;
    loop {
        let Some(found) = text.get(at..).and_then(|rest| rest.iter().position(|b| *b == quote)) else {
            // No end: what there is.
            return Some((begin..text.len(), text.len()));
        };
        at += found;
        let before =
            text.get(begin..at).unwrap_or_default().iter().rev().take_while(|b| **b == b'\\').count();
        if before <= slashes || quote == b'\'' && slashes == 0 {
            return Some((begin..(at - before.min(slashes)), at + 1));
        }
        at += 1;
    }
}

/// The strings between brackets, or what stands there bare. In objects those that stand under the name of a setting stay.
#[inline(never)]
fn within(text: &[u8], start: usize, open: u8, close: u8, tell: &mut dyn FnMut(Range<usize>)) {
    let (mut at, mut depth, mut any, mut key) = (start, 0usize, false, 0..0);
    while let Some(byte) = text.get(at).filter(|_| at - start < LONGEST) {
        if let Some((inside, end)) = string(text, at).filter(|_| matches!(byte, b'"' | b'\'' | b'\\')) {
            any = true;
            let behind = text.get(end..).unwrap_or_default();
            if behind.iter().find(|b| **b != b' ').is_some_and(|b| *b == b':') {
                key = inside;
            } else if !name::is_setting(text.get(key.clone()).unwrap_or_default()) {
                tell(inside);
            }
            at = end;
            continue;
        }
        depth += usize::from(*byte == open);
        depth -= usize::from(*byte == close);
        if depth == 0 {
            if !any {
                tell(start + 1..at);
            }
            return;
        }
        at += 1;
    }
    if !any {
        tell(start..end_of_line(text, start));
    }
}

/// The lines of YAML below a name, which stand farther in than it: a block of text, a list, a map.
#[inline(never)]
fn block(text: &[u8], setting: &Setting, tell: &mut dyn FnMut(Range<usize>)) {
    let indent = |from: usize| {
        text.get(from..).unwrap_or_default().iter().take_while(|b| matches!(b, b' ' | b'-')).count()
    };
    let head = text.get(..setting.name.start).unwrap_or_default();
    let line = head.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let own = indent(line);
    let mut at = end_of_line(text, setting.start) + 1;
    while at < text.len().min(setting.start.saturating_add(LONGEST)) {
        let (inner, end) = (indent(at), end_of_line(text, at));
        if inner <= own && end > at {
            return;
        }
        let line = text.get(at + inner..end).unwrap_or_default();
        let colon = line.iter().position(|b| *b == b':').filter(|colon| line.get(colon + 1) == Some(&b' '));
        let (key, skip) =
            colon.map_or((&b""[..], 0), |colon| (line.get(..colon).unwrap_or_default(), colon + 2));
        if at + inner + skip < end && !name::is_setting(key) {
            tell(at + inner + skip..end);
        }
        at = end + 1;
    }
}

/// The end of a value without quotes.
#[inline(never)]
fn end(text: &[u8], setting: &Setting, place: Place) -> usize {
    let start = setting.start;
    let rest = text.get(start..).unwrap_or_default();
    // Inside quotes that were opened before the name, the value ends with them at the latest.
    let head = text.get(setting.name.start.saturating_sub(LONGEST)..setting.name.start).unwrap_or_default();
    let limit = open_quote(head).and_then(|quote| rest.iter().take(LONGEST).position(|b| *b == quote));
    let quoted = limit.is_some();
    let region = rest.get(..limit.unwrap_or(rest.len())).unwrap_or_default();
    let region = region.strip_suffix(b"\\").unwrap_or(region);
    let space = |b: u8| b.is_ascii_whitespace() || b == 0;
    let line = |b: u8| matches!(b, b'\n' | b'\r' | 0);
    let dash = text.get(setting.name.start) == Some(&b'-');
    let first = setting.name.start == 0
        || setting.before == b'=' && text.first() == Some(&b'-') && !text.iter().any(u8::is_ascii_whitespace);
    // A command in the rest of an argument, as in `ssh host "PGPASSWORD=x psql -h db"`.
    let command = place == Place::Argument
        && first
        && region.iter().take(LONGEST).skip_while(|b| !space(**b)).any(|b| b"-/=|>$.:;&".contains(b));
    let ends = |at: usize, byte: u8| match byte {
        b'&' | b'\\' if matches!(setting.before, b'?' | b'&' | b'#') => true,
        b';' if setting.before == b';' => true,
        b',' if setting.before == b',' && setting.sign == b'=' => true,
        b',' | b'}' if setting.sign == b':' && matches!(setting.before, b'{' | b',') => true,
        _ if place == Place::Argument && first && dash => false,
        b';' | b'&' | b'|' | b')' | b'<' | b'>' if place == Place::Code && !quoted => true,
        b';' | b',' | b'&' => {
            let rest = region.get(at + 1..).unwrap_or_default();
            is_setting(rest)
                || place != Place::Argument && byte == b';' && rest.first().is_none_or(|b| space(*b))
        }
        _ if line(byte) => true,
        _ if !space(byte) => place == Place::Code && !quoted && matches!(byte, b'"' | b'\''),
        // `name: value` and `name = value` go on to the end of the line.
        _ if setting.spaced && place != Place::Code => is_setting(region.get(at + 1..).unwrap_or_default()),
        _ if setting.spaced && quoted => false,
        _ if setting.before == b';' => is_setting(region.get(at + 1..).unwrap_or_default()),
        _ => place != Place::Argument || !first || command,
    };
    // What follows a scheme belongs to it.
    let word = region.iter().position(|b| space(*b)).unwrap_or(0);
    let skip = if region.get(..word).is_some_and(scheme) { word + 1 } else { 0 };
    let found = region.iter().enumerate().take(LONGEST).skip(skip).position(|(at, byte)| ends(at, *byte));
    let length = found.map_or(region.len(), |at| at + skip);
    trimmed(text, start..start + length).end
}

/// Whether a text begins with a name and a sign: ` user=`, `ssl:`.
#[inline(never)]
fn is_setting(text: &[u8]) -> bool {
    let spaces = text.iter().take_while(|b| **b == b' ').count();
    let rest = text.get(spaces..).unwrap_or_default();
    let length = rest.iter().take_while(|b| named(**b)).count();
    let more = rest.get(length..).unwrap_or_default();
    let blank = more.iter().take_while(|b| **b == b' ').count();
    length > 0 && rest.first().is_some_and(u8::is_ascii_alphabetic) && more.get(blank) == Some(&b'=')
}

/// The quote that is open at the end of this text.
#[inline(never)]
fn open_quote(text: &[u8]) -> Option<u8> {
    let mut open = None;
    let mut before = 0;
    for byte in text {
        if matches!(byte, b'"' | b'\'') && (before != b'\\' || open.is_none()) {
            open = match open {
                Some(quote) if quote == *byte => None,
                None => Some(*byte),
                other => other,
            };
        }
        before = *byte;
    }
    open
}

#[inline(never)]
fn end_of_line(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().position(|b| matches!(b, b'\n' | 0)).unwrap_or(rest.len())
}

/// Without white space at the end.
#[inline(never)]
fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    range.start..range.start + part.trim_ascii_end().len()
}
