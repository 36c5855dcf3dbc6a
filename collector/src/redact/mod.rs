//! Taking secrets out of environments and command lines, and leaving everything else.
//!
//! Names stay, lengths stay, and equal secrets stay equal: a secret becomes `<redacted len=40 hmac=...>`, where the hash
//! is keyed with random bytes that live as long as the run. So an analyst can see that two processes hold the same
//! password, and nobody can find out which by trying passwords.
//!
//! Two questions decide: does the name sound secret ([`name`]), and does the text look secret ([`shape`])? In doubt a
//! value is taken out, except where it is plainly evidence, such as a path or a container id.

mod assign;
mod entropy;
mod mark;
mod name;
mod program;
mod shape;
#[cfg(test)]
mod tests;
mod words;

use crate::options::Environ;
use mark::Key;
use procglass_model::bundle::scan::append;
use std::collections::HashMap;
use std::ops::Range;

/// The same names come in every process; beyond this many the memory is begun anew.
const NAMES_KNOWN: usize = 4096;
/// Looks at text that held secrets. Each leaves less of it, and two are the most seen in practice.
const ROUNDS: usize = 8;

/// Replaces secrets as the options say. Works on a buffer of its own, so one a worker.
#[derive(Debug)]
pub(crate) struct Redactor {
    mode: Environ,
    key: Key,
    spans: Vec<Range<usize>>,
    names: HashMap<Vec<u8>, Name>,
}

/// Whether a text holds a secret by its form.
pub(crate) fn looks_secret(text: &[u8]) -> bool {
    let mut spans = Vec::new();
    words::secrets(text, &mut spans);
    !spans.is_empty()
}

/// What a variable's name says of its value.
#[derive(Clone, Copy, Debug)]
struct Name {
    secret: bool,
    ids: bool,
}

impl Redactor {
    pub(crate) fn new(mode: Environ, key: [u8; 32]) -> Self {
        Self { mode, key: Key::new(key), spans: Vec::new(), names: HashMap::new() }
    }

    /// Appends `/proc/<pid>/environ` to `out` without its secrets. The NULs stay where they are.
    pub(crate) fn environ(&mut self, environ: &[u8], out: &mut Vec<u8>) {
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
    pub(crate) fn cmdline(&mut self, cmdline: &[u8], out: &mut Vec<u8>) {
        if self.mode == Environ::Full {
            out.extend_from_slice(cmdline);
            return;
        }
        self.text(cmdline, false, out);
    }

    fn variable(&mut self, string: &[u8], out: &mut Vec<u8>) {
        let Some((name, value)) = name::split(string) else {
            // No variable: a process that writes a title over its environment leaves such text.
            if self.mode == Environ::Keys {
                mark::removed(string, out);
            } else {
                self.cmdline(string, out);
            }
            return;
        };
        append(out, name);
        out.push(b'=');
        if self.mode == Environ::Keys {
            mark::removed(value, out);
            return;
        }
        let known = self.name(name);
        if known.secret && !name::harmless(name, value) {
            self.key.mark(value, out);
        } else {
            self.text(value, known.ids, out);
        }
    }

    /// Appends `text` with what looks secret replaced. `ids`: long hex numbers are commit and image hashes here, and what
    /// was deployed is evidence.
    fn text(&mut self, text: &[u8], ids: bool, out: &mut Vec<u8>) {
        let found = self.find(text, ids);
        if !found {
            append(out, text);
            return;
        }
        // What is replaced may have been the end of something else: a second look finds it.
        let mut before = Vec::new();
        self.replace(text, &mut before);
        for _ in 0..ROUNDS {
            if !self.find(&before, ids) {
                break;
            }
            let mut after = Vec::new();
            self.replace(&before, &mut after);
            before = after;
        }
        out.extend_from_slice(&before);
    }

    fn find(&mut self, text: &[u8], ids: bool) -> bool {
        self.spans.clear();
        words::secrets(text, &mut self.spans);
        self.spans.retain(|span| {
            let part = text.get(span.clone()).unwrap_or_default();
            part.iter().any(|byte| *byte != 0) && !(ids && entropy::is_hex(part))
        });
        !self.spans.is_empty()
    }

    fn name(&mut self, name: &[u8]) -> Name {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        if self.names.len() >= NAMES_KNOWN {
            self.names.clear();
        }
        let found = Name { secret: name::is_secret(name), ids: name::holds_ids(name) };
        self.names.insert(name.to_vec(), found);
        found
    }

    /// Appends `text` with its spans replaced.
    fn replace(&mut self, text: &[u8], out: &mut Vec<u8>) {
        self.spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let mut done = 0;
        for span in &self.spans {
            let start = span.start.max(done);
            if span.end <= start {
                continue;
            }
            out.extend_from_slice(text.get(done..start).unwrap_or_default());
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
    }
}
