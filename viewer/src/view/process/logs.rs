//! What logs say of a process.

use super::section::Section;
use crate::state::{SYSTEM, use_here, use_logs};
use crate::view::logs::of_process;
use procglass_systems::{RowIndex, SystemIndex};
use yew::prelude::*;

/// Properties of [`SeenInLogs`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) pid: u32,
    pub(super) start_ticks: u64,
}

/// The section; nothing where no log was read.
#[component]
pub(super) fn SeenInLogs(props: &Props) -> Html {
    let (here, logs) = (use_here(), use_logs());
    let Some(found) = logs.found else { return Html::default() };
    let system = SystemIndex(here.param(SYSTEM).parse().unwrap_or(0));
    let row = found.register.get(system).and_then(|system| {
        let same = |row: &procglass_systems::ProcessRow| {
            row.pid == props.pid && row.start_ticks == props.start_ticks
        };
        system.processes.iter().position(same).and_then(|at| u32::try_from(at).ok())
    });
    let html = row.and_then(|row| of_process(&found, system, RowIndex(row)));
    html! {
        <Section id="logs" title="Seen in logs">
            { html.unwrap_or_else(|| html! { <p class="empty">{ "No record of the logs that were read names this process." }</p> }) }
        </Section>
    }
}
