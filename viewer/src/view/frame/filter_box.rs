//! The filter: one box for all pages, with what is wrong in it said right below.

use super::suggestions::{LIST, accepted, list, moved, option};
use crate::state::{Offers, QUERY, Route, use_data, use_go, use_here};
use crate::ui::icon::Icon;
use crate::ui::timer::Later;
use crate::view::{Page, TOGETHER, page_of, processes};
use procglass_query::{Completions, Filter, FilterError, complete};
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Id of the field, for the `/` key.
pub(super) const ID: &str = "filter";

/// The box.
#[component]
pub(super) fn FilterBox() -> Html {
    let (here, go, data) = (use_here(), use_go(), use_data());
    let of_page = use_context::<Offers>().unwrap_or_default();
    // What could come next, and which line of it is lit.
    let offers = use_state_eq(Completions::default);
    let chosen = use_state_eq(|| None::<usize>);
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
    let close = {
        let (offers, chosen) = (offers.setter(), chosen.setter());
        Rc::new(move || {
            offers.set(Completions::default());
            chosen.set(None);
        })
    };
    let accept = {
        let (typed, offers, later, send, close) =
            (typed.clone(), offers.clone(), later.clone(), send.clone(), close.clone());
        Callback::from(move |at: usize| {
            if let Some(text) = accepted(&typed, &offers, at) {
                typed.set(text.clone());
                close();
                later.off();
                // Half a term is no filter yet.
                if !text.ends_with(':') {
                    send(&text);
                }
            }
        })
    };
    let oninput = {
        let (typed, later, send) = (typed.setter(), later.clone(), send.clone());
        let (offers, chosen) = (offers.setter(), chosen.setter());
        Callback::from(move |event: InputEvent| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            let text = field.map(|field| field.value()).unwrap_or_default();
            typed.set(text.clone());
            let of_data = || data.as_ref().map(|data| complete(&data.snapshot, &text));
            offers.set(of_page.of(&text).or_else(of_data).unwrap_or_default());
            chosen.set(None);
            let send = send.clone();
            later.call(90, move || send(&text));
        })
    };
    let onkeydown = {
        let (typed, later, send) = (typed.clone(), later, send.clone());
        let (offers, chosen, accept, close) = (offers.clone(), chosen.clone(), accept.clone(), close.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            key @ ("ArrowDown" | "ArrowUp") if !offers.list.is_empty() => {
                event.prevent_default();
                chosen.set(moved(key, *chosen, offers.list.len()));
            }
            "Enter" | "Tab" if chosen.is_some() => {
                event.prevent_default();
                accept.emit(chosen.unwrap_or_default());
            }
            "Escape" if !offers.list.is_empty() => close(),
            "Enter" => {
                close();
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
        let (typed, send, close) = (typed.setter(), send, close.clone());
        Callback::from(move |_: MouseEvent| {
            close();
            typed.set(String::new());
            send("");
        })
    };
    let error = Filter::parse(&typed).err();
    let onblur = Callback::from(move |_: FocusEvent| close());
    let lit = chosen.map(option);
    html! {
        <search class="filter">
            <div class={classes!("filter-field", error.is_some().then_some("wrong"))}>
                { Icon::Search.html() }
                <input id={ID} data-testid="filter" type="text" autocomplete="off" spellcheck="false" autocapitalize="off"
                    placeholder="filter: name, pid, address, path, or user:root is:deleted" aria-label="Filter"
                    role="combobox" aria-autocomplete="list" aria-expanded={(!offers.list.is_empty()).to_string()} aria-controls={LIST} aria-activedescendant={lit} {onblur}
                    aria-invalid={error.is_some().to_string()} aria-describedby="filter-error" value={(*typed).clone()} {oninput} {onkeydown} />
                if typed.is_empty() {
                    <kbd aria-hidden="true">{ "/" }</kbd>
                } else {
                    <button type="button" class="quiet" aria-label="clear the filter" data-testid="filter-clear" onclick={clear}>{ Icon::Close.html() }</button>
                }
            </div>
            { list(&offers, *chosen, &accept) }
            <div id="filter-error" role="status">{ error.map(|error| complaint(&typed, &error)).unwrap_or_default() }</div>
        </search>
    }
}

/// Pages without rows lead to the processes as soon as something is looked for.
fn searched(here: &Route, text: &str) -> Route {
    // The pages about several systems have rows as well, though none that the rail counts.
    let together = |page: &Page| TOGETHER.iter().any(|other| other.name == page.name);
    let has_rows = |page: &Page| page.count.is_some() || together(page);
    let has_rows = page_of(here).is_some_and(has_rows) && here.id.is_empty();
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
