//! One finding: what, why it matters, the proof, and what to do next.

use super::level::level;
use crate::format::clip;
use crate::state::{Data, Here, Route};
use crate::view::{links, notes};
use procglass_findings::attack::technique;
use procglass_findings::{Finding, Proof};
use procglass_notes::On;
use yew::prelude::*;

/// The finding, folded; its head says it all in a line.
pub(crate) fn finding(here: &Here, data: &Data, finding: &Finding) -> Html {
    let rule = finding.rule;
    let (said, on) = (data.snapshot.notes(), On::finding(&data.snapshot, finding));
    let of_process = finding.process.into_iter().flat_map(|index| said.of_process(index));
    let word = if said.of_finding(finding).next().is_none() { "add a note" } else { "change the note" };
    let process = finding.process.map(|index| links::process(here, data, index));
    html! {
        <details class="finding" data-testid="finding" data-rule={rule.id}>
            <summary>{ level(finding.severity) }<span class="finding-title">{ rule.title }{ notes::badge_of(said.of_finding(finding)) }</span>
                <span class="finding-what"><bdi>{ finding.sentence(&data.snapshot) }</bdi></span></summary>
            <div class="finding-body">
                { for said.of_finding(finding).chain(of_process).map(notes::said) }
                <p class="why">{ rule.why }</p>
                { reasons("More serious because", &finding.raised) }
                { reasons("Less serious because", &finding.lowered) }
                <h3>{ "Proof" }</h3>
                <ul class="proofs">{ for finding.proofs.iter().map(|one| proof(here, one)) }</ul>
                <h3>{ "What to do next" }</h3>
                <ol class="next">{ for rule.next.iter().map(|step| html! { <li>{ *step }</li> }) }</ol>
                <details class="fold"><summary>{ "For the specialist" }</summary>
                    <dl class="facts">
                        <dt>{ "looked at" }</dt><dd>{ rule.detail }</dd>
                        <dt>{ "harmless when" }</dt><dd>{ rule.harmless.join(" ") }</dd>
                        <dt>{ "cannot see" }</dt><dd>{ rule.blind }</dd>
                        <dt>{ "ATT&CK" }</dt><dd>{ for rule.attack.iter().map(|id| html! { <div>{ format!("{id} {}", technique(id).unwrap_or_default()) }</div> }) }</dd>
                        <dt>{ "rule" }</dt><dd><code>{ rule.id }</code></dd>
                    </dl></details>
                <p>{ notes::add(&on, word) }</p>
                { process.map(|process| html! { <p class="note">{ "Process: " }{ process }</p> }).unwrap_or_default() }
            </div>
        </details>
    }
}

fn reasons(head: &'static str, reasons: &[std::borrow::Cow<'static, str>]) -> Html {
    if reasons.is_empty() {
        return Html::default();
    }
    html! { <p class="note">{ format!("{head}: {}.", reasons.join("; ")) }</p> }
}

/// The bytes, and the way to where they are.
fn proof(here: &Here, proof: &Proof) -> Html {
    let (route, what) = place(&proof.member);
    html! {
        <li><code class="string">{ clip(proof.excerpt.as_bytes(), 400).into_owned() }</code>
            <span class="proof-place"><span class="note">{ proof.member.clone() }</span>{ links::source_of(here, route, &what) }</span></li>
    }
}

/// `process/7.json#files/maps:12` is a member, a part of it, and a line of that.
pub(crate) fn place(text: &str) -> (Route, String) {
    let line = text.rsplit_once(':').and_then(|(place, line)| Some((place, line.parse::<u32>().ok()?)));
    let (text, line) = line.map_or((text, None), |(text, line)| (text, Some(line)));
    let (member, part) = text.split_once('#').unwrap_or((text, ""));
    let route = Route::source(member, part);
    let route = match line {
        Some(line) => route.with("line", &line.to_string()),
        None => route,
    };
    (route, if part.is_empty() { member.to_owned() } else { part.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lead_to_bytes() {
        let hash = |text: &str| place(text).0.hash();
        assert_eq!(hash("process/7.json#links/exe"), Route::source("process/7.json", "links/exe").hash());
        assert_eq!(hash("net/1/tcp:4"), Route::source("net/1/tcp", "").with("line", "4").hash());
        let maps = Route::source("process/7.json", "files/maps").with("line", "12");
        assert_eq!(hash("process/7.json#files/maps:12"), maps.hash());
    }
}
