//! A run from beginning to end.

use crate::clock::Utc;
use crate::context::{Context, WANTING};
use crate::error::CollectError;
use crate::last_words;
use crate::manifest::{manifest, own_namespace};
use crate::options::{Identity, Options};
use crate::output::{self, BundleSink, Out, Privacy, Target};
use crate::pipeline::{self, End, Job, Place};
use crate::summary::{self, Progress};
use crate::sys;
use procglass_model::artefact::Scope;
use procglass_model::bundle::{BundleError, MANIFEST_NAME, Outcomes, job};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// How a run ended that wrote a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With everything that there was.
    Whole,
    /// With a limit hit, or interrupted.
    Limited,
}

impl Ended {
    pub(crate) fn status(self) -> u8 {
        match self {
            Self::Whole => 0,
            Self::Limited => 3,
        }
    }
}

/// Collects and writes a bundle.
pub(crate) fn run(options: &Options) -> Result<Ended, CollectError> {
    let key = options.encrypt.key()?;
    let (began, started) = (Instant::now(), Utc::now());
    let interrupted = interruption();
    sys::raise_descriptors();
    let context = Arc::new(Context::new(options, began)?);
    let mut manifest = manifest(&context, started)?;
    let pids = pids(&context)?;
    manifest.processes_listed = Some(pids.len() as u64);
    let name = output::file_name(&manifest.hostname, &started.compact(), options.encrypt.is_wanted());
    let (target, file, privacy) = Target::open(options, &name)?;
    context.output.store(output::descriptor(&file), Ordering::Relaxed);
    last_words::remove(target.temporary());
    let room = output::room(&target, &file);
    let failed = |error: BundleError| fail(&target, error);
    let out = Out::new(file, options.armor, &key).map_err(|error| failed(error.into()))?;
    let written = out.1.clone();
    let progress = Progress::new(options.quiet);
    let mut sink = BundleSink::new((out, room), began, started.seconds, options, key, &interrupted, progress)
        .map_err(failed)?;
    sink.progress().expect(pids.len() as u64);

    let done = sink.always(MANIFEST_NAME, &manifest) && collect(&context, &pids, &mut sink) == End::Done;
    sink.progress().clear();
    let mut outcomes =
        Outcomes { processes_listed: pids.len() as u64, complete: done, ..Outcomes::default() };
    gather(&context, &mut outcomes);
    loop {
        settle(&mut sink, &mut outcomes);
        let Err(error) = sink.close(&outcomes) else { break };
        if !sink.go_back(&error) {
            return cut_off(&target, error, written.file.get());
        }
    }
    let (hash, not_durable) = sink.finish().map_err(failed)?;
    target.commit()?;
    last_words::remove(None);
    if let Some(error) = &not_durable {
        eprintln!(
            "procglass-collect: {}: {error}: the file system did not confirm that the bundle is stored. Check it with \
             procglass verify, or collect again to another place",
            target.name().display()
        );
    }
    if privacy == Privacy::Open {
        eprintln!(
            "procglass-collect: {}: this file system keeps no access rights, so others may be able to read the bundle. Move \
             it to a place that only you can read",
            target.name().display()
        );
    }
    report(
        options,
        &target,
        &outcomes,
        &summary::line(
            &outcomes,
            &target.name().display().to_string(),
            written.file.get(),
            began.elapsed(),
            &hash,
            options.encrypt.is_wanted() || options.armor,
        ),
    );
    Ok(if outcomes.complete && not_durable.is_none() { Ended::Whole } else { Ended::Limited })
}

/// The stages, the most volatile first.
fn collect(context: &Arc<Context>, pids: &[u32], sink: &mut BundleSink<'_>) -> End {
    let options = &context.options;
    // A few processes say nothing of the whole, and their namespaces come with them.
    let own_net =
        if options.pids.is_empty() && !options.foreign_root() { own_namespace("net") } else { None };
    let mut first = Job::files(context, Scope::Host, &Place::Host);
    first.extend(Job::files(context, Scope::MountNamespace, &Place::Root));
    if let Some(inode) = own_net {
        let place = Place::Net { inode, members: Arc::new([]) };
        first.splice(0..0, Job::files(context, Scope::NetNamespace, &place));
    }
    // All that is known to be wanted counts as listed, also what will not be reached.
    let mut last = Vec::new();
    if options.pids.is_empty() {
        if own_net.is_some() {
            last.push(Job::Sockets);
        }
        last.push(Job::System);
        if !options.foreign_root() {
            last.push(Job::Hidden);
            last.push(Job::Cgroups);
        }
    }
    if options.identity == Identity::Auto {
        last.push(Job::Identity);
    }
    let processes: Vec<_> = pids.iter().copied().map(Job::Process).collect();
    context.found().list([&first, &processes, &last].into_iter().flatten());
    if pipeline::run(context, first, sink) == End::Stopped
        || pipeline::run(context, processes, sink) == End::Stopped
    {
        return End::Stopped;
    }
    let namespaces = namespaces(context, own_net);
    context.found().list(&namespaces);
    // The sockets first, while their second look still tells something.
    let sockets = last.iter().take_while(|job| matches!(job, Job::Sockets)).count();
    last.splice(sockets..sockets, namespaces);
    pipeline::run(context, last, sink)
}

/// The files of all namespaces that were met, but for those that were read before.
fn namespaces(context: &Arc<Context>, own_net: Option<u64>) -> Vec<Job> {
    let found = context.found();
    let foreign = context.options.foreign_root();
    let own_mount = if foreign { found.init_mount } else { own_namespace("mnt") };
    let mut jobs = Vec::new();
    for (inode, members) in found.net.iter().filter(|(inode, _)| own_net != Some(**inode)) {
        let place = Place::Net { inode: *inode, members: members.as_slice().into() };
        jobs.extend(Job::files(context, Scope::NetNamespace, &place));
    }
    if found.net.is_empty() && own_net.is_none() {
        // A system without namespaces, or one that does not show them.
        let place = Place::Net { inode: 0, members: Arc::new([]) };
        jobs.extend(Job::files(context, Scope::NetNamespace, &place));
    }
    for (inode, members) in found.mount.iter().filter(|(inode, _)| own_mount != Some(**inode) && context.real)
    {
        let place = Place::Mount { inode: *inode, members: members.as_slice().into() };
        jobs.extend(Job::files(context, Scope::MountNamespace, &place));
    }
    jobs
}

/// The processes to collect.
fn pids(context: &Context) -> Result<Vec<u32>, CollectError> {
    let wanted = &context.options.pids;
    if !wanted.is_empty() {
        let mut there: Vec<_> = wanted.clone();
        there.sort_unstable();
        there.dedup();
        there.retain(|pid| sys::open_dir(&context.proc, &pid.to_string()).is_ok());
        if there.is_empty() {
            return Err(CollectError::NoSuchProcess(wanted.clone()));
        }
        return Ok(there);
    }
    let mut pids = Vec::new();
    sys::numbers(&context.proc, ".", |pid| pids.push(pid))
        .map(drop)
        .map_err(|errno| CollectError::NoProc { path: context.options.root.join("proc"), errno })?;
    pids.sort_unstable();
    // gVisor has listed entries twice.
    pids.dedup();
    Ok(pids)
}

/// Moves what the workers found into the outcomes.
fn gather(context: &Context, outcomes: &mut Outcomes) {
    let mut found = context.found();
    outcomes.counts = found.tally.iter().map(|(word, count)| (word.clone().into_owned(), *count)).collect();
    for (reason, count) in procglass_redact::REASONS.into_iter().zip(found.redacted) {
        if count > 0 {
            outcomes.redacted.insert(reason.to_owned(), count);
        }
    }
    outcomes.observations = std::mem::take(&mut found.observations);
    outcomes.limits = std::mem::take(&mut found.limits);
    outcomes.problems = std::mem::take(&mut found.problems);
    for word in WANTING {
        if let Some(count) = outcomes.counts.get(word) {
            outcomes
                .limits
                .push(format!("{word}: {count} files could not be read for want of {}", wanted(word)));
        }
    }
    for (name, job) in std::mem::take(&mut found.jobs) {
        outcomes.jobs.insert(name.to_owned(), job);
    }
}

fn wanted(word: &str) -> &'static str {
    if word == "ENOMEM" { "memory" } else { "file descriptors" }
}

/// Adds what the writer has to say, and counts what is missing.
fn settle(sink: &mut BundleSink<'_>, outcomes: &mut Outcomes) {
    outcomes.finished = Utc::now().rfc3339();
    outcomes.limits.append(&mut sink.limits);
    outcomes.problems.append(&mut sink.problems);
    for ((name, why), count) in std::mem::take(&mut sink.lost) {
        let job = outcomes.jobs.entry(name.to_owned()).or_default();
        job.read = job.read.saturating_sub(count);
        *job.failed.entry(why).or_default() += count;
    }
    let processes = outcomes.jobs.entry(job::PROCESSES.to_owned()).or_default();
    (outcomes.processes_read, outcomes.processes_vanished) = (processes.read, processes.ended);
    for job in outcomes.jobs.values_mut() {
        let counted = job.read + job.ended + job.refused.values().chain(job.failed.values()).sum::<u64>();
        // Recovery has no list; it is what was met.
        job.listed = job.listed.max(counted);
        job.not_reached = job.listed - counted;
        outcomes.complete &= job.is_complete();
    }
    outcomes.complete &= outcomes.limits.is_empty();
}

/// Set by the first SIGINT, SIGTERM or SIGHUP. The second ends the program at once.
fn interruption() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // Without a handler a signal ends the program as it always did.
        let _ = signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, flag.clone());
        let _ = signal_hook::flag::register(signal, flag.clone());
    }
    flag
}

/// Ends a run whose output failed: what went into a stream cannot be taken back and may be of use.
fn cut_off(target: &Target, error: BundleError, bytes: u64) -> Result<Ended, CollectError> {
    match target {
        Target::Stream if bytes > 0 => {
            eprintln!(
                "procglass-collect: {error}. {bytes} bytes were sent; whole members among them can be read, the rest \
                 is missing"
            );
            Ok(Ended::Limited)
        }
        _ => Err(fail(target, error)),
    }
}

fn fail(target: &Target, error: BundleError) -> CollectError {
    target.discard();
    match error {
        BundleError::Io(error) => CollectError::Write { path: target.name().to_owned(), error },
        other => CollectError::Bundle(other),
    }
}

fn report(options: &Options, target: &Target, outcomes: &Outcomes, line: &str) {
    for limit in &outcomes.limits {
        eprintln!("procglass-collect: {limit}; the bundle is whole but does not hold everything");
    }
    if options.quiet {
        return;
    }
    if let Target::InPlace { note: true, .. } = target {
        eprintln!(
            "procglass-collect: no temporary name could be made beside {}; it was written in place",
            target.name().display()
        );
    }
    eprintln!("procglass-collect: {line}");
}
