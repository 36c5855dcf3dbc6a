//! The passphrase of a report, typed twice.

use procglass_age::weakness;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    on: bool,
    first: String,
    again: String,
}

impl Typed {
    /// The passphrase to protect with; `None` when none is wanted.
    ///
    /// # Errors
    /// What is still to do, for the one who types.
    pub(super) fn passphrase(&self) -> Result<Option<String>, &'static str> {
        match self {
            Self { on: false, .. } => Ok(None),
            Self { first, .. } if first.is_empty() => Err("Type a passphrase."),
            Self { first, again, .. } if first != again => Err("The two are not the same yet."),
            Self { first, .. } => Ok(Some(first.clone())),
        }
    }

    /// What to say of it.
    fn words(&self) -> &'static str {
        let weak = !self.first.is_empty() && weakness(self.first.as_bytes()).is_some();
        match self.passphrase() {
            Err(what) if !self.again.is_empty() || self.first.is_empty() => what,
            _ if weak => {
                "This is short or repeats few letters: whoever gets the file can try millions. Four random words are better."
            }
            // Before it is typed again.
            Err(_) => "Now the same again.",
            Ok(_) if !self.first.is_ascii() => {
                "Letters outside ASCII are hard to type on other keyboards: letters a to z, digits and spaces are safer. Without \
                 the passphrase nobody can open the file."
            }
            Ok(_) => {
                "Without it nobody can open the file, you included. Tell it by another route than you send the file."
            }
        }
    }
}

/// Properties of [`Protect`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) typed: Typed,
    pub(super) ontyped: Callback<Typed>,
}

/// The fields.
#[component]
pub(super) fn Protect(props: &Props) -> Html {
    let Typed { on, first, again } = props.typed.clone();
    let ontoggle = with(props, |typed, field| typed.on = field.checked());
    let onfirst = with(props, |typed, field| typed.first = field.value());
    let onagain = with(props, |typed, field| typed.again = field.value());
    html! {
        <fieldset><legend>{ "Protect" }</legend>
            <div class="choice wide"><input type="checkbox" id="protect" checked={on} oninput={ontoggle} data-testid="protect" />
                <label for="protect">{ "With a passphrase: the file then shows nothing without it, not even the system's name" }</label></div>
            if on {
                <div class="passphrases">
                    <label for="protect-first">{ "Passphrase" }</label>
                    <input id="protect-first" type="password" autocomplete="new-password" value={first} oninput={onfirst} data-testid="protect-first" />
                    <label for="protect-again">{ "The same again" }</label>
                    <input id="protect-again" type="password" autocomplete="new-password" value={again} oninput={onagain} aria-describedby="protect-said" data-testid="protect-again" />
                </div>
                <p class="note" id="protect-said" role="status">{ props.typed.words() }</p>
            }
        </fieldset>
    }
}

fn with(props: &Props, change: fn(&mut Typed, &HtmlInputElement)) -> Callback<InputEvent> {
    let (typed, ontyped) = (props.typed.clone(), props.ontyped.clone());
    Callback::from(move |event: InputEvent| {
        if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
            let mut typed = typed.clone();
            change(&mut typed, &field);
            ontyped.emit(typed);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_must_be_the_same() {
        let typed = |on, first: &str, again: &str| Typed { on, first: first.into(), again: again.into() };
        assert_eq!(typed(false, "a", "b").passphrase(), Ok(None));
        assert!(typed(true, "", "").passphrase().is_err());
        assert!(typed(true, "secret", "secre").passphrase().is_err());
        assert_eq!(typed(true, "secret", "secret").passphrase(), Ok(Some("secret".into())));
        assert!(typed(true, "secret", "").words().contains("short"));
        assert!(typed(true, "correct horse battery", "").words().contains("again"));
        assert!(typed(true, "correct horse battery", "correct").words().contains("not the same"));
        assert!(
            typed(true, "richtige Pferde für alle", "richtige Pferde für alle").words().contains("ASCII")
        );
        assert!(typed(true, "", "").words().contains("Type"));
        assert!(typed(true, "secret", "secret").words().contains("short"));
        assert!(typed(true, "correct horse battery", "correct horse battery").words().contains("nobody"));
    }
}
