//! The tar container: POSIX ustar headers, written one way and read tolerantly.
//!
//! A bundle that somebody has unpacked and packed again with another tar must still open, so the reader
//! also takes GNU long names, pax paths, directories and a leading `./`.

use super::error::BundleError;
use std::mem;

pub(crate) const BLOCK: usize = 512;

/// Builds the header block of a regular file.
pub(crate) fn header(name: &str, size: u64, mtime: u64) -> Result<[u8; BLOCK], BundleError> {
    let mut header = tar::Header::new_ustar();
    header.set_path(name).map_err(|_| BundleError::BadName(name.into()))?;
    header.set_size(size);
    // Evidence is secret: whoever unpacks it keeps it from others.
    header.set_mode(0o600);
    header.set_mtime(mtime);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    Ok(*header.as_bytes())
}

/// How many zero bytes follow `size` bytes of data.
pub(crate) fn padding(size: u64) -> usize {
    usize::try_from(size % BLOCK as u64).map_or(0, |over| (BLOCK - over) % BLOCK)
}

/// What comes out of a [`TarParser`].
pub(crate) enum Event<'a> {
    /// A regular file of this name and size begins.
    Begin(String, u64),
    /// More of its bytes.
    Data(&'a [u8]),
    /// So many of its bytes were left out here.
    Skipped(u64),
    /// It is whole.
    End,
}

enum State {
    Header,
    Body {
        left: u64,
        padding: u64,
        kind: Body,
    },
    Skip {
        left: u64,
    },
    /// Two zero blocks, or one and then something else: nothing after this counts.
    Ended,
}

enum Body {
    File,
    GnuName,
    Pax,
}

/// Splits a tar stream, pushed in pieces of any size, into files.
pub(crate) struct TarParser {
    state: State,
    block: Vec<u8>,
    side: Vec<u8>,
    long_name: Option<String>,
    /// The largest file to accept.
    limit: u64,
}

/// The header of a file is damaged: what follows cannot be told apart.
pub(crate) struct BadHeader;

/// Names and extended headers are short; more than this is an attack.
const SIDE_LIMIT: u64 = 64 * 1024;

impl TarParser {
    pub(crate) fn new(limit: u64) -> Self {
        Self { state: State::Header, block: Vec::new(), side: Vec::new(), long_name: None, limit }
    }

    /// Whether the end-of-archive mark was seen.
    pub(crate) fn ended(&self) -> bool {
        matches!(self.state, State::Ended)
    }

    /// Goes on as if so many bytes of a file had come. False, and nothing happens, where no file has so many left.
    pub(crate) fn skip(&mut self, bytes: u64, sink: &mut dyn FnMut(Event<'_>)) -> bool {
        let State::Body { left, padding, kind: Body::File } = &mut self.state else { return bytes == 0 };
        let Some(rest) = left.checked_sub(bytes) else { return false };
        *left = rest;
        let padding = *padding;
        sink(Event::Skipped(bytes));
        if rest == 0 {
            sink(Event::End);
            self.state = after(padding);
        }
        true
    }

    pub(crate) fn push<E: From<BundleError>>(
        &mut self,
        mut input: &[u8],
        sink: &mut dyn FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<Result<(), BadHeader>, E> {
        while !input.is_empty() {
            match &mut self.state {
                State::Ended => return Ok(Ok(())),
                State::Skip { left } => {
                    let (_, rest) = split(input, *left);
                    *left -= (input.len() - rest.len()) as u64;
                    if *left == 0 {
                        self.state = State::Header;
                    }
                    input = rest;
                }
                State::Body { left, padding, kind } => {
                    let (data, rest) = split(input, *left);
                    *left -= data.len() as u64;
                    match kind {
                        Body::File => sink(Event::Data(data))?,
                        Body::GnuName | Body::Pax => self.side.extend_from_slice(data),
                    }
                    if *left == 0 {
                        match kind {
                            Body::File => sink(Event::End)?,
                            Body::GnuName => self.long_name = Some(gnu_name(&mem::take(&mut self.side))),
                            Body::Pax => self.long_name = pax_path(&mem::take(&mut self.side)),
                        }
                        self.state = after(*padding);
                    }
                    input = rest;
                }
                State::Header => {
                    let (data, rest) = split(input, (BLOCK - self.block.len()) as u64);
                    self.block.extend_from_slice(data);
                    input = rest;
                    if self.block.len() == BLOCK {
                        let block = mem::take(&mut self.block);
                        if self.header_block(&block, sink)?.is_err() {
                            return Ok(Err(BadHeader));
                        }
                        self.block = block;
                        self.block.clear();
                    }
                }
            }
        }
        Ok(Ok(()))
    }

    fn header_block<E: From<BundleError>>(
        &mut self,
        block: &[u8],
        sink: &mut dyn FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<Result<(), BadHeader>, E> {
        if block.iter().all(|byte| *byte == 0) {
            self.state = State::Ended;
            return Ok(Ok(()));
        }
        let header = tar::Header::from_byte_slice(block);
        let (Ok(stated), Ok(size)) = (header.cksum(), header.entry_size()) else {
            return Ok(Err(BadHeader));
        };
        if stated != checksum(block) {
            return Ok(Err(BadHeader));
        }
        let entry_type = header.entry_type();
        let kind = if entry_type.is_gnu_longname() {
            Body::GnuName
        } else if entry_type.is_pax_local_extensions() {
            Body::Pax
        } else if entry_type.is_file() {
            Body::File
        } else {
            // Directories, links and devices: a bundle has none, and they carry no evidence.
            self.state = State::Header;
            let skip = size + padding(size) as u64;
            if skip > 0 {
                self.state = State::Skip { left: skip };
            }
            self.long_name = None;
            return Ok(Ok(()));
        };
        let limit = if matches!(kind, Body::File) { self.limit } else { SIDE_LIMIT };
        if size > limit {
            return Err(BundleError::Limit { what: "a member's size", limit }.into());
        }
        if matches!(kind, Body::File) {
            let name = self.long_name.take().unwrap_or_else(|| lossy(&header.path_bytes()));
            let name = name.trim_start_matches("./").to_owned();
            sink(Event::Begin(name, size))?;
            if size == 0 {
                sink(Event::End)?;
                return Ok(Ok(()));
            }
        } else if size == 0 {
            return Ok(Ok(()));
        }
        self.state = State::Body { left: size, padding: padding(size) as u64, kind };
        Ok(Ok(()))
    }
}

/// What follows a file's bytes.
const fn after(padding: u64) -> State {
    if padding == 0 { State::Header } else { State::Skip { left: padding } }
}

fn split(input: &[u8], at: u64) -> (&[u8], &[u8]) {
    let at = usize::try_from(at).map_or(input.len(), |at| at.min(input.len()));
    input.split_at_checked(at).unwrap_or((input, &[]))
}

/// Sum of the header's bytes with the checksum field itself taken as spaces, POSIX.1-2017 pax.
fn checksum(block: &[u8]) -> u32 {
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    let field = block.get(148..156).unwrap_or_default();
    sum(block) + sum(&[b' '; 8]) - sum(field)
}

/// Names are ours and ASCII; a foreign one is shown with visible escapes rather than refused.
fn lossy(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) => name.escape_ascii().to_string(),
    }
}

fn gnu_name(side: &[u8]) -> String {
    lossy(side.split(|byte| *byte == 0).next().unwrap_or_default())
}

/// The `path` record of a pax extended header, whose records read `LENGTH KEY=VALUE\n`.
fn pax_path(mut side: &[u8]) -> Option<String> {
    while let Some(space) = side.iter().position(|byte| *byte == b' ') {
        let length: usize = std::str::from_utf8(side.get(..space)?).ok()?.parse().ok()?;
        let record = side.get(space + 1..length.checked_sub(1)?)?;
        if let Some(path) = record.strip_prefix(b"path=") {
            return Some(lossy(path));
        }
        side = side.get(length..)?;
    }
    None
}
