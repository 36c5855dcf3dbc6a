//! The payload: chunks of 64 KiB, each encrypted and authenticated with its number, the last one marked as such.

use super::error::SealError;
use super::file_key::FileKey;
use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};

/// Bytes of a chunk.
pub(super) const CHUNK: usize = 64 << 10;
/// Bytes that encryption adds to a chunk.
pub(super) const TAG: usize = 16;
/// Bytes in front of the chunks.
pub(super) const NONCE: usize = 16;

/// The cipher and the number of the next chunk.
pub(super) struct Chunks {
    cipher: ChaCha20Poly1305,
    next: u64,
}

impl Chunks {
    pub(super) fn new(key: &FileKey, nonce: &[u8; NONCE]) -> Result<Self, SealError> {
        Ok(Self { cipher: ChaCha20Poly1305::new(&Key::from(*key.payload(nonce)?)), next: 0 })
    }

    /// Bytes of the payload in front of the next chunk.
    pub(super) fn before(&self) -> u64 {
        self.next * CHUNK as u64
    }

    /// An 88-bit number and a mark for the last one.
    fn nonce(&self, last: bool) -> Nonce {
        let mut nonce = [0; 12];
        let (number, mark) = nonce.split_at_mut(11);
        if let Some(low) = number.get_mut(3..) {
            low.copy_from_slice(&self.next.to_be_bytes());
        }
        mark.fill(u8::from(last));
        nonce.into()
    }

    /// Encrypts a chunk where it stands.
    pub(super) fn seal(&mut self, chunk: &mut Vec<u8>, last: bool) -> Result<(), SealError> {
        let sealed = self.cipher.encrypt_in_place(&self.nonce(last), &[], chunk);
        // No chunk is too long for it, and no writer makes 2^64 of them.
        sealed.map_err(|_| SealError::Damaged { at: self.before() })?;
        self.next += 1;
        Ok(())
    }

    /// Decrypts a chunk where it stands. False: it is none, and what stands there is of no use.
    pub(super) fn open(&mut self, chunk: &mut Vec<u8>, last: bool) -> bool {
        let opened = self.cipher.decrypt_in_place(&self.nonce(last), &[], chunk).is_ok();
        self.next += u64::from(opened);
        opened
    }
}
