//! A second thread. It gets a file, unpacks it by the browser's own means, which are several times as fast as ours, hands
//! over what came out, and hashes it; this thread meanwhile makes a system of it.
//!
//! It knows the ordinary form of a bundle only. Of anything else (damage, a form that only our reader knows) it says that
//! it failed, and so does a page in which there can be none: one that is served without TLS has no `crypto.subtle`, and a
//! policy may forbid workers. Then all is done here.

use super::digest::Digests;
use crate::ui::dom::window;
use js_sys::{Array, Function, Promise, Uint8Array, Uint32Array};
use procglass_model::bundle::Limits;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, MessageEvent, Url, Worker};

/// Its program, `second.js` without comments. Takes a file (or nothing: then its bytes follow, and a word as the end), whether
/// its contents are wanted, how many bytes of each recovered file, and whether the file's own digest is; and `null` for each
/// parcel that was read. Answers with parcels (how much of the file was unpacked so far, then bytes, and between them numbers of
/// those that are left out), with `null` when no more of them come (none come of a file that is not packed), and at last with
/// the file's digest, the lengths of its members and their digests end to end, or with nothing when it failed.
const PROGRAM: &str = include_str!(concat!(env!("OUT_DIR"), "/second.js"));

thread_local! {
    /// Those that have nothing to do: to start one for each of a thousand bundles takes longer than to read those.
    static IDLE: RefCell<Vec<Worker>> = const { RefCell::new(Vec::new()) };
}

/// What it says.
pub(super) enum News {
    /// How many bytes of the file are unpacked, and what came out of the last.
    Bytes(usize, Vec<Part>),
    /// No more bytes come; where none came, the file is not packed.
    End,
    /// All digests, and the lengths of the members. The last news.
    Digests(Digests, Vec<u32>),
    /// It cannot. The last news.
    Failed,
}

/// What stands next in the archive.
pub(super) enum Part {
    /// Bytes.
    Here(Uint8Array),
    /// So many bytes, which were left out.
    LeftOut(u64),
}

/// The thread, at work on one file.
pub(crate) struct Second {
    worker: Worker,
    inbox: Rc<RefCell<Inbox>>,
    _closures: [Closure<dyn FnMut(MessageEvent)>; 2],
}

#[derive(Default)]
struct Inbox {
    news: VecDeque<News>,
    waiting: Option<Function>,
    /// The last news came.
    ended: bool,
    /// It awaits another file.
    idle: bool,
}

impl Second {
    /// Makes the thread while the reader still looks for a file: it takes longer to start than many a file to read.
    pub(crate) fn prepare() {
        IDLE.with_borrow_mut(|idle| idle.extend(thread()));
    }

    /// Begins, if there can be such a thread: to hash what is inside the file; to hand it over as well where `unpack` wants
    /// that; and to hash the file as it is, for which all of it is in memory, twice.
    pub(super) fn start(file: &Blob, unpack: bool, itself: bool) -> Option<Self> {
        Self::begin(file, unpack, itself)
    }

    /// The same for a file that comes in pieces, by the [`Feed`]: to unpack it.
    pub(super) fn start_fed() -> Option<(Self, Feed)> {
        let second = Self::begin(&JsValue::NULL, true, false)?;
        let feed = Feed(second.worker.clone());
        Some((second, feed))
    }

    fn begin(file: &JsValue, unpack: bool, itself: bool) -> Option<Self> {
        let worker = IDLE.with_borrow_mut(Vec::pop).or_else(thread)?;
        let inbox = Rc::new(RefCell::new(Inbox::default()));
        let onmessage = Closure::new({
            let inbox = Rc::clone(&inbox);
            move |event: MessageEvent| inbox.borrow_mut().take(read(&event.data()), true)
        });
        let onerror = Closure::new({
            let inbox = Rc::clone(&inbox);
            move |_: MessageEvent| inbox.borrow_mut().take(News::Failed, false)
        });
        worker.set_onmessage(Some(onmessage.as_ref().unchecked_ref()));
        worker.set_onerror(Some(onerror.as_ref().unchecked_ref()));
        let keep = crate::format::float(Limits::browser().recovered.try_into().unwrap_or(usize::MAX));
        worker.post_message(&Array::of4(file, &unpack.into(), &keep.into(), &itself.into())).ok()?;
        Some(Self { worker, inbox, _closures: [onmessage, onerror] })
    }

    /// The next news; after the last, that there are none.
    pub(super) async fn next(&self) -> News {
        loop {
            if let Some(news) = self.inbox.borrow_mut().news.pop_front() {
                return news;
            }
            if self.inbox.borrow().ended {
                return News::Failed;
            }
            let promise = Promise::new(&mut |resolve, _| self.inbox.borrow_mut().waiting = Some(resolve));
            if JsFuture::from(promise).await.is_err() {
                return News::Failed;
            }
        }
    }

    /// Says that a parcel was read: there is room for another.
    pub(super) fn taken(&self) {
        let _ = self.worker.post_message(&JsValue::NULL);
    }
}

/// Where the pieces of a file go.
pub(super) struct Feed(Worker);

impl Feed {
    /// The next piece.
    pub(super) fn piece(&self, piece: &Uint8Array) {
        let _ = self.0.post_message(piece);
    }
}

impl Drop for Feed {
    /// Tells it that all pieces came, or that no more of them do.
    fn drop(&mut self) {
        let _ = self.0.post_message(&"end".into());
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        if self.inbox.borrow().idle {
            IDLE.with_borrow_mut(|idle| idle.push(self.worker.clone()));
        } else {
            self.worker.terminate();
        }
    }
}

impl Inbox {
    fn take(&mut self, news: News, lives: bool) {
        self.ended = matches!(news, News::Digests(..) | News::Failed);
        self.idle = self.ended && lives;
        self.news.push_back(news);
        if let Some(resolve) = self.waiting.take() {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    }
}

fn thread() -> Option<Worker> {
    // Pages from an ordinary server without TLS have no `crypto.subtle`.
    if !window()?.is_secure_context() {
        return None;
    }
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let program = Blob::new_with_str_sequence_and_options(&Array::of1(&PROGRAM.into()), &kind).ok()?;
    let url = Url::create_object_url_with_blob(&program).ok()?;
    let worker = Worker::new(&url);
    let _ = Url::revoke_object_url(&url);
    worker.ok()
}

fn read(message: &JsValue) -> News {
    if message.is_null() {
        return News::End;
    }
    let bytes = |value: JsValue| value.dyn_into::<Uint8Array>().ok();
    let part = |value: JsValue| match value.as_f64() {
        Some(left_out) => Some(Part::LeftOut(crate::format::whole(left_out) as u64)),
        None => bytes(value).map(Part::Here),
    };
    let parcel = || {
        let mut parts = message.dyn_ref::<Array>()?.iter();
        let first = parts.next()?;
        if let Some(unpacked) = first.as_f64() {
            return Some(News::Bytes(crate::format::whole(unpacked), parts.filter_map(part).collect()));
        }
        let file = bytes(first)?.to_vec().try_into().ok();
        let lengths = parts.next()?.dyn_into::<Uint32Array>().ok()?.to_vec();
        let members = bytes(parts.next()?)?.to_vec().as_chunks::<32>().0.to_vec();
        (members.len() == lengths.len()).then_some(News::Digests(Digests { file, members }, lengths))
    };
    parcel().unwrap_or(News::Failed)
}
