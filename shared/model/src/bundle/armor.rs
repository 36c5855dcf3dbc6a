//! A bundle as text, for terminals that carry nothing else: base64 between two marker lines.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::io::{self, Write};

/// The line before the base64.
pub const BEGIN: &str = "-----BEGIN PROCGLASS BUNDLE-----";
/// The line after it.
pub const END: &str = "-----END PROCGLASS BUNDLE-----";

/// What an armor looks like.
#[derive(Debug, PartialEq, Eq)]
pub struct Marker {
    /// The line before the base64.
    pub begin: &'static str,
    /// The line after it.
    pub end: &'static str,
    /// Bytes a line.
    line: usize,
}

/// A bundle's: 76 characters a line, as MIME has them, so that an 80-column terminal wraps nothing.
pub static BUNDLE_ARMOR: Marker = Marker { begin: BEGIN, end: END, line: 57 };
/// An encrypted one's, as the age tool reads it: 64 characters a line.
pub static AGE_ARMOR: Marker =
    Marker { begin: "-----BEGIN AGE ENCRYPTED FILE-----", end: "-----END AGE ENCRYPTED FILE-----", line: 48 };

/// Writes what it is given as armored text.
pub struct ArmorWriter<W: Write> {
    inner: W,
    marker: &'static Marker,
    pending: Vec<u8>,
}

impl<W: Write> ArmorWriter<W> {
    /// Writes the first marker line.
    ///
    /// # Errors
    /// What `inner` reports.
    pub fn new(mut inner: W) -> io::Result<Self> {
        // A prompt or progress line may stand before it on the same screen line.
        writeln!(inner, "\n{BEGIN}")?;
        Ok(Self { inner, marker: &BUNDLE_ARMOR, pending: Vec::new() })
    }

    /// The same for an encrypted bundle. The age tool wants the marker to be the very first.
    ///
    /// # Errors
    /// What `inner` reports.
    pub fn age(mut inner: W) -> io::Result<Self> {
        writeln!(inner, "{}", AGE_ARMOR.begin)?;
        Ok(Self { inner, marker: &AGE_ARMOR, pending: Vec::new() })
    }

    /// Writes what is left and the last marker line.
    ///
    /// # Errors
    /// What the inner writer reports.
    pub fn finish(mut self) -> io::Result<W> {
        for line in self.pending.chunks(self.marker.line) {
            writeln!(self.inner, "{}", BASE64.encode(line))?;
        }
        writeln!(self.inner, "{}", self.marker.end)?;
        self.inner.flush()?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for ArmorWriter<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(data);
        let line = self.marker.line;
        let whole = self.pending.len() - self.pending.len() % line;
        let mut text = String::with_capacity(whole / 3 * 4 + whole / line + 4);
        for line in self.pending.get(..whole).unwrap_or_default().chunks(line) {
            BASE64.encode_string(line, &mut text);
            text.push('\n');
        }
        self.pending.drain(..whole);
        self.inner.write_all(text.as_bytes())?;
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Inside,
    After,
}

/// Finds an armored bundle in text and decodes it, pushed in pieces of any size.
///
/// Lines in the block that are not base64 (a prompt, a message from the kernel, an escape sequence) are left out
/// and counted.
pub struct ArmorReader {
    looking_for: &'static [&'static Marker],
    found: Option<&'static Marker>,
    state: State,
    line: Vec<u8>,
    digits: Vec<u8>,
    foreign: usize,
    padded: bool,
}

/// A line longer than this is no armor; only its end is kept, in case a marker follows.
const LINE_LIMIT: usize = 1 << 20;

/// A bundle, and nothing else.
static BUNDLES: [&Marker; 1] = [&BUNDLE_ARMOR];
/// A bundle or an encrypted one, whichever comes first.
static EITHER: [&Marker; 2] = [&BUNDLE_ARMOR, &AGE_ARMOR];

impl Default for ArmorReader {
    fn default() -> Self {
        Self::looking_for(&BUNDLES)
    }
}

impl ArmorReader {
    /// Also takes an encrypted bundle. [`ArmorReader::marker`] says which it was.
    #[must_use]
    pub fn encrypted_too() -> Self {
        Self::looking_for(&EITHER)
    }

    fn looking_for(looking_for: &'static [&'static Marker]) -> Self {
        let (line, digits) = (Vec::new(), Vec::new());
        Self { looking_for, found: None, state: State::Before, line, digits, foreign: 0, padded: false }
    }

    /// The armor that was found.
    #[must_use]
    pub fn marker(&self) -> Option<&'static Marker> {
        self.found
    }

    /// Whether the first marker line was seen.
    #[must_use]
    pub fn found(&self) -> bool {
        self.state != State::Before
    }

    /// Whether the last marker line was seen.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.state == State::After
    }

    /// Lines inside the block that were no base64.
    #[must_use]
    pub fn foreign_lines(&self) -> usize {
        self.foreign
    }

    /// Takes text and appends what it decodes to.
    pub fn push(&mut self, mut text: &[u8], out: &mut Vec<u8>) {
        while let Some(at) = text.iter().position(|byte| *byte == b'\n' || *byte == b'\r') {
            self.line.extend_from_slice(text.get(..at).unwrap_or_default());
            text = text.get(at + 1..).unwrap_or_default();
            self.take_line(out);
        }
        self.line.extend_from_slice(text);
        if self.line.len() > LINE_LIMIT {
            // The longer of the two.
            self.line.drain(..self.line.len() - AGE_ARMOR.begin.len());
        }
    }

    /// Takes a last line that has no newline.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.take_line(out);
        self.decode(out);
    }

    fn take_line(&mut self, out: &mut Vec<u8>) {
        let line = std::mem::take(&mut self.line);
        match self.state {
            State::Before => {
                self.found = self.looking_for.iter().find(|marker| contains(&line, marker.begin)).copied();
                if self.found.is_some() {
                    self.state = State::Inside;
                }
            }
            State::Inside if self.found.is_some_and(|marker| contains(&line, marker.end)) => {
                self.decode(out);
                self.state = State::After;
            }
            State::Inside => self.inside(&line, out),
            State::After => {}
        }
        // Keep the allocation.
        self.line = line;
        self.line.clear();
    }

    fn inside(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let line = line.trim_ascii();
        let body = line.strip_suffix(b"==").or_else(|| line.strip_suffix(b"="));
        let digits = body.unwrap_or(line);
        let all = digits.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'));
        if line.is_empty() {
            return;
        }
        if !all || self.padded {
            self.foreign += 1;
            return;
        }
        self.padded = body.is_some();
        self.digits.extend_from_slice(line);
        if self.digits.len() >= 16 * 1024 {
            self.decode(out);
        }
    }

    fn decode(&mut self, out: &mut Vec<u8>) {
        let whole = self.digits.len() - self.digits.len() % 4;
        let digits = self.digits.get(..whole).unwrap_or_default();
        if BASE64.decode_vec(digits, out).is_err() {
            self.foreign += 1;
        }
        self.digits.drain(..whole);
    }
}

fn contains(line: &[u8], marker: &str) -> bool {
    line.windows(marker.len()).any(|window| window == marker.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn armor(data: &[u8]) -> Vec<u8> {
        let mut writer = ArmorWriter::new(Vec::new()).unwrap();
        writer.write_all(data).unwrap();
        writer.finish().unwrap()
    }

    fn read(text: &[u8], piece: usize) -> (Vec<u8>, ArmorReader) {
        let (mut out, mut reader) = (Vec::new(), ArmorReader::default());
        for piece in text.chunks(piece) {
            reader.push(piece, &mut out);
        }
        reader.finish(&mut out);
        (out, reader)
    }

    #[test]
    fn a_terminal_log_around_it_does_no_harm() {
        let data: Vec<u8> = (0..=255).cycle().take(5000).collect();
        let text = String::from_utf8(armor(&data)).unwrap().replace('\n', "\r\n");
        let (head, tail) = text.split_at(1000);
        let at = head.rfind("\r\n").unwrap();
        let log = format!(
            "\x1b[1m$ ./procglass-collect --armor\r\n{}\r\n[ 12.3] eth0: link up\r\n{}{tail}$ exit\r\n",
            &head[..at],
            &head[at + 2..],
        );
        let (out, reader) = read(log.as_bytes(), 7);
        assert_eq!(out, data);
        assert!(reader.ended());
        assert_eq!(reader.foreign_lines(), 1);
    }

    #[test]
    fn encrypted_ones_only_where_they_are_looked_for() {
        let data: Vec<u8> = (0..=255).cycle().take(960).collect();
        let mut writer = ArmorWriter::age(Vec::new()).unwrap();
        writer.write_all(&data).unwrap();
        let text = writer.finish().unwrap();
        let lines: Vec<_> = text.split(|byte| *byte == b'\n').collect();
        assert!(text.starts_with(b"-----BEGIN AGE") && lines[1..21].iter().all(|line| line.len() == 64));
        let (mut out, mut reader) = (Vec::new(), ArmorReader::encrypted_too());
        reader.push(&text, &mut out);
        reader.finish(&mut out);
        assert!(out == data && reader.ended() && reader.marker() == Some(&AGE_ARMOR));
        assert!(!read(&text, 7).1.found());
    }

    #[test]
    fn text_without_a_bundle_is_said_to_be_so() {
        let (out, reader) = read(b"hello\nYWJj\n", 3);
        assert!(out.is_empty() && !reader.found());
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(data: Vec<u8>, piece in 1..200usize) {
            let (out, reader) = read(&armor(&data), piece);
            prop_assert_eq!(out, data);
            prop_assert!(reader.ended());
        }
    }
}
