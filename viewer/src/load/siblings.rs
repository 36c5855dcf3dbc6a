//! One system compared with its siblings, which are read one after the other where they are not in memory.

use super::{Cancel, Turn, load_bundle};
use crate::state::{Data, Fleet};
use procglass_opened::Opened;
use procglass_systems::SystemIndex;
use procglass_systems::compare::{Difference, Siblings as Comparing};
use std::rc::Rc;
use yew::Callback;

/// What came of it.
pub(crate) struct Siblings {
    /// The one.
    pub(crate) one: Data,
    /// What sets it apart.
    pub(crate) differences: Vec<Difference>,
    /// How many were compared.
    pub(crate) compared: usize,
    /// How many there are.
    pub(crate) siblings: usize,
    /// Those that could not be read, in words.
    pub(crate) failures: Vec<String>,
}

/// Compares. When it is stopped, those that were compared until then count; `None` when nobody wants the answer any more.
pub(crate) async fn compare_siblings(
    one: Data,
    fleet: &Fleet,
    siblings: Rc<[SystemIndex]>,
    cancel: &Cancel,
    told: &dyn Fn(usize),
) -> Option<Siblings> {
    let mut turn = Turn::new();
    let data = one.clone();
    let mut comparing = Comparing::new(&data.snapshot);
    let mut failures = Vec::new();
    for (done, place) in siblings.iter().map(|index| index.0 as usize).enumerate() {
        told(done);
        // Drawn each time: a comparison is a long step.
        turn.pass().await;
        if cancel.wished() {
            break;
        }
        let mut compare = |snapshot: &Opened| comparing.add(snapshot);
        if let Some(sibling) = fleet.loaded.get(&place) {
            compare(&sibling.snapshot);
            continue;
        }
        let Some(slot) = fleet.slots.get(place) else { continue };
        match load_bundle(slot.input.clone(), cancel, &Callback::noop()).await {
            Ok(Some(bundle)) => compare(&bundle.snapshot),
            Ok(None) => break,
            Err(message) => failures.push(format!("{}: {message}", slot.input.name())),
        }
    }
    if cancel.abandoned() {
        return None;
    }
    let compared = comparing.compared();
    Some(Siblings { one, differences: comparing.finish(), compared, siblings: siblings.len(), failures })
}
