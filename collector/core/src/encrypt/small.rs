//! No encryption.

use crate::error::CollectError;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, Write};

/// Nothing can be asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Encrypt {}

/// Nothing to encrypt with.
pub(crate) struct Key;

/// Bytes pass as they are.
pub(crate) struct Sealing<W>(W);

impl Encrypt {
    pub(crate) fn typed(&mut self, _: &str, _: OsString) -> Result<(), String> {
        Err("this small build cannot encrypt. Take procglass-collect-full, or pipe what -o - gives into age"
            .into())
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        Ok(())
    }

    pub(crate) fn is_wanted(&self) -> bool {
        false
    }

    pub(crate) fn record(&self, _: &mut BTreeMap<&str, Value>) {}

    pub(crate) fn key(&self) -> Result<Key, CollectError> {
        Ok(Key)
    }
}

impl Key {
    /// Whether anything is encrypted.
    pub(crate) fn is_some(&self) -> bool {
        false
    }

    pub(crate) fn carried(&self, bytes: u64) -> u64 {
        bytes
    }

    pub(crate) fn seal<W: Write>(&self, out: W) -> io::Result<Sealing<W>> {
        Ok(Sealing(out))
    }
}

impl<W: Write> Sealing<W> {
    /// What is written into, where nothing is encrypted.
    pub(crate) fn plain(&mut self) -> Option<&mut W> {
        Some(&mut self.0)
    }

    pub(crate) fn finish(self) -> io::Result<W> {
        Ok(self.0)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.0.write(data)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
