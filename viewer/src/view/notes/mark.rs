//! Notes beside what they are on: by word, shape and colour.

use super::NOTE;
use crate::state::Here;
use crate::ui::icon::Icon;
use procglass_model::notes::{Note, On, Tag};
use procglass_model::text::visible;
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

fn href(here: &Here, on: &On) -> String {
    (*here.0).clone().with(NOTE, &on.to_string()).hash()
}

/// The way to the panel, in words.
pub(crate) fn add(here: &Here, on: &On, word: &'static str) -> Html {
    html! { <a class="quiet" href={href(here, on)} data-testid="add-note">{ Icon::Note.html() }{ word }</a> }
}

/// The same where there is room for a mark only. It shows the notes that are there.
pub(crate) fn add_brief<'a>(here: &Here, on: &On, notes: impl Iterator<Item = &'a Note> + Clone) -> Html {
    let label = format!("note on {}", visible(on.to_string().as_bytes()));
    let content = match notes.clone().next() {
        Some(_) => badge_of(notes),
        None => html! { { Icon::Note.html() } },
    };
    html! { <a class="quiet add-brief" href={href(here, on)} aria-label={label.clone()} title={label} data-testid="add-note">{ content }</a> }
}
