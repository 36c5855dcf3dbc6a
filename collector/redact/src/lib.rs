//! Taking secrets out of environments, command lines and other texts that processes choose, and leaving everything else.
//!
//! Names stay, lengths stay, and equal secrets stay equal: a secret becomes `<redacted len=40 hmac=...>`, where the hash
//! is keyed with random bytes that live as long as the run. So an analyst can see that two processes hold the same
//! password, and nobody can find out which by trying passwords.
//!
//! Three questions decide: does the name sound secret (`name`), does the program take a secret there (`program`), and
//! does the text look secret (`shape`, `url`, `entropy`)? What is plainly evidence stays: paths, addresses, hashes, ids
//! of containers, wallets, and payloads in base64.

mod assign;
mod entropy;
mod environ;
mod mark;
mod name;
mod packed;
mod pipe;
mod program;
mod shape;
#[cfg(test)]
mod tests;
mod url;
mod value;
mod words;

pub use environ::Environ;
pub use mark::REASONS;
use mark::{Key, Reason};
use name::{Judged, Strength};
use procglass_model::bundle::scan::append;
use std::collections::HashMap;
use std::ops::Range;
use words::Kind;

/// The same names come in every process; beyond this many the memory is begun anew.
const NAMES_KNOWN: usize = 4096;
/// Looks at text that held secrets. Each leaves less of it, and two are the most seen in practice.
const ROUNDS: usize = 8;
/// What stands for each byte of a mark while the text around it is looked at: no sign of any syntax.
const MASK: u8 = 0x1a;

/// Replaces secrets as the options say. Works on a buffer of its own, so one a worker.
#[derive(Debug)]
pub struct Redactor {
    mode: Environ,
    key: Key,
    spans: Spans,
    names: HashMap<Vec<u8>, Name>,
    /// What was replaced since the last [`Redactor::counts`], by reason.
    counts: Counts,
}

/// Numbers of values that were replaced, by the reasons in [`REASONS`].
pub type Counts = [u64; REASONS.len()];

/// Whether a text holds a secret by its form.
#[must_use]
pub fn looks_secret(text: &[u8]) -> bool {
    let mut spans = Spans::default();
    words::secrets(text, Kind::Value, &mut spans);
    !spans.is_empty()
}

/// What a variable's name says of its value.
#[derive(Clone, Copy, Debug)]
struct Name {
    strength: Strength,
    ids: bool,
}

/// Parts of a text that are secret, and why.
#[derive(Debug, Default)]
struct Spans(Vec<(Range<usize>, Reason)>);

impl Spans {
    fn push(&mut self, range: Range<usize>, reason: Reason) {
        if !range.is_empty() {
            self.0.push((range, reason));
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes over what was found in a part that begins at `offset`.
    fn take(&mut self, found: Self, offset: usize) {
        self.0.extend(
            found.0.into_iter().map(|(range, reason)| (range.start + offset..range.end + offset, reason)),
        );
    }

    /// Text that was redacted before holds marks, and they hold nothing: takes them out.
    fn without_marks(&mut self, text: &[u8]) {
        for mark in mark::all(text) {
            for index in 0..self.0.len() {
                let Some((span, reason)) = self.0.get_mut(index) else { break };
                if span.start < mark.end && mark.start < span.end {
                    let (behind, reason) = (mark.end..span.end, *reason);
                    span.end = mark.start.max(span.start);
                    self.push(behind, reason);
                }
            }
        }
        self.0.retain(|(span, _)| !span.is_empty());
    }

    /// The ranges in order, each once.
    #[cfg(test)]
    fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        let mut ranges: Vec<_> = self.0.iter().map(|(range, _)| range.clone()).collect();
        ranges.sort_by_key(|range| (range.start, range.end));
        ranges.dedup();
        ranges.into_iter()
    }
}

impl Redactor {
    /// A redactor for one run: the key is that of the keyed hashes, random and kept nowhere.
    #[must_use]
    pub fn new(mode: Environ, key: [u8; 32]) -> Self {
        let (spans, names, counts) = (Spans::default(), HashMap::new(), [0; REASONS.len()]);
        Self { mode, key: Key::new(key), spans, names, counts }
    }

    /// How many values were replaced since this was asked last, by the reasons in [`REASONS`].
    pub fn counts(&mut self) -> Counts {
        std::mem::take(&mut self.counts)
    }

    /// Appends `/proc/<pid>/environ` to `out` without its secrets. The NULs stay where they are.
    pub fn environ(&mut self, environ: &[u8], out: &mut Vec<u8>) {
        if self.mode == Environ::Full {
            out.extend_from_slice(environ);
            return;
        }
        for (index, string) in environ.split(|byte| *byte == 0).enumerate() {
            if index > 0 {
                out.push(0);
            }
            self.variable(string, out);
        }
    }

    /// Appends `/proc/<pid>/cmdline` to `out` without its secrets. The NULs stay where they are.
    pub fn cmdline(&mut self, cmdline: &[u8], out: &mut Vec<u8>) {
        if self.mode == Environ::Full {
            out.extend_from_slice(cmdline);
            return;
        }
        self.text(cmdline, Kind::Arguments, None, out);
    }

    /// Takes the secrets out of a path, the name of a thread, or lines of such. `escaped`: white space in a mark is written
    /// as the kernel writes it in mountinfo, `\\040`.
    pub fn path(&mut self, text: &mut Vec<u8>, escaped: bool) {
        let sign = |byte: &u8| matches!(byte, b'=' | b':' | b'@');
        if self.mode == Environ::Full || text.len() <= 16 && !text.iter().any(sign) {
            return;
        }
        let mut out = Vec::with_capacity(text.len());
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            if !self.find(line, Kind::Path, None) {
                out.extend_from_slice(line);
            } else if escaped {
                let mut plain = Vec::new();
                self.replace(line, &mut plain);
                mark::escape(&plain, &mut out);
            } else {
                self.replace(line, &mut out);
            }
        }
        *text = out;
    }

    fn variable(&mut self, string: &[u8], out: &mut Vec<u8>) {
        let Some((name, value)) = name::split(string) else {
            // No variable: a process that writes a title over its environment leaves such text.
            if self.mode == Environ::Keys {
                self.removed(string, out);
            } else {
                self.cmdline(string, out);
            }
            return;
        };
        append(out, name);
        out.push(b'=');
        if self.mode == Environ::Keys {
            self.removed(value, out);
            return;
        }
        let known = self.name(name);
        if name::judge(name, known.strength, value) == Judged::Secret {
            self.count(Reason::Name, value);
            self.key.mark(value, out);
        } else {
            self.text(value, Kind::Value, Some((name, known)), out);
        }
    }

    fn removed(&mut self, value: &[u8], out: &mut Vec<u8>) {
        if let Some(count) = self.counts.get_mut(mark::VALUE) {
            *count += u64::from(!value.is_empty());
        }
        mark::removed(value, out);
    }

    /// Appends `text` with what looks secret replaced.
    fn text(&mut self, text: &[u8], kind: Kind, name: Option<(&[u8], Name)>, out: &mut Vec<u8>) {
        if !self.find(text, kind, name) {
            append(out, text);
            return;
        }
        // What is replaced may have been the end of something else: a second look finds it.
        let mut before = Vec::new();
        self.replace(text, &mut before);
        for _ in 0..ROUNDS {
            if !self.find(&before, kind, name) {
                break;
            }
            let mut after = Vec::new();
            self.replace(&before, &mut after);
            before = after;
        }
        out.extend_from_slice(&before);
    }

    fn find(&mut self, text: &[u8], kind: Kind, name: Option<(&[u8], Name)>) -> bool {
        self.spans.0.clear();
        let masked = mark::masked(text, MASK);
        let plain = masked.as_deref().unwrap_or(text);
        words::secrets(plain, kind, &mut self.spans);
        if let Some((name, known)) = name {
            // Random parts of an address may be secret under a secret name; commits and images are none under theirs.
            if name::judge(name, known.strength, plain) == Judged::Address {
                url::strict(plain, 0, &mut self.spans);
            }
            let hex = |span: &Range<usize>| plain.get(span.clone()).is_some_and(entropy::is_hex);
            self.spans.0.retain(|(span, reason)| !(known.ids && *reason == Reason::Random && hex(span)));
        }
        if masked.is_some() {
            self.spans.without_marks(text);
        }
        let blank = |span: &Range<usize>| {
            text.get(span.clone()).is_none_or(|part| part.iter().all(|byte| *byte == 0))
        };
        self.spans.0.retain(|(span, _)| !blank(span));
        !self.spans.is_empty()
    }

    fn name(&mut self, name: &[u8]) -> Name {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        if self.names.len() >= NAMES_KNOWN {
            self.names.clear();
        }
        let found = Name { strength: name::strength(name), ids: name::holds_ids(name) };
        self.names.insert(name.to_vec(), found);
        found
    }

    fn count(&mut self, reason: Reason, value: &[u8]) {
        if let Some(count) = self.counts.get_mut(reason as usize) {
            *count += u64::from(mark::length(value) != Some(value.len()));
        }
    }

    /// Appends `text` with its spans replaced.
    fn replace(&mut self, text: &[u8], out: &mut Vec<u8>) {
        let mut spans = std::mem::take(&mut self.spans);
        spans.0.sort_unstable_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        let mut done = 0;
        for (span, reason) in &spans.0 {
            let start = span.start.max(done);
            if span.end <= start {
                continue;
            }
            out.extend_from_slice(text.get(done..start).unwrap_or_default());
            self.count(*reason, b"");
            // A private key may have been torn into several arguments.
            for (index, part) in
                text.get(start..span.end).unwrap_or_default().split(|byte| *byte == 0).enumerate()
            {
                if index > 0 {
                    out.push(0);
                }
                self.key.mark(part, out);
            }
            done = span.end;
        }
        out.extend_from_slice(text.get(done..).unwrap_or_default());
        self.spans = spans;
    }
}
