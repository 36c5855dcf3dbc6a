//! Open files: every descriptor, by process.

use super::Page;
use super::export::{Export, Picked, as_text, written};
use super::grouped::{Grouped, Line};
use super::links;
use super::notes::add_brief;
use super::quick::Quick;
use crate::format::{bytes, count, date_time, plural, zone_word};
use crate::state::{Data, Here, QUERY, Rows, use_data, use_filter, use_here};
use crate::ui::banner::badge;
use crate::ui::icon::Icon;
use crate::ui::picks::{Picking, use_picking};
use crate::ui::slot::At;
use crate::ui::virtual_list::VirtualList;
use procglass_model::Timestamp;
use procglass_notes::On;
use procglass_query::Table;
use procglass_query::write::Form;
use procglass_snapshot::FileIndex;
use procglass_snapshot::{OpenFile, ProcessIndex};
use yew::prelude::*;

/// Its line in the list of pages.
pub(super) const PAGE: Page = Page {
    name: "files",
    word: "Files",
    icon: Icon::Files,
    count: Some(|data, filter| {
        if filter.is_empty() {
            return data.snapshot.files.len();
        }
        (0..)
            .map(FileIndex)
            .take(data.snapshot.files.len())
            .filter(|index| filter.file(&data.snapshot, *index))
            .count()
    }),
    html: || html! { <Files /> },
};

const QUICK: &[(&str, &str)] = &[
    ("is:deleted", "deleted"),
    ("file:/tmp/*", "in /tmp"),
    ("file:/dev/shm/*", "in /dev/shm"),
    ("file:/memfd:*", "in memory only"),
    ("file:/etc/*", "in /etc"),
];

#[component]
fn Files() -> Html {
    let (here, filter) = (use_here(), use_filter());
    let Some(data) = use_data() else { return Html::default() };
    let rows = use_memo((data.clone(), filter.clone()), |(data, filter)| {
        let all = (0..).map(FileIndex).zip(&data.snapshot.files);
        let passing = all.filter(|(index, _)| filter.file(&data.snapshot, *index));
        Grouped::new(passing.map(|(index, file)| (file.process, index.0)))
    });
    let row =
        use_callback(((*rows).clone(), here.clone(), data.clone()), |at: At, (rows, here, data)| match rows
            .lines
            .get(at.row)
        {
            Some(Line::Head(group)) => head_row(here, data, rows, *group as usize, at),
            Some(Line::Item(index)) => data
                .snapshot
                .files
                .get(*index as usize)
                .map(|file| file_row(here, data, (FileIndex(*index), file), at))
                .unwrap_or_default(),
            None => Html::default(),
        });
    let write = use_callback(((*rows).clone(), data.clone()), |form: Form, (rows, data)| {
        written(data, Table::of_files(&data.snapshot, rows.all().map(FileIndex)), false, form)
    });
    let Picking { picks, set } = use_picking();
    let write_picked =
        use_callback(((*rows).clone(), data.clone(), picks.clone()), |form: Form, (rows, data, picks)| {
            written(data, Table::of_files(&data.snapshot, rows.picked(picks).map(FileIndex)), false, form)
        });
    let text = as_text(&write_picked);
    let picked = Picked { number: picks.among(&rows.ids), write: write_picked };
    let total = data.snapshot.files.len();
    let hidden = total - rows.items.min(total);
    let words = if filter.is_empty() {
        plural(total, "open file", "open files")
    } else {
        format!("{} of {} match", count(rows.items), count(total))
    };
    let changed = format!("Changed ({})", zone_word());
    let head = html! {
        <div class="vhead row" role="row" aria-rowindex="1">
            { for [("fd num", "No."), ("kind", "Kind"), ("access", "Access"), ("target", "Target"), ("size num", "Size"), ("pos num", "Position"), ("changed", &*changed), ("said", "Note"), ("source", "Source")].iter().map(|(class, word)| html! {
                <span role="columnheader" class={format!("cell c-{class}")}>{ (*word).to_owned() }</span>
            }) }
        </div>
    };
    html! {
        <div class="stack">
            <div class="toolbar">
                <Quick terms={QUICK} />
                <Export rows={Rows { what: "files", write }} {picked} />
                <p class="tally" role="status" data-testid="tally">{ words }
                    if hidden > 0 { { " · " }<strong>{ format!("{} hidden", count(hidden)) }</strong>{ " · " }<a href={(*here.0).clone().with(QUERY, "").hash()}>{ "clear the filter" }</a> }
                </p>
            </div>
            if rows.items == 0 {
                <p class="empty" data-testid="nothing">{ "No open file matches. Processes whose descriptors could not be read have none here: see Evidence, not read." }</p>
            }
            <VirtualList count={rows.lines.len()} ids={rows.ids.clone()} {picks} onpick={set} {text} {row} {head} class="grid files" label="Open files" testid="files-table" />
        </div>
    }
}

fn head_row(here: &Here, data: &Data, rows: &Grouped<ProcessIndex>, group: usize, at: At) -> Html {
    let Some((index, number)) = rows.groups.get(group) else { return Html::default() };
    let user = data.snapshot.process(*index).and_then(crate::state::System::user).unwrap_or_default();
    html! { <div class={classes!(at.class(), "group")} role="row" id={at.id()} aria-rowindex={at.index()} aria-selected={at.selected()} data-row={at.number()}><span role="gridcell" class="cell c-group">{ links::process(here, data, *index) }<span class="note">{ user }</span><span class="number">{ count(*number) }</span></span></div> }
}

fn file_row(here: &Here, data: &Data, (index, file): (FileIndex, &OpenFile), at: At) -> Html {
    let said = data.snapshot.notes();
    let note = On::file(&data.snapshot, file).map(|on| add_brief(&on, said.of_file(index)));
    let text = |name: &'static str, text: String| html! { <span role="gridcell" class={format!("cell c-{name}")}>{ text }</span> };
    let target = links::target(data, file);
    let access = match file.access() {
        Some('r') => "read",
        Some('w') => "write",
        Some(_) => "read, write",
        None => "",
    };
    let regular = file.stat.filter(|stat| stat.mode & 0o170_000 == 0o100_000);
    let member =
        data.snapshot.process(file.process).map(procglass_snapshot::Process::member).unwrap_or_default();
    html! {
        <div class={at.class()} role="row" id={at.id()} aria-rowindex={at.index()} aria-selected={at.selected()} data-row={at.number()} data-testid="file-row">
            { text("fd num", file.fd.to_string()) }
            { text("kind", links::kind(file)) }
            { text("access", access.into()) }
            <span role="gridcell" class="cell c-target" title={target.clone()}>{ links::target_html(&target, file) }if file.deleted() == Some(true) { { badge("notable", "deleted") } }</span>
            { text("size num", regular.map(|stat| bytes(stat.size)).unwrap_or_default()) }
            { text("pos num", file.pos.filter(|_| regular.is_some()).map(bytes).unwrap_or_default()) }
            { text("changed", regular.and_then(|stat| Timestamp::plausible(stat.mtime)).map(date_time).unwrap_or_default()) }
            <span role="gridcell" class="cell c-said">{ note }</span>
            <span role="gridcell" class="cell c-source">{ links::source(here, &member, &format!("fds/{}", file.fd)) }</span>
        </div>
    }
}
