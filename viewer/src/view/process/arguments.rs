//! Arguments and environment: lists of strings that the process could choose.

use super::context::Context;
use super::section::Section;
use crate::format::{bytes, clip};
use crate::ui::copy::CopyButton;
use crate::ui::more::More;
use procglass_model::text::visible;
use procglass_proc::cmdline::{strings, variable};
use yew::prelude::*;

/// Characters of one argument that are shown in the page; the rest is one click away, in the bytes.
const LONGEST: usize = 4_000;

/// A string for the page, with its length where it is cut.
fn shown(string: &[u8]) -> Html {
    let text = clip(string, LONGEST).into_owned();
    let cut = text.ends_with('…') && string.len() > LONGEST;
    html! {
        <><code class="string">{ text }</code>
        if cut { <span class="note">{ format!(" {} in all: see source", bytes(string.len() as u64)) }</span> }</>
    }
}

/// One argument a line.
pub(super) fn arguments(context: &Context) -> Html {
    let cmdline = context.file("cmdline").unwrap_or_default();
    let number = strings(&cmdline).count();
    let inner = context.clone();
    let lines = Callback::from(move |limit: usize| {
        let cmdline = inner.file("cmdline").unwrap_or_default();
        let arguments = strings(&cmdline).take(limit);
        let line = |argument: &[u8]| {
            let value = if argument.is_empty() {
                html! { <span class="note">{ "(empty)" }</span> }
            } else {
                shown(argument)
            };
            html! { <li>{ value }</li> }
        };
        html! { <ol class="strings" start="0">{ for arguments.map(line) }</ol> }
    });
    let inner = context.clone();
    let text = Callback::from(move |()| {
        let cmdline = inner.file("cmdline").unwrap_or_default();
        let arguments = strings(&cmdline).map(visible);
        arguments.collect::<Vec<_>>().join("\n")
    });
    let tools = html! { <>{ context.source("files/cmdline") }<CopyButton {text} what="arguments" /></> };
    html! {
        <Section id="arguments" title="Arguments" number={number} {tools}>
            if number == 0 {
                { context.nothing("cmdline", "None: kernel threads have none, and a process may erase its own.") }
            } else {
                <More count={number} first={40} {lines} what="arguments" />
            }
        </Section>
    }
}

/// One variable a line.
pub(super) fn environment(context: &Context) -> Html {
    let environ = context.file("environ").unwrap_or_default();
    let number = strings(&environ).count();
    let inner = context.clone();
    let lines = Callback::from(move |limit: usize| {
        let environ = inner.file("environ").unwrap_or_default();
        let variables = strings(&environ).take(limit);
        let line = |string: &[u8]| {
            let (name, value) = variable(string);
            html! { <><dt><code>{ clip(name, 200).into_owned() }</code></dt><dd>{ shown(value) }</dd></> }
        };
        html! { <dl class="facts variables">{ for variables.map(line) }</dl> }
    });
    let inner = context.clone();
    let text = Callback::from(move |()| {
        strings(&inner.file("environ").unwrap_or_default()).map(visible).collect::<Vec<_>>().join("\n")
    });
    let redaction = context.data.snapshot.manifest.options.get("environ").and_then(serde_json::Value::as_str);
    let note = match redaction {
        Some("redacted") => {
            "Values that may be secret were replaced by a keyed hash when this was collected."
        }
        Some("keys") => "Only the names were collected.",
        _ => "",
    };
    let tools = html! { <>{ context.source("files/environ") }<CopyButton {text} what="environment" /></> };
    html! {
        <Section id="environment" title="Environment" number={number} {tools}>
            if number == 0 {
                { context.nothing("environ", "None.") }
            } else {
                if !note.is_empty() { <p class="note">{ note }</p> }
                <More count={number} first={40} {lines} what="variables" />
            }
        </Section>
    }
}
