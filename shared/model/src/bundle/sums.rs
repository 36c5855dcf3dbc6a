//! `SHA256SUMS`, as `sha256sum -c --strict` of GNU coreutils 9 reads it.

use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// The name of the last member.
pub const SUMS_NAME: &str = "SHA256SUMS";

/// A SHA-256 digest.
pub type Sha256Digest = [u8; 32];

/// SHA-256 of `bytes`, FIPS 180-4.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Sha256Digest {
    Sha256::digest(bytes).into()
}

/// Lower-case hex.
#[must_use]
pub fn hex(digest: &[u8]) -> String {
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let mut text = String::with_capacity(digest.len() * 2);
    text.extend(nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16)));
    text
}

/// A digest from its 64 hex digits.
#[must_use]
pub fn unhex(text: &[u8]) -> Option<Sha256Digest> {
    let text: &[u8; 64] = text.try_into().ok()?;
    let nibble = |digit: u8| u8::try_from(char::from(digit).to_digit(16)?).ok();
    let mut digest = [0; 32];
    for (byte, [high, low]) in digest.iter_mut().zip(text.as_chunks().0) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(digest)
}

/// One line of the file. Member names hold neither newline nor backslash, so no escaping is needed.
pub(super) fn line(name: &str, digest: &Sha256Digest) -> String {
    format!("{}  {name}\n", hex(digest))
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Name, without a leading `./`, and digest.
    Sum(Cow<'a, str>, Sha256Digest),
    /// The number of a line that is no sum, from 1.
    Wrong(usize),
}

/// The lines of the file; without comments (`#`) and empty lines.
pub(super) fn parse(content: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut form = None;
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    content.split(|byte| *byte == b'\n').enumerate().filter_map(move |(number, line)| {
        if line.first() == Some(&b'#') {
            return None;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return None;
        }
        let sum = split(line, &mut form).and_then(|(name, hex)| Some((called(name)?, unhex(hex)?)));
        Some(sum.map_or(Line::Wrong(number + 1), |(name, digest)| Line::Sum(name, digest)))
    })
}

/// What stands between digest and name. coreutils takes one kind only in a file, that of its first line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A white space and a mark: a space or `*`.
    Marked,
    /// One white space (`md5 -r` of BSD).
    Bare,
}

/// The name and the hex digits of a line, `split_3` of coreutils' `src/digest.c`.
fn split<'a>(line: &'a [u8], form: &mut Option<Form>) -> Option<(Cow<'a, [u8]>, &'a [u8])> {
    let line = trim(line);
    let (line, escaped) = line.strip_prefix(b"\\").map_or((line, false), |rest| (rest, true));
    let (name, hex) = match line.strip_prefix(b"SHA256") {
        Some(rest) => tagged(rest)?,
        None => {
            let (hex, rest) = line.split_at_checked(64)?;
            unhex(hex)?;
            let rest = rest.strip_prefix(b" ").or_else(|| rest.strip_prefix(b"\t"))?;
            let marked = rest.len() != 1 && rest.first().is_some_and(|mark| matches!(mark, b' ' | b'*'));
            let found = if marked { Form::Marked } else { Form::Bare };
            match form {
                Some(Form::Marked) if !marked => return None,
                // Of a file of the bare form a mark belongs to the name.
                Some(Form::Bare) => (rest, hex),
                _ => {
                    *form = Some(found);
                    (rest.get(usize::from(marked)..)?, hex)
                }
            }
        }
    };
    if escaped {
        unescape(name).map(|name| (Cow::Owned(name), hex))
    } else {
        Some((Cow::Borrowed(name), hex))
    }
}

/// `SHA256 (NAME) = HEX`, as BSD and `--tag` write it.
fn tagged(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = rest.strip_prefix(b" ").unwrap_or(rest).strip_prefix(b"(")?;
    let end = rest.iter().rposition(|byte| *byte == b')')?;
    let (name, rest) = (rest.get(..end)?, rest.get(end + 1..)?);
    Some((name, trim(trim(rest).strip_prefix(b"=")?)))
}

fn trim(line: &[u8]) -> &[u8] {
    let blank = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    line.get(blank..).unwrap_or_default()
}

/// The name in a line that begins with a backslash.
fn unescape(name: &[u8]) -> Option<Vec<u8>> {
    let (mut out, mut bytes) = (Vec::with_capacity(name.len()), name.iter());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'\\' => match bytes.next()? {
                b'n' => b'\n',
                b'r' => b'\r',
                b'\\' => b'\\',
                _ => return None,
            },
            0 => return None,
            byte => *byte,
        });
    }
    Some(out)
}

/// The name as members have it. `None` for none, and for standard input.
fn called(name: Cow<'_, [u8]>) -> Option<Cow<'_, str>> {
    // A string of C ends at its first zero.
    let end = |name: &[u8]| name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    let name = match name {
        Cow::Borrowed(name) => Cow::Borrowed(name.get(..end(name))?),
        Cow::Owned(name) => Cow::Owned(name),
    };
    if name.is_empty() || *name == *b"-" {
        return None;
    }
    Some(match name {
        Cow::Borrowed(name) => match std::str::from_utf8(name) {
            Ok(name) => Cow::Borrowed(name.trim_start_matches("./")),
            Err(_) => Cow::Owned(name.escape_ascii().to_string()),
        },
        Cow::Owned(name) => Cow::Owned(match String::from_utf8(name) {
            Ok(name) => name.trim_start_matches("./").to_owned(),
            Err(error) => error.as_bytes().escape_ascii().to_string(),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<Result<String, usize>> {
        let hex = hex(&sha256(b"abc"));
        let text = text.replace('@', &hex).replace('%', &hex.to_uppercase());
        let line = |line: Line<'_>| match line {
            Line::Sum(name, digest) => {
                assert_eq!(digest, sha256(b"abc"));
                Ok(name.into_owned())
            }
            Line::Wrong(number) => Err(number),
        };
        parse(text.as_bytes()).map(line).collect()
    }

    fn sums(names: &[&str]) -> Vec<Result<String, usize>> {
        names.iter().map(|name| Ok((*name).to_owned())).collect()
    }

    #[test]
    fn lines_come_back() {
        let digest = sha256(b"abc");
        assert!(hex(&digest).starts_with("ba7816bf"));
        let text = line("process/1.json", &digest) + "nonsense\n" + &line("a", &sha256(b""));
        let parsed: Vec<_> = parse(text.as_bytes()).collect();
        let sum = |name: &'static str, digest| Line::Sum(name.into(), digest);
        assert_eq!(parsed, [sum("process/1.json", digest), Line::Wrong(2), sum("a", sha256(b""))]);
        assert_eq!((unhex(b"xx"), unhex(&[b'+'; 64]), unhex(&[0xe9; 64])), (None, None, None));
        assert_eq!(unhex(hex(&digest).to_uppercase().as_bytes()), Some(digest));
    }

    /// Each as `sha256sum -c --strict` of coreutils 9.1 takes it.
    #[test]
    fn every_form_of_a_line_is_read_as_coreutils_reads_it() {
        for (text, want) in [
            ("@  a\n", &["a"][..]),
            ("@  a", &["a"]),
            ("@ *a\r\n", &["a"]),
            ("%  a\n", &["a"]),
            ("@\t a\n", &["a"]),
            (" \t@  a\n", &["a"]),
            ("\n\r\n# comment\n@  a\n\n", &["a"]),
            ("@  ././a\n", &["a"]),
            ("@  a\0b\n", &["a"]),
            ("@  a b \n", &["a b "]),
            ("\\@  a\\nb\\\\c\\rd\n", &["a\nb\\c\rd"]),
            ("@  a\\nb\n", &["a\\nb"]),
            ("SHA256 (a) = @\n", &["a"]),
            ("SHA256(a)\t=@\r\n", &["a"]),
            ("SHA256 (a) b) = @\n", &["a) b"]),
            ("\\SHA256 (a\\nb) = @\n", &["a\nb"]),
            ("@ a\n@ b\n", &["a", "b"]),
            ("@ a\n@  b\n", &["a", " b"]),
            ("@\ta\n", &["a"]),
            ("@  a\nSHA256 (b) = @\n", &["a", "b"]),
        ] {
            assert_eq!(names(text), sums(want), "{text:?}");
        }
        for text in [
            "nonsense",
            " # comment",
            "   ",
            "@",
            "@  ",
            "@ *",
            "@a",
            "@  -",
            "\\@  a\\",
            "\\@  a\\tb",
            "\\@  a\0b",
            "SHA256 (a) = @ ",
            "SHA256 (a= @",
            "SHA256  (a) = @",
            "SHA256 (a) @",
            "SHA512 (a) = @",
            "\0@  a",
        ] {
            // One mark alone is a name of the bare form.
            let want = if text == "@ *" || text == "@  " { sums(&[&text[2..]]) } else { vec![Err(1)] };
            assert_eq!(names(text), want, "{text:?}");
        }
        assert_eq!(names("@  a\n@ b\n"), [Ok("a".to_owned()), Err(2)]);
        assert_eq!(names(""), []);
    }
}
