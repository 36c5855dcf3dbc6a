//! Choosing one of a few.

use yew::prelude::*;

/// Properties of [`Tabs`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Value and word of each choice.
    pub(crate) choices: Vec<(AttrValue, AttrValue)>,
    /// The value in force.
    pub(crate) chosen: AttrValue,
    /// What is chosen, for those who hear it.
    pub(crate) label: AttrValue,
    /// Takes the new value.
    pub(crate) onchoose: Callback<AttrValue>,
}

/// A row of buttons of which one is pressed.
#[component]
pub(crate) fn Tabs(props: &Props) -> Html {
    let button = |(value, word): &(AttrValue, AttrValue)| {
        let onclick = {
            let (choose, value) = (props.onchoose.clone(), value.clone());
            Callback::from(move |_: MouseEvent| choose.emit(value.clone()))
        };
        let pressed = (*value == props.chosen).to_string();
        html! { <button type="button" {onclick} aria-pressed={pressed} data-testid={format!("choose-{value}")}>{ word }</button> }
    };
    html! {
        <div class="tabs" role="group" aria-label={&props.label}>{ for props.choices.iter().map(button) }</div>
    }
}
