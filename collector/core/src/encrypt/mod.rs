//! Encrypting the bundle on its way out, as the age tool does: a feature of the full build. The small one has no room for
//! the ciphers, and says what to do instead.
//!
//! Both halves have the same items, so that nothing else asks which one it is.

#[cfg(feature = "encrypt")]
mod full;
#[cfg(not(feature = "encrypt"))]
mod small;

#[cfg(feature = "encrypt")]
pub(crate) use full::{Encrypt, Key, Sealing};
#[cfg(not(feature = "encrypt"))]
pub(crate) use small::{Encrypt, Key, Sealing};
