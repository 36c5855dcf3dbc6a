//! How serious something is: by word, shape and colour, so that none of them alone carries it.

use procglass_findings::Severity;
use yew::prelude::*;

/// The mark with its word.
pub(crate) fn level(severity: Severity) -> Html {
    html! { <span class={classes!("level", severity.word())}>{ shape(severity) }<span>{ severity.word() }</span></span> }
}

fn shape(severity: Severity) -> Html {
    let path = match severity {
        Severity::Critical => "M6 0 12 11H0z",
        Severity::High => "M6 0 12 6 6 12 0 6z",
        Severity::Medium => "M1 1h10v10H1z",
        Severity::Low => "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1",
        Severity::Note => "M0 5h12v2H0z",
    };
    html! { <svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true" focusable="false"><path d={path} fill="currentColor" /></svg> }
}
