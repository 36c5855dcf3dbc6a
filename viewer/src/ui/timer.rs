//! Waiting a little before work that each keystroke would repeat.

use super::dom::window;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use yew::prelude::*;

/// A call in the future; dropping it calls it off.
pub(crate) struct Timer {
    id: i32,
    _closure: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls once, after `milliseconds`.
    pub(crate) fn after(milliseconds: i32, call: impl FnMut() + 'static) -> Option<Self> {
        let closure = Closure::<dyn FnMut()>::new(call);
        let function = closure.as_ref().unchecked_ref();
        let id =
            window()?.set_timeout_with_callback_and_timeout_and_arguments_0(function, milliseconds).ok()?;
        Some(Self { id, _closure: closure })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = window() {
            window.clear_timeout_with_handle(self.id);
        }
    }
}

/// Waits.
pub(crate) async fn sleep(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// The value as it was when it last stood still for `milliseconds`.
#[hook]
pub(crate) fn use_settled<T: Clone + PartialEq + 'static>(value: T, milliseconds: i32) -> T {
    let settled = use_state_eq(|| value.clone());
    let timer = use_mut_ref(|| None::<Timer>);
    let set = settled.setter();
    use_effect_with(value, move |value| {
        let value = value.clone();
        let next = Timer::after(milliseconds, move || set.set(value.clone()));
        timer.replace(next);
        move || drop(timer.borrow_mut().take())
    });
    (*settled).clone()
}

/// One place for the latest [`Timer`] of a kind.
#[derive(Clone, Default)]
pub(crate) struct Later(Rc<RefCell<Option<Timer>>>);

impl Later {
    /// Calls `call` after `milliseconds`, unless another call takes its place before.
    pub(crate) fn call(&self, milliseconds: i32, call: impl FnMut() + 'static) {
        self.0.replace(Timer::after(milliseconds, call));
    }

    /// Calls nothing.
    pub(crate) fn off(&self) {
        self.0.replace(None);
    }
}
