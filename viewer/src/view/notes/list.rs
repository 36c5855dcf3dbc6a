//! All notes, each with the way to what it is on.

use super::mark::{add, tag};
use super::transfer::Transfer;
use crate::format::{count, plural};
use crate::state::{Data, Here, QUERY, Route, use_data, use_filter, use_here, use_notebook};
use crate::view::quick::Quick;
use procglass_model::sorting;
use procglass_model::text::visible;
use procglass_notes::{Note, On};
use procglass_opened::Opened;
use procglass_query::Filter;
use procglass_report::words;
use yew::prelude::*;

const QUICK: &[(&str, &str)] =
    &[("note:bad", "bad"), ("note:explained", "explained"), ("note:question", "question")];

/// Notes that are drawn at once.
const MOST: usize = 1_000;

/// Whether a note passes: by its own words, or by those for what it is on.
pub(super) fn passes(snapshot: &Opened, filter: &Filter, note: &Note) -> bool {
    filter.note(note, &words(snapshot, &note.on))
}

/// The page.
#[component]
pub(super) fn NotesPage() -> Html {
    let (here, filter, data, book) = (use_here(), use_filter(), use_data(), use_notebook());
    let (Some(data), Some(book)) = (data, book) else { return Html::default() };
    let notes = data.snapshot.notes();
    let mut shown: Vec<&Note> = notes
        .all()
        .iter()
        .filter(|note| filter.is_empty() || passes(&data.snapshot, &filter, note))
        .collect();
    sorting::sort_by_key(&mut shown, |note| (note.on != On::Summary, std::cmp::Reverse(note.tag), note.time));
    let (total, elsewhere) = (notes.all().len(), notes.elsewhere().count());
    let hidden = total - shown.len();
    html! {
        <article class="prose notes-page" data-testid="notes-page">
            <p class="sentence">{ "What people say of this system. Notes stand beside the evidence and never change it; they go into every report that is saved." }</p>
            if !book.keeps() { <p class="missing" role="status" data-testid="not-kept">{ "Not saved in this browser, which refuses it: export before you close the page." }</p> }
            <Transfer />
            <div class="toolbar"><Quick terms={QUICK} />
                <p class="tally" role="status" data-testid="tally">{ if hidden == 0 { plural(total, "note", "notes") } else { format!("{} of {} match", count(shown.len()), count(total)) } }
                    if hidden > 0 { { " · " }<a href={(*here.0).clone().with(QUERY, "").hash()}>{ "clear the filter" }</a> }</p></div>
            if elsewhere > 0 { <p class="note">{ format!("{} on things that are not in this bundle.", plural(elsewhere, "note is", "notes are")) }</p> }
            if total == 0 {
                <p class="empty" data-testid="nothing">{ "There is no note yet. Each process, socket, file and finding has a link to write one." }</p>
            } else {
                <div class="scroll-x"><table class="mini"><thead><tr><th scope="col">{ "Mark" }</th><th scope="col">{ "On" }</th><th scope="col">{ "Note" }</th><th scope="col">{ "By" }</th><th scope="col"><span class="offscreen">{ "change" }</span></th></tr></thead>
                    <tbody>{ for shown.iter().take(MOST).map(|note| row(&here, &data, note)) }</tbody></table></div>
                if shown.len() > MOST { <p class="note">{ format!("and {} more: narrow the filter to see them", count(shown.len() - MOST)) }</p> }
            }
            { add(&On::Summary, "Write or edit the summary in front") }
        </article>
    }
}

fn row(here: &Here, data: &Data, note: &Note) -> Html {
    let what = visible(words(&data.snapshot, &note.on).as_bytes()).into_owned();
    let what = match place(&note.on) {
        Some(route) => html! { <a href={here.going(route).hash()}><bdi>{ what }</bdi></a> },
        None => html! { <bdi>{ what }</bdi> },
    };
    html! {
        <tr data-testid="note-row"><td>{ tag(note.tag) }</td><td class="path">{ what }</td>
            <td class="path">{ for note.lines().map(|line| html! { <div><bdi>{ line.into_owned() }</bdi></div> }) }</td>
            <td><span class="note">{ note.signature() }</span></td>
            <td>{ add(&note.on, "open") }</td></tr>
    }
}

/// Where that can be looked at.
fn place(on: &On) -> Option<Route> {
    let query = |page: &str, query: String| Some(Route::to(page).with(QUERY, &query));
    match on {
        On::Summary => Some(Route::to("")),
        On::Process(pid, _) => Some(Route::process(*pid)),
        On::Finding(rule, None) => query("findings", format!("finding:{rule}")),
        On::Finding(rule, Some((pid, _))) => query("findings", format!("finding:{rule} pid:{pid}")),
        On::Socket(_, _, protocol, ends) => {
            let inside = ["unix", "netlink", "packet"].iter().any(|kind| protocol.starts_with(kind));
            let page = Route::to("network").with("kind", if inside { "local" } else { "" });
            let words =
                ends.split(' ').filter(|end| *end != "-").map(|end| format!("\"{}\"", end.replace('"', "")));
            Some(page.with(QUERY, &words.collect::<Vec<_>>().join(" ")))
        }
        On::File((pid, _), ..) => query("files", format!("pid:{pid} is:noted")),
        On::Other(_) => None,
    }
}
