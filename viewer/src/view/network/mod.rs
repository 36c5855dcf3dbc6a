//! The network: what listens, every socket with its process, as a table and as a picture, and who talks to whom.

mod facets;
mod group;
mod listening;
mod picture;
mod table;
mod talk;
mod words;

pub(super) use talk::way;
pub(super) use words::{arrow, brief, endpoint, local, remote_html, state_words};

use super::Page;
use super::export::{Export, Picked, as_text, written};
use crate::format::{count, plural};
use crate::state::{QUERY, Rows, use_data, use_filter, use_go, use_here};
use crate::ui::icon::Icon;
use crate::ui::picks::use_picking;
use crate::ui::tabs::Tabs;
use crate::view::cut::Cut;
use crate::view::quick::Quick;
use facets::{Facets, chosen};
use group::{By, grouped};
use listening::Listening;
pub(super) use picture::small as small_picture;
use picture::{PICK, Picture};
use procglass_query::write::Form;
use procglass_query::{Filter, Table};
use procglass_snapshot::SocketIndex;
use procglass_snapshot::analysis::facet::passes;
use procglass_snapshot::analysis::overview::is_local;
use std::rc::Rc;
use table::SocketTable;
use talk::Talk;
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

/// Parameter: `local` for sockets inside this system, `talk` for who talks to whom.
const KIND: &str = "kind";
/// Parameter: what to group by.
const BY: &str = "by";
/// Parameter: `picture` for the picture above the table.
const SHOW: &str = "show";

const QUICK: &[(&str, &str)] = &[
    ("is:listening", "listening"),
    ("is:connected", "connected"),
    ("is:public", "public addresses"),
    ("is:unowned", "owner not visible"),
];

const KINDS: [(&str, &str); 3] =
    [("", "Internet"), ("local", "Unix and netlink"), ("talk", "Who talks to whom")];

#[component]
fn Network() -> Html {
    let (here, go) = (use_here(), use_go());
    let choose = use_callback((here.clone(), go), |(name, value): (&'static str, AttrValue), (here, go)| {
        go.to((*here.0).clone().with(name, &value).with(PICK, ""));
    });
    let kind = here.param(KIND).to_owned();
    let tabs = |name, label: &'static str, chosen: &str, choices: &[(&'static str, &'static str)]| {
        let onchoose = choose.reform(move |value| (name, value));
        let choices =
            choices.iter().map(|(value, word)| ((*value).into(), (*word).into())).collect::<Vec<_>>();
        html! { <Tabs {label} chosen={chosen.to_owned()} {onchoose} {choices} /> }
    };
    let kinds = tabs(KIND, "kind", &kind, &KINDS);
    if kind == "talk" {
        return html! { <Talk {kinds} /> };
    }
    let inside = kind == "local";
    let by = if inside { By::Process } else { By::parse(here.param(BY)) };
    let form = if inside {
        Html::default()
    } else {
        let by_choices = By::ALL.map(|by| (by.word(), by.title()));
        html! { <>
            { tabs(SHOW, "form", here.param(SHOW), &[("", "Table"), ("picture", "Picture")]) }
            <span class="label">{ "by" }</span>
            { tabs(BY, "group by", by.word(), &by_choices) }
        </> }
    };
    html! {
        <div class="stack">
            <Cut />
            if !inside { <Listening /> }
            <Sockets {inside} {by} bar={html! { <>{ kinds }{ form }</> }} />
        </div>
    }
}

/// Properties of [`Sockets`].
#[derive(Properties, PartialEq)]
struct SocketsProps {
    inside: bool,
    by: By,
    /// What stands first in the bar.
    bar: Html,
}

/// The bar, the picture and the table of the sockets that pass.
#[component]
fn Sockets(props: &SocketsProps) -> Html {
    let (here, filter) = (use_here(), use_filter());
    let (inside, by) = (props.inside, props.by);
    let data = use_data();
    // What the filter leaves, what the facets leave of that, and what the pick leaves of that.
    let filtered = use_memo((data.clone(), filter, inside), |(data, filter, inside)| {
        let Some(data) = data else { return Rc::default() };
        let all = (0..).map(SocketIndex).zip(&data.snapshot.sockets);
        let wanted = all.filter(|(_, socket)| is_local(socket.protocol) == *inside).map(|(index, _)| index);
        wanted.filter(|index| filter.socket(&data.snapshot, *index)).collect::<Rc<[SocketIndex]>>()
    });
    let sockets = use_memo((data.clone(), filtered.clone(), here.clone()), |(data, filtered, here)| {
        let Some(data) = data else { return Rc::default() };
        let chosen = chosen(here);
        let socket = |index: &SocketIndex| data.snapshot.socket(*index);
        let passes = |index: &SocketIndex| {
            socket(index).is_some_and(|socket| passes(&chosen, data.listeners(), socket))
        };
        filtered.iter().copied().filter(passes).collect::<Rc<[SocketIndex]>>()
    });
    let pick = here.param(PICK).to_owned();
    let rows = use_memo((data.clone(), sockets.clone(), by, pick), |(data, sockets, by, pick)| {
        let data = data.as_ref()?;
        let pick = Filter::parse(pick).unwrap_or_default();
        let picked = sockets.iter().copied().filter(|index| pick.socket(&data.snapshot, *index));
        Some(grouped(data, picked, *by))
    });
    let write = use_callback((data.clone(), rows.clone()), |form: Form, (data, rows)| {
        let (Some(data), Some(rows)) = (data, &**rows) else { return Vec::new() };
        written(data, Table::of_sockets(&data.snapshot, rows.all().map(SocketIndex)), false, form)
    });
    let picking = use_picking();
    let write_picked = use_callback(
        (data.clone(), rows.clone(), picking.picks.clone()),
        |form: Form, (data, rows, picks)| {
            let (Some(data), Some(rows)) = (data, &**rows) else { return Vec::new() };
            let items = rows.picked(picks).map(SocketIndex);
            written(data, Table::of_sockets(&data.snapshot, items), false, form)
        },
    );
    let (Some(data), Some(rows)) = (data, (*rows).clone()) else { return Html::default() };
    let text = as_text(&write_picked);
    let picked = Picked { number: picking.picks.among(&rows.ids), write: write_picked };
    let total = if inside { data.overview.local_sockets } else { data.overview.internet_sockets };
    let hidden = total - rows.items.min(total);
    let words = if hidden == 0 {
        plural(total, "socket", "sockets")
    } else {
        format!("{} of {} match", count(rows.items), count(total))
    };
    let clear = facets::without((*here.0).clone().with(QUERY, "").with(PICK, "")).hash();
    let picture = here.param(SHOW) == "picture" && !inside;
    html! {
        <>
            <div class="toolbar">
                { props.bar.clone() }
                <Facets sockets={(*filtered).clone()} />
                if !inside { <Quick terms={QUICK} /> }
                <Export rows={Rows { what: "sockets", write }} {picked} />
                { picture::chip(&here) }
                <p class="tally" role="status" data-testid="tally">{ words }
                    if hidden > 0 { { " · " }<strong>{ format!("{} hidden", count(hidden)) }</strong>{ " · " }<a href={clear}>{ "show all" }</a> }
                </p>
            </div>
            if picture { <Picture sockets={(*sockets).clone()} /> }
            <SocketTable {rows} {inside} {by} {picking} {text} />
        </>
    }
}
