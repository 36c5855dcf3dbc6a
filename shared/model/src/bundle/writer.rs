//! Writing a bundle: streaming, in bounded memory, into anything that takes bytes.

use super::error::BundleError;
use super::gzip::GzipWriter;
use super::sparse;
use super::sums::{self, SUMS_NAME, Sha256Digest, sha256};
use super::tarball;
use flate2::Compression;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::io::{Read, Write};
use std::ops::Range;

/// A full flush costs about 2 KB and limits what one damaged byte can take with it.
const FLUSH_EVERY: u64 = 4 << 20;

/// How the compressor looks for what came before.
#[cfg(feature = "zlib")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// Over 32 KB, as long as the bundle's level says.
    Far,
    /// Over 1 KB: for long lists of addresses and hashes. What their lines have in common stands in the line before; what is
    /// found farther off is equal by chance, takes the longest to find, and to name it takes more bits than the few digits.
    Near,
    /// Over 32 KB and not for long: for programs. A longer search makes those a fiftieth smaller and takes two to four times
    /// as long.
    Quick,
}

/// A list from this length on is worth the flush in front of [`Search::Near`], in bytes.
#[cfg(feature = "zlib")]
pub const NEAR_MIN: usize = 64 << 10;
#[cfg(feature = "zlib")]
const NEAR: u8 = 10;
#[cfg(feature = "zlib")]
const NEAR_LEVEL: u32 = 8;
#[cfg(feature = "zlib")]
const QUICK_LEVEL: u32 = 4;
#[cfg(feature = "zlib")]
const FAR: u8 = 15;

/// How the bytes of a member came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streamed {
    /// Bytes that the reader did not give, and that are zeros now.
    pub missing: u64,
    /// The hash of the member as written.
    pub sha256: Sha256Digest,
}

/// A place between two members to which a [`Writer`] can go back.
#[cfg(feature = "zlib")]
#[derive(Debug)]
pub struct Mark {
    members: usize,
    raw_bytes: u64,
    crc: flate2::Crc,
}

const ZEROS: [u8; 4096] = [0; 4096];

/// A bundle being written. Members appear in the order of the calls; [`Writer::finish`] ends it.
///
/// Memory: the names and hashes of the members, the hashes of the shared texts, and two fixed buffers.
pub struct Writer<W: Write> {
    gzip: GzipWriter<W>,
    mtime: u64,
    #[cfg(feature = "zlib")]
    level: u32,
    #[cfg(feature = "zlib")]
    search: Search,
    sums: Vec<(String, Sha256Digest)>,
    texts: HashSet<Sha256Digest>,
    since_flush: u64,
    raw_bytes: u64,
    json: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Starts a bundle whose members carry `mtime` (seconds since the epoch), at gzip `level` 0 to 9.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn new(out: W, mtime: u64, level: u32) -> Result<Self, BundleError> {
        Ok(Self {
            gzip: GzipWriter::new(out, Compression::new(level))?,
            mtime,
            #[cfg(feature = "zlib")]
            level,
            #[cfg(feature = "zlib")]
            search: Search::Far,
            sums: Vec::new(),
            texts: HashSet::new(),
            since_flush: 0,
            raw_bytes: 0,
            json: Vec::new(),
        })
    }

    /// Bytes before compression so far, padding included.
    #[must_use]
    pub fn raw_bytes(&self) -> u64 {
        self.raw_bytes
    }

    /// Goes on with another search, for the members that follow, at the cost of a full flush.
    ///
    /// # Errors
    /// What the compressor or the output reports.
    #[cfg(feature = "zlib")]
    pub fn search(&mut self, search: Search) -> Result<(), BundleError> {
        if self.search == search {
            return Ok(());
        }
        match search {
            Search::Far => self.set_window(self.level, FAR)?,
            Search::Near => self.set_window(NEAR_LEVEL, NEAR)?,
            Search::Quick => self.set_window(QUICK_LEVEL, FAR)?,
        }
        self.search = search;
        Ok(())
    }

    #[cfg(feature = "zlib")]
    fn set_window(&mut self, level: u32, bits: u8) -> Result<(), BundleError> {
        self.since_flush = 0;
        Ok(self.gzip.set_window(Compression::new(level), bits)?)
    }

    /// Adds a member.
    ///
    /// # Errors
    /// [`BundleError::BadName`] for a name that tar or `SHA256SUMS` cannot hold (nothing is written then),
    /// [`BundleError::Io`] for what the output reports.
    pub fn member(&mut self, name: &str, data: &[u8]) -> Result<(), BundleError> {
        let digest = sha256(data);
        self.begin(name, data.len() as u64)?;
        self.gzip.write_all(data)?;
        self.end(name, data.len() as u64, digest)
    }

    /// Adds a member as JSON, with a final newline.
    ///
    /// # Errors
    /// As [`Writer::member`].
    pub fn json_member<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), BundleError> {
        let mut json = std::mem::take(&mut self.json);
        json.clear();
        serde_json::to_writer(&mut json, value).map_err(std::io::Error::from)?;
        json.push(b'\n');
        let result = self.member(name, &json);
        self.json = json;
        result
    }

    /// Adds a member of exactly `size` bytes, of which a reader gives the `parts` that are no zeros, one after the other. A part
    /// that turns out shorter is filled up with zero bytes, since its size stands in front.
    ///
    /// # Errors
    /// As [`Writer::member`]; what the reader reports ends its part as if the file were shorter.
    pub fn stream_member(
        &mut self,
        name: &str,
        size: u64,
        parts: &[Range<u64>],
        from: &mut dyn Read,
    ) -> Result<Streamed, BundleError> {
        let stored: u64 = parts.iter().map(|part| part.end - part.start).sum();
        if stored == size {
            self.begin(name, size)?;
        } else {
            self.begin_with(name, &sparse::header(name, size, parts, self.mtime)?)?;
        }
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        let (mut at, mut real, mut at_end) = (0, 0, false);
        let pad = |to: u64, from: u64, hasher: &mut Sha256| {
            let mut left = to.saturating_sub(from);
            while left > 0 {
                let count = left.min(ZEROS.len() as u64);
                hasher.update(
                    usize::try_from(count).ok().and_then(|count| ZEROS.get(..count)).unwrap_or_default(),
                );
                left -= count;
            }
        };
        for part in parts {
            pad(part.start, at, &mut hasher);
            at = part.end;
            let mut left = part.end - part.start;
            while left > 0 {
                let want = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
                let space = buffer.get_mut(..want).unwrap_or_default();
                let got = if at_end { 0 } else { from.read(space).unwrap_or(0) };
                at_end |= got == 0;
                let count = if got == 0 {
                    space.fill(0);
                    want
                } else {
                    got
                };
                let piece = buffer.get(..count).unwrap_or_default();
                hasher.update(piece);
                self.gzip.write_all(piece)?;
                left -= count as u64;
                real += got as u64;
            }
        }
        pad(size, at, &mut hasher);
        let sha256 = hasher.finalize().into();
        self.end(name, stored, sha256)?;
        Ok(Streamed { missing: stored - real, sha256 })
    }

    /// Stores content that many processes share, once, and returns its hash for
    /// [`FileContent::Shared`](super::FileContent::Shared).
    ///
    /// # Errors
    /// As [`Writer::member`].
    pub fn shared_text(&mut self, content: &[u8]) -> Result<String, BundleError> {
        let digest = sha256(content);
        let hex = sums::hex(&digest);
        if self.texts.insert(digest) {
            self.member(&format!("text/{hex}"), content)?;
        }
        Ok(hex)
    }

    /// Makes everything so far readable at the other end, at the cost of some bytes.
    ///
    /// # Errors
    /// What the output reports.
    pub fn flush(&mut self) -> Result<(), BundleError> {
        Ok(self.gzip.flush()?)
    }

    /// Writes `SHA256SUMS` and the end marks, and gives the output back.
    ///
    /// # Errors
    /// What the output reports.
    pub fn finish(mut self) -> Result<W, BundleError> {
        self.close()?;
        Ok(self.into_inner())
    }

    /// Gives the output back, as far as it was written.
    pub fn into_inner(self) -> W {
        self.gzip.into_inner()
    }

    /// Writes `SHA256SUMS` and the end marks. Nothing may follow.
    ///
    /// # Errors
    /// What the output reports.
    pub fn close(&mut self) -> Result<(), BundleError> {
        let mut text = String::new();
        for (name, digest) in &self.sums {
            text.push_str(&sums::line(name, digest));
        }
        #[cfg(feature = "zlib")]
        if text.len() >= NEAR_MIN {
            self.search(Search::Near)?;
        }
        self.begin(SUMS_NAME, text.len() as u64)?;
        self.gzip.write_all(text.as_bytes())?;
        self.gzip.write_all(&vec![0; tarball::padding(text.len() as u64) + 2 * tarball::BLOCK])?;
        Ok(self.gzip.end()?)
    }

    /// What is written into.
    #[cfg(feature = "zlib")]
    pub fn output(&mut self) -> &mut W {
        self.gzip.inner()
    }

    /// Makes everything so far readable, and gives the place: after a write that failed, [`Writer::resume`] goes on from there.
    ///
    /// # Errors
    /// What the output reports.
    #[cfg(feature = "zlib")]
    pub fn mark(&mut self) -> Result<Mark, BundleError> {
        self.flush()?;
        Ok(Mark { members: self.sums.len(), raw_bytes: self.raw_bytes, crc: self.gzip.checksum() })
    }

    /// Goes on as if nothing had been written after a mark, where `rewind` can cut the output off there. Gives the members that
    /// are lost by it. Texts that are shared count as written still, so nothing that refers to them may follow.
    ///
    /// # Errors
    /// What `rewind` reports.
    #[cfg(feature = "zlib")]
    pub fn resume(
        &mut self,
        mark: &Mark,
        rewind: impl FnOnce(&mut W) -> std::io::Result<()>,
    ) -> Result<Vec<String>, BundleError> {
        rewind(self.gzip.inner())?;
        self.gzip.resume(&mark.crc, Compression::new(self.level));
        (self.search, self.since_flush, self.raw_bytes) = (Search::Far, 0, mark.raw_bytes);
        let lost = self.sums.split_off(mark.members.min(self.sums.len()));
        Ok(lost.into_iter().map(|(name, _)| name).collect())
    }

    fn begin(&mut self, name: &str, size: u64) -> Result<(), BundleError> {
        self.begin_with(name, &tarball::header(name, size, self.mtime)?)
    }

    fn begin_with(&mut self, name: &str, header: &[u8]) -> Result<(), BundleError> {
        if name.is_empty() || name.bytes().any(|byte| byte.is_ascii_control() || byte == b'\\') {
            return Err(BundleError::BadName(name.into()));
        }
        if self.since_flush >= FLUSH_EVERY {
            self.gzip.full_flush()?;
            self.since_flush = 0;
        }
        // What `end` counts is one block.
        self.raw_bytes += (header.len() - tarball::BLOCK) as u64;
        Ok(self.gzip.write_all(header)?)
    }

    fn end(&mut self, name: &str, size: u64, digest: Sha256Digest) -> Result<(), BundleError> {
        let padding = tarball::padding(size);
        self.gzip.write_all([0; tarball::BLOCK].get(..padding).unwrap_or_default())?;
        let written = (tarball::BLOCK + padding) as u64 + size;
        self.since_flush += written;
        self.raw_bytes += written;
        self.sums.push((name.to_owned(), digest));
        Ok(())
    }
}
