//! The network: what listens, and every socket with its process.

mod group;
mod listening;
mod table;
mod words;

pub(super) use words::{arrow, brief, endpoint, local, remote_html, state_words};

use super::Page;
use crate::format::{count, plural};
use crate::state::{QUERY, use_data, use_filter, use_go, use_here};
use crate::ui::icon::Icon;
use crate::ui::tabs::Tabs;
use crate::view::quick::Quick;
use group::{By, grouped};
use listening::Listening;
use procglass_model::analysis::overview::is_local;
use procglass_model::model::SocketIndex;
use table::SocketTable;
use yew::prelude::*;

/// Its line in the list of pages.
pub(super) const PAGE: Page = Page {
    name: "network",
    word: "Network",
    icon: Icon::Network,
    count: Some(|data, filter| {
        let all = (0..).map(SocketIndex).zip(&data.snapshot.sockets);
        let internet = all.filter(|(_, socket)| !is_local(socket.protocol));
        internet.filter(|(index, _)| filter.is_empty() || filter.socket(&data.snapshot, *index)).count()
    }),
    html: || html! { <Network /> },
};

/// Parameter: `local` for sockets inside this system.
const KIND: &str = "kind";
/// Parameter: what to group by.
const BY: &str = "by";

const QUICK: &[(&str, &str)] = &[
    ("is:listening", "listening"),
    ("is:connected", "connected"),
    ("is:public", "public addresses"),
    ("protocol:udp", "UDP"),
    ("is:unowned", "owner not visible"),
];

#[component]
fn Network() -> Html {
    let (here, go, filter) = (use_here(), use_go(), use_filter());
    let Some(data) = use_data() else { return Html::default() };
    let inside = here.param(KIND) == "local";
    let by = if inside { By::Process } else { By::parse(here.param(BY)) };
    let rows = use_memo((data.clone(), filter.clone(), inside, by), |(data, filter, inside, by)| {
        let all = (0..).map(SocketIndex).zip(&data.snapshot.sockets);
        let wanted = all.filter(|(_, socket)| is_local(socket.protocol) == *inside);
        grouped(
            data,
            wanted.map(|(index, _)| index).filter(|index| filter.socket(&data.snapshot, *index)),
            *by,
        )
    });
    let total = if inside { data.overview.local_sockets } else { data.overview.internet_sockets };
    let choose = |name: &'static str| {
        let (go, here) = (go.clone(), here.clone());
        Callback::from(move |value: AttrValue| go.to((*here.0).clone().with(name, &value)))
    };
    let hidden = total - rows.items.min(total);
    let words = if filter.is_empty() {
        plural(total, "socket", "sockets")
    } else {
        format!("{} of {} match", count(rows.items), count(total))
    };
    html! {
        <div class="stack">
            if !inside { <Listening /> }
            <div class="toolbar">
                <Tabs label="kind of sockets" chosen={if inside { "local" } else { "" }} onchoose={choose(KIND)}
                    choices={vec![("".into(), "Internet".into()), ("local".into(), "Unix and netlink".into())]} />
                if !inside {
                    <span class="label">{ "by" }</span>
                    <Tabs label="group by" chosen={by.word()} onchoose={choose(BY)}
                        choices={By::ALL.iter().map(|by| (by.word().into(), by.title().into())).collect::<Vec<_>>()} />
                    <Quick terms={QUICK} />
                }
                <p class="tally" role="status" data-testid="tally">{ words }
                    if hidden > 0 { { " · " }<strong>{ format!("{} hidden", count(hidden)) }</strong>{ " · " }<a href={(*here.0).clone().with(QUERY, "").hash()}>{ "clear the filter" }</a> }
                </p>
            </div>
            <SocketTable rows={(*rows).clone()} {inside} {by} />
        </div>
    }
}
