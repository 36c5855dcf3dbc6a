//! The panel in which a note is written, changed and deleted.

use super::{NOTE, mark};
use crate::state::{Data, Notebook, Route, use_data, use_go, use_here, use_notebook};
use crate::ui::dialog::Dialog;
use crate::ui::dom::{document, focus};
use procglass_model::text::visible;
use procglass_notes::{Limit, On, Tag};
use procglass_report::words;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// The panel, while the address names something to write on.
#[component]
pub(crate) fn Editor() -> Html {
    let (here, go, data, book) = (use_here(), use_go(), use_data(), use_notebook());
    let key = here.param(NOTE).to_owned();
    // Who opened it gets the keyboard back.
    use_effect_with(key.is_empty(), |none| {
        let before = if *none { None } else { document().and_then(|document| document.active_element()) };
        move || {
            if let Some(before) = before.filter(|before| before.is_connected()) {
                focus(&before);
            }
        }
    });
    let (Some(data), Some(book)) = (data.filter(|_| !key.is_empty()), book) else { return Html::default() };
    let onclose = { Callback::from(move |()| go.replace(Route::clone(&here).with(NOTE, ""))) };
    let on = key.clone();
    html! { <Panel {key} {on} {data} {book} {onclose} /> }
}

/// Properties of [`Panel`].
#[derive(Clone, Properties, PartialEq)]
struct PanelProps {
    on: String,
    data: Data,
    book: Notebook,
    onclose: Callback<()>,
}

#[component]
fn Panel(props: &PanelProps) -> Html {
    let on = On::parse(&props.on);
    let section = props.book.section(&props.data);
    let author = use_state_eq(|| props.book.author());
    let mine = section.by(&on, author.trim()).cloned();
    let tag = use_state_eq(|| mine.as_ref().map_or(Tag::None, |note| note.tag));
    let text = use_state_eq(|| mine.as_ref().map_or_else(String::new, |note| note.text.clone()));
    let complaint = use_state_eq(String::new);
    let front = on == On::Summary;
    let title = match front {
        true => "Summary by the analyst".to_owned(),
        false => format!("Note on {}", visible(words(&props.data.snapshot, &on).as_bytes())),
    };
    let onsave = {
        let (props, on, author, tag, text) =
            (props.clone(), on.clone(), author.clone(), tag.clone(), text.clone());
        let complaint = complaint.setter();
        Callback::from(move |_: MouseEvent| {
            let empty = text.trim().is_empty() && *tag == Tag::None;
            let wrong = match () {
                () if author.trim().is_empty() => "Who says this? Write your name or initials.",
                () if empty => "There is nothing to save: choose a mark or write something.",
                () if matches!(on, On::Other(_)) => "There is no such thing in this bundle.",
                () => {
                    props.book.write(&props.data, on.clone(), *tag, &text, &author);
                    return props.onclose.emit(());
                }
            };
            complaint.set(wrong.to_owned());
        })
    };
    let ondelete = {
        let (props, mine) = (props.clone(), mine.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(mine) = mine.clone() {
                props.book.delete(&props.data, mine);
            }
            props.onclose.emit(());
        })
    };
    let oninput = {
        let text = text.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() {
                text.set(field.value());
            }
        })
    };
    let onauthor = {
        let author = author.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                author.set(field.value());
            }
        })
    };
    let choice = |one: Tag| {
        let tag = tag.clone();
        let checked = *tag == one;
        let onchange = Callback::from(move |_: Event| tag.set(one));
        let id = format!("tag-{}", one.word());
        html! { <label class="tag-choice" for={id.clone()}><input type="radio" name="tag" id={id.clone()} {checked} {onchange} data-testid={id} />{ mark::tag(one) }</label> }
    };
    let others: Vec<_> =
        section.notes().filter(|note| note.on == on && note.author != author.trim()).cloned().collect();
    let keeps = if props.book.keeps() {
        "Kept in this browser (a private window forgets it when it is closed), and put into every report that you save. It does not change the evidence."
    } else {
        "Not saved in this browser, which refuses it: export the notes or save a report before you close the page."
    };
    html! {
        <Dialog {title} onclose={props.onclose.clone()} testid="note-editor">
            { for others.iter().map(mark::said) }
            if !front { <fieldset class="tags"><legend>{ "Mark" }</legend>{ for Tag::ALL.into_iter().map(choice) }</fieldset> }
            <label class="paste-label" for="note-text">{ if front { "What it comes to, for whoever reads the report first" } else { "Text" } }</label>
            <textarea id="note-text" rows={if front { "9" } else { "4" }} maxlength={Limit::TEXT.to_string()} value={(*text).clone()} {oninput} data-testid="note-text" />
            <p class="inline"><label for="note-author">{ "By" }</label>
                <input id="note-author" type="text" autocomplete="name" maxlength={Limit::AUTHOR.to_string()} value={(*author).clone()} oninput={onauthor} placeholder="your name" data-testid="note-author" /></p>
            <p class={classes!("note", (!props.book.keeps()).then_some("missing"))}>{ keeps }</p>
            if !complaint.is_empty() { <p class="missing" role="alert" data-testid="note-complaint">{ &*complaint }</p> }
            <p class="dialog-foot"><button type="button" class="primary" onclick={onsave} data-testid="note-save">{ "Save" }</button>
                if mine.is_some() { <button type="button" onclick={ondelete} data-testid="note-delete">{ "Delete" }</button> }
                <button type="button" onclick={props.onclose.reform(|_: MouseEvent| ())}>{ "Cancel" }</button></p>
        </Dialog>
    }
}
