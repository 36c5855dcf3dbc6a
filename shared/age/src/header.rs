//! The header: lines that say for whom the file's key is wrapped, and a code over them.

use super::FIRST_LINE;
use super::error::SealError;
use super::file_key::FileKey;
use super::keys::Identity;
use super::passphrase;
use super::wrap::{Stanza, WrappedFor};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use hkdf::hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A header that is longer is no header: some hundreds of recipients.
const LIMIT: usize = 64 << 10;
/// Characters of a line of a body, but for its last.
const COLUMNS: usize = 64;

/// A header that was read.
#[derive(Clone, Debug)]
pub struct Header {
    wrapped: Vec<WrappedFor>,
    unknown: Vec<String>,
    /// The bytes under the code.
    signed: Vec<u8>,
    code: [u8; 32],
}

/// What opens a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// A passphrase, made a key with [`stretch`](super::stretch).
    Passphrase {
        /// The salt.
        salt: [u8; 16],
        /// The work factor, as a power of two.
        work: u8,
    },
    /// The identity of one of so many recipients.
    Identity(usize),
}

impl Header {
    /// Reads a header from the beginning of `bytes`, and says where it ends. `None`: more bytes are needed.
    ///
    /// # Errors
    /// [`SealError::Header`] when it is none.
    pub fn read(bytes: &[u8]) -> Result<Option<(Self, usize)>, SealError> {
        let mut lines = Lines { bytes, at: 0 };
        match Self::from_lines(&mut lines) {
            Ok(header) => Ok(Some((header, lines.at))),
            Err(None) if bytes.len() > LIMIT => Err(SealError::Header("it is too long")),
            Err(None) => Ok(None),
            Err(Some(what)) => Err(SealError::Header(what)),
        }
    }

    /// `Err(None)`: it is not yet whole.
    fn from_lines(lines: &mut Lines<'_>) -> Result<Self, Option<&'static str>> {
        if lines.next()? != FIRST_LINE.as_bytes() {
            return Err(Some("its first line is of another format or version"));
        }
        let (mut wrapped, mut unknown) = (Vec::new(), Vec::new());
        loop {
            let before = lines.at;
            let line = lines.next()?;
            if let Some(code) = line.strip_prefix(b"--- ") {
                let code = exact(code).ok_or(Some("its last line is no code"))?;
                let signed = lines.bytes.get(..before + 3).unwrap_or_default().to_vec();
                if wrapped.is_empty() && unknown.is_empty() {
                    return Err(Some("it names no recipient"));
                }
                let alone = wrapped.len() + unknown.len() == 1;
                if !alone && wrapped.iter().any(|one| matches!(one, WrappedFor::Passphrase { .. })) {
                    return Err(Some("a passphrase must be the only way to open a file"));
                }
                return Ok(Self { wrapped, unknown, signed, code });
            }
            let stanza = Stanza::begin(line).ok_or(Some("a line of it is neither recipient nor code"))?;
            let body = lines.body()?;
            match stanza.of(&body) {
                Ok(Some(one)) => wrapped.push(one),
                Ok(None) => unknown.push(stanza.kind().to_owned()),
                Err(what) => return Err(Some(what)),
            }
        }
    }

    /// What opens it. Work factors over `most` are refused, since they would take hours or all memory.
    ///
    /// # Errors
    /// [`SealError::TooMuchWork`], and [`SealError::UnknownRecipients`] when nothing that is known here opens it.
    pub fn lock(&self, most: u8) -> Result<Lock, SealError> {
        match self.wrapped.as_slice() {
            [] => Err(SealError::UnknownRecipients(self.unknown.clone())),
            [WrappedFor::Passphrase { work, .. }] if *work > most => {
                Err(SealError::TooMuchWork { work: *work, most })
            }
            [WrappedFor::Passphrase { salt, work, .. }] => Ok(Lock::Passphrase { salt: *salt, work: *work }),
            recipients => Ok(Lock::Identity(recipients.len())),
        }
    }

    /// Opens it with what [`stretch`](super::stretch) made of a passphrase.
    ///
    /// # Errors
    /// [`SealError::WrongPassphrase`]; [`SealError::Changed`] when the passphrase is right and the header is not.
    pub fn open_stretched(&self, key: &[u8; 32]) -> Result<FileKey, SealError> {
        let [WrappedFor::Passphrase { wrapped, .. }] = self.wrapped.as_slice() else {
            return Err(SealError::NeedsIdentity);
        };
        self.checked(FileKey::unwrap(wrapped, key).ok_or(SealError::WrongPassphrase)?)
    }

    /// Opens it with a passphrase, which may take seconds.
    ///
    /// # Errors
    /// As [`Header::lock`] and [`Header::open_stretched`].
    pub fn open_passphrase(&self, passphrase: &[u8], most: u8) -> Result<FileKey, SealError> {
        match self.lock(most)? {
            Lock::Passphrase { salt, work } => {
                self.open_stretched(&*passphrase::stretch(passphrase, &salt, work)?)
            }
            Lock::Identity(_) => Err(SealError::NeedsIdentity),
        }
    }

    /// Opens it with one of these identities.
    ///
    /// # Errors
    /// [`SealError::WrongIdentity`]; [`SealError::Changed`] when an identity is right and the header is not.
    pub fn open_identities(&self, identities: &[Identity]) -> Result<FileKey, SealError> {
        if let [WrappedFor::Passphrase { .. }] = self.wrapped.as_slice() {
            return Err(SealError::NeedsPassphrase);
        }
        for identity in identities {
            for wrapped in &self.wrapped {
                if let Some(key) = identity.unwrap(wrapped)? {
                    return self.checked(key);
                }
            }
        }
        Err(if self.wrapped.is_empty() {
            SealError::UnknownRecipients(self.unknown.clone())
        } else {
            SealError::WrongIdentity
        })
    }

    fn checked(&self, key: FileKey) -> Result<FileKey, SealError> {
        code(&key, &self.signed)?.verify(&self.code.into()).map(|()| key).map_err(|_| SealError::Changed)
    }
}

/// Writes a header.
pub(super) fn write(key: &FileKey, stanzas: &[(String, Vec<u8>)]) -> Result<Vec<u8>, SealError> {
    let mut out = format!("{FIRST_LINE}\n");
    for (first, body) in stanzas {
        out.push_str(&format!("-> {first}\n"));
        let body = BASE64.encode(body);
        let mut left = body.as_str();
        while left.len() >= COLUMNS {
            let (line, rest) = left.split_at(COLUMNS);
            out.push_str(line);
            out.push('\n');
            left = rest;
        }
        out.push_str(left);
        out.push('\n');
    }
    out.push_str("---");
    let code = code(key, out.as_bytes())?.finalize().into_bytes();
    out.push_str(&format!(" {}\n", BASE64.encode(code)));
    Ok(out.into_bytes())
}

fn code(key: &FileKey, signed: &[u8]) -> Result<Hmac<Sha256>, SealError> {
    // HMAC fills a key up with zeros to the length of a block.
    let mut block = Zeroizing::new([0; 64]);
    for (place, byte) in block.iter_mut().zip(key.header()?.iter()) {
        *place = *byte;
    }
    let mut code = Hmac::<Sha256>::new(&(*block).into());
    code.update(signed);
    Ok(code)
}

/// Base64 of exactly so many bytes, in the one way in which it may be written.
pub(super) fn exact<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    BASE64.decode(text).ok()?.try_into().ok()
}

struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<&'a [u8], Option<&'static str>> {
        let rest = self.bytes.get(self.at..self.bytes.len().min(LIMIT)).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n').ok_or(None)?;
        self.at += length + 1;
        Ok(rest.get(..length).unwrap_or_default())
    }

    /// Base64 in lines, of which the last is shorter than the others, and may be empty.
    fn body(&mut self) -> Result<Vec<u8>, Option<&'static str>> {
        let mut text = Vec::new();
        loop {
            let line = self.next()?;
            if line.len() > COLUMNS {
                return Err(Some("a line of it is too long"));
            }
            text.extend_from_slice(line);
            if line.len() < COLUMNS {
                return BASE64.decode(text).map_err(|_| Some("a recipient of it is no base64"));
            }
        }
    }
}
