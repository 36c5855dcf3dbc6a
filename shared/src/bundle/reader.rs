//! Reading a bundle: push bytes in, get members out, whatever state the bytes are in.

use super::armor::ArmorReader;
use super::error::BundleError;
use super::gzip::{Gunzip, Sink};
use super::integrity::Integrity;
use super::limits::Limits;
use super::sniff::{Kind, SNIFF_LENGTH};
use super::sums::{SUMS_NAME, Sha256Digest};
use super::tarball::{Event, TarParser};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// One whole member of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name, as in the archive, without a leading `./`.
    pub name: String,
    /// Its bytes.
    pub data: Vec<u8>,
    /// Their SHA-256.
    pub sha256: Sha256Digest,
}

enum Input {
    Unknown(Vec<u8>),
    Gzip,
    Tar,
    /// A tar archive that came out of a gzip file whose length is known.
    Unpacked,
    Armor(ArmorReader),
}

/// An incremental reader: gzip, armored text or bare tar, told apart by content.
pub struct Reader {
    input: Input,
    gunzip: Gunzip,
    kind: Kind,
    text: Vec<u8>,
    out: Output,
}

impl Reader {
    /// A reader that keeps within `limits`.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            input: Input::Unknown(Vec::new()),
            gunzip: Gunzip::new(),
            kind: Kind::Empty,
            text: Vec::new(),
            out: Output::new(limits),
        }
    }

    /// The same, but for hashing, which somebody else does: members come with a SHA-256 of zeros, and [`Ended::integrity`]
    /// takes what was computed. A browser hashes on another thread, several times as fast.
    #[must_use]
    pub fn unhashed(limits: Limits) -> Self {
        let mut reader = Self::new(limits);
        reader.out.hashing = false;
        reader.gunzip.ignore_checksum();
        reader
    }

    /// The same for what somebody else unpacks from a gzip file of so many bytes, as far as the reader is concerned without
    /// a fault.
    #[must_use]
    pub fn unpacked(limits: Limits, compressed: u64) -> Self {
        let mut reader = Self::unhashed(limits);
        (reader.input, reader.kind, reader.out.compressed) = (Input::Unpacked, Kind::Gzip, compressed);
        reader
    }

    /// Whether anything was wrong with what was read so far.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        !self.out.damage.is_empty()
    }

    /// Takes the next bytes of the file and hands each member that became whole to `each`.
    ///
    /// # Errors
    /// [`BundleError::Limit`]: stop, and call [`Reader::finish`] for what is known of the part read.
    pub fn push(&mut self, bytes: &[u8], mut each: impl FnMut(Member)) -> Result<(), BundleError> {
        if !matches!(self.input, Input::Unpacked) {
            self.out.compressed += bytes.len() as u64;
        }
        if let Input::Unknown(head) = &mut self.input {
            head.extend_from_slice(bytes);
            if head.len() < SNIFF_LENGTH {
                return Ok(());
            }
            let head = std::mem::take(head);
            self.decide(&head);
            return self.feed(&head, &mut each);
        }
        self.feed(bytes, &mut each)
    }

    /// Ends the input and says in what state it was.
    ///
    /// # Errors
    /// [`BundleError::NotABundle`] when not one member came out of it.
    pub fn finish(self, each: impl FnMut(Member)) -> Result<Integrity, BundleError> {
        Ok(self.end(each)?.integrity(&[]))
    }

    /// Ends the input; what is left is to compare hashes.
    ///
    /// # Errors
    /// As [`Reader::finish`].
    pub fn end(mut self, mut each: impl FnMut(Member)) -> Result<Ended, BundleError> {
        if let Input::Unknown(head) = &mut self.input {
            let head = std::mem::take(head);
            self.decide(&head);
            self.feed(&head, &mut each)?;
        }
        if let Input::Armor(armor) = &mut self.input {
            let mut text = std::mem::take(&mut self.text);
            text.clear();
            armor.finish(&mut text);
            let (ended, foreign, found) = (armor.ended(), armor.foreign_lines(), armor.found());
            self.gunzip.push(&text, &mut self.out.with(&mut each))?;
            if found && !ended {
                self.out.damage("the END line of the armored text is missing".into());
            }
            if foreign > 0 {
                self.out.damage(format!("{foreign} lines inside the armored text were not part of it"));
            }
        }
        if self.out.hashes.is_empty() {
            return Err(BundleError::NotABundle(self.kind));
        }
        let ended = match self.input {
            Input::Tar | Input::Unpacked => self.out.tar.ended(),
            _ => self.gunzip.ended() && self.out.tar.ended(),
        };
        self.out.lose_partial();
        Ok(Ended { out: self.out, ended })
    }

    fn decide(&mut self, head: &[u8]) {
        self.kind = Kind::of(head);
        self.input = match self.kind {
            Kind::Tar => Input::Tar,
            Kind::Text => Input::Armor(ArmorReader::default()),
            // Anything else may be a bundle whose first bytes are damaged.
            _ => Input::Gzip,
        };
    }

    fn feed(&mut self, bytes: &[u8], each: &mut dyn FnMut(Member)) -> Result<(), BundleError> {
        let out = &mut self.out.with(each);
        match &mut self.input {
            Input::Gzip | Input::Unknown(_) => self.gunzip.push(bytes, out),
            Input::Tar | Input::Unpacked => out.data(bytes).map(|_| ()),
            Input::Armor(armor) => {
                self.text.clear();
                armor.push(bytes, &mut self.text);
                self.gunzip.push(&self.text, out)
            }
        }
    }
}

/// A bundle that was read to its end.
pub struct Ended {
    out: Output,
    ended: bool,
}

impl Ended {
    /// In what state the bundle was. `digests` are those of the members that a reader by [`Reader::unhashed`] handed out, in
    /// that order; one that is missing counts as a mismatch. Other readers take none.
    #[must_use]
    pub fn integrity(self, digests: &[Sha256Digest]) -> Integrity {
        let Output { order, hashes, sums, damage, compressed, total, hashing, .. } = self.out;
        let given = digests.iter().chain(std::iter::repeat(&[0; 32]));
        let hashes = if hashing { hashes } else { order.into_iter().zip(given.copied()).collect() };
        Integrity::new(&hashes, sums.as_deref(), self.ended, damage, compressed, total)
    }
}

struct Partial {
    name: String,
    size: u64,
    data: Vec<u8>,
    hasher: Option<Sha256>,
}

/// Everything behind the decompressor.
struct Output {
    limits: Limits,
    tar: TarParser,
    partial: Option<Partial>,
    hashes: HashMap<String, Sha256Digest>,
    hashing: bool,
    /// Names in the order in which members were handed out, when somebody else hashes.
    order: Vec<String>,
    sums: Option<Vec<u8>>,
    damage: Vec<String>,
    compressed: u64,
    total: u64,
    /// The next bytes follow a gap: a bad header means a false resynchronisation.
    after_gap: bool,
}

struct With<'a> {
    output: &'a mut Output,
    each: &'a mut dyn FnMut(Member),
}

impl Output {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            tar: TarParser::new(limits.member),
            partial: None,
            hashes: HashMap::new(),
            hashing: true,
            order: Vec::new(),
            sums: None,
            damage: Vec::new(),
            compressed: 0,
            total: 0,
            after_gap: false,
        }
    }

    fn with<'a>(&'a mut self, each: &'a mut dyn FnMut(Member)) -> With<'a> {
        With { output: self, each }
    }

    fn damage(&mut self, what: String) {
        // One damaged byte can make many false starts; the first reports say it all.
        if self.damage.len() < 100 {
            self.damage.push(what);
        }
    }

    fn check_limits(&mut self, more: usize) -> Result<(), BundleError> {
        self.total += more as u64;
        let Limits { total, ratio, members, .. } = self.limits;
        if self.total > total {
            return Err(BundleError::Limit { what: "the decompressed size", limit: total });
        }
        if self.total > Limits::RATIO_FROM && self.total / ratio > self.compressed {
            return Err(BundleError::Limit {
                what: "the compression ratio (a decompression bomb?)",
                limit: ratio,
            });
        }
        if self.hashes.len() > members {
            return Err(BundleError::Limit { what: "the number of members", limit: members as u64 });
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, each: &mut dyn FnMut(Member)) {
        match event {
            Event::Begin(name, size) => {
                // The size is a claim; memory follows what really comes.
                let capacity = usize::try_from(size.min(1 << 20)).unwrap_or(0);
                let hasher = self.hashing.then(Sha256::new);
                self.partial = Some(Partial { name, size, data: Vec::with_capacity(capacity), hasher });
            }
            Event::Data(bytes) => {
                if let Some(partial) = &mut self.partial {
                    if let Some(hasher) = &mut partial.hasher {
                        hasher.update(bytes);
                    }
                    partial.data.extend_from_slice(bytes);
                }
            }
            Event::End => {
                if let Some(partial) = self.partial.take() {
                    self.member(partial, each);
                }
            }
        }
    }

    fn member(&mut self, partial: Partial, each: &mut dyn FnMut(Member)) {
        let Partial { name, data, hasher, .. } = partial;
        let sha256 = hasher.map_or([0; 32], |hasher| hasher.finalize().into());
        if self.hashes.contains_key(&name) {
            self.damage(format!("`{}` appears twice; the first is used", name.escape_debug()));
            return;
        }
        self.hashes.insert(name.clone(), sha256);
        if !self.hashing {
            self.order.push(name.clone());
        }
        if name == SUMS_NAME {
            self.sums = Some(data.clone());
        }
        each(Member { name, data, sha256 });
    }

    fn lose_partial(&mut self) {
        if let Some(Partial { name, size, data, .. }) = self.partial.take() {
            self.damage(format!("`{}` is cut: {} of {size} bytes", name.escape_debug(), data.len()));
        }
    }
}

impl Sink for With<'_> {
    type Error = BundleError;

    fn data(&mut self, bytes: &[u8]) -> Result<bool, BundleError> {
        self.output.check_limits(bytes.len())?;
        let Output { tar, .. } = self.output;
        let mut parser = std::mem::replace(tar, TarParser::new(0));
        let result = parser.push(bytes, &mut |event| {
            self.output.event(event, self.each);
            Ok::<_, BundleError>(())
        });
        self.output.tar = parser;
        if result?.is_ok() {
            self.output.after_gap = false;
            return Ok(true);
        }
        if !self.output.after_gap {
            self.output.damage("a member's header is damaged; looking for the next whole one".into());
        }
        self.output.after_gap = true;
        self.output.tar = TarParser::new(self.output.limits.member);
        Ok(false)
    }

    fn gap(&mut self, reason: &'static str) {
        self.output.lose_partial();
        self.output.damage(reason.into());
        self.output.after_gap = true;
        // The end mark, once seen, stays seen: a wrong checksum comes after it.
        if !self.output.tar.ended() {
            self.output.tar = TarParser::new(self.output.limits.member);
        }
    }
}
