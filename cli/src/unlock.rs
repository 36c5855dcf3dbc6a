//! Encrypted bundles: whose keys there are, and a file's bytes as they were before encryption.

use crate::error::Error;
use crate::parts;
use clap::Args;
use procglass_age::{
    Envelope, FileKey, Found, Header, Identity, Lock, MOST_WORK, SealError, Unsealer, first_line, identities,
};
use procglass_model::bundle::Limits;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{Read, Take};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// How to open encrypted bundles.
#[derive(Args)]
pub(crate) struct KeyArgs {
    /// The passphrase of an encrypted bundle is the first line of this file; several are tried in turn
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Vec<PathBuf>,
    /// Open a bundle that is encrypted for a recipient with this identity of age (age-keygen)
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: Vec<PathBuf>,
    /// Unpack up to so many bytes of a bundle whose source you trust, however well it compresses [32G, 150 times]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) limit: Option<u64>,
}

/// The same for `report`, where `--passphrase-file` is the passphrase of the report.
#[derive(Args)]
pub(crate) struct InputKeyArgs {
    /// Unpack up to so many bytes of a bundle whose source you trust, however well it compresses [32G, 150 times]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) limit: Option<u64>,
    /// The passphrase of an encrypted bundle that goes in; several are tried in turn
    #[arg(long, value_name = "FILE")]
    pub(crate) input_passphrase_file: Vec<PathBuf>,
    /// Open a bundle that is encrypted for a recipient with this identity of age (age-keygen)
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: Vec<PathBuf>,
}

/// A number of bytes with an optional unit: `500000`, `64K`, `20M`, `64G`.
fn size(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 10),
        None => match (text.strip_suffix(['m', 'M']), text.strip_suffix(['g', 'G'])) {
            (Some(digits), _) => (digits, 20),
            (_, Some(digits)) => (digits, 30),
            _ => (text, 0),
        },
    };
    let bytes = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
    bytes
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "give a number of bytes, as 500000, 64K, 20M or 64G".into())
}

/// What may open bundles.
pub(crate) struct Keys {
    /// The option that gives passphrases, for messages.
    option: &'static str,
    passphrases: Vec<Zeroizing<Vec<u8>>>,
    identities: Vec<Identity>,
    /// How much of a bundle is read.
    pub(crate) limits: Limits,
    /// What was found once, so that a passphrase is not tried again.
    found: Mutex<HashMap<PathBuf, FileKey>>,
}

impl Keys {
    fn read(
        option: &'static str,
        passphrases: &[PathBuf],
        files: &[PathBuf],
        limit: Option<u64>,
    ) -> Result<Self, Error> {
        let mut all = Vec::new();
        for path in files {
            let text = Zeroizing::new(fs::read_to_string(path).map_err(Error::file(path, "read"))?);
            all.extend(identities(&text).map_err(Error::sealed(path))?);
        }
        let typed = passphrases.iter().map(|path| passphrase(path)).collect::<Result<Vec<_>, _>>()?;
        let passphrases = typed.iter().flat_map(|typed| forms(typed)).collect();
        Ok(Self {
            option,
            passphrases,
            identities: all,
            limits: limit.map_or(Limits::native(), Limits::trusted),
            found: Mutex::default(),
        })
    }

    /// The key of a file with this header.
    fn open(&self, path: &Path, header: &Header) -> Result<FileKey, Error> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = found.get(path) {
            return Ok(key.clone());
        }
        let failed = Error::sealed(path);
        let key = match header.lock(MOST_WORK) {
            Err(error) => Err(error),
            Ok(Lock::Passphrase { .. }) if self.passphrases.is_empty() => {
                return Err(Error::Locked { path: path.into(), with: "a passphrase", option: self.option });
            }
            Ok(Lock::Identity(_)) if self.identities.is_empty() => {
                return Err(Error::Locked {
                    path: path.into(),
                    with: "the key of a recipient",
                    option: "--identity",
                });
            }
            Ok(Lock::Identity(_)) => header.open_identities(&self.identities),
            Ok(Lock::Passphrase { .. }) => {
                let mut outcome = Err(SealError::WrongPassphrase);
                for passphrase in &self.passphrases {
                    outcome = header.open_passphrase(passphrase, MOST_WORK);
                    if outcome != Err(SealError::WrongPassphrase) {
                        break;
                    }
                }
                outcome
            }
        };
        let key = key.map_err(failed)?;
        found.insert(path.into(), key.clone());
        Ok(key)
    }
}

impl TryFrom<&KeyArgs> for Keys {
    type Error = Error;

    fn try_from(args: &KeyArgs) -> Result<Self, Error> {
        Self::read("--passphrase-file", &args.passphrase_file, &args.identity, args.limit)
    }
}

impl TryFrom<&InputKeyArgs> for Keys {
    type Error = Error;

    fn try_from(args: &InputKeyArgs) -> Result<Self, Error> {
        Self::read("--input-passphrase-file", &args.input_passphrase_file, &args.identity, args.limit)
    }
}

/// A passphrase as it was typed, and in both normal forms of Unicode: keyboards write the same letter in either.
fn forms(typed: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut forms = vec![Zeroizing::new(typed.to_vec())];
    if let Ok(text) = std::str::from_utf8(typed)
        && !text.is_ascii()
    {
        for form in [text.nfc().collect::<String>(), text.nfd().collect()] {
            let form = Zeroizing::new(form.into_bytes());
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    forms
}

/// The passphrase in a file.
pub(crate) fn passphrase(path: &Path) -> Result<Zeroizing<Vec<u8>>, Error> {
    let text = Zeroizing::new(fs::read(path).map_err(Error::file(path, "read"))?);
    Ok(Zeroizing::new(first_line(&text).map_err(Error::sealed(path))?.to_vec()))
}

/// The bytes of a bundle, decrypted where they are encrypted.
pub(crate) struct Source {
    path: PathBuf,
    file: Take<File>,
    buffer: Vec<u8>,
    how: How,
    /// Why the rest of it cannot be had.
    pub(crate) damage: Option<SealError>,
}

enum How {
    /// The bytes that were read to see what it is, and whether they were handed out.
    Plain(Option<Vec<u8>>),
    Sealed(Option<Unsealer>, Vec<u8>),
}

/// How far to look for encrypted text in a terminal log.
const LOG_LIMIT: usize = 64 << 20;

impl Source {
    /// Opens a file, and unlocks it if it is encrypted.
    pub(crate) fn open(path: &Path, keys: &Keys) -> Result<Self, Error> {
        let mut file = parts::open(path).map_err(Error::file(path, "opened"))?;
        let (mut envelope, mut head, mut buffer) = (Envelope::default(), Vec::new(), vec![0; 1 << 20]);
        let found = loop {
            let count = file.read(&mut buffer).map_err(Error::file(path, "read"))?;
            let piece = buffer.get(..count).unwrap_or_default();
            head.extend_from_slice(piece);
            let found = if count == 0 { envelope.end().map(Some) } else { envelope.push(piece) };
            match found.map_err(Error::sealed(path))? {
                Some(found) => break found,
                None if head.len() > LOG_LIMIT => break Found::Plain,
                None => {}
            }
        };
        let how = match found {
            Found::Plain => How::Plain(Some(head)),
            Found::Sealed(header) => {
                How::Sealed(Some(envelope.unlock(keys.open(path, &header)?)), Vec::new())
            }
        };
        Ok(Self { path: path.into(), file, buffer, how, damage: None })
    }

    /// The next bytes; none at the end.
    pub(crate) fn next(&mut self) -> Result<&[u8], Error> {
        loop {
            if let How::Plain(head) = &mut self.how
                && let Some(head) = head.take()
                && !head.is_empty()
            {
                self.buffer.resize(self.buffer.len().max(head.len()), 0);
                let place = self.buffer.get_mut(..head.len()).unwrap_or_default();
                place.copy_from_slice(&head);
                return Ok(self.buffer.get(..head.len()).unwrap_or_default());
            }
            let count = self.file.read(&mut self.buffer).map_err(Error::file(&self.path, "read"))?;
            let piece = self.buffer.get(..count).unwrap_or_default();
            let How::Sealed(unsealer, out) = &mut self.how else {
                return Ok(self.buffer.get(..count).unwrap_or_default());
            };
            out.clear();
            let outcome = match unsealer {
                None => return Ok(&[]),
                Some(unsealer) if count > 0 => unsealer.push(piece, out),
                Some(_) => unsealer.take().map_or(Ok(()), |unsealer| unsealer.finish(out)),
            };
            if let Err(error) = outcome {
                self.damage = Some(error);
                *unsealer = None;
            }
            if unsealer.is_none() || !out.is_empty() {
                let How::Sealed(_, out) = &self.how else { return Ok(&[]) };
                return Ok(out);
            }
        }
    }

    /// All of it.
    pub(crate) fn all(mut self) -> Result<Vec<u8>, Error> {
        let mut all = Vec::new();
        loop {
            match self.next()? {
                [] => return Ok(all),
                piece => all.extend_from_slice(piece),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_normal_forms_are_tried() {
        let forms = |text: &str| forms(text.as_bytes()).iter().map(|form| form.to_vec()).collect::<Vec<_>>();
        assert_eq!(forms("plain"), [b"plain"]);
        assert_eq!(forms("f\u{fc}r"), ["f\u{fc}r".as_bytes(), "fu\u{308}r".as_bytes()]);
        assert_eq!(forms("fu\u{308}r"), ["fu\u{308}r".as_bytes(), "f\u{fc}r".as_bytes()]);
        assert_eq!(super::forms(b"\xff").len(), 1);
    }
}
