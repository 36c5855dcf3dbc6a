//! Files that are dropped on an opened system: lists of indicators are looked for, everything else is opened.

use crate::load::Input;
use crate::state::Actions;
use crate::ui::dom::document;
use crate::view::drop_anywhere;
use crate::view::findings::read;
use procglass_model::finding::Indicators;
use std::rc::Rc;
use yew::prelude::*;

/// Without this a dropped file would make the browser leave the page.
#[hook]
pub(super) fn use_drops() {
    let actions = use_context::<Actions>();
    use_effect_with(actions, |actions| {
        let listeners = actions.clone().and_then(|actions| {
            let take = Callback::from(move |inputs| taken(inputs, &actions));
            Some(drop_anywhere(&document()?, take, &Callback::noop()))
        });
        move || drop(listeners)
    });
}

fn taken(inputs: Vec<Input>, actions: &Actions) {
    match inputs.as_slice() {
        [Input::File(file)] if is_list(&file.name()) => {
            let look = actions.look.clone();
            let then = Callback::from(move |text: String| {
                let indicators = Indicators::parse(&text);
                if !indicators.is_empty() {
                    look.emit(Rc::new(indicators));
                }
            });
            read(file.clone().into(), then);
        }
        _ => actions.open.emit(inputs),
    }
}

/// By name, since an armored bundle in a terminal's log is text too: those end in `.log` or have no end.
fn is_list(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".csv", ".txt", ".ioc", ".list"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_by_name() {
        assert!(is_list("IOC.CSV") && is_list("a.txt"));
        assert!(!is_list("web.procglass.tar.gz") && !is_list("session.log"));
    }
}
