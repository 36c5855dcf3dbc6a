//! Running every rule over a snapshot, in steps, so that a page stays alive meanwhile.

use super::case::Case;
use super::indicator::{self, Indicators};
use super::rule::{Answer, Check, Draft, Proof, Rule};
use super::rules::RULES;
use super::scene::Scene;
use super::severity::Severity;
use super::story::{self, Story};
use procglass_model::sorting;
use procglass_snapshot::{Process, ProcessIndex, Snapshot};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Something that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How serious.
    pub severity: Severity,
    /// The process that it is about; `None` for the system as a whole.
    pub process: Option<ProcessIndex>,
    /// What it does or has, as the rest of a sentence.
    pub predicate: String,
    /// The proof.
    pub proofs: Vec<Proof>,
    /// What made it more serious.
    pub raised: Vec<Cow<'static, str>>,
    /// What made it less serious.
    pub lowered: Vec<Cow<'static, str>>,
}

impl Finding {
    fn new(rule: &'static Rule, draft: Draft, process: Option<ProcessIndex>) -> Self {
        let Draft { severity, process: own, predicate, proofs, raised, lowered } = draft;
        Self { rule, severity, process: own.or(process), predicate, proofs, raised, lowered }
    }

    /// The finding as a sentence.
    #[must_use]
    pub fn sentence(&self, snapshot: &Snapshot) -> String {
        let subject = self.process.and_then(|index| snapshot.process(index)).map(Process::label);
        format!("{} {}.", subject.as_deref().unwrap_or("The system"), self.predicate)
    }
}

/// What one rule says of the whole snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It found something.
    Found,
    /// It found nothing, but could not look everywhere.
    Unknown,
    /// It looked everywhere and found nothing.
    Clean,
}

/// The account of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleReport {
    /// The rule.
    pub rule: &'static Rule,
    /// How many findings.
    pub found: usize,
    /// How many processes (or 1, for the system) it looked at.
    pub checked: usize,
    /// Where it could not look: the missing artefact, and for how many processes.
    pub unknown: BTreeMap<&'static str, usize>,
    /// What the snapshot lacks altogether, as sentences: processes that were not read, the end of the file.
    pub gaps: Vec<String>,
}

impl RuleReport {
    /// In one word.
    #[must_use]
    pub fn state(&self) -> State {
        let everywhere = self.checked > 0 && self.unknown.is_empty() && self.gaps.is_empty();
        match (self.found, everywhere) {
            (1.., _) => State::Found,
            (0, false) => State::Unknown,
            (0, true) => State::Clean,
        }
    }

    /// Where it could not look, as parts of a sentence.
    #[must_use]
    pub fn blind(&self) -> Vec<String> {
        let unknown =
            self.unknown.iter().map(|(what, times)| format!("{what} of {times} of {}", self.checked));
        self.gaps.iter().map(|gap| gap.trim_end_matches('.').to_owned()).chain(unknown).collect()
    }
}

/// All that the rules say of one snapshot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// The most serious first; within a severity by process.
    pub all: Vec<Finding>,
    /// Every rule, in the order of [`RULES`].
    pub rules: Vec<RuleReport>,
    /// Findings that belong together, the most serious first. Places in [`Findings::all`].
    pub stories: Vec<Story>,
    by_process: BTreeMap<ProcessIndex, Vec<usize>>,
}

impl Findings {
    /// Runs every rule at once.
    #[must_use]
    pub fn of(snapshot: &Snapshot, indicators: &Indicators) -> Self {
        let mut evaluator = Evaluator::new(snapshot, indicators);
        while evaluator.step(usize::MAX) {}
        evaluator.finish()
    }

    /// What was found of one process, the most serious first.
    pub fn of_process(&self, index: ProcessIndex) -> impl Iterator<Item = &Finding> {
        let places = self.by_process.get(&index).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| self.all.get(*place))
    }

    /// The most serious finding of a process.
    #[must_use]
    pub fn severity_of(&self, index: ProcessIndex) -> Option<Severity> {
        self.of_process(index).map(|finding| finding.severity).max()
    }

    /// How many findings of one severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.all.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// Rules at work.
pub struct Evaluator<'a> {
    scene: Scene<'a>,
    indicators: &'a Indicators,
    next: u32,
    found: Vec<Finding>,
    reports: Vec<RuleReport>,
}

impl<'a> Evaluator<'a> {
    /// Ready to begin.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, indicators: &'a Indicators) -> Self {
        let report =
            |rule| RuleReport { rule, found: 0, checked: 0, unknown: BTreeMap::new(), gaps: Vec::new() };
        Self {
            scene: Scene::new(snapshot),
            indicators,
            next: 0,
            found: Vec::new(),
            reports: RULES.iter().map(|rule| report(*rule)).collect(),
        }
    }

    /// Looks at the next `count` processes. False when all have been looked at.
    pub fn step(&mut self, count: usize) -> bool {
        for _ in 0..count {
            let index = ProcessIndex(self.next);
            let Some(case) = Case::new(&self.scene, index) else { return false };
            self.next += 1;
            for report in &mut self.reports {
                if let Check::Process(check) = report.rule.check {
                    let answer = check(&case);
                    report.checked += 1;
                    take(report, answer, Some(index), &mut self.found);
                }
            }
            if let Some(draft) = indicator::process(self.indicators, &case) {
                self.found.push(Finding::new(&indicator::RULE, draft, Some(index)));
            }
        }
        true
    }

    /// Looks at the system and puts everything in order.
    #[must_use]
    pub fn finish(mut self) -> Findings {
        for report in &mut self.reports {
            if let Check::System(check) = report.rule.check {
                report.checked = 1;
                for answer in check(&self.scene) {
                    take(report, answer, None, &mut self.found);
                }
            }
        }
        let coverage = self.scene.snapshot.coverage();
        for report in &mut self.reports {
            report.gaps = coverage.hiding().map(str::to_owned).collect();
        }
        let mut all = self.found;
        sorting::sort_by_key(&mut all, |finding| (std::cmp::Reverse(finding.severity), finding.process));
        let mut by_process: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (place, finding) in all.iter().enumerate() {
            if let Some(process) = finding.process {
                by_process.entry(process).or_default().push(place);
            }
        }
        let stories = story::tell(self.scene.snapshot, &all, &by_process);
        Findings { all, rules: self.reports, stories, by_process }
    }
}

fn take(report: &mut RuleReport, answer: Answer, process: Option<ProcessIndex>, found: &mut Vec<Finding>) {
    match answer {
        Answer::Clean => {}
        Answer::Unknown(what) => *report.unknown.entry(what).or_default() += 1,
        Answer::Found(draft) => {
            report.found += 1;
            found.push(Finding::new(report.rule, draft, process));
        }
    }
}
