//! Saving: a report that anyone can open, and the bundle as it was opened.

use super::make_report::save_report;
use super::report_choices::ReportChoices;
use crate::state::{Data, Origin, use_fleet, use_notebook};
use crate::ui::dom::focus;
use crate::ui::menu::Menu;
use crate::ui::save::{save_blob, saved_words};
use crate::ui::timer::Later;
use crate::view::print::Paper;
use procglass_report::redact::Choices;
use web_sys::Element;
use yew::prelude::*;

/// Properties of [`Save`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) data: Data,
    pub(super) onprint: Callback<Paper>,
}

/// The menu.
#[component]
pub(super) fn Save(props: &Props) -> Html {
    let (said, asks, whole) = (use_state_eq(String::new), use_state_eq(|| false), use_node_ref());
    let (later, fleet) = (use_memo((), |()| Later::default()), use_fleet());
    let notebook = use_notebook();
    let bytes: usize = fleet.slots.iter().map(|slot| slot.bytes).sum();
    let say = {
        let (said, later) = (said.setter(), later);
        Callback::from(move |outcome: Result<String, String>| {
            said.set(outcome.unwrap_or_else(|message| message));
            let said = said.clone();
            later.call(20_000, move || said.set(String::new()));
        })
    };
    let onpick = {
        let (data, asks, say) = (props.data.clone(), asks.setter(), say.clone());
        let print = props.onprint.clone();
        Callback::from(move |what: AttrValue| match what.as_str() {
            "report" => asks.set(true),
            "print-summary" => print.emit(Paper::Summary),
            "print-full" => print.emit(Paper::Full),
            _ => say.emit(bundle(&data)),
        })
    };
    let onclose = {
        let (asks, whole) = (asks.setter(), whole.clone());
        Callback::from(move |()| {
            asks.set(false);
            let button =
                whole.cast::<Element>().and_then(|whole| whole.query_selector("button").ok().flatten());
            if let Some(button) = button {
                focus(&button);
            }
        })
    };
    let onsave = {
        let (said, close, book) = (said.setter(), onclose.clone(), notebook);
        Callback::from(move |(choices, passphrase): (Choices, Option<String>)| {
            close.emit(());
            said.set(
                match (choices.is_empty(), &passphrase) {
                    (false, _) => "taking out what was chosen…",
                    (true, Some(_)) => "encrypting…",
                    (true, None) => "saving…",
                }
                .to_owned(),
            );
            let (fleet, say, book) = (fleet.clone(), say.clone(), book.clone());
            wasm_bindgen_futures::spawn_local(async move {
                say.emit(save_report(&fleet, book.as_ref(), choices, passphrase).await);
            });
        })
    };
    let own = if props.data.snapshot.manifest.redacted.is_some() {
        "Save the bundle of this report, without what was left out"
    } else {
        "Save the original bundle, bit for bit"
    };
    let items: Vec<(AttrValue, AttrValue)> = vec![
        ("report".into(), "Save report…: one HTML file that anyone can open".into()),
        ("bundle".into(), own.into()),
        ("print-summary".into(), "Print the summary: at most two pages".into()),
        ("print-full".into(), "Print everything".into()),
    ];
    html! {
        <div ref={whole} class="saving"><Menu word="save, print" {items} {onpick} testid="save" /><span class="note" role="status" data-testid="saved">{ &*said }</span>
            if *asks { <ReportChoices {onclose} {onsave} {bytes} notes={props.data.snapshot.notes().section.len()} /> }
        </div>
    }
}

fn bundle(data: &Data) -> Result<String, String> {
    let Origin { name, original, .. } = &data.origin;
    let name = if name.is_empty() { "bundle.procglass.tar.gz" } else { name };
    let saved = original.as_ref().is_some_and(|original| save_blob(name, original));
    if saved { Ok(saved_words().to_owned()) } else { Err("the browser refused to save it".to_owned()) }
}
