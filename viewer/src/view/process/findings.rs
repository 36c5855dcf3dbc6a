//! What the rules found of this process.

use super::context::Context;
use super::section::Section;
use crate::view::findings::finding;
use yew::prelude::*;

/// The section; nothing where nothing was found.
pub(super) fn section(context: &Context) -> Html {
    let Some(findings) = context.data.snapshot.findings_if_ready() else { return Html::default() };
    let own: Vec<_> = findings.of_process(context.index).collect();
    if own.is_empty() {
        return Html::default();
    }
    html! {
        <Section id="findings" title="Findings" number={own.len()}>
            { for own.into_iter().map(|one| finding(&context.here, &context.data, one)) }
        </Section>
    }
}
