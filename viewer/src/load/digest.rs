//! SHA-256 of the file and of every member in it, on another thread.
//!
//! That thread gets the file and unpacks it by the browser's own means, so that nothing has to be copied to it: it is the
//! copying that took longest. This thread meanwhile reads the same file for its contents. What the two found is compared
//! member by member; where they do not agree (a damaged file, a form that only our reader knows), or where there is no such
//! thread (a page that is served without TLS has no `crypto.subtle`, a policy may forbid workers), the hashes are made here,
//! in slices, after reading.

use super::bytes::Source;
use super::turn::Turn;
use crate::ui::dom::window;
use js_sys::{Array, Function, Promise, Uint8Array, Uint32Array};
use procglass_model::bundle::{Sha256Digest, sha256};
use procglass_model::model::Members;
use sha2::{Digest as _, Sha256};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, MessageEvent, Url, Worker};

/// The other thread's program: takes a file, answers with the file's digest, the lengths of its members and their digests
/// end to end, or with nothing when it cannot.
const PROGRAM: &str = include_str!("digest.js");

/// Everything that was hashed.
pub(super) struct Digests {
    /// Of the file as it is.
    pub(super) file: Sha256Digest,
    /// Of the members, in their order.
    pub(super) members: Vec<Sha256Digest>,
}

/// Digests in the making.
pub(super) struct Hashing {
    thread: Option<Thread>,
}

struct Thread {
    worker: Worker,
    answer: Rc<RefCell<Answer>>,
    _closures: [Closure<dyn FnMut(MessageEvent)>; 2],
}

#[derive(Default)]
struct Answer {
    /// Lengths of the members beside the digests; `None` when the thread failed.
    given: Option<Option<(Digests, Vec<u32>)>>,
    waiting: Option<Function>,
}

impl Hashing {
    /// Starts the other thread, if there can be one.
    pub(super) fn start(file: &Blob) -> Self {
        Self { thread: Thread::start(file) }
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
        if let Some(thread) = self.thread
            && let Some((digests, lengths)) = thread.wait().await
        {
            let read = members.iter().map(|member| member.data.len());
            if lengths.into_iter().map(|length| length as usize).eq(read) {
                return Ok(digests);
            }
        }
        here(source, members, turn).await
    }
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
    fn start(file: &Blob) -> Option<Self> {
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
        let answer = Rc::new(RefCell::new(Answer::default()));
        let onmessage = Closure::new({
            let answer = Rc::clone(&answer);
            move |event: MessageEvent| answer.borrow_mut().take(read(&event.data()))
        });
        let onerror = Closure::new({
            let answer = Rc::clone(&answer);
            move |_: MessageEvent| answer.borrow_mut().take(None)
        });
        worker.set_onmessage(Some(onmessage.as_ref().unchecked_ref()));
        worker.set_onerror(Some(onerror.as_ref().unchecked_ref()));
        worker.post_message(file).ok()?;
        Some(Self { worker, answer, _closures: [onmessage, onerror] })
    }

    /// What it found; `None` when it failed.
    async fn wait(&self) -> Option<(Digests, Vec<u32>)> {
        loop {
            if let Some(given) = self.answer.borrow_mut().given.take() {
                return given;
            }
            let promise = Promise::new(&mut |resolve, _| self.answer.borrow_mut().waiting = Some(resolve));
            JsFuture::from(promise).await.ok()?;
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Answer {
    fn take(&mut self, given: Option<(Digests, Vec<u32>)>) {
        // What came first counts.
        self.given.get_or_insert(given);
        if let Some(resolve) = self.waiting.take() {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    }
}

fn read(message: &JsValue) -> Option<(Digests, Vec<u32>)> {
    let message = message.dyn_ref::<Array>()?;
    let file = message.get(0).dyn_into::<Uint8Array>().ok()?.to_vec().try_into().ok()?;
    let lengths = message.get(1).dyn_into::<Uint32Array>().ok()?.to_vec();
    let members = message.get(2).dyn_into::<Uint8Array>().ok()?.to_vec().as_chunks::<32>().0.to_vec();
    (members.len() == lengths.len()).then_some((Digests { file, members }, lengths))
}
