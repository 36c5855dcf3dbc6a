//! Bundles and logs come together, dropped in one go or named on one command line.

use bstr::ByteSlice as _;
use procglass_model::bundle::gunzip::{Gunzip, Sink};
use procglass_model::bundle::{AGE_ARMOR, ARMOR_BEGIN, Kind};

/// Whether a file that begins with `head` is to be opened as a bundle, and not read as a log: a tar archive, gzip of one,
/// text with an armored bundle in it, or something encrypted or packed, of which only opening a bundle can say what is
/// wrong. 64 KiB are enough, unless much terminal output stands in front of an armored bundle.
#[must_use]
pub fn is_bundle(head: &[u8]) -> bool {
    match Kind::of(head) {
        Kind::Tar | Kind::Age | Kind::Zip | Kind::OtherCompression => true,
        Kind::Gzip => {
            let mut start = Start(Vec::new());
            // It stops where it has seen enough.
            let _ = Gunzip::new().push(head, &mut start);
            Kind::of(&start.0) == Kind::Tar || start.0.contains_str(ARMOR_BEGIN)
        }
        Kind::Text => head.contains_str(ARMOR_BEGIN) || head.contains_str(AGE_ARMOR.begin),
        Kind::Empty | Kind::Unknown => false,
    }
}

/// The beginning of what is decompressed.
struct Start(Vec<u8>);

/// What came tells what it is.
struct Enough;

impl Sink for Start {
    type Error = Enough;

    fn data(&mut self, bytes: &[u8]) -> Result<bool, Enough> {
        let room = super::recognise::HEAD.saturating_sub(self.0.len());
        self.0.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        if self.0.len() >= super::recognise::HEAD || Kind::of(&self.0) == Kind::Tar {
            return Err(Enough);
        }
        Ok(true)
    }

    fn gap(&mut self, _: &'static str) {}

    fn fault(&mut self, _: &'static str) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write as _;

    #[test]
    fn bundles_and_logs() {
        let gzip = |bytes: &[u8]| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        };
        let mut tar = vec![0; 512];
        tar.splice(257..262, *b"ustar");
        let armored = format!("# ls\n{ARMOR_BEGIN}\n");
        let log = b"2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1 1 ACCEPT OK\n";
        for (head, expected) in [
            (gzip(&tar), true),
            (tar, true),
            (armored.into_bytes(), true),
            (format!("$ pc --armor\n{}\n", AGE_ARMOR.begin).into_bytes(), true),
            (b"age-encryption.org/v1\n".to_vec(), true),
            (gzip(log), false),
            (log.to_vec(), false),
            (Vec::new(), false),
        ] {
            assert_eq!(is_bundle(&head), expected, "{}", head.escape_ascii());
        }
    }
}
