//! Help: the keys and the words of the filter.

use crate::ui::dom::focus;
use crate::ui::icon::Icon;
use crate::view::glossary::WORDS;
use procglass_query::{FIELDS, FLAGS};
use web_sys::Element;
use yew::prelude::*;

const KEYS: &[(&str, &str)] = &[
    ("/", "go to the filter"),
    ("Ctrl K", "search everything, and commands"),
    ("Esc", "clear the filter, close this"),
    ("[ and ]", "back and forward"),
    ("↑ ↓ Home End PgUp PgDn", "move in a table"),
    ("Shift or Ctrl, with arrows or clicks", "select several rows; Ctrl A all, Esc none"),
    ("Ctrl C", "copy the selected rows"),
    ("← →", "collapse, expand; to the parent, to the first child"),
    ("*", "expand everything below"),
    ("Enter", "open the page of the selected process"),
    ("letters", "jump to the next name that begins so"),
    ("?", "this help"),
];

/// Properties of [`Help`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) onclose: Callback<()>,
}

/// A panel over the page.
#[component]
pub(super) fn Help(props: &Props) -> Html {
    let close = use_node_ref();
    use_effect_with((), {
        let close = close.clone();
        move |()| {
            if let Some(button) = close.cast::<Element>() {
                focus(&button);
            }
        }
    });
    let onclick = props.onclose.reform(|_: MouseEvent| ());
    html! {
        <div class="help" role="dialog" aria-modal="true" aria-labelledby="help-title" data-testid="help">
            <div class="help-head"><h2 id="help-title">{ "Keys and filters" }</h2>
                <button ref={close} type="button" class="quiet" {onclick} aria-label="close">{ Icon::Close.html() }</button></div>
            <dl class="facts keys">{ for KEYS.iter().map(|(key, what)| html! { <><dt><kbd>{ *key }</kbd></dt><dd>{ *what }</dd></> }) }</dl>
            <h3>{ "Filter" }</h3>
            <p>{ "Words must all be found: in names, pids, users, arguments, paths and addresses. A minus before a word excludes it, \
                 \"or\" between words means either, quotes keep words together, * and ? stand for any characters. \
                 A field before a colon looks in one place only." }</p>
            <dl class="facts words">{ for FIELDS.iter().map(|field| html! { <><dt><code>{ field.example }</code></dt><dd>{ field.why }</dd></> }) }</dl>
            <h3>{ "Properties" }</h3>
            <dl class="facts words">{ for FLAGS.iter().map(|flag| html! { <><dt><code>{ format!("is:{}", flag.name) }</code></dt><dd>{ flag.why }</dd></> }) }</dl>
            <h3>{ "Words" }</h3>
            <dl class="facts words">{ for WORDS.iter().map(|(word, why)| html! { <><dt>{ *word }</dt><dd>{ *why }</dd></> }) }</dl>
        </div>
    }
}
