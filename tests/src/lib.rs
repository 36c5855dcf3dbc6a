//! What the end-to-end tests share: the built programs, planted processes, browsers, and `/proc` read in the plainest way.
//!
//! The tests use `dist/`, as a user would: run `cargo xtask test`, or `cargo xtask dist` and then
//! `cargo test -p procglass-tests`. Without `dist/` they fail and say so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

pub mod age;
pub mod browser;
pub mod dist;
pub mod plant;
pub mod proc;
pub mod scene;
pub mod server;
pub mod skip;
