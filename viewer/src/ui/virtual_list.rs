//! A list that makes only the rows on the screen: the base of every table here.

use super::dom::{Listener, set_property};
use super::window::{Extent, Span};
use crate::format::{float, whole};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::Element;
use yew::prelude::*;

/// Height of a row of every grid; `--row` of the style sheet.
pub(crate) const ROW: usize = 28;

/// What somebody did with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowEvent {
    /// Which row.
    pub(crate) row: usize,
    /// `data-act` of the part that was hit; empty for the row itself.
    pub(crate) act: String,
    /// Whether it was a double click.
    pub(crate) double: bool,
}

/// A wish to see a row. Another number makes it another wish.
pub(crate) type Reveal = Option<(usize, usize)>;

/// Properties of [`VirtualList`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// How many rows there are.
    pub(crate) count: usize,
    /// Makes a row: an element with class `row` and the number as `data-row`.
    pub(crate) row: Callback<usize, Html>,
    /// Height of a row in pixels.
    #[prop_or(ROW)]
    pub(crate) height: usize,
    /// A head that stays in sight.
    #[prop_or_default]
    pub(crate) head: Html,
    /// Classes, which decide the columns.
    #[prop_or_default]
    pub(crate) class: Classes,
    /// Tracks of the columns, where the style sheet does not say them; and the pixels that they need beside `--name`.
    #[prop_or_default]
    pub(crate) template: AttrValue,
    /// See `template`.
    #[prop_or_default]
    pub(crate) least: usize,
    /// `grid`, `treegrid`, `table` or `list`.
    #[prop_or(AttrValue::Static("table"))]
    pub(crate) role: AttrValue,
    /// What it is, for those who hear it.
    pub(crate) label: AttrValue,
    /// Hook for tests.
    #[prop_or_default]
    pub(crate) testid: AttrValue,
    /// Id of the row that the keyboard is on.
    #[prop_or_default]
    pub(crate) active: Option<AttrValue>,
    /// A row to bring into view.
    #[prop_or_default]
    pub(crate) reveal: Reveal,
    /// Clicks on rows.
    #[prop_or_default]
    pub(crate) onrow: Callback<RowEvent>,
    /// Keys, with the number of rows on a page.
    #[prop_or_default]
    pub(crate) onkey: Callback<(KeyboardEvent, usize)>,
}

/// The list.
#[component]
pub(crate) fn VirtualList(props: &Props) -> Html {
    let (scroller, space, window) = (use_node_ref(), use_node_ref(), use_node_ref());
    let viewport = use_state_eq(|| 900.0_f64);
    let extent = Extent { count: props.count, row: float(props.height), viewport: *viewport };
    let at = use_state_eq(|| extent.span(0.0));
    // The rows may have become fewer since the last scroll.
    let span = match scroller.cast::<Element>() {
        Some(element) => extent.span(f64::from(element.scroll_top())),
        None => extent.span(0.0),
    };

    use_effect_with((), {
        let (scroller, viewport) = (scroller.clone(), viewport.setter());
        move |()| {
            let watch = scroller.cast::<Element>().and_then(|element| watch_size(&element, viewport));
            move || drop(watch)
        }
    });
    use_effect_with((extent, ()), {
        let (scroller, at) = (scroller.clone(), at.setter());
        move |(extent, ())| {
            let extent = *extent;
            let listener = scroller.cast::<Element>().map(|element| {
                Listener::new(&element.clone(), "scroll", move |_| {
                    at.set(extent.span(f64::from(element.scroll_top())));
                })
            });
            move || drop(listener)
        }
    });
    use_effect_with((props.template.clone(), props.least), {
        let scroller = scroller.clone();
        move |(template, least)| {
            if let Some(element) = scroller.cast::<Element>().filter(|_| !template.is_empty()) {
                set_property(&element, "--template", template);
                set_property(&element, "--least", &format!("{least}px"));
            }
        }
    });
    use_effect_with((span.top, extent.height()), {
        let (space, window) = (space.clone(), window.clone());
        move |(top, height)| {
            if let Some(space) = space.cast::<Element>() {
                set_property(&space, "height", &format!("{}px", whole(*height)));
            }
            if let Some(window) = window.cast::<Element>() {
                set_property(&window, "transform", &format!("translateY({}px)", pixels(*top)));
            }
        }
    });
    use_effect_with(props.reveal.map(|(_, wish)| wish), {
        let (scroller, reveal) = (scroller.clone(), props.reveal);
        move |_| {
            let Some(element) = scroller.cast::<Element>() else { return };
            let Some((row, _)) = reveal else { return };
            let extent = Extent { viewport: visible_height(&element), ..extent };
            if let Some(top) = extent.reveal(row, f64::from(element.scroll_top())) {
                element.scroll_to_with_x_and_y(f64::from(element.scroll_left()), top);
            }
        }
    });

    let onkeydown = {
        let (onkey, page) = (props.onkey.clone(), extent.page());
        Callback::from(move |event: KeyboardEvent| onkey.emit((event, page)))
    };
    let click = |double| {
        let onrow = props.onrow.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(event) = row_event(&event, double) {
                onrow.emit(event);
            }
        })
    };
    let focusable = props.role == "treegrid" || props.role == "grid";
    html! {
        <div ref={scroller} class={classes!("vlist", props.class.clone())} role={&props.role} aria-label={&props.label}
            data-testid={&props.testid} aria-rowcount={props.count.to_string()} aria-activedescendant={props.active.clone()}
            tabindex="0" data-focusable={focusable.to_string()} {onkeydown}>
            { props.head.clone() }
            <div ref={space} class="vlist-space" role="presentation">
                <div ref={window} class="vlist-window" role="rowgroup" onclick={click(false)} ondblclick={click(true)}>
                    { for rows(&span, &props.row) }
                </div>
            </div>
        </div>
    }
}

/// Rows have no keys: elements stay where they are and get other texts, which is measurably cheaper than moving them.
fn rows(span: &Span, row: &Callback<usize, Html>) -> impl Iterator<Item = Html> + use<> {
    let row = row.clone();
    span.rows.clone().map(move |at| row.emit(at))
}

/// A whole number of pixels, which may be negative: half a pixel would blur the text.
fn pixels(distance: f64) -> String {
    if distance < 0.0 { format!("-{}", whole(-distance)) } else { whole(distance).to_string() }
}

/// Which row an event hit. Links do their own work.
fn row_event(event: &MouseEvent, double: bool) -> Option<RowEvent> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    if target.closest("a[href]").ok().flatten().is_some() {
        return None;
    }
    let row = target.closest("[data-row]").ok().flatten()?.get_attribute("data-row")?;
    let act = target.closest("[data-act]").ok().flatten();
    Some(RowEvent {
        row: row.parse().ok()?,
        act: act.and_then(|element| element.get_attribute("data-act")).unwrap_or_default(),
        double,
    })
}

/// Height of what shows rows: the head covers a part of it.
fn visible_height(element: &Element) -> f64 {
    let head = element.query_selector(".vhead").ok().flatten().map_or(0, |head| head.client_height());
    f64::from((element.client_height() - head).max(0))
}

struct SizeWatch {
    observer: web_sys::ResizeObserver,
    _closure: Closure<dyn FnMut()>,
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn watch_size(element: &Element, set: UseStateSetter<f64>) -> Option<SizeWatch> {
    let measured = element.clone();
    let measure = move || set.set(visible_height(&measured));
    measure();
    let closure = Closure::<dyn FnMut()>::new(measure);
    let observer = web_sys::ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
    observer.observe(element);
    Some(SizeWatch { observer, _closure: closure })
}
