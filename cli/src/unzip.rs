//! A zip archive that holds one log, as consoles hand them out.

use flate2::Crc;
use flate2::read::DeflateDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};

/// The record that ends an archive without a comment (APPNOTE.TXT, 4.3.16).
const END: usize = 22;
/// The fixed part of an entry of the central directory (4.3.12).
const ENTRY: usize = 46;
/// The fixed part of the header in front of a file (4.3.7).
const HEADER: usize = 30;

/// The text of an archive's only file. `None` when it holds several, or one that cannot be unpacked here.
pub(crate) fn only_file(file: &mut File) -> io::Result<Option<impl Read + use<>>> {
    let length = file.seek(SeekFrom::End(0))?;
    let Some(end) = length.checked_sub(END as u64) else { return Ok(None) };
    let end: [u8; END] = at(file, end)?;
    let whole = end.starts_with(b"PK\x05\x06") && number(&end, 10, 2) == 1;
    if !whole {
        return Ok(None);
    }
    let entry: [u8; ENTRY] = at(file, number(&end, 16, 4))?;
    let (flags, method) = (number(&entry, 8, 2), number(&entry, 10, 2));
    let is_plain = entry.starts_with(b"PK\x01\x02") && flags & 1 == 0 && matches!(method, 0 | 8);
    let (sum, packed, start) = (number(&entry, 16, 4), number(&entry, 20, 4), number(&entry, 42, 4));
    // Larger ones have their sizes elsewhere.
    if !is_plain || packed == u64::from(u32::MAX) {
        return Ok(None);
    }
    let header: [u8; HEADER] = at(file, start)?;
    if !header.starts_with(b"PK\x03\x04") {
        return Ok(None);
    }
    let data = start + HEADER as u64 + number(&header, 26, 2) + number(&header, 28, 2);
    file.seek(SeekFrom::Start(data))?;
    let data = BufReader::new(file.try_clone()?).take(packed);
    let text: Box<dyn Read> = if method == 8 { Box::new(DeflateDecoder::new(data)) } else { Box::new(data) };
    Ok(Some(Summed { text, crc: Crc::new(), sum }))
}

fn at<const LENGTH: usize>(file: &mut File, place: u64) -> io::Result<[u8; LENGTH]> {
    file.seek(SeekFrom::Start(place))?;
    let mut bytes = [0; LENGTH];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A number, its lowest byte first.
fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    bytes.iter().skip(at).take(length).rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Compares the sum over all that was read with the archive's.
struct Summed {
    text: Box<dyn Read>,
    crc: Crc,
    sum: u64,
}

impl Read for Summed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.text.read(buffer)?;
        self.crc.update(buffer.get(..count).unwrap_or_default());
        if count == 0 && !buffer.is_empty() && u64::from(self.crc.sum()) != self.sum {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the checksum of the archive does not fit",
            ));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    /// An archive of one file `a`, written as a program does that knows no sizes in advance.
    fn archive(text: &[u8], method: u8, entries: u8) -> Vec<u8> {
        let mut crc = Crc::new();
        crc.update(text);
        let mut data = Vec::new();
        if method == 8 {
            flate2::read::DeflateEncoder::new(text, flate2::Compression::fast())
                .read_to_end(&mut data)
                .unwrap();
        } else {
            data.extend_from_slice(text);
        }
        let mut all =
            [b"PK\x03\x04".as_slice(), &[20, 0, 8, 0, method, 0], &[0; 16], &[1, 0, 0, 0], b"a", &data]
                .concat();
        let directory = u32::try_from(all.len()).unwrap();
        let packed = u32::try_from(data.len()).unwrap().to_le_bytes();
        all.extend([b"PK\x01\x02".as_slice(), &[20, 0, 20, 0, 8, 0, method, 0, 0, 0, 0, 0]].concat());
        all.extend([crc.sum().to_le_bytes().as_slice(), &packed, &packed, &[1, 0], &[0; 16], b"a"].concat());
        all.extend([b"PK\x05\x06".as_slice(), &[0, 0, 0, 0, entries, 0, entries, 0, 0, 0, 0, 0]].concat());
        all.extend([directory.to_le_bytes().as_slice(), &[0, 0]].concat());
        all
    }

    fn unpack(bytes: &[u8]) -> io::Result<Option<String>> {
        let mut file = tempfile::tempfile()?;
        file.write_all(bytes)?;
        let Some(mut inside) = only_file(&mut file)? else { return Ok(None) };
        let mut text = String::new();
        inside.read_to_string(&mut text).map(|_| Some(text))
    }

    #[test]
    fn archives_of_one_file() {
        for method in [0, 8] {
            let whole = archive(b"hello hello hello\n", method, 1);
            assert_eq!(unpack(&whole).unwrap().as_deref(), Some("hello hello hello\n"));
            let mut changed = whole.clone();
            changed[HEADER + 3] ^= 0x10;
            assert!(unpack(&changed).is_err());
            for cut in 0..whole.len() {
                // Without its end it is no archive that can be read here.
                assert!(!matches!(unpack(&whole[..cut]), Ok(Some(_))), "{cut}");
            }
        }
        assert_eq!(unpack(&archive(b"x", 0, 2)).unwrap(), None);
        assert_eq!(unpack(&archive(b"x", 12, 1)).unwrap(), None);
    }
}
