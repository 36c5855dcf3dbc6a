//! Stanzas: one way each to open a file.

use super::file_key::WRAPPED;
use super::header::exact;

/// A file key, wrapped in a way that is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WrappedFor {
    /// Under a key made of a passphrase.
    Passphrase { salt: [u8; 16], work: u8, wrapped: [u8; WRAPPED] },
    /// Under a secret shared with the owner of an X25519 key.
    Recipient { share: [u8; 32], wrapped: [u8; WRAPPED] },
}

/// The first line of a stanza.
pub(super) struct Stanza<'a> {
    words: Vec<&'a str>,
}

impl<'a> Stanza<'a> {
    /// Reads `-> KIND ARGUMENT...`: words of visible ASCII with one space between.
    pub(super) fn begin(line: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(line.strip_prefix(b"-> ")?).ok()?;
        let words: Vec<&str> = text.split(' ').collect();
        let visible = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
        words.iter().all(visible).then_some(Self { words })
    }

    /// Its kind.
    pub(super) fn kind(&self) -> &'a str {
        self.words.first().copied().unwrap_or_default()
    }

    /// What it holds; `None` for a kind that is not known here, which is no error.
    pub(super) fn of(&self, body: &[u8]) -> Result<Option<WrappedFor>, &'static str> {
        let wrapped = || body.try_into().map_err(|_| "a wrapped key has a wrong length");
        match self.words.as_slice() {
            ["X25519", share] => {
                let share = exact(share.as_bytes()).ok_or("the share of an X25519 recipient is no key")?;
                Ok(Some(WrappedFor::Recipient { share, wrapped: wrapped()? }))
            }
            ["scrypt", salt, work] => {
                let salt = exact(salt.as_bytes()).ok_or("the salt of a passphrase has a wrong length")?;
                let work = number(work).ok_or("the work factor of a passphrase is no number")?;
                Ok(Some(WrappedFor::Passphrase { salt, work, wrapped: wrapped()? }))
            }
            ["X25519" | "scrypt", ..] => Err("a recipient has a wrong number of arguments"),
            _ => Ok(None),
        }
    }
}

/// A number from 1 to 255 without zeros in front.
fn number(text: &str) -> Option<u8> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    digits.then(|| text.parse().ok()).flatten()
}
