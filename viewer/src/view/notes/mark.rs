//! Notes beside what they are on: by word, shape and colour.

use super::NOTE;
use crate::state::use_here;
use crate::ui::icon::Icon;
use procglass_model::text::visible;
use procglass_notes::{Note, On, Tag};
use yew::prelude::*;

fn icon(tag: Tag) -> Icon {
    match tag {
        Tag::Bad => Icon::Broken,
        Tag::Explained => Icon::Done,
        Tag::Question => Icon::Help,
        Tag::None => Icon::Note,
    }
}

/// The tag with its shape.
pub(super) fn tag(tag: Tag) -> Html {
    html! { <span class={classes!("tagged", tag.word())}>{ icon(tag).html() }<span>{ tag.word() }</span></span> }
}

/// The gravest of some notes, with all of them on pointing; nothing without notes.
pub(crate) fn badge_of<'a>(notes: impl Iterator<Item = &'a Note> + Clone) -> Html {
    let Some(worst) = notes.clone().map(|note| note.tag).max() else { return Html::default() };
    let title = notes.take(5).map(|note| format!("{} ({})", note.line(), note.signature()));
    html! { <span title={title.collect::<Vec<_>>().join("\n")} data-testid="note-mark">{ tag(worst) }</span> }
}

/// A note in full, told apart from the evidence around it.
pub(crate) fn said(note: &Note) -> Html {
    html! {
        <div class={classes!("said", note.tag.word())} data-testid="said">
            <p class="said-head">{ tag(note.tag) }<span class="note">{ format!("note by {}", note.signature()) }</span></p>
            { for note.lines().map(|line| html! { <p class="said-line"><bdi>{ line.into_owned() }</bdi></p> }) }
        </div>
    }
}

/// Properties of [`Way`].
#[derive(Properties, PartialEq)]
struct WayProps {
    /// The key of what to write on.
    on: String,
    /// What it says to who does not see the mark.
    #[prop_or_default]
    label: Option<String>,
    children: Html,
}

/// The link to the panel. It stays on the present place with all that belongs to it, which the rows and sections around it
/// need not know.
#[component]
fn Way(props: &WayProps) -> Html {
    let href = (*use_here().0).clone().with(NOTE, &props.on).hash();
    let class = classes!("quiet", props.label.is_some().then_some("add-brief"));
    html! { <a {class} {href} aria-label={props.label.clone()} title={props.label.clone()} data-testid="add-note">{ props.children.clone() }</a> }
}

/// The way to the panel, in words.
pub(crate) fn add(on: &On, word: &'static str) -> Html {
    html! { <Way on={on.to_string()}>{ Icon::Note.html() }{ word }</Way> }
}

/// The same where there is room for a mark only. It shows the notes that are there.
pub(crate) fn add_brief<'a>(on: &On, notes: impl Iterator<Item = &'a Note> + Clone) -> Html {
    let on = on.to_string();
    let label = format!("note on {}", visible(on.as_bytes()));
    let content = match notes.clone().next() {
        Some(_) => badge_of(notes),
        None => Icon::Note.html(),
    };
    html! { <Way {on} {label}>{ content }</Way> }
}
