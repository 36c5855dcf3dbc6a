//! The memory map, by file, with what is unusual first.

use super::context::Context;
use super::section::Section;
use crate::format::{bytes, clip, plural};
use crate::state::Route;
use crate::ui::banner::badge;
use crate::ui::more::More;
use crate::view::links::source_of;
use procglass_proc::maps::{Mapping, parse};
use procglass_snapshot::analysis::memory::{Group, Marks, groups};
use yew::prelude::*;

/// The section.
pub(super) fn section(context: &Context) -> Html {
    html! { <Map context={Held(context.clone())} /> }
}

/// The context as a property: the same process of the same system at the same place.
#[derive(Clone)]
struct Held(Context);

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.0, &other.0);
        a.data == b.data && a.index == b.index && a.here == b.here
    }
}

/// Properties of [`Map`].
#[derive(Properties, PartialEq)]
struct Props {
    context: Held,
}

/// A component of its own, so that a map of thousands of lines is parsed once.
#[component]
fn Map(props: &Props) -> Html {
    let context = &props.context.0;
    let maps = context.file("maps").unwrap_or_default();
    let (mappings, problems) = parse(&maps);
    let grouped = groups(&mappings);
    let unusual = grouped.iter().filter(|group| group.marks.any()).count();
    let inner = context.clone();
    let lines = Callback::from(move |limit: usize| {
        let maps = inner.file("maps").unwrap_or_default();
        let (mappings, _) = parse(&maps);
        let groups = groups(&mappings);
        html! { <ul class="maps">{ for groups.iter().take(limit).map(|group| one(&inner, group, &mappings)) }</ul> }
    });
    html! {
        <Section id="memory" title="Memory map" number={mappings.len()} tools={context.source("files/maps")}>
            if mappings.is_empty() {
                { context.nothing("maps", "None: kernel threads and ended processes have no memory of their own.") }
            } else {
                if unusual > 0 { <p class="note">{ format!("{} worth a look, shown first. Runtimes that compile while they run (Java, JavaScript, .NET) have such memory too.", plural(unusual, "mapping is", "mappings are")) }</p> }
                if !problems.is_empty() { <p class="note">{ format!("{} not understood: see source.", plural(problems.len(), "line was", "lines were")) }</p> }
                <More count={grouped.len()} first={unusual.max(16)} {lines} what="mapped files" />
            }
        </Section>
    }
}

/// Lines of one group that are shown.
const LINES: usize = 200;

fn one(context: &Context, group: &Group, mappings: &[Mapping<'_>]) -> Html {
    let name =
        if group.path.is_empty() { "(no file)".to_owned() } else { clip(&group.path, 300).into_owned() };
    let areas = group.areas.iter().filter_map(|at| mappings.get(*at)).take(LINES);
    let line = |mapping: &Mapping<'_>| {
        let route =
            Route::source(&context.process().member(), "files/maps").with("line", &mapping.line.to_string());
        html! {
            <li class={Marks::of(mapping).any().then_some("unusual")}>
                <code>{ format!("{:012x}-{:012x} {}", mapping.start, mapping.end, mapping.permissions.as_str()) }</code>
                <span class="num">{ bytes(mapping.end.saturating_sub(mapping.start)) }</span>
                { source_of(&context.here, route, &format!("line {} of maps", mapping.line)) }
            </li>
        }
    };
    html! {
        <li><details open={group.marks.any() && group.areas.len() <= 8}>
            <summary><code>{ name }</code>{ for group.marks.words().into_iter().map(|word| badge("notable", word)) }
                <span class="note">{ format!("{} · {}", plural(group.areas.len(), "area", "areas"), bytes(group.bytes)) }</span></summary>
            <ul class="areas">{ for areas.map(line) }</ul>
        </details></li>
    }
}
