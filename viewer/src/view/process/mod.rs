//! One process: the same content beside the grid and as a page of its own.

mod arguments;
mod body;
mod context;
mod family;
mod files;
mod findings;
mod limits;
mod logs;
mod memory;
mod namespaces;
mod notes;
mod program;
mod rights;
mod section;
mod sentence;
mod sockets;
mod talk;
mod threads;

use super::links::name;
use crate::state::{QUERY, Route, use_data, use_here};
use crate::ui::banner::{Tone, banner};
use crate::ui::icon::Icon;
use body::Body;
use procglass_snapshot::ProcessIndex;
use yew::prelude::*;

/// The page's name in links.
pub(super) const NAME: &str = "process";

/// The page.
pub(super) fn page() -> Html {
    html! { <ProcessPage /> }
}

#[component]
fn ProcessPage() -> Html {
    let (here, data) = (use_here(), use_data());
    let Some(data) = data else { return Html::default() };
    let found = here.id.parse().ok().and_then(|pid| data.snapshot.by_pid(pid));
    let Some(index) = found else {
        let text = format!(
            "There is no process {} in this snapshot: it had ended, had not begun, or could not be seen.",
            here.id
        );
        let href = here.going(Route::to("processes")).with(QUERY, "").hash();
        return html! { <div class="prose"><h1 class="offscreen">{ "No such process" }</h1>{ banner(Tone::Warning, html! { <>{ text }{ " " }<a {href}>{ "All processes" }</a></> }) }</div> };
    };
    html! { <article class="process" data-testid="process-page"><Body {index} pane=false tab={here.param("tab").to_owned()} /></article> }
}

/// Properties of [`Pane`].
#[derive(Properties, PartialEq)]
pub(super) struct PaneProps {
    pub(super) index: ProcessIndex,
    pub(super) onclose: Callback<()>,
}

/// The same beside the grid.
#[component]
pub(super) fn Pane(props: &PaneProps) -> Html {
    let (here, data) = (use_here(), use_data());
    let Some(data) = data else { return Html::default() };
    let Some(process) = data.snapshot.process(props.index) else { return Html::default() };
    let page = here.going(Route::process(process.pid)).hash();
    let only = (*here.0).clone().with("root", &process.pid.to_string()).hash();
    let below = !data.snapshot.tree.children(props.index).is_empty() && here.param("view") != "list";
    html! {
        <aside class="pane" aria-label={format!("Process {}", process.pid)} data-testid="process-detail">
            <div class="pane-bar">
                <strong><bdi>{ name(process) }</bdi>{ format!(" {}", process.pid) }</strong>
                if below { <a class="quiet" href={only} data-testid="only-subtree">{ "only this subtree" }</a> }
                <a class="quiet" href={page} data-testid="open-page">{ Icon::Link.html() }{ "full page" }</a>
                <button type="button" class="quiet" aria-label="close" onclick={props.onclose.reform(|_: MouseEvent| ())}>{ Icon::Close.html() }</button>
            </div>
            <Body index={props.index} pane=true />
        </aside>
    }
}
