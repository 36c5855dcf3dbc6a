//! A report that only a passphrase opens: the viewer's program, and ciphertext.
//!
//! Inside is a tar of what an open report shows in clear: `report.json` (the list of the evidence), `notes.json`,
//! `summary.html`, and the bundles. Not even the name of a system stands outside.

use super::page::{Evidence, List, PIECE, Page, data};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use procglass_age::{Random, Sealer, To};
use procglass_model::bundle::tarball::{BLOCK, header, padding};
use std::io::{self, Write};

/// The element that says how much ciphertext the page holds: an [`Evidence`] as JSON.
pub const SEALED_ID: &str = "procglass-sealed";

/// What a page without scripts says.
const NOTICE: &str = "<article id=\"summary\"><h1>Protected report</h1><p>This file holds an encrypted report about a \
Linux system. To read it, open it in a browser that may run its scripts and type the passphrase; that works without a \
network, and nothing is sent anywhere.</p></article>";

/// Writes a protected report, in bounded memory.
pub struct SealedReport<'a, W: Write> {
    sealer: Sealer<Pieces<'a, W>>,
    /// Zeros that the present member still needs behind it.
    padding: usize,
}

impl<'a, W: Write> SealedReport<'a, W> {
    /// Writes the page's first part, and everything but the bundles.
    ///
    /// # Errors
    /// Those of `out` and `random`.
    pub fn begin(
        page: &Page<'a>,
        mut out: W,
        (to, random): (&To, Random<'_>),
        bundles: &[Evidence],
        (notes, summary): (&str, &str),
    ) -> io::Result<Self> {
        let [before_summary, before_evidence, after] = page.parts();
        out.write_all(before_summary)?;
        out.write_all(NOTICE.as_bytes())?;
        out.write_all(before_evidence)?;
        let pieces = Pieces { out, piece: Vec::with_capacity(PIECE), bytes: 0, count: 0, after };
        let mut report = Self { sealer: Sealer::new(pieces, to, random)?, padding: 0 };
        report.member("report.json", &serde_json::to_vec(&List { bundles })?)?;
        if !notes.is_empty() {
            report.member("notes.json", notes.as_bytes())?;
        }
        report.member("summary.html", summary.as_bytes())?;
        Ok(report)
    }

    /// Begins the next bundle, whose bytes are then [written](Write).
    ///
    /// # Errors
    /// Those of the output.
    pub fn bundle(&mut self, number: usize, bytes: usize) -> io::Result<()> {
        self.head(&format!("bundles/{number}.procglass.tar.gz"), bytes)
    }

    /// Ends the page, and gives the output back.
    ///
    /// # Errors
    /// Those of the output.
    pub fn finish(mut self) -> io::Result<W> {
        let end = std::mem::take(&mut self.padding) + 2 * BLOCK;
        self.sealer.write_all(&vec![0; end])?;
        self.sealer.finish()?.finish()
    }

    fn member(&mut self, name: &str, data: &[u8]) -> io::Result<()> {
        self.head(name, data.len())?;
        self.sealer.write_all(data)
    }

    fn head(&mut self, name: &str, bytes: usize) -> io::Result<()> {
        let before = std::mem::replace(&mut self.padding, padding(bytes as u64));
        self.sealer.write_all([0; BLOCK].get(..before).unwrap_or_default())?;
        self.sealer.write_all(&header(name, bytes as u64, 0).map_err(io::Error::other)?)
    }
}

impl<W: Write> Write for SealedReport<'_, W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.sealer.write(data)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sealer.flush()
    }
}

/// Ciphertext as the page's pieces of base64.
struct Pieces<'a, W: Write> {
    out: W,
    piece: Vec<u8>,
    bytes: usize,
    count: usize,
    after: &'a [u8],
}

impl<W: Write> Pieces<'_, W> {
    fn put(&mut self) -> io::Result<()> {
        let id = format!("procglass-piece-0-{}", self.count);
        data(&mut self.out, "text/plain", &id, &BASE64.encode(&self.piece))?;
        self.bytes += self.piece.len();
        self.count += 1;
        self.piece.clear();
        Ok(())
    }

    fn finish(mut self) -> io::Result<W> {
        if !self.piece.is_empty() {
            self.put()?;
        }
        let (name, sha256) = ("protected report".to_owned(), String::new());
        let list = Evidence { name, bytes: self.bytes, sha256, pieces: self.count };
        data(&mut self.out, "application/json", SEALED_ID, &serde_json::to_string(&list)?)?;
        self.out.write_all(self.after)?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Pieces<'_, W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if self.piece.len() == PIECE {
            self.put()?;
        }
        let count = data.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(data.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
