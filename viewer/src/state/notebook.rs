//! The notes of everything that was opened: what a report carried, what this browser kept, and what is written now.

use super::Data;
use crate::format::plural;
use crate::load::embedded_notes;
use crate::ui::dom::{Listener, clock, window};
use crate::ui::store::{keep, kept};
use procglass_model::Timestamp;
use procglass_model::text::visible;
use procglass_notes::{Document, Note, Noted, On, Reading, Section, Tag};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

/// Names under which the browser keeps things.
const NOTES: &str = "procglass-notes-";
const AUTHOR: &str = "procglass-author";
const PROBE: &str = "procglass-probe";

/// All notes, behind a pointer; compared by how often they changed.
#[derive(Clone)]
pub(crate) struct Notebook(Rc<Book>, u32);

struct Book {
    /// By SHA-256 of the bundle.
    sections: RefCell<BTreeMap<String, Section>>,
    /// What this page carried.
    embedded: RefCell<Document>,
    /// Notes on another bundle that wait for an answer.
    waiting: RefCell<Vec<Section>>,
    /// What came of the last import.
    said: RefCell<String>,
    author: RefCell<String>,
    keeps: Cell<bool>,
    /// Written since it was last kept or saved anywhere.
    unsaved: Cell<bool>,
    changed: Callback<()>,
}

impl PartialEq for Notebook {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) && self.1 == other.1
    }
}

impl Notebook {
    fn new(changed: Callback<()>) -> Self {
        let book = Book {
            sections: RefCell::default(),
            embedded: RefCell::default(),
            waiting: RefCell::default(),
            said: RefCell::default(),
            author: RefCell::new(kept(AUTHOR).unwrap_or_default()),
            keeps: Cell::new(keep(PROBE, "")),
            unsaved: Cell::new(false),
            changed,
        };
        Self(Rc::new(book), 0)
    }

    /// How often it changed.
    pub(crate) fn version(&self) -> u32 {
        self.1
    }

    /// Whether the browser keeps what is written.
    pub(crate) fn keeps(&self) -> bool {
        self.0.keeps.get()
    }

    /// Whether a note was written that this browser did not keep.
    pub(crate) fn is_unsaved(&self) -> bool {
        self.0.unsaved.get()
    }

    /// Who writes here.
    pub(crate) fn author(&self) -> String {
        self.0.author.borrow().clone()
    }

    /// What came of the last import, for people.
    pub(crate) fn said(&self) -> String {
        self.0.said.borrow().clone()
    }

    /// Notes on another bundle that wait for an answer.
    pub(crate) fn waiting(&self) -> Vec<Section> {
        self.0.waiting.borrow().clone()
    }

    /// The notes on a bundle.
    pub(crate) fn section(&self, data: &Data) -> Section {
        let sha256 = &data.origin.sha256;
        if let Some(section) = self.0.sections.borrow().get(sha256) {
            return section.clone();
        }
        let mut section = Section::new(sha256, &data.origin.name, &data.snapshot.host_name());
        self.carry(&mut section);
        merge_kept(&mut section);
        self.0.sections.borrow_mut().insert(sha256.clone(), section.clone());
        section
    }

    /// Adds what the page carried. A protected report has its notes in it only once it was opened.
    fn carry(&self, section: &mut Section) {
        if let Some(reading) = embedded_notes().and_then(|text| Reading::of(text.as_bytes()).ok()) {
            self.0.embedded.replace(reading.document);
        }
        section.extend(self.0.embedded.borrow().section(&section.sha256.clone()));
    }

    /// Writes a note, in the place of the author's earlier one on the same thing.
    pub(crate) fn write(&self, data: &Data, on: On, tag: Tag, text: &str, author: &str) {
        let author = author.trim();
        if self.0.author.replace(author.to_owned()) != author {
            keep(AUTHOR, author);
        }
        self.put(data, Note::new(on, tag, text, author, self.now(data)));
    }

    /// Deletes a note.
    pub(crate) fn delete(&self, data: &Data, note: Note) {
        let now = self.now(data);
        self.put(data, note.without(now));
    }

    /// The present time, but later than every note: clocks differ, and what is written last has to count.
    fn now(&self, data: &Data) -> Timestamp {
        let last = self.section(data).all().filter_map(|note| note.time).max();
        let after = last.map_or(0, |time| time.0.saturating_add(1_000_000));
        // A file may claim a time beyond all reason, which must not be handed on.
        let day = 86_400_000_000_000;
        if after > clock().saturating_add(day) { Timestamp(clock()) } else { Timestamp(clock().max(after)) }
    }

    fn put(&self, data: &Data, note: Note) {
        let mut section = self.section(data);
        section.put(note);
        self.store(section);
        (self.0.changed).emit(());
    }

    /// Keeps a section, together with what another page of this browser may have written meanwhile.
    fn store(&self, mut section: Section) {
        merge_kept(&mut section);
        let name = format!("{NOTES}{}", section.sha256);
        let kept = keep(&name, &Document::of([section.clone()]).to_json());
        self.0.keeps.set(kept);
        self.0.unsaved.set(!kept);
        self.0.sections.borrow_mut().insert(section.sha256.clone(), section);
    }

    /// Reads a file of notes: those on opened bundles are taken, those on others wait for an answer.
    pub(crate) fn import(&self, data: &Data, known: &[String], text: &str) {
        self.0.waiting.take();
        let said = match Reading::of(text.as_bytes()) {
            Err(error) => format!("Nothing was imported: {error}."),
            Ok(Reading { document, problems }) => {
                let mut words = Vec::new();
                for section in document.bundles {
                    if section.sha256 == data.origin.sha256 || known.contains(&section.sha256) {
                        words.push(self.take(data, &section, false));
                    } else {
                        self.0.waiting.borrow_mut().push(section);
                    }
                }
                if words.is_empty() && self.0.waiting.borrow().is_empty() {
                    words.push("There are no notes in this file.".to_owned());
                }
                words.extend(problems.iter().map(|what| format!("{}.", visible(what.as_bytes()))));
                words.join(" ")
            }
        };
        self.0.said.replace(said);
        (self.0.changed).emit(());
    }

    fn take(&self, data: &Data, section: &Section, here: bool) -> String {
        let mine = here || section.sha256 == data.origin.sha256;
        let mut all = if mine { self.section(data) } else { self.of(&section.sha256) };
        let new = all.merge(section);
        let old = section.all().count().saturating_sub(new);
        self.store(all);
        let name = visible(section.system.as_bytes()).into_owned();
        let of = if mine || name.is_empty() { String::new() } else { format!(" of {name}") };
        match old {
            0 => format!("Imported {}{of}.", plural(new, "note", "notes")),
            _ => format!("Imported {}{of}; {old} were known or older.", plural(new, "note", "notes")),
        }
    }

    /// The notes on a bundle that may not be in memory.
    fn of(&self, sha256: &str) -> Section {
        if let Some(section) = self.0.sections.borrow().get(sha256) {
            return section.clone();
        }
        let mut section = Section::new(sha256, "", "");
        self.carry(&mut section);
        merge_kept(&mut section);
        section
    }

    /// Answers for the notes that wait: takes them for this bundle, or forgets them.
    pub(crate) fn answer(&self, data: &Data, takes: bool) {
        let waiting = self.0.waiting.take();
        let said = if takes {
            let words: Vec<String> = waiting.iter().map(|section| self.take(data, section, true)).collect();
            words.join(" ")
        } else {
            "Nothing was imported.".to_owned()
        };
        self.0.said.replace(said);
        (self.0.changed).emit(());
    }

    /// How many notes of a section are on things that this bundle has too.
    pub(crate) fn fitting(data: &Data, section: &Section) -> usize {
        let noted = Noted::of(&data.snapshot, section.clone());
        noted.all().len() - noted.elsewhere().count()
    }

    /// The file with the notes on these bundles.
    pub(crate) fn export(&self, sha256s: &[String]) -> String {
        Document::of(sha256s.iter().map(|sha256| self.of(sha256))).to_json()
    }

    /// What is written now stands in a file.
    pub(crate) fn saved(&self) {
        self.0.unsaved.set(false);
    }
}

fn merge_kept(section: &mut Section) {
    let text = kept(&format!("{NOTES}{}", section.sha256));
    let reading = text.and_then(|text| Reading::of(text.as_bytes()).ok());
    section.extend(reading.as_ref().and_then(|reading| reading.document.section(&section.sha256)));
}

/// Properties of [`Notes`].
#[derive(Properties, PartialEq)]
pub(crate) struct NotesProps {
    pub(crate) children: Html,
}

/// Keeps the notebook for all that is below.
#[component]
pub(crate) fn Notes(props: &NotesProps) -> Html {
    let version = use_reducer(Version::default);
    let changed = {
        let next = version.dispatcher();
        use_callback((), move |(), ()| next.dispatch(()))
    };
    let book = use_memo((), |()| Notebook::new(changed));
    use_effect_with((), {
        let book = (*book).clone();
        move |()| {
            let listeners = window().map(|window| {
                let asks = {
                    let book = book.clone();
                    Listener::new(&window, "beforeunload", move |event| {
                        if book.0.unsaved.get() {
                            event.prevent_default();
                        }
                    })
                };
                // Another page of this browser wrote something.
                let storage = Listener::new(&window, "storage", move |_| {
                    book.0.sections.borrow_mut().values_mut().for_each(merge_kept);
                    (book.0.changed).emit(());
                });
                (asks, storage)
            });
            move || drop(listeners)
        }
    });
    let context = Notebook(Rc::clone(&book.0), version.0);
    html! { <ContextProvider<Notebook> {context}>{ props.children.clone() }</ContextProvider<Notebook>> }
}

#[derive(Default, PartialEq)]
struct Version(u32);

impl Reducible for Version {
    type Action = ();
    fn reduce(self: Rc<Self>, (): ()) -> Rc<Self> {
        Rc::new(Self(self.0 + 1))
    }
}

/// The notes. Renders the component anew when one changes.
#[hook]
pub(crate) fn use_notebook() -> Option<Notebook> {
    use_context::<Notebook>()
}
