//! Where a process stands among the others, and its plain facts.

use super::context::Context;
use crate::format::{bytes, clip, count, cpu_time};
use crate::state::{Route, System};
use crate::ui::facts::{code_fact, fact, facts, text_fact};
use crate::ui::more::More;
use procglass_model::artefact::CHILDREN;
use procglass_model::text::visible;
use procglass_snapshot::ProcessIndex;
use procglass_snapshot::analysis::children;
use yew::prelude::*;

/// Absent children that are named.
const SHOWN: usize = 12;

/// Ancestors kept in the path; a longer one is cut in the middle.
const LONGEST: usize = 12;

/// The path from the first ancestor down to the process.
pub(super) fn ancestry(context: &Context) -> Html {
    let snapshot = &context.data.snapshot;
    let mut path = vec![context.index];
    // The model has no rings; the limit keeps a chain of thousands from filling the screen.
    while let Some(parent) =
        path.last().and_then(|last| snapshot.process(*last)).and_then(|process| process.parent)
    {
        path.push(parent);
    }
    path.reverse();
    let cut = path.len().saturating_sub(LONGEST);
    let step = |(at, index): (usize, &ProcessIndex)| {
        let last = at + 1 == path.len();
        if cut > 0 && (1..=cut).contains(&at) {
            let words = if at == 1 {
                html! { <li>{ format!("… {} more …", count(cut)) }</li> }
            } else {
                Html::default()
            };
            return words;
        }
        html! { <li aria-current={last.then_some("page")}>{ context.link(*index) }</li> }
    };
    html! {
        <nav class="ancestry" aria-label="Ancestry" data-testid="ancestry"><ol>{ for path.iter().enumerate().map(step) }</ol></nav>
    }
}

/// What stands where a file that would tell was not read.
const NOT_KNOWN: &str = "not known";

/// Plain facts and children.
pub(super) fn facts_of(context: &Context) -> Html {
    let process = context.process();
    let ticks = context.data.snapshot.manifest.clock_ticks;
    let path = |bytes: &Option<bstr::BString>| bytes.as_ref().map(|path| clip(path, 400).into_owned());
    let login = context
        .file("loginuid")
        .map(|uid| visible(uid.trim_ascii()).into_owned())
        .filter(|uid| uid != "4294967295");
    let tty = process.tty_nr.filter(|tty| *tty != 0).map(|tty| {
        // makedev of the kernel: minor bits 0-7 and 20-31, major 8-19.
        let (major, minor) = (tty >> 8 & 0xfff, tty & 0xff | tty >> 12 & 0xf_ff00);
        match major {
            136..=143 => format!("pts/{}", (major - 136) * 256 + minor),
            4 if minor < 64 => format!("tty{minor}"),
            4 => format!("ttyS{}", minor - 64),
            _ => format!("device {major}:{minor}"),
        }
    });
    let inner =
        process.ns_pid.get(1..).unwrap_or_default().iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let tracer = match process.tracer_pid {
        None => Some(html! { NOT_KNOWN }),
        Some(0) => None,
        Some(pid) => Some(match context.data.snapshot.by_pid(pid) {
            Some(index) => context.link(index),
            None => html! { format!("process {pid}, which is not in this snapshot") },
        }),
    };
    let or_unknown = |text: Option<String>| Some(text.unwrap_or_else(|| NOT_KNOWN.to_owned()));
    // Threads of the kernel have no memory of their own, and one that has ended has none left.
    let memory = match (process.rss_bytes, process.vsize_bytes) {
        (Some(0), _) => None,
        (rss, vsize) => or_unknown(
            rss.zip(vsize)
                .map(|(rss, vsize)| format!("{} resident, {} of address space", bytes(rss), bytes(vsize))),
        ),
    };
    let session = process.session.zip(process.pgrp);
    let children = context.data.snapshot.tree.children(context.index);
    let container = process.container_facts.as_deref();
    html! {
        <section class="section" data-testid="section-facts" aria-label="Facts">
            { facts(html! { <>
                { text_fact("state", Some(process.state_words())) }
                { text_fact("user", or_unknown(System::user(process))) }
                { text_fact("logged in as", login.map(|uid| format!("user id {uid}"))) }
                { text_fact("processor time", or_unknown(process.cpu_ticks.map(|spent| cpu_time(spent, ticks)))) }
                { text_fact("memory", memory) }
                { text_fact("threads", or_unknown(process.threads.map(|threads| count(threads as usize)))) }
                { code_fact("working directory", path(&process.cwd)) }
                { code_fact("root directory", path(&process.root).filter(|root| root != "/")) }
                { code_fact("container", path(&process.container)) }
                { code_fact("sandbox of its pod", container.and_then(|container| path(&container.sandbox))) }
                { fact("container known from", container.map(|container| html! { <>{ container.rule }{ " " }{ context.source(container.told.part) }</> })) }
                { code_fact("container runtime", container.and_then(|container| path(&container.runtime))) }
                { code_fact("Kubernetes pod", container.and_then(|container| path(&container.pod))) }
                { code_fact("ECS task", container.and_then(|container| path(&container.ecs_task))) }
                { text_fact("terminal", tty) }
                { text_fact("session", or_unknown(session.map(|(session, group)| format!("{session}, process group {group}")))) }
                { text_fact("pid inside its namespace", Some(inner).filter(|inner| !inner.is_empty())) }
                { fact("traced by", tracer) }
                { fact("children", (!children.is_empty()).then(|| descendants(context))) }
                { fact("children not in this snapshot", unseen(context)) }
            </> }) }
            <div class="tools">{ context.source("files/stat") }</div>
        </section>
    }
}

fn descendants(context: &Context) -> Html {
    let children = context.data.snapshot.tree.children(context.index).len();
    let inner = context.clone();
    let lines = Callback::from(move |limit: usize| {
        let list = inner.data.snapshot.tree.children(inner.index).iter().take(limit);
        html! { <ul class="inline">{ for list.map(|index| html! { <li>{ inner.link(*index) }</li> }) }</ul> }
    });
    let below = context.data.below(context.index);
    let only = context
        .here
        .going(Route::to("processes"))
        .with("root", &context.process().pid.to_string())
        .with("q", "")
        .hash();
    html! {
        <>
            <More count={children} first={12} {lines} what="children" />
            if below > children { <a href={only}>{ format!("{} below in all", count(below)) }</a> }
        </>
    }
}

/// What the kernel names as a child and the snapshot does not have.
fn unseen(context: &Context) -> Option<Html> {
    let (snapshot, record) = (&context.data.snapshot, &context.record);
    let absent = children::absent(snapshot, &children::started(snapshot, record));
    let (first, more) = absent.split_at_checked(SHOWN).unwrap_or((&absent, &[]));
    let mut text = first.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    if !more.is_empty() {
        text.push_str(&format!(" and {} more", count(more.len())));
    }
    let part = match record.threads.is_empty() {
        true => format!("files/{}", CHILDREN.path_of(record.pid)),
        false => "threads".into(),
    };
    (!absent.is_empty()).then(|| {
        html! { <>{ text }{ ": not asked for, ended or started while the snapshot was taken, or hidden. " }{ context.source(&part) }</> }
    })
}
