//! gzip (RFC 1952) around DEFLATE (RFC 1951), written so that damage stays local.
//!
//! The writer ends a DEFLATE block on a byte boundary and forgets its dictionary ("full flush") between members every few
//! megabytes. To any other program that is one ordinary gzip stream; what ours makes of it stands in [`super::gunzip`].

use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use std::io::{self, Write};

const BUFFER: usize = 64 * 1024;

/// A gzip stream being written.
pub(super) struct GzipWriter<W: Write> {
    inner: W,
    deflate: Compress,
    crc: Crc,
    buffer: Vec<u8>,
}

impl<W: Write> GzipWriter<W> {
    pub(super) fn new(mut inner: W, level: Compression) -> io::Result<Self> {
        // Magic, method 8 = DEFLATE, no flags, no time (the manifest has it), no hint, system 3 = Unix.
        inner.write_all(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])?;
        Ok(Self { inner, deflate: Compress::new(level, false), crc: Crc::new(), buffer: vec![0; BUFFER] })
    }

    /// Makes everything so far readable, and goes on with a compressor that looks back 2 to the power of `bits` bytes.
    #[cfg(feature = "zlib")]
    pub(super) fn set_window(&mut self, level: Compression, bits: u8) -> io::Result<()> {
        self.full_flush()?;
        self.deflate = Compress::new_with_window_bits(level, false, bits);
        Ok(())
    }

    /// Makes everything so far readable, and readable without anything before the next byte.
    pub(super) fn full_flush(&mut self) -> io::Result<()> {
        self.run(&[], FlushCompress::Full)?;
        self.inner.flush()
    }

    /// Writes the last block and the checksum. Nothing follows.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.run(&[], FlushCompress::Finish)?;
        self.inner.write_all(&self.crc.sum().to_le_bytes())?;
        self.inner.write_all(&self.crc.amount().to_le_bytes())?;
        self.inner.flush()
    }

    pub(super) fn into_inner(self) -> W {
        self.inner
    }

    #[cfg(feature = "zlib")]
    pub(super) fn inner(&mut self) -> &mut W {
        &mut self.inner
    }

    /// The checksum of all that was written.
    #[cfg(feature = "zlib")]
    pub(super) fn checksum(&self) -> Crc {
        let mut copy = Crc::new();
        copy.combine(&self.crc);
        copy
    }

    /// Goes on as if nothing had been written after a flush at which the checksum was this. The output must have gone back, too.
    #[cfg(feature = "zlib")]
    pub(super) fn resume(&mut self, crc: &Crc, level: Compression) {
        self.crc = Crc::new();
        self.crc.combine(crc);
        self.deflate = Compress::new(level, false);
    }

    fn run(&mut self, mut input: &[u8], flush: FlushCompress) -> io::Result<()> {
        loop {
            let (before_in, before_out) = (self.deflate.total_in(), self.deflate.total_out());
            let status = self.deflate.compress(input, &mut self.buffer, flush).map_err(io::Error::other)?;
            let consumed = usize::try_from(self.deflate.total_in() - before_in).unwrap_or(input.len());
            let produced = usize::try_from(self.deflate.total_out() - before_out).unwrap_or(BUFFER);
            input = input.get(consumed..).unwrap_or_default();
            self.inner.write_all(self.buffer.get(..produced).unwrap_or_default())?;
            let drained = produced < self.buffer.len();
            let done = match flush {
                FlushCompress::Finish => status == Status::StreamEnd,
                _ => input.is_empty() && drained,
            };
            if done {
                return Ok(());
            }
        }
    }
}

impl<W: Write> Write for GzipWriter<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.crc.update(data);
        self.run(data, FlushCompress::None)?;
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.run(&[], FlushCompress::Sync)?;
        self.inner.flush()
    }
}
