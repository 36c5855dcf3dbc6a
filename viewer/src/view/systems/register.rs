//! The register: one row a bundle, sorted, grouped and filtered as wanted.

use super::{name, source};
use crate::format::{clip, count, moment, plural};
use crate::state::{Fleet, Here, QUERY, Rows, use_filter, use_fleet, use_go, use_here};
use crate::ui::icon::Icon;
use crate::ui::select::Select;
use crate::ui::slot::At;
use crate::ui::virtual_list::VirtualList;
use crate::view::export::{Export, written_together};
use crate::view::findings::level;
use crate::view::grouped::{Grouped, Line};
use procglass_model::sorting;
use procglass_query::write::Form;
use procglass_query::{SYSTEMS, SystemColumn, Table, Value};
use procglass_systems::{Kind, System, SystemIndex};
use std::cmp::Ordering;
use yew::prelude::*;

/// Parameters: how rows are grouped and sorted.
const GROUP: &str = "by";
const SORT: &str = "sort";

/// What rows can be grouped by, in the order in which people ask for it.
const GROUPS: [(&str, &str); 8] = [
    ("account", "account"),
    ("region", "region"),
    ("cluster", "cluster"),
    ("service", "service"),
    ("image", "image"),
    ("kind", "kind"),
    ("severity", "findings"),
    ("kernel", "kernel"),
];

/// Class, word and column of each head; those without a column are not sorted by.
const HEADS: [(&str, &str, &str); 11] = [
    ("name", "Name", "name"),
    ("found", "Findings", "severity"),
    ("addresses", "Addresses", ""),
    ("kind", "Kind", "kind"),
    ("where", "Account, region", "account"),
    ("cluster", "Cluster, service", "cluster"),
    ("image", "Image", "image"),
    ("when", "Captured", "captured"),
    ("count num", "Processes", "processes"),
    ("listeners num", "Listen", "listeners"),
    ("source", "Source", ""),
];

/// The table.
#[component]
pub(super) fn RegisterTable() -> Html {
    let (here, go, fleet, filter) = (use_here(), use_go(), use_fleet(), use_filter());
    let (by, sort) = (here.param(GROUP).to_owned(), here.param(SORT).to_owned());
    let rows = use_memo((fleet.clone(), filter, by.clone(), sort.clone()), |(fleet, filter, by, sort)| {
        let register = &fleet.register;
        let mut passing: Vec<SystemIndex> = register
            .indices()
            .filter(|index| {
                register.get(*index).is_some_and(|system| filter.is_empty() || filter.system(system))
            })
            .collect();
        order(fleet, sort, &mut passing);
        Grouped::new(passing.into_iter().map(|index| (group(fleet, by, index), index.0)))
    });
    let row = use_callback(
        ((*rows).clone(), here.clone(), fleet.clone(), by.clone()),
        |at: At, (rows, here, fleet, by)| match rows.lines.get(at.row) {
            Some(Line::Head(group)) => head(rows, by, *group as usize, at),
            Some(Line::Item(index)) => one(here, fleet, SystemIndex(*index), at),
            None => Html::default(),
        },
    );
    // Without groups there is one, and it needs no head.
    let plain = by.is_empty();
    let shift = usize::from(plain && !rows.lines.is_empty());
    let row = row.reform(move |at: At| At { row: at.row + shift, ..at });
    let write = use_callback(((*rows).clone(), fleet.clone()), |form: Form, (rows, fleet)| {
        let items = rows.lines.iter().filter_map(|line| match line {
            Line::Item(index) => Some(SystemIndex(*index)),
            Line::Head(_) => None,
        });
        let table = Table::of_systems(&fleet.register, items, form);
        written_together(table, form)
    });
    let state = state(fleet.register.systems());
    let total = fleet.slots.len();
    let hidden = total.saturating_sub(rows.items);
    let choices = std::iter::once(("", "nothing"))
        .chain(GROUPS)
        .map(|(value, word)| (value.into(), word.into()))
        .collect::<Vec<_>>();
    let onchoose = {
        let here = here.clone();
        Callback::from(move |value: AttrValue| go.replace((*here.0).clone().with(GROUP, &value)))
    };
    html! {
        <>
            <p class={classes!("register-state", state.1.then_some("missing"))} data-testid="register-state">{ state.0 }</p>
            <div class="toolbar">
                <Select label="group by" {choices} chosen={by.clone()} {onchoose} testid="group-systems" />
                <Export rows={Rows { what: "systems", write }} />
                if hidden > 0 { <p class="tally">{ format!("{} of {} match · ", count(rows.items), count(total)) }<a href={(*here.0).clone().with(QUERY, "").hash()}>{ "clear the filter" }</a></p> }
            </div>
            <VirtualList count={rows.lines.len() - shift} {row} head={heads(&here, &sort)} class="grid systems-table" label="Systems" testid="systems-table" />
        </>
    }
}

/// Whether what the bundles say can be relied on, in a sentence, and whether that is bad news.
fn state(systems: &[System]) -> (String, bool) {
    let with = |word| {
        systems.iter().filter(|system| system.integrity.as_ref().is_some_and(|of| of.0 == word)).count()
    };
    let missing = systems.iter().filter(|system| system.missing.is_some()).count();
    let said: Vec<_> = [
        (with("damaged"), "damaged: what it shows may have been changed"),
        (with("cut"), "cut: what stood behind is missing"),
        (with("unchecked"), "without a list of hashes: nothing proves that it is unchanged"),
        (missing, "incomplete: not everything could be collected"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| format!("{} of {} {what}.", count(number), count(systems.len())))
    .collect();
    match said.is_empty() {
        true => ("Every bundle is intact, and every collection is complete.".into(), false),
        false => (said.join(" "), true),
    }
}

fn column(name: &str) -> Option<&'static SystemColumn> {
    SYSTEMS.iter().find(|column| column.name == name)
}

fn value<'a>(fleet: &'a Fleet, name: &str, index: SystemIndex) -> Value<'a> {
    let system = fleet.register.get(index);
    column(name)
        .zip(system)
        .map_or(Value::Null, |(column, system)| (column.value)(&fleet.register, system, index))
}

/// The key of a row's group, as people read it.
fn group(fleet: &Fleet, by: &str, index: SystemIndex) -> String {
    match value(fleet, by, index) {
        Value::Text(text) => text.into_owned(),
        _ => String::new(),
    }
}

/// `-name` is the other way round. The severity and the numbers begin with the most.
fn order(fleet: &Fleet, sort: &str, rows: &mut [SystemIndex]) {
    let (name, back) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
    let compare = |a: &SystemIndex, b: &SystemIndex| {
        let system = |index: &SystemIndex| fleet.register.get(*index);
        if name == "severity" || name.is_empty() {
            let weight = |index| system(index).map(|system| (system.severity(), system.findings.len()));
            return weight(b).cmp(&weight(a));
        }
        match (value(fleet, name, *a), value(fleet, name, *b)) {
            (Value::Number(a), Value::Number(b)) => b.cmp(&a),
            (Value::Time(a), Value::Time(b)) => a.cmp(&b),
            (Value::Text(a), Value::Text(b)) => a.cmp(&b),
            // What is not known stands at the end.
            (Value::Null, Value::Null) => Ordering::Equal,
            (Value::Null, _) => Ordering::Greater,
            (_, Value::Null) => Ordering::Less,
            _ => Ordering::Equal,
        }
    };
    sorting::sort_by(rows, compare);
    if back {
        rows.reverse();
    }
}

fn heads(here: &Here, sort: &str) -> Html {
    let one = |(class, word, column): &(&'static str, &'static str, &'static str)| {
        let (on, back) =
            (sort.trim_start_matches('-') == *column && !column.is_empty(), sort.starts_with('-'));
        let order = on.then_some(if back { "descending" } else { "ascending" });
        if column.is_empty() {
            return html! { <span role="columnheader" class={format!("cell c-{class}")}>{ *word }</span> };
        }
        let next = if on && !back { format!("-{column}") } else { (*column).to_owned() };
        let href = (*here.0).clone().with(SORT, &next).hash();
        html! {
            <span role="columnheader" class={format!("cell c-{class}")} aria-sort={order}><a class={classes!("sort", back.then_some("turned"))} {href}>{ *word }if on { { Icon::Expand.html() } }</a></span>
        }
    };
    html! { <div class="vhead row" role="row" aria-rowindex="1">{ for HEADS.iter().map(one) }</div> }
}

fn head(rows: &Grouped<String>, by: &str, group: usize, at: At) -> Html {
    let Some((key, number)) = rows.groups.get(group) else { return Html::default() };
    let word =
        if key.is_empty() { format!("{by} not known") } else { clip(key.as_bytes(), 120).into_owned() };
    html! { <div class="row group" role="row" aria-rowindex={at.index()} data-row={at.number()}><span role="cell" class="cell c-group"><bdi>{ word }</bdi><span class="number">{ count(*number) }</span></span></div> }
}

fn one(here: &Here, fleet: &Fleet, index: SystemIndex, at: At) -> Html {
    let Some(system) = fleet.register.get(index) else { return Html::default() };
    let cell = |class: &'static str, text: String| html! { <span role="cell" class={format!("cell c-{class}")} title={text.clone()}><bdi>{ text }</bdi></span> };
    let same = fleet.register.same(index);
    let again = same.rule.map(|rule| {
        let first = fleet.register.get(same.first).map(|first| first.bundle.clone()).unwrap_or_default();
        html! { <span class="badge" title={format!("the same system as in {first}, by its {rule}")}>{ "same system" }</span> }
    });
    let broken = system.integrity.as_ref().map(|(word, why)| {
        html! { <span class="badge missing" title={why.clone()} data-testid="system-integrity">{ *word }</span> }
    });
    let proof = system.facts.first().map(|fact| source(here, index, &fact.proof));
    html! {
        <div class="row" role="row" aria-rowindex={at.index()} data-row={at.number()} data-testid="system-row">
            <span role="cell" class="cell c-name">{ broken }{ name(here, fleet, index) }{ again }</span>
            <span role="cell" class="cell c-found">{ found(system) }</span>
            { cell("addresses", addresses(system)) }
            { cell("kind", kind(system)) }
            { cell("where", joined([&system.account, &system.region])) }
            { cell("cluster", joined([&system.cluster, &system.service])) }
            { cell("image", system.image().map(|image| clip(image.as_bytes(), 120).into_owned()).unwrap_or_default()) }
            { cell("when", system.captured.map(moment).unwrap_or_default()) }
            { cell("count num", count(system.processes.len())) }
            { cell("listeners num", count(system.listeners().count())) }
            <span role="cell" class="cell c-source">{ proof }</span>
        </div>
    }
}

fn kind(system: &System) -> String {
    if system.kind == Kind::Unknown { "unknown".into() } else { system.kind.words().into() }
}

fn found(system: &System) -> Html {
    let missing = system.missing.as_ref().map(|missing| {
        html! { <span class="badge missing" title={missing.clone()} data-testid="system-missing">{ "incomplete" }</span> }
    });
    let Some(severity) = system.severity() else { return missing.unwrap_or_default() };
    let number = system.findings.iter().filter(|finding| finding.severity == severity).count();
    html! { <><span title={plural(system.findings.len(), "finding", "findings")}>{ level(severity) }if number > 1 { { format!(" × {number}") } }</span>{ missing }</> }
}

fn joined(parts: [&Option<String>; 2]) -> String {
    parts.into_iter().flatten().map(|part| clip(part.as_bytes(), 80)).collect::<Vec<_>>().join(" · ")
}

/// Those that tell it from others; loopback is everybody's.
fn addresses(system: &System) -> String {
    let mut all: Vec<String> = Vec::new();
    for own in system.addresses.iter().filter(|own| !own.address.is_loopback()) {
        let text = own.address.to_string();
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_system_is_said_above_the_table() {
        let sound = System::default();
        assert!(!state(std::slice::from_ref(&sound)).1);
        let damaged = System { integrity: Some(("damaged", "why".into())), ..System::default() };
        let missing = System { missing: Some("a job".into()), ..System::default() };
        let (said, bad) = state(&[sound, damaged, missing]);
        assert!(bad && said.contains("1 of 3 damaged") && said.contains("1 of 3 incomplete"), "{said}");
    }
}
