//! The content: a sentence, the family, and every group of facts.

use super::context::Context;
use super::logs::SeenInLogs;
use super::section::Section;
use super::sentence::{sentence, title};
use super::{
    arguments, family, files, findings, limits, memory, namespaces, notes, program, rights, sockets, talk,
    threads,
};
use crate::state::{use_around, use_data};
use crate::ui::dom::document;
use procglass_snapshot::{ProcessIndex, explain};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Body`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) index: ProcessIndex,
    /// Beside the grid, where it has less room.
    pub(super) pane: bool,
    /// The section to go to.
    #[prop_or_default]
    pub(super) tab: String,
}

/// Sections by their names in links, for the row of jumps.
const SECTIONS: &[(&str, &str)] = &[
    ("findings", "Findings"),
    ("arguments", "Arguments"),
    ("program", "Program"),
    ("sockets", "Sockets"),
    ("files", "Files"),
    ("environment", "Environment"),
    ("memory", "Memory map"),
    ("rights", "Rights"),
    ("namespaces", "Namespaces"),
    ("threads", "Threads"),
    ("limits", "Limits"),
];

/// The content.
#[component]
pub(super) fn Body(props: &Props) -> Html {
    let (here, data) = (use_around(), use_data());
    let record = use_memo((data.clone(), props.index), |(data, index)| {
        Rc::new(data.as_ref().and_then(|data| data.snapshot.record(*index)).unwrap_or_default())
    });
    // A link may name a section.
    use_effect_with((props.tab.clone(), props.index, props.pane), |(tab, _, pane)| {
        if !tab.is_empty() && !pane {
            jump(tab);
        }
    });
    let Some(data) = data else { return Html::default() };
    let context = Context { data, here, index: props.index, record: (*record).clone() };
    let process = context.process();
    let heading = if props.pane {
        Html::default()
    } else {
        html! { <h1 class="process-title"><bdi>{ title(process) }</bdi></h1> }
    };
    html! {
        <>
            { family::ancestry(&context) }
            { heading }
            <p class="sentence" data-testid="sentence"><bdi>{ sentence(&context.data.snapshot, props.index) }</bdi></p>
            { notes::section(&context) }
            if !props.pane { <Jumps /> }
            { family::facts_of(&context) }
            { findings::section(&context) }
            { arguments::arguments(&context) }
            { program::section(&context) }
            { sockets::section(&context) }
            <SeenInLogs pid={process.pid} start_ticks={process.start_ticks} />
            { talk::section(&context) }
            { files::section(&context) }
            { arguments::environment(&context) }
            { memory::section(&context) }
            { rights::section(&context) }
            { namespaces::section(&context) }
            { threads::section(&context) }
            { limits::section(&context) }
            { limits::cgroups(&context) }
            { missing(&context) }
        </>
    }
}

#[component]
fn Jumps() -> Html {
    let button = |(id, word): &(&'static str, &'static str)| {
        let id = *id;
        html! { <button type="button" class="quiet" onclick={Callback::from(move |_: MouseEvent| jump(id))} data-testid={format!("jump-{id}")}>{ *word }</button> }
    };
    html! { <nav class="jumps" aria-label="On this page">{ for SECTIONS.iter().map(button) }</nav> }
}

fn jump(id: &str) {
    let section = document().and_then(|document| document.get_element_by_id(&format!("section-{id}")));
    if let Some(section) = section {
        section.scroll_into_view();
        crate::ui::dom::focus(&section);
    }
}

/// Everything of this process that could not be read.
fn missing(context: &Context) -> Html {
    let errors: Vec<_> = context
        .record
        .errors
        .iter()
        .filter(|(_, what)| !explain(what).is_empty() && *what != "not applicable")
        .collect();
    if errors.is_empty() {
        return Html::default();
    }
    let line = |(path, what): &(&String, &String)| {
        html! { <><dt><code>{ (*path).clone() }</code></dt><dd>{ format!("{} ({what})", explain(what)) }</dd></> }
    };
    html! {
        <Section id="missing" title="Not collected" number={errors.len()} tools={context.source("errors")}>
            <dl class="facts">{ for errors.iter().take(200).map(line) }</dl>
        </Section>
    }
}
