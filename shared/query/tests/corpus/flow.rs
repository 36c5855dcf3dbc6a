//! Logs of flows in the corpus: each is recognised, and every line becomes a record, is left out for a reason, or is named.

use crate::{corpus, files};
use procglass_logs::{Format, LogReader, Options, Record, Tally};
use procglass_model::Timestamp;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Reads a log in pieces, and gives each record as one line.
fn read(path: &Path) -> (Vec<String>, Tally, Option<Format>) {
    let mut lines = Vec::new();
    let mut add = |record: &Record<&[u8]>| {
        let time = |time: Option<Timestamp>| time.map_or_else(|| "?".to_owned(), |time| time.to_string());
        lines.push(format!(
            "{}.{} {} {} {record}",
            record.line,
            record.part,
            time(record.start),
            time(record.end)
        ));
    };
    // Syslog's years: the sample is from 2022 or later, and which one is not known.
    let reference = Timestamp::parse("2022-08-01T00:00:00Z");
    let mut reader = LogReader::new(Options { reference, ..Options::default() });
    for piece in std::fs::read(path).unwrap().chunks(1_000) {
        reader.push(piece, &mut add);
    }
    let (tally, format) = reader.finish(&mut add);
    (lines, tally, format)
}

/// What a source's logs come to. All of these sources may be copied, so their records may stand here.
fn golden(source: &str, only: &str) -> Option<String> {
    let folder = corpus(source)?;
    let mut paths: Vec<PathBuf> =
        files(&folder).into_iter().filter(|path| path.to_string_lossy().contains(only)).collect();
    paths.sort();
    let mut text = String::new();
    for path in paths {
        let (lines, tally, format) = read(&path);
        let name = path.strip_prefix(&folder).unwrap().display();
        let format = format.map_or("in no format that is known", |format| format.about().name);
        writeln!(
            text,
            "== {name}: {format}, {} bad, {} ignored, {} unclear",
            tally.bad, tally.ignored, tally.unclear
        )
        .unwrap();
        assert_eq!(tally.records, lines.len() as u64, "{name}");
        // The first ones show it; all were read.
        lines.iter().take(6).for_each(|line| writeln!(text, "{line}").unwrap());
        lines
            .get(6..)
            .iter()
            .filter(|rest| !rest.is_empty())
            .for_each(|rest| writeln!(text, "and {} more", rest.len()).unwrap());
        tally.first_bad.iter().for_each(|bad| writeln!(text, "bad line {}: {}", bad.line, bad.why).unwrap());
    }
    Some(text)
}

#[test]
fn aws() {
    golden("otel-contrib-awslogs", "").into_iter().for_each(|text| insta::assert_snapshot!("flow_aws", text));
}

#[test]
fn zeek_of_a_real_network() {
    golden("otrf-zeek", "").into_iter().for_each(|text| insta::assert_snapshot!("flow_zeek_json", text));
}

#[test]
fn zeek_in_every_variant() {
    golden("zeek-btest", "").into_iter().for_each(|text| insta::assert_snapshot!("flow_zeek", text));
}

#[test]
fn firewalls() {
    golden("firewall-logs", "").into_iter().for_each(|text| insta::assert_snapshot!("flow_firewalls", text));
}

#[test]
fn suricata() {
    golden("suricata-verify", "").into_iter().for_each(|text| insta::assert_snapshot!("flow_suricata", text));
}
