//! Ctrl-K: commands, and one text looked for in everything.

mod commands;
mod results;

use crate::state::{Data, Exports, use_data, use_go, use_here};
use crate::ui::dom::{focus, now, set_theme};
use crate::ui::timer::{Later, use_settled};
use crate::view::export::save_rows;
use commands::{Act, Command, matching};
use procglass_snapshot::analysis::search::{Found, Search};
use results::{Line, lines};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

/// Properties of [`Palette`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) onclose: Callback<()>,
    pub(super) onhelp: Callback<()>,
    /// Closes the opened bundles.
    pub(super) onother: Callback<()>,
}

/// What is said when nothing was found.
const NOTHING: &str = "No match in this system. Searched: processes, arguments, users, addresses, paths of open files, names of \
    environment variables, containers, hashes. Not searched: other systems, values of environment variables, contents of \
    files, logs.";

/// How long one slice of the search may take.
const SLICE_MS: f64 = 8.0;
/// Units of search between two looks at the clock.
const UNITS: usize = 256;

/// The dialog.
#[component]
pub(super) fn Palette(props: &Props) -> Html {
    let (here, go, data) = (use_here(), use_go(), use_data());
    let exports = use_context::<Exports>().unwrap_or_default();
    let (field, list) = (use_node_ref(), use_node_ref());
    let typed = use_state_eq(String::new);
    let chosen = use_state_eq(|| 0_usize);
    let wanted = use_settled((*typed).clone(), 70);
    let (found, busy) = use_search(data.clone(), wanted);
    use_effect_with((), {
        let field = field.clone();
        move |()| {
            if let Some(field) = field.cast::<Element>() {
                focus(&field);
            }
        }
    });
    let commands: Vec<Command> = matching(&here, &typed, exports.get().is_some());
    let lines = data.as_ref().map(|data| lines(data, &here, &commands, &found)).unwrap_or_default();
    let count = lines.iter().filter(|line| matches!(line, Line::Choice { .. })).count();
    let active = (*chosen).min(count.saturating_sub(1));
    use_effect_with((active, count), {
        let list = list.clone();
        move |_| {
            let row = list
                .cast::<Element>()
                .and_then(|list| list.query_selector("[aria-selected=true]").ok().flatten());
            if let Some(row) = row {
                let near = web_sys::ScrollIntoViewOptions::new();
                near.set_block(web_sys::ScrollLogicalPosition::Nearest);
                row.scroll_into_view_with_scroll_into_view_options(&near);
            }
        }
    });
    let act = {
        let (close, help, other) = (props.onclose.clone(), props.onhelp.clone(), props.onother.clone());
        Callback::from(move |act: Act| {
            close.emit(());
            match act {
                Act::Go(route) => go.to(*route),
                Act::Theme(theme) => set_theme(theme),
                Act::Save(form) => {
                    if let (Some(data), Some(rows)) = (&data, exports.get()) {
                        save_rows(data, &rows, form);
                    }
                }
                Act::Help => help.emit(()),
                Act::Other => other.emit(()),
            }
        })
    };
    let oninput = {
        let (typed, chosen) = (typed.setter(), chosen.setter());
        Callback::from(move |event: InputEvent| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            typed.set(field.map(|field| field.value()).unwrap_or_default());
            chosen.set(0);
        })
    };
    let acts: Vec<Act> = lines.iter().filter_map(Line::act).collect();
    let onkeydown = {
        let (chosen, act, close) = (chosen.setter(), act.clone(), props.onclose.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = count.saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => chosen.set(if active == last { 0 } else { active + 1 }),
                "ArrowUp" => chosen.set(active.checked_sub(1).unwrap_or(last)),
                "Enter" => {
                    if let Some(wanted) = acts.get(active) {
                        act.emit(wanted.clone());
                    }
                }
                "Escape" => close.emit(()),
                // Nothing else in here takes the keyboard, and it must not get lost behind.
                "Tab" => {}
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let outside = props.onclose.reform(|_: MouseEvent| ());
    let said = match (typed.is_empty(), busy, count) {
        (true, ..) => String::new(),
        (_, true, _) => "looking…".into(),
        (_, _, 0) => NOTHING.into(),
        (_, _, number) => crate::format::plural(number, "result", "results"),
    };
    html! {
        <div class="palette-ground">
            <div class="palette-outside" onclick={outside} aria-hidden="true" />
            <div class="palette" role="dialog" aria-modal="true" aria-label="Search and commands" data-testid="palette">
                <input ref={field} type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={format!("palette-{active}")} aria-label="Search everything, or a command"
                    autocomplete="off" spellcheck="false" placeholder="a name, an address, a path, a hash, or what to do" value={(*typed).clone()} {oninput} {onkeydown} data-testid="palette-input" />
                <div ref={list} id="palette-list" class="palette-list" role="listbox" aria-label="Results">{ for results::html(&lines, active, &act) }</div>
                <p class="palette-said note" role="status" data-testid="palette-said">{ said }</p>
            </div>
        </div>
    }
}

/// The search under way for a text: what it has found, and whether it goes on.
#[hook]
fn use_search(data: Option<Data>, text: String) -> (Rc<[Found; 6]>, bool) {
    let found = use_state(Rc::<[Found; 6]>::default);
    let busy = use_state_eq(|| false);
    use_effect_with((data, text), {
        let (found, busy) = (found.setter(), busy.setter());
        move |(data, text)| {
            let later = Later::default();
            found.set(Rc::default());
            if let Some(data) = data.clone().filter(|_| !text.is_empty()) {
                busy.set(true);
                let search = Rc::new(RefCell::new(Search::new(text)));
                slice(data, search, later.clone(), found, busy);
            } else {
                busy.set(false);
            }
            move || later.off()
        }
    });
    (Rc::clone(&*found), *busy)
}

/// One slice, and the next one after the browser had its turn.
fn slice(
    data: Data,
    search: Rc<RefCell<Search>>,
    later: Later,
    found: UseStateSetter<Rc<[Found; 6]>>,
    busy: UseStateSetter<bool>,
) {
    let next = later.clone();
    later.call(0, move || {
        let since = now();
        let done = loop {
            if search.borrow_mut().step(&data.snapshot, UNITS) {
                break true;
            }
            if now() - since > SLICE_MS {
                break false;
            }
        };
        found.set(Rc::new(search.borrow().found().clone()));
        if done {
            busy.set(false);
        } else {
            slice(data.clone(), search.clone(), next.clone(), found.clone(), busy.clone());
        }
    });
}
