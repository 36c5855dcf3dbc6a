//! Opening one bundle after the other, and running the rules over all of them.

use super::{Cancel, Input, Progress, Turn, load, run_rules};
use crate::state::{Data, Fleet, Slot, Systems};
use procglass_model::finding::Indicators;
use procglass_model::systems::System as Record;
use std::rc::Rc;
use yew::prelude::*;

/// What the application does with what comes.
pub(crate) trait Watch {
    /// How far the opening is.
    fn progress(&self, progress: Progress);
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
    for (number, input) in (1..).zip(inputs) {
        let report = {
            let watch = watch.clone();
            Callback::from(move |progress: Progress| {
                watch.progress(Progress { file: (number, total), ..progress });
            })
        };
        match load(input.clone(), cancel, &report).await {
            Ok(Some(data)) => {
                let place = match systems.find(&data.origin.sha256) {
                    Some(place) => place,
                    None => {
                        // Of many, few will ever be looked at: the rules run while each is in memory anyway.
                        if total > 1 {
                            run_rules(&data, &Indicators::default(), cancel).await;
                        }
                        systems.slots.push(slot(&input, &data));
                        systems.slots.len() - 1
                    }
                };
                systems.keep(place, data);
                last = Some(place);
            }
            Ok(None) => {
                if number > 1 {
                    systems.failures.push(format!(
                        "stopped after {} of {total} files: the rest was not opened",
                        number - 1
                    ));
                }
                break;
            }
            Err(message) => systems.failures.push(format!("{}: {message}", input.name())),
        }
    }
    (systems, last)
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
    let mut turn = Turn::new();
    for place in 0..systems.slots.len() {
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
        if let Some(slot) = systems.slots.get_mut(place) {
            slot.record = record(&data);
        }
        if let Some(kept) = systems.loaded.get_mut(&place) {
            *kept = data.checked();
            watch.ready(systems.clone().into());
        }
        if turn.is_over() {
            turn.pass().await;
        }
    }
    watch.ready(systems.into());
    true
}

fn slot(input: &Input, data: &Data) -> Slot {
    let input = input.again(data.origin.original.as_ref());
    Slot { input, sha256: data.origin.sha256.clone(), record: record(data) }
}

fn record(data: &Data) -> Rc<Record> {
    Rc::new(Record::of(&data.snapshot, &data.origin.name))
}
