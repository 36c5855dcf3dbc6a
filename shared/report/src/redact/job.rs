//! Making the new bundle, in steps.

use super::choice::Choice;
use super::names::Names;
use super::process::{self, Texts};
use super::{gather, member};
use procglass_model::bundle::{
    BundleError, Content, MANIFEST_NAME, Manifest, OUTCOMES_NAME, Outcomes, ProcessRecord, Redacted,
    SUMS_NAME, Verdict, Writer,
};
use procglass_opened::Opened;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many members a step looks at.
const BATCH: usize = 16;

/// A bundle being redacted. [`Job::step`] does a few milliseconds of work.
pub struct Job<'a> {
    names: &'a mut Names,
    snapshot: &'a Opened,
    original_sha256: &'a str,
    writer: Writer<Vec<u8>>,
    /// What goes into the new bundle behind the manifest, which says what it does not hold.
    done: Vec<(String, Vec<u8>)>,
    texts: Texts,
    left_out: BTreeMap<&'static str, usize>,
    /// Members of the bundle's order that are done in this phase.
    at: usize,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Places,
    Values,
    Members,
    Write,
    Done,
}

impl<'a> Job<'a> {
    /// Begins. `original_sha256` is that of the bundle's file.
    ///
    /// # Errors
    /// Those of the writer; none are to be expected, since it writes to memory.
    pub fn new(
        names: &'a mut Names,
        snapshot: &'a Opened,
        original_sha256: &'a str,
    ) -> Result<Self, BundleError> {
        gather::system(names, snapshot);
        let writer = Writer::new(Vec::new(), 0, 6)?;
        let left_out = BTreeMap::new();
        let phase = Phase::Places;
        let (texts, done) = (Texts::default(), Vec::new());
        Ok(Self { names, snapshot, original_sha256, writer, done, texts, left_out, at: 0, phase })
    }

    /// Does the next piece. False when nothing is left to do.
    ///
    /// # Errors
    /// As [`Job::new`].
    pub fn step(&mut self) -> Result<bool, BundleError> {
        if self.phase == Phase::Write {
            for (name, data) in self.done.iter().skip(self.at).take(BATCH) {
                self.writer.member(name, data)?;
            }
            self.at += BATCH;
            if self.at >= self.done.len() {
                self.phase = Phase::Done;
            }
            return Ok(self.phase != Phase::Done);
        }
        let members = &self.snapshot.members;
        let batch: Vec<_> = members.iter().skip(self.at).take(BATCH).collect();
        self.at += batch.len();
        let ended = batch.is_empty();
        for member in batch {
            let record = member.name.starts_with("process/");
            match self.phase {
                Phase::Places | Phase::Values if record && self.names.choices.of_values() => {
                    let Ok(record) = serde_json::from_slice(&member.data) else { continue };
                    match self.phase {
                        Phase::Places => gather::places(self.names, self.snapshot, &record),
                        _ => gather::values(self.names, self.snapshot, &record),
                    }
                }
                Phase::Members if record => self.record(&member.data)?,
                Phase::Members => self.member(&member.name, &member.data),
                _ => {}
            }
        }
        if ended {
            self.at = 0;
            self.phase = match self.phase {
                Phase::Places => {
                    self.names.settle_places();
                    Phase::Values
                }
                Phase::Values => Phase::Members,
                Phase::Members => {
                    self.head()?;
                    Phase::Write
                }
                Phase::Write | Phase::Done => Phase::Done,
            };
        }
        Ok(self.phase != Phase::Done)
    }

    /// The new bundle.
    ///
    /// # Errors
    /// As [`Job::new`].
    pub fn finish(mut self) -> Result<Vec<u8>, BundleError> {
        while self.step()? {}
        self.writer.finish()
    }

    /// The manifest is the first member, and what it says of the rest is known last.
    fn head(&mut self) -> Result<(), BundleError> {
        let manifest = self.manifest();
        self.writer.json_member(MANIFEST_NAME, &manifest)?;
        if let Some(outcomes) = self.outcomes() {
            self.done.push((OUTCOMES_NAME.into(), json(&outcomes)?));
        }
        Ok(())
    }

    fn member(&mut self, name: &str, data: &[u8]) {
        let choices = self.names.choices;
        let text = name.starts_with("text/");
        if [MANIFEST_NAME, OUTCOMES_NAME, SUMS_NAME].contains(&name) || text && choices.of_values() {
            return;
        }
        let clean = if text {
            Some(data.to_vec())
        } else {
            member::clean(self.names, name, data, self.snapshot.manifest.byte_order)
        };
        match clean {
            Some(data) => self.done.push((name.into(), data)),
            None => *self.left_out.entry(member::kind(name)).or_default() += 1,
        }
    }

    fn record(&mut self, data: &[u8]) -> Result<(), BundleError> {
        let Ok(record) = serde_json::from_slice::<ProcessRecord>(data) else {
            *self.left_out.entry("damaged process records").or_default() += 1;
            return Ok(());
        };
        let record = if self.names.choices.of_values() {
            let Self { names, snapshot, texts, left_out, done, .. } = self;
            process::clean(names, &snapshot.members, record, texts, left_out, done)
        } else {
            without_recovered(record)
        };
        self.done.push((format!("process/{}.json", record.pid), json(&record)?));
        Ok(())
    }

    fn manifest(&mut self) -> Manifest {
        let (names, mut manifest) = (&mut *self.names, self.snapshot.manifest.clone());
        let choices = names.choices;
        if choices.of_values() {
            let mut given = |text: Option<String>| {
                text.map(|text| String::from_utf8_lossy(&names.prose(text.as_bytes())).into_owned())
            };
            (manifest.case, manifest.note) = (given(manifest.case), given(manifest.note));
            manifest.operator = given(manifest.operator).filter(|_| !choices.has(Choice::Users));
            for text in [
                &mut manifest.tool,
                &mut manifest.tool_version,
                &mut manifest.kernel,
                &mut manifest.architecture,
            ] {
                *text = String::from_utf8_lossy(&names.text(text.as_bytes())).into_owned();
            }
            manifest.hostname = Content(names.text(&manifest.hostname).into_owned());
            manifest.options.retain(|name, value| !value.is_string() || name != "root" && name != "output");
            for value in manifest.options.values_mut() {
                if let Some(text) = value.as_str() {
                    *value = String::from_utf8_lossy(&names.prose(text.as_bytes())).into_owned().into();
                }
            }
            manifest.options.retain(|_, value| !value.is_array() && !value.is_object());
        }
        let before = manifest.redacted.take().unwrap_or_default();
        let original = if before.original_sha256.is_empty() {
            self.original_sha256.into()
        } else {
            before.original_sha256
        };
        let mut words: Vec<String> = choices.iter().map(|choice| choice.word().to_owned()).collect();
        words.extend(
            before.choices.into_iter().filter(|word| !choices.iter().any(|choice| choice.word() == word)),
        );
        let mut removed = before.removed;
        removed.extend(choices.iter().map(|choice| {
            let count = names.counts().into_iter().find(|(counted, _)| *counted == choice);
            let count = count.map_or_else(String::new, |(_, count)| format!(" ({count} different)"));
            format!("{}{count}: {}", choice.word(), choice.sentence())
        }));
        if !self.left_out.is_empty() {
            let list: Vec<String> =
                self.left_out.iter().map(|(what, count)| format!("{what} ({count})")).collect();
            removed.push(format!(
                "Left out, since it cannot be searched for what was to go: {}.",
                list.join(", ")
            ));
        }
        manifest.redacted = Some(Redacted { original_sha256: original, choices: words, removed });
        manifest
    }

    fn outcomes(&mut self) -> Option<Outcomes> {
        let mut outcomes = self.snapshot.outcomes.clone();
        let integrity = &self.snapshot.integrity;
        if integrity.verdict() != Verdict::Intact {
            outcomes
                .get_or_insert_default()
                .limits
                .push(format!("the original bundle was {}", integrity.verdict().word()));
        }
        if let Some(outcomes) = outcomes.as_mut().filter(|_| self.names.choices.of_values()) {
            let names = &mut *self.names;
            let mut clean = |text: &mut String| {
                *text = String::from_utf8_lossy(&names.prose(text.as_bytes())).into_owned();
            };
            outcomes.limits.iter_mut().for_each(&mut clean);
            outcomes.problems.iter_mut().for_each(|problem| clean(&mut problem.what));
            outcomes.observations.iter_mut().for_each(|seen| clean(&mut seen.what));
            // A line of any file: its form is not known here.
            for seen in &mut outcomes.observations {
                seen.evidence = Content(self.names.value(&seen.evidence).into_bytes());
            }
            let known =
                |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_/.-".contains(&byte));
            outcomes.problems.retain(|problem| known(&problem.member));
        }
        outcomes
    }
}

fn without_recovered(mut record: ProcessRecord) -> ProcessRecord {
    if let Some(executable) = &mut record.executable {
        executable.recovered = false;
    }
    for fd in &mut record.fds {
        fd.recovered = None;
    }
    record
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, BundleError> {
    let mut json = serde_json::to_vec(value).map_err(std::io::Error::from)?;
    json.push(b'\n');
    Ok(json)
}
