//! A histogram of which a part can be chosen, with the pointer and with the keyboard.

use super::dom::set_property;
use crate::format::{float, whole};
use procglass_model::text::decimal;
use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::prelude::*;

/// Edges of the chosen part: the n-th is left of the n-th bar.
pub(crate) type Part = (usize, usize);

/// A line across the histogram.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    /// From 0, left, to 1, right.
    pub(crate) place: f64,
    /// What it marks.
    pub(crate) word: AttrValue,
}

/// Properties of [`Brush`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Heights of the bars.
    pub(crate) bars: Vec<usize>,
    /// What each bar says.
    pub(crate) titles: Vec<AttrValue>,
    /// Lines.
    pub(crate) marks: Vec<Mark>,
    /// The part in force.
    pub(crate) chosen: Option<Part>,
    /// What an edge is, in words.
    pub(crate) edge: Callback<usize, String>,
    /// Takes another part; `None` for none.
    pub(crate) onchoose: Callback<Option<Part>>,
    /// What is chosen, for those who hear it.
    pub(crate) label: AttrValue,
}

const HEIGHT: usize = 120;
const STEP: usize = 10;
/// Bars that PageUp and PageDown move an edge by.
const PAGE: usize = 10;

/// The histogram. Heights follow the square root, so that one beside a thousand is still seen.
#[component]
pub(crate) fn Brush(props: &Props) -> Html {
    let plot = use_node_ref();
    // While the pointer is down: where it came down, and where it is.
    let drag = use_state_eq(|| None::<(usize, usize)>);
    let count = props.bars.len();
    let shown = drag.map(|(from, to)| part(from, to)).or(props.chosen);
    use_effect_with((shown, props.marks.clone(), count), {
        let plot = plot.clone();
        move |(shown, marks, count)| {
            let Some(plot) = plot.cast::<Element>() else { return };
            let (from, to) = shown.unwrap_or((0, *count));
            let percent = |at: usize| format!("{}%", decimal(float(at) * 100.0 / float((*count).max(1))));
            set_property(&plot, "--from", &percent(from));
            set_property(&plot, "--to", &percent(to));
            let lines = plot.query_selector_all(".brush-mark").ok();
            for (at, mark) in (0..).zip(marks) {
                let line =
                    lines.as_ref().and_then(|lines| lines.get(at)).and_then(|line| line.dyn_into().ok());
                if let Some(line) = line {
                    set_property(&line, "left", &format!("{}%", decimal(mark.place * 100.0)));
                }
            }
        }
    });
    let bar_at = {
        let plot = plot.clone();
        move |event: &PointerEvent| {
            let area = plot.cast::<Element>()?.get_bounding_client_rect();
            let place = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
            Some(whole(place * float(count)).min(count.saturating_sub(1)))
        }
    };
    let onpointerdown = {
        let (drag, bar_at, plot) = (drag.setter(), bar_at.clone(), plot.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            // Not the event's own target: Yew listens at the root.
            if let (Some(plot), Some(bar)) = (plot.cast::<Element>(), bar_at(&event)) {
                let _ = plot.set_pointer_capture(event.pointer_id());
                drag.set(Some((bar, bar)));
            }
        })
    };
    let onpointermove = {
        let drag = drag.clone();
        Callback::from(move |event: PointerEvent| {
            if let (Some((from, _)), Some(bar)) = (*drag, bar_at(&event)) {
                drag.set(Some((from, bar)));
            }
        })
    };
    let onpointerup = {
        let (drag, onchoose) = (drag.clone(), props.onchoose.clone());
        Callback::from(move |_: PointerEvent| {
            if let Some((from, to)) = *drag {
                drag.set(None);
                onchoose.emit(Some(part(from, to)));
            }
        })
    };
    let onpointercancel = {
        let drag = drag.setter();
        Callback::from(move |_: PointerEvent| drag.set(None))
    };
    let (from, to) = shown.unwrap_or((0, count));
    let handle = |left: bool| {
        let (now, least, most) = if left { (from, 0, to.saturating_sub(1)) } else { (to, from + 1, count) };
        let onkeydown = {
            let onchoose = props.onchoose.clone();
            Callback::from(move |event: KeyboardEvent| {
                let next = match event.key().as_str() {
                    "ArrowRight" | "ArrowUp" => now + 1,
                    "ArrowLeft" | "ArrowDown" => now.saturating_sub(1),
                    "PageUp" => now + PAGE,
                    "PageDown" => now.saturating_sub(PAGE),
                    "Home" => least,
                    "End" => most,
                    "Escape" | "Delete" => {
                        event.prevent_default();
                        return onchoose.emit(None);
                    }
                    _ => return,
                };
                event.prevent_default();
                let next = next.clamp(least, most.max(least));
                onchoose.emit(Some(if left { (next, to) } else { (from, next) }));
            })
        };
        let (class, name) = if left { ("brush-handle from", "from") } else { ("brush-handle to", "to") };
        html! {
            <div {class} role="slider" tabindex="0" aria-label={name} aria-valuemin={least.to_string()} aria-valuemax={most.to_string()}
                aria-valuenow={now.to_string()} aria-valuetext={props.edge.emit(now)} data-testid={format!("brush-{name}")} {onkeydown} />
        }
    };
    html! {
        <div class="brush" role="group" aria-label={&props.label}>
            <div ref={plot} class={classes!("brush-plot", shown.is_some().then_some("chosen"))} data-testid="brush" {onpointerdown} {onpointermove} {onpointerup} {onpointercancel}>
                <svg viewBox={format!("0 0 {} {HEIGHT}", (count * STEP).max(1))} preserveAspectRatio="none" aria-hidden="true">{ bars(props) }</svg>
                <div class="brush-part" />
                { for props.marks.iter().map(|mark| html! { <div class={classes!("brush-mark", (mark.place > 0.5).then_some("right"))}><span>{ &mark.word }</span></div> }) }
                { handle(true) }{ handle(false) }
            </div>
        </div>
    }
}

fn bars(props: &Props) -> Html {
    let most = props.bars.iter().copied().max().unwrap_or(0).max(1);
    let bar = |((at, number), title): ((usize, &usize), &AttrValue)| {
        if *number == 0 {
            return Html::default();
        }
        let height = whole((float(*number) / float(most)).sqrt() * float(HEIGHT - 8)).max(3);
        html! {
            <rect x={(at * STEP).to_string()} y={(HEIGHT - height).to_string()} width={(STEP - 1).to_string()} height={height.to_string()}>
                <title>{ title }</title>
            </rect>
        }
    };
    html! { <>{ for props.bars.iter().enumerate().zip(&props.titles).map(bar) }</> }
}

/// Bars from one to another, in either order, as edges.
fn part(a: usize, b: usize) -> Part {
    (a.min(b), a.max(b) + 1)
}
