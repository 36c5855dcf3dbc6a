//! `procglass correlate`: bundles and logs, told apart by content.

use crate::args::{CorrelateArgs, Summary};
use crate::error::{Error, Exit};
use crate::inputs::{Input, Inputs};
use crate::open;
use crate::output;
use crate::progress::Progress;
use crate::unlock::Keys;
use crate::unpack::Unpacked;
use procglass_correlate::{Correlator, LogIndex, RowWriter, STRENGTHS, processes, reference, talkers};
use procglass_logs::{LogReader, Options, Record, Refused, Tally};
use procglass_query::write::Answer;
use procglass_systems::System;
use std::io::{self, BufWriter, Read as _, Write};

/// Talkers that a table has.
const TALKERS: usize = 1_000;
/// Talkers that the summary names.
const NAMED: usize = 3;

pub(crate) fn run(args: &CorrelateArgs) -> Result<Exit, Error> {
    let Inputs { bundles, logs, skipped } = Inputs::of(&args.files)?;
    let mut exit = if skipped > 0 { Exit::Damaged } else { Exit::Done };
    let mut systems = Vec::new();
    let keys = Keys::try_from(&args.keys)?;
    let mut failed = None;
    for Input { path, name } in &bundles {
        match open::bundle(path, &keys) {
            Ok(snapshot) => {
                if !open::is_whole(&snapshot) {
                    exit = Exit::Damaged;
                }
                systems.push(System::of(&snapshot, name));
            }
            Err(error) if bundles.len() == 1 => return Err(error),
            Err(error) => {
                eprintln!("procglass: {error}: skipped");
                exit = Exit::Damaged;
                failed = Some(error);
            }
        }
    }
    if let Some(error) = failed.filter(|_| systems.is_empty()) {
        return Err(error);
    }
    let correlator = Correlator::new(&systems, 0);
    let mut run = Run {
        options: options(args, &systems)?,
        correlator: match args.summary {
            Some(Summary::Processes) => correlator,
            Some(Summary::Talkers) | None => correlator.without_subjects(),
        },
        rows: args.summary.is_none().then(|| RowWriter::new(output::form(args.format), &systems)),
        all: args.all,
        out: BufWriter::with_capacity(1 << 18, io::stdout().lock()),
        failed: None,
    };
    let (mut read, mut no_column) = (0, false);
    for (input, index) in logs.iter().zip(0..) {
        match run.log(input, LogIndex(index))? {
            Some(tally) if tally.refused.is_none() => {
                read += 1;
                if tally.bad > 0 {
                    exit = Exit::Damaged;
                }
            }
            Some(tally) => {
                no_column |= matches!(tally.refused, Some(Refused::NoColumn { .. }));
                exit = Exit::Damaged;
            }
            None => exit = Exit::Damaged,
        }
    }
    let Run { correlator, rows, mut out, .. } = run;
    if let Some(rows) = rows {
        rows.finish(&mut out).map_err(Error::Output)?;
    }
    if let Some(summary) = args.summary {
        let table = match summary {
            Summary::Processes => processes(&correlator, &systems),
            Summary::Talkers => talkers(&correlator, &systems, TALKERS),
        };
        let answer = Answer { tables: vec![(String::new(), table)], with_system: false, tree: false };
        output::print(&answer, args.format, &mut out).map_err(Error::Output)?;
    }
    out.flush().map_err(Error::Output)?;
    tell(&correlator, &systems);
    Ok(match read {
        // The command line names a column that is nowhere.
        _ if no_column => Exit::Usage,
        0 => Exit::Nothing,
        _ => exit,
    })
}

fn options(args: &CorrelateArgs, systems: &[System]) -> Result<Options, Error> {
    let fields = args.fields.as_deref().map(Options::parse_fields).transpose().map_err(Error::Usage)?;
    Ok(Options {
        format: args.log_format,
        fields,
        columns: args.columns.clone(),
        zone: args.zone,
        reference: reference(systems),
    })
}

struct Run<'s, W> {
    options: Options,
    correlator: Correlator,
    rows: Option<RowWriter<'s>>,
    all: bool,
    out: W,
    /// Why the output could not be written; reading ends then.
    failed: Option<io::Error>,
}

impl<W: Write> Run<'_, W> {
    /// Reads one log. `None` when it could not be read, which was said, as it is when the log is in no format that is
    /// known. A log that fails on its way keeps the records in front.
    fn log(&mut self, input: &Input, index: LogIndex) -> Result<Option<Tally>, Error> {
        let Input { path, name } = input;
        let mut file = match Unpacked::open(path) {
            Ok(file) => file,
            Err(error) => {
                eprintln!("procglass: {name}: could not be opened: {error}: skipped");
                return Ok(None);
            }
        };
        let mut progress = Progress::new(name, file.size);
        let mut reader = LogReader::new(self.options.clone());
        let mut buffer = vec![0; 1 << 20];
        let mut broken = None;
        loop {
            let count = match file.read(&mut buffer) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    broken = Some(error);
                    break;
                }
            };
            if count == 0 || reader.is_unrecognised() {
                break;
            }
            reader.push(buffer.get(..count).unwrap_or_default(), &mut |record| {
                self.record(name, index, record);
            });
            self.failed.take().map_or(Ok(()), |error| Err(Error::Output(error)))?;
            progress.step(count, reader.tally().records);
        }
        progress.end();
        let (mut tally, format) = reader.finish(&mut |record| self.record(name, index, record));
        self.failed.take().map_or(Ok(()), |error| Err(Error::Output(error)))?;
        if let Some(refused) = tally.refused.as_ref().filter(|_| broken.is_none()) {
            refuse(name, refused);
        }
        if let Some(format) = format {
            say(name, format.about().title, self.options.format.is_some(), &tally);
        }
        if let Some(error) = broken {
            eprintln!("procglass: {name}: could not be read to its end: {error}");
            tally.bad += 1;
            return Ok((tally.records > 0).then_some(tally));
        }
        Ok(Some(tally))
    }

    fn record(&mut self, name: &str, index: LogIndex, record: &Record<&[u8]>) {
        let matches = self.correlator.record(index, record);
        if self.failed.is_some() || (matches.is_empty() && !self.all) {
            return;
        }
        if let Some(rows) = &mut self.rows {
            self.failed = rows.row(name, record, matches, &mut self.out).err();
        }
    }
}

/// Why a log is not read, and which option helps.
fn refuse(name: &str, refused: &Refused) {
    let help = match refused {
        Refused::NoFormat { first_line, .. } if !first_line.is_empty() => {
            ". Say which with --log-format, or name the columns of a table with --columns source=NAME,destination=NAME"
        }
        Refused::NoColumn { .. } => ". Correct --columns",
        _ => "",
    };
    eprintln!("procglass: {name}: {refused}{help}");
}

/// What became of a log's lines.
fn say(name: &str, title: &str, given: bool, tally: &Tally) {
    let how = if given { "as was said" } else { "recognised" };
    let mut more = String::new();
    for (count, what) in [
        (tally.no_data, "without traffic"),
        (tally.skipped, "about traffic left out by the logger"),
        (tally.unclear, "with a field that was not understood"),
        (tally.assumed_zone, "with a time without zone or year, taken as --zone says"),
    ] {
        if count > 0 {
            more.push_str(&format!(", {count} {what}"));
        }
    }
    eprintln!("{name}: {title} ({how}): {} records{more}; {} lines not understood", tally.records, tally.bad);
    for bad in &tally.first_bad {
        eprintln!("  {bad}");
    }
}

/// What all records came to.
fn tell(correlator: &Correlator, systems: &[System]) {
    let counts = correlator.counts();
    eprintln!("{} records of flows, {} match a system:", counts.records, counts.matched);
    for (about, count) in STRENGTHS.iter().zip(counts.by_strength).filter(|(_, count)| *count > 0) {
        eprintln!("  {count:>10} {}", about.words);
    }
    for (system, sentence) in systems.iter().filter_map(|system| Some((system, system.cut_sockets.as_ref()?)))
    {
        eprintln!(
            "{}: {sentence} What matches by address only may have had a socket among them.",
            system.name
        );
    }
    let first = correlator.talkers(NAMED);
    if first.is_empty() {
        return;
    }
    let most = if correlator.talkers_were_dropped() { "at most " } else { "" };
    eprintln!("{most}{} addresses spoke with these systems and are none of them:", correlator.talker_count());
    for talker in first {
        let more = if talker.more_systems { "more than " } else { "" };
        let systems = talker.systems.len();
        eprintln!("  {} with {more}{systems} of them, {} records", talker.address, talker.totals.records);
    }
}

/// Reads `+02:00`, `-0730`, `Z`: seconds ahead of UTC.
pub(crate) fn zone(text: &str) -> Result<i64, String> {
    let wrong = || format!("`{text}` is no offset from UTC. Write it as +02:00");
    if matches!(text, "Z" | "UTC") {
        return Ok(0);
    }
    let (sign, rest) = match text.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        _ => return Err(wrong()),
    };
    let digits: String = rest.chars().filter(|char| *char != ':').collect();
    let (hours, minutes) = digits.split_at_checked(2).ok_or_else(wrong)?;
    let number = |text: &str, limit| text.parse::<i64>().ok().filter(|number| (0..limit).contains(number));
    match (number(hours, 24), number(minutes, 60)) {
        (Some(hours), Some(minutes)) if digits.len() == 4 => Ok(sign * (hours * 3_600 + minutes * 60)),
        _ => Err(wrong()),
    }
}

/// The word of a format.
pub(crate) fn log_format(text: &str) -> Result<procglass_logs::Format, String> {
    procglass_logs::Format::named(text).ok_or_else(|| {
        let names: Vec<_> = procglass_logs::FORMATS.iter().map(|about| about.name).collect();
        format!("there is no format `{text}`. Name one of {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_from_utc() {
        for (text, seconds) in [("Z", 0), ("+02:00", 7_200), ("-0730", -27_000), ("+14:00", 50_400)] {
            assert_eq!(zone(text), Ok(seconds));
        }
        for text in ["", "2", "+2", "+24:00", "+01:60", "CET", "+0100x", "+-1:00"] {
            assert!(zone(text).is_err(), "{text}");
        }
    }
}
