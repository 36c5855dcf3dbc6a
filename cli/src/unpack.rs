//! Logs that rotation packed with zstd or xz, or a console with zip, unpacked while they are read. gzip is the reader's own.

use crate::unzip;
use procglass_logs::Packing;
use ruzstd::decoding::StreamingDecoder;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Cursor, Read, Seek as _};
use std::path::Path;

/// Memory for the dictionary of xz, in KiB: what `xz -9` takes to unpack is 64 MiB.
const DICTIONARY: u32 = 256 << 10;
/// The length of a magic number of zstd.
const MAGIC: usize = 4;

/// A log, unpacked where that can be done here.
pub(crate) struct Unpacked {
    inner: Box<dyn Read>,
    /// The length of the file, where the bytes that are read are the file's.
    pub(crate) size: u64,
}

impl Unpacked {
    /// Opens a file.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        let mut file = BufReader::with_capacity(1 << 18, file);
        let packing = Packing::of(file.fill_buf()?);
        Ok(match packing {
            Some(Packing::Zstd) => Self { inner: Box::new(Frames(State::Between(file))), size: 0 },
            Some(Packing::Xz) => {
                let xz = lzma_rust2::XzReader::new_mem_limit(file, true, DICTIONARY);
                Self { inner: Box::new(xz), size: 0 }
            }
            Some(Packing::Zip) => {
                let mut file = file.into_inner();
                match unzip::only_file(&mut file)? {
                    Some(text) => Self { inner: Box::new(text), size: 0 },
                    None => {
                        file.rewind()?;
                        Self { inner: Box::new(file), size }
                    }
                }
            }
            _ => Self { inner: Box::new(file), size },
        })
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

/// The frames of a zstd file one after the other: programs that compress on many threads write many, and some write
/// frames to skip between them (RFC 8878, 3.1.2).
struct Frames<R: Read>(State<R>);

/// A frame that is being read, with its magic number put back in front.
type Frame<R> = StreamingDecoder<io::Chain<Cursor<Vec<u8>>, R>, ruzstd::decoding::FrameDecoder>;

enum State<R: Read> {
    Between(R),
    In(Box<Frame<R>>),
    Over,
}

impl<R: Read> Frames<R> {
    /// Goes to the next frame with data. `None` at the end of the file.
    fn next(mut rest: R) -> io::Result<Option<Box<Frame<R>>>> {
        loop {
            let mut magic = Vec::with_capacity(MAGIC);
            rest.by_ref().take(MAGIC as u64).read_to_end(&mut magic)?;
            let Ok(number) = <[u8; MAGIC]>::try_from(magic.as_slice()).map(u32::from_le_bytes) else {
                return if magic.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            };
            if number & 0xffff_fff0 != 0x184d_2a50 {
                let whole = Cursor::new(magic).chain(rest);
                return StreamingDecoder::new(whole)
                    .map(|frame| Some(Box::new(frame)))
                    .map_err(io::Error::other);
            }
            let mut length = [0; 4];
            rest.read_exact(&mut length)?;
            let length = u64::from(u32::from_le_bytes(length));
            if io::copy(&mut rest.by_ref().take(length), &mut io::sink())? < length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            // After an error nothing is read.
            match std::mem::replace(&mut self.0, State::Over) {
                State::Over => return Ok(0),
                State::Between(rest) => match Self::next(rest)? {
                    Some(frame) => self.0 = State::In(frame),
                    None => return Ok(0),
                },
                State::In(mut frame) => match frame.read(buffer)? {
                    0 if !buffer.is_empty() => self.0 = State::Between(frame.into_inner().into_inner().1),
                    count => {
                        self.0 = State::In(frame);
                        return Ok(count);
                    }
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `zstd -c` of `hello\n`: a frame with one raw block, without checksum.
    const HELLO: &[u8] = b"\x28\xb5\x2f\xfd\x20\x06\x31\x00\x00hello\n";
    /// A frame to skip, with two bytes.
    const SKIP: &[u8] = b"\x50\x2a\x4d\x18\x02\x00\x00\x00xx";

    fn unpack(bytes: &[u8]) -> io::Result<String> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("log");
        std::fs::write(&path, bytes)?;
        let mut text = String::new();
        Unpacked::open(&path)?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn frames_of_zstd_follow_each_other() {
        let all = [HELLO, SKIP, HELLO].concat();
        assert_eq!(unpack(&all).unwrap(), "hello\nhello\n");
        for cut in [2, HELLO.len() - 2, HELLO.len() + 5, HELLO.len() + SKIP.len() + 2] {
            assert!(unpack(&all[..cut]).is_err(), "{cut}");
        }
        assert_eq!(unpack(b"plain\n").unwrap(), "plain\n");
        assert_eq!(unpack(b"").unwrap(), "");
    }

    #[test]
    fn xz_that_is_cut_is_an_error() {
        assert!(unpack(b"\xfd7zXZ\x00\x00\x04").is_err());
    }
}
