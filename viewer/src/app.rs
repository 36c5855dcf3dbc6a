//! The application: what is opened, and which of the few big states it is in.

use crate::load::{Cancel, Input, Progress, Turn, embedded, load, release, run_rules};
use crate::state::{Actions, Data, Router, SYSTEM, use_here};
use crate::ui::dom::set_stage;
use crate::view::{Failed, Frame, Loading, Start};
use procglass_model::finding::Indicators;
use std::rc::Rc;
use yew::prelude::*;

/// Where the opening of evidence stands.
#[derive(Clone, PartialEq)]
enum Stage {
    Empty,
    Loading(Progress, Cancel),
    Ready(Vec<Data>, Vec<String>),
    Failed(String),
}

impl Stage {
    fn word(&self) -> Option<&'static str> {
        match self {
            Self::Empty => Some("empty"),
            Self::Loading(..) => Some("loading"),
            Self::Ready(..) => None,
            Self::Failed(_) => Some("error"),
        }
    }
}

/// The root component.
#[component]
pub(crate) fn App() -> Html {
    html! { <Router><Opened /></Router> }
}

#[component]
fn Opened() -> Html {
    let stage = use_state(|| Stage::Empty);
    let here = use_here();
    // The work at hand. What was opened before goes on checking until something else is opened.
    let work = use_mut_ref(Cancel::default);
    let open = use_callback((), {
        let (set, work) = (stage.setter(), work.clone());
        move |inputs: Vec<Input>, ()| {
            let cancel = Cancel::default();
            work.replace(cancel.clone()).cancel();
            start(inputs, cancel, set.clone());
        }
    });
    let look = use_callback(stage.clone(), {
        let work = work.clone();
        move |indicators: Rc<Indicators>, stage: &UseStateHandle<Stage>| {
            if let Stage::Ready(systems, failures) = &**stage {
                let cancel = Cancel::default();
                work.replace(cancel.clone()).cancel();
                let (systems, failures, set) = (systems.clone(), failures.clone(), stage.setter());
                wasm_bindgen_futures::spawn_local(check(systems, failures, indicators, cancel, set));
            }
        }
    });
    let close = use_callback((), {
        let set = stage.setter();
        move |(), ()| {
            work.borrow().cancel();
            set.set(Stage::Empty);
        }
    });
    use_effect_with((), {
        let (open, set) = (open.clone(), stage.setter());
        move |()| match embedded() {
            Ok(inputs) if inputs.is_empty() => {}
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
        Stage::Failed(message) => html! { <Failed message={message.clone()} {open} /> },
        Stage::Ready(systems, failures) => {
            let wanted = here.param(SYSTEM).parse().unwrap_or(0_usize);
            match systems.get(wanted).or(systems.first()) {
                Some(data) => html! {
                    <ContextProvider<Actions> context={Actions { open, look }}>
                        <ContextProvider<Data> context={data.clone()}>
                            <Frame systems={systems.clone()} failures={failures.clone()} onclose={close} />
                        </ContextProvider<Data>>
                    </ContextProvider<Actions>>
                },
                None => html! { <Start {open} /> },
            }
        }
    }
}

/// Loads one bundle after the other. The first that fails ends it, with what came before kept.
fn start(inputs: Vec<Input>, cancel: Cancel, set: UseStateSetter<Stage>) {
    // Also drops what was opened before, so that two bundles are not in memory at once.
    set.set(Stage::Loading(Progress::default(), cancel.clone()));
    wasm_bindgen_futures::spawn_local(async move {
        let mut systems = Vec::new();
        let mut failures = Vec::new();
        for input in inputs {
            let name = input.name();
            let report = {
                let (set, cancel) = (set.clone(), cancel.clone());
                Callback::from(move |progress| set.set(Stage::Loading(progress, cancel.clone())))
            };
            match load(input, &cancel, &report).await {
                Ok(Some(data)) => systems.push(data),
                Ok(None) => return set.set(Stage::Empty),
                Err(message) => failures.push(format!("{name}: {message}")),
            }
        }
        if systems.is_empty() {
            return set.set(Stage::Failed(failures.join("\n")));
        }
        set.set(Stage::Ready(systems.clone(), failures.clone()));
        Turn::new().pass().await;
        check(systems, failures, Rc::default(), cancel, set).await;
    });
}

/// Runs the rules over every system. People look around meanwhile; findings appear when they are there.
async fn check(
    mut systems: Vec<Data>,
    failures: Vec<String>,
    indicators: Rc<Indicators>,
    cancel: Cancel,
    set: UseStateSetter<Stage>,
) {
    for at in 0..systems.len() {
        let Some(system) = systems.get_mut(at) else { break };
        if !run_rules(system, &indicators, &cancel).await {
            return;
        }
        *system = system.checked();
        set.set(Stage::Ready(systems.clone(), failures.clone()));
    }
}
