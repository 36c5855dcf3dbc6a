//! The reader's own indicators: a list to paste or to choose, and what of it is here.

use crate::format::plural;
use crate::state::{Actions, Data};
use procglass_findings::{Indicators, Severity};
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// The folded section.
#[component]
pub(super) fn OwnList() -> Html {
    let field = use_node_ref();
    let said = use_state_eq(String::new);
    let actions = use_context::<Actions>();
    let look = {
        let (said, actions) = (said.setter(), actions);
        Callback::from(move |text: String| {
            let indicators = Indicators::parse(&text);
            said.set(match indicators.list.len() {
                0 => "There is no indicator in this. Write one a line: an address, a network, a SHA-256, a path or a name.".to_owned(),
                count => format!("Looked for {}. What matches is marked on every page, and is found by finding:indicator.", plural(count, "indicator", "indicators")),
            });
            if let Some(actions) = actions.as_ref().filter(|_| !indicators.is_empty()) {
                actions.look.emit(Rc::new(indicators));
            }
        })
    };
    let onclick = {
        let (field, look) = (field.clone(), look.clone());
        Callback::from(move |_: MouseEvent| {
            let text = field.cast::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default();
            look.emit(text);
        })
    };
    let onchange = {
        Callback::from(move |event: Event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) {
                read(file.into(), look.clone());
            }
        })
    };
    html! {
        <details class="fold own-list" data-testid="own-list"><summary>{ "Match against an indicator list: addresses, networks, hashes, paths, names" }</summary>
            <label class="paste-label" for="own-list-text">{ "One a line; in CSV the first column counts, and the rest is kept as a note" }</label>
            <textarea id="own-list-text" ref={field} rows="4" spellcheck="false" autocomplete="off" data-testid="own-list-text" placeholder="203.0.113.7,what is known of it" />
            <p class="inline"><button type="button" {onclick} data-testid="own-list-look">{ "Look" }</button>
                <label class="quiet">{ "or choose a file " }<input type="file" accept=".txt,.csv,text/*" {onchange} data-testid="own-list-file" /></label>
                <span class="note" role="status" data-testid="own-list-said">{ &*said }</span></p>
        </details>
    }
}

/// Reads a text file and hands its text on.
pub(crate) fn read(file: Blob, then: Callback<String>) {
    wasm_bindgen_futures::spawn_local(async move {
        let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
        then.emit(text.unwrap_or_default());
    });
}

/// How many processes match the reader's list.
pub(super) fn matches(data: &Data) -> usize {
    let all = data.snapshot.findings_if_ready().map_or(&[][..], |findings| &findings.all);
    all.iter().filter(|finding| finding.rule.id == "indicator" && finding.severity > Severity::Note).count()
}
