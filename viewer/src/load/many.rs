//! Opening one bundle after the other, and running the rules over all of them.

use super::ahead::Ahead;
use super::{Bundle, Cancel, Input, Locked, Progress, Turn, Unlocker, load, load_bundle, run_rules};
use crate::state::{Data, Fleet, Origin, Slot, Systems};
use crate::ui::dom::now;
use procglass_findings::Indicators;
use procglass_opened::Opened;
use procglass_systems::{Register, System as Record};
use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;
use yew::prelude::*;

/// What the application does with what comes.
pub(crate) trait Watch {
    /// How far the opening is.
    fn progress(&self, progress: Progress);
    /// A key is needed.
    fn locked(&self, locked: Locked);
    /// Something is there, or more of it.
    fn ready(&self, fleet: Fleet);
}

/// So many files are read at a time: while one waits for the disk or for its checksums, another is parsed.
const AT_ONCE: usize = 3;
/// A larger file is read alone, since it fills the memory alone.
const SMALL: usize = 4 << 20;

/// A bundle that was read, had the rules run over it where there are many, and was looked through for the register.
type Read = Result<Option<(Bundle, Record)>, String>;

/// Opens files beside what is open. The last of them that could be opened, by its place.
pub(crate) async fn open(
    mut systems: Systems,
    inputs: Vec<Input>,
    cancel: &Cancel,
    watch: &(impl Watch + Clone + 'static),
) -> (Systems, Option<usize>) {
    let (total, mut last) = (inputs.len(), None);
    let alone = total == 1 && systems.slots.is_empty();
    if !alone {
        complete(&mut systems);
    }
    let mut register = copy(&systems.register);
    // Of many small files most would be drawn for a moment only: ten times a second is enough.
    let told = Rc::new(Cell::new(f64::MIN));
    let first = Rc::new(Cell::new(1));
    let report = |number| {
        let (watch, told, first) = (watch.clone(), Rc::clone(&told), Rc::clone(&first));
        Callback::from(move |progress: Progress| {
            // Of those that are read at a time the first is told of.
            if total == 1 || (number == first.get() && now() - told.get() > 100.0) {
                told.set(now());
                watch.progress(Progress { file: (number, total), ..progress });
            }
        })
    };
    let (show, unlocking) = (|locked| watch.locked(locked), report(1));
    let mut unlocker = Unlocker { cancel, show: &show, progress: &unlocking, known: Vec::new() };
    let mut inputs = (1..).zip(inputs);
    // What was unlocked, and what is being read, in order.
    let (mut next, mut reading) =
        (VecDeque::new(), VecDeque::<(usize, Input, usize, How, Ahead<Read>)>::new());
    let mut halted = None;
    loop {
        while reading.len() < AT_ONCE && halted.is_none() {
            let Some((number, input, length, how)) = next.pop_front() else {
                let Some((number, input)) = inputs.next() else { break };
                let name = input.name();
                match unlocker.unlock(input).await {
                    Ok(Some(inside)) => {
                        // Of many, few will ever be looked at: the rules run while each is in memory anyway.
                        let how = match total > 1 || inside.len() > 1 {
                            true => How::Whole,
                            false if alone => How::Brief,
                            false => How::Listed,
                        };
                        next.extend(inside.into_iter().map(|input| {
                            let length = input.length();
                            (number, input, length, how)
                        }));
                    }
                    Ok(None) => halted = Some(number),
                    Err(message) => systems.failures.push(format!("{name}: {message}")),
                }
                continue;
            };
            if !reading.iter().all(|(_, _, other, ..)| length.max(*other) <= SMALL) {
                next.push_front((number, input, length, how));
                break;
            }
            let work = Ahead::start(read(input.clone(), how, cancel.clone(), report(number)));
            reading.push_back((number, input, length, how, work));
        }
        let Some((number, input, _, how, work)) = reading.pop_front() else { break };
        first.set(number);
        match work.take().await {
            Some(Ok(Some(read))) => {
                if total > 1 {
                    report(number).emit(whole(&read));
                }
                systems.complete |= how != How::Brief;
                last = Some(add(&mut systems, &mut register, read, &input, total == 1).await);
            }
            Some(Ok(None)) | None => {
                halted = Some(number);
                break;
            }
            Some(Err(message)) => systems.failures.push(format!("{}: {message}", input.name())),
        }
    }
    systems.failures.extend(halted.and_then(|number| stopped(number, total)));
    systems.register = Rc::new(register);
    (systems, last)
}

/// Puts a bundle beside the others, unless it is there already; gives its place. It stays in memory when it is `wanted`, or
/// while there is room: the first of many are as likely to be looked at as the last.
async fn add(
    systems: &mut Systems,
    register: &mut Register,
    (bundle, record): (Bundle, Record),
    input: &Input,
    wanted: bool,
) -> usize {
    let Origin { sha256, bytes, original, .. } = &bundle.origin;
    let known = systems.find(sha256);
    let place = known.unwrap_or(systems.slots.len());
    if known.is_none() {
        let input = input.again(original.as_ref());
        systems.slots.push(Slot { input, sha256: sha256.clone(), bytes: *bytes });
        register.add(record);
    }
    if wanted || systems.has_room(bundle.snapshot.processes.len()) {
        systems.keep(place, bundle.into_data().await);
    }
    place
}

/// The progress of a file that was read to its end.
fn whole((bundle, record): &(Bundle, Record)) -> Progress {
    Progress {
        name: bundle.origin.name.clone(),
        done: bundle.origin.bytes,
        total: bundle.origin.bytes,
        processes: bundle.snapshot.processes.len(),
        system: Some(record.name.clone()),
        ..Progress::default()
    }
}

/// How much is done with a bundle when it was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// It is alone: it is shown at once, and looked through when somebody asks.
    Brief,
    /// It is looked through for the register; the rules run later.
    Listed,
    /// All of it.
    Whole,
}

async fn read(input: Input, how: How, cancel: Cancel, report: Callback<Progress>) -> Read {
    let Some(bundle) = load_bundle(input, &cancel, &report).await? else { return Ok(None) };
    let (snapshot, name) = (&bundle.snapshot, &bundle.origin.name);
    if how == How::Whole && !run_rules(snapshot, &Indicators::default(), &cancel).await {
        return Ok(None);
    }
    Turn::new().pass_if_over().await;
    let record = if how == How::Brief { brief(snapshot, name) } else { Record::of(snapshot, name) };
    Ok(Some((bundle, record)))
}

/// What to say of an opening that somebody stopped; nothing where there was only one file.
fn stopped(number: usize, total: usize) -> Option<String> {
    (number > 1).then(|| {
        format!("stopped after {} of {total} files: the rest was not opened", number.saturating_sub(1))
    })
}

/// Runs the rules over every bundle that is open; those that are not in memory are read again for it. False when that was
/// cancelled.
pub(crate) async fn check(
    fleet: &Fleet,
    indicators: &Indicators,
    again: bool,
    cancel: &Cancel,
    watch: &impl Watch,
) -> bool {
    let mut systems = fleet.to_systems();
    let mut records: Vec<Option<Record>> = Vec::new();
    let mut turn = Turn::new();
    // What was opened is drawn first.
    turn.pass().await;
    for place in 0..systems.slots.len() {
        records.push(None);
        let Some(input) = systems.slots.get(place).map(|slot| slot.input.clone()) else { break };
        let kept = systems.loaded.get(&place).cloned();
        if !again && kept.as_ref().is_none_or(|data| data.snapshot.findings_if_ready().is_some()) {
            continue;
        }
        let data = match kept {
            Some(data) => data,
            None => match load(input.clone(), cancel, &Callback::noop()).await {
                Ok(Some(data)) => data,
                Ok(None) => return false,
                Err(message) => {
                    systems.failures.push(format!("{}: {message}", input.name()));
                    continue;
                }
            },
        };
        if !run_rules(&data.snapshot, indicators, cancel).await {
            return false;
        }
        if let Some(last) = records.last_mut().filter(|_| systems.complete) {
            *last = Some(record(&data));
        }
        if let Some(kept) = systems.loaded.get_mut(&place) {
            *kept = data.checked();
            watch.ready(systems.clone().into());
        }
        if turn.is_over() {
            turn.pass().await;
        }
    }
    if records.iter().any(Option::is_some) {
        let mut register = Register::new();
        for (old, new) in systems.register.systems().iter().zip(records) {
            register.add(new.unwrap_or_else(|| old.clone()));
        }
        systems.register = Rc::new(register);
        watch.ready(systems.into());
    }
    true
}

/// Looks through the bundle that was opened alone, if that was not done yet.
pub(crate) fn complete(systems: &mut Systems) {
    if systems.complete || systems.slots.is_empty() {
        return;
    }
    let mut register = Register::new();
    for (place, known) in systems.register.systems().iter().enumerate() {
        register.add(systems.loaded.get(&place).map_or_else(|| known.clone(), record));
    }
    (systems.register, systems.complete) = (Rc::new(register), true);
}

/// What the switch and the title need of a system.
fn brief(snapshot: &Opened, name: &str) -> Record {
    Record {
        bundle: name.to_owned(),
        name: snapshot.host_name(),
        captured: snapshot.captured(),
        ..Record::default()
    }
}

/// The same systems, for others to be put beside them.
fn copy(register: &Register) -> Register {
    let mut copy = Register::new();
    for system in register.systems() {
        copy.add(system.clone());
    }
    copy
}

fn record(data: &Data) -> Record {
    Record::of(&data.snapshot, &data.origin.name)
}
