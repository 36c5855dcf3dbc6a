//! Reading a bundle: push bytes in, get members out, whatever state the bytes are in.

use super::armor::ArmorReader;
use super::error::BundleError;
use super::gunzip::{Gunzip, Sink as _};
use super::integrity::Integrity;
use super::limits::Limits;
use super::member::Member;
use super::output::Output;
use super::sniff::{Kind, SNIFF_LENGTH};
use super::sums::Sha256Digest;

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

    /// The same, but for hashing, which somebody else does: members come without a SHA-256 (but those of which bytes
    /// are left out), and [`Ended::integrity`] takes what was computed. A browser hashes on another thread, several times as
    /// fast.
    #[must_use]
    pub fn unhashed(limits: Limits) -> Self {
        let mut reader = Self::new(limits);
        reader.out.hashing = false;
        reader
    }

    /// The same for what somebody else unpacks from a gzip file, as far as the reader is concerned without a fault: say of how
    /// much of it ([`Reader::set_compressed`]). What of a recovered file is not kept may be left out: [`Reader::skip`].
    #[must_use]
    pub fn unpacked(limits: Limits) -> Self {
        let mut reader = Self::unhashed(limits);
        (reader.input, reader.kind) = (Input::Unpacked, Kind::Gzip);
        reader.out.skipping = true;
        reader
    }

    /// Of how many bytes of the gzip file that came which somebody else unpacks.
    pub fn set_compressed(&mut self, bytes: u64) {
        self.out.compressed = bytes;
    }

    /// Takes note of so many bytes of a recovered file that stand at this place and are left out.
    ///
    /// # Errors
    /// As [`Reader::push`].
    pub fn skip(&mut self, bytes: u64, mut each: impl FnMut(Member)) -> Result<(), BundleError> {
        self.out.skip(bytes, &mut each)
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

    /// Ends the input at a limit that [`Reader::push`] met: what came before is kept, and the file counts as cut there.
    ///
    /// # Errors
    /// The limit itself, when not one member came before it.
    pub fn stop(mut self, limit: BundleError) -> Result<Integrity, BundleError> {
        if self.out.hashes.is_empty() {
            return Err(limit);
        }
        self.out.cut.push(limit.to_string());
        self.out.end();
        Ok(Ended { out: self.out, ended: false }.integrity(&[]))
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
        self.out.end();
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
        let Output { mut hashes, sums, outcomes, damage, cut, compressed, total, hashing, .. } = self.out;
        if !hashing {
            let given = digests.iter().copied().map(Some).chain(std::iter::repeat(None));
            hashes.iter_mut().zip(given).for_each(|((_, hash), given)| *hash = given);
        }
        let mut integrity = Integrity {
            ended: self.ended,
            damage,
            cut,
            compressed_bytes: compressed,
            raw_bytes: total,
            ..Integrity::default()
        };
        integrity.check(&hashes, sums.as_deref(), outcomes.as_deref());
        integrity
    }
}
