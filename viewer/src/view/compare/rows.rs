//! Changes as rows of a table.

use crate::format::clip;
use crate::state::{Data, Here, QUERY, Route, SYSTEM};
use crate::ui::slot::At;
use crate::view::links;
use procglass_snapshot::ProcessIndex;
use procglass_systems::compare::{About, Change, Mark};
use yew::prelude::*;

/// All kinds of changes, in the order of the tabs.
pub(super) const ABOUT: [About; 8] = [
    About::Process,
    About::Socket,
    About::File,
    About::Module,
    About::User,
    About::Mount,
    About::Setting,
    About::Identity,
];

/// Several of a kind, in a word.
pub(super) fn plural_of(about: About) -> &'static str {
    match about {
        About::Process => "Processes",
        About::Socket => "Sockets",
        About::File => "Files",
        About::Module => "Modules",
        About::User => "Users",
        About::Mount => "Mounts",
        About::Setting => "Settings",
        About::Identity => "Identity",
    }
}

/// A mark by word, sign and colour.
pub(super) fn mark(mark: Mark) -> Html {
    let sign = match mark {
        Mark::Added => "+",
        Mark::Gone => "−",
        Mark::Changed => "~",
        Mark::Same => "",
    };
    html! { <span class={classes!("mark-word", mark.word())}><span aria-hidden="true">{ sign }</span>{ mark.word() }</span> }
}

/// The head of the table; `fields` is what the column of values is called, `last` a further column.
pub(super) fn heads(fields: &'static str, last: Option<&'static str>) -> Html {
    let columns = [
        ("mark", "Change"),
        ("about", "What"),
        ("what", "Which"),
        ("process", "Process"),
        ("fields", fields),
    ];
    let columns =
        columns.into_iter().chain(last.map(|last| ("siblings", last))).chain([("source", "Source")]);
    html! { <div class="vhead row" role="row" aria-rowindex="1">{ for columns.map(|(class, word)| html! {
        <span role="columnheader" class={format!("cell c-{class}")}>{ word }</span>
    }) }</div> }
}

/// A process of one of the two, leading to its page there.
pub(super) fn process(here: &Here, (place, data): (usize, &Data), index: ProcessIndex) -> Html {
    let Some(process) = data.snapshot.process(index) else { return Html::default() };
    let href =
        here.going(Route::process(process.pid)).with(SYSTEM, &place.to_string()).with(QUERY, "").hash();
    html! { <a class="process" {href}><bdi>{ links::name(process) }</bdi><span class="pid">{ format!(" {}", process.pid) }</span></a> }
}

/// A side of a change: the place of its bundle, and the bundle where it is in memory.
pub(super) type Side<'d> = (usize, Option<&'d Data>);

/// One row. `last` is what stands in the further column.
pub(super) fn one(
    here: &Here,
    (before, after): (Option<Side<'_>>, Side<'_>),
    change: &Change,
    last: Option<String>,
    at: At,
) -> Html {
    let link = |side: Option<Side<'_>>, index: Option<ProcessIndex>| {
        let (place, data) = side?;
        Some(process(here, (place, data?), index?))
    };
    let who = link(Some(after), change.after).or_else(|| link(before, change.before));
    let value = |value: &Option<bstr::BString>| {
        value.as_ref().map_or_else(|| "nothing".to_owned(), |value| clip(value, 200).into_owned())
    };
    let fields: Vec<String> = change
        .fields
        .iter()
        .map(|field| format!("{}: {} → {}", field.field, value(&field.before), value(&field.after)))
        .collect();
    let source = match (&change.members.1, &change.members.0) {
        (Some(member), _) => Some((after.0, member)),
        (None, Some(member)) => before.map(|before| (before.0, member)),
        (None, None) => None,
    };
    let source = source.map(|(place, member)| links::source_in(here, place, member));
    let words = fields.join("; ");
    html! {
        <div class="row" role="row" aria-rowindex={at.index()} data-row={at.number()} data-testid="change-row">
            <span role="cell" class="cell c-mark">{ mark(change.mark) }</span>
            <span role="cell" class="cell c-about">{ change.about.word() }</span>
            <span role="cell" class="cell c-what" title={change.what.clone()}><bdi>{ clip(change.what.as_bytes(), 200).into_owned() }</bdi></span>
            <span role="cell" class="cell c-process">{ who }</span>
            <span role="cell" class="cell c-fields" title={words.clone()}><bdi>{ words }</bdi></span>
            if let Some(last) = last { <span role="cell" class="cell c-siblings">{ last }</span> }
            <span role="cell" class="cell c-source">{ source }</span>
        </div>
    }
}
