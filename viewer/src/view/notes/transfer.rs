//! Notes as a file: out of the page, and into it.

use crate::format::clip;
use crate::state::{Notebook, use_data, use_fleet, use_notebook};
use crate::ui::banner::{Tone, banner};
use crate::ui::save::{file_name, save};
use crate::view::findings::read;
use procglass_notes::Section;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The buttons, and what came of them.
#[component]
pub(super) fn Transfer() -> Html {
    let (data, book, fleet) = (use_data(), use_notebook(), use_fleet());
    let (Some(data), Some(book)) = (data, book) else { return Html::default() };
    let known: Vec<String> = fleet.slots.iter().map(|slot| slot.sha256.clone()).collect();
    let onexport = {
        let (book, known, host) = (book.clone(), known.clone(), data.snapshot.host_name());
        Callback::from(move |_: MouseEvent| {
            if save(&file_name(&[&host, "notes"], "json"), "application/json", book.export(&known).as_bytes())
            {
                book.saved();
            }
        })
    };
    let onchange = {
        let (book, data) = (book.clone(), data.clone());
        Callback::from(move |event: Event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) {
                let (book, data, known) = (book.clone(), data.clone(), known.clone());
                read(file.into(), Callback::from(move |text: String| book.import(&data, &known, &text)));
            }
        })
    };
    let answer = |takes: bool| {
        let (book, data) = (book.clone(), data.clone());
        Callback::from(move |_: MouseEvent| book.answer(&data, takes))
    };
    let line = |section: &Section| {
        let text = |text: &str| clip(text.as_bytes(), 120).into_owned();
        html! { <li>{ format!("{} of {}, SHA-256 {}: {} of its {} notes are on things that this bundle has too.", text(&section.name), text(&section.system),
        text(&section.sha256), Notebook::fitting(&data, section), section.len()) }</li> }
    };
    let waiting = book.waiting();
    html! {
        <div class="transfer">
            <p class="inline"><button type="button" onclick={onexport} disabled={data.snapshot.notes().section.is_empty()} data-testid="notes-export">{ "Export as JSON" }</button>
                <label class="quiet">{ "import, or drop a file here " }<input type="file" accept=".json,application/json" {onchange} data-testid="notes-import" /></label>
                <span class="note" role="status" data-testid="notes-said">{ book.said() }</span></p>
            if !waiting.is_empty() {
                { banner(Tone::Warning, html! { <div data-testid="notes-other"><p><strong>{ "These notes are for another bundle." }</strong></p>
                    <ul>{ for waiting.iter().take(5).map(line) }</ul>
                    <p class="inline"><button type="button" onclick={answer(true)} data-testid="notes-take">{ "Import them all the same" }</button>
                        <button type="button" onclick={answer(false)}>{ "Leave them" }</button></p></div> }) }
            }
        </div>
    }
}
