//! What was found, in plain words; the proof is folded, and the page of findings has the rest.

use crate::format::plural;
use crate::state::{Data, Here, Route};
use crate::view::findings::{chain, level};
use procglass_findings::{Findings, Severity, Story, Verdict};
use yew::prelude::*;

/// Stories on the first page.
const STORIES: usize = 5;

/// The section.
pub(super) fn section(here: &Here, data: &Data) -> Html {
    let Some(findings) = data.snapshot.findings_if_ready() else { return Html::default() };
    let serious: Vec<&Story> =
        findings.stories.iter().filter(|story| story.severity >= Severity::Medium).collect();
    let page = here.going(Route::to("findings")).hash();
    let nothing = Verdict::of(&data.snapshot, findings).nothing;
    let rest = findings.stories.len() - serious.len().min(STORIES);
    html! {
        <section class="list found" data-testid="overview-findings"><h2>{ "What was found" }</h2>
            if serious.is_empty() { <p class="empty">{ nothing }</p> }
            { for serious.iter().take(STORIES).map(|one| story(here, data, findings, one)) }
            <p class="note"><a href={page} data-testid="all-findings">{ match rest {
                0 => "The findings with their proof, and what was checked".to_owned(),
                _ => format!("{} more, with proof, and what was checked", rest),
            } }</a></p>
        </section>
    }
}

fn story(here: &Here, data: &Data, findings: &Findings, story: &Story) -> Html {
    let parts: Vec<_> = story.findings.iter().filter_map(|place| findings.all.get(*place)).collect();
    let whys: Vec<&str> =
        parts.iter().filter(|one| one.severity >= Severity::Medium).map(|one| one.rule.why).collect();
    html! {
        <div class={classes!("story", "brief", story.severity.word())} data-testid="story">
            <header>{ level(story.severity) }<p class="story-sentence"><bdi>{ story.sentence.clone() }</bdi></p></header>
            { chain(here, data, findings, story) }
            <details class="fold"><summary>{ format!("Why it matters · proof ({})", plural(parts.iter().map(|one| one.proofs.len()).sum(), "point", "points")) }</summary>
                { for whys.into_iter().map(|why| html! { <p>{ why }</p> }) }
                { for parts.iter().map(|one| crate::view::findings::finding(here, data, one)) }
            </details>
        </div>
    }
}
