//! What was collected and is not in this report.

use crate::format::clip;
use crate::state::Data;
use crate::ui::banner::{Tone, banner};
use yew::prelude::*;

/// Nothing for a bundle as collected.
pub(super) fn section(data: &Data) -> Html {
    let Some(redacted) = &data.snapshot.manifest.redacted else { return Html::default() };
    let line = |text: &String| html! { <li>{ clip(text.as_bytes(), 600).into_owned() }</li> };
    banner(
        Tone::Warning,
        html! { <div data-testid="left-out">
            <p><strong>{ "Data was left out of this report before it was saved. " }</strong>{ "Rules that need it may have missed something." }</p>
            <details><summary>{ format!("What was left out: {}", clip(redacted.choices.join(", ").as_bytes(), 200)) }</summary>
                <ul>{ for redacted.removed.iter().take(40).map(line) }</ul></details>
            <p>{ "SHA-256 of the bundle as collected: " }<code class="hash">{ clip(redacted.original_sha256.as_bytes(), 64).into_owned() }</code></p>
        </div> },
    )
}
