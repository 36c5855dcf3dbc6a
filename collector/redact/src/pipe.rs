//! The text of a shell: words with their quotes, commands, and what one command writes into the next, as in
//! `echo secret | docker login --password-stdin`.

use super::Spans;
use super::assign::{self, Place};
use super::mark::Reason;
use super::packed::Packed;
use super::words::{Command, several};
use std::ops::Range;

/// Quotes within quotes that are looked into.
const DEEPEST: u32 = 3;

/// Programs and flags that read a password from their input.
static READERS: Packed = Packed::new(
    "chpasswd cryptsetup htpasswd kinit kpasswd login luksOpen luksFormat --with-token passwd smbpasswd su sudo",
);

/// Goes through a text as a shell would. `offset`: where it begins in what is searched.
#[inline(never)]
pub(super) fn shell(text: &[u8], offset: usize, depth: u32, spans: &mut Spans) {
    let mut found = Spans::default();
    let (mut command, mut pipeline) = (Command::default(), Pipeline::default());
    let (mut at, mut parentheses) = (0, 0u32);
    while let Some(byte) = text.get(at) {
        let next = text.get(at + 1);
        match byte {
            b' ' | b'\t' | b'\r' | b'>' => at += 1,
            b'&' if text.get(at.wrapping_sub(1)) == Some(&b'>') => at += 1,
            b'<' => {
                let here = text.get(at..).is_some_and(|rest| rest.starts_with(b"<<<"));
                pipeline.here |= here;
                at += if here { 3 } else { 1 };
            }
            b'|' if next != Some(&b'|') => {
                command.end(&mut found);
                pipeline.next();
                at += 1;
            }
            b';' | b'&' | b'|' | b'\n' => {
                command.end(&mut found);
                pipeline.next();
                if parentheses == 0 {
                    pipeline.end(text, &mut found);
                }
                at += 1;
            }
            // A value may begin with a bracket.
            b'(' | b')' | b'{' | b'}' if !command.awaits() => {
                command.end(&mut found);
                parentheses += u32::from(*byte == b'(');
                parentheses = parentheses.saturating_sub(u32::from(*byte == b')'));
                pipeline.next();
                at += 1;
            }
            _ => {
                let word = word(text, at, parentheses > 0);
                at = word.end;
                let inner = unquoted(text, word);
                let bytes = text.get(inner.clone()).unwrap_or_default();
                if !pipeline.word(inner.clone(), bytes) {
                    command.word(text, inner.clone(), &mut found);
                }
                if bytes.contains(&b'=') {
                    assign::spans(
                        bytes,
                        inner.start,
                        if several(bytes) { Place::Code } else { Place::Argument },
                        &mut found,
                    );
                }
                if depth < DEEPEST && several(bytes) && inner.len() < text.len() {
                    shell(bytes, inner.start, depth + 1, &mut found);
                }
            }
        }
    }
    command.end(&mut found);
    pipeline.end(text, &mut found);
    spans.take(found, offset);
}

/// Commands between which bars stand.
#[derive(Debug, Default)]
struct Pipeline {
    /// What was written into it: arguments of `echo`, and here-strings.
    written: Vec<Range<usize>>,
    /// A program that reads a password.
    reads: bool,
    /// It reads `user:password`.
    users: bool,
    /// The next word is a here-string.
    here: bool,
    /// The first word of the command was there.
    begun: bool,
    writes: bool,
}

impl Pipeline {
    /// Goes on by one word. True: it is only written.
    #[inline(never)]
    fn word(&mut self, range: Range<usize>, bytes: &[u8]) -> bool {
        if std::mem::take(&mut self.here) {
            self.written.push(range);
            return true;
        }
        if !self.begun {
            self.begun = !bytes.contains(&b'=');
            self.writes = matches!(bytes, b"echo" | b"printf" | b"print");
        } else if self.writes {
            if !bytes.starts_with(b"-") && !bytes.starts_with(b"%") {
                self.written.push(range);
            }
            return true;
        }
        self.users |= bytes.ends_with(b"chpasswd");
        self.reads |= READERS.has(bytes)
            || [&b"stdin"[..], b"passphrase-fd"].iter().any(|part| super::shape::find(bytes, part).is_some())
            || bytes.ends_with(b"passwd");
        false
    }

    /// The next command of the same pipeline.
    fn next(&mut self) {
        self.begun = false;
        self.writes = false;
    }

    #[inline(never)]
    fn end(&mut self, text: &[u8], spans: &mut Spans) {
        for range in self.written.drain(..).filter(|_| self.reads) {
            let bytes = text.get(range.clone()).unwrap_or_default();
            let colon =
                if self.users { bytes.iter().position(|b| *b == b':').map(|at| at + 1) } else { None };
            if !super::name::reference(bytes) {
                spans.push(range.start + colon.unwrap_or(0)..range.end, Reason::Program);
            }
        }
        *self = Self::default();
    }
}

/// A word with its quotes. A quote without an end is a letter. Brackets belong to it,
/// but for the one that ends a command in brackets.
#[inline(never)]
fn word(text: &[u8], start: usize, inside: bool) -> Range<usize> {
    let mut at = start;
    while let Some(byte) = text.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'&' | b'<' | b'>' => break,
            b')' if inside => break,
            b'\\' => at += 2,
            b'"' | b'\'' | b'`' => at = closing(text, at).map_or(at, |end| end) + 1,
            _ => at += 1,
        }
    }
    start..at.min(text.len()).max(start + 1)
}

/// The place of the quote that closes the one here.
#[inline(never)]
fn closing(text: &[u8], open: usize) -> Option<usize> {
    let quote = *text.get(open)?;
    let mut at = open + 1;
    loop {
        match text.get(at)? {
            byte if *byte == quote => return Some(at),
            b'\\' if quote != b'\'' => at += 2,
            _ => at += 1,
        }
    }
}

/// Without the quotes around it.
#[inline(never)]
fn unquoted(text: &[u8], range: Range<usize>) -> Range<usize> {
    match text.get(range.clone()) {
        Some([open @ (b'"' | b'\'' | b'`'), .., close]) if open == close => range.start + 1..range.end - 1,
        _ => range,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut list = Spans::default();
        shell(text.as_bytes(), 0, 0, &mut list);
        list.ranges().map(|span| &text[span]).collect()
    }

    #[test]
    fn what_is_written_to_a_reader_of_passwords() {
        for (text, want) in [
            ("echo pw | docker login --password-stdin -u x r.io", "pw"),
            ("echo -n 'p w' | sudo -S id", "p w"),
            ("echo \"root:pw\" | chpasswd", "pw"),
            ("printf '%s\\n' pw | cryptsetup open /dev/sdb x", "pw"),
            ("docker login --password-stdin -u x <<< pw", "pw"),
            ("(echo pw; echo pw) | smbpasswd -s -a u", "pw"),
            ("ls; echo pw | passwd --stdin bob && id", "pw"),
            ("cd /x && echo pw | gpg --passphrase-fd 0 -d f", "pw"),
        ] {
            assert!(
                found(text).iter().all(|one| *one == want) && !found(text).is_empty(),
                "{text}: {:?}",
                found(text)
            );
        }
        for text in [
            "echo IyEvYmluL3NoCg== | base64 -d | sh",
            "echo hello; docker login --password-stdin",
            "echo $TOKEN | docker login --password-stdin",
            "echo hello | tee /etc/passwd.bak",
            "it's a title",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_gone_through(bytes in "[ -~\\n\"'`\\\\;|&()<>]{0,60}") {
            let mut list = Spans::default();
            shell(bytes.as_bytes(), 0, 0, &mut list);
            proptest::prop_assert!(list.ranges().all(|span| span.end <= bytes.len()));
        }
    }
}
