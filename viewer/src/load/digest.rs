//! SHA-256 of the file and of every member in it: by the second thread where that can, here where it cannot.

use super::bytes::Source;
use super::second::{News, Second};
use super::turn::Turn;
use procglass_model::bundle::{Sha256Digest, sha256};
use procglass_model::model::Members;
use sha2::{Digest as _, Sha256};

/// Everything that was hashed.
pub(super) struct Digests {
    /// Of the file as it is.
    pub(super) file: Sha256Digest,
    /// Of the members, in their order.
    pub(super) members: Vec<Sha256Digest>,
}

/// All digests of what was read. What the second thread found counts where it read the same members.
///
/// # Errors
/// A sentence for the reader, when the file is not there any more.
pub(super) async fn digests(
    second: Option<Second>,
    source: &Source,
    members: &Members,
    turn: &mut Turn,
) -> Result<Digests, String> {
    if let Some(second) = second {
        loop {
            match second.next().await {
                News::Bytes(..) => second.taken(),
                News::End => {}
                News::Failed => break,
                News::Digests(digests, lengths) => {
                    let read = members.iter().map(|member| member.data.len());
                    if lengths.into_iter().map(|length| length as usize).eq(read) {
                        return Ok(digests);
                    }
                    break;
                }
            }
        }
    }
    here(source, members, turn).await
}

async fn here(source: &Source, members: &Members, turn: &mut Turn) -> Result<Digests, String> {
    let mut digests = Vec::with_capacity(members.len());
    for member in members.iter() {
        digests.push(sha256(&member.data));
        turn.pass_if_over().await;
    }
    let mut hasher = Sha256::new();
    for at in 0..source.slices() {
        hasher.update(source.slice(at).await?.to_vec());
        turn.pass_if_over().await;
    }
    Ok(Digests { file: hasher.finalize().into(), members: digests })
}
