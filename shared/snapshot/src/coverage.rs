//! How much of the captured system a snapshot holds: what every "nothing was found" rests on.

use super::Snapshot;
use procglass_model::bundle::{JobOutcome, Outcomes, Verdict, job};

/// How much of the captured system a snapshot holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Processes in the snapshot.
    pub processes: u64,
    /// Processes that the collector listed and that had not ended when it came to them. `None`: the bundle does not say.
    pub expected: Option<u64>,
    /// What is missing, as sentences: what matters most first.
    pub gaps: Vec<Gap>,
}

/// Something that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// One sentence.
    pub sentence: String,
    /// A rule that found nothing may have missed something for it.
    pub hides: bool,
    /// The collection or the file came to an early end. What the kernel refused to show is none of that.
    pub early: bool,
    /// Sockets are missing: what is concluded from there being none does not hold.
    pub sockets: bool,
}

impl Coverage {
    /// Of a snapshot.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let processes = snapshot.processes.len() as u64;
        let mut coverage = Self { processes, expected: expected(snapshot), gaps: Vec::new() };
        let outcomes = snapshot.outcomes.as_ref();
        coverage.missing_processes(outcomes);
        coverage.file(snapshot);
        coverage.tables(outcomes);
        if let Some(outcomes) = outcomes {
            coverage.jobs(outcomes);
        }
        coverage
    }

    /// Whether the collection and the file came to their proper end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.gaps.iter().any(|gap| gap.early)
    }

    /// The sentences for which a rule that found nothing cannot say that there is nothing.
    pub fn hiding(&self) -> impl Iterator<Item = &str> {
        self.gaps.iter().filter(|gap| gap.hides).map(|gap| gap.sentence.as_str())
    }

    /// What is missing, in one or two sentences. `None`: nothing.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        let early = self.gaps.iter().filter(|gap| gap.early || gap.hides).take(2);
        let sentences: Vec<&str> = early.map(|gap| gap.sentence.as_str()).collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    fn gap(&mut self, sentence: impl Into<String>, hides: bool, early: bool) {
        self.gaps.push(Gap { sentence: sentence.into(), hides, early, sockets: false });
    }

    /// Tables of sockets that the collector did not read to their end, as a sentence. `None`: none.
    #[must_use]
    pub fn cut_sockets(&self) -> Option<&str> {
        self.gaps.iter().find(|gap| gap.sockets).map(|gap| gap.sentence.as_str())
    }

    fn tables(&mut self, outcomes: Option<&Outcomes>) {
        let problems = outcomes.map_or(&[][..], |outcomes| outcomes.problems.as_slice());
        let cut = problems.iter().filter_map(|problem| {
            let (_, table) = problem.member.strip_prefix("net/")?.split_once('/')?;
            let size = problem.what.strip_prefix("cut at ")?.strip_suffix(" bytes")?;
            super::tables::is_of_sockets(table).then(|| (problem.member.as_str(), size.parse::<u64>().ok()))
        });
        let cut: Vec<_> = cut.collect();
        let Some((member, size)) = cut.first() else { return };
        let at = size.map(|size| format!(" at {} MiB", size.div_ceil(1 << 20))).unwrap_or_default();
        let more = if cut.len() > 1 { format!(", and {} more", cut.len() - 1) } else { String::new() };
        let sentence = format!(
            "The table of sockets {} was cut{at}{more}: sockets are missing.",
            procglass_model::text::visible(member.as_bytes())
        );
        self.gaps.push(Gap { sentence, hides: true, early: true, sockets: true });
    }

    fn missing_processes(&mut self, outcomes: Option<&Outcomes>) {
        let (processes, expected) = (self.processes, self.expected);
        match expected {
            None => self.gap("It is not known how many processes are missing.", true, true),
            Some(expected) if expected > processes => {
                // What the kernel refused is missing, and no early end.
                let job = outcomes.and_then(|outcomes| outcomes.jobs.get(job::PROCESSES));
                let refused: u64 = job.map_or(0, |job| job.refused.values().sum());
                let early = expected - processes > refused;
                self.gap(format!("{processes} of {expected} processes were read."), true, early);
            }
            Some(_) => {}
        }
    }

    fn file(&mut self, snapshot: &Snapshot) {
        match snapshot.integrity.verdict() {
            Verdict::Intact => {}
            Verdict::Incomplete | Verdict::Damaged => {
                self.gap(format!("The bundle is {}.", snapshot.integrity.sentence()), true, true);
            }
        }
        if snapshot.outcomes.is_none() {
            self.gap("The end of the bundle, which says what could not be read, is missing.", true, true);
        }
    }

    fn jobs(&mut self, outcomes: &Outcomes) {
        let before = self.gaps.len();
        for (name, title) in JOBS {
            let Some(job) = outcomes.jobs.get(name).filter(|job| !job.is_complete()) else { continue };
            // Processes are counted by what is there.
            if name != job::PROCESSES || before == 0 {
                let aside = matches!(name, job::RECOVERY | job::IDENTITY);
                self.gap(unfinished(title, job), !aside, true);
            }
        }
        if outcomes.complete {
            return;
        }
        let aside = |limit: &String| limit.starts_with("recovered files");
        for limit in &outcomes.limits {
            // What is missing for it is said above, where the bundle counts it.
            let hides = !aside(limit) && self.hiding().next().is_none();
            self.gap(format!("The collection met a limit: {limit}."), hides, true);
        }
        if self.gaps.is_empty() {
            self.gap("The collection was ended early.", true, true);
        }
    }
}

/// The jobs, what matters most first, and what each looks at.
const JOBS: [(&str, &str); 8] = [
    (job::PROCESSES, "processes"),
    (job::FILES, "files of the host and of namespaces"),
    (job::HIDDEN, "looks for hidden processes"),
    (job::CGROUPS, "looks at members of control groups"),
    (job::SOCKETS, "looks for sockets without an owner"),
    (job::SYSTEM, "listings of /sys"),
    (job::RECOVERY, "copies of deleted files"),
    (job::IDENTITY, "questions to metadata services"),
];

/// What of a job was not done, and why.
fn unfinished(title: &str, job: &JobOutcome) -> String {
    let failed: u64 = job.failed.values().sum();
    let mut parts = Vec::new();
    if job.not_reached > 0 {
        parts.push(format!("{} of {} were not reached", job.not_reached, job.listed));
    }
    if failed > 0 {
        let why: Vec<_> = job.failed.iter().take(3).map(|(why, _)| why.as_str()).collect();
        parts.push(format!("{failed} of {} failed ({})", job.listed, why.join("; ")));
    }
    format!("Of the {title}, {}.", parts.join(", and "))
}

/// Processes that should be there. The manifest counts them as they were listed, also where the end of the bundle is missing.
fn expected(snapshot: &Snapshot) -> Option<u64> {
    match &snapshot.outcomes {
        Some(outcomes) => Some(outcomes.processes_listed.saturating_sub(outcomes.processes_vanished)),
        None => snapshot.manifest.processes_listed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SnapshotBuilder;
    use crate::fixture;
    use procglass_model::bundle::{Manifest, Member};

    fn of(outcomes: Option<Outcomes>, listed: Option<u64>, processes: u32) -> Coverage {
        let mut builder = SnapshotBuilder::new();
        let manifest = Manifest { processes_listed: listed, ..fixture::manifest() };
        builder.member(Member::new("manifest.json", serde_json::to_vec(&manifest).unwrap()));
        for pid in 1..=processes {
            let json = format!(r#"{{"pid":{pid},"start_time":5}}"#).into_bytes();
            builder.member(Member::new(format!("process/{pid}.json"), json));
        }
        if let Some(outcomes) = &outcomes {
            builder.member(Member::new("outcomes.json", serde_json::to_vec(outcomes).unwrap()));
        }
        let integrity = procglass_model::bundle::Integrity {
            ended: outcomes.is_some(),
            has_sums: outcomes.is_some(),
            ..Default::default()
        };
        Coverage::of(&builder.finish(integrity))
    }

    fn outcomes(listed: u64, ended: u64, complete: bool) -> Outcomes {
        Outcomes { complete, processes_listed: listed, processes_vanished: ended, ..Outcomes::default() }
    }

    #[test]
    fn all_that_was_listed_is_there() {
        let coverage = of(Some(outcomes(5, 2, true)), None, 3);
        assert_eq!((coverage.gaps.as_slice(), coverage.sentence()), (&[][..], None));
        assert!(coverage.is_complete());
    }

    #[test]
    fn processes_that_are_missing_come_first() {
        let mut limited = outcomes(68, 0, false);
        limited.limits.push("--max-bytes 12000: what did not fit was left out".into());
        let coverage = of(Some(limited), None, 51);
        assert!(coverage.sentence().unwrap().starts_with("51 of 68 processes were read."), "{coverage:?}");
        assert!(!coverage.is_complete() && coverage.hiding().count() == 1, "{coverage:?}");
    }

    #[test]
    fn what_the_kernel_refused_hides_and_is_no_early_end() {
        let mut refused = outcomes(5, 0, true);
        let mut job = JobOutcome { listed: 5, read: 3, ..JobOutcome::default() };
        job.refused.insert("EACCES".into(), 2);
        refused.jobs.insert(job::PROCESSES.into(), job);
        let coverage = of(Some(refused), None, 3);
        assert!(coverage.is_complete() && coverage.hiding().count() == 1, "{coverage:?}");
    }

    #[test]
    fn a_cut_file_says_how_many_are_missing_where_its_manifest_does() {
        let coverage = of(None, Some(20), 4);
        assert!(coverage.sentence().unwrap().starts_with("4 of 20 processes were read."), "{coverage:?}");
        assert!(!coverage.is_complete());
        let coverage = of(None, None, 4);
        assert!(coverage.sentence().unwrap().starts_with("It is not known how many"), "{coverage:?}");
    }

    #[test]
    fn a_table_of_sockets_that_was_cut_hides_sockets() {
        let mut cut = outcomes(1, 0, true);
        let mut problem = |member: &str, what: &str| {
            cut.problems.push(procglass_model::bundle::Outcome { member: member.into(), what: what.into() });
        };
        problem("net/4026531840/tcp", "cut at 67108864 bytes");
        problem("net/4026531840/udp", "cut at 67108864 bytes");
        problem("net/4026531840/snmp", "cut at 1048576 bytes");
        problem("net/4026531841/tcp", "EACCES");
        let coverage = of(Some(cut), None, 1);
        let sentence =
            "The table of sockets net/4026531840/tcp was cut at 64 MiB, and 1 more: sockets are missing.";
        assert_eq!(coverage.cut_sockets(), Some(sentence));
        assert_eq!((coverage.sentence().as_deref(), coverage.is_complete()), (Some(sentence), false));
        assert_eq!(of(Some(outcomes(1, 0, true)), None, 1).cut_sockets(), None);
    }

    #[test]
    fn jobs_that_failed_are_named_with_the_reason() {
        let mut failed = outcomes(1, 0, false);
        let mut job = JobOutcome { listed: 1, ..JobOutcome::default() };
        job.failed.insert("looked for up to number 5 of 9".into(), 1);
        failed.jobs.insert(job::HIDDEN.into(), job);
        let recovery = JobOutcome { listed: 2, not_reached: 2, ..JobOutcome::default() };
        failed.jobs.insert(job::RECOVERY.into(), recovery);
        let coverage = of(Some(failed), None, 1);
        let sentences: Vec<_> = coverage.gaps.iter().map(|gap| (gap.sentence.as_str(), gap.hides)).collect();
        assert_eq!(
            sentences,
            [
                ("Of the looks for hidden processes, 1 of 1 failed (looked for up to number 5 of 9).", true),
                ("Of the copies of deleted files, 2 of 2 were not reached.", false),
            ]
        );
    }
}
