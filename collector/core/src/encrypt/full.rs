//! Encryption for a passphrase or for recipients.

use crate::error::CollectError;
use procglass_age::{Recipient, Sealer, Stretched, To, first_line};
use rustix::rand::{GetRandomFlags, getrandom};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

/// The work factor, as a power of two: 64 MiB, since the system under investigation may be short of memory. The age tool
/// would take four times as much, and opens this.
const WORK: u8 = 16;

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Encrypt {
    passphrase_file: Option<PathBuf>,
    recipients: Vec<Recipient>,
}

/// What to encrypt with, if anything.
pub(crate) struct Key(Option<To>);

/// Bytes are encrypted, or pass as they are.
pub(crate) enum Sealing<W: Write> {
    Off(W),
    On(Sealer<W>),
}

impl Encrypt {
    /// Takes an option, named as typed, and its value.
    pub(crate) fn typed(&mut self, option: &str, value: OsString) -> Result<(), String> {
        if option == "passphrase-file" {
            self.passphrase_file = Some(value.into());
            return Ok(());
        }
        let text = value.to_string_lossy();
        let recipient = text.parse().map_err(|error| format!("--recipient {text}: {error}"))?;
        self.recipients.push(recipient);
        Ok(())
    }

    /// Whether that can be done.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.passphrase_file.is_some() && !self.recipients.is_empty() {
            return Err(
                "--passphrase-file and --recipient exclude each other: a bundle is for one or the other"
                    .into(),
            );
        }
        Ok(())
    }

    pub(crate) fn is_wanted(&self) -> bool {
        self.passphrase_file.is_some() || !self.recipients.is_empty()
    }

    /// For the manifest. A passphrase's file says nothing to others.
    pub(crate) fn record(&self, options: &mut BTreeMap<&str, Value>) {
        if self.passphrase_file.is_some() {
            options.insert("passphrase-file", json!(true));
        }
        if !self.recipients.is_empty() {
            let names: Vec<_> = self.recipients.iter().map(Recipient::to_string).collect();
            options.insert("recipient", json!(names));
        }
    }

    /// Gets the key ready, which for a passphrase takes a moment.
    pub(crate) fn key(&self) -> Result<Key, CollectError> {
        let Some(path) = &self.passphrase_file else {
            let recipients = (!self.recipients.is_empty()).then(|| To::Recipients(self.recipients.clone()));
            return Ok(Key(recipients));
        };
        let failed = |what: String| CollectError::Passphrase { path: path.clone(), what };
        let text = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
        let passphrase = first_line(&text).map_err(|error| failed(error.to_string()))?;
        let mut salt = [0; 16];
        random(&mut salt).map_err(|error| failed(error.to_string()))?;
        let stretched = Stretched::new(passphrase, salt, WORK).map_err(|error| failed(error.to_string()))?;
        Ok(Key(Some(To::Passphrase(stretched))))
    }
}

impl Key {
    /// Whether anything is encrypted.
    pub(crate) fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// Bytes of output for so many of the bundle, at most.
    pub(crate) fn carried(&self, bytes: u64) -> u64 {
        self.0.as_ref().map_or(bytes, |to| bytes + to.overhead(bytes))
    }

    /// Begins to write.
    pub(crate) fn seal<W: Write>(&self, out: W) -> io::Result<Sealing<W>> {
        match &self.0 {
            Some(to) => Ok(Sealing::On(Sealer::new(out, to, &mut random)?)),
            None => Ok(Sealing::Off(out)),
        }
    }
}

impl<W: Write> Sealing<W> {
    /// What is written into, where nothing is encrypted.
    pub(crate) fn plain(&mut self) -> Option<&mut W> {
        match self {
            Self::Off(out) => Some(out),
            Self::On(_) => None,
        }
    }

    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Self::Off(out) => Ok(out),
            Self::On(sealer) => sealer.finish(),
        }
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        match self {
            Self::Off(out) => out.write(data),
            Self::On(sealer) => sealer.write(data),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Off(out) => out.flush(),
            Self::On(sealer) => sealer.flush(),
        }
    }
}

/// The kernel's random bytes.
fn random(bytes: &mut [u8]) -> io::Result<()> {
    let mut at = 0;
    while let Some(rest) = bytes.get_mut(at..).filter(|rest| !rest.is_empty()) {
        at += getrandom(rest, GetRandomFlags::empty())?;
    }
    Ok(())
}
