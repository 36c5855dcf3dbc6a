//! A log in pieces: decompressed where it is gzip, recognised, cut, parsed.

use super::column::Column;
use super::columns::Columns;
use super::format::Format;
use super::frame::{Documents, Lines, Piece};
use super::parser::{Emit, Line, Outcome, Parser};
use super::recognise::{HEAD, recognise};
use super::record::Record;
use super::tally::Tally;
use super::vpc;
use procglass_model::Timestamp;
use procglass_model::bundle::gunzip::{Gunzip, Sink};
use std::convert::Infallible;

/// What a person knows of a log that it does not say itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Its format, instead of the one that its beginning suggests.
    pub format: Option<Format>,
    /// The order of the fields of VPC flow records without a header.
    pub fields: Option<Vec<Column>>,
    /// The columns of a table.
    pub columns: Option<Columns>,
    /// Seconds ahead of UTC of times without a zone.
    pub zone: i64,
    /// A time within half a year of the log's, for syslog, which leaves the year out: when a bundle was captured.
    pub reference: Option<Timestamp>,
}

impl Options {
    /// Parses the order of fields as VPC flow logs are configured: `version srcaddr dstaddr`, also `${srcaddr}`.
    ///
    /// # Errors
    /// A sentence, when no field is one of VPC flow logs.
    pub fn parse_fields(text: &str) -> Result<Vec<Column>, String> {
        let words = text.split([' ', ',', '\t']).filter(|word| !word.is_empty());
        let fields: Vec<_> = words
            .map(|word| word.trim_start_matches("${").trim_end_matches('}'))
            .map(|word| vpc::field(word.as_bytes()).ok_or(word))
            .collect();
        if let Some(unknown) = fields.iter().find_map(|field| field.err()) {
            return Err(format!(
                "`{unknown}` is no field of VPC flow logs. Write them as in the log's configuration: version srcaddr dstaddr ..."
            ));
        }
        let fields: Vec<_> = fields.into_iter().flatten().collect();
        if fields.iter().any(|field| matches!(field, Column::Source | Column::PacketSource)) {
            Ok(fields)
        } else {
            Err("there is no address among the fields: name srcaddr and dstaddr".to_owned())
        }
    }
}

/// Reads one log. Memory is bounded: 64 KiB until the format is known, then at most one line or one JSON document.
pub struct LogReader {
    gzip: Compression,
    text: Text,
}

enum Compression {
    /// The first bytes, while they are too few.
    Unknown(Vec<u8>),
    None,
    Gzip(Box<Gunzip>),
}

/// The log, decompressed.
struct Text {
    options: Options,
    format: Option<Format>,
    state: State,
    tally: Tally,
}

enum State {
    Head(Vec<u8>),
    Lines(Parser, Lines),
    Documents(Parser, Documents),
    Unrecognised,
}

/// Where the records of a piece go.
type Out<'o> = &'o mut dyn FnMut(&Record<&[u8]>);

impl LogReader {
    /// A reader that has seen nothing yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let text = Text { options, format: None, state: State::Head(Vec::new()), tally: Tally::default() };
        Self { gzip: Compression::Unknown(Vec::new()), text }
    }

    /// Takes the next bytes, and hands on the records that they complete.
    pub fn push(&mut self, bytes: &[u8], out: &mut dyn FnMut(&Record<&[u8]>)) {
        match &mut self.gzip {
            Compression::None => self.text.push(bytes, out),
            Compression::Gzip(gunzip) => unpack(gunzip, bytes, &mut self.text, out),
            Compression::Unknown(head) => {
                head.extend_from_slice(bytes);
                if head.len() < 2 {
                    return;
                }
                let head = std::mem::take(head);
                self.gzip = if head.starts_with(&[0x1f, 0x8b]) {
                    Compression::Gzip(Box::new(Gunzip::new()))
                } else {
                    Compression::None
                };
                self.push(&head, out);
            }
        }
    }

    /// Says that the log has ended, hands on the last records, and returns what became of its lines and its format: `None`
    /// when none that is known fits.
    pub fn finish(mut self, out: &mut dyn FnMut(&Record<&[u8]>)) -> (Tally, Option<Format>) {
        match &mut self.gzip {
            Compression::Unknown(head) => {
                let head = std::mem::take(head);
                self.text.push(&head, out);
            }
            Compression::Gzip(gunzip) if !gunzip.ended() => {
                let line = self.text.line();
                self.text.tally.bad(line, "the compressed file is cut off here", b"");
            }
            _ => {}
        }
        self.text.finish(out)
    }

    /// The format, once enough was read to know it. A log that has ended without one is in none that is known.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        self.text.format
    }

    /// Whether enough was read, and no format fits.
    #[must_use]
    pub fn is_unrecognised(&self) -> bool {
        matches!(self.text.state, State::Unrecognised)
    }

    /// Counts so far.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.text.tally
    }
}

fn unpack(gunzip: &mut Gunzip, bytes: &[u8], text: &mut Text, out: Out<'_>) {
    struct Into<'i, 'o>(&'i mut Text, Out<'o>);
    impl Sink for Into<'_, '_> {
        type Error = Infallible;

        fn data(&mut self, bytes: &[u8]) -> Result<bool, Infallible> {
            self.0.push(bytes, self.1);
            Ok(true)
        }

        fn gap(&mut self, reason: &'static str) {
            let line = self.0.line();
            self.0.tally.bad(line, reason, b"");
        }

        fn fault(&mut self, what: &'static str) {
            self.gap(what);
        }
    }
    let Ok(()) = gunzip.push(bytes, &mut Into(text, out));
}

impl Text {
    /// The line that is being read.
    fn line(&self) -> u64 {
        1 + match &self.state {
            State::Lines(_, lines) => lines.count,
            State::Documents(_, documents) => documents.count,
            State::Head(_) | State::Unrecognised => 0,
        }
    }

    fn push(&mut self, bytes: &[u8], out: Out<'_>) {
        self.tally.bytes += bytes.len() as u64;
        if let State::Head(head) = &mut self.state {
            head.extend_from_slice(bytes);
            if head.len() >= HEAD {
                self.begin(out);
            }
            return;
        }
        self.feed(bytes, out);
    }

    /// Decides on the format from the head, and reads the head.
    fn begin(&mut self, out: Out<'_>) {
        let State::Head(head) = std::mem::replace(&mut self.state, State::Unrecognised) else { return };
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
        self.format = self.options.format.or_else(|| recognise(head));
        let Some(format) = self.format else { return };
        let parser = Parser::new(format, head, &self.options);
        self.state = if parser.takes_documents() {
            State::Documents(parser, Documents::default())
        } else {
            State::Lines(parser, Lines::default())
        };
        self.feed(head, out);
    }

    fn feed(&mut self, bytes: &[u8], out: Out<'_>) {
        let Self { options, state, tally, .. } = self;
        match state {
            State::Lines(parser, lines) => {
                lines.push(bytes, &mut |number, piece| parse(parser, options, tally, number, piece, out));
            }
            State::Documents(parser, documents) => {
                documents.push(bytes, &mut |number, piece| parse(parser, options, tally, number, piece, out));
            }
            State::Head(_) | State::Unrecognised => {}
        }
    }

    fn finish(mut self, out: Out<'_>) -> (Tally, Option<Format>) {
        if matches!(self.state, State::Head(_)) {
            self.begin(out);
        }
        let Self { options, format, mut state, mut tally } = self;
        tally.lines = match &mut state {
            State::Lines(parser, lines) => {
                lines.finish(&mut |number, piece| parse(parser, &options, &mut tally, number, piece, out));
                lines.count
            }
            State::Documents(parser, documents) => {
                documents
                    .finish(&mut |number, piece| parse(parser, &options, &mut tally, number, piece, out));
                documents.count
            }
            State::Head(_) | State::Unrecognised => 0,
        };
        (tally, format)
    }
}

fn parse(
    parser: &mut Parser,
    options: &Options,
    tally: &mut Tally,
    number: u64,
    piece: Piece<'_>,
    out: Out<'_>,
) {
    let text = match piece {
        Piece::Bad(why, text) => return tally.bad(number, why, text),
        Piece::Whole(text) => text,
    };
    if text.is_empty() {
        return;
    }
    let line = Line { text, number, zone: options.zone, reference: options.reference };
    let mut emit = Emit { tally, out, parts: 0 };
    match parser.line(line, &mut emit) {
        Ok(Outcome::Records) => {}
        Ok(Outcome::Ignored) => tally.ignored += 1,
        Err(why) => tally.bad(number, why, text),
    }
}
