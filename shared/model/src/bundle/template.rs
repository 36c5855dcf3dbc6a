//! Content written relative to the addresses that the kernel chose for a process at random.
//!
//! Two processes of one program have the same memory layout at other places, so their `maps` share no line. Written as
//! a template, with a hole for each address, they are one text; a list of a few bases tells them apart. `FORMAT.md` has
//! the grammar. Nothing is lost: [`fill`] gives back the kernel's bytes. In the same way what two processes of one service
//! have in common, in their environments say, is written once, with the few words that differ beside it.

use super::scan::{append, position};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Bases of a process: each is named by a letter.
pub const BASES_MAX: usize = 26;
/// Words that a writer of ours gives beside a template. Each is named by a number below 100.
pub const GIVEN_MAX: usize = 32;
/// The widest column that is filled with spaces, in bytes.
pub const COLUMN_MAX: usize = 1024;
/// What a template may grow to. The largest artefact that is written as one is capped at 16 MiB.
const FILLED_MAX: usize = 64 << 20;

/// The addresses that a process's templates are relative to, by letter: in JSON a list of hexadecimal numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bases(Vec<Option<u64>>);

impl Bases {
    /// The base of a letter's index. `None`: there is none, or it is no number.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<u64> {
        *self.0.get(index)?
    }

    /// The number of bases; 0 where one of them is no number.
    #[must_use]
    pub fn known(&self) -> usize {
        if self.0.iter().all(Option::is_some) { self.0.len() } else { 0 }
    }

    /// Whether there is none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: IntoIterator<Item = u64>> From<T> for Bases {
    fn from(numbers: T) -> Self {
        Self(numbers.into_iter().map(Some).collect())
    }
}

impl Serialize for Bases {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = |base: &Option<u64>| base.map_or_else(String::new, |base| format!("{base:x}"));
        serializer.collect_seq(self.0.iter().map(text))
    }
}

impl<'de> Deserialize<'de> for Bases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        Ok(Self(texts.iter().map(|text| number(text.as_bytes())).collect()))
    }
}

/// Hexadecimal digits and nothing else.
fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.iter().skip_while(|digit| **digit == b'0').count() > 16 {
        return None;
    }
    digits
        .iter()
        .try_fold(0, |number: u64, digit| Some(number << 4 | u64::from(char::from(*digit).to_digit(16)?)))
}

/// How a hole's number is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// As `%08lx` of printf(3).
    Hex,
    /// As `%lu`.
    Decimal,
}

/// Why a template cannot be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// Where in the template.
    pub at: usize,
    /// What is wrong there.
    pub what: &'static str,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template, byte {}: {}", self.at, self.what)
    }
}

impl std::error::Error for TemplateError {}

/// Appends bytes that stand for themselves.
pub fn push_literal(template: &mut Vec<u8>, mut bytes: &[u8]) {
    while let Some(at) = position(bytes, b'{') {
        let (plain, rest) = bytes.split_at(at + 1);
        append(template, plain);
        template.push(b'{');
        bytes = rest;
    }
    append(template, bytes);
}

/// Appends a hole for `value`, as its distance from the base of this index, which is below [`BASES_MAX`].
pub fn push_hole(template: &mut Vec<u8>, index: usize, base: u64, value: u64, digits: Digits) {
    let letter = b'a' + u8::try_from(index.min(BASES_MAX - 1)).unwrap_or(0);
    template.extend_from_slice(&[b'{', letter]);
    let (sign, distance) = if value < base { (b'-', base - value) } else { (b'+', value - base) };
    if distance != 0 {
        template.push(sign);
        push_hex(template, distance, 1);
    }
    template.extend_from_slice(match digits {
        Digits::Hex => b"}",
        Digits::Decimal => b":d}",
    });
}

/// Appends a hole for the given word of this index, which is below [`GIVEN_MAX`], in a column of `width` bytes.
pub fn push_given(template: &mut Vec<u8>, index: usize, width: usize) {
    template.push(b'{');
    push_decimal(template, index.min(GIVEN_MAX - 1) as u64);
    if width > 0 {
        template.push(b':');
        push_decimal(template, width as u64);
    }
    template.push(b'}');
}

fn push_decimal(out: &mut Vec<u8>, number: u64) {
    if number >= 10 {
        push_decimal(out, number / 10);
    }
    out.push(b'0' + u8::try_from(number % 10).unwrap_or(0));
}

/// The bytes that a template, the bases of a process and the words given beside the template (with commas between them) stand
/// for.
///
/// # Errors
/// [`TemplateError`] for a hole that is none, a base or word that is not there, or a result over 64 MiB.
pub fn fill(template: &[u8], bases: &Bases, given: &[u8]) -> Result<Vec<u8>, TemplateError> {
    // Holes are about as long as what fills them.
    let mut out = Vec::with_capacity(template.len().min(FILLED_MAX));
    // Most templates come without words.
    let (none, some): ([&[u8]; 1], Vec<&[u8]>);
    let given = if given.is_empty() {
        none = [given];
        none.as_slice()
    } else {
        some = given.split(|byte| *byte == b',').take(100).collect();
        some.as_slice()
    };
    let mut at = 0;
    while let Some(rest) = template.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = position(rest, b'{').unwrap_or(rest.len());
        let literal = rest.get(..plain).unwrap_or_default();
        add(literal, &mut out).map_err(|what| TemplateError { at, what })?;
        at += plain;
        if let Some(hole) = rest.get(plain + 1..) {
            let filled = match hole.first() {
                Some(b'0'..=b'9') => fill_given(hole, given, &mut out),
                _ => fill_hole(hole, bases, &mut out),
            };
            at += 1 + filled.map_err(|what| TemplateError { at, what })?;
        }
    }
    Ok(out)
}

/// Appends, within the limit.
fn add(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), &'static str> {
    if out.len() + bytes.len() > FILLED_MAX {
        return Err("the result is over 64 MiB");
    }
    out.extend_from_slice(bytes);
    Ok(())
}

/// Takes the number of a given word, maybe the width of its column, and the brace behind them; says how long they were.
fn fill_given(hole: &[u8], given: &[&[u8]], out: &mut Vec<u8>) -> Result<usize, &'static str> {
    let length = position(hole, b'}').ok_or("a hole does not end with }")?;
    let digits = |text: &str| text.parse::<usize>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    let numbers = std::str::from_utf8(hole.get(..length).unwrap_or_default()).ok().and_then(|hole| {
        let (index, width) = hole.split_once(':').unwrap_or((hole, "0"));
        Some((digits(index)?, digits(width)?))
    });
    let (index, width) = numbers.ok_or("a hole begins with a digit and is not {N} or {N:N}")?;
    let word = given.get(index).ok_or("no such word is given with it")?;
    let spaces = width.saturating_sub(word.len());
    if spaces > COLUMN_MAX {
        return Err("a column is wider than 1024 bytes");
    }
    out.resize(out.len() + spaces, b' ');
    add(word, out)?;
    Ok(length + 1)
}

/// Takes what stands behind a `{`; says how long it was.
fn fill_hole(hole: &[u8], bases: &Bases, out: &mut Vec<u8>) -> Result<usize, &'static str> {
    let Some((first, rest)) = hole.split_first() else { return Err("it ends inside a hole") };
    if *first == b'{' {
        out.push(b'{');
        return Ok(1);
    }
    let index = first.checked_sub(b'a').filter(|index| usize::from(*index) < BASES_MAX);
    let index = index.ok_or("a hole does not begin with a letter from a to z")?;
    let base = bases.get(usize::from(index)).ok_or("the process has no such base")?;
    let (mut value, mut used) = (base, 1);
    if let Some((sign @ (b'+' | b'-'), rest)) = rest.split_first() {
        let length = rest.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(rest.len());
        let distance = number(rest.get(..length).unwrap_or_default());
        let distance = distance.ok_or("a distance is no hexadecimal number of 64 bits")?;
        value = match sign {
            b'+' => base.wrapping_add(distance),
            _ => base.wrapping_sub(distance),
        };
        used += 1 + length;
    }
    match hole.get(used..).unwrap_or_default() {
        [b'}', ..] => {
            push_hex(out, value, 8);
            Ok(used + 1)
        }
        [b':', b'd', b'}', ..] => {
            push_decimal(out, value);
            Ok(used + 3)
        }
        _ => Err("a hole does not end with } or :d}"),
    }
}

/// The bytes that a list of numbers stands for: each is 8 of them, the least significant first.
///
/// # Errors
/// [`TemplateError`] for what is no hexadecimal number of 64 bits.
pub fn words(text: &[u8]) -> Result<Vec<u8>, TemplateError> {
    let mut out = Vec::new();
    for word in text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
        let what = "a word is no hexadecimal number of 64 bits";
        out.extend_from_slice(&number(word).ok_or(TemplateError { at: out.len(), what })?.to_le_bytes());
    }
    Ok(out)
}

/// Appends a number in hexadecimal, with zeros in front up to `width` digits.
pub fn push_hex(out: &mut Vec<u8>, number: u64, width: usize) {
    let digits = usize::try_from(u64::BITS - number.leading_zeros()).unwrap_or(0).div_ceil(4);
    for at in (0..digits.max(width)).rev() {
        let nibble = u8::try_from(number.checked_shr(u32::try_from(4 * at).unwrap_or(64)).unwrap_or(0) & 15);
        let nibble = nibble.unwrap_or(0);
        out.push(if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_of_maps_is_restored() {
        let template = b"{a}-{a+2000} r--p {{x}\n{b-1000}-{b} [stack] {a+10:d} {b-0}";
        let filled = fill(template, &[0x55a4_c000_0000, 0x7ffd_0000_1000].into(), b"").unwrap();
        let want = "55a4c0000000-55a4c0002000 r--p {x}\n7ffd00000000-7ffd00001000 [stack] 941 7ffd00001000"
            .replace("941", &(0x55a4_c000_0010_u64).to_string());
        assert_eq!(String::from_utf8(filled).unwrap(), want);
        assert_eq!(fill(b"{a}", &[0x40_0000].into(), b"").unwrap(), b"00400000");
        assert_eq!(fill(b"{a+1}{a-1}", &[u64::MAX].into(), b"").unwrap(), b"00000000fffffffffffffffe");
    }

    #[test]
    fn bad_templates_are_refused_where_they_are_bad() {
        let whats =
            |template: &[u8]| fill(template, &[1].into(), b"").map_err(|error| (error.at, error.what));
        for template in [
            &b"ab{"[..],
            b"ab{A}",
            b"ab{b}",
            b"ab{a+}",
            b"ab{a+x}",
            b"ab{a",
            b"ab{a:x}",
            b"ab{a+11112222333344445}",
        ] {
            assert_eq!(whats(template).unwrap_err().0, 2, "{}", template.escape_ascii());
        }
        assert!(whats(&vec![b'{'; 1 << 20]).is_ok());
        assert!(words(b"1 +2").is_err() && words(b"11112222333344445").is_err());
    }

    #[test]
    fn bases_are_a_list_of_hexadecimal_numbers() {
        let bases: Bases = serde_json::from_str(r#"["7ffd00001000", "x", "+1", "", "0"]"#).unwrap();
        assert_eq!(
            (0..6).map(|at| bases.get(at)).collect::<Vec<_>>(),
            [Some(0x7ffd_0000_1000), None, None, None, Some(0), None]
        );
        assert_eq!(serde_json::to_string(&Bases::from([16, 0])).unwrap(), r#"["10","0"]"#);
        assert!(fill(b"{b}", &bases, b"").is_err());
    }

    #[test]
    fn words_are_little_endian() {
        assert_eq!(words(b"21 1f\nffffffffffffffff ").unwrap().len(), 24);
        assert_eq!(words(b" 102").unwrap(), [2, 1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(words(b"").unwrap(), b"");
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(template: Vec<u8>, bases: Vec<u64>) {
            let _ = fill(&template, &bases.into(), b"");
            let _ = words(&template);
        }

        #[test]
        fn literals_and_holes_come_back(
            parts in prop::collection::vec((any::<Vec<u8>>(), 0..BASES_MAX, any::<u64>(), any::<bool>()), 0..20),
            bases in prop::collection::vec(any::<u64>(), BASES_MAX),
        ) {
            let (mut template, mut want) = (Vec::new(), Vec::new());
            for (literal, index, value, decimal) in parts {
                push_literal(&mut template, &literal);
                want.extend_from_slice(&literal);
                let digits = if decimal { Digits::Decimal } else { Digits::Hex };
                push_hole(&mut template, index, bases[index], value, digits);
                let text = if decimal { value.to_string() } else { format!("{value:08x}") };
                want.extend_from_slice(text.as_bytes());
            }
            prop_assert_eq!(fill(&template, &bases.into(), b"").unwrap(), want);
        }

        #[test]
        fn text_with_braces_comes_back(text in "[{}a-c:d+0-]{0,40}") {
            let mut template = Vec::new();
            push_literal(&mut template, text.as_bytes());
            prop_assert_eq!(fill(&template, &Bases::default(), b"").unwrap(), text.into_bytes());
        }
    }
}
