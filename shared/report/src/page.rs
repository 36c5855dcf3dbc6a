//! Putting evidence into the viewer's page.
//!
//! Evidence is the bundle's own bytes as base64 in `<script type="text/plain">` pieces: browsers read those faster than
//! any other container, and past about 400 MB a single piece is silently empty. Length and SHA-256 stand beside it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::{self, Write};

/// Where evidence goes.
pub const EVIDENCE_PLACE: &str = "<!--procglass:evidence-->";
/// Where the summary goes.
pub const SUMMARY_PLACE: &str = "<!--procglass:summary-->";
/// Bytes a piece: 4 MiB of base64.
pub const PIECE: usize = 3 << 20;

/// A page of the viewer, cut where something goes in.
pub struct Page<'a> {
    before_summary: &'a [u8],
    before_evidence: &'a [u8],
    after: &'a [u8],
}

/// A file is no viewer of procglass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPage;

impl fmt::Display for NotAPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is not procglass's viewer.html: it has no place for evidence")
    }
}

impl std::error::Error for NotAPage {}

/// What the page says of a bundle in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Name of the file that it was.
    pub name: String,
    /// Its length.
    pub bytes: usize,
    /// Its SHA-256, lower-case hex.
    pub sha256: String,
    /// How many elements hold it.
    pub pieces: usize,
}

#[derive(Serialize)]
pub(super) struct List<'a> {
    pub(super) bundles: &'a [Evidence],
}

impl<'a> Page<'a> {
    /// Takes a viewer apart.
    ///
    /// # Errors
    /// When it has no places for evidence and summary.
    pub fn of(viewer: &'a [u8]) -> Result<Self, NotAPage> {
        let (before_summary, rest) = split(viewer, SUMMARY_PLACE).ok_or(NotAPage)?;
        let (before_evidence, after) = split(rest, EVIDENCE_PLACE).ok_or(NotAPage)?;
        Ok(Self { before_summary, before_evidence, after })
    }

    /// What stands in front of the summary, between it and the evidence, and behind that.
    pub(super) fn parts(&self) -> [&'a [u8]; 3] {
        [self.before_summary, self.before_evidence, self.after]
    }

    /// Writes the page with everything in it. `notes` is JSON of the reader's notes, or empty.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(
        &self,
        out: &mut impl Write,
        summary: &str,
        bundles: &[(Evidence, &[u8])],
        notes: &str,
    ) -> io::Result<()> {
        out.write_all(self.before_summary)?;
        out.write_all(summary.as_bytes())?;
        out.write_all(self.before_evidence)?;
        let list: Vec<Evidence> = bundles.iter().map(|(evidence, _)| evidence.clone()).collect();
        data(
            out,
            "application/json",
            "procglass-evidence",
            &serde_json::to_string(&List { bundles: &list })?,
        )?;
        if !notes.is_empty() {
            data(out, "application/json", "procglass-notes", notes)?;
        }
        for (bundle, (_, bytes)) in bundles.iter().enumerate() {
            for (piece, bytes) in bytes.chunks(PIECE).enumerate() {
                let id = format!("procglass-piece-{bundle}-{piece}");
                data(out, "text/plain", &id, &BASE64.encode(bytes))?;
            }
        }
        out.write_all(self.after)
    }
}

/// A block of data, which no browser runs. JSON may escape any character, so nothing in it can end the block.
pub(super) fn data(out: &mut impl Write, kind: &str, id: &str, text: &str) -> io::Result<()> {
    let text = if kind == "application/json" { text.replace('<', "\\u003c") } else { text.to_owned() };
    writeln!(out, "<script type=\"{kind}\" id=\"{id}\">{text}</script>")
}

fn split<'a>(page: &'a [u8], place: &str) -> Option<(&'a [u8], &'a [u8])> {
    let at = page.windows(place.len()).position(|window| window == place.as_bytes())?;
    Some((page.get(..at)?, page.get(at + place.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEWER: &[u8] = b"<html><!--procglass:summary--><main><!--procglass:evidence--></html>";

    #[test]
    fn pieces_decode_to_the_bundle_and_names_cannot_end_the_block() {
        let bundle = (0..PIECE + 10).map(|n| u8::try_from(n % 251).unwrap()).collect::<Vec<_>>();
        let evidence = Evidence { name: "</script><script>x.tar.gz".into(), ..Evidence::default() };
        let mut out = Vec::new();
        Page::of(VIEWER)
            .unwrap()
            .write(&mut out, "<p>sum</p>", &[(evidence, &bundle)], "{\"a\":\"</script>\"}")
            .unwrap();
        let html = String::from_utf8(out).unwrap();
        assert_eq!(html.matches("</script>").count(), 4);
        assert!(html.starts_with("<html><p>sum</p><main><script"));
        let mut back = Vec::new();
        for piece in html.split("<script type=\"text/plain\"").skip(1) {
            let start = piece.find('>').unwrap() + 1;
            let end = piece.find('<').unwrap();
            BASE64.decode_vec(&piece[start..end], &mut back).unwrap();
        }
        assert_eq!(back, bundle);
    }

    #[test]
    fn other_pages_are_refused() {
        assert!(Page::of(VIEWER).is_ok());
        assert!(Page::of(b"<html>").is_err());
        assert!(
            Page::of(b"<!--procglass:evidence--><!--procglass:summary-->").is_err(),
            "the wrong way round"
        );
    }
}
