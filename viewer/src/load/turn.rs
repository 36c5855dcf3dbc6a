//! Giving the browser a turn.

use crate::ui::dom::now;
use js_sys::Promise;
use std::cell::Cell;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// How long one slice of work may take: a frame has 16.7 ms, and drawing needs some of it.
const BUDGET_MS: f64 = 9.0;

thread_local! {
    /// When the browser last had its turn.
    static SINCE: Cell<f64> = const { Cell::new(f64::MIN) };
}

/// Watches the time since the browser last had its turn. It is one for all that work at the same time: two of them must not
/// take a slice each.
pub(crate) struct Turn(());

impl Turn {
    /// The first slice begins with the first turn, since nobody knows how long the page was busy before.
    pub(crate) fn new() -> Self {
        Self(())
    }

    /// Whether the slice is used up.
    pub(crate) fn is_over(&self) -> bool {
        now() - SINCE.get() > BUDGET_MS
    }

    /// Lets the browser have its turn if the slice is used up.
    pub(crate) async fn pass_if_over(&mut self) {
        if self.is_over() {
            self.pass().await;
        }
    }

    /// Lets the browser draw and take input, then goes on.
    pub(crate) async fn pass(&mut self) {
        // A message comes back as soon as the browser is free; timers would wait 4 ms each time.
        let Ok(channel) = MessageChannel::new() else { return };
        let promise = Promise::new(&mut |resolve, _| {
            let done = Closure::once_into_js(move || {
                let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
            });
            channel.port1().set_onmessage(Some(done.unchecked_ref()));
        });
        let _ = channel.port2().post_message(&wasm_bindgen::JsValue::NULL);
        let _ = JsFuture::from(promise).await;
        channel.port1().close();
        SINCE.set(now());
    }
}
