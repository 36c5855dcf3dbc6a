//! Commands and hits as one list of choices under heads.

use super::commands::{Act, Command};
use crate::format::{clip, count};
use crate::state::{Data, Here, QUERY, Route};
use crate::view::links::name;
use procglass_snapshot::analysis::search::{Found, Group, Hit, Search, Target};
use yew::prelude::*;

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Line {
    /// Above a group.
    Head { word: &'static str, number: String },
    /// Something to choose.
    Choice { title: String, text: String, why: &'static str, act: Act },
}

impl Line {
    /// What choosing it does.
    pub(super) fn act(&self) -> Option<Act> {
        match self {
            Self::Choice { act, .. } => Some(act.clone()),
            Self::Head { .. } => None,
        }
    }
}

fn word(group: Group) -> &'static str {
    match group {
        Group::Processes => "Processes",
        Group::Addresses => "Addresses",
        Group::Paths => "Paths",
        Group::Environment => "Environment names",
        Group::Containers => "Containers",
        Group::Hashes => "Hashes",
    }
}

/// Hits before commands where something was found: whoever types a name wants the name.
pub(super) fn lines(data: &Data, here: &Here, commands: &[Command], found: &[Found; 6]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (group, found) in Group::ALL.into_iter().zip(found).filter(|(_, found)| found.total > 0) {
        let more = if found.more { "+" } else { "" };
        let number = if found.total > Search::MOST {
            format!("{} of {}{more}", Search::MOST, count(found.total))
        } else {
            found.total.to_string()
        };
        lines.push(Line::Head { word: word(group), number });
        lines.extend(found.hits.iter().map(|hit| choice(data, here, hit)));
    }
    if !commands.is_empty() {
        lines.push(Line::Head { word: "Commands", number: String::new() });
        lines.extend(commands.iter().map(|command| Line::Choice {
            title: command.words.clone(),
            text: String::new(),
            why: "",
            act: command.act.clone(),
        }));
    }
    lines
}

fn choice(data: &Data, here: &Here, hit: &Hit) -> Line {
    let text = clip(&hit.text, 160).into_owned();
    let process = |index| data.snapshot.process(index);
    let (title, route) = match &hit.target {
        Target::Process(index) => {
            let tab = match hit.why {
                "environment" => "environment",
                "SHA-256 of the program" => "program",
                "argument" => "arguments",
                _ => "",
            };
            let pid = process(*index).map_or(0, |process| process.pid);
            let title = process(*index).map(|process| format!("{} {pid}", name(process))).unwrap_or_default();
            (title, Route::process(pid).with("tab", tab))
        }
        Target::Address(address) => {
            (String::new(), Route::to("network").with(QUERY, &format!("address:{address}")))
        }
        Target::Socket(_) => {
            (String::new(), quoted("path", &hit.text, Route::to("network").with("kind", "local")))
        }
        Target::File(_) => (String::new(), quoted("file", &hit.text, Route::to("files"))),
        Target::Container(id) => (String::new(), quoted("container", id, Route::to("processes"))),
        Target::Member(member) => {
            (clip(member.as_bytes(), 80).into_owned(), Route::to("evidence").about(member))
        }
    };
    // A hit is wherever it is, whatever is filtered now.
    let route = if route.query().is_empty() { here.going(route).with(QUERY, "") } else { here.going(route) };
    Line::Choice { title, text, why: hit.why, act: Act::Go(Box::new(route)) }
}

/// A page with the rows that have a text; a text with a quote in it cannot be quoted, so its part before that has to do.
fn quoted(field: &str, text: &[u8], route: Route) -> Route {
    let text = String::from_utf8_lossy(text);
    let safe = text.split(['"', '\u{fffd}', '*', '?']).next().unwrap_or_default();
    route.with(QUERY, &format!("{field}:\"{safe}\""))
}

/// The list for the page.
pub(super) fn html(lines: &[Line], active: usize, act: &Callback<Act>) -> Vec<Html> {
    let mut number = 0;
    let mut one = |line: &Line| match line {
        Line::Head { word, number } => {
            html! { <div class="palette-head" role="presentation">{ *word }<span class="number">{ number.clone() }</span></div> }
        }
        Line::Choice { title, text, why, act: wanted } => {
            let at = number;
            number += 1;
            let onclick = {
                let (act, wanted) = (act.clone(), wanted.clone());
                Callback::from(move |_: MouseEvent| act.emit(wanted.clone()))
            };
            html! {
                <div class="palette-choice" role="option" id={format!("palette-{at}")} aria-selected={(at == active).to_string()} {onclick} data-testid="palette-choice">
                    if !title.is_empty() { <strong><bdi>{ title.clone() }</bdi></strong> }
                    if !text.is_empty() { <bdi class="palette-text">{ text.clone() }</bdi> }
                    if !why.is_empty() { <span class="note">{ *why }</span> }
                </div>
            }
        }
    };
    lines.iter().map(&mut one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_query::Filter;

    #[test]
    fn any_text_makes_a_filter_that_is_understood() {
        for text in [b"/tmp/a b".as_slice(), b"/x\"y or z", b"\xff\xfe", b""] {
            let route = quoted("file", text, Route::to("files"));
            let query = route.query();
            assert!(Filter::parse(query).is_ok() || text.is_empty() || query == "file:\"\"", "{query}");
        }
        assert_eq!(quoted("file", b"/tmp/a b", Route::to("files")).query(), "file:\"/tmp/a b\"");
    }
}
