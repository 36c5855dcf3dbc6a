//! Opening a stream: what it is, then what is inside.

use super::error::SealError;
use super::file_key::FileKey;
use super::header::Header;
use super::payload::{CHUNK, Chunks, NONCE, TAG};
use procglass_model::bundle::{AGE_ARMOR, ArmorReader, Kind};

/// Looks at the first bytes of a file: is it encrypted, and how?
#[derive(Default)]
pub struct Envelope {
    /// Bytes until it is known what they are, then those of the encrypted file that were not yet used.
    bytes: Vec<u8>,
    armor: Option<ArmorReader>,
    /// How much of the header's bytes was its header.
    header: usize,
    decided: bool,
}

/// What a file is.
#[derive(Clone, Debug)]
pub enum Found {
    /// Not encrypted.
    Plain,
    /// Encrypted, with this header.
    Sealed(Header),
}

/// As many bytes as tell what a file is.
const SNIFF: usize = 512;

impl Envelope {
    /// Takes the next bytes of the file. `None`: it takes more to tell.
    ///
    /// # Errors
    /// [`SealError::Header`] when it is encrypted, and damaged.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Option<Found>, SealError> {
        if let Some(armor) = &mut self.armor {
            armor.push(bytes, &mut self.bytes);
            return self.look();
        }
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() < SNIFF && !self.decided {
            return Ok(None);
        }
        self.decide()
    }

    /// Says what the file is when there are no more bytes.
    ///
    /// # Errors
    /// As [`Envelope::push`], and when the header is cut.
    pub fn end(&mut self) -> Result<Found, SealError> {
        if !self.decided
            && let Some(found) = self.decide()?
        {
            return Ok(found);
        }
        // A short armored file without a last newline gives its bytes here only.
        if let Some(armor) = &mut self.armor {
            armor.finish(&mut self.bytes);
        }
        if let Some(found) = self.look()? {
            return Ok(found);
        }
        match &self.armor {
            Some(armor) if armor.marker().is_none() => Ok(Found::Plain),
            _ => Err(SealError::Header("it is cut")),
        }
    }

    fn decide(&mut self) -> Result<Option<Found>, SealError> {
        self.decided = true;
        match Kind::of(&self.bytes) {
            Kind::Age if !self.bytes.starts_with(AGE_ARMOR.begin.as_bytes()) => self.look(),
            Kind::Age | Kind::Text => {
                let text = std::mem::take(&mut self.bytes);
                let armor = self.armor.insert(ArmorReader::encrypted_too());
                armor.push(&text, &mut self.bytes);
                self.look()
            }
            _ => Ok(Some(Found::Plain)),
        }
    }

    fn look(&mut self) -> Result<Option<Found>, SealError> {
        match self.armor.as_ref().map(ArmorReader::marker) {
            Some(None) => return Ok(None),
            Some(Some(marker)) if *marker != AGE_ARMOR => return Ok(Some(Found::Plain)),
            _ => {}
        }
        let Some((header, end)) = Header::read(&self.bytes)? else { return Ok(None) };
        self.header = end;
        Ok(Some(Found::Sealed(header)))
    }

    /// Goes on to what is inside.
    #[must_use]
    pub fn unlock(mut self, key: FileKey) -> Unsealer {
        self.bytes.drain(..self.header);
        Unsealer {
            key,
            chunks: None,
            armor: self.armor,
            bytes: self.bytes,
            chunk: Vec::with_capacity(CHUNK + TAG),
        }
    }
}

/// Decrypts what is pushed.
pub struct Unsealer {
    key: FileKey,
    chunks: Option<Chunks>,
    armor: Option<ArmorReader>,
    /// Encrypted bytes that make no chunk yet.
    bytes: Vec<u8>,
    chunk: Vec<u8>,
}

impl Unsealer {
    /// Takes the next bytes of the file, as it is stored, and appends to `out` what was inside them.
    ///
    /// # Errors
    /// [`SealError::Damaged`] and [`SealError::After`]: stop. What was appended before is authentic.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), SealError> {
        match &mut self.armor {
            Some(armor) => armor.push(bytes, &mut self.bytes),
            None => self.bytes.extend_from_slice(bytes),
        }
        self.whole_chunks(out)
    }

    /// Ends the file. What `out` got before an error is authentic, and is not all.
    ///
    /// # Errors
    /// [`SealError::Cut`], [`SealError::Damaged`], [`SealError::After`]; [`SealError::Header`] where nothing follows the
    /// header; [`SealError::Armor`] where only the text around it is damaged.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), SealError> {
        if let Some(armor) = &mut self.armor {
            armor.finish(&mut self.bytes);
        }
        self.whole_chunks(out)?;
        self.last_chunk(out)?;
        match &self.armor {
            Some(armor) if !armor.ended() => Err(SealError::Armor("its END line is missing")),
            _ => Ok(()),
        }
    }

    /// Decrypts what is left: the last chunk, or what of one is there.
    fn last_chunk(&mut self, out: &mut Vec<u8>) -> Result<(), SealError> {
        let Some(chunks) = &mut self.chunks else {
            return Err(SealError::Header("the file is cut behind it"));
        };
        let at = chunks.before();
        // Decrypting spoils what it fails on, and a file that is cut between two chunks ends with one that is not the last.
        self.chunk.clone_from(&self.bytes);
        if chunks.open(&mut self.chunk, true) {
            if self.chunk.is_empty() && at > 0 {
                return Err(SealError::Damaged { at });
            }
            out.extend_from_slice(&self.chunk);
            return Ok(());
        }
        if self.bytes.len() == CHUNK + TAG && chunks.open(&mut self.bytes, false) {
            out.extend_from_slice(&self.bytes);
            return Err(SealError::Cut { at: chunks.before() });
        }
        Err(if self.bytes.len() < CHUNK + TAG { SealError::Cut { at } } else { SealError::Damaged { at } })
    }

    /// Decrypts what something follows: chunks that are not the last, in a sound file.
    fn whole_chunks(&mut self, out: &mut Vec<u8>) -> Result<(), SealError> {
        let mut used = 0;
        if self.chunks.is_none()
            && let Some(nonce) = self.bytes.first_chunk::<NONCE>()
        {
            self.chunks = Some(Chunks::new(&self.key, nonce)?);
            used = NONCE;
        }
        let mut outcome = Ok(());
        if let Some(chunks) = &mut self.chunks {
            while let Some(sealed) = self.bytes.get(used..used + CHUNK + TAG)
                && self.bytes.len() > used + CHUNK + TAG
            {
                self.chunk.clear();
                self.chunk.extend_from_slice(sealed);
                if !chunks.open(&mut self.chunk, false) {
                    self.chunk.clear();
                    self.chunk.extend_from_slice(sealed);
                    // What is authentic is given out, whatever follows it.
                    outcome = Err(if chunks.open(&mut self.chunk, true) {
                        out.extend_from_slice(&self.chunk);
                        SealError::After { at: chunks.before() }
                    } else {
                        SealError::Damaged { at: chunks.before() }
                    });
                    break;
                }
                out.extend_from_slice(&self.chunk);
                used += CHUNK + TAG;
            }
        }
        self.bytes.drain(..used);
        outcome
    }
}
