//! Saving and copying what is shown: all fields of the rows that are there, by the writer of `procglass show`.

use crate::format::count;
use crate::state::{Data, Exports, Rows, use_data};
use crate::ui::copy::copy;
use crate::ui::menu::Menu;
use crate::ui::save::{file_name, save, saved_words};
use crate::ui::timer::Later;
use procglass_query::Table;
use procglass_query::write::{Answer, Form};
use yew::prelude::*;

/// Writes a table. `tree` draws its first column as indentation where people read it.
pub(super) fn written(data: &Data, table: Table<'_>, tree: bool, form: Form) -> Vec<u8> {
    bytes(Answer { tables: vec![(data.snapshot.host_name(), table)], with_system: false, tree }, form)
}

/// Writes a table over several systems.
pub(super) fn written_together(table: Table<'_>, form: Form) -> Vec<u8> {
    bytes(Answer { tables: vec![(String::new(), table)], with_system: false, tree: false }, form)
}

fn bytes(answer: Answer<'_>, form: Form) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Memory takes everything.
    let _ = answer.write(form, &mut bytes);
    bytes
}

/// Saves rows as a file that names the system and what it holds.
pub(super) fn save_rows(data: &Data, rows: &Rows, form: Form) -> bool {
    let (extension, kind) = match form {
        Form::Csv => ("csv", "text/csv;charset=utf-8"),
        Form::Json => ("json", "application/json"),
        Form::Text => ("txt", "text/plain;charset=utf-8"),
    };
    let name = file_name(&[&data.snapshot.host_name(), rows.what], extension);
    save(&name, kind, &rows.write.emit(form))
}

/// Properties of [`Export`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What is shown.
    pub(super) rows: Rows,
    /// What is selected in it, where rows can be.
    #[prop_or_default]
    pub(super) picked: Picked,
}

/// Rows of a table that were chosen.
#[derive(Clone, PartialEq)]
pub(super) struct Picked {
    /// How many; 0 for none.
    pub(super) number: usize,
    /// Writes them.
    pub(super) write: Callback<Form, Vec<u8>>,
}

impl Default for Picked {
    fn default() -> Self {
        Self { number: 0, write: Callback::from(|_| Vec::new()) }
    }
}

/// What Ctrl-C puts on the clipboard.
pub(super) fn as_text(write: &Callback<Form, Vec<u8>>) -> Callback<(), String> {
    let write = write.clone();
    Callback::from(move |()| String::from_utf8_lossy(&write.emit(Form::Text)).into_owned())
}

const SHOWN: &[(&str, &str)] = &[
    ("save csv", "Save what is shown as CSV"),
    ("save json", "Save what is shown as JSON"),
    ("copy text", "Copy what is shown as text"),
    ("copy csv", "Copy what is shown as CSV"),
    ("copy json", "Copy what is shown as JSON"),
];
const PICKED: &[(&str, &str)] = &[("one text", "text"), ("one csv", "CSV"), ("one json", "JSON")];

/// The button with its list.
#[component]
pub(super) fn Export(props: &Props) -> Html {
    let (data, exports) = (use_data(), use_context::<Exports>().unwrap_or_default());
    let said = use_state_eq(String::new);
    let later = use_memo((), |()| Later::default());
    use_effect_with(props.rows.clone(), move |rows| {
        exports.set(Some(rows.clone()));
        move || exports.set(None)
    });
    let Some(data) = data else { return Html::default() };
    let onpick = {
        let (rows, picked, said) = (props.rows.clone(), props.picked.clone(), said.setter());
        Callback::from(move |value: AttrValue| {
            let (what, form) = value.split_once(' ').unwrap_or((&value, ""));
            let form = match form {
                "csv" => Form::Csv,
                "json" => Form::Json,
                _ => Form::Text,
            };
            let (said, later) = (said.clone(), (*later).clone());
            let say = move |words: &str| {
                said.set(words.to_owned());
                let said = said.clone();
                later.call(2_500, move || said.set(String::new()));
            };
            if what == "save" {
                say(if save_rows(&data, &rows, form) { saved_words() } else { "the browser refused" });
                return;
            }
            let bytes = if what == "one" { picked.write.emit(form) } else { rows.write.emit(form) };
            wasm_bindgen_futures::spawn_local(async move {
                let done = copy(&String::from_utf8_lossy(&bytes)).await;
                say(if done { "copied" } else { "not possible here" });
            });
        })
    };
    let what = match props.picked.number {
        1 => "the selected row".to_owned(),
        number => format!("the {} selected rows", count(number)),
    };
    let picked = PICKED.iter().filter(|_| props.picked.number > 0);
    let picked = picked.map(|(value, form)| ((*value).into(), format!("Copy {what} as {form}").into()));
    let shown = SHOWN.iter().map(|(value, words)| ((*value).into(), (*words).into()));
    let items = shown.chain(picked).collect::<Vec<_>>();
    html! {
        <><Menu word="export" {items} {onpick} testid="export" /><span class="note" role="status" data-testid="export-said">{ (*said).clone() }</span></>
    }
}
