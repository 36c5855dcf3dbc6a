//! What came out of the decompressor: cut into members, within the limits.

use super::OUTCOMES_NAME;
use super::error::BundleError;
use super::gunzip::Sink;
use super::limits::Limits;
use super::member::Member;
use super::sums::{SUMS_NAME, Sha256Digest};
use super::tarball::{Event, TarParser};
use foldhash::HashSet;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// What zeros are hashed from.
const ZEROS: [u8; 4096] = [0; 4096];

struct Partial {
    name: String,
    /// What its header claims.
    size: u64,
    /// What came of it.
    length: u64,
    data: Vec<u8>,
    /// How much of it is kept.
    keep: u64,
    /// It is a recovered file.
    recovered: bool,
    hasher: Option<Sha256>,
}

impl Partial {
    fn take(&mut self, bytes: &[u8]) {
        if let Some(hasher) = &mut self.hasher {
            hasher.update(bytes);
        }
        self.length += bytes.len() as u64;
        let room = self.keep - self.data.len() as u64;
        let kept = usize::try_from(room).map_or(bytes.len(), |room| room.min(bytes.len()));
        self.data.extend_from_slice(bytes.get(..kept).unwrap_or_default());
    }
}

/// Everything behind the decompressor.
pub(super) struct Output {
    limits: Limits,
    pub(super) tar: TarParser,
    partial: Option<Partial>,
    names: HashSet<Arc<str>>,
    /// Name and digest of each member that was handed out, in order; none where somebody else hashes.
    pub(super) hashes: Vec<(Arc<str>, Option<Sha256Digest>)>,
    pub(super) hashing: bool,
    /// Somebody else unpacks, and leaves bytes out.
    pub(super) skipping: bool,
    pub(super) sums: Option<Vec<u8>>,
    /// `outcomes.json`.
    pub(super) outcomes: Option<Vec<u8>>,
    pub(super) damage: Vec<String>,
    /// Members whose bytes end early, in words.
    pub(super) cut: Vec<String>,
    pub(super) compressed: u64,
    pub(super) total: u64,
    /// Bytes of `total` that are of recovered files.
    recovered: u64,
    /// The next bytes follow a gap: a bad header means a false resynchronisation.
    after_gap: bool,
    /// There was one: what is in front of the next flush point may be read twice.
    gaps: bool,
}

pub(super) struct With<'a> {
    output: &'a mut Output,
    each: &'a mut dyn FnMut(Member),
}

impl Output {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            tar: TarParser::new(limits.member),
            partial: None,
            names: HashSet::default(),
            hashes: Vec::new(),
            hashing: true,
            skipping: false,
            sums: None,
            outcomes: None,
            damage: Vec::new(),
            cut: Vec::new(),
            compressed: 0,
            total: 0,
            recovered: 0,
            after_gap: false,
            gaps: false,
        }
    }

    pub(super) fn with<'a>(&'a mut self, each: &'a mut dyn FnMut(Member)) -> With<'a> {
        With { output: self, each }
    }

    pub(super) fn damage(&mut self, what: String) {
        // One damaged byte can make many false starts; the first reports say it all.
        if self.damage.len() < 100 {
            self.damage.push(what);
        }
    }

    fn check_limits(&mut self, more: u64) -> Result<(), BundleError> {
        self.total += more;
        let Limits { total, ratio, members, recovered_total, .. } = self.limits;
        if self.total > total {
            return Err(BundleError::Limit { what: "the decompressed size", limit: total });
        }
        if self.recovered > recovered_total {
            return Err(BundleError::Limit { what: "the size of recovered files", limit: recovered_total });
        }
        // What was recovered compresses as well as whoever wrote it liked, and is not kept in memory.
        let ours = self.total.saturating_sub(self.recovered);
        if ours > Limits::RATIO_FROM && ours / ratio > self.compressed {
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

    /// Takes note of bytes that somebody else left out.
    pub(super) fn skip(&mut self, bytes: u64, each: &mut dyn FnMut(Member)) -> Result<(), BundleError> {
        // Only recovered files are left out.
        self.recovered += bytes;
        self.check_limits(bytes)?;
        let mut tar = std::mem::replace(&mut self.tar, TarParser::new(0));
        if !tar.skip(bytes, &mut |event| self.event(event, each)) {
            self.damage("bytes were left out where no file is".into());
        }
        self.tar = tar;
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, each: &mut dyn FnMut(Member)) {
        match event {
            Event::Begin(name, size) => {
                // The size is a claim; memory follows what really comes.
                let recovered = Member::is_recovered(&name);
                let keep = if recovered { self.limits.recovered } else { u64::MAX };
                let capacity = usize::try_from(size.min(keep).min(1 << 20)).unwrap_or(0);
                // Who hashes later needs all of the bytes.
                let hasher = (self.hashing || size > keep && !self.skipping).then(Sha256::new);
                let data = Vec::with_capacity(capacity);
                self.partial = Some(Partial { name, size, length: 0, data, keep, recovered, hasher });
            }
            Event::Data(bytes) => {
                if let Some(partial) = &mut self.partial {
                    if partial.recovered {
                        self.recovered += bytes.len() as u64;
                    }
                    partial.take(bytes);
                }
            }
            Event::Zeros(mut left) => {
                while let Some(partial) = self.partial.as_mut().filter(|_| left > 0) {
                    let count = usize::try_from(left).map_or(ZEROS.len(), |left| left.min(ZEROS.len()));
                    partial.take(ZEROS.get(..count).unwrap_or_default());
                    left -= count as u64;
                }
            }
            Event::Skipped(bytes) => {
                if let Some(partial) = &mut self.partial {
                    partial.length += bytes;
                }
            }
            Event::End => {
                if let Some(partial) = self.partial.take() {
                    self.member(partial, each);
                }
            }
            Event::Fault(what) => self.damage(what),
        }
    }

    fn member(&mut self, partial: Partial, each: &mut dyn FnMut(Member)) {
        let Partial { name, length, data, hasher, .. } = partial;
        let sha256 = hasher.map(|hasher| hasher.finalize().into());
        let name: Arc<str> = name.into();
        if !self.names.insert(Arc::clone(&name)) {
            if !self.gaps {
                self.damage(format!("`{}` appears twice; the first is used", name.escape_debug()));
            }
            return;
        }
        self.hashes.push((Arc::clone(&name), sha256));
        if *name == *SUMS_NAME {
            self.sums = Some(data.clone());
        } else if *name == *OUTCOMES_NAME {
            self.outcomes = Some(data.clone());
        }
        each(Member { name, size: length, data, sha256 });
    }

    pub(super) fn lose_partial(&mut self) {
        if let Some(Partial { name, size, length, .. }) = self.partial.take()
            && self.cut.len() < 100
        {
            self.cut.push(format!("`{}` is cut: {length} of {size} bytes", name.escape_debug()));
        }
    }

    /// Takes note of what is known at the end only.
    pub(super) fn end(&mut self) {
        self.lose_partial();
        let names = || self.hashes.iter().map(|(name, _)| &**name);
        let mut found = self.tar.left_over(names());
        // Where a file is, no directory can be made.
        let above = |name: &str| {
            name.match_indices('/')
                .any(|(at, _)| name.get(..at).is_some_and(|above| self.names.contains(above)))
        };
        found.extend(
            names()
                .filter(|name| above(name))
                .map(|name| format!("`{}` lies below another member, which is a file", name.escape_debug())),
        );
        found.into_iter().for_each(|what| self.damage(what));
    }
}

impl Sink for With<'_> {
    type Error = BundleError;

    fn data(&mut self, bytes: &[u8]) -> Result<bool, BundleError> {
        self.output.check_limits(bytes.len() as u64)?;
        let Output { tar, .. } = self.output;
        let mut parser = std::mem::replace(tar, TarParser::new(0));
        let result = parser.push(bytes, &mut |event| {
            if let Event::Zeros(count) = event {
                // Only recovered files leave zeros out.
                self.output.recovered += count;
                self.output.check_limits(count)?;
            }
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
        (self.output.after_gap, self.output.gaps) = (true, true);
        self.output.tar = TarParser::new(self.output.limits.member);
        Ok(false)
    }

    fn fault(&mut self, what: &'static str) {
        self.output.damage(what.into());
    }

    fn gap(&mut self, reason: &'static str) {
        self.output.lose_partial();
        self.output.damage(reason.into());
        (self.output.after_gap, self.output.gaps) = (true, true);
        // The end mark, once seen, stays seen: a wrong checksum comes after it.
        if !self.output.tar.ended() {
            self.output.tar = TarParser::new(self.output.limits.member);
        }
    }
}
