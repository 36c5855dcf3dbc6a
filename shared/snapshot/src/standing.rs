//! `status` of a process, as far as the tables need it.
//!
//! In a bundle of 10,000 processes it is a few templates of some 55 lines each, and for each process the words that stand in
//! their holes. Six lines are wanted here; so each template is cut down to those once.

use super::{Members, Problem, Process};
use foldhash::HashMap;
use procglass_model::bundle::template::fill;
use procglass_model::bundle::{Bases, ContentError, FileContent, TemplateError};
use procglass_proc::status;
use procglass_proc::status::Status;
use std::borrow::Cow;

/// The lines that [`take`] looks at.
const WANTED: [&[u8]; 6] = [b"Uid", b"Gid", b"NSpid", b"TracerPid", b"Kthread", b"VmRSS"];

/// Bytes of a longer template are no `status`: 65,536 groups, which is NGROUPS_MAX, take 0.7 MB.
const LONGEST: usize = 1 << 20;

/// Puts what was read where tables find it.
pub(super) fn take(process: &mut Process, status: &Status) {
    process.uid = status.uid;
    process.gid = status.gid;
    process.ns_pid.clone_from(&status.ns_pid);
    process.tracer_pid = status.tracer_pid;
    if status.kthread == Some(true) {
        process.kernel_thread = Some(true);
    }
    // `rss` of stat is inexact (proc_pid_stat(5)); this one is what the kernel counts.
    if let Some(kilobytes) = status.vm_rss_kb {
        process.rss_bytes = Some(kilobytes.saturating_mul(1024));
    }
}

/// What stands elsewhere and was not there yet.
pub(super) struct Later {
    pub(super) member: String,
    pub(super) content: FileContent,
    pub(super) bases: Bases,
}

impl Later {
    /// Reads it, with all members that there are.
    pub(super) fn take(
        self,
        process: &mut Process,
        members: &Members,
        cuts: &mut Cuts,
        problems: &mut Vec<Problem>,
    ) {
        match cuts.text(&self.content, &self.bases, members) {
            Ok(text) => take(process, &status::parse(&text)),
            Err(error) => {
                problems.push(Problem::new(format!("{}#files/status", self.member), error.to_string()));
            }
        }
    }
}

/// Templates that were cut, by hash.
#[derive(Default)]
pub(super) struct Cuts(HashMap<String, Cut>);

impl Cuts {
    /// The text of a `status`: at least the lines that are wanted.
    ///
    /// # Errors
    /// As [`Members::content`].
    pub(super) fn text<'a>(
        &mut self,
        content: &'a FileContent,
        bases: &Bases,
        members: &'a Members,
    ) -> Result<Cow<'a, [u8]>, ContentError> {
        if let FileContent::Template(hash, given) = content {
            let text = match self.0.get(hash).ok_or_else(|| members.text(hash)) {
                Ok(cut) => cut.fill(bases, given),
                // In a hostile bundle each of thousands of processes may want it filled.
                Err(Some(template)) if template.len() > LONGEST => {
                    let what = "it is longer than any status";
                    return Err(TemplateError { at: LONGEST, what }.into());
                }
                Err(template) => template.and_then(|template| {
                    let cut = self.0.entry(hash.clone()).insert_entry(Cut::of(template, bases, given)?);
                    cut.get().fill(bases, given)
                }),
            };
            if let Some(text) = text {
                return Ok(text.into());
            }
        }
        members.content(content, bases)
    }
}

/// The wanted lines of a template, and for how many bases and words the others are known to make sense.
struct Cut {
    lines: Vec<u8>,
    bases: usize,
    words: usize,
}

impl Cut {
    /// Nothing where the other lines matter: one may turn out to be a wanted line, or an error that should be told.
    fn of(template: &[u8], bases: &Bases, given: &[u8]) -> Option<Self> {
        let lines = || template.split_inclusive(|byte| *byte == b'\n');
        let words = words(given);
        // The columns are widest around words that are empty.
        let filled = || fill(template, bases, &vec![b','; words - 1]);
        let sound = (bases.is_empty() || bases.known() > 0) && filled().is_ok();
        let plain = lines().all(|line| name(line).is_some_and(|name| !name.contains(&b'{')));
        let wanted =
            lines().filter(|line| name(line).is_some_and(|name| WANTED.contains(&name.trim_ascii())));
        (sound && plain).then(|| Self {
            lines: wanted.collect::<Vec<_>>().concat(),
            bases: bases.known(),
            words,
        })
    }

    /// Nothing where the whole template might give something else.
    fn fill(&self, bases: &Bases, given: &[u8]) -> Option<Vec<u8>> {
        let fits = bases.known() >= self.bases && words(given) >= self.words && !given.contains(&b'\n');
        fits.then(|| fill(&self.lines, bases, given).ok()).flatten()
    }
}

/// The name in front of a line's colon.
fn name(line: &[u8]) -> Option<&[u8]> {
    line.get(..line.iter().position(|byte| *byte == b':')?)
}

/// How many words are given; none is an empty one.
fn words(given: &[u8]) -> usize {
    given.iter().fold(1, |words, byte| words + usize::from(*byte == b','))
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_model::bundle::Member;
    use proptest::prelude::*;

    const TEMPLATE: &[u8] =
        b"Name:\t{0}\nPid:\t{a:d}\nUid:\t{1}\t{1}\t0\t0\nNSpid:\t{a:d}\t1\nVmRSS:\t{2:8} kB\nSigQ:\t{3}/9\nKthread:\t0\n";

    /// What tables get, the short way and the long one.
    fn both(
        cuts: &mut Cuts,
        template: &[u8],
        bases: &Bases,
        given: &[u8],
    ) -> [Result<Process, ContentError>; 2] {
        let mut members = Members::default();
        members.push(Member::new("text/ab", template.to_vec()));
        let content = FileContent::Template("ab".into(), given.into());
        let read = |text: Cow<'_, [u8]>| {
            let mut process = Process::default();
            take(&mut process, &status::parse(&text));
            process
        };
        [cuts.text(&content, bases, &members).map(read), members.content(&content, bases).map(read)]
    }

    #[test]
    fn the_wanted_lines_say_what_the_whole_says() {
        let mut cuts = Cuts::default();
        for (given, pid) in [(&b"sh,33,100,1"[..], 7), (b"x,,4,", 8), (b"sh,1\nGid:\t5\t5\t5\t5,1,1", 9)] {
            let [short, long] = both(&mut cuts, TEMPLATE, &[pid].into(), given);
            assert_eq!(
                (&short, short.as_ref().unwrap().ns_pid.as_slice()),
                (&long, &[u32::try_from(pid).unwrap(), 1][..])
            );
        }
        let long = [TEMPLATE, &[b'x'; LONGEST]].concat();
        let [short, _] = both(&mut Cuts::default(), &long, &[7].into(), b"sh,33,100,1");
        assert!(short.unwrap_err().to_string().contains("longer than any status"));
        assert_eq!(cuts.0["ab"].lines.split(|byte| *byte == b'\n').count(), 5);
        // Words or bases that only the other lines want.
        for (bases, given) in [(&[7][..], &b"sh,33,100"[..]), (&[], b"sh,33,100,1")] {
            let [short, long] = both(&mut cuts, TEMPLATE, &bases.iter().copied().into(), given);
            assert!(short.is_err() && short == long);
        }
    }

    proptest! {
        #[test]
        fn any_template_says_the_same_in_short(
            template in r"((Uid|Gid|NSpid|\{\{|\{[0-2]\}|Na|\{[01]:9[0-9]{2,4}\}):(\t|1|\{[ab]:d\}|\{[0-3]\}){0,4}\n?){0,5}",
            first: (u8, [u8; 2]),
            then in prop::collection::vec(("[0-9\n,]{0,9}", prop::collection::vec(0..9_u64, 0..3)), 1..4),
        ) {
            let mut cuts = Cuts::default();
            let _ = both(&mut cuts, template.as_bytes(), &first.1.map(u64::from).into(), &vec![b','; usize::from(first.0 % 5)]);
            for (given, bases) in then {
                let [short, long] = both(&mut cuts, template.as_bytes(), &bases.into(), given.as_bytes());
                prop_assert_eq!(short, long);
            }
        }
    }
}
