//! Integrity in words, and who collected what with which options.

use crate::format::{bytes, clip, count, moment};
use crate::state::{QUERY, Route, use_data, use_here};
use crate::ui::banner::{Tone, banner};
use crate::ui::copy::copy_text;
use crate::ui::facts::{code_fact, fact, facts, text_fact};
use procglass_model::Timestamp;
use procglass_model::bundle::{Integrity, Verdict};
use yew::prelude::*;

/// The page.
#[component]
pub(super) fn About() -> Html {
    let (here, data) = (use_here(), use_data());
    let Some(data) = data else { return Html::default() };
    let manifest = &data.snapshot.manifest;
    let collector = &manifest.collector;
    let given = |text: &Option<String>| text.as_ref().map(|text| clip(text.as_bytes(), 2_000).into_owned());
    let option = |(name, value): (&String, &serde_json::Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        html! { <><dt><code>{ clip(format!("--{name}").as_bytes(), 60).into_owned() }</code></dt><dd>{ clip(value.as_bytes(), 400).into_owned() }</dd></> }
    };
    let outcomes = data.snapshot.outcomes.as_ref();
    let finished = outcomes.and_then(|outcomes| Timestamp::parse(&outcomes.finished)).map(moment);
    let hash = html! { <><code class="hash">{ &data.origin.sha256 }</code>{ copy_text(&data.origin.sha256, "hash") }</> };
    let manifest_link = here.going(Route::source("manifest.json", "")).with(QUERY, "").hash();
    html! {
        <div class="prose" data-testid="about">
            <section class="list"><h2>{ "Can it be trusted?" }</h2>
                { integrity(&data.snapshot.integrity) }
                <p class="note">{ "The check finds accidents. Somebody who changes evidence on purpose can change the sums with it; against that helps only the hash of the whole file, noted when it was collected:" }</p>
                { facts(html! { <>{ fact("SHA-256 of the bundle", Some(hash)) }{ text_fact("file", Some(format!("{}, {}; {} unpacked", data.origin.name, bytes(data.snapshot.integrity.compressed_bytes), bytes(data.snapshot.integrity.raw_bytes)))) }</> }) }
                if let Some(stopped) = &data.stopped { { banner(Tone::Bad, html! { <p>{ stopped.clone() }</p> }) } }
            </section>
            <section class="list"><h2>{ "Where it comes from" }<a class="quiet" href={manifest_link}>{ "manifest.json" }</a></h2>
                { facts(html! { <>
                    { text_fact("case", given(&manifest.case)) }
                    { text_fact("operator", given(&manifest.operator)) }
                    { text_fact("note", given(&manifest.note)) }
                    { text_fact("begun", data.snapshot.captured().map(moment)) }
                    { text_fact("finished", finished) }
                    { text_fact("made by", Some(clip(format!("{} {}", manifest.tool, manifest.tool_version).as_bytes(), 120).into_owned())) }
                    { text_fact("format", Some(manifest.format.to_string())) }
                    { code_fact("snapshot id", Some(clip(manifest.snapshot_id.as_bytes(), 80).into_owned())) }
                    { text_fact("collector", Some(format!("process {}, user id {}, group id {}", collector.pid, collector.uid, collector.gid))) }
                    { code_fact("its capabilities", given(&collector.capabilities)) }
                    { text_fact("ptrace_scope of yama", given(&collector.yama)) }
                    { text_fact("hidepid of /proc", given(&collector.hidepid)) }
                </> }) }
            </section>
            <section class="list"><h2>{ "Options in force" }</h2><dl class="facts">{ for manifest.options.iter().map(option) }</dl></section>
            if let Some(outcomes) = outcomes {
                <section class="list"><h2>{ "How the collection went" }</h2>
                    { facts(html! { <>
                        { text_fact("complete", Some(if outcomes.complete { "yes" } else { "no: a limit or a signal ended it early" })) }
                        { text_fact("processes listed", Some(outcomes.processes_listed.to_string())) }
                        { text_fact("processes read", Some(outcomes.processes_read.to_string())) }
                        { text_fact("ended meanwhile", Some(outcomes.processes_vanished.to_string())) }
                        { for outcomes.counts.iter().map(|(name, number)| html! { <><dt>{ clip(name.as_bytes(), 60).into_owned() }</dt><dd>{ number.to_string() }</dd></> }) }
                    </> }) }
                    <ul>{ for outcomes.limits.iter().map(|limit| html! { <li class="missing">{ clip(limit.as_bytes(), 300).into_owned() }</li> }) }</ul>
                </section>
            }
        </div>
    }
}

fn integrity(integrity: &Integrity) -> Html {
    let tone = match integrity.verdict() {
        Verdict::Intact => Tone::Good,
        Verdict::Incomplete => Tone::Warning,
        Verdict::Damaged => Tone::Bad,
    };
    let list = |title: &'static str, names: &[String]| {
        if names.is_empty() {
            return Html::default();
        }
        html! { <details><summary>{ format!("{} {title}", count(names.len())) }</summary><ul>{ for names.iter().take(200).map(|name| html! { <li><code>{ clip(name.as_bytes(), 200).into_owned() }</code></li> }) }</ul></details> }
    };
    banner(
        tone,
        html! {
            <>
                <p><strong>{ format!("This bundle is {}.", integrity.sentence()) }</strong></p>
                { list("members differ", &integrity.mismatched) }
                { list("members are missing", &integrity.missing) }
                { list("members are not listed", &integrity.unlisted) }
                { list("kinds of damage", &integrity.remarks().cloned().collect::<Vec<_>>()) }
            </>
        },
    )
}
