//! gzip (RFC 1952) around DEFLATE (RFC 1951), read so that damage stays local.
//!
//! After damage the reader looks for the next point where the writer ended a block on a byte boundary and forgot its
//! dictionary, which the bytes `00 00 FF FF` mark, and goes on from there.

use super::history::History;
use flate2::{Crc, Decompress, FlushDecompress, Status};

const BUFFER: usize = 64 * 1024;
/// How far DEFLATE looks back, RFC 1951 section 2.
const WINDOW: usize = 32 * 1024;
/// What a full flush leaves at its end: the length fields of an empty stored block, RFC 1951 section 3.2.4.
const FLUSH_MARK: [u8; 4] = [0, 0, 0xff, 0xff];

/// What the reader hears while bytes go through a [`Gunzip`].
pub trait Sink {
    /// What ends the decompression.
    type Error;
    /// Decompressed bytes. `Ok(false)` says that they make no sense after a resynchronisation.
    fn data(&mut self, bytes: &[u8]) -> Result<bool, Self::Error>;
    /// Bytes are missing before the next `data`, which begins with a member's header.
    fn gap(&mut self, reason: &'static str);
    /// Something is wrong, and no bytes are missing for it.
    fn fault(&mut self, what: &'static str);
}

enum State {
    Header(Vec<u8>),
    Body,
    Trailer(Vec<u8>),
    /// Looking for the next flush point; holds the last bytes seen.
    Seeking([u8; 4]),
}

/// A gzip stream being read, pushed in pieces of any size.
pub struct Gunzip {
    state: State,
    inflate: Decompress,
    /// It covers what SHA-256 of the members does not: the archive's headers.
    crc: Crc,
    buffer: Vec<u8>,
    /// After a resynchronisation the checksum cannot be known any more.
    lost: bool,
    /// At least one stream came to its proper end, and none is open.
    ended: bool,
    history: History,
    /// Something else than zeros follows its end, and it was said.
    followed: bool,
    /// Bytes to be read once more, before any others.
    again: Vec<u8>,
}

impl Default for Gunzip {
    fn default() -> Self {
        Self::new()
    }
}

impl Gunzip {
    /// A decompressor at the beginning of a gzip file.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: State::Header(Vec::new()),
            inflate: Decompress::new(false),
            crc: Crc::new(),
            buffer: vec![0; BUFFER],
            lost: false,
            ended: false,
            followed: false,
            history: History::default(),
            again: Vec::new(),
        }
    }

    /// Whether the stream came to its proper end.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Decompresses one piece of the file.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn push<S: Sink>(&mut self, mut input: &[u8], sink: &mut S) -> Result<(), S::Error> {
        loop {
            let again = std::mem::take(&mut self.again);
            if !again.is_empty() {
                let left = self.step(&again, sink)?;
                self.again.extend_from_slice(left);
            } else if input.is_empty() {
                return Ok(());
            } else {
                input = self.step(input, sink)?;
            }
        }
    }

    /// Takes some of the input, and returns what is left of it.
    fn step<'a, S: Sink>(&mut self, input: &'a [u8], sink: &mut S) -> Result<&'a [u8], S::Error> {
        Ok(match &mut self.state {
            State::Header(head) => {
                head.extend_from_slice(input);
                match header_length(head) {
                    HeaderLength::Unfinished if head.len() < BUFFER => return Ok(&[]),
                    HeaderLength::Is(length) => {
                        let rest = head.get(length..).unwrap_or_default().len();
                        self.state = State::Body;
                        self.ended = false;
                        input.get(input.len().saturating_sub(rest)..).unwrap_or_default()
                    }
                    // gzip(1) takes zeros after a complete stream for padding, and fails at anything else.
                    _ if self.ended => {
                        if !self.followed && head.iter().any(|byte| *byte != 0) {
                            self.followed = true;
                            sink.fault("bytes follow the end of the compressed data; they were passed over");
                        }
                        head.clear();
                        return Ok(&[]);
                    }
                    _ => {
                        sink.gap("the gzip header is damaged");
                        self.seek();
                        input
                    }
                }
            }
            State::Body => self.inflate(input, sink)?,
            State::Trailer(tail) => {
                let take = input.len().min(8 - tail.len());
                tail.extend_from_slice(input.get(..take).unwrap_or_default());
                if let Ok(tail) = <[u8; 8]>::try_from(tail.as_slice()) {
                    let [a, b, c, d, e, f, g, h] = tail;
                    let (sum, amount) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
                    // RFC 1952: the length modulo 2^32.
                    let same_length = u64::from(amount) == self.inflate.total_out() & u64::from(u32::MAX);
                    let same_sum = self.crc.sum() == sum;
                    let matches = same_length && same_sum;
                    if !(self.lost || matches) {
                        sink.gap("the gzip checksum does not match: some bytes were changed");
                    }
                    self.restart();
                    self.ended = true;
                    self.state = State::Header(Vec::new());
                }
                input.get(take..).unwrap_or_default()
            }
            State::Seeking(last) => {
                let found = input.iter().position(|byte| {
                    last.rotate_left(1);
                    last[3] = *byte;
                    *last == FLUSH_MARK
                });
                let Some(at) = found else { return Ok(&[]) };
                self.restart();
                self.state = State::Body;
                input.get(at + 1..).unwrap_or_default()
            }
        })
    }

    fn restart(&mut self) {
        self.inflate.reset(false);
        self.history.forget();
        self.crc.reset();
    }

    /// Looks for the next flush point: from the last bytes on that were read before.
    fn seek(&mut self) {
        self.lost = true;
        self.state = State::Seeking([0xaa; 4]);
        self.again = self.history.take();
    }

    /// Decompresses, and returns the input that is left.
    fn inflate<'a, S: Sink>(&mut self, mut input: &'a [u8], sink: &mut S) -> Result<&'a [u8], S::Error> {
        loop {
            let start = input;
            let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
            // The decompressor fills its window and hands it out. What does not fit into the buffer waits for the next
            // call, and is lost when the data behind it is invalid: so the buffer ends where a window ends.
            let room = BUFFER - usize::try_from(before_out % WINDOW as u64).unwrap_or(0);
            let buffer = self.buffer.get_mut(..room).unwrap_or_default();
            let status = self.inflate.decompress(input, buffer, FlushDecompress::None);
            let consumed = usize::try_from(self.inflate.total_in() - before_in).unwrap_or(input.len());
            let produced = usize::try_from(self.inflate.total_out() - before_out).unwrap_or(0);
            input = input.get(consumed..).unwrap_or_default();
            let data = self.buffer.get(..produced).unwrap_or_default();
            self.crc.update(data);
            self.history.add(start.get(..consumed).unwrap_or_default(), produced);
            // What is read twice after damage is known by its name.
            if !data.is_empty() && !sink.data(data)? {
                self.seek();
                return Ok(input);
            }
            match status {
                Ok(Status::StreamEnd) => {
                    self.state = State::Trailer(Vec::new());
                    return Ok(input);
                }
                Ok(_) if produced == room => {}
                Ok(_) if input.is_empty() => return Ok(input),
                Ok(_) if consumed > 0 || produced > 0 => {}
                // No progress with input left is damage as well.
                Ok(_) | Err(_) => {
                    sink.gap("the compressed data is damaged");
                    self.seek();
                    return Ok(input);
                }
            }
        }
    }
}

enum HeaderLength {
    Is(usize),
    Unfinished,
    Wrong,
}

/// The length of the gzip header at the start of `head`, RFC 1952 section 2.3.
fn header_length(head: &[u8]) -> HeaderLength {
    use HeaderLength::{Is, Unfinished, Wrong};
    let magic = [0x1f, 0x8b, 8];
    if head.iter().zip(magic).any(|(have, want)| *have != want) {
        return Wrong;
    }
    let Some(flags) = head.get(3).copied() else {
        return Unfinished;
    };
    let mut at = 10;
    if flags & 4 != 0 {
        let (Some(low), Some(high)) = (head.get(at), head.get(at + 1)) else {
            return Unfinished;
        };
        at += 2 + usize::from(u16::from_le_bytes([*low, *high]));
    }
    // File name and comment, each NUL-terminated.
    for flag in [8, 16] {
        if flags & flag != 0 {
            let Some(end) = head.get(at..).and_then(|rest| rest.iter().position(|b| *b == 0)) else {
                return Unfinished;
            };
            at += end + 1;
        }
    }
    if flags & 2 != 0 {
        at += 2;
    }
    if head.len() >= at { Is(at) } else { Unfinished }
}
