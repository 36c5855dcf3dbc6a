//! The filter: one box for all pages, with what is wrong in it said right below.

use crate::state::{QUERY, Route, use_go, use_here};
use crate::ui::icon::Icon;
use crate::ui::timer::Later;
use crate::view::{page_of, processes};
use procglass_model::query::{Filter, FilterError};
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Id of the field, for the `/` key.
pub(super) const ID: &str = "filter";

/// The box.
#[component]
pub(super) fn FilterBox() -> Html {
    let (here, go) = (use_here(), use_go());
    let typed = use_state_eq(|| here.query().to_owned());
    let later = use_memo((), |()| Later::default());
    // The place may change without typing: by a link, or by going back.
    use_effect_with(here.query().to_owned(), {
        let typed = typed.setter();
        move |query| typed.set(query.clone())
    });
    // Whoever has gone to another page meanwhile is not taken back by what was typed before.
    use_effect_with((here.page.clone(), here.id.clone()), {
        let later = later.clone();
        move |_| later.off()
    });
    let latest = use_mut_ref(|| here.clone());
    latest.replace(here.clone());
    let send = {
        let (go, latest) = (go, latest);
        Rc::new(move |text: &str| go.replace(searched(&latest.borrow(), text)))
    };
    let oninput = {
        let (typed, later, send) = (typed.setter(), later.clone(), send.clone());
        Callback::from(move |event: InputEvent| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            let text = field.map(|field| field.value()).unwrap_or_default();
            typed.set(text.clone());
            let send = send.clone();
            later.call(90, move || send(&text));
        })
    };
    let onkeydown = {
        let (typed, later, send) = (typed.clone(), later, send.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => {
                later.off();
                send(&typed);
            }
            "Escape" if !typed.is_empty() => {
                later.off();
                typed.set(String::new());
                send("");
            }
            "Escape" => blur(&event),
            _ => {}
        })
    };
    let clear = {
        let (typed, send) = (typed.setter(), send);
        Callback::from(move |_: MouseEvent| {
            typed.set(String::new());
            send("");
        })
    };
    let error = Filter::parse(&typed).err();
    html! {
        <search class="filter">
            <div class={classes!("filter-field", error.is_some().then_some("wrong"))}>
                { Icon::Search.html() }
                <input id={ID} data-testid="filter" type="text" autocomplete="off" spellcheck="false" autocapitalize="off"
                    placeholder="filter: name, pid, address, path, or user:root is:deleted" aria-label="Filter"
                    aria-invalid={error.is_some().to_string()} aria-describedby="filter-error" value={(*typed).clone()} {oninput} {onkeydown} />
                if typed.is_empty() {
                    <kbd aria-hidden="true">{ "/" }</kbd>
                } else {
                    <button type="button" class="quiet" aria-label="clear the filter" data-testid="filter-clear" onclick={clear}>{ Icon::Close.html() }</button>
                }
            </div>
            <div id="filter-error" role="status">{ error.map(|error| complaint(&typed, &error)).unwrap_or_default() }</div>
        </search>
    }
}

/// Pages without rows lead to the processes as soon as something is looked for.
fn searched(here: &Route, text: &str) -> Route {
    let has_rows = page_of(here).is_some_and(|page| page.count.is_some()) && here.id.is_empty();
    if has_rows || text.is_empty() {
        here.clone().with(QUERY, text)
    } else {
        here.going(Route::to(processes::PAGE.name)).with(QUERY, text)
    }
}

fn blur(event: &KeyboardEvent) {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field {
        let _ = field.blur();
    }
}

/// The message with the offending word in it.
fn complaint(query: &str, error: &FilterError) -> Html {
    let word = query.get(error.at.clone()).unwrap_or_default();
    html! {
        <p class="complaint" data-testid="filter-error">
            if !word.is_empty() { <mark>{ word.to_owned() }</mark> }
            { format!(" at character {}: {}. The last filter that was understood stays in force.", error.at.start + 1, error.message) }
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_for_something_leads_to_rows() {
        let go = |from: &str, text: &str| searched(&Route::parse(from), text).hash();
        assert_eq!(go("#/", "ssh"), "#/processes?q=ssh");
        assert_eq!(go("#/process/7?tab=x", "ssh"), "#/processes?q=ssh");
        assert_eq!(go("#/network?q=s", "ssh"), "#/network?q=ssh");
        assert_eq!(go("#/?q=ssh", ""), "#/");
    }
}
