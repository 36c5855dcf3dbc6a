//! Reading logs, in slices, and joining them to the systems.

use super::ahead::Ahead;
use super::several::apart;
use super::{Cancel, Input, Turn};
use crate::state::{Correlated, Log, ReadLog, Reading};
use crate::ui::dom::now;
use procglass_correlate::{Correlator, LogIndex, reference};
use procglass_logs::{Format, LogReader, header, is_bundle};
use procglass_systems::{Register, System};
use std::collections::VecDeque;
use std::rc::Rc;

/// Records that the page can show; all of them are counted.
const KEPT: usize = 20_000;
/// Bytes between two looks at the clock: a few milliseconds of work.
const STEP: usize = 64 << 10;

/// So many files are asked for their first bytes at a time: each answer takes longer to come than to judge.
const AT_ONCE: usize = 16;

/// Tells bundles from logs, by their content: `(bundles, logs)`.
pub(crate) async fn sort(inputs: Vec<Input>) -> (Vec<Input>, Vec<Input>) {
    let (mut bundles, mut logs) = (Vec::new(), Vec::new());
    let (mut turn, mut inputs, mut asked) = (Turn::new(), inputs.into_iter(), VecDeque::new());
    loop {
        asked.extend(inputs.by_ref().take(AT_ONCE - asked.len()).map(|input| {
            let head = Ahead::start(head(input.clone()));
            (input, head)
        }));
        let Some((input, head)) = asked.pop_front() else { break };
        let head = head.take().await.unwrap_or_default();
        turn.pass_if_over().await;
        let is_log = !head.is_empty() && !is_bundle(&head) && is_log(&head);
        if is_log { logs.push(input) } else { bundles.extend(apart(input, &head).await) }
    }
    (bundles, logs)
}

/// The first bytes of a file. Only files are logs: the rest comes from places where bundles are. And what has the name of an
/// archive is none, for which a thousand bundles need not be read twice.
async fn head(input: Input) -> Vec<u8> {
    match &input {
        Input::File(file) if !is_archive(&file.name()) => input.head(STEP).await.unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn is_archive(name: &str) -> bool {
    [".tar", ".tar.gz", ".tgz"].iter().any(|end| name.to_ascii_lowercase().ends_with(end))
}

/// Whether somebody would call it a log: what is no text, and what is in no known format, is opened as a bundle, and the
/// message of that says what it looks like.
fn is_log(head: &[u8]) -> bool {
    let mut reader = LogReader::new(procglass_logs::Options::default());
    reader.push(head, &mut |_| {});
    if reader.format().is_some() {
        return true;
    }
    // A short log is recognised at its end; a compressed one that is cut here is recognised by what is there.
    let mut records = 0;
    let (_, format) = reader.finish(&mut |_| records += 1);
    records > 0 || format.is_some()
}

/// The same logs, whose times without a year are those near to the latest of these systems.
pub(crate) fn dated(mut logs: Vec<Log>, systems: &[System]) -> Vec<Log> {
    let reference = reference(systems);
    logs.iter_mut().for_each(|log| log.options.reference = reference);
    logs
}

/// Reads all logs. `None` when that was stopped before there was anything.
pub(crate) async fn read(
    register: Rc<Register>,
    logs: Vec<Log>,
    cancel: &Cancel,
    progress: &dyn Fn(Reading),
) -> Correlated {
    let mut correlator = Correlator::new(register.systems(), KEPT);
    let total = logs.iter().map(|log| log.input.length()).sum();
    let (mut done, mut read, mut told) = (0, Vec::new(), f64::MIN);
    let mut turn = Turn::new();
    for (log, index) in logs.into_iter().zip((0..).map(LogIndex)) {
        let mut reader = LogReader::new(log.options.clone());
        let mut stopped = None;
        let mut names = Vec::new();
        'slices: for slice in 0..log.input.slices() {
            if reader.is_unrecognised() {
                break;
            }
            let bytes = match log.input.slice(slice).await {
                Ok(bytes) => bytes.to_vec(),
                Err(message) => {
                    stopped = Some(message);
                    break;
                }
            };
            for piece in bytes.chunks(STEP) {
                reader.push(piece, &mut |record| {
                    correlator.record(index, record);
                });
                done += piece.len();
                if turn.is_over() {
                    if now() - told > 100.0 {
                        told = now();
                        let name = log.input.name();
                        progress(Reading { name, done, total, records: correlator.counts().records });
                    }
                    turn.pass().await;
                    if cancel.wished() {
                        stopped = Some("you stopped it here: what follows was not read".to_owned());
                        break 'slices;
                    }
                }
            }
            if slice == 0 && reader.format() == Some(Format::Csv) {
                let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
                names = header(line.strip_suffix(b"\r").unwrap_or(line)).1;
            }
        }
        let (tally, format) = reader.finish(&mut |record| {
            correlator.record(index, record);
        });
        read.push(ReadLog { log, format, header: names, tally, stopped });
        if cancel.wished() {
            break;
        }
    }
    Correlated { register, logs: read, correlator }
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_logs::Options;
    use procglass_model::Timestamp;

    const LINE: &str = "Dec 31 23:59:59 gate kernel: IN=eth0 OUT= SRC=203.0.113.7 DST=10.0.3.4 LEN=60 PROTO=TCP SPT=40000 DPT=443\n";

    fn captured(time: &str) -> System {
        System { captured: Timestamp::parse(time), ..System::default() }
    }

    #[test]
    fn a_log_without_years_takes_those_of_the_bundles_beside_it() {
        let log = Log { input: Input::Text(LINE.into()), options: Options::default() };
        let year = |logs: Vec<Log>| {
            let (mut reader, mut times) = (LogReader::new(logs[0].options.clone()), Vec::new());
            reader.push(LINE.as_bytes(), &mut |record| times.push(record.first()));
            let (tally, format) = reader.finish(&mut |record| times.push(record.first()));
            assert_eq!((tally.records, format), (1, Some(Format::Kernel)));
            times[0].map(|time| time.to_string()[..4].to_owned())
        };
        // As it was when it was dropped: nothing is known of its time.
        assert_eq!(year(vec![log.clone()]), None);
        let new_year = [captured("2026-01-02T03:00:00Z"), System::default()];
        let first = dated(vec![log], &new_year);
        assert_eq!(
            year(first.clone()).as_deref(),
            Some("2025"),
            "the day before the capture, not a year later"
        );
        // Bundles of another time come in beside: the latest counts, and the log is read anew.
        let both = [captured("2026-01-02T03:00:00Z"), captured("2027-12-31T23:00:00Z")];
        assert_eq!(year(dated(first.clone(), &both)).as_deref(), Some("2027"));
        assert_eq!(year(dated(first, &[])), None, "and without a bundle it is not known again");
    }

    #[test]
    fn names_of_archives() {
        assert!(is_archive("a.procglass.TAR.gz") && is_archive("b.tgz"));
        assert!(!is_archive("vpc-flow.log.gz") && !is_archive("tar.gz.log") && !is_archive(""));
    }
}
