//! The logs themselves: in which format each was read, what was not understood, and how to correct that.

use crate::format::{bytes, count, float, whole};
use crate::state::{Logs, ReadLog, use_logs};
use crate::ui::select::Select;
use procglass_logs::{Column, Columns, FORMATS, Format, Options, Which};
use yew::prelude::*;

/// What people look for in a table, with its words. The rest is of no use without these.
const ASKED: [(&str, &str); 9] = [
    ("source", "from address"),
    ("source-port", "from port"),
    ("destination", "to address"),
    ("destination-port", "to port"),
    ("time", "time"),
    ("protocol", "protocol"),
    ("bytes", "bytes"),
    ("packets", "packets"),
    ("action", "action"),
];

/// The list.
#[component]
pub(super) fn Files() -> Html {
    let logs = use_logs();
    let Some(found) = logs.found.clone() else { return Html::default() };
    let onclear = logs.clear.reform(|_: MouseEvent| ());
    html! {
        <article class="prose wide" data-testid="log-files">
            { for found.logs.iter().enumerate().map(|(at, log)| one(&logs, at, log)) }
            <p><button type="button" onclick={onclear} data-testid="logs-clear">{ "Close all logs" }</button></p>
        </article>
    }
}

fn number(number: u64) -> String {
    count(whole(float(usize::try_from(number).unwrap_or(usize::MAX))))
}

fn one(logs: &Logs, at: usize, log: &ReadLog) -> Html {
    let tally = &log.tally;
    let choices = std::iter::once(("".into(), "as its content says".into()))
        .chain(FORMATS.iter().map(|about| (about.name.into(), about.title.into())))
        .collect::<Vec<(AttrValue, AttrValue)>>();
    let chosen = log.log.options.format.map(|format| format.about().name).unwrap_or_default();
    let onchoose = {
        let (correct, options) = (logs.correct.clone(), log.log.options.clone());
        Callback::from(move |value: AttrValue| {
            correct.emit((at, Options { format: Format::named(&value), ..options.clone() }));
        })
    };
    let counted: Vec<String> = [
        (tally.no_data, "without traffic"),
        (tally.skipped, "where the logger left traffic out"),
        (tally.ignored, "headers and other events"),
        (tally.unclear, "with a field that was not understood"),
        (tally.assumed_zone, "with a time without a zone, taken as UTC"),
        (tally.bad, "not understood"),
    ]
    .into_iter()
    .filter(|(amount, _)| *amount > 0)
    .map(|(amount, words)| format!("{} {words}", number(amount)))
    .collect();
    html! {
        <section class="list" data-testid="log-file"><h2><bdi>{ log.log.input.name() }</bdi></h2>
            <p>{ match log.format { Some(format) => format!("Read as {}.", format.about().title), None => log.tally.refused.as_ref().map_or_else(|| "In no format that is known: choose one.".to_owned(), |why| format!("Not read: {why}.")) } }
                { format!(" {} of text, {} lines, {} records. {}", bytes(tally.bytes), number(tally.lines), number(tally.records), counted.join(", ")) }</p>
            { log.stopped.as_ref().map(|why| html! { <p class="note">{ why.clone() }</p> }).unwrap_or_default() }
            <p><Select label="read it as" {choices} {chosen} {onchoose} testid="log-format" /></p>
            if log.format == Some(Format::Csv) { { columns(logs, at, log) } }
            if !tally.first_bad.is_empty() {
                <details class="fold"><summary>{ "The first lines that were not understood" }</summary><ul class="plain-list">{ for tally.first_bad.iter().map(|bad| html! { <li>{ format!("line {}: {} ", bad.line, bad.why) }<code>{ bad.excerpt.clone() }</code></li> }) }</ul></details>
            }
        </section>
    }
}

/// Which column of a table means what.
fn columns(logs: &Logs, at: usize, log: &ReadLog) -> Html {
    let named: Vec<(Column, String)> = ASKED
        .iter()
        .filter_map(|(word, _)| {
            let column = column(word)?;
            let given = log.log.options.columns.as_ref().and_then(|columns| columns.name_of(column));
            let guessed =
                || log.header.iter().find(|(_, taken)| *taken == Some(column)).map(|(name, _)| name.clone());
            Some((column, given.or_else(guessed).unwrap_or_default()))
        })
        .collect();
    let choices = std::iter::once(("".into(), "not in it".into()))
        .chain(log.header.iter().map(|(name, _)| (name.clone().into(), name.clone().into())))
        .collect::<Vec<(AttrValue, AttrValue)>>();
    let one = |(place, (_, words)): (usize, &(&'static str, &'static str))| {
        let chosen = named.get(place).map(|(_, name)| name.clone()).unwrap_or_default();
        let onchoose = {
            let (correct, options, named) = (logs.correct.clone(), log.log.options.clone(), named.clone());
            Callback::from(move |value: AttrValue| {
                let mut named = named.clone();
                if let Some((_, name)) = named.get_mut(place) {
                    *name = value.to_string();
                }
                let pairs = named.into_iter().filter(|(_, name)| !name.is_empty());
                let columns = Columns::new(pairs.map(|(column, name)| (column, Which::Name(name))).collect());
                correct.emit((
                    at,
                    Options { columns: Some(columns), format: Some(Format::Csv), ..options.clone() },
                ));
            })
        };
        html! { <Select label={*words} choices={choices.clone()} {chosen} {onchoose} testid={format!("column-{}", ASKED.get(place).map(|(word, _)| *word).unwrap_or_default())} /> }
    };
    html! { <div class="columns-of" role="group" aria-label="Which column means what">{ for ASKED.iter().enumerate().map(one) }</div> }
}

fn column(word: &str) -> Option<Column> {
    Column::CHOICES.iter().find(|(choice, _)| *choice == word).map(|(_, column)| *column)
}
