//! Work that goes on while something else is waited for.

use super::answer::Answer;
use std::future::Future;

/// What it will come to.
pub(crate) struct Ahead<T>(Answer<T>);

impl<T: 'static> Ahead<T> {
    /// Starts the work; it goes on whether or not somebody waits for it.
    pub(crate) fn start(work: impl Future<Output = T> + 'static) -> Self {
        let answer = Answer::new();
        wasm_bindgen_futures::spawn_local({
            let answer = answer.clone();
            async move { answer.give(work.await) }
        });
        Self(answer)
    }

    /// Waits for it. `None` does not happen: what was started comes to its end.
    pub(crate) async fn take(&self) -> Option<T> {
        self.0.take().await
    }
}
