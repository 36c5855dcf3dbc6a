//! Resource limits and control groups.

use super::context::Context;
use super::section::Section;
use crate::format::clip;
use procglass_proc::{cgroup, limits};
use yew::prelude::*;

/// Resource limits.
pub(super) fn section(context: &Context) -> Html {
    let Some(text) = context.file("limits") else {
        return html! { <Section id="limits" title="Limits">{ context.nothing("limits", "Not known.") }</Section> };
    };
    let row = |limit: limits::Limit<'_>| {
        html! { <tr><td>{ limit.name.to_owned() }</td><td class="num">{ limit.soft.to_owned() }</td><td class="num">{ limit.hard.to_owned() }</td><td>{ limit.unit.to_owned() }</td></tr> }
    };
    html! {
        <Section id="limits" title="Limits" tools={context.source("files/limits")}>
            <details class="fold"><summary>{ "What it may use of the machine" }</summary>
                <div class="scroll-x"><table class="mini"><thead><tr><th>{ "Limit" }</th><th class="num">{ "In force" }</th><th class="num">{ "At most" }</th><th>{ "Unit" }</th></tr></thead>
                    <tbody>{ for limits::parse(&text).map(row) }</tbody></table></div>
            </details>
        </Section>
    }
}

/// Control groups.
pub(super) fn cgroups(context: &Context) -> Html {
    let Some(text) = context.file("cgroup") else {
        return html! { <Section id="cgroup" title="Control groups">{ context.nothing("cgroup", "Not known.") }</Section> };
    };
    let line = |entry: cgroup::Entry<'_>| {
        let controllers = if entry.hierarchy == 0 {
            "unified".to_owned()
        } else {
            clip(entry.controllers, 80).into_owned()
        };
        html! { <><dt>{ controllers }</dt><dd><code>{ clip(entry.path, 400).into_owned() }</code></dd></> }
    };
    html! {
        <Section id="cgroup" title="Control groups" tools={context.source("files/cgroup")}>
            <dl class="facts">{ for cgroup::parse(&text).take(40).map(line) }</dl>
        </Section>
    }
}
