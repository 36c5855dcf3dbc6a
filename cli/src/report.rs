//! `procglass report`: the viewer with evidence inside, one HTML file.
//!
//! Evidence is the bundle's own bytes as base64 in `<script type="text/plain">` pieces: browsers read those faster than
//! any other container, and past about 400 MB a single piece is silently empty. Length and SHA-256 stand beside it.

use crate::args::ReportArgs;
use crate::error::{Error, Exit};
use crate::open;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use procglass_model::bundle::{hex, sha256};
use serde::Serialize;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

const VIEWER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/viewer.html"));
/// Where evidence goes.
const PLACE: &str = "<!--procglass:evidence-->";
/// Bytes a piece: 4 MiB of base64.
const PIECE: usize = 3 << 20;

#[derive(Serialize)]
struct Evidence {
    bundles: Vec<Embedded>,
}

#[derive(Serialize)]
struct Embedded {
    name: String,
    bytes: usize,
    sha256: String,
    pieces: usize,
}

pub(crate) fn run(args: &ReportArgs) -> Result<Exit, Error> {
    let viewer = match &args.viewer {
        Some(path) => fs::read(path).map_err(Error::file(path, "read"))?,
        None if VIEWER.is_empty() => return Err(Error::NoViewer),
        None => VIEWER.to_vec(),
    };
    let (before, after) = split(&viewer).ok_or_else(|| {
        Error::NotAViewer(args.viewer.clone().unwrap_or_else(|| "the built-in viewer".into()))
    })?;
    let mut intact = true;
    let mut bundles = Vec::new();
    for path in &args.bundles {
        // What cannot be opened here cannot be opened by whoever gets the report.
        intact &= open::is_intact(&open::bundle(path)?);
        bundles.push((name(path), fs::read(path).map_err(Error::file(path, "read"))?));
    }
    write(args, before, after, &bundles)?;
    say_done(&args.output, &bundles)?;
    Ok(if intact { Exit::Done } else { Exit::Damaged })
}

/// Under its name only when whole, and readable by its owner alone: it holds evidence.
fn write(args: &ReportArgs, before: &[u8], after: &[u8], bundles: &[(String, Vec<u8>)]) -> Result<(), Error> {
    let path = args.output.as_path();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = || Error::file(path, "written");
    let file = tempfile::NamedTempFile::new_in(folder).map_err(failed())?;
    let mut out = BufWriter::new(file);
    out.write_all(before).map_err(failed())?;
    evidence(&mut out, bundles).map_err(failed())?;
    out.write_all(after).map_err(failed())?;
    let file = out.into_inner().map_err(|error| failed()(error.into_error()))?;
    file.persist(path).map_err(|error| failed()(error.error))?;
    Ok(())
}

fn evidence(out: &mut impl Write, bundles: &[(String, Vec<u8>)]) -> std::io::Result<()> {
    let embedded = bundles.iter().map(|(name, bytes)| Embedded {
        name: name.clone(),
        bytes: bytes.len(),
        sha256: hex(&sha256(bytes)),
        pieces: bytes.chunks(PIECE).len(),
    });
    let json = serde_json::to_string(&Evidence { bundles: embedded.collect() })?;
    // A file name may hold `</script>`; JSON may escape any character.
    let json = json.replace('<', "\\u003c");
    writeln!(out, "<script type=\"application/json\" id=\"procglass-evidence\">{json}</script>")?;
    for (bundle, (_, bytes)) in bundles.iter().enumerate() {
        for (piece, bytes) in bytes.chunks(PIECE).enumerate() {
            write!(out, "<script type=\"text/plain\" id=\"procglass-piece-{bundle}-{piece}\">")?;
            out.write_all(BASE64.encode(bytes).as_bytes())?;
            writeln!(out, "</script>")?;
        }
    }
    Ok(())
}

fn split(viewer: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = viewer.windows(PLACE.len()).position(|window| window == PLACE.as_bytes())?;
    Some((viewer.get(..at)?, viewer.get(at + PLACE.len()..)?))
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| "bundle".into(), |name| name.to_string_lossy().into_owned())
}

fn say_done(path: &Path, bundles: &[(String, Vec<u8>)]) -> Result<(), Error> {
    let total: usize = bundles.iter().map(|(_, bytes)| bytes.len()).sum();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} ({} bundle(s), {total} bytes of evidence)", path.display(), bundles.len())
        .map_err(Error::Output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_decode_to_the_bundle_and_names_cannot_end_the_block() {
        let bundle = (0..PIECE + 10).map(|n| u8::try_from(n % 251).unwrap()).collect::<Vec<_>>();
        let mut out = Vec::new();
        evidence(&mut out, &[("</script><script>x.tar.gz".into(), bundle.clone())]).unwrap();
        let html = String::from_utf8(out).unwrap();
        assert_eq!(html.matches("</script>").count(), 3);
        let mut back = Vec::new();
        for piece in html.split("<script type=\"text/plain\"").skip(1) {
            let start = piece.find('>').unwrap() + 1;
            let end = piece.find('<').unwrap();
            BASE64.decode_vec(&piece[start..end], &mut back).unwrap();
        }
        assert_eq!(back, bundle);
    }

    #[test]
    fn the_place_for_evidence_is_found() {
        assert_eq!(split(b"a<!--procglass:evidence-->b"), Some((&b"a"[..], &b"b"[..])));
        assert_eq!(split(b"<html>"), None);
    }
}
