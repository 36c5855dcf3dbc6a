//! What people say of this process.

use super::context::Context;
use crate::view::notes::{add, said};
use procglass_notes::On;
use yew::prelude::*;

/// The notes, and the way to write one.
pub(super) fn section(context: &Context) -> Html {
    let notes = context.data.snapshot.notes();
    let none = notes.of_process(context.index).next().is_none();
    let on = On::process(context.process());
    html! {
        <div class="process-notes" id="section-notes" data-testid="section-notes">
            { for notes.of_process(context.index).map(said) }
            { add(&on, if none { "add a note" } else { "change the note" }) }
        </div>
    }
}
