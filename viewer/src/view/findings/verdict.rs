//! The whole in one sentence, with how sure it is.

use crate::state::Data;
use crate::ui::icon::Icon;
use procglass_findings::{Certainty, Severity, Verdict};
use yew::prelude::*;

/// The sentence at the top of the first page and of the findings.
pub(crate) fn verdict(data: &Data) -> Html {
    let Some(findings) = data.snapshot.findings_if_ready() else {
        return html! { <section class="judgement" aria-busy="true"><p class="note">{ "Looking for what is wrong here…" }</p></section> };
    };
    let verdict = Verdict::of(&data.snapshot, findings);
    let (class, icon) = match verdict.severity {
        Some(Severity::Critical | Severity::High) => ("bad", Icon::Warning),
        Some(Severity::Medium) => ("warning", Icon::Warning),
        // Nothing found in a part is not good news.
        _ if verdict.certainty == Certainty::Damaged => ("warning", Icon::Help),
        Some(Severity::Low | Severity::Note) | None => ("good", Icon::Done),
    };
    let sure = match verdict.certainty {
        Certainty::Full => "Every check could look everywhere.",
        Certainty::Partial => "Not every check could look everywhere.",
        Certainty::Damaged => "The bundle does not hold everything.",
    };
    html! {
        <section class={classes!("judgement", class)} data-testid="verdict" aria-label="Verdict">
            <p class="judgement-sentence">{ icon.html() }<bdi>{ verdict.sentence }</bdi></p>
            <details class="fold"><summary>{ format!("How sure is this? {sure}") }</summary>
                <ul>{ for verdict.limits.into_iter().map(|limit| html! { <li>{ limit }</li> }) }</ul></details>
        </section>
    }
}
