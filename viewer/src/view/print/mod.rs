//! On paper: the summary, everything, or what the present page is about. The content is made by `procglass_report`, so
//! it is what a report says with scripts off; no list of the screen, which makes only the rows in sight, is printed.

use crate::state::{Route, use_data, use_filter};
use crate::ui::dom::window;
use crate::ui::timer::Timer;
use procglass_model::text::visible;
use procglass_report::{Element, Node, Part, Source, full, paper, summary_of};
use yew::prelude::*;

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paper {
    /// At most two pages.
    Summary,
    /// Summary and every part.
    Full,
    /// One part, as far as the filter lets it pass.
    Part(Part),
}

impl Paper {
    /// What stands for a page when the browser's own command prints it; `None` where the page itself can be printed.
    pub(crate) fn of(route: &Route) -> Option<Self> {
        Some(match route.page.as_str() {
            "" => Self::Summary,
            "findings" => Self::Part(Part::Findings),
            "notes" => Self::Part(Part::Notes),
            "processes" | "timeline" => Self::Part(Part::Processes),
            "network" => Self::Part(Part::Sockets),
            "files" => Self::Part(Part::Files),
            "evidence" if route.id.is_empty() => Self::Part(Part::Problems),
            _ => return None,
        })
    }
}

/// Properties of [`Printed`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) paper: Paper,
    /// Whether the browser still has to be asked to print.
    pub(crate) asks: bool,
}

/// The paper: not seen on the screen.
#[component]
pub(crate) fn Printed(props: &Props) -> Html {
    let (data, filter) = (use_data(), use_filter());
    use_effect_with(props.asks, |asks| {
        // After the layout, so that nothing is missing.
        let timer = asks.then(|| Timer::after(50, || drop(window().map(|window| window.print())))).flatten();
        move || drop(timer)
    });
    let Some(data) = data else { return Html::default() };
    let content = use_memo((data, filter, props.paper), |(data, filter, kind)| {
        let (snapshot, origin) = (&data.snapshot, &data.origin);
        let source = Source { file: &origin.name, sha256: &origin.sha256, snapshot };
        let content = match kind {
            Paper::Summary => summary_of(&source),
            Paper::Full => {
                let mut all = summary_of(&source);
                all.children.push(full(snapshot, &Part::ALL, filter, &filter.text).into());
                all
            }
            Paper::Part(part) => full(snapshot, &[*part], filter, &filter.text),
        };
        paper(&source, content)
    });
    html! { <div class="print" data-testid="print">{ drawn(&content) }</div> }
}

/// Not deeper than the code that made it.
fn drawn(element: &Element) -> Html {
    let children = element.children.iter().map(|child| match child {
        Node::Text(text) => html! { { visible(text.as_bytes()).into_owned() } },
        Node::Element(element) => drawn(element),
    });
    if element.name == "br" {
        return html! { <br /> };
    }
    html! { <@{element.name} class={element.class}>{ for children }</@> }
}
