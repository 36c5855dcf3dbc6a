//! The key of one file, and what is derived from it.

use super::error::SealError;
use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The random key of one file. Whoever has it can read that file and no other.
#[derive(Clone, PartialEq, Eq)]
pub struct FileKey(Zeroizing<[u8; FileKey::LENGTH]>);

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey(..)")
    }
}

/// A wrapped file key: the key and a tag.
pub(super) const WRAPPED: usize = FileKey::LENGTH + 16;

impl FileKey {
    pub(super) const LENGTH: usize = 16;

    pub(super) fn new(bytes: [u8; Self::LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key of the code over the header.
    pub(super) fn header(&self) -> Result<Zeroizing<[u8; 32]>, SealError> {
        derive(self.0.as_slice(), &[], b"header")
    }

    /// The key of the payload.
    pub(super) fn payload(&self, nonce: &[u8; 16]) -> Result<Zeroizing<[u8; 32]>, SealError> {
        derive(self.0.as_slice(), nonce, b"payload")
    }

    /// Wraps it under a key that is used only once, so the nonce is zero.
    pub(super) fn wrap(&self, key: &[u8; 32]) -> Result<Vec<u8>, SealError> {
        let cipher = ChaCha20Poly1305::new(&Key::from(*key));
        cipher.encrypt(&Nonce::default(), self.0.as_slice()).map_err(|_| SealError::Derivation)
    }

    /// Unwraps one; `None` when the key is another.
    pub(super) fn unwrap(wrapped: &[u8; WRAPPED], key: &[u8; 32]) -> Option<Self> {
        let cipher = ChaCha20Poly1305::new(&Key::from(*key));
        let bytes = Zeroizing::new(cipher.decrypt(&Nonce::default(), wrapped.as_slice()).ok()?);
        Some(Self::new(bytes.as_slice().try_into().ok()?))
    }
}

/// HKDF-SHA-256.
///
/// # Errors
/// [`SealError::Derivation`]: never a key of zeros, with which everyone could open what is written.
pub(super) fn derive(secret: &[u8], salt: &[u8], label: &[u8]) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let mut key = Zeroizing::new([0; 32]);
    let expanded = Hkdf::<Sha256>::new(Some(salt), secret).expand(label, key.as_mut_slice());
    expanded.map_err(|_| SealError::Derivation)?;
    Ok(key)
}
