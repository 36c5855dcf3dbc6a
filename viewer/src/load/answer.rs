//! A value that comes later: out of a click, or from another thread.

use js_sys::{Array, Function, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// The place where it will be.
pub(super) struct Answer<T>(Rc<RefCell<State<T>>>);

struct State<T> {
    value: Option<T>,
    waiting: Option<Function>,
}

impl<T> Clone for Answer<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Answer<T> {
    pub(super) fn new() -> Self {
        Self(Rc::new(RefCell::new(State { value: None, waiting: None })))
    }

    /// Gives the value to whoever waits for it.
    pub(super) fn give(&self, value: T) {
        let waiting = {
            let mut state = self.0.borrow_mut();
            state.value = Some(value);
            state.waiting.take()
        };
        if let Some(resolve) = waiting {
            let _ = Reflect::apply(&resolve, &JsValue::UNDEFINED, &Array::new());
        }
    }

    /// Waits for the next value.
    pub(super) async fn take(&self) -> Option<T> {
        if let Some(value) = self.0.borrow_mut().value.take() {
            return Some(value);
        }
        let promise = Promise::new(&mut |resolve, _| self.0.borrow_mut().waiting = Some(resolve));
        JsFuture::from(promise).await.ok()?;
        self.0.borrow_mut().value.take()
    }
}
