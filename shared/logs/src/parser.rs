//! What all parsers of lines share: what they get, what they answer, where records go.

use super::column::{Draft, Why};
use super::format::Format;
use super::record::{Record, Status};
use super::tally::Tally;
use super::{alb, azure, csv, eve, gcp, journal, kernel, vpc, zeek};
use procglass_model::Timestamp;

/// One line, or one JSON document, of a log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) text: &'a [u8],
    /// Its number, from 1.
    pub(super) number: u64,
    /// Seconds ahead of UTC of times without a zone.
    pub(super) zone: i64,
    /// For times without a year.
    pub(super) reference: Option<Timestamp>,
}

/// What a line was, if it was not bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Records came of it.
    Records,
    /// A header, a comment, or an event that is about no flow.
    Ignored,
}

/// Where records go.
pub(super) struct Emit<'e> {
    pub(super) tally: &'e mut Tally,
    pub(super) out: &'e mut dyn FnMut(&Record<&[u8]>),
    /// Records of this line so far.
    pub(super) parts: u32,
}

impl Emit<'_> {
    /// Finishes a draft and hands it on.
    pub(super) fn draft(&mut self, draft: &mut Draft<'_>, line: Line<'_>) -> Result<Outcome, Why> {
        draft.finish()?;
        let tally = &mut *self.tally;
        tally.records += 1;
        tally.unclear += u64::from(draft.unclear);
        tally.assumed_zone += u64::from(draft.assumed);
        match draft.record.status {
            Status::Flow => {}
            Status::NoData => tally.no_data += 1,
            Status::Skipped => tally.skipped += 1,
        }
        self.parts += 1;
        draft.record.line = line.number;
        draft.record.part = self.parts;
        (self.out)(&draft.record);
        Ok(Outcome::Records)
    }
}

/// The parser of a format, with its state.
#[derive(Debug)]
pub(super) enum Parser {
    Vpc(vpc::Vpc),
    Cloudwatch(Box<super::cloudwatch::Cloudwatch>),
    Messages(Box<super::cloudwatch::Messages>),
    Eve(eve::Eve),
    Kernel,
    Journal(journal::Json),
    Export(journal::Export),
    Zeek(zeek::Zeek),
    ZeekJson(zeek::ZeekJson),
    Azure(azure::Azure),
    Gcp(gcp::Gcp),
    Alb,
    Csv(csv::Csv),
}

impl Parser {
    pub(super) fn line(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        match self {
            Self::Vpc(vpc) => vpc.line(line, emit),
            Self::Cloudwatch(cloudwatch) => cloudwatch.document(line, emit),
            Self::Messages(table) => table.line(line, emit),
            Self::Eve(eve) => eve.document(line, emit),
            Self::Kernel => kernel::line(line, emit),
            Self::Journal(journal) => journal.document(line, emit),
            Self::Export(journal) => journal.line(line, emit),
            Self::Zeek(zeek) => zeek.line(line, emit),
            Self::ZeekJson(zeek) => zeek.document(line, emit),
            Self::Azure(azure) => azure.document(line, emit),
            Self::Gcp(gcp) => gcp.document(line, emit),
            Self::Alb => alb::line(line, emit),
            Self::Csv(csv) => csv.line(line, emit),
        }
    }

    /// Whether it takes JSON documents, not lines.
    pub(super) fn takes_documents(&self) -> bool {
        matches!(
            self,
            Self::Cloudwatch(_)
                | Self::Eve(_)
                | Self::Journal(_)
                | Self::ZeekJson(_)
                | Self::Azure(_)
                | Self::Gcp(_)
        )
    }

    /// Whether empty lines mean something to it.
    pub(super) fn takes_empty_lines(&self) -> bool {
        matches!(self, Self::Export(_))
    }

    /// The parser of `format` for a log that begins with `head`.
    pub(super) fn new(format: Format, head: &[u8], options: &super::Options) -> Self {
        let json = super::recognise::is_json(head);
        if super::recognise::messages(head) == Some(format) {
            return Self::Messages(Box::new(super::cloudwatch::Messages::new(options)));
        }
        match format {
            Format::AwsVpc if json => Self::Cloudwatch(Box::new(super::cloudwatch::Cloudwatch::new(options))),
            Format::AwsVpc => Self::Vpc(vpc::Vpc::new(options.fields.as_deref())),
            Format::AwsFirewall | Format::Suricata if super::recognise::is_envelope(head) => {
                Self::Cloudwatch(Box::new(super::cloudwatch::Cloudwatch::new(options)))
            }
            Format::AwsFirewall | Format::Suricata => Self::Eve(eve::Eve::default()),
            Format::Kernel if json => Self::Journal(journal::Json::default()),
            Format::Kernel if super::recognise::is_export(head) => Self::Export(journal::Export::default()),
            Format::Kernel => Self::Kernel,
            Format::Zeek if json => Self::ZeekJson(zeek::ZeekJson::default()),
            Format::Zeek => Self::Zeek(zeek::Zeek::default()),
            Format::AzureFlow => Self::Azure(azure::Azure::default()),
            Format::GcpVpc => Self::Gcp(gcp::Gcp::default()),
            Format::AwsAlb => Self::Alb,
            Format::Csv => Self::Csv(csv::Csv::new(options.columns.clone())),
        }
    }
}
