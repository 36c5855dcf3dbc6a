//! A sparse file of a tar archive: runs of zeros are left out, and a map in front says where the parts belong. The old format of GNU
//! tar, type `S`: "Storing Sparse Files" of the manual of GNU tar.

use super::error::BundleError;
use super::tarball::{BLOCK, Event};
use std::ops::Range;

/// Entries of the map in the header, where they are, and where it says that more follow.
const IN_HEADER: (usize, Range<usize>, usize) = (4, 386..482, 482);
/// The same of a further block.
const IN_BLOCK: (usize, Range<usize>, usize) = (21, 0..504, 504);
/// Where the size of the whole file is.
const REAL_SIZE: Range<usize> = 483..495;
/// Bytes of an entry: an offset and a length.
const ENTRY: usize = 24;
/// More parts than any writer of bundles makes; a map is memory before a byte of the file is there.
const PARTS_MAX: usize = 4096;

/// Builds the header of a regular file whose runs of zeros are left out: one block, and further ones for more than four parts. The
/// old format of GNU tar, which GNU tar, bsdtar and Python unpack: "Storing Sparse Files" of the manual of GNU tar.
pub(super) fn header(
    name: &str,
    size: u64,
    parts: &[Range<u64>],
    mtime: u64,
) -> Result<Vec<u8>, BundleError> {
    let mut header = tar::Header::new_gnu();
    header.set_path(name).map_err(|_| BundleError::BadName(name.into()))?;
    header.set_size(parts.iter().map(|part| part.end - part.start).sum());
    header.set_mode(0o600);
    header.set_mtime(mtime);
    header.set_entry_type(tar::EntryType::GNUSparse);
    // A part of no bytes at the end says where the file ends.
    let mut entries: Vec<_> = parts.iter().map(|part| (part.start, part.end - part.start)).collect();
    entries.push((size, 0));
    let mut blocks = Vec::new();
    if let Some(gnu) = header.as_gnu_mut() {
        gnu.realsize = field(size);
        let further = entries.split_off(entries.len().min(gnu.sparse.len()));
        for (place, (offset, length)) in gnu.sparse.iter_mut().zip(entries) {
            (place.offset, place.numbytes) = (field(offset), field(length));
        }
        gnu.isextended = [u8::from(!further.is_empty())];
        let mut left = further.as_slice();
        while !left.is_empty() {
            let mut block = tar::GnuExtSparseHeader::new();
            let (now, rest) = left.split_at_checked(block.sparse.len()).unwrap_or((left, &[]));
            for (place, (offset, length)) in block.sparse.iter_mut().zip(now) {
                (place.offset, place.numbytes) = (field(*offset), field(*length));
            }
            block.isextended = [u8::from(!rest.is_empty())];
            blocks.extend_from_slice(block.as_bytes());
            left = rest;
        }
    }
    header.set_cksum();
    let mut whole = header.as_bytes().to_vec();
    whole.append(&mut blocks);
    Ok(whole)
}

/// A number as a field of a header: 11 octal digits and a NUL, which holds sizes up to 8 GiB.
fn field(number: u64) -> [u8; 12] {
    let mut digits = [0; 12];
    let mut rest = number;
    for digit in digits.iter_mut().take(11).rev() {
        *digit = b'0' + u8::try_from(rest % 8).unwrap_or(0);
        rest /= 8;
    }
    digits
}

/// The map of a file, and how far the file is.
pub(super) struct Sparse {
    parts: Vec<Range<u64>>,
    size: u64,
    /// The part that comes next, and the bytes of the file so far.
    next: usize,
    at: u64,
}

impl Sparse {
    /// Reads the map in a header, and whether more of it follows. `None`: it is damaged.
    pub(super) fn begin(header: &[u8]) -> Option<(Self, bool)> {
        let size = octal(header.get(REAL_SIZE)?)?;
        let mut sparse = Self { parts: Vec::new(), size, next: 0, at: 0 };
        let more = sparse.entries(header, &IN_HEADER)?;
        Some((sparse, more))
    }

    /// Reads a further block of the map, and whether more follow. `None`: it is damaged.
    pub(super) fn extend(&mut self, block: &[u8]) -> Option<bool> {
        self.entries(block, &IN_BLOCK)
    }

    fn entries(&mut self, block: &[u8], (count, place, more): &(usize, Range<usize>, usize)) -> Option<bool> {
        for entry in block.get(place.clone())?.chunks_exact(ENTRY).take(*count) {
            // An entry of zero bytes ends the map.
            if entry.first() == Some(&0) {
                break;
            }
            let (offset, length) = entry.split_at_checked(ENTRY / 2)?;
            let (start, length) = (octal(offset)?, octal(length)?);
            let end = start.checked_add(length)?;
            let before = self.parts.last().map_or(0, |part| part.end);
            if start < before || end > self.size || self.parts.len() >= PARTS_MAX {
                return None;
            }
            if length > 0 {
                self.parts.push(start..end);
            }
        }
        Some(*block.get(*more)? != 0)
    }

    /// Bytes of the whole file.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Whether the parts are as long as what is stored.
    pub(super) fn fits(&self, stored: u64) -> bool {
        self.parts.iter().map(|part| part.end - part.start).sum::<u64>() == stored
    }

    /// Takes the next stored bytes, and gives them with the zeros in front of each part.
    pub(super) fn push<E>(
        &mut self,
        mut data: &[u8],
        sink: &mut dyn FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        while let Some(part) = self.parts.get(self.next).filter(|_| !data.is_empty()) {
            if self.at < part.start {
                sink(Event::Zeros(part.start - self.at))?;
                self.at = part.start;
            }
            let left = usize::try_from(part.end - self.at).unwrap_or(usize::MAX);
            let (now, rest) = data.split_at_checked(left).unwrap_or((data, &[]));
            sink(Event::Data(now))?;
            self.at += now.len() as u64;
            if self.at == part.end {
                self.next += 1;
            }
            data = rest;
        }
        Ok(())
    }

    /// All that is stored was taken: gives the zeros behind it.
    pub(super) fn end<E>(&self, sink: &mut dyn FnMut(Event<'_>) -> Result<(), E>) -> Result<(), E> {
        if self.at < self.size {
            sink(Event::Zeros(self.size - self.at))?;
        }
        sink(Event::End)
    }
}

/// A number of up to 11 octal digits, and spaces or NULs around it. `None`: it is none.
fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    if text.is_empty() || !text.bytes().all(|byte| matches!(byte, b'0'..=b'7')) {
        return None;
    }
    u64::from_str_radix(text, 8).ok().filter(|number| *number <= i64::MAX.unsigned_abs() - BLOCK as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::{Limits, Reader, Verdict, Writer};
    use proptest::prelude::*;

    /// A bundle with one sparse file, as its writer makes it.
    fn bundle(parts: &[Range<u64>], size: u64) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new(), 0, 6).unwrap();
        writer.stream_member("file/x", size, parts, &mut std::io::repeat(7)).unwrap();
        writer.finish().unwrap()
    }

    fn read(bytes: &[u8], step: usize) -> (Vec<u8>, Verdict) {
        let mut whole = Vec::new();
        let mut take = |member: crate::bundle::Member| {
            if &*member.name == "file/x" {
                whole = member.data;
            }
        };
        let mut reader = Reader::new(Limits { recovered: u64::MAX, ..Limits::native() });
        for piece in bytes.chunks(step) {
            reader.push(piece, &mut take).unwrap();
        }
        let mut integrity = reader.finish(&mut take).unwrap();
        // The name is none of its content.
        integrity.damage.retain(|what| !what.contains("hash of other content"));
        (whole, integrity.verdict())
    }

    proptest! {
        #[test]
        fn what_is_left_out_comes_back(
            lengths in prop::collection::vec((0u64..3000, 1u64..3000), 0..40),
            tail in 0u64..3000,
            step in 1usize..5000,
        ) {
            let (mut at, mut parts) = (0, Vec::new());
            for (gap, length) in lengths {
                parts.push(at + gap..at + gap + length);
                at += gap + length;
            }
            let size = at + tail;
            let (whole, verdict) = read(&bundle(&parts, size), step);
            prop_assert_eq!(verdict, Verdict::Intact);
            prop_assert_eq!(whole.len() as u64, size);
            for (place, byte) in (0..).zip(whole) {
                prop_assert_eq!(byte == 7, parts.iter().any(|part| part.contains(&place)), "{}", place);
            }
        }

        #[test]
        fn no_map_makes_a_reader_fail(noise in prop::collection::vec(any::<u8>(), 512), stored: u64) {
            if let Some((mut sparse, _)) = Sparse::begin(&noise) {
                sparse.extend(&noise);
                sparse.fits(stored);
            }
        }
    }

    #[test]
    fn maps_that_lie_are_damage() {
        let map = |size: &str, entries: &[(&str, &str)]| {
            let mut block = vec![0; BLOCK];
            block[REAL_SIZE.start..REAL_SIZE.start + size.len()].copy_from_slice(size.as_bytes());
            for (number, (offset, length)) in entries.iter().enumerate() {
                let at = IN_HEADER.1.start + number * ENTRY;
                block[at..at + offset.len()].copy_from_slice(offset.as_bytes());
                block[at + 12..at + 12 + length.len()].copy_from_slice(length.as_bytes());
            }
            Sparse::begin(&block).map(|(sparse, _)| sparse)
        };
        assert!(map("00000001000", &[("00000000000", "00000000010")]).unwrap().fits(8));
        assert!(!map("00000001000", &[("00000000000", "00000000010")]).unwrap().fits(9));
        assert!(map("00000001000", &[("00000000770", "00000000011")]).is_none(), "past the end");
        assert!(map("00000001000", &[("00000000010", "00000000010"), ("0", "10")]).is_none(), "backwards");
        assert!(map("x", &[]).is_none());
        assert!(map("00000000008", &[]).is_none());
    }

    #[test]
    fn only_recovered_files_may_be_sparse() {
        let mut writer = Writer::new(Vec::new(), 0, 6).unwrap();
        let part = 0..10;
        writer.stream_member("host/etc/passwd", 100_000, &[part], &mut std::io::repeat(7)).unwrap();
        let bytes = writer.finish().unwrap();
        let mut reader = Reader::new(Limits::native());
        reader.push(&bytes, |_| {}).unwrap();
        let integrity = reader.finish(|_| {}).unwrap();
        assert_eq!(integrity.verdict(), Verdict::Damaged, "{integrity:?}");
    }
}
