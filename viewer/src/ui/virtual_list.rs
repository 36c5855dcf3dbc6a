//! A list that makes only the rows on the screen: the base of every table here. A row keeps its element while it is on the
//! screen, and is made anew only when it changes: scrolling by three rows makes three.

use super::copy::copy;
use super::dom::{Listener, set_property, text_is_selected};
use super::picks::{How, Move, Picks, RowId, moved};
use super::slot::{At, Slot, id};
use super::slots::Slots;
use super::window::{Extent, Span};
use crate::format::{count, float, whole};
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::Element;
use yew::prelude::*;

/// Height of a row of every grid; `--row` of the style sheet.
pub(crate) const ROW: usize = 28;

/// Height of what shows rows, until it is known: that of a large window.
const USUAL_HEIGHT: f64 = 900.0;

/// Whether lists make all their rows, since paper cannot be scrolled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Whole(pub(crate) bool);

/// Rows of a list on paper: some forty pages.
const ON_PAPER: usize = 2_000;

/// What somebody did with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowEvent {
    /// Which row.
    pub(crate) row: usize,
    /// `data-act` of the part that was hit; empty for the row itself.
    pub(crate) act: String,
    /// Whether it was a double click.
    pub(crate) double: bool,
    /// The keys that were held.
    pub(crate) how: How,
}

/// A wish to see a row. Another number makes it another wish.
pub(crate) type Reveal = Option<(usize, usize)>;

/// Properties of [`VirtualList`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// How many rows there are.
    pub(crate) count: usize,
    /// Makes a row: an element with class `row` and the number as `data-row`.
    pub(crate) row: Callback<At, Html>,
    /// What each row stands for, where rows come and go between others; else its number.
    #[prop_or_default]
    pub(crate) ids: Option<Rc<[RowId]>>,
    /// Rows that are chosen.
    #[prop_or_default]
    pub(crate) picks: Picks,
    /// Takes other ones, where the list itself sees to clicks and keys; it needs `ids`.
    #[prop_or_default]
    pub(crate) onpick: Option<Callback<Picks>>,
    /// The chosen rows as text, for Ctrl-C.
    #[prop_or_default]
    pub(crate) text: Option<Callback<(), String>>,
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
    let (scroller, space) = (use_node_ref(), use_node_ref());
    let slots = use_mut_ref(Slots::default);
    // Height of what shows rows, and how far it is scrolled, as the browser told: to ask for them makes it lay out the page.
    let viewport = use_state_eq(|| None::<f64>);
    let scrolled = use_mut_ref(|| 0.0_f64);
    let extent =
        Extent { count: props.count, row: float(props.height), viewport: viewport.unwrap_or(USUAL_HEIGHT) };
    let at = use_state_eq(|| extent.span(0.0));
    // The rows may have become fewer since the last scroll.
    let on_paper = use_context::<Whole>().unwrap_or_default().0;
    let span = match on_paper {
        true => Span { rows: 0..props.count.min(ON_PAPER), top: 0.0 },
        false => extent.span(scrolled.borrow().min(extent.height() - extent.viewport)),
    };
    let left_over = if on_paper { props.count - span.rows.len() } else { 0 };
    let own = props.onpick.is_some();
    let cursor = use_memo((props.ids.clone(), props.picks.cursor, own), |(ids, cursor, own)| {
        cursor.filter(|_| *own).and_then(|cursor| ids.as_ref()?.iter().position(|id| *id == cursor))
    });
    let active = match *cursor {
        Some(row) => Some(id(row).into()),
        None => props.active.clone(),
    };
    let reveal: Reveal = match *cursor {
        Some(row) => Some((row, row)),
        None => props.reveal,
    };

    use_effect_with((), {
        let (scroller, viewport) = (scroller.clone(), viewport.setter());
        move |()| {
            let watch = scroller.cast::<Element>().and_then(|element| watch_size(&element, viewport));
            move || drop(watch)
        }
    });
    use_effect_with((extent, ()), {
        let (scroller, scrolled, at) = (scroller.clone(), scrolled.clone(), at.setter());
        move |(extent, ())| {
            let extent = *extent;
            let listener = scroller.cast::<Element>().map(|element| {
                Listener::new(&element.clone(), "scroll", move |_| {
                    let top = f64::from(element.scroll_top());
                    scrolled.replace(top);
                    at.set(extent.span(top));
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
    use_effect_with(extent.height(), {
        let space = space.clone();
        move |height| {
            if let Some(space) = space.cast::<Element>() {
                set_property(&space, "height", &format!("{}px", whole(*height)));
            }
        }
    });
    use_effect_with((reveal.map(|(_, wish)| wish), viewport.is_some()), {
        let scroller = scroller.clone();
        move |(_, measured)| {
            let Some(element) = scroller.cast::<Element>().filter(|_| *measured) else { return };
            let Some((row, _)) = reveal else { return };
            let now = *scrolled.borrow();
            if let Some(top) = extent.reveal(row, now) {
                scrolled.replace(top);
                element.set_scroll_top(i32::try_from(pixels(top)).unwrap_or(i32::MAX));
            }
        }
    });

    let onkeydown = {
        let (onkey, page, cursor) = (props.onkey.clone(), extent.page(), *cursor);
        let (ids, picks, onpick, text) =
            (props.ids.clone(), props.picks.clone(), props.onpick.clone(), props.text.clone());
        Callback::from(move |event: KeyboardEvent| {
            let (key, ctrl) = (event.key(), event.ctrl_key() || event.meta_key());
            if ctrl && key.eq_ignore_ascii_case("c") && picks.len() > 0 && !text_is_selected() {
                let Some(text) = text.as_ref().map(|text| text.emit(())) else { return };
                event.prevent_default();
                wasm_bindgen_futures::spawn_local(async move {
                    copy(&text).await;
                });
                return;
            }
            let Some((onpick, ids)) = onpick.as_ref().zip(ids.as_deref()) else {
                onkey.emit((event, page));
                return;
            };
            let next = match moved(&key, ctrl, cursor, ids.len(), page) {
                _ if event.alt_key() => return,
                Some(Move::To(row)) => picks.pick(row, How::of(event.shift_key(), false), ids),
                Some(Move::All) => picks.all(ids),
                Some(Move::Nothing) => Picks::default(),
                None => return,
            };
            event.prevent_default();
            onpick.emit(next);
        })
    };
    let click = |double| {
        let (onrow, ids, picks, onpick) =
            (props.onrow.clone(), props.ids.clone(), props.picks.clone(), props.onpick.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(hit) = row_event(&event, double) else { return };
            match onpick.as_ref().zip(ids.as_deref()) {
                Some((onpick, ids)) if !double => onpick.emit(picks.pick(hit.row, hit.how, ids)),
                Some(_) => {}
                None => onrow.emit(hit),
            }
        })
    };
    // What would be marked between two clicks with Shift are rows, not letters.
    let onmousedown = Callback::from(|event: MouseEvent| {
        if event.shift_key() && row_event(&event, false).is_some() {
            event.prevent_default();
            if let Some(list) = event.target_dyn_into::<Element>().and_then(|it| it.closest(".vlist").ok()?) {
                super::dom::focus(&list);
            }
        }
    });
    let role = if own { "grid" } else { &*props.role };
    let head_rows = usize::from(props.head != Html::default());
    let many = (own || role == "treegrid").then_some("true");
    let ids: Vec<RowId> = match props.ids.as_deref() {
        Some(ids) => ids.get(span.rows.clone()).unwrap_or_default().to_vec(),
        None => span.rows.clone().map(|row| row as RowId).collect(),
    };
    if on_paper {
        // The browser prints before it hears of elements that come back.
        slots.borrow_mut().forget();
    }
    let places = slots.borrow_mut().assign(&ids);
    let rows = places.into_iter().map(|place| {
        let shown = place.row.and_then(|nth| Some((nth, *ids.get(nth)?)));
        let at = shown.map(|(nth, id)| At { row: span.rows.start + nth, chosen: props.picks.has(id) });
        let nth = i64::try_from(place.row.unwrap_or_default()).unwrap_or_default();
        let top = pixels(span.top) + nth * i64::try_from(props.height).unwrap_or_default();
        html! { <Slot key={place.slot} {at} {top} row={props.row.clone()} /> }
    });
    html! {
        <>
        <div ref={scroller} class={classes!("vlist", props.class.clone())} role={role.to_owned()} aria-label={&props.label}
            data-testid={&props.testid} aria-rowcount={(props.count + head_rows).to_string()} aria-activedescendant={active}
            aria-multiselectable={many} tabindex="0" {onkeydown}>
            { props.head.clone() }
            <div ref={space} class="vlist-space vlist-window" role="rowgroup" onclick={click(false)} ondblclick={click(true)} {onmousedown}>
                { for rows }
            </div>
        </div>
        if left_over > 0 { <p class="left-over"><strong>{ format!("{} more rows are not printed: paper has {} of them. A filter chooses others; export saves all.", count(left_over), count(ON_PAPER)) }</strong></p> }
        </>
    }
}

/// A whole number of pixels, which may be negative: half a pixel would blur the text.
fn pixels(distance: f64) -> i64 {
    let whole = |distance| i64::try_from(whole(distance)).unwrap_or_default();
    if distance < 0.0 { -whole(-distance) } else { whole(distance) }
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
        how: How::of(event.shift_key(), event.ctrl_key() || event.meta_key()),
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

/// The browser tells the size at once, when it has laid out the page anyway, and whenever it changes.
fn watch_size(element: &Element, set: UseStateSetter<Option<f64>>) -> Option<SizeWatch> {
    let measured = element.clone();
    let measure = move || set.set(Some(visible_height(&measured)));
    let closure = Closure::<dyn FnMut()>::new(measure);
    let observer = web_sys::ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
    observer.observe(element);
    Some(SizeWatch { observer, _closure: closure })
}
