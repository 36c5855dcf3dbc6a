//! Packing the viewer's module: every report carries it, so it is worth some seconds of searching. And packing the site's
//! files, for servers that send a packed file as it is.

use std::io::Write as _;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Advise, Result};
use crate::files;

/// The module, gzipped. Zopfli finds a stream that is a twentieth smaller than the usual best one; the file `cache`
/// keeps the last result behind the hash of its module, because most builds change nothing here.
pub(crate) fn gzip(module: &[u8], cache: &Path) -> Result<Vec<u8>> {
    let hash = Sha256::digest(module);
    if let Ok(kept) = std::fs::read(cache)
        && let Some(packed) = kept.strip_prefix(hash.as_slice())
    {
        return Ok(packed.to_vec());
    }
    let next = "Free some memory and disk space and run the same command again.";
    let mut kept = hash.to_vec();
    zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, module, &mut kept)
        .advise("cannot pack the viewer", next)?;
    // Under its name only when whole: an interrupted run must not leave half a result.
    let unfinished = cache.with_extension("part");
    files::write(&unfinished, &kept)?;
    std::fs::rename(&unfinished, cache).advise(format!("cannot write {}", cache.display()), next)?;
    Ok(kept.split_off(hash.len()))
}

/// A file of the site as `.gz`, by the usual best search.
pub(crate) fn gzip_quick(content: &[u8]) -> Result<Vec<u8>> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed
        .write_all(content)
        .and_then(|()| packed.finish())
        .advise("cannot pack the site", "Free some memory and run the same command again.")
}

/// A file of the site as `.br`, RFC 7932.
pub(crate) fn brotli(mut content: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut content, &mut packed, &parameters)
        .advise("cannot pack the site", "Free some memory and run the same command again.")?;
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn unpack(packed: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(packed).read_to_end(&mut plain).unwrap();
        plain
    }

    #[test]
    fn packs_to_gzip_and_forgets_when_the_module_changes() {
        let folder = tempfile::tempdir().unwrap();
        let cache = folder.path().join("packed");
        for module in [b"one one one one".as_slice(), b"one one one one", b"two"] {
            assert_eq!(unpack(&gzip(module, &cache).unwrap()), module);
        }
    }
}
