//! The bytes that a page of evidence shows: those in memory at once, the others when they have been read.

use crate::load::member::whole;
use crate::state::Data;
use crate::ui::bytes_view::Bytes;
use procglass_snapshot::analysis::source::{Piece, piece};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// How much of them is here.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Extent {
    /// All.
    Whole,
    /// The first; the others are being read.
    Reading,
    /// The first; the others cannot be had, which a sentence says.
    Cut(String),
}

/// The bytes of a part of a member, or of all of it. `None`: there are none of that name.
#[hook]
pub(super) fn use_bytes(data: Option<&Data>, name: &str, part: &str) -> (Option<Bytes>, Extent) {
    let what = (data.cloned(), name.to_owned(), part.to_owned());
    let first = use_memo(what.clone(), |(data, name, part)| {
        match data.as_ref().map_or(Piece::Missing, |data| piece(&data.snapshot, name, part)) {
            Piece::Bytes(bytes) => Some(Bytes(Rc::new(bytes))),
            Piece::Json(text) => Some(Bytes(Rc::new(text.into_bytes()))),
            Piece::Missing => None,
        }
    });
    // What was read, and of which member: an answer may come when another page is shown.
    let read = use_state(|| None::<(String, Result<Bytes, String>)>);
    use_effect_with(what, {
        let read = read.setter();
        move |(data, name, part)| {
            let stopped = Rc::new(Cell::new(false));
            if let Some(data) = data.clone().filter(|data| part.is_empty() && !is_whole(data, name)) {
                let (name, stopped) = (name.clone(), Rc::clone(&stopped));
                spawn_local(async move {
                    if let Some(outcome) = rest(&data, &name, || stopped.get()).await {
                        read.set(Some((name, outcome.map(|bytes| Bytes(Rc::new(bytes))))));
                    }
                });
            }
            move || stopped.set(true)
        }
    });
    let complete = !part.is_empty() || data.is_none_or(|data| is_whole(data, name));
    match read.as_ref().filter(|(of, _)| !complete && of == name) {
        Some((_, Ok(bytes))) => (Some(bytes.clone()), Extent::Whole),
        Some((_, Err(error))) => ((*first).clone(), Extent::Cut(error.clone())),
        None => ((*first).clone(), if complete { Extent::Whole } else { Extent::Reading }),
    }
}

fn is_whole(data: &Data, name: &str) -> bool {
    data.snapshot.members.get(name).is_none_or(procglass_model::bundle::Member::is_whole)
}

async fn rest(data: &Data, name: &str, stop: impl Fn() -> bool) -> Option<Result<Vec<u8>, String>> {
    let member = data.snapshot.members.get(name)?;
    match &data.origin.original {
        Some(bundle) => whole(bundle, member, stop).await.transpose(),
        None => Some(Err("the bundle is not there any more: open it again".into())),
    }
}
