//! Tables over many systems.

mod columns;
mod filter;
mod tables;

pub use columns::{GROUPS, SYSTEMS, SystemColumn};

#[cfg(test)]
mod tests;
