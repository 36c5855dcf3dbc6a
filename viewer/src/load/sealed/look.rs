//! Whether an input is encrypted.

use crate::load::{Input, Turn};
use procglass_age::{Envelope, Found, Header};

/// How much of a file is looked at first.
const HEAD: usize = 4096;

/// An encrypted input, read up to its header.
pub(super) struct Sealed {
    pub(super) input: Input,
    pub(super) envelope: Envelope,
    pub(super) header: Header,
    /// The first slice that was not read.
    pub(super) next: usize,
}

/// Reads the beginning of an input. `Err(input)` gives back one that is not encrypted.
pub(super) async fn look(input: Input) -> Result<Result<Sealed, Input>, String> {
    if matches!(input, Input::Embedded(..) | Input::Unsealed(_)) {
        return Ok(Err(input));
    }
    if let Input::Unread(_, why) = input {
        return Err(why);
    }
    // Nearly all are told by their first bytes, and many files are opened one after the other.
    let (input, head) = input.looked_at(HEAD).await?;
    if head.is_some_and(|head| matches!(Envelope::default().push(&head), Ok(Some(Found::Plain)))) {
        return Ok(Err(input));
    }
    let (mut envelope, mut turn) = (Envelope::default(), Turn::new());
    for slice in 0..=input.slices() {
        let found = if slice == input.slices() {
            envelope.end().map(Some)
        } else {
            envelope.push(&input.slice(slice).await?.to_vec())
        };
        match found.map_err(|error| error.to_string())? {
            Some(Found::Plain) => break,
            Some(Found::Sealed(header)) => {
                return Ok(Ok(Sealed { input, envelope, header, next: slice + 1 }));
            }
            None => {}
        }
        if turn.is_over() {
            turn.pass().await;
        }
    }
    Ok(Err(input))
}
