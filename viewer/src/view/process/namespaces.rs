//! Which parts of the system a process sees.

use super::context::Context;
use super::section::Section;
use procglass_snapshot::Namespaces;
use yew::prelude::*;

/// What each kind separates.
const KINDS: [(&str, &str); 8] = [
    ("cgroup", "control groups"),
    ("ipc", "shared memory and message queues"),
    ("mnt", "mounts, and so files"),
    ("net", "network"),
    ("pid", "process ids"),
    ("time", "clocks"),
    ("user", "user ids and capabilities"),
    ("uts", "host name"),
];

/// The section.
pub(super) fn section(context: &Context) -> Html {
    let own = context.process().namespaces;
    let first = context
        .data
        .snapshot
        .by_pid(1)
        .and_then(|index| context.data.snapshot.process(index))
        .map(|process| process.namespaces);
    if own == Namespaces::default() {
        return html! { <Section id="namespaces" title="Namespaces">{ context.nothing("ns/net", "Not known.") }</Section> };
    }
    let row = |((kind, inode), (_, why)): ((&'static str, Option<u64>), (&str, &str))| {
        let of_first = first.and_then(|first| first.list().into_iter().find(|(name, _)| *name == kind)?.1);
        let shared = match (inode, of_first) {
            (Some(own), Some(first)) if own == first => "the same as process 1",
            (Some(_), Some(_)) => "its own, not that of process 1",
            (Some(_), None) => "that of process 1 is not known",
            (None, _) => "not collected",
        };
        let class = (inode.is_some() && of_first.is_some() && inode != of_first).then_some("unusual");
        html! { <tr {class}><td>{ kind }</td><td>{ why.to_owned() }</td><td class="num">{ inode.map(|inode| inode.to_string()).unwrap_or_default() }</td><td>{ shared }</td></tr> }
    };
    html! {
        <Section id="namespaces" title="Namespaces" tools={context.source("links")}>
            <div class="scroll-x"><table class="mini"><thead><tr><th>{ "Kind" }</th><th>{ "Separates" }</th><th class="num">{ "Inode" }</th><th>{ "Which" }</th></tr></thead>
                <tbody>{ for own.list().into_iter().zip(KINDS).map(row) }</tbody></table></div>
        </Section>
    }
}
