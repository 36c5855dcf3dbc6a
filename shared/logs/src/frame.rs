//! Cutting a stream of bytes into lines or into JSON documents, whatever the pieces it comes in.

/// Longer lines are bad: the longest that any of these formats writes is a few kilobytes.
pub(super) const LONGEST_LINE: usize = 1 << 20;
/// Longer documents are bad. Elements of the outermost array are documents of their own.
const LONGEST_DOCUMENT: usize = 8 << 20;
/// How much is kept of what stands where a document should.
const STRAY: usize = 160;

/// A piece that the stream was cut into.
pub(super) enum Piece<'a> {
    /// One line without its end, or one document.
    Whole(&'a [u8]),
    /// Something that cannot be used, and why.
    Bad(&'static str, &'a [u8]),
}

/// Takes pieces, with the number of the line where each begins.
pub(super) type Take<'t> = &'t mut dyn FnMut(u64, Piece<'_>);

/// Cuts at line feeds; a carriage return in front of one goes too.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The beginning of a line whose end has not come.
    open: Vec<u8>,
    /// That line is too long, and the rest of it is not kept.
    over: bool,
    /// Lines that have ended.
    pub(super) count: u64,
}

impl Lines {
    pub(super) fn push(&mut self, mut bytes: &[u8], take: Take<'_>) {
        while let Some(at) = memchr::memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at_checked(at).unwrap_or((bytes, b""));
            bytes = rest.get(1..).unwrap_or_default();
            if self.open.is_empty() && !self.over {
                self.count += 1;
                give(self.count, line, take);
            } else {
                self.keep(line);
                self.end(take);
            }
        }
        self.keep(bytes);
    }

    fn keep(&mut self, part: &[u8]) {
        if self.open.len() + part.len() > LONGEST_LINE {
            self.over = true;
        } else if !self.over {
            self.open.extend_from_slice(part);
        }
    }

    fn end(&mut self, take: Take<'_>) {
        self.count += 1;
        if self.over {
            take(self.count, Piece::Bad("the line is longer than 1 MiB", &self.open));
        } else {
            give(self.count, &self.open, take);
        }
        self.open.clear();
        self.over = false;
    }

    /// The last line may lack its end.
    pub(super) fn finish(&mut self, take: Take<'_>) {
        if !self.open.is_empty() || self.over {
            self.end(take);
        }
    }
}

fn give(number: u64, line: &[u8], take: Take<'_>) {
    if line.len() > LONGEST_LINE {
        take(number, Piece::Bad("the line is longer than 1 MiB", line));
    } else {
        take(number, Piece::Whole(line.strip_suffix(b"\r").unwrap_or(line)));
    }
}

/// Cuts where a JSON object ends, so that one object a line, objects over many lines, objects without anything between
/// them, and the elements of one large array all come out as documents.
///
/// A broken document must not swallow what follows: text cannot hold a line feed, an object that began behind other text
/// ends on its line, and a brace in the first column begins a new document where no value is expected.
#[derive(Debug, Default)]
pub(super) struct Documents {
    open: Vec<u8>,
    over: bool,
    depth: u32,
    text: bool,
    escape: bool,
    /// The line where the open document began.
    began: u64,
    /// It began in the first column and with a name: one document a line.
    one_a_line: bool,
    /// Something stood in front of it on its line.
    behind: bool,
    /// What stands outside of documents on this line.
    stray: Vec<u8>,
    /// The last byte was a line feed, or none came yet.
    not_fresh: bool,
    /// Documents are elements of an array that a wrapper holds.
    wrapped: bool,
    /// What follows that array in its wrapper.
    trailer: Option<Trailer>,
    /// The last byte of the document that is no blank.
    last: u8,
    /// Line feeds so far.
    pub(super) count: u64,
}

impl Documents {
    pub(super) fn push(&mut self, bytes: &[u8], take: Take<'_>) {
        for byte in bytes {
            if self.depth == 0 {
                self.outside(*byte, take);
            } else {
                self.inside(*byte, take);
            }
            self.not_fresh = *byte != b'\n';
            self.count += u64::from(*byte == b'\n');
        }
    }

    fn outside(&mut self, byte: u8, take: Take<'_>) {
        if let Some(trailer) = &mut self.trailer {
            // A brace in the first column begins a document, whatever is open.
            let begins = byte == b'{' && !self.not_fresh;
            if !begins {
                if trailer.ends(byte) {
                    self.trailer = None;
                }
                return;
            }
            self.trailer = None;
        }
        match byte {
            b']' if self.wrapped && self.stray.is_empty() => {
                self.wrapped = false;
                self.trailer = Some(Trailer::default());
            }
            b'\n' => self.stray(take),
            b'{' => self.begin(),
            b'[' | b']' | b'}' | b',' | b' ' | b'\t' | b'\r' | 0x1e if self.stray.is_empty() => {}
            _ if self.stray.len() < STRAY => self.stray.push(byte),
            _ => {}
        }
    }

    fn begin(&mut self) {
        self.open.clear();
        self.open.push(b'{');
        (self.depth, self.text, self.escape, self.over, self.last) = (1, false, false, false, b'{');
        self.began = self.count + 1;
        self.behind = !self.stray.is_empty();
        self.stray.clear();
        self.one_a_line = false;
    }

    fn stray(&mut self, take: Take<'_>) {
        if !self.stray.is_empty() {
            take(self.count + 1, Piece::Bad("there is no JSON on it", &self.stray));
            self.stray.clear();
        }
    }

    fn inside(&mut self, byte: u8, take: Take<'_>) {
        if byte == b'\n' && (self.text || self.behind) {
            return self.give_up("the document does not end on its line", take);
        }
        if byte == b'{' && !self.not_fresh && (self.one_a_line || !matches!(self.last, b'[' | b',' | b':')) {
            self.give_up("the document does not end", take);
            return self.begin();
        }
        if self.open.len() < LONGEST_DOCUMENT {
            self.open.push(byte);
        } else {
            self.over = true;
        }
        if self.text {
            match byte {
                _ if self.escape => self.escape = false,
                b'\\' => self.escape = true,
                b'"' => self.text = false,
                _ => {}
            }
            self.last = byte;
            return;
        }
        match byte {
            b'"' => {
                self.text = true;
                self.one_a_line |= self.open.len() == 2;
            }
            b'{' => self.depth = self.depth.saturating_add(1),
            b'}' => self.depth -= 1,
            b'[' if self.depth == 1 && is_wrapper(&self.open) => {
                self.depth = 0;
                self.open.clear();
                self.wrapped = true;
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            self.last = byte;
        }
        if self.depth == 0 && byte == b'}' {
            let piece = if self.over {
                Piece::Bad("the document is longer than 8 MiB", &self.open)
            } else {
                Piece::Whole(&self.open)
            };
            take(self.began, piece);
            self.open.clear();
        }
    }

    fn give_up(&mut self, why: &'static str, take: Take<'_>) {
        take(self.began, Piece::Bad(why, &self.open));
        self.open.clear();
        self.depth = 0;
    }

    pub(super) fn finish(&mut self, take: Take<'_>) {
        if self.depth > 0 {
            self.give_up("the log ends in the middle of it", take);
        }
        self.stray(take);
        self.count += u64::from(self.not_fresh);
    }
}

/// The fields behind the array of a wrapper, such as `"searchedLogStreams": []` and `"nextForwardToken": "f/1"`. They hold
/// no records.
#[derive(Debug, Default)]
struct Trailer {
    depth: u32,
    text: bool,
    escape: bool,
}

impl Trailer {
    /// Whether this byte closes the wrapper.
    fn ends(&mut self, byte: u8) -> bool {
        match byte {
            // Text cannot hold a line feed: it was broken.
            b'\n' => self.text = false,
            _ if self.escape => {
                self.escape = false;
                return false;
            }
            _ => {}
        }
        match byte {
            b'\\' if self.text => self.escape = true,
            b'"' => self.text = !self.text,
            b'{' if !self.text => self.depth = self.depth.saturating_add(1),
            b'}' if !self.text && self.depth == 0 => return true,
            b'}' if !self.text => self.depth -= 1,
            _ => {}
        }
        false
    }
}

/// Whether a document has so far only the name of the array that holds all of the log's records.
fn is_wrapper(open: &[u8]) -> bool {
    if open.len() > 64 {
        return false;
    }
    let plain: Vec<u8> = open.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    matches!(plain.as_slice(), b"{\"records\":[" | b"{\"events\":[" | b"{\"entries\":[" | b"{\"dmesg\":[")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One byte at a time is the hardest way to get it.
    fn documents(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        let mut frame = Documents::default();
        let mut take = |line: u64, piece: Piece<'_>| {
            let (mark, text) = match piece {
                Piece::Whole(text) => ("", text),
                Piece::Bad(_, text) => ("bad ", text),
            };
            all.push(format!("{line} {mark}{}", String::from_utf8_lossy(text)));
        };
        for byte in text.as_bytes() {
            frame.push(&[*byte], &mut take);
        }
        frame.finish(&mut take);
        all
    }

    #[test]
    fn documents_in_every_arrangement() {
        let one_a_line = r#"{"a":1}
{"b":"}\\"}
"#;
        assert_eq!(documents(one_a_line), [r#"1 {"a":1}"#, r#"2 {"b":"}\\"}"#]);
        assert_eq!(documents("{\"a\":{}}{\"b\":[{}]}"), ["1 {\"a\":{}}", "1 {\"b\":[{}]}"]);
        assert_eq!(documents("[{\"a\":1},\n {\"b\":2}]"), ["1 {\"a\":1}", "2 {\"b\":2}"]);
        let wrapped = "{ \"records\" : [\n{\"a\":1}, {\"b\":2}\n] }\n";
        assert_eq!(documents(wrapped), ["2 {\"a\":1}", "2 {\"b\":2}"]);
        assert_eq!(documents("{\n  \"a\": [\n{\"b\": 1}\n]\n}"), ["1 {\n  \"a\": [\n{\"b\": 1}\n]\n}"]);
        let trailed =
            "{\"events\":[{\"a\":1}],\n\"searched\": [{\"x\":\"}\"}],\"t\":\"f/\\\"}\"}\n{\"b\":2}\n";
        assert_eq!(documents(trailed), ["1 {\"a\":1}", "3 {\"b\":2}"]);
        assert_eq!(
            documents("{\"events\":[{\"a\":1}],\"t\":\"\n{\"b\":2}\n"),
            ["1 {\"a\":1}", "2 {\"b\":2}"]
        );
        assert_eq!(documents("<13>Jan 1 host: {\"a\":1}\n"), ["1 {\"a\":1}"]);
    }

    #[test]
    fn a_broken_document_costs_itself() {
        let good = "{\"c\":3}\n";
        for (bad, line) in [
            ("{\"a\":1\n", "1 bad {\"a\":1\n"),
            ("{\"a\":\"x\n", "1 bad {\"a\":\"x"),
            ("nothing\n", "1 bad nothing"),
            ("look {here\n", "1 bad {here"),
            ("{\"a\":[\n", "1 bad {\"a\":[\n"),
        ] {
            assert_eq!(documents(&format!("{bad}{good}")), [line, "2 {\"c\":3}"], "{bad}");
        }
        assert_eq!(documents("{\"a\":"), ["1 bad {\"a\":"]);
    }

    #[test]
    fn lines_with_every_end() {
        let mut all = Vec::new();
        let mut lines = Lines::default();
        let mut take = |number: u64, piece: Piece<'_>| {
            if let Piece::Whole(text) = piece {
                all.push((number, String::from_utf8_lossy(text).into_owned()));
            } else {
                all.push((number, "bad".to_owned()));
            }
        };
        lines.push(b"a\r\nb", &mut take);
        lines.push(b"c\n\n", &mut take);
        lines.push(&vec![b'x'; LONGEST_LINE + 1], &mut take);
        lines.push(b"\nlast", &mut take);
        lines.finish(&mut take);
        let expected = [(1, "a"), (2, "bc"), (3, ""), (4, "bad"), (5, "last")];
        assert_eq!(all, expected.map(|(number, text)| (number, text.to_owned())));
    }
}
