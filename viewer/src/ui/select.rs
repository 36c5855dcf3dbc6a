//! One of many, in little room.

use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`Select`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is chosen.
    pub(crate) label: AttrValue,
    /// Value and words of each choice.
    pub(crate) choices: Vec<(AttrValue, AttrValue)>,
    /// The value in force.
    pub(crate) chosen: AttrValue,
    /// Takes the new value.
    pub(crate) onchoose: Callback<AttrValue>,
    /// Hook for tests.
    #[prop_or_default]
    pub(crate) testid: AttrValue,
}

/// The browser's own element, since every keyboard and reader knows it.
#[component]
pub(crate) fn Select(props: &Props) -> Html {
    let onchange = props.onchoose.reform(|event: Event| {
        // A select has `value` as an input has; the narrower type would cost one more binding.
        let select = event.target().map(|target| target.unchecked_into::<HtmlInputElement>());
        select.map(|select| select.value()).unwrap_or_default().into()
    });
    let option = |(value, words): &(AttrValue, AttrValue)| {
        html! { <option value={value.clone()} selected={*value == props.chosen}>{ words }</option> }
    };
    html! {
        <label class={classes!("select", (!props.chosen.is_empty()).then_some("on"))}><span>{ &props.label }</span>
            <select data-testid={&props.testid} {onchange}>{ for props.choices.iter().map(option) }</select></label>
    }
}
