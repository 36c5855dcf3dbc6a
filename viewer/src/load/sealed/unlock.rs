//! Asking for the key until one opens, or nobody wants any more.

use super::look::look;
use super::open::open;
use super::stretch::{Stretch, normal, stretch};
use crate::load::answer::Answer;
use crate::load::{Cancel, Input, Progress};
use procglass_age::{FileKey, Header, Lock, MOST_WORK_BROWSER, SealError, identities};
use std::rc::Rc;
use yew::Callback;

/// What somebody gave to open with.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// What was typed.
    Passphrase(Rc<str>),
    /// The text of a file of identities.
    Identities(Rc<str>),
}

/// What the page shows while it is locked.
#[derive(Clone, PartialEq)]
pub(crate) struct Locked {
    /// Name of the file; `None` for the report that this page is.
    pub(crate) name: Option<String>,
    /// What opens it.
    pub(crate) lock: Lock,
    /// What was wrong with the last attempt.
    pub(crate) wrong: Option<String>,
    /// A key is being made: in how many milliseconds it will be there, once that is known.
    pub(crate) busy: Option<Option<f64>>,
    /// Takes the next attempt.
    pub(crate) answer: Callback<Key>,
}

/// Opens encrypted inputs. What opened one is tried for the next.
pub(crate) struct Unlocker<'a> {
    pub(crate) cancel: &'a Cancel,
    pub(crate) show: &'a dyn Fn(Locked),
    pub(crate) progress: &'a Callback<Progress>,
    pub(crate) known: Vec<Key>,
}

impl Unlocker<'_> {
    /// The bundles in an input: itself where it is not encrypted. `None` when it was cancelled.
    ///
    /// # Errors
    /// A sentence for the reader, when no key would help.
    pub(crate) async fn unlock(&mut self, input: Input) -> Result<Option<Vec<Input>>, String> {
        let sealed = match look(input).await? {
            Ok(sealed) => sealed,
            Err(input) => return Ok(Some(vec![input])),
        };
        let lock = sealed.header.lock(MOST_WORK_BROWSER).map_err(|error| error.to_string())?;
        let name = (!matches!(sealed.input, Input::Sealed(_))).then(|| sealed.input.name());
        let answer = Answer::<Option<Key>>::new();
        let given = {
            let answer = answer.clone();
            Callback::from(move |key| answer.give(Some(key)))
        };
        let mut locked = Locked { name, lock, wrong: None, busy: None, answer: given };
        let mut known = self.known.clone().into_iter();
        loop {
            let tried = known.next();
            let by_itself = tried.is_some();
            let key = match tried {
                Some(key) => key,
                None => {
                    locked.busy = None;
                    (self.show)(locked.clone());
                    let waiting = answer.clone();
                    self.cancel.then(move || waiting.give(None));
                    let Some(Some(key)) = answer.take().await else { return Ok(None) };
                    key
                }
            };
            match self.attempt(&key, &sealed.header, &mut locked).await {
                Ok(Some(file)) => {
                    if !by_itself {
                        self.known.push(key);
                    }
                    return open(sealed, file, self.cancel, self.progress).await;
                }
                Ok(None) => return Ok(None),
                Err(_) if by_itself => {}
                Err(what) => locked.wrong = Some(what),
            }
        }
    }

    async fn attempt(
        &self,
        key: &Key,
        header: &Header,
        locked: &mut Locked,
    ) -> Result<Option<FileKey>, String> {
        let words = |error: SealError| {
            match error {
            SealError::WrongPassphrase => {
                "This passphrase does not open it. Upper and lower case, spaces and the keyboard's language count."
                    .to_owned()
            }
            other => other.to_string(),
        }
        };
        match (key, locked.lock) {
            (Key::Passphrase(passphrase), Lock::Passphrase { salt, work }) => {
                (locked.wrong, locked.busy) = (None, Some(None));
                (self.show)(locked.clone());
                let told = |milliseconds| {
                    let busy = Some(Some(milliseconds));
                    (self.show)(Locked { busy, ..locked.clone() });
                };
                let mut tried: Vec<String> = Vec::new();
                for form in [(**passphrase).to_owned(), normal(passphrase, "NFC"), normal(passphrase, "NFD")]
                {
                    if tried.contains(&form) {
                        continue;
                    }
                    let what = Stretch { passphrase: &form, salt, work };
                    let Some(key) = stretch(what, self.cancel, &told).await? else { return Ok(None) };
                    match header.open_stretched(&key) {
                        Err(SealError::WrongPassphrase) => tried.push(form),
                        opened => return opened.map(Some).map_err(words),
                    }
                }
                Err(words(SealError::WrongPassphrase))
            }
            (Key::Identities(text), Lock::Identity(_)) => {
                let identities = identities(text).map_err(words)?;
                header.open_identities(&identities).map(Some).map_err(words)
            }
            (Key::Passphrase(_), _) => Err(SealError::NeedsIdentity.to_string()),
            (Key::Identities(_), _) => Err(SealError::NeedsPassphrase.to_string()),
        }
    }
}
