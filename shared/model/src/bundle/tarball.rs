//! The tar container: POSIX ustar headers, written one way and read tolerantly.
//!
//! A bundle that somebody has unpacked and packed again with another tar must still open, so the reader
//! also takes GNU long names, pax paths, directories and a leading `./`.

use super::error::BundleError;
use super::member::Member;
use super::sparse::Sparse;
use super::tar_entry::{self, Pax};
use std::collections::BTreeSet;
use std::mem;

/// Bytes of a block of a tar archive, POSIX.1-2001 (pax).
pub const BLOCK: usize = 512;

/// Builds the header block of a regular file.
///
/// # Errors
/// [`BundleError::BadName`] where the name does not fit into the header.
pub fn header(name: &str, size: u64, mtime: u64) -> Result<[u8; BLOCK], BundleError> {
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
#[must_use]
pub fn padding(size: u64) -> usize {
    usize::try_from(size % BLOCK as u64).map_or(0, |over| (BLOCK - over) % BLOCK)
}

/// What comes out of a [`TarParser`].
pub enum Event<'a> {
    /// A regular file of this name and size begins.
    Begin(String, u64),
    /// More of its bytes.
    Data(&'a [u8]),
    /// So many zeros of it, which the archive leaves out.
    Zeros(u64),
    /// So many of its bytes were left out here.
    Skipped(u64),
    /// It is whole.
    End,
    /// Something in the archive that is not read, or not where it says, in words.
    Fault(String),
}

enum State {
    Header,
    Body {
        left: u64,
        padding: u64,
        kind: Body,
    },
    /// Further blocks of the map of a sparse file: its name, so many bytes of it that are stored, and the map so far.
    Map(Box<(String, u64, Sparse)>),
    Skip {
        left: u64,
    },
    /// Two zero blocks, or one and then something else: nothing after this is read.
    Ended {
        /// Something else than zeros follows, and it was said.
        followed: bool,
    },
}

/// What the bytes of an entry are.
#[derive(Clone, Copy)]
enum Body {
    File,
    /// The name of the next entry (GNU).
    GnuName,
    /// The target of the next entry, which is a link (GNU).
    GnuLink,
    /// Of the next entry.
    Pax,
    /// Of all that follow.
    PaxGlobal,
}

/// Splits a tar stream, pushed in pieces of any size, into files.
pub struct TarParser {
    state: State,
    block: Vec<u8>,
    side: Vec<u8>,
    long_name: Option<Vec<u8>>,
    /// The file that is read now leaves out its zeros.
    sparse: Option<Box<Sparse>>,
    pax: Option<Pax>,
    /// Directories, without a `/` at the end.
    directories: BTreeSet<String>,
    /// The largest file to accept.
    limit: u64,
}

/// The header of a file is damaged: what follows cannot be told apart.
pub struct BadHeader;

/// Names and extended headers are short; more than this is an attack.
const SIDE_LIMIT: u64 = 64 * 1024;

impl TarParser {
    /// A parser at the beginning of an archive, which accepts files of at most `limit` bytes.
    #[must_use]
    pub fn new(limit: u64) -> Self {
        Self {
            state: State::Header,
            block: Vec::new(),
            side: Vec::new(),
            long_name: None,
            sparse: None,
            pax: None,
            directories: BTreeSet::new(),
            limit,
        }
    }

    /// Whether the end-of-archive mark was seen.
    #[must_use]
    pub fn ended(&self) -> bool {
        matches!(self.state, State::Ended { .. })
    }

    /// What is known at the end only, in words: directories that hold none of these members, so that nothing lists them.
    pub fn left_over<'a>(&self, members: impl Iterator<Item = &'a str>) -> Vec<String> {
        if self.directories.is_empty() {
            return Vec::new();
        }
        let mut empty: BTreeSet<&str> = self.directories.iter().map(String::as_str).collect();
        for name in members {
            for (at, _) in name.match_indices('/') {
                empty.remove(name.get(..at).unwrap_or_default());
            }
        }
        empty.into_iter().map(|name| passed_over("directory", name)).collect()
    }

    /// Goes on as if so many bytes of a file had come. False, and nothing happens, where no file has so many left.
    pub fn skip(&mut self, bytes: u64, sink: &mut dyn FnMut(Event<'_>)) -> bool {
        if self.sparse.is_some() {
            return bytes == 0;
        }
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

    /// Parses one piece of the archive.
    ///
    /// # Errors
    /// Those of `sink`. The inner error says that the header of a file is damaged.
    pub fn push<E: From<BundleError>>(
        &mut self,
        mut input: &[u8],
        sink: &mut dyn FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<Result<(), BadHeader>, E> {
        while !input.is_empty() {
            match &mut self.state {
                State::Ended { followed } => {
                    if !*followed && input.iter().any(|byte| *byte != 0) {
                        *followed = true;
                        sink(Event::Fault(
                            "bytes follow the end of the archive; they were passed over".into(),
                        ))?;
                    }
                    return Ok(Ok(()));
                }
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
                    match (&*kind, &mut self.sparse) {
                        (Body::File, Some(sparse)) => sparse.push(data, sink)?,
                        (Body::File, None) => sink(Event::Data(data))?,
                        _ => self.side.extend_from_slice(data),
                    }
                    if *left == 0 {
                        let (kind, next) = (*kind, after(*padding));
                        match kind {
                            Body::File => self.file_ends(sink)?,
                            _ => self.side_ends(kind, sink)?,
                        }
                        self.state = next;
                    }
                    input = rest;
                }
                State::Header | State::Map(_) => {
                    let (data, rest) = split(input, (BLOCK - self.block.len()) as u64);
                    self.block.extend_from_slice(data);
                    input = rest;
                    if self.block.len() == BLOCK {
                        let block = mem::take(&mut self.block);
                        let taken = match std::mem::replace(&mut self.state, State::Header) {
                            State::Map(file) => self.map_block(&block, file, sink)?,
                            _ => self.header_block(&block, sink)?,
                        };
                        if taken.is_err() {
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

    /// Takes what an entry says of the next.
    fn side_ends<E>(
        &mut self,
        kind: Body,
        sink: &mut dyn FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let side = mem::take(&mut self.side);
        let pax = match kind {
            Body::GnuName => {
                self.long_name = side.split(|byte| *byte == 0).next().map(<[u8]>::to_vec);
                return Ok(());
            }
            Body::Pax | Body::PaxGlobal => Pax::parse(&side),
            Body::File | Body::GnuLink => return Ok(()),
        };
        match (kind, pax) {
            (_, None) => sink(Event::Fault("an extended header of the archive is damaged".into())),
            (Body::PaxGlobal, Some(pax)) if pax.matters() => {
                sink(Event::Fault("a global header renames or resizes members; it was passed over".into()))
            }
            (Body::PaxGlobal, Some(_)) => Ok(()),
            (_, pax) => {
                self.pax = pax;
                Ok(())
            }
        }
    }

    fn header_block<E: From<BundleError>>(
        &mut self,
        block: &[u8],
        sink: &mut dyn FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<Result<(), BadHeader>, E> {
        if block.iter().all(|byte| *byte == 0) {
            self.state = State::Ended { followed: false };
            return Ok(Ok(()));
        }
        let header = tar::Header::from_byte_slice(block);
        if header.cksum().ok() != Some(checksum(block)) {
            return Ok(Err(BadHeader));
        }
        let entry_type = header.entry_type();
        let side = match entry_type.as_byte() {
            b'L' => Some(Body::GnuName),
            b'K' => Some(Body::GnuLink),
            b'x' => Some(Body::Pax),
            b'g' => Some(Body::PaxGlobal),
            _ => None,
        };
        let (name, pax) = match side {
            Some(_) => (lossy(&header.path_bytes()), Pax::default()),
            None => self.name(&header.path_bytes(), sink)?,
        };
        let Some(size) = pax.size.or_else(|| tar_entry::size(block)) else {
            sink(Event::Fault(format!("`{}`: its size is out of range", name.escape_debug())))?;
            return Ok(Err(BadHeader));
        };
        if let Some(kind) = side {
            if size > SIDE_LIMIT {
                return Err(BundleError::Limit { what: "a member's size", limit: SIDE_LIMIT }.into());
            }
            self.body(size, kind);
            if size == 0 {
                self.side_ends(kind, sink)?;
            }
            return Ok(Ok(()));
        }
        // A recovered file may be sparse; nothing else of a bundle is.
        if entry_type.as_byte() == b'S' && Member::is_recovered(&name) {
            let Some((sparse, more)) = Sparse::begin(block) else { return Ok(Err(BadHeader)) };
            if more {
                self.state = State::Map(Box::new((name, size, sparse)));
                return Ok(Ok(()));
            }
            return self.sparse_file((name, size, sparse), sink);
        }
        // A contiguous file is a file for every tar of today.
        if pax.sparse || !(entry_type.is_file() || entry_type.is_contiguous()) {
            let kind = if pax.sparse { b'S' } else { entry_type.as_byte() };
            return self.passed_over(&name, kind, size, sink);
        }
        if size > self.limit {
            return Err(BundleError::Limit { what: "a member's size", limit: self.limit }.into());
        }
        if let Some(fault) = tar_entry::fault(&name) {
            sink(Event::Fault(format!("`{}`: {fault}", name.escape_debug())))?;
        }
        sink(Event::Begin(name, size))?;
        self.body(size, Body::File);
        if size == 0 {
            sink(Event::End)?;
        }
        Ok(Ok(()))
    }

    /// Takes a further block of a map.
    fn map_block<E: From<BundleError>>(
        &mut self,
        block: &[u8],
        mut file: Box<(String, u64, Sparse)>,
        sink: &mut dyn FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<Result<(), BadHeader>, E> {
        match file.2.extend(block) {
            None => Ok(Err(BadHeader)),
            Some(true) => {
                self.state = State::Map(file);
                Ok(Ok(()))
            }
            Some(false) => self.sparse_file(*file, sink),
        }
    }

    /// Begins a file whose map is known.
    fn sparse_file<E: From<BundleError>>(
        &mut self,
        (name, stored, sparse): (String, u64, Sparse),
        sink: &mut dyn FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<Result<(), BadHeader>, E> {
        if !sparse.fits(stored) {
            return Ok(Err(BadHeader));
        }
        if sparse.size() > self.limit {
            return Err(BundleError::Limit { what: "a member's size", limit: self.limit }.into());
        }
        if let Some(fault) = tar_entry::fault(&name) {
            sink(Event::Fault(format!("`{}`: {fault}", name.escape_debug())))?;
        }
        sink(Event::Begin(name, sparse.size()))?;
        self.body(stored, Body::File);
        self.sparse = Some(Box::new(sparse));
        if stored == 0 {
            self.file_ends(sink)?;
        }
        Ok(Ok(()))
    }

    /// All that is stored of a file was taken.
    fn file_ends<E>(&mut self, sink: &mut dyn FnMut(Event<'_>) -> Result<(), E>) -> Result<(), E> {
        match self.sparse.take() {
            Some(sparse) => sparse.end(sink),
            None => sink(Event::End),
        }
    }

    /// The name of an entry, and what was said of it before its header.
    fn name<E>(
        &mut self,
        header: &[u8],
        sink: &mut dyn FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<(String, Pax), E> {
        let (long, mut pax) = (self.long_name.take(), self.pax.take().unwrap_or_default());
        if long.is_some() && pax.path.is_some() {
            sink(Event::Fault("two extended headers name the same member".into()))?;
        }
        let bytes = pax.path.take().or(long).unwrap_or_else(|| header.to_vec());
        if std::str::from_utf8(&bytes).is_err() {
            sink(Event::Fault(format!("`{}`: its name is not UTF-8", bytes.escape_ascii())))?;
        }
        Ok((lossy(&bytes).trim_start_matches("./").to_owned(), pax))
    }

    /// Passes over what is no file: a bundle has none, and what it says is not known.
    fn passed_over<E>(
        &mut self,
        name: &str,
        kind: u8,
        size: u64,
        sink: &mut dyn FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<Result<(), BadHeader>, E> {
        let word = match kind {
            b'1' => "hard link",
            b'2' => "symbolic link",
            b'3' | b'4' => "device",
            b'5' => "directory",
            b'6' => "named pipe",
            b'S' => "sparse file",
            _ => "entry of an unknown kind",
        };
        // Packed again by another tar, a bundle has a directory for each folder of members. Others say something.
        if kind == b'5' && size == 0 && self.directories.len() < DIRECTORIES {
            let path = name.strip_suffix('/').unwrap_or(name);
            if path.is_empty() || path == "." {
                return Ok(Ok(()));
            }
            if tar_entry::fault(path).is_none() {
                self.directories.insert(path.to_owned());
                return Ok(Ok(()));
            }
        }
        sink(Event::Fault(passed_over(word, name)))?;
        let Some(skip) = size.checked_add(padding(size) as u64) else { return Ok(Err(BadHeader)) };
        if skip > 0 {
            self.state = State::Skip { left: skip };
        }
        Ok(Ok(()))
    }

    fn body(&mut self, size: u64, kind: Body) {
        if size > 0 {
            self.state = State::Body { left: size, padding: padding(size) as u64, kind };
        }
    }
}

/// More directories than this are no bundle's.
const DIRECTORIES: usize = 10_000;

fn passed_over(kind: &str, name: &str) -> String {
    format!("`{}` is a {kind}, which no bundle holds; it was passed over", name.escape_debug())
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
