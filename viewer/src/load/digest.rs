//! SHA-256 of every member, on another thread: the browser's own implementation is several times as fast as one in
//! WebAssembly, and meanwhile this thread reads on.
//!
//! Where it is not to be had (a page that is served without TLS has no `crypto.subtle`, a policy may forbid workers), the
//! hashes are made here, in slices, after reading.

use super::turn::Turn;
use crate::format::{float, whole};
use crate::ui::dom::window;
use js_sys::{Array, Promise, Reflect, Uint8Array, Uint32Array};
use procglass_model::bundle::{Sha256Digest, sha256};
use procglass_model::model::Members;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, MessageEvent, Url, Worker};

/// The other thread's program: takes the number of a batch and its members laid end to end, answers with the number and their
/// digests, or with nothing when it cannot.
const PROGRAM: &str = r#""use strict";
onmessage = async ({ data: [number, bytes, ends] }) => {
  try {
    let from = 0;
    const all = Array.from(ends, (end) => crypto.subtle.digest("SHA-256", bytes.subarray(from, (from = end))));
    const digests = new Uint8Array(32 * all.length);
    (await Promise.all(all)).forEach((digest, n) => digests.set(new Uint8Array(digest), 32 * n));
    postMessage([number, digests], [digests.buffer]);
  } catch {
    postMessage([]);
  }
};"#;

/// Bytes that are sent at once.
const BATCH: usize = 1 << 20;

/// Digests in the making.
pub(super) struct Digests {
    thread: Option<Thread>,
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

struct Thread {
    worker: Worker,
    sent: usize,
    answers: Rc<RefCell<Answers>>,
    _closures: [Closure<dyn FnMut(MessageEvent)>; 2],
}

#[derive(Default)]
struct Answers {
    /// By the number of the batch: a later one may be done first.
    batches: BTreeMap<usize, Vec<Sha256Digest>>,
    failed: bool,
    waiting: Option<js_sys::Function>,
}

impl Digests {
    /// Starts the other thread, if there can be one.
    pub(super) fn start() -> Self {
        Self { thread: Thread::start(), bytes: Vec::new(), ends: Vec::new() }
    }

    /// Takes the bytes of the next member.
    pub(super) fn add(&mut self, data: &[u8]) {
        let Some(thread) = &mut self.thread else { return };
        self.bytes.extend_from_slice(data);
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        if self.bytes.len() >= BATCH {
            thread.send(&mut self.bytes, &mut self.ends);
        }
    }

    /// All digests, in order.
    pub(super) async fn finish(mut self, members: &Members, turn: &mut Turn) -> Vec<Sha256Digest> {
        if let Some(mut thread) = self.thread.take() {
            thread.send(&mut self.bytes, &mut self.ends);
            if let Some(digests) = thread.wait().await.filter(|digests| digests.len() == members.len()) {
                return digests;
            }
        }
        let mut digests = Vec::with_capacity(members.len());
        for member in members.iter() {
            digests.push(sha256(&member.data));
            if turn.is_over() {
                turn.pass().await;
            }
        }
        digests
    }
}

impl Thread {
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
        let answers = Rc::new(RefCell::new(Answers::default()));
        let onmessage = Closure::new({
            let answers = Rc::clone(&answers);
            move |event: MessageEvent| answers.borrow_mut().take(&event.data())
        });
        let onerror = Closure::new({
            let answers = Rc::clone(&answers);
            move |_: MessageEvent| answers.borrow_mut().fail()
        });
        worker.set_onmessage(Some(onmessage.as_ref().unchecked_ref()));
        worker.set_onerror(Some(onerror.as_ref().unchecked_ref()));
        Some(Self { worker, sent: 0, answers, _closures: [onmessage, onerror] })
    }

    fn send(&mut self, bytes: &mut Vec<u8>, ends: &mut Vec<u32>) {
        if ends.is_empty() {
            return;
        }
        let (data, places) = (Uint8Array::from(bytes.as_slice()), Uint32Array::from(ends.as_slice()));
        let transfer = Array::of1(&data.buffer());
        let message = Array::of3(&JsValue::from(float(self.sent)), &data, &places);
        if self.worker.post_message_with_transfer(&message, &transfer).is_err() {
            self.answers.borrow_mut().fail();
        }
        self.sent += 1;
        bytes.clear();
        ends.clear();
    }

    /// Every digest, once the last batch has its answer; `None` when the thread failed.
    async fn wait(&self) -> Option<Vec<Sha256Digest>> {
        loop {
            let waiting = {
                let answers = self.answers.borrow();
                if answers.failed {
                    return None;
                }
                answers.batches.len() < self.sent
            };
            if !waiting {
                break;
            }
            let promise = Promise::new(&mut |resolve, _| self.answers.borrow_mut().waiting = Some(resolve));
            JsFuture::from(promise).await.ok()?;
        }
        Some(std::mem::take(&mut self.answers.borrow_mut().batches).into_values().flatten().collect())
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Answers {
    fn take(&mut self, data: &JsValue) {
        let answer = data.dyn_ref::<Array>().and_then(|pair| {
            Some((whole(pair.get(0).as_f64()?), pair.get(1).dyn_into::<Uint8Array>().ok()?.to_vec()))
        });
        match answer {
            Some((number, bytes)) => {
                self.batches.insert(number, bytes.as_chunks::<32>().0.to_vec());
                self.wake();
            }
            None => self.fail(),
        }
    }

    fn fail(&mut self) {
        self.failed = true;
        self.wake();
    }

    fn wake(&mut self) {
        if let Some(resolve) = self.waiting.take() {
            let _ = Reflect::apply(&resolve, &JsValue::UNDEFINED, &Array::new());
        }
    }
}
