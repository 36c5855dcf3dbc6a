//! What could come next in the filter, below it.

use procglass_query::Completions;
use yew::prelude::*;

/// Id of the list, for the field that it belongs to.
pub(super) const LIST: &str = "filter-suggestions";

/// The list; `chosen` is lit, `onpick` takes what is clicked.
pub(super) fn list(offers: &Completions, chosen: Option<usize>, onpick: &Callback<usize>) -> Html {
    if offers.list.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="suggestions" id={LIST} role="listbox" aria-label="Suggestions" data-testid="suggestions">
            { for offers.list.iter().enumerate().map(|(at, one)| {
                let onpick = onpick.clone();
                // Before the field loses the focus, which would close the list.
                let onmousedown = Callback::from(move |event: MouseEvent| { event.prevent_default(); onpick.emit(at); });
                html! {
                    <li id={option(at)} role="option" aria-selected={(chosen == Some(at)).to_string()} class={classes!((chosen == Some(at)).then_some("chosen"))} {onmousedown}>
                        <code>{ one.word.clone() }</code><span class="note">{ one.why.clone() }</span></li>
                }
            }) }
        </ul>
    }
}

/// Id of one line.
pub(super) fn option(at: usize) -> String {
    format!("{LIST}-{at}")
}

/// The query with a suggestion in the place of its last word. A field waits for its value, everything else is done.
pub(super) fn accepted(query: &str, offers: &Completions, at: usize) -> Option<String> {
    let word = &offers.list.get(at)?.word;
    let before = query.get(..offers.at.start)?;
    Some(if word.ends_with(':') { format!("{before}{word}") } else { format!("{before}{word} ") })
}

/// The line after a key.
pub(super) fn moved(key: &str, chosen: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match (key, chosen) {
        ("ArrowDown", None) => Some(0),
        ("ArrowDown", Some(at)) => Some(if at == last { 0 } else { at + 1 }),
        ("ArrowUp", None | Some(0)) => Some(last),
        ("ArrowUp", Some(at)) => Some(at - 1),
        _ => chosen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_query::Completion;

    #[test]
    fn a_suggestion_takes_the_place_of_the_last_word() {
        let one = |word: &str| Completion { word: word.into(), why: String::new() };
        let offers = Completions { at: 7..9, list: vec![one("port:"), one("user:root")] };
        assert_eq!(accepted("name:x po", &offers, 0).unwrap(), "name:x port:");
        assert_eq!(accepted("name:x us", &offers, 1).unwrap(), "name:x user:root ");
        assert_eq!(accepted("name:x us", &offers, 2), None);
    }

    #[test]
    fn keys_go_round() {
        assert_eq!(moved("ArrowDown", None, 3), Some(0));
        assert_eq!(moved("ArrowDown", Some(2), 3), Some(0));
        assert_eq!(moved("ArrowUp", None, 3), Some(2));
        assert_eq!(moved("ArrowUp", Some(1), 3), Some(0));
        assert_eq!(moved("ArrowDown", None, 0), None);
    }
}
