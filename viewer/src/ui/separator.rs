//! A line between two parts that can be moved: it sets how wide the part right of it is, as `--size` of what holds both.

use super::dom::set_property;
use crate::format::whole;
use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::prelude::*;

/// Properties of [`Separator`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Width of the right part in pixels; `None` for what the style sheet says.
    pub(crate) width: Option<usize>,
    /// Takes a new width; `None` for what the style sheet says.
    pub(crate) onwidth: Callback<Option<usize>>,
    /// What it parts, for those who hear it.
    pub(crate) label: AttrValue,
}

/// Neither part may vanish.
const LEAST: usize = 280;
/// Pixels that an arrow key moves it by.
const STEP: usize = 24;

/// The line.
#[component]
pub(crate) fn Separator(props: &Props) -> Html {
    let line = use_node_ref();
    let moving = use_mut_ref(|| None::<usize>);
    // What the right part measures now, where the style sheet decides.
    let measured = use_state_eq(|| LEAST);
    use_effect_with(props.width, {
        let (line, measured) = (line.clone(), measured.setter());
        move |width| {
            let Some((line, parent)) = parent(&line) else { return };
            set_property(&parent, "--size", &width.map(|width| format!("{width}px")).unwrap_or_default());
            let right = parent.get_bounding_client_rect().right() - line.get_bounding_client_rect().right();
            measured.set(whole(right));
        }
    });
    let most = move |parent: &Element| {
        whole(parent.get_bounding_client_rect().width()).saturating_sub(LEAST).max(LEAST)
    };
    let onpointerdown = Callback::from({
        let (line, moving) = (line.clone(), moving.clone());
        move |event: PointerEvent| {
            if let Some(line) = line.cast::<Element>() {
                event.prevent_default();
                let _ = line.set_pointer_capture(event.pointer_id());
                moving.replace(Some(0));
            }
        }
    });
    let onpointermove = Callback::from({
        let (line, moving) = (line.clone(), moving.clone());
        move |event: PointerEvent| {
            let Some((_, parent)) = parent(&line).filter(|_| moving.borrow().is_some()) else { return };
            let right = parent.get_bounding_client_rect().right();
            let width = whole(right - f64::from(event.client_x())).clamp(LEAST, most(&parent));
            moving.replace(Some(width));
            set_property(&parent, "--size", &format!("{width}px"));
        }
    });
    let onpointerup = Callback::from({
        let onwidth = props.onwidth.clone();
        move |_: PointerEvent| {
            if let Some(width) = moving.take().filter(|width| *width > 0) {
                onwidth.emit(Some(width));
            }
        }
    });
    let now = props.width.unwrap_or(*measured);
    let onkeydown = Callback::from({
        let (line, onwidth) = (line.clone(), props.onwidth.clone());
        move |event: KeyboardEvent| {
            let Some((_, parent)) = parent(&line) else { return };
            let next = match event.key().as_str() {
                "ArrowLeft" => Some(now + STEP),
                "ArrowRight" => Some(now.saturating_sub(STEP)),
                "Home" => Some(most(&parent)),
                "End" => Some(LEAST),
                "Enter" => None,
                _ => return,
            };
            event.prevent_default();
            onwidth.emit(next.map(|next| next.clamp(LEAST, most(&parent))));
        }
    });
    let back = props.onwidth.reform(|_: MouseEvent| None);
    html! {
        <div ref={line} class="separator" role="separator" aria-orientation="vertical" aria-label={&props.label} aria-valuenow={now.to_string()} aria-valuemin={LEAST.to_string()}
            tabindex="0" title="drag, or arrow keys; double click for the usual width" data-testid="separator" {onpointerdown} {onpointermove} {onpointerup} {onkeydown} ondblclick={back} />
    }
}

fn parent(line: &NodeRef) -> Option<(Element, Element)> {
    let line = line.cast::<Element>()?;
    let parent = line.parent_element()?.dyn_into::<Element>().ok()?;
    Some((line, parent))
}
