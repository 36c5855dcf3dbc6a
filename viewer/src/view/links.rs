//! Links that every page makes: to a process, to the bytes of a fact, to a filtered page.

use crate::format::clip;
use crate::state::{Data, Here, QUERY, Route, SYSTEM};
use crate::ui::icon::Icon;
use procglass_snapshot::{FileKind, OpenFile, Process, ProcessIndex};
use yew::prelude::*;

/// A process's name for the screen; a process may have none.
pub(crate) fn name(process: &Process) -> String {
    if process.name.is_empty() {
        return "(no name)".into();
    }
    clip(&process.name, 60).into_owned()
}

/// `name (pid)`, leading to the process's page.
pub(crate) fn process(here: &Here, data: &Data, index: ProcessIndex) -> Html {
    let Some(process) = data.snapshot.process(index) else {
        return Html::default();
    };
    let href = here.going(Route::process(process.pid)).hash();
    html! { <a class="process" {href}><bdi>{ name(process) }</bdi><span class="pid">{ format!(" {}", process.pid) }</span></a> }
}

/// Leads to the bytes that a group of facts came from.
pub(crate) fn source(here: &Here, member: &str, part: &str) -> Html {
    source_of(here, Route::source(member, part), if part.is_empty() { member } else { part })
}

/// The same for a place that says more, as a line.
pub(crate) fn source_of(here: &Here, route: Route, what: &str) -> Html {
    let href = here.going(route).with(QUERY, "").hash();
    let title = format!("source: the bytes of {what}");
    html! { <a class="quiet source" {href} aria-label={title.clone()} {title}>{ Icon::Source.html() }<span class="quiet-word">{ "source" }</span></a> }
}

/// The way to the bytes of a proof in the bundle of one of the systems, by its place.
pub(crate) fn source_in(here: &Here, system: usize, member: &str) -> Html {
    let (route, what) = super::findings::place(member);
    let href = here.going(route).with(SYSTEM, &system.to_string()).with(QUERY, "").with("ask", "").hash();
    let title = format!("source: the bytes of {what}");
    html! { <a class="quiet source" {href} aria-label={title.clone()} {title}>{ Icon::Source.html() }<span class="quiet-word">{ "source" }</span></a> }
}

/// A number that leads to the rows that it counts.
pub(crate) fn proof(
    here: &Here,
    page: &str,
    query: &str,
    testid: &'static str,
    text: impl Into<AttrValue>,
) -> Html {
    let text: AttrValue = text.into();
    let href = here.going(Route::to(page)).with(QUERY, query).hash();
    html! { <a {href} data-testid={testid}>{ text }</a> }
}

/// What a descriptor leads to; a socket in words rather than by its number.
pub(crate) fn target(data: &Data, file: &OpenFile) -> String {
    let Some(target) = &file.target else { return "not collected".into() };
    let shown = clip(target, 300).into_owned();
    if file.kind != FileKind::Socket {
        return shown;
    }
    let held = data.snapshot.sockets_of(file.process).iter().filter_map(|index| data.snapshot.socket(*index));
    let inode = file.inode();
    match held.into_iter().find(|socket| Some(socket.inode) == inode) {
        Some(socket) => format!("{shown} {}", super::network::brief(socket)),
        None => shown,
    }
}

/// The same for the page.
pub(crate) fn target_html(text: &str, file: &OpenFile) -> Html {
    if file.target.is_none() {
        return html! { <span class="note missing">{ text.to_owned() }</span> };
    }
    html! { <code>{ text.to_owned() }</code> }
}

/// The kind of a descriptor in words.
pub(crate) fn kind(file: &OpenFile) -> String {
    match file.kind {
        FileKind::Unknown => "?".into(),
        kind => kind.word().replace('_', " "),
    }
}
