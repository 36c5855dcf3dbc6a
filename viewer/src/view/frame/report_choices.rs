//! What is to be left out of a report.

use super::protect::{Protect, Typed};
use crate::format::plural;
use crate::ui::dialog::Dialog;
use procglass_report::TooLarge;
use procglass_report::redact::{CHOICES, Choice, Choices};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`ReportChoices`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) onclose: Callback<()>,
    /// Takes what to leave out, and the passphrase if there is to be one.
    pub(super) onsave: Callback<(Choices, Option<String>)>,
    /// Bytes of what was opened.
    pub(super) bytes: usize,
    /// How many notes go along.
    pub(super) notes: usize,
}

/// The dialog.
#[component]
pub(super) fn ReportChoices(props: &Props) -> Html {
    let (choices, typed) = (use_state_eq(Choices::default), use_state_eq(Typed::default));
    let row = |choice: Choice| {
        let onchange = {
            let choices = choices.clone();
            Callback::from(move |event: Event| {
                if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                    choices.set(choices.with(choice, field.checked()));
                }
            })
        };
        let word = choice.word();
        let id = format!("leave-out-{word}");
        html! {
            <div class="choice"><input type="checkbox" id={id.clone()} checked={choices.has(choice)} {onchange} aria-describedby={format!("{id}-why")} data-testid={id.clone()} />
                <label for={id.clone()}>{ word }</label><span class="note" id={format!("{id}-why")}>{ choice.sentence() }</span></div>
        }
    };
    let onsave = {
        let (choices, typed, onsave) = (choices.clone(), typed.clone(), props.onsave.clone());
        Callback::from(move |_: MouseEvent| {
            if let Ok(passphrase) = typed.passphrase() {
                onsave.emit((*choices, passphrase));
            }
        })
    };
    let ontyped = {
        let typed = typed.setter();
        Callback::from(move |new| typed.set(new))
    };
    let large = TooLarge::check(props.bytes, false).err().filter(|_| choices.is_empty());
    let word = match (choices.is_empty(), typed.passphrase(), large) {
        (_, Ok(Some(_)) | Err(_), None) => "Encrypt and save",
        (_, Ok(Some(_)) | Err(_), Some(_)) => "Encrypt and save it all the same",
        (true, Ok(None), None) => "Save with everything",
        (true, Ok(None), Some(_)) => "Save it all the same",
        (false, Ok(None), _) => "Save without these",
    };
    let waits = typed.passphrase().is_err() || large.is_some_and(|large| !large.is_possible());
    let notes = match props.notes {
        0 => Html::default(),
        number => {
            html! { <p class="note">{ format!("{} too. What is left out gets the same substitutes in their texts; what else they tell is for you to judge.", plural(number, "note goes along", "notes go along")) }</p> }
        }
    };
    let onclose = props.onclose.reform(|_: MouseEvent| ());
    html! {
        <Dialog title="Save a report" onclose={props.onclose.clone()} testid="report-choices">
            <p>{ "One HTML file with this viewer and the evidence. Tick what whoever gets it need not see: it is taken out of the file for good, and the same value gets the same substitute everywhere." }</p>
            <fieldset><legend>{ "Leave out" }</legend>{ for CHOICES.into_iter().map(row) }</fieldset>
            <Protect typed={(*typed).clone()} {ontyped} />
            <p class="note">{ "What programs hid in other values, or wrote in another form, cannot be found: look through the report before you send it." }</p>
            { notes }
            if let Some(large) = large { <p class="missing" role="alert" data-testid="too-large">{ format!("{large}.") }</p> }
            <p class="dialog-foot"><button type="button" class="primary" disabled={waits} onclick={onsave} data-testid="save-report">{ word }</button>
                <button type="button" onclick={onclose}>{ "Cancel" }</button></p>
        </Dialog>
    }
}
