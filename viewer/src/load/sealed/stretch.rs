//! Making a key of a passphrase, on another thread: it takes a second and a quarter of a gigabyte, by intention, and both
//! are gone with the thread. The thread runs the program of this page.

use crate::load::answer::Answer;
use crate::load::{Cancel, Turn};
use crate::ui::dom::window;
use js_sys::{Array, Function, Reflect, Uint8Array};
use procglass_age::SealError;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, BlobPropertyBag, MessageEvent, Url, Worker};

/// What the thread does, behind the program's own text: says how many milliseconds it will take, then the key. Browsers
/// compile code well that has run for a while, so it runs for a while first.
const PROGRAM: &str = r#"
onmessage = ({ data: [module, passphrase, salt, work] }) => {
  wasm_bindgen.initSync({ module });
  const run = (work) => wasm_bindgen.stretch(passphrase, salt, work);
  const timed = (work) => {
    const begin = performance.now();
    run(work);
    return performance.now() - begin;
  };
  const sample = Math.min(work, 12);
  for (let n = 0; n < 4; n++) timed(sample);
  postMessage(timed(sample) * 2 ** (work - sample));
  const key = run(work);
  postMessage(key, [key.buffer]);
};"#;

/// What there is to stretch.
#[derive(Clone, Copy)]
pub(crate) struct Stretch<'a> {
    pub(crate) passphrase: &'a str,
    pub(crate) salt: [u8; 16],
    /// The work factor, as a power of two.
    pub(crate) work: u8,
}

/// A passphrase in a normal form of Unicode, `NFC` or `NFD`: keyboards write the same letter in either.
pub(crate) fn normal(passphrase: &str, form: &str) -> String {
    match passphrase.is_ascii() {
        true => passphrase.to_owned(),
        false => js_sys::JsString::from(passphrase).normalize(form).into(),
    }
}

enum Said {
    /// It will take so many milliseconds.
    Estimate(f64),
    Key(Vec<u8>),
    Failed,
    Cancelled,
}

/// The key; `None` when it was cancelled. `told` hears how many milliseconds it will take.
///
/// # Errors
/// A sentence, when the memory of the browser does not suffice.
pub(crate) async fn stretch(
    what: Stretch<'_>,
    cancel: &Cancel,
    told: &dyn Fn(f64),
) -> Result<Option<[u8; 32]>, String> {
    let answer = Answer::new();
    let Some(thread) = Thread::start(what, &answer) else { return here(what).await.map(Some) };
    cancel.then({
        let answer = answer.clone();
        move || answer.give(Said::Cancelled)
    });
    let mut began = false;
    let outcome = loop {
        match answer.take().await {
            Some(Said::Estimate(milliseconds)) => {
                began = true;
                told(milliseconds);
            }
            Some(Said::Key(key)) => break key.as_slice().try_into().ok().map(Some).ok_or_else(no_memory),
            Some(Said::Cancelled) => break Ok(None),
            // It never ran: a policy forbids it, for one.
            Some(Said::Failed) | None if !began => break here(what).await.map(Some),
            Some(Said::Failed) | None => break Err(no_memory()),
        }
    };
    drop(thread);
    outcome
}

fn no_memory() -> String {
    "the browser has not enough memory to make a key of the passphrase: close other pages and try again"
        .to_owned()
}

/// The same in this thread, where the page stands still meanwhile.
async fn here(what: Stretch<'_>) -> Result<[u8; 32], String> {
    // What was said last is to be seen.
    Turn::new().pass().await;
    match procglass_age::stretch(what.passphrase.as_bytes(), &what.salt, what.work) {
        Ok(key) => Ok(*key),
        Err(SealError::NoMemory { .. }) => Err(no_memory()),
        Err(error) => Err(error.to_string()),
    }
}

struct Thread {
    worker: Worker,
    _closures: [Closure<dyn FnMut(MessageEvent)>; 2],
}

impl Thread {
    fn start(what: Stretch<'_>, answer: &Answer<Said>) -> Option<Self> {
        window()?;
        let glue = Reflect::get(&js_sys::global(), &"procglassGlue".into()).ok()?;
        let glue = glue.dyn_ref::<Function>()?.call0(&JsValue::UNDEFINED).ok()?;
        let kind = BlobPropertyBag::new();
        kind.set_type("text/javascript");
        let program = Array::of3(&"\"use strict\";\n".into(), &glue, &PROGRAM.into());
        let program = Blob::new_with_str_sequence_and_options(&program, &kind).ok()?;
        let url = Url::create_object_url_with_blob(&program).ok()?;
        let worker = Worker::new(&url);
        let _ = Url::revoke_object_url(&url);
        let worker = worker.ok()?;
        let onmessage = Closure::new({
            let answer = answer.clone();
            move |event: MessageEvent| answer.give(said(&event.data()))
        });
        let onerror = Closure::new({
            let answer = answer.clone();
            move |_: MessageEvent| answer.give(Said::Failed)
        });
        worker.set_onmessage(Some(onmessage.as_ref().unchecked_ref()));
        worker.set_onerror(Some(onerror.as_ref().unchecked_ref()));
        let message = Array::of4(
            &wasm_bindgen::module(),
            &Uint8Array::from(what.passphrase.as_bytes()),
            &Uint8Array::from(what.salt.as_slice()),
            &JsValue::from(what.work),
        );
        worker.post_message(&message).ok()?;
        Some(Self { worker, _closures: [onmessage, onerror] })
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

fn said(data: &JsValue) -> Said {
    match (data.as_f64(), data.dyn_ref::<Uint8Array>()) {
        (Some(milliseconds), _) => Said::Estimate(milliseconds),
        (None, Some(key)) => Said::Key(key.to_vec()),
        (None, None) => Said::Failed,
    }
}
