//! While a key is made of a passphrase.

use crate::ui::dom::set_property;
use crate::ui::timer::Timer;
use yew::prelude::*;

/// Properties of [`Busy`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// In how many milliseconds it will be there, once that is known.
    pub(super) estimate: Option<f64>,
}

/// A bar that takes as long as the work will.
#[component]
pub(super) fn Busy(props: &Props) -> Html {
    let bar = use_node_ref();
    use_effect_with(props.estimate, {
        let bar = bar.clone();
        move |estimate| {
            let timer = estimate.and_then(|milliseconds| {
                let element = bar.cast::<web_sys::Element>()?;
                set_property(&element, "transition", &format!("transform {milliseconds:.0}ms linear"));
                // After it was drawn without.
                Timer::after(20, move || set_property(&element, "transform", "scaleX(0.97)"))
            });
            move || drop(timer)
        }
    });
    let words = match props.estimate {
        None => "Making a key of the passphrase…".to_owned(),
        Some(milliseconds) => {
            format!("Making a key of the passphrase: about {}.", seconds(milliseconds))
        }
    };
    html! {
        <div class="unlock-busy" data-testid="unlock-busy">
            <div class="progress" role="progressbar" aria-label="making a key of the passphrase"><div ref={bar} class="progress-bar" /></div>
            <p class="progress-words" role="status">{ words }{ " It is slow on purpose, so that nobody can try many." }</p>
        </div>
    }
}

fn seconds(milliseconds: f64) -> String {
    match milliseconds {
        ..1_500.0 => "a second".to_owned(),
        _ => format!("{:.0} seconds", milliseconds / 1_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_words() {
        assert_eq!(seconds(90.0), "a second");
        assert_eq!(seconds(1_700.0), "2 seconds");
        assert_eq!(seconds(24_400.0), "24 seconds");
    }
}
