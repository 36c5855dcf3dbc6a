//! What it talks to, small: the strongest ends of the network's picture, each a link to its sockets.

use crate::state::{Data, Here, Route};
use crate::view::network::small_picture;
use std::rc::Rc;
use yew::prelude::*;

/// The section; nothing where nothing is connected.
pub(super) fn section(here: &Here, data: &Data) -> Html {
    let network = here.going(Route::to("network").with("show", "picture"));
    let href = network.hash();
    let Some(drawing) = small_picture(&Here(Rc::new(network)), data) else { return Html::default() };
    html! {
        <section class="list"><h2>{ "Who talks to whom" }</h2>
            <p class="note">{ "Programs of this system on the left, what they are connected to on the right. Each part leads to its connections; " }<a {href} data-testid="whole-picture">{ "the whole picture" }</a>{ "." }</p>
            <div class="picture-scroll small-picture" tabindex="0" role="group" aria-label="Programs on the left, what they talk to on the right">{ drawing }</div>
        </section>
    }
}
