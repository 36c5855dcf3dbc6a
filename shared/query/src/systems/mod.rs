//! Tables over many systems.

mod columns;
mod complete;
mod filter;
mod tables;

pub use columns::{GROUPS, SYSTEMS, SystemColumn};
pub use complete::complete_systems;

#[cfg(test)]
mod tests;
