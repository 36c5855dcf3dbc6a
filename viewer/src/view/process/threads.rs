//! The threads of a process.

use super::context::Context;
use super::section::Section;
use crate::format::{clip, count, cpu_time};
use crate::ui::more::More;
use procglass_proc::stat;
use procglass_snapshot::analysis::children;
use procglass_snapshot::analysis::children::Started;
use yew::prelude::*;

/// The section; one thread needs none.
pub(super) fn section(context: &Context) -> Html {
    let number = context.record.threads.len();
    if number < 2 {
        return Html::default();
    }
    let inner = context.clone();
    let started = children::started(&context.data.snapshot, &context.record);
    let any = !started.is_empty();
    let lines = Callback::from(move |limit: usize| {
        let ticks = inner.data.snapshot.manifest.clock_ticks;
        let row = |thread: &procglass_model::bundle::Thread| {
            let name = thread
                .comm
                .as_ref()
                .map(|comm| clip(comm.strip_suffix(b"\n").unwrap_or(comm), 60).into_owned());
            let stat = thread.stat.as_ref().and_then(|stat| stat::parse(stat).ok());
            html! {
                <tr><td class="num">{ thread.tid }</td><td><bdi>{ name.unwrap_or_else(|| "not collected".into()) }</bdi></td>
                    <td>{ stat.as_ref().map(|stat| char::from(stat.state).to_string()).unwrap_or_default() }</td>
                    <td class="num">{ stat.map(|stat| cpu_time(stat.utime.saturating_add(stat.stime), ticks)).unwrap_or_default() }</td>
                    if any {
                        <td>{ for children_of(&inner, &started, thread.tid) }</td>
                    }
                </tr>
            }
        };
        html! {
            <div class="scroll-x"><table class="mini"><thead><tr><th class="num">{ "Thread" }</th><th>{ "Name" }</th><th>{ "State" }</th><th class="num">{ "CPU time" }</th>if any { <th>{ "Children" }</th> }</tr></thead>
                <tbody>{ for inner.record.threads.iter().take(limit).map(row) }</tbody></table></div>
        }
    });
    html! {
        <Section id="threads" title="Threads" number={number} tools={context.source("threads")}>
            <More count={number} first={20} {lines} what="threads" />
        </Section>
    }
}

/// Children shown for a thread; all of them stand among the process's facts.
const SHOWN: usize = 8;

/// The processes that a thread started.
fn children_of(context: &Context, started: &[Started], tid: u32) -> Vec<Html> {
    let snapshot = &context.data.snapshot;
    let own = started.iter().find(|started| started.tid == tid).map_or(&[][..], |started| &started.children);
    let mut list: Vec<_> = own
        .iter()
        .take(SHOWN)
        .map(|pid| match snapshot.by_pid(*pid) {
            Some(index) => html! { <>{ context.link(index) }{ " " }</> },
            None => html! { format!("{pid} (not in this snapshot) ") },
        })
        .collect();
    if own.len() > SHOWN {
        list.push(html! { format!("and {} more", count(own.len() - SHOWN)) });
    }
    list
}
