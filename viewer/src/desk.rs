//! What is open, and the work on it: opening, reading again, reading logs. It outlives a rendering.

use crate::load::logs;
use crate::load::many::{self, Watch};
use crate::load::{Cancel, Input, Locked, Progress, load};
use crate::state::{Correlated, Fleet, Log, Reading};
use procglass_findings::Indicators;
use procglass_logs::Options;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// Where the opening of evidence stands.
#[derive(Clone, PartialEq)]
pub(crate) enum Stage {
    Empty,
    Loading(Progress, Cancel),
    Locked(Locked, Cancel),
    Ready(Fleet),
    Failed(String),
}

impl Stage {
    pub(crate) fn word(&self) -> Option<&'static str> {
        match self {
            Self::Empty => Some("empty"),
            Self::Loading(..) => Some("loading"),
            Self::Locked(..) => Some("locked"),
            Self::Ready(..) => None,
            Self::Failed(_) => Some("error"),
        }
    }
}

/// The stage, and what work that outlives a rendering must know of it.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) set: UseStateSetter<Stage>,
    /// What is open now, whatever was rendered last.
    pub(crate) fleet: Rc<RefCell<Fleet>>,
    /// Every log, and what they say.
    pub(crate) logs: Rc<RefCell<Vec<Log>>>,
    pub(crate) found: UseStateSetter<(Option<Rc<Correlated>>, Option<Reading>)>,
    /// The reading of logs at hand.
    pub(crate) reading: Rc<RefCell<Cancel>>,
    /// The work at hand. What was opened before goes on checking until something else is opened.
    pub(crate) cancel: Rc<RefCell<Cancel>>,
}

impl Desk {
    /// Ends the work at hand, and begins another.
    pub(crate) fn begin(&self) -> Cancel {
        let cancel = Cancel::default();
        self.cancel.replace(cancel.clone()).cancel();
        cancel
    }

    /// Puts logs beside those that are there.
    pub(crate) fn add_logs(&self, inputs: Vec<Input>) {
        let logs = inputs.into_iter().map(|input| Log { input, options: Options::default() });
        self.logs.borrow_mut().extend(logs);
    }

    /// Looks through a bundle that was opened alone, for questions that need more of it than its name.
    pub(crate) fn complete(&self) {
        let fleet = self.fleet.borrow().clone();
        if !fleet.complete && !fleet.slots.is_empty() {
            let mut systems = fleet.to_systems();
            many::complete(&mut systems);
            self.show(systems.into());
        }
    }

    /// Reads every log, again where some were read before: for other systems, or in another format.
    pub(crate) fn read_logs(&self) {
        let cancel = Cancel::default();
        self.reading.replace(cancel.clone()).cancel();
        if !self.logs.borrow().is_empty() {
            self.complete();
        }
        let register = Rc::clone(&self.fleet.borrow().register);
        // Known now, and not yet when a log was dropped together with its bundles.
        let logs = logs::dated(self.logs.borrow().clone(), register.systems());
        if logs.is_empty() || register.systems().is_empty() {
            return self.found.set((None, None));
        }
        let desk = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let told = |reading| {
                if *desk.reading.borrow() == cancel {
                    desk.found.set((None, Some(reading)));
                }
            };
            told(Reading::default());
            let found = logs::read(register, logs, &cancel, &told).await;
            if *desk.reading.borrow() == cancel {
                desk.found.set((Some(Rc::new(found)), None));
            }
        });
    }

    pub(crate) fn show(&self, fleet: Fleet) {
        self.fleet.replace(fleet.clone());
        self.set.set(Stage::Ready(fleet));
    }
}

/// Reports to the desk while this work is the one at hand.
#[derive(Clone)]
pub(crate) struct Work(pub(crate) Desk, pub(crate) Cancel);

impl Watch for Work {
    fn progress(&self, progress: Progress) {
        self.0.set.set(Stage::Loading(progress, self.1.clone()));
    }

    fn locked(&self, locked: Locked) {
        self.0.set.set(Stage::Locked(locked, self.1.clone()));
    }

    fn ready(&self, fleet: Fleet) {
        if *self.0.cancel.borrow() == self.1 {
            self.0.show(fleet);
        }
    }
}

/// Opens bundles beside what is open; gives the place of the last, where there are several now.
pub(crate) async fn open_all(desk: Desk, inputs: Vec<Input>) -> Option<usize> {
    let cancel = desk.begin();
    let before = desk.fleet.borrow().clone();
    let work = Work(desk.clone(), cancel.clone());
    let count = inputs.len();
    work.progress(Progress { file: (1, count), ..Progress::default() });
    let known = before.failures.len();
    let (systems, last) = many::open(before.to_systems(), inputs, &cancel, &work).await;
    if systems.slots.is_empty() {
        desk.set.set(match systems.failures.get(known..).unwrap_or_default() {
            [] => Stage::Empty,
            failures => Stage::Failed(failures.join("\n")),
        });
        return None;
    }
    let added = systems.slots.len() > before.slots.len();
    let fleet = Fleet::from(systems);
    desk.show(fleet.clone());
    let check = desk.begin();
    let watch = Work(desk, check.clone());
    wasm_bindgen_futures::spawn_local(async move {
        many::check(&fleet, &Indicators::default(), false, &check, &watch).await;
    });
    last.filter(|_| added && count == 1)
}

/// Reads a bundle again that is open but not in memory.
pub(crate) async fn bring(desk: Desk, place: usize) {
    let Some(input) = desk.fleet.borrow().slots.get(place).map(|slot| slot.input.clone()) else { return };
    let read = load(input, &Cancel::default(), &Callback::noop()).await;
    let mut systems = desk.fleet.borrow().to_systems();
    match read {
        Ok(Some(data)) => systems.keep(place, data),
        Ok(None) => return,
        Err(message) => systems.failures.push(message),
    }
    let fleet = Fleet::from(systems);
    desk.show(fleet.clone());
    let check = desk.begin();
    let watch = Work(desk, check.clone());
    many::check(&fleet, &Indicators::default(), false, &check, &watch).await;
}
