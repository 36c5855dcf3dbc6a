//! A log in pieces: decompressed where it is gzip, recognised, cut, parsed.

use super::column::Column;
use super::columns::Columns;
use super::format::Format;
use super::frame::{Documents, Lines, Piece};
use super::parser::{Emit, Line, Outcome, Parser};
use super::recognise::{DEEPEST, HEAD, is_json, of_all};
use super::record::Record;
use super::refused::{Packing, Refused};
use super::tally::Tally;
use super::wide::Wide;
use super::{csv, vpc};
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

/// Reads one log. Memory is bounded: 4 MiB until the format is known, then at most one line or one JSON document.
pub struct LogReader {
    layer: Layer,
    text: Text,
}

/// One layer of compression. Services that deliver compressed records compress what they deliver again.
enum Layer {
    /// The first bytes, while they are too few.
    Unknown(Vec<u8>),
    None,
    Gzip(Box<(Gunzip, Layer)>),
}

/// Layers of gzip that are unpacked.
const LAYERS: u32 = 4;

/// The log, decompressed.
struct Text {
    options: Options,
    format: Option<Format>,
    state: State,
    /// The log is UTF-16.
    wide: Option<Wide>,
    tally: Tally,
}

enum State {
    /// The beginning, and how much of it was looked at in vain.
    Head(Vec<u8>, usize),
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
        let state = State::Head(Vec::new(), 0);
        let text = Text { options, format: None, state, wide: None, tally: Tally::default() };
        Self { layer: Layer::Unknown(Vec::new()), text }
    }

    /// Takes the next bytes, and hands on the records that they complete.
    pub fn push(&mut self, bytes: &[u8], out: &mut dyn FnMut(&Record<&[u8]>)) {
        self.layer.push(bytes, LAYERS, &mut self.text, out);
    }

    /// Says that the log has ended, hands on the last records, and returns what became of its lines and its format: `None`
    /// when none that is known fits.
    pub fn finish(mut self, out: &mut dyn FnMut(&Record<&[u8]>)) -> (Tally, Option<Format>) {
        self.layer.finish(&mut self.text, out);
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

impl Layer {
    fn push(&mut self, bytes: &[u8], layers: u32, text: &mut Text, out: Out<'_>) {
        match self {
            Self::None => text.push(bytes, out),
            Self::Gzip(layer) => {
                let (gunzip, inner) = &mut **layer;
                let Ok(()) = gunzip.push(bytes, &mut Unpacked { inner, layers: layers - 1, text, out });
            }
            Self::Unknown(head) => {
                head.extend_from_slice(bytes);
                if head.len() < 2 {
                    return;
                }
                let head = std::mem::take(head);
                *self = if head.starts_with(&[0x1f, 0x8b]) && layers > 0 {
                    Self::Gzip(Box::new((Gunzip::new(), Self::Unknown(Vec::new()))))
                } else {
                    Self::None
                };
                self.push(&head, layers, text, out);
            }
        }
    }

    fn finish(&mut self, text: &mut Text, out: Out<'_>) {
        match self {
            Self::Unknown(head) => text.push(&std::mem::take(head), out),
            Self::Gzip(layer) => {
                let (gunzip, inner) = &mut **layer;
                inner.finish(text, out);
                if !gunzip.ended() {
                    let line = text.line();
                    text.tally.bad(line, "the compressed file is cut off here", b"");
                }
            }
            Self::None => {}
        }
    }
}

/// Takes what comes out of one layer.
struct Unpacked<'i, 'o> {
    inner: &'i mut Layer,
    layers: u32,
    text: &'i mut Text,
    out: Out<'o>,
}

impl Sink for Unpacked<'_, '_> {
    type Error = Infallible;

    fn data(&mut self, bytes: &[u8]) -> Result<bool, Infallible> {
        self.inner.push(bytes, self.layers, self.text, self.out);
        Ok(true)
    }

    fn gap(&mut self, reason: &'static str) {
        let line = self.text.line();
        self.text.tally.bad(line, reason, b"");
    }

    fn fault(&mut self, what: &'static str) {
        self.gap(what);
    }
}

impl Text {
    /// The line that is being read.
    fn line(&self) -> u64 {
        1 + match &self.state {
            State::Lines(_, lines) => lines.count,
            State::Documents(_, documents) => documents.count,
            State::Head(..) | State::Unrecognised => 0,
        }
    }

    fn push(&mut self, bytes: &[u8], out: Out<'_>) {
        self.tally.bytes += bytes.len() as u64;
        if let State::Head(head, tried) = &mut self.state {
            head.extend_from_slice(bytes);
            if head.len() >= (*tried * 4).max(HEAD) {
                self.begin(false, out);
            }
            return;
        }
        match &mut self.wide {
            Some(wide) => {
                let text = wide.decode(bytes);
                self.feed(text.as_bytes(), out);
            }
            None => self.feed(bytes, out),
        }
    }

    /// Decides on the format from the head, and reads the head. What is looked at does not depend on the sizes of pieces:
    /// 64 KiB, and four times as much each time that nothing is known of it.
    fn begin(&mut self, ended: bool, out: Out<'_>) {
        let State::Head(head, mut tried) = std::mem::replace(&mut self.state, State::Unrecognised) else {
            return;
        };
        self.wide = Wide::of(&head);
        let text = self.wide.as_mut().map(|wide| wide.decode(&head).into_bytes());
        let all = text.as_deref().unwrap_or(&head);
        let all = all.strip_prefix(b"\xef\xbb\xbf").unwrap_or(all);
        loop {
            let next = (tried * 4).max(HEAD);
            let is_last = next >= DEEPEST || (ended && all.len() < next);
            if all.len() < next && !ended {
                self.state = State::Head(head, tried);
                return;
            }
            let part = all.get(..next.min(DEEPEST)).unwrap_or(all);
            self.format = self.choose(part, is_last);
            if let Some(format) = self.format.filter(|_| self.tally.refused.is_none()) {
                let parser = Parser::new(format, part, &self.options);
                self.state = if parser.takes_documents() {
                    State::Documents(parser, Documents::default())
                } else {
                    State::Lines(parser, Lines::default())
                };
                return self.feed(all, out);
            }
            if is_last || self.tally.refused.is_some() {
                self.format = None;
                return;
            }
            tried = next;
        }
    }

    /// The format that was said, or is recognised, or goes with what was said of fields and columns. The last attempt
    /// leaves a reason where there is none.
    fn choose(&mut self, head: &[u8], is_last: bool) -> Option<Format> {
        let Options { format, fields, columns, .. } = &self.options;
        if let Some(packing) = Packing::of(head) {
            self.tally.refused = Some(Refused::Packed(packing));
            return None;
        }
        let line = csv::header_line(head);
        let unknown = columns.as_ref().filter(|columns| columns.has_header());
        let unknown = unknown.map(|columns| csv::unknown_column(line, columns));
        // A table that has all the columns that were named is the one that was meant.
        let is_meant = matches!(unknown, Some(None)) && !is_json(head);
        let chosen = format.or(is_meant.then_some(Format::Csv)).or_else(|| of_all(head));
        let is_text = !head.contains(&0) && !is_json(head) && !line.is_empty();
        let said = match (columns, fields) {
            (Some(_), _) => Some(Format::Csv),
            (None, Some(_)) => Some(Format::AwsVpc),
            (None, None) => None,
        };
        let chosen = chosen.or(said.filter(|_| is_last && is_text));
        if let (Some(Format::Csv), Some(Some((name, columns)))) = (chosen, unknown) {
            self.tally.refused = Some(Refused::NoColumn { name, columns });
        } else if chosen.is_none() && is_last {
            self.tally.refused = Some(Refused::no_format(head));
        }
        chosen
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
            State::Head(..) | State::Unrecognised => {}
        }
    }

    fn finish(mut self, out: Out<'_>) -> (Tally, Option<Format>) {
        if matches!(self.state, State::Head(..)) {
            self.begin(true, out);
        }
        let Self { options, format, mut state, mut tally, .. } = self;
        tally.lines = match &mut state {
            State::Lines(parser, lines) => {
                lines.finish(&mut |number, piece| parse(parser, &options, &mut tally, number, piece, out));
                if parser.takes_empty_lines() {
                    // The last entry may lack its end.
                    parse(parser, &options, &mut tally, lines.count, Piece::Whole(b""), out);
                }
                lines.count
            }
            State::Documents(parser, documents) => {
                documents
                    .finish(&mut |number, piece| parse(parser, &options, &mut tally, number, piece, out));
                documents.count
            }
            State::Head(..) | State::Unrecognised => 0,
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
    if text.is_empty() && !parser.takes_empty_lines() {
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
