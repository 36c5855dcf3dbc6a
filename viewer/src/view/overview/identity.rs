//! What system this is, in sentences and in facts.

use crate::format::{bytes, clip, duration, moment};
use crate::state::{Data, Here};
use crate::ui::copy::copy_text;
use crate::ui::facts::{code_fact, fact, facts, text_fact};
use crate::view::findings::place;
use crate::view::links;
use procglass_model::Timestamp;
use procglass_model::bundle::Tree;
use procglass_snapshot::analysis::capability;
use procglass_systems::Who;
use yew::prelude::*;

/// The head of the page: which system, and when.
pub(super) fn head(data: &Data) -> Html {
    html! {
        <header class="identity">
            <h1><bdi>{ data.snapshot.host_name() }</bdi></h1>
            <p class="sentence">{ sentence(data) }</p>
        </header>
    }
}

/// Whose it is: addresses, account, cluster, task, image, pod, each with its source.
pub(super) fn whose(here: &Here, data: &Data) -> Html {
    let line = |line: &Who| {
        let source = line.proof.as_ref().map(|proof| {
            let (route, what) = place(&proof.member);
            links::source_of(here, route, &what)
        });
        let value = clip(line.value.as_bytes(), 500).into_owned();
        fact(line.word, Some(html! { <><bdi>{ value }</bdi>{ " " }{ source }</> }))
    };
    if data.who().is_empty() {
        return Html::default();
    }
    html! {
        <section class="list" aria-label="Whose it is" data-testid="whose"><h2>{ "Whose it is" }</h2>
            { facts(html! { <>{ for data.who().iter().map(line) }</> }) }
        </section>
    }
}

/// What it is, in facts.
pub(super) fn section(data: &Data) -> Html {
    let snapshot = &data.snapshot;
    let manifest = &snapshot.manifest;
    let collector = &manifest.collector;
    let capabilities = collector.capabilities.as_ref().and_then(|set| u64::from_str_radix(set, 16).ok());
    let by = match (collector.uid, capabilities) {
        (0, Some(set)) => format!("root, with the capabilities: {}", capability::words(set)),
        (uid, Some(0)) => {
            format!("user id {uid}, without special rights: much of other users' processes stays unseen")
        }
        (uid, Some(set)) => format!("user id {uid}, with the capabilities: {}", capability::words(set)),
        (uid, None) => format!("user id {uid}"),
    };
    let since_boot =
        snapshot.captured().zip(snapshot.boot).map(|(captured, boot)| captured.seconds() - boot.seconds());
    let boot = snapshot.boot.map(|boot| match since_boot.and_then(|seconds| u64::try_from(seconds).ok()) {
        Some(seconds) => format!("{}, {} before the capture", moment(boot), duration(seconds)),
        None => moment(boot),
    });
    let given = |text: &Option<String>| text.as_ref().map(|text| clip(text.as_bytes(), 500).into_owned());
    let hash = html! { <><code class="hash">{ &data.origin.sha256 }</code>{ copy_text(&data.origin.sha256, "hash") }</> };
    html! {
        <section class="list" aria-label="What it is"><h2>{ "What it is" }</h2>
            { facts(html! { <>
                { text_fact("case", given(&manifest.case)) }
                { text_fact("collected for", given(&manifest.operator)) }
                { text_fact("note", given(&manifest.note)) }
                { text_fact("collected by", Some(by)) }
                { text_fact("booted", boot) }
                { code_fact("kernel", Some(clip(format!("{} {}", manifest.kernel, manifest.architecture).as_bytes(), 200).into_owned())) }
                { text_fact("bundle", Some(format!("{}, {}", data.origin.name, bytes(snapshot.integrity.compressed_bytes)))) }
                { fact("SHA-256 of the bundle", Some(hash)) }
                { text_fact("integrity", Some(snapshot.integrity.sentence())) }
            </> }) }
        </section>
    }
}

fn sentence(data: &Data) -> String {
    let snapshot = &data.snapshot;
    let system = data.overview.distribution.clone().unwrap_or_else(|| "a Linux system".into());
    let when = snapshot.captured().map_or_else(|| "an unknown time".into(), moment);
    let took = Timestamp::parse(&snapshot.manifest.started)
        .zip(snapshot.outcomes.as_ref().and_then(|o| Timestamp::parse(&o.finished)))
        .map(|(from, to)| (to.0 - from.0) / 100_000_000)
        .filter(|tenths| *tenths >= 1)
        .map(|tenths| {
            format!(
                " Collecting took {}.{} s, so things may have changed meanwhile.",
                tenths / 10,
                tenths % 10
            )
        })
        .unwrap_or_default();
    let on = if snapshot.captured_at_most() { "not later than" } else { "on" };
    let copy = match snapshot.manifest.tree {
        Some(Tree::Copy) => " It was read from a copied tree, which is described by its own files.",
        _ => took.as_str(),
    };
    format!("{system}, as it was {on} {when}.{copy}")
}
