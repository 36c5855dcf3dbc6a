//! Content that is like another process's but for a few words: the environments of a service's workers differ in a number,
//! scheduler statistics in their numbers. What they share is written once, as a template, and each process keeps its words.
//!
//! Without it they are most of a bundle, and most of the time that compressing takes: the compressor finds the same lines in
//! each process before, and compares them all.

#[cfg(test)]
mod tests;

use procglass_model::bundle::scan::same;
use procglass_model::bundle::template::{COLUMN_MAX, GIVEN_MAX, push_given, push_literal};
use std::ops::Range;

/// Patterns that are tried; the one that fitted last comes first.
const PATTERNS: usize = 8;
/// Patterns that were not seen often enough to be written.
const CANDIDATES: usize = 6;
/// So many contents with the same pattern are worth a member of its own. Two may be chance.
const WORTH: u32 = 3;
/// Longer content is not compared, in bytes.
const LONGEST: usize = 16 << 10;
/// The words may be this part of the content. More of them say that it is another service.
const PART: usize = 4;

/// What was seen of an artefact, and what of it the content at hand is like.
#[derive(Debug, Default)]
pub struct Alike {
    /// Those whose templates stand in the bundle.
    patterns: Vec<Pattern>,
    candidates: Vec<Pattern>,
    /// The words of the content found last, by their places in it.
    words: Vec<Range<usize>>,
    given: Vec<u8>,
}

/// What several contents have in common.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// Its literal parts, one behind the other.
    literals: Vec<u8>,
    pieces: Vec<Piece>,
    /// A content that has it.
    example: Vec<u8>,
    /// How many were seen to have it.
    seen: u32,
    /// Of the template, in hexadecimal.
    pub hash: String,
}

/// A literal, and the word behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    /// Length of the literal.
    literal: usize,
    /// `None`: the end.
    word: Option<Hole>,
}

/// Where a word goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hole {
    /// Where among the content's words it is.
    place: usize,
    /// Which of the pattern's it is.
    word: usize,
    /// It stands at the end of a column of this many bytes.
    width: usize,
}

impl Alike {
    /// Looks for a pattern that the content has: its hash and the words, with commas between them.
    pub fn find(&mut self, content: &[u8]) -> Option<(&str, &[u8])> {
        let at = self.patterns.iter().position(|pattern| pattern.take(content, &mut self.words))?;
        self.patterns.get_mut(..=at)?.rotate_right(1);
        self.given.clear();
        for (index, word) in self.words.iter().enumerate() {
            if index > 0 {
                self.given.push(b',');
            }
            self.given.extend_from_slice(content.get(word.clone())?);
        }
        Some((&self.patterns.first()?.hash, &self.given))
    }

    /// Looks for what a content that no pattern fits has in common with those before: a pattern that is to be written, and
    /// given to [`Alike::add`] then.
    pub fn compare(&mut self, content: &[u8]) -> Option<Pattern> {
        if content.len() > LONGEST {
            return None;
        }
        if let Some(pattern) = widen(&mut self.patterns, content) {
            return Some(pattern);
        }
        let pattern = match widen(&mut self.candidates, content) {
            Some(pattern) if pattern.seen >= WORTH => return Some(pattern),
            Some(pattern) => pattern,
            None => Pattern::between(content, content, &[])?,
        };
        self.candidates.truncate(CANDIDATES - 1);
        self.candidates.insert(0, pattern);
        None
    }

    /// Takes a pattern whose template stands in the bundle.
    pub fn add(&mut self, pattern: Pattern) {
        self.patterns.truncate(PATTERNS - 1);
        self.patterns.insert(0, pattern);
    }
}

/// Takes a pattern out of the list that the content has too, but for some words, made so wide that it has them.
fn widen(known: &mut Vec<Pattern>, content: &[u8]) -> Option<Pattern> {
    let (at, pattern) =
        known.iter().enumerate().find_map(|(at, pattern)| Some((at, pattern.with(content)?)))?;
    known.remove(at);
    Some(pattern)
}

impl Pattern {
    /// The pattern that this one's contents and another have.
    fn with(&self, content: &[u8]) -> Option<Self> {
        let wider = Self::between(&self.example, content, &self.pieces)?;
        Some(Self { seen: self.seen + 1, ..wider })
    }

    /// The pattern of two contents that differ in nothing but some words, which includes those of `known`.
    fn between(old: &[u8], new: &[u8], known: &[Piece]) -> Option<Self> {
        let mut pattern = Self { example: new.to_vec(), seen: 1, ..Self::default() };
        // Words are one where they were one before, and are the same in both.
        let mut words: Vec<(Option<usize>, &[u8], &[u8])> = Vec::new();
        let mut known = known.iter().filter_map(|piece| piece.word).peekable();
        let (mut before, mut rest, mut literal) = (old, new, 0);
        for place in 0.. {
            let ((one, mut behind), (other, mut next)) = (word(before), word(rest));
            let hole = known.next_if(|hole| hole.place == place);
            if hole.is_none() && same(one, other) {
                pattern.literals.extend_from_slice(other);
                literal += other.len();
            } else {
                let width = match hole {
                    Some(hole) => hole.width,
                    None if other.len() <= COLUMN_MAX
                        && [one, other].iter().any(|text| text.starts_with(b" ")) =>
                    {
                        other.len()
                    }
                    None => 0,
                };
                let width = if [one, other].iter().all(|text| fits(text, width)) { width } else { 0 };
                let value = |text| if width > 0 { trimmed(text) } else { text };
                let word = (hole.map(|hole| hole.word), value(one), value(other));
                let at = words.iter().position(|known| *known == word).unwrap_or(words.len());
                if at == words.len() {
                    words.push(word);
                }
                pattern.pieces.push(Piece { literal, word: Some(Hole { place, word: at, width }) });
                literal = 0;
            }
            let (gap, end);
            ((gap, behind), (end, next)) = (between_words(behind), between_words(next));
            if !same(gap, end) || words.len() > GIVEN_MAX {
                return None;
            }
            if gap.is_empty() {
                break;
            }
            pattern.literals.extend_from_slice(gap);
            literal += gap.len();
            (before, rest) = (behind, next);
        }
        pattern.pieces.push(Piece { literal, word: None });
        let given: usize = words.iter().map(|(_, _, new)| new.len()).sum();
        (given <= new.len() / PART).then_some(pattern)
    }

    /// The text that stands for it in the bundle, FORMAT.md "Templates". `plain`: its contents are no templates themselves.
    pub fn template(&self, plain: bool) -> Vec<u8> {
        let mut template = Vec::with_capacity(self.literals.len() + 4 * self.pieces.len());
        let mut literals = self.literals.as_slice();
        for piece in &self.pieces {
            let (literal, rest) = literals.split_at(piece.literal);
            if plain {
                push_literal(&mut template, literal);
            } else {
                template.extend_from_slice(literal);
            }
            if let Some(hole) = piece.word {
                push_given(&mut template, hole.word, hole.width);
            }
            literals = rest;
        }
        template
    }

    /// Finds the words in a content that has this pattern. False: it has not.
    fn take(&self, content: &[u8], words: &mut Vec<Range<usize>>) -> bool {
        words.clear();
        let (mut literals, mut rest) = (self.literals.as_slice(), content);
        for piece in &self.pieces {
            let (literal, others) = literals.split_at(piece.literal);
            let Some((begin, behind)) = rest.split_at_checked(piece.literal) else { return false };
            if !same(literal, begin) {
                return false;
            }
            (literals, rest) = (others, behind);
            let Some(hole) = piece.word else { continue };
            let (mut found, behind) = word(rest);
            rest = behind;
            if hole.width > 0 {
                if !fits(found, hole.width) {
                    return false;
                }
                found = trimmed(found);
            }
            match words.get(hole.word) {
                None => {
                    let end = content.len() - rest.len();
                    words.push(end - found.len()..end);
                }
                Some(known) if same(content.get(known.clone()).unwrap_or_default(), found) => {}
                Some(_) => return false,
            }
        }
        rest.is_empty()
    }
}

/// A word, which may be empty, and what is behind it. Spaces belong to it: numbers that differ in length stand at their ends.
fn word(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().position(|byte| !in_word(*byte)).unwrap_or(text.len()))
}

/// Whether a word stands in a column of this width as printf(3) writes it with `%*s`.
fn fits(word: &[u8], width: usize) -> bool {
    width == 0 || word.len() == width.max(trimmed(word).len())
}

/// Without the spaces in front.
fn trimmed(word: &[u8]) -> &[u8] {
    word.split_at(word.iter().position(|byte| *byte != b' ').unwrap_or(word.len())).1
}

fn between_words(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().position(|byte| in_word(*byte)).unwrap_or(text.len()))
}

fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b' '
}
