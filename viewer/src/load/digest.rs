//! SHA-256 of the file and of every member in it, on another thread.
//!
//! One thread serves all files that are read at a time: to start one takes as long as to hash a small bundle. That thread gets the file and unpacks it by the browser's own means, so that nothing has to be copied to it: it is the
//! copying that took longest. This thread meanwhile reads the same file for its contents. What the two found is compared
//! member by member; where they do not agree (a damaged file, a form that only our reader knows), or where there is no such
//! thread (a page that is served without TLS has no `crypto.subtle`, a policy may forbid workers), the hashes are made here,
//! in slices, after reading.

use super::answer::Answer;
use super::bytes::Source;
use super::turn::Turn;
use crate::ui::dom::window;
use js_sys::{Array, Uint8Array, Uint32Array};
use procglass_model::bundle::{Sha256Digest, sha256};
use procglass_model::model::Members;
use sha2::{Digest as _, Sha256};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, BlobPropertyBag, MessageEvent, Url, Worker};

/// The other thread's program: takes a number and a file, answers with the number, the file's digest, the lengths of its
/// members and their digests end to end, or with the number alone when it cannot.
const PROGRAM: &str = include_str!("digest.js");

/// Everything that was hashed.
pub(super) struct Digests {
    /// Of the file as it is.
    pub(super) file: Sha256Digest,
    /// Of the members, in their order.
    pub(super) members: Vec<Sha256Digest>,
}

/// Digests in the making.
pub(super) struct Hashing(Option<Asked>);

/// A file that the other thread was asked about. It lives as long as somebody asks.
struct Asked {
    thread: Rc<Thread>,
    number: u32,
    answer: Answer<Found>,
}

/// Lengths of the members beside the digests; `None` when the thread failed.
type Found = Option<(Digests, Vec<u32>)>;

/// Those who wait, by the numbers of their files.
type Waiting = RefCell<BTreeMap<u32, Answer<Found>>>;

/// The other thread.
pub(super) struct Thread {
    worker: Worker,
    waiting: Rc<Waiting>,
    /// It failed as a whole, and answers nobody any more.
    broken: Rc<Cell<bool>>,
    next: Cell<u32>,
    _closures: [Closure<dyn FnMut(MessageEvent)>; 2],
}

thread_local! {
    /// The one that works at the moment.
    static THREAD: RefCell<Weak<Thread>> = const { RefCell::new(Weak::new()) };
}

impl Hashing {
    /// Asks the other thread, if there can be one.
    pub(super) fn start(file: &Blob) -> Self {
        Self(Thread::get().and_then(|thread| thread.ask(file)))
    }

    /// All digests of what was read.
    ///
    /// # Errors
    /// A sentence for the reader, when the file is not there any more.
    pub(super) async fn finish(
        self,
        source: &Source,
        members: &Members,
        turn: &mut Turn,
    ) -> Result<Digests, String> {
        if let Some(asked) = self.0
            && let Some((digests, lengths)) = asked.answer.take().await.flatten()
        {
            let read = members.iter().map(|member| member.data.len());
            if lengths.into_iter().map(|length| length as usize).eq(read) {
                return Ok(digests);
            }
        }
        here(source, members, turn).await
    }
}

/// Keeps the other thread from ending between two files, as long as the value lives.
pub(super) fn keep_thread() -> Option<Rc<Thread>> {
    Thread::get()
}

/// The same on this thread.
async fn here(source: &Source, members: &Members, turn: &mut Turn) -> Result<Digests, String> {
    let mut digests = Vec::with_capacity(members.len());
    for member in members.iter() {
        digests.push(sha256(&member.data));
        turn.pass_if_over().await;
    }
    let mut hasher = Sha256::new();
    for at in 0..source.slices() {
        hasher.update(source.slice(at).await?.to_vec());
        turn.pass_if_over().await;
    }
    Ok(Digests { file: hasher.finalize().into(), members: digests })
}

impl Thread {
    /// The one that works, or a new one.
    fn get() -> Option<Rc<Self>> {
        let working = THREAD.with_borrow(Weak::upgrade).filter(|thread| !thread.broken.get());
        if working.is_some() {
            return working;
        }
        let thread = Rc::new(Self::start()?);
        THREAD.set(Rc::downgrade(&thread));
        Some(thread)
    }

    fn start() -> Option<Self> {
        // Pages from an ordinary server without TLS have no such thing.
        if !window()?.is_secure_context() {
            return None;
        }
        let kind = BlobPropertyBag::new();
        kind.set_type("text/javascript");
        let program = Blob::new_with_str_sequence_and_options(&Array::of1(&PROGRAM.into()), &kind).ok()?;
        let url = Url::create_object_url_with_blob(&program).ok()?;
        let worker = Worker::new(&url);
        let _ = Url::revoke_object_url(&url);
        let worker = worker.ok()?;
        let waiting = Rc::new(Waiting::default());
        let broken = Rc::new(Cell::new(false));
        let onmessage = Closure::new({
            let waiting = Rc::clone(&waiting);
            move |event: MessageEvent| {
                let Some((number, found)) = read(&event.data()) else { return };
                let asked = waiting.borrow_mut().remove(&number);
                if let Some(answer) = asked {
                    answer.give(found);
                }
            }
        });
        let onerror = Closure::new({
            let (waiting, broken) = (Rc::clone(&waiting), Rc::clone(&broken));
            move |_: MessageEvent| {
                broken.set(true);
                for answer in waiting.take().into_values() {
                    answer.give(None);
                }
            }
        });
        worker.set_onmessage(Some(onmessage.as_ref().unchecked_ref()));
        worker.set_onerror(Some(onerror.as_ref().unchecked_ref()));
        Some(Self { worker, waiting, broken, next: Cell::new(0), _closures: [onmessage, onerror] })
    }

    fn ask(self: Rc<Self>, file: &Blob) -> Option<Asked> {
        let number = self.next.get();
        self.next.set(number.wrapping_add(1));
        self.worker.post_message(&Array::of2(&number.into(), file)).ok()?;
        let answer = Answer::new();
        self.waiting.borrow_mut().insert(number, answer.clone());
        Some(Asked { thread: self, number, answer })
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.thread.waiting.borrow_mut().remove(&self.number);
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// The number of the file, and what was found.
fn read(message: &JsValue) -> Option<(u32, Found)> {
    let message = message.dyn_ref::<Array>()?;
    // A number of ours, which is whole and fits.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let number = message.get(0).as_f64()? as u32;
    let digests = || {
        let file = message.get(1).dyn_into::<Uint8Array>().ok()?.to_vec().try_into().ok()?;
        let lengths = message.get(2).dyn_into::<Uint32Array>().ok()?.to_vec();
        let members = message.get(3).dyn_into::<Uint8Array>().ok()?.to_vec().as_chunks::<32>().0.to_vec();
        (members.len() == lengths.len()).then_some((Digests { file, members }, lengths))
    };
    Some((number, digests()))
}
