//! What procglass knows: the bundle format, the list of artefacts, and everything that turns collected bytes into
//! answers.
//!
//! This crate is pure. It opens no file, reads no clock, starts no thread and speaks to no network, and it compiles
//! natively and to wasm32. Data flows one way:
//!
//! ```text
//! bytes -> bundle -> artefact -> model -> analysis -> finding -> query -> viewer or command line
//! ```
//!
//! Without the feature `parse` only the bundle and the list of artefacts are left: what the collector needs. With `seal`
//! bundles and reports can be encrypted, and encrypted ones opened.

pub mod artefact;
pub mod bundle;
#[cfg(all(test, feature = "parse"))]
mod fixture;

#[cfg(feature = "parse")]
pub mod analysis;
#[cfg(feature = "parse")]
pub mod compare;
#[cfg(feature = "parse")]
pub mod correlate;
#[cfg(feature = "parse")]
pub mod finding;
#[cfg(feature = "parse")]
pub mod flow;
#[cfg(feature = "parse")]
pub mod model;
#[cfg(feature = "parse")]
pub mod notes;
#[cfg(feature = "parse")]
pub mod query;
#[cfg(feature = "parse")]
pub mod report;
#[cfg(feature = "seal")]
pub mod seal;
#[cfg(feature = "parse")]
pub mod sorting;
#[cfg(feature = "parse")]
pub mod systems;
#[cfg(feature = "parse")]
pub mod text;
