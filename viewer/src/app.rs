//! The application: what is opened, and which of the few big states it is in.

use crate::load::logs::{self, sort};
use crate::load::many::{self, Watch};
use crate::load::{Cancel, Input, Locked, Opener, Progress, embedded, load, release};
use crate::state::{
    Actions, Correlated, Data, Fleet, Log, Logs, Notes, Reading, Route, Router, SYSTEM, use_go, use_here,
};
use crate::ui::dom::set_stage;
use crate::view::{Failed, Frame, Loading, Start, Unlock};
use procglass_model::finding::Indicators;
use procglass_model::flow::Options;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// Where the opening of evidence stands.
#[derive(Clone, PartialEq)]
enum Stage {
    Empty,
    Loading(Progress, Cancel),
    Locked(Locked, Cancel),
    Ready(Fleet),
    Failed(String),
}

impl Stage {
    fn word(&self) -> Option<&'static str> {
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
struct Desk {
    set: UseStateSetter<Stage>,
    /// What is open now, whatever was rendered last.
    fleet: Rc<RefCell<Fleet>>,
    /// Every log, and what they say.
    logs: Rc<RefCell<Vec<Log>>>,
    found: UseStateSetter<(Option<Rc<Correlated>>, Option<Reading>)>,
    /// The reading of logs at hand.
    reading: Rc<RefCell<Cancel>>,
    /// The work at hand. What was opened before goes on checking until something else is opened.
    cancel: Rc<RefCell<Cancel>>,
}

impl Desk {
    /// Ends the work at hand, and begins another.
    fn begin(&self) -> Cancel {
        let cancel = Cancel::default();
        self.cancel.replace(cancel.clone()).cancel();
        cancel
    }

    /// Puts logs beside those that are there.
    fn add_logs(&self, inputs: Vec<Input>) {
        let reference =
            self.fleet.borrow().register.systems().iter().filter_map(|system| system.captured).max();
        let options = Options { reference, ..Options::default() };
        let logs = inputs.into_iter().map(|input| Log { input, options: options.clone() });
        self.logs.borrow_mut().extend(logs);
    }

    /// Reads every log, again where some were read before: for other systems, or in another format.
    fn read_logs(&self) {
        let cancel = Cancel::default();
        self.reading.replace(cancel.clone()).cancel();
        let (logs, register) = (self.logs.borrow().clone(), Rc::clone(&self.fleet.borrow().register));
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

    fn show(&self, fleet: Fleet) {
        self.fleet.replace(fleet.clone());
        self.set.set(Stage::Ready(fleet));
    }
}

/// Reports to the desk while this work is the one at hand.
#[derive(Clone)]
struct Work(Desk, Cancel);

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

/// The root component.
#[component]
pub(crate) fn App() -> Html {
    html! { <Router><Notes><Opened /></Notes></Router> }
}

#[component]
fn Opened() -> Html {
    let stage = use_state(|| Stage::Empty);
    let (here, go) = (use_here(), use_go());
    let found = use_state(|| (None, None));
    let desk = use_memo((), |()| Desk {
        set: stage.setter(),
        fleet: Rc::default(),
        logs: Rc::default(),
        found: found.setter(),
        reading: Rc::default(),
        cancel: Rc::default(),
    });
    let latest = use_mut_ref(|| here.clone());
    latest.replace(here.clone());
    let open = use_callback((), {
        let desk = desk.clone();
        move |inputs: Vec<Input>, ()| {
            let (desk, go, latest) = ((*desk).clone(), go.clone(), latest.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let (bundles, logs) = sort(inputs).await;
                let told = !logs.is_empty();
                let last = desk.clone();
                if bundles.is_empty() && desk.fleet.borrow().slots.is_empty() {
                    let message = "This is a log. Open the bundles first whose systems it may speak of, or drop both together.";
                    return desk.set.set(Stage::Failed(message.to_owned()));
                }
                desk.add_logs(logs);
                if bundles.is_empty() {
                    desk.read_logs();
                    return go.to(latest.borrow().going(Route::to("logs")));
                }
                let place = open_all(desk, bundles).await;
                if !last.logs.borrow().is_empty() {
                    last.read_logs();
                }
                if told {
                    go.to(latest.borrow().going(Route::to("logs")));
                } else if let Some(place) = place {
                    // What was added is what somebody wants to see.
                    if place > 0 {
                        let route = Route::to("").with(SYSTEM, &place.to_string());
                        go.to(latest.borrow().going(route));
                    }
                }
            });
        }
    });
    let want = use_callback((), {
        let desk = desk.clone();
        move |place: usize, ()| {
            wasm_bindgen_futures::spawn_local(bring((*desk).clone(), place));
        }
    });
    let look = use_callback((), {
        let desk = desk.clone();
        move |indicators: Rc<Indicators>, ()| {
            let (desk, cancel) = ((*desk).clone(), desk.begin());
            wasm_bindgen_futures::spawn_local(async move {
                let fleet = desk.fleet.borrow().clone();
                many::check(&fleet, &indicators, true, &cancel, &Work(desk, cancel.clone())).await;
            });
        }
    });
    let correct = use_callback((), {
        let desk = desk.clone();
        move |(place, options): (usize, Options), ()| {
            if let Some(log) = desk.logs.borrow_mut().get_mut(place) {
                log.options = options;
            }
            desk.read_logs();
        }
    });
    let clear = use_callback((), {
        let desk = desk.clone();
        move |(), ()| {
            desk.logs.take();
            desk.read_logs();
        }
    });
    let stop = use_callback((), {
        let desk = desk.clone();
        move |(), ()| desk.reading.borrow().cancel()
    });
    let close = use_callback((), move |(), ()| {
        desk.begin();
        desk.fleet.take();
        desk.logs.take();
        desk.read_logs();
        desk.set.set(Stage::Empty);
    });
    use_effect_with((), {
        let (open, set) = (open.clone(), stage.setter());
        move |()| match embedded() {
            Ok(inputs) if inputs.is_empty() => {
                if let Some(opener) = Opener::of_page() {
                    ask_host(opener, open, set);
                }
            }
            Ok(inputs) => {
                release();
                open.emit(inputs);
            }
            Err(message) => set.set(Stage::Failed(message)),
        }
    });
    use_effect_with(stage.word(), |word| {
        // "ready" is said when it can be seen, by the frame.
        if let Some(word) = word {
            set_stage(word);
        }
    });
    match &*stage {
        Stage::Empty => html! { <Start {open} /> },
        Stage::Loading(progress, cancel) => {
            let cancel = cancel.clone();
            let oncancel = Callback::from(move |()| cancel.cancel());
            html! { <Loading progress={progress.clone()} {oncancel} /> }
        }
        Stage::Locked(locked, cancel) => {
            let cancel = cancel.clone();
            let oncancel = Callback::from(move |()| cancel.cancel());
            html! { <Unlock locked={locked.clone()} {oncancel} /> }
        }
        Stage::Failed(message) => html! { <Failed message={message.clone()} {open} /> },
        Stage::Ready(fleet) => {
            let wanted =
                here.param(SYSTEM).parse().unwrap_or(0_usize).min(fleet.slots.len().saturating_sub(1));
            let (read, reading) = (*found).clone();
            let logs = Logs { found: read, reading, correct, clear, stop };
            html! {
                <ContextProvider<Actions> context={Actions { open, look, want }}>
                    <ContextProvider<Fleet> context={fleet.clone()}>
                        <ContextProvider<Logs> context={logs}><Shown place={wanted} onclose={close} /></ContextProvider<Logs>>
                    </ContextProvider<Fleet>>
                </ContextProvider<Actions>>
            }
        }
    }
}

/// Opens what the address names, if the host allows it.
fn ask_host(opener: Opener, open: Callback<Vec<Input>>, set: UseStateSetter<Stage>) {
    wasm_bindgen_futures::spawn_local(async move {
        let cancel = Cancel::default();
        let tell = {
            let (set, cancel) = (set.clone(), cancel.clone());
            move |progress| set.set(Stage::Loading(progress, cancel.clone()))
        };
        match opener.open(&cancel, tell).await {
            Ok(inputs) if inputs.is_empty() => set.set(Stage::Empty),
            Ok(inputs) => open.emit(inputs),
            Err(message) => set.set(Stage::Failed(message)),
        }
    });
}

/// Properties of [`Shown`].
#[derive(Properties, PartialEq)]
struct ShownProps {
    place: usize,
    onclose: Callback<()>,
}

/// The frame around one of the systems, once it is in memory.
#[component]
fn Shown(props: &ShownProps) -> Html {
    let fleet = crate::state::use_fleet();
    let actions = use_context::<Actions>();
    let data = fleet.loaded.get(&props.place).cloned();
    // The one before stays on the screen while another is read again.
    let last = use_mut_ref(|| None::<Data>);
    use_effect_with((props.place, data.is_none()), move |(place, missing)| {
        if let Some(actions) = actions.filter(|_| *missing) {
            actions.want.emit(*place);
        }
    });
    let shown = data.or_else(|| last.borrow().clone());
    last.replace(shown.clone());
    let notebook = crate::state::use_notebook();
    let shown = match notebook {
        Some(notebook) => shown.map(|data| data.with_notes(&notebook)),
        None => shown,
    };
    match shown {
        Some(data) => html! {
            <ContextProvider<Data> context={data}><Frame onclose={props.onclose.clone()} /></ContextProvider<Data>>
        },
        None => html! { <Loading progress={Progress::default()} oncancel={props.onclose.clone()} /> },
    }
}

/// Opens bundles beside what is open; gives the place of the last, where there are several now.
async fn open_all(desk: Desk, inputs: Vec<Input>) -> Option<usize> {
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
async fn bring(desk: Desk, place: usize) {
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
