//! Keys of people: `age1...` to encrypt for, `AGE-SECRET-KEY-1...` to open with. Both are X25519 keys in Bech32.

use super::error::SealError;
use super::file_key::{FileKey, derive};
use super::wrap::WrappedFor;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use std::fmt;
use std::str::FromStr;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

const LABEL: &[u8] = b"age-encryption.org/v1/X25519";
const RECIPIENT: &str = "age";
const IDENTITY: &str = "age-secret-key-";

/// Whom to encrypt for: the public half, which may be known to everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient([u8; 32]);

/// What opens files that are encrypted for its recipient: the secret half.
#[derive(Clone)]
pub struct Identity {
    secret: Zeroizing<[u8; 32]>,
    public: [u8; 32],
}

impl Recipient {
    /// Wraps a file's key with the help of 32 random bytes: the stanza's first line and its body.
    ///
    /// # Errors
    /// [`SealError::Key`] for a point of low order, with which everyone could open the file.
    pub(super) fn wrap(&self, key: &FileKey, random: [u8; 32]) -> Result<(String, Vec<u8>), SealError> {
        let share = x25519(random, X25519_BASEPOINT_BYTES);
        let secret = wrapping_key(x25519(random, self.0), &share, &self.0)?.ok_or_else(|| {
            SealError::Key("a recipient's key is no key: everyone could open the file".into())
        })?;
        Ok((format!("X25519 {}", BASE64.encode(share)), key.wrap(&secret)?))
    }
}

impl Identity {
    /// The file's key, if it is wrapped for this identity.
    ///
    /// # Errors
    /// [`SealError::Header`] for a share of low order, which no honest program writes.
    pub(super) fn unwrap(&self, wrapped: &WrappedFor) -> Result<Option<FileKey>, SealError> {
        let WrappedFor::Recipient { share, wrapped } = wrapped else { return Ok(None) };
        let secret = wrapping_key(x25519(*self.secret, *share), share, &self.public)?;
        let secret = secret.ok_or(SealError::Header("the share of an X25519 recipient is of low order"))?;
        Ok(FileKey::unwrap(wrapped, &secret))
    }

    /// Its public half.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient(self.public)
    }

    /// An identity of 32 random bytes.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        let public = x25519(secret, X25519_BASEPOINT_BYTES);
        Self { secret: Zeroizing::new(secret), public }
    }
}

/// `None`: a shared secret of zeros, which comes of a point of low order.
fn wrapping_key(
    shared: [u8; 32],
    share: &[u8; 32],
    public: &[u8; 32],
) -> Result<Option<Zeroizing<[u8; 32]>>, SealError> {
    let shared = Zeroizing::new(shared);
    if *shared == [0; 32] {
        return Ok(None);
    }
    derive(shared.as_slice(), &[share.as_slice(), public].concat(), LABEL).map(Some)
}

impl FromStr for Recipient {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        let kind = "it is no recipient of age: those begin with age1, as age-keygen prints them";
        // Every key of another kind and every plugin has letters behind `age`.
        if text.starts_with("age1pq") || text.starts_with("age1tag") || text.starts_with("ssh-") {
            return Err(SealError::Key(
                "only X25519 recipients are known here; encrypt for others with the age tool".into(),
            ));
        }
        decode(text, RECIPIENT).map(Self).map_err(|what| SealError::Key(format!("{kind} ({what})")))
    }
}

impl FromStr for Identity {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        // The text itself must never get into a message.
        let kind = "it is no identity of age: those begin with AGE-SECRET-KEY-1";
        decode(text, IDENTITY).map(Self::new).map_err(|what| SealError::Key(format!("{kind} ({what})")))
    }
}

/// In lower or in upper case, not mixed, with the checksum of BIP 173.
fn decode(text: &str, hrp: &str) -> Result<[u8; 32], &'static str> {
    let checked = CheckedHrpstring::new::<Bech32>(text).map_err(|_| "a letter of it is wrong or missing")?;
    if checked.hrp().to_lowercase() != hrp {
        return Err("it is of another kind");
    }
    let bytes = Zeroizing::new(checked.byte_iter().collect::<Vec<u8>>());
    bytes.as_slice().try_into().map_err(|_| "its length is wrong")
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bech32::encode_lower_to_fmt::<Bech32, _>(f, Hrp::parse_unchecked(RECIPIENT), &self.0)
            .map_err(|_| fmt::Error)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity(of {})", self.recipient())
    }
}
