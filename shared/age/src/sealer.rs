//! Encrypting a stream.

use super::error::SealError;
use super::file_key::FileKey;
use super::header;
use super::keys::Recipient;
use super::passphrase::Stretched;
use super::payload::{CHUNK, Chunks, NONCE, TAG};
use std::io::{self, Write};
use zeroize::Zeroizing;

/// Who can open what is written.
#[derive(Clone)]
pub enum To {
    /// Whoever knows the passphrase.
    Passphrase(Stretched),
    /// The owner of each of these keys.
    Recipients(Vec<Recipient>),
}

/// Fills bytes with random ones, from a source that is fit for keys.
pub type Random<'a> = &'a mut dyn FnMut(&mut [u8]) -> io::Result<()>;

/// Encrypts what is written to it, in bounded memory: one chunk of 64 KiB. Nothing of a chunk is handed on before it is
/// full.
pub struct Sealer<W: Write> {
    inner: W,
    chunks: Chunks,
    chunk: Vec<u8>,
}

impl To {
    /// How many bytes encryption adds to `bytes` of content, at most.
    #[must_use]
    pub fn overhead(&self, bytes: u64) -> u64 {
        let ways = if let Self::Recipients(list) = self { list.len() as u64 } else { 1 };
        let header = 80 + 110 * ways;
        header + NONCE as u64 + (bytes / CHUNK as u64 + 1) * TAG as u64
    }

    fn stanzas(&self, key: &FileKey, random: Random<'_>) -> io::Result<Vec<(String, Vec<u8>)>> {
        match self {
            Self::Passphrase(stretched) => Ok(vec![stretched.wrap(key).map_err(invalid)?]),
            Self::Recipients(list) if list.is_empty() => {
                Err(invalid(SealError::Key("no recipient is named".into())))
            }
            Self::Recipients(list) => list
                .iter()
                .map(|recipient| {
                    let ephemeral = bytes::<32>(random)?;
                    recipient.wrap(key, *ephemeral).map_err(invalid)
                })
                .collect(),
        }
    }
}

impl<W: Write> Sealer<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// Those of `random` and of `inner`, and `InvalidInput` when nobody could open it or everybody.
    pub fn new(mut inner: W, to: &To, random: Random<'_>) -> io::Result<Self> {
        let key = FileKey::new(*bytes(random)?);
        let stanzas = to.stanzas(&key, random)?;
        let nonce = *bytes::<NONCE>(random)?;
        inner.write_all(&header::write(&key, &stanzas).map_err(invalid)?)?;
        inner.write_all(&nonce)?;
        let chunk = Vec::with_capacity(CHUNK + TAG);
        let chunks = Chunks::new(&key, &nonce).map_err(invalid)?;
        Ok(Self { inner, chunks, chunk })
    }

    /// Writes the last chunk and gives the output back. Without it the file counts as cut.
    ///
    /// # Errors
    /// Those of the output.
    pub fn finish(mut self) -> io::Result<W> {
        self.put(true)?;
        self.inner.flush()?;
        Ok(self.inner)
    }

    fn put(&mut self, last: bool) -> io::Result<()> {
        let sealed = self.chunks.seal(&mut self.chunk, last);
        sealed.map_err(io::Error::other)?;
        self.inner.write_all(&self.chunk)?;
        self.chunk.clear();
        Ok(())
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        // A full chunk waits until more comes: the last one is marked, and is never empty but in an empty file.
        if self.chunk.len() == CHUNK && !data.is_empty() {
            self.put(false)?;
        }
        let count = data.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(data.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn bytes<const N: usize>(
    random: &mut dyn FnMut(&mut [u8]) -> io::Result<()>,
) -> io::Result<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0; N]);
    random(bytes.as_mut_slice())?;
    Ok(bytes)
}

fn invalid(what: SealError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, what)
}
