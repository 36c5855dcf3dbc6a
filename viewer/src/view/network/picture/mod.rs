//! The network as a picture: processes on the left, what they talk to on the right. Each part can be picked, and then the
//! table below shows its sockets.

mod draw;
mod file;
mod words;

use crate::format::{count, plural};
use crate::state::{Data, Here, use_data, use_here};
use crate::ui::save::{file_name, save};
use procglass_snapshot::SocketIndex;
use procglass_snapshot::analysis::flow::{Flow, Layout};
use std::rc::Rc;
use yew::prelude::*;

/// Parameter: query terms of the picked part.
pub(super) const PICK: &str = "pick";

/// Ends with a place of their own on each side.
const MOST: usize = 30;

/// Properties of [`Picture`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The sockets that pass.
    pub(super) sockets: Rc<[SocketIndex]>,
}

/// The picture.
#[component]
pub(super) fn Picture(props: &Props) -> Html {
    let (here, data) = (use_here(), use_data());
    let drawn = use_memo((data.clone(), props.sockets.clone()), |(data, sockets)| {
        let data = data.as_ref()?;
        let flow = Flow::of(&data.snapshot, data.listeners(), sockets.iter().copied(), MOST);
        Some((Layout::of(&flow), flow.connections))
    });
    let Some(data) = data else { return Html::default() };
    let Some((layout, connections)) = &*drawn else { return Html::default() };
    if *connections == 0 {
        return html! { <p class="empty" data-testid="no-picture">{ "Nothing to draw: none of these sockets is connected to an address. Listening sockets are in the strip above and in the table." }</p> };
    }
    let onsave = {
        let (drawn, data) = (drawn.clone(), data.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some((layout, _)) = &*drawn {
                let name = file_name(&[&data.snapshot.host_name(), "network"], "svg");
                save(&name, "image/svg+xml", file::svg(&data, layout).as_bytes());
            }
        })
    };
    let rest = props.sockets.len().saturating_sub(*connections);
    html! {
        <section class="picture" aria-label="Picture of the connections">
            <header><p class="note">{ plural(*connections, "connection", "connections") }
                if rest > 0 { { format!(" · {} more that listen, are not connected, or are the other end of one shown", count(rest)) } }
                { " · pick an end or a band to see its sockets below" }</p>
                <button type="button" class="quiet" onclick={onsave} data-testid="save-svg">{ "save as SVG" }</button></header>
            <div class="picture-scroll" tabindex="0" role="group" aria-label="Processes on the left, what they talk to on the right">{ draw::svg(&here, &data, layout) }</div>
        </section>
    }
}

/// The drawing alone, of the strongest ends of all sockets, for other pages; links lead to `here`. `None` where nothing is
/// connected.
pub(in crate::view) fn small(here: &Here, data: &Data) -> Option<Html> {
    (data.flow.connections > 0).then(|| draw::svg(here, data, &Layout::of(&data.flow)))
}

/// What is picked, with a way to take it back or to make it the filter of all pages.
pub(super) fn chip(here: &Here) -> Html {
    let pick = here.param(PICK);
    if pick.is_empty() {
        return Html::default();
    }
    let off = (*here.0).clone().with(PICK, "").hash();
    let mut query = here.query().to_owned();
    for term in pick.split_whitespace() {
        query = procglass_query::edit::with_term(&query, term);
    }
    let filter = (*here.0).clone().with(PICK, "").with(crate::state::QUERY, &query).hash();
    html! {
        <span class="picked"><a class="chip on" href={off} title="show all again" data-testid="picked">{ format!("only {pick}") }{ crate::ui::icon::Icon::Close.html() }</a>
            <a class="quiet" href={filter} title="put it into the filter, which holds for every page">{ "filter every page" }</a></span>
    }
}
