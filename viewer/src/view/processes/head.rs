//! The head of the grid: a click sorts, dragging moves a column.

use super::columns::Column;
use crate::format::zone_word;
use crate::ui::icon::Icon;
use crate::ui::reorder::use_reorder;
use yew::prelude::*;

/// Columns, compared by their names.
#[derive(Clone)]
pub(super) struct Chosen(pub(super) Vec<&'static Column>);

impl PartialEq for Chosen {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().map(|column| column.name).eq(other.0.iter().map(|column| column.name))
    }
}

/// Properties of [`Head`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) columns: Chosen,
    /// The column that it is sorted by, `-` in front when that is turned round.
    pub(super) sort: String,
    pub(super) onsort: Callback<&'static str>,
    /// A column was dragged to the place of another one.
    pub(super) onmove: Callback<(String, String)>,
}

/// The head.
#[component]
pub(super) fn Head(props: &Props) -> Html {
    let (by, turned) = props.sort.strip_prefix('-').map_or((&*props.sort, false), |name| (name, true));
    let reorder = use_reorder(props.onmove.clone());
    let cell = |name: &'static str, word: String, why: &'static str, class: &'static str, down: bool| {
        let sorted = by == name;
        let order = match () {
            () if !sorted => "none",
            () if down != turned => "descending",
            () => "ascending",
        };
        let arrow = if sorted { Icon::Expand.html() } else { Html::default() };
        let onclick = props.onsort.reform(move |_: MouseEvent| name);
        let class_of = classes!("sort", (order == "ascending").then_some("turned"));
        let movable = name != "name";
        let title = if movable {
            format!("{why}: click to sort, drag to move")
        } else {
            format!("{why}: click to sort")
        };
        html! {
            <span role="columnheader" class={classes!(class, reorder.class(name))} aria-sort={order} data-column={movable.then_some(name)}>
                <button type="button" class={class_of} {onclick} {title} data-testid={format!("sort-{name}")}>{ word }{ arrow }</button>
            </span>
        }
    };
    let word = |column: &Column| match column.name {
        "started" => format!("{} ({})", column.head, zone_word()),
        _ => column.head.to_owned(),
    };
    html! {
        <div class="vhead row" role="row" aria-rowindex="1" onpointerdown={reorder.onpointerdown.clone()}
            onpointermove={reorder.onpointermove.clone()} onpointerup={reorder.onpointerup.clone()}>
            { cell("name", "Name".to_owned(), "Name of the process: it can choose it", "cell c-name", false) }
            { for props.columns.0.iter().map(|column| cell(column.name, word(column), column.why, column.class, column.down)) }
        </div>
    }
}
