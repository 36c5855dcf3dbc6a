//! Logs of firewalls and clouds, joined to the systems that are open: from a line to the process, and back.

mod files;
mod rows;
mod seen;
mod talkers;
mod totals;

pub(super) use seen::of_process;

use super::Page;
use crate::format::{bytes, count, float, plural, whole};
use crate::load::chosen;
use crate::state::{Actions, Logs, Reading, use_go, use_here, use_logs};
use crate::ui::dom::set_property;
use crate::ui::icon::Icon;
use crate::ui::tabs::Tabs;
use crate::view::cut::CutAmong;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Its line in the list of pages.
pub(super) const PAGE: Page =
    Page { name: NAME, word: "Logs", icon: Icon::Logs, count: None, html: || html! { <LogsPage /> } };

/// Its name in links.
pub(super) const NAME: &str = "logs";
/// Parameter: which of the tables.
const SHOW: &str = "show";

#[component]
fn LogsPage() -> Html {
    let (here, go, logs) = (use_here(), use_go(), use_logs());
    let onchoose = Callback::from({
        let here = here.clone();
        move |value: AttrValue| go.to((*here.0).clone().with(SHOW, &value))
    });
    let Logs { found, reading, .. } = &logs;
    let choices: Vec<(AttrValue, AttrValue)> =
        [("", "Records"), ("seen", "Processes"), ("talkers", "Unknown talkers"), ("files", "Log files")]
            .map(|(value, word)| (value.into(), word.into()))
            .to_vec();
    html! {
        <div class="stack logs-page">
            { reading.as_ref().map(|reading| html! { <Progress reading={reading.clone()} onstop={logs.stop.clone()} /> }).unwrap_or_default() }
            { match found {
                None if reading.is_none() => html! { <article class="prose"><h1>{ "Logs" }</h1>
                    <p>{ "Drop the log of a firewall or of a cloud's network here, and each of its lines leads to the system and the process that it is about, with how sure that is." }</p>
                    <Choose />
                    <p class="note">{ "AWS VPC flow logs, Network Firewall and load balancers, the Linux kernel's packet filter, Suricata, Zeek, Azure and Google Cloud flow logs, and any table with a header; plain or gzip. They are read here, in this page, and go nowhere." }</p></article> },
                None => Html::default(),
                Some(found) => html! {
                    <>
                        <h1 class="offscreen">{ "Logs" }</h1><div class="toolbar"><Tabs {choices} chosen={here.param(SHOW).to_owned()} label="What to show" {onchoose} /><Choose />
                            <p class="tally" role="status" data-testid="logs-tally">{ format!("{}, {} of them about these systems", plural(whole(float_of(found.correlator.counts().records)), "record", "records"), count(whole(float_of(found.correlator.counts().matched)))) }</p></div>
                        <CutAmong />
                        { match here.param(SHOW) {
                            "seen" => html! { <seen::SeenTable /> },
                            "talkers" => html! { <talkers::Talkers /> },
                            "files" => html! { <files::Files /> },
                            _ => html! { <rows::Records /> },
                        } }
                    </>
                },
            } }
        </div>
    }
}

/// Counts of records stay far below what a float holds exactly.
fn float_of(number: u64) -> f64 {
    float(usize::try_from(number).unwrap_or(usize::MAX))
}

/// The way for those who do not drag.
#[component]
fn Choose() -> Html {
    let actions = use_context::<Actions>();
    let onchange = Callback::from(move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let inputs = chosen(input.as_ref().and_then(HtmlInputElement::files));
        if let Some(actions) = &actions {
            actions.open.emit(inputs);
        }
        // The same file may be chosen again.
        if let Some(input) = input {
            input.set_value("");
        }
    });
    html! { <label class="choose-file">{ Icon::Open.html() }<span>{ "Choose log files" }</span><input type="file" multiple=true data-testid="log-input" {onchange} /></label> }
}

/// Properties of [`Progress`].
#[derive(Properties, PartialEq)]
struct ProgressProps {
    reading: Reading,
    onstop: Callback<()>,
}

#[component]
fn Progress(props: &ProgressProps) -> Html {
    let bar = use_node_ref();
    let Reading { name, done, total, records } = &props.reading;
    let thousandths = whole(float(*done) / float((*total).max(1)) * 1_000.0).min(1_000);
    use_effect_with(thousandths, {
        let bar = bar.clone();
        move |thousandths| {
            if let Some(bar) = bar.cast::<web_sys::Element>() {
                set_property(&bar, "transform", &format!("scaleX(calc({thousandths} / 1000))"));
            }
        }
    });
    let onclick = props.onstop.reform(|_: MouseEvent| ());
    html! {
        <div class="toolbar" data-testid="log-progress">
            <span>{ "Reading " }<bdi>{ name }</bdi></span>
            <div class="progress" role="progressbar" aria-label="reading logs" aria-valuemin="0" aria-valuemax="100" aria-valuenow={(thousandths / 10).to_string()}><div ref={bar} class="progress-bar" /></div>
            <span class="note">{ format!("{} of {} · {} records", bytes(*done as u64), bytes(*total as u64), count(whole(float_of(*records)))) }</span>
            <button type="button" {onclick}>{ "Stop" }</button>
        </div>
    }
}
