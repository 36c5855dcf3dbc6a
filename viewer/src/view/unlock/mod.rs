//! The lock page: a bundle or this report is encrypted, and takes a key.

mod busy;

use crate::load::{Input, Key, Locked};
use crate::ui::banner::{Tone, banner};
use crate::ui::dom::{document, focus};
use crate::ui::icon::Icon;
use crate::view::start::drop_anywhere;
use busy::Busy;
use procglass_age::Lock;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlInputElement};
use yew::prelude::*;

/// Properties of [`Unlock`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is locked, and how the last attempt went.
    pub(crate) locked: Locked,
    /// Gives up.
    pub(crate) oncancel: Callback<()>,
}

/// The page.
#[component]
pub(crate) fn Unlock(props: &Props) -> Html {
    let Locked { name, lock, wrong, busy, .. } = &props.locked;
    let onclick = props.oncancel.reform(|_: MouseEvent| ());
    html! {
        <main class="start unlock" data-testid="locked">
            <h1 class="mark">{ "procglass" }</h1>
            <p class="lead">{ match name {
                Some(name) => html! { <><bdi>{ name }</bdi>{ " is encrypted." }</> },
                None => html! { "This report about a Linux system is protected." },
            } }</p>
            if let Some(wrong) = wrong {
                { banner(Tone::Bad, html! { <p data-testid="unlock-wrong">{ wrong }</p> }) }
            }
            { match (busy, lock) {
                (Some(estimate), _) => html! { <Busy estimate={*estimate} /> },
                (None, Lock::Passphrase { .. }) => html! { <Passphrase locked={props.locked.clone()} /> },
                (None, Lock::Identity(recipients)) => html! { <Identities locked={props.locked.clone()} recipients={*recipients} /> },
            } }
            if name.is_some() {
                <p class="unlock-else"><button type="button" data-testid="unlock-cancel" {onclick}>{ "Open something else" }</button></p>
            }
            <p class="promise">{ Icon::Done.html() }<span>{ "It is decrypted in this page only: what you give stays here, nothing is sent and nothing is stored." }</span></p>
        </main>
    }
}

#[derive(Properties, PartialEq)]
struct PassphraseProps {
    locked: Locked,
}

/// The field for a passphrase.
#[component]
fn Passphrase(props: &PassphraseProps) -> Html {
    let (field, shown) = (use_node_ref(), use_state_eq(|| false));
    use_effect_with((), {
        let field = field.clone();
        move |()| {
            if let Some(field) = field.cast::<web_sys::Element>() {
                focus(&field);
            }
        }
    });
    let onsubmit = {
        let (field, answer) = (field.clone(), props.locked.answer.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = field.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
            if !text.is_empty() {
                answer.emit(Key::Passphrase(text.into()));
            }
        })
    };
    let onshow = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(!*shown))
    };
    html! {
        <form class="unlock-form" {onsubmit}>
            <label for="passphrase">{ "Passphrase" }</label>
            <div class="unlock-row">
                <input ref={field} id="passphrase" type={if *shown { "text" } else { "password" }} autocomplete="off" autocapitalize="off" spellcheck="false" data-testid="passphrase" />
                <button type="button" aria-pressed={shown.to_string()} onclick={onshow} data-testid="passphrase-show">{ "Show" }</button>
                <button type="submit" class="primary" data-testid="unlock">{ "Open" }</button>
            </div>
            <p class="note">{ "Whoever sent this file has it, and should have told you by another route." }</p>
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct IdentitiesProps {
    locked: Locked,
    recipients: usize,
}

/// The choice of an identity file.
#[component]
fn Identities(props: &IdentitiesProps) -> Html {
    let over = use_state_eq(|| false);
    let answer = props.locked.answer.clone();
    use_effect_with(answer.clone(), {
        let over = over.setter();
        move |answer: &Callback<Key>| {
            let over = Callback::from(move |on| over.set(on));
            let answer = answer.clone();
            let dropped = Callback::from(move |inputs: Vec<Input>| match inputs.into_iter().next() {
                Some(Input::File(file)) => read(file.into(), answer.clone()),
                Some(Input::Text(text)) => answer.emit(Key::Identities(text.into())),
                _ => {}
            });
            let listeners = document().map(|document| drop_anywhere(&document, dropped, &over));
            move || drop(listeners)
        }
    });
    let onchange = Callback::from(move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let file = input.as_ref().and_then(|input| input.files()).and_then(|files| files.get(0));
        if let (Some(input), Some(file)) = (input, file) {
            read(file.into(), answer.clone());
            // The same file may be chosen again after it was mended.
            input.set_value("");
        }
    });
    let whose = match props.recipients {
        1 => "It is encrypted for one key.".to_owned(),
        many => format!("It is encrypted for {many} keys; one of them is enough."),
    };
    html! {
        <label class={classes!("drop", "small", over.then_some("over"))}>
            { Icon::Open.html() }
            <span class="drop-main">{ "Drop the identity file here, or choose it" }</span>
            <span class="drop-hint">{ whose }{ " The file was made by age-keygen: a line in it begins with AGE-SECRET-KEY-1." }</span>
            <input type="file" data-testid="identity-input" {onchange} />
        </label>
    }
}

/// Identity files are small; what is larger is something else.
const LIMIT: f64 = 1_048_576.0;

fn read(file: Blob, answer: Callback<Key>) {
    wasm_bindgen_futures::spawn_local(async move {
        let text = if file.size() > LIMIT { None } else { JsFuture::from(file.text()).await.ok() };
        // An empty text is said to hold no identity.
        let text = text.and_then(|text| text.as_string()).unwrap_or_default();
        answer.emit(Key::Identities(text.into()));
    });
}
