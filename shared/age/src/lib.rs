//! Encrypted bundles and reports, in the format of the age tool (age-encryption.org/v1), so that `age -d` opens them and
//! what `age` encrypted opens here.
//!
//! A file is a [`Header`], which holds the file's key wrapped for a passphrase (scrypt) or for recipients (X25519), and
//! a payload in chunks of 64 KiB that are each authenticated (ChaCha20-Poly1305). Both directions stream: [`Sealer`]
//! writes, [`Envelope`] and [`Unsealer`] take what is pushed. The primitives are those of RustCrypto and dalek; what is
//! here is the format. Randomness comes from the caller, and turning a passphrase into a key, which takes a second and a
//! quarter of a gigabyte, is a step of its own ([`stretch`]) that a page makes on another thread.

mod envelope;
mod error;
mod file_key;
mod header;
mod identity_file;
mod keys;
mod passphrase;
mod payload;
mod sealer;
#[cfg(test)]
mod tests;
mod wrap;

pub use envelope::{Envelope, Found, Unsealer};
pub use error::SealError;
pub use file_key::FileKey;
pub use header::{Header, Lock};
pub use identity_file::identities;
pub use keys::{Identity, Recipient};
pub use passphrase::{MOST_WORK, MOST_WORK_BROWSER, Stretched, WORK, first_line, stretch, weakness};
pub use sealer::{Random, Sealer, To};

/// The first line of every such file.
pub const FIRST_LINE: &str = "age-encryption.org/v1";
