//! The application: what is opened, and which of the few big states it is in.

use crate::desk::{Desk, Stage, Work, bring, open_all};
use crate::load::logs::sort;
use crate::load::many;
use crate::load::{Cancel, Input, Opener, Progress, embedded, release};
use crate::state::{Actions, Data, Fleet, Logs, Notes, Route, Router, SYSTEM, use_go, use_here};
use crate::ui::dom::set_stage;
use crate::view::{Failed, Frame, Loading, Start, Unlock};
use procglass_findings::Indicators;
use procglass_logs::Options;
use std::rc::Rc;
use yew::prelude::*;

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
    let complete = use_callback((), {
        let desk = desk.clone();
        move |(), ()| desk.complete()
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
                <ContextProvider<Actions> context={Actions { open, look, want, complete }}>
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
