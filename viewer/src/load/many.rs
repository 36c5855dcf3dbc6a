//! Opening one bundle after the other, and running the rules over all of them.

use super::{Cancel, Input, Locked, Progress, Turn, Unlocker, load, run_rules};
use crate::state::{Data, Fleet, Slot, Systems};
use crate::ui::dom::now;
use procglass_model::finding::Indicators;
use procglass_model::systems::{Register, System as Record};
use std::cell::Cell;
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
    let report = |number| {
        let (watch, told) = (watch.clone(), Rc::clone(&told));
        Callback::from(move |progress: Progress| {
            if total == 1 || now() - told.get() > 100.0 {
                told.set(now());
                watch.progress(Progress { file: (number, total), ..progress });
            }
        })
    };
    let (show, unlocking) = (|locked| watch.locked(locked), report(1));
    let mut unlocker = Unlocker { cancel, show: &show, progress: &unlocking, known: Vec::new() };
    'files: for (number, input) in (1..).zip(inputs) {
        let report = report(number);
        let name = input.name();
        let inside = match unlocker.unlock(input).await {
            Ok(Some(inside)) => inside,
            Ok(None) => {
                systems.failures.extend(stopped(number, total));
                break;
            }
            Err(message) => {
                systems.failures.push(format!("{name}: {message}"));
                continue;
            }
        };
        // Of many, few will ever be looked at: the rules run while each is in memory anyway.
        let many = total > 1 || inside.len() > 1;
        for input in inside {
            match load(input.clone(), cancel, &report).await {
                Ok(Some(data)) => {
                    let place = match systems.find(&data.origin.sha256) {
                        Some(place) => place,
                        None => {
                            if many && !run_rules(&data, &Indicators::default(), cancel).await {
                                systems.failures.extend(stopped(number, total));
                                break 'files;
                            }
                            let again = input.again(data.origin.original.as_ref());
                            systems.slots.push(Slot { input: again, sha256: data.origin.sha256.clone() });
                            if alone && !many {
                                register.add(brief(&data));
                            } else {
                                systems.complete = true;
                                register.add(record(&data));
                            }
                            systems.slots.len() - 1
                        }
                    };
                    systems.keep(place, data);
                    last = Some(place);
                }
                Ok(None) => {
                    systems.failures.extend(stopped(number, total));
                    break 'files;
                }
                Err(message) => systems.failures.push(format!("{}: {message}", input.name())),
            }
        }
    }
    systems.register = Rc::new(register);
    (systems, last)
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
        if !run_rules(&data, indicators, cancel).await {
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
fn brief(data: &Data) -> Record {
    let snapshot = &data.snapshot;
    Record {
        bundle: data.origin.name.clone(),
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
