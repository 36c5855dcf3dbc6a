//! The fixtures as this crate's own types: `procglass-fixture` opens them with the crate that is no test.

#![allow(clippy::unwrap_used, reason = "a wrong fixture fails its test")]

use crate::Snapshot;
pub(crate) use procglass_fixture::{PAYMENTS, bundle, manifest};
use procglass_model::bundle::Limits;

/// Opens bytes as a bundle.
pub(crate) fn open(bytes: &[u8]) -> Snapshot {
    Snapshot::read(bytes, Limits::browser()).unwrap()
}

/// The system that most tests look at.
pub(crate) fn payments() -> Snapshot {
    open(&bundle(PAYMENTS))
}
