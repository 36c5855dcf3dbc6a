//! A bundle while it is read, and what is made of it at the end.

use super::bytes::{Input, Source, Unsealed};
use super::digest::{FileHash, digests};
use super::job::Bundle;
use super::progress::{FIRST, First, Progress};
use super::second::Second;
use super::turn::Turn;
use crate::format::{bytes as size, count};
use crate::state::Origin;
use procglass_model::bundle::{BundleError, Reader, hex};
use procglass_opened::Opened;
use procglass_snapshot::SnapshotBuilder;

/// What was read so far.
pub(super) struct Work {
    pub(super) reader: Reader,
    builder: SnapshotBuilder,
    pub(super) progress: Progress,
    pub(super) stopped: Option<String>,
}

impl Work {
    /// Nothing yet, of a file of so many bytes.
    pub(super) fn new(input: &Input, length: usize, reader: Reader) -> Self {
        Self {
            reader,
            builder: SnapshotBuilder::new(),
            progress: Progress { name: input.name(), total: length, ..Progress::default() },
            stopped: None,
        }
    }

    /// Takes the next bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), BundleError> {
        grow();
        let Self { reader, builder, progress, .. } = self;
        let result = reader.push(bytes, |member| {
            progress.members += 1;
            builder.member(member);
        });
        builder.expect(progress.done, progress.total);
        progress.processes = builder.processes();
        if progress.system.is_none() {
            progress.system = builder.host_name();
        }
        if progress.first.len() < FIRST.min(progress.processes) {
            progress.first = builder.first(FIRST).map(First::of).collect();
        }
        result
    }

    /// Takes note of bytes that were left out.
    pub(super) fn skip(&mut self, bytes: u64) -> Result<(), BundleError> {
        let Self { reader, builder, progress, .. } = self;
        reader.skip(bytes, |member| {
            progress.members += 1;
            builder.member(member);
        })
    }

    /// Makes a bundle of it.
    ///
    /// # Errors
    /// A sentence for the reader, when nothing at all can be shown.
    pub(super) async fn finish(
        self,
        input: &Input,
        source: Source,
        (second, hash): (Option<Second>, Option<FileHash>),
        turn: &mut Turn,
    ) -> Result<Bundle, String> {
        let Self { reader, mut builder, progress, mut stopped } = self;
        let ended = match reader.end(|member| builder.member(member)) {
            Ok(ended) => Ok(ended),
            Err(error @ BundleError::Limit { .. }) if progress.members > 0 => {
                stopped.get_or_insert(error.to_string());
                Err(None)
            }
            Err(error) => Err(Some(error.to_string())),
        };
        let mut assembly = builder.assemble();
        while assembly.step() {
            turn.pass_if_over().await;
        }
        turn.pass_if_over().await;
        let (whole, digests) = digests(second, hash, &source, assembly.members(), turn).await?;
        let sha256 = hex(&whole);
        let outside = match input {
            Input::Unsealed(Unsealed { damage, .. }) => damage.as_ref(),
            _ => None,
        };
        let differs = check(input, progress.done, &sha256, stopped.is_some());
        let ended = match ended {
            Ok(ended) => Some(ended),
            Err(None) => None,
            Err(Some(error)) => {
                return Err(outside.map(ToString::to_string).or(differs).unwrap_or(error));
            }
        };
        assembly.set_digests(&digests);
        turn.pass_if_over().await;
        let mut integrity = ended.map(|ended| ended.integrity(&digests)).unwrap_or_default();
        integrity.damage.extend(differs);
        if let Some(error) = outside {
            error.tell(&mut integrity);
        }
        integrity.damage.extend(stopped.clone());
        turn.pass_if_over().await;
        let snapshot = Opened::new(assembly.finish(integrity));
        let (name, bytes) = (progress.name, progress.done);
        let origin = Origin { name, sha256, bytes, original: Some(source.blob) };
        Ok(Bundle { origin, snapshot, stopped })
    }
}

/// Lets the memory grow in few large steps: a browser takes as long for a step of 64 KB, which is what the allocator asks for,
/// as for one of many megabytes, and a large bundle needs thousands of them.
fn grow() {
    const AHEAD: usize = 16 << 20;
    drop(std::hint::black_box(Vec::<u8>::with_capacity(AHEAD)));
}

/// Whether the page holds the bundle that its list speaks of.
fn check(input: &Input, done: usize, sha256: &str, stopped: bool) -> Option<String> {
    let bundle = match input {
        Input::Embedded(_, bundle) => bundle,
        // What is inside is not all of it; that is said as such.
        Input::Unsealed(Unsealed { damage: Some(_), .. }) => return None,
        // A bundle by itself comes without a list that says what it was.
        Input::Unsealed(opened) if !opened.evidence.sha256.is_empty() => &opened.evidence,
        _ => return None,
    };
    if stopped {
        return None;
    }
    if done != bundle.bytes {
        return Some(format!(
            "this page should hold {} bytes of evidence but holds {}: it was cut or changed",
            count(bundle.bytes),
            size(done as u64)
        ));
    }
    (!sha256.eq_ignore_ascii_case(&bundle.sha256)).then(|| {
        format!("the evidence in this page was changed: its SHA-256 is {sha256}, not {}", bundle.sha256)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_report::Evidence;

    #[test]
    fn a_changed_page_is_noticed() {
        let input = Input::Embedded(0, Evidence { bytes: 5, sha256: "AB".into(), ..Evidence::default() });
        assert_eq!(check(&input, 5, "ab", false), None);
        assert!(check(&input, 4, "ab", false).unwrap().contains("cut"));
        assert!(check(&input, 5, "ac", false).unwrap().contains("changed"));
        assert_eq!(check(&Input::Text(String::new()), 1, "", false), None);
    }
}
