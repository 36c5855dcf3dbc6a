//! Giving the browser a turn.

use crate::ui::dom::now;
use js_sys::{Function, Promise};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessagePort};

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
        let promise = Promise::new(&mut |resolve, _| {
            if !BELL.with(|bell| bell.as_ref().is_some_and(|bell| bell.ring(resolve.clone()))) {
                let _ = resolve.call0(&JsValue::NULL);
            }
        });
        let _ = JsFuture::from(promise).await;
        SINCE.set(now());
    }
}

thread_local! {
    /// One for all: to make another for each slice takes longer than to ring it.
    static BELL: Option<Bell> = Bell::new();
}

/// A message to ourselves comes back as soon as the browser is free; timers would wait 4 ms each time.
struct Bell {
    port: MessagePort,
    waiting: Rc<RefCell<VecDeque<Function>>>,
}

impl Bell {
    fn new() -> Option<Self> {
        let channel = MessageChannel::new().ok()?;
        let waiting = Rc::new(RefCell::new(VecDeque::<Function>::new()));
        let heard = Closure::<dyn FnMut()>::new({
            let waiting = Rc::clone(&waiting);
            move || {
                // One message, one turn: what waits for the next goes on in a slice of its own.
                let first = waiting.borrow_mut().pop_front();
                if let Some(resolve) = first {
                    let _ = resolve.call0(&JsValue::NULL);
                }
            }
        });
        channel.port1().set_onmessage(Some(heard.into_js_value().unchecked_ref()));
        Some(Self { port: channel.port2(), waiting })
    }

    /// Whether it will be heard.
    fn ring(&self, resolve: Function) -> bool {
        self.waiting.borrow_mut().push_back(resolve);
        let rung = self.port.post_message(&JsValue::NULL).is_ok();
        if !rung {
            self.waiting.borrow_mut().pop_back();
        }
        rung
    }
}
