//! Measurements that the README quotes: always two things in one run, so that a busy machine slows both.

mod collect;
mod correlate;
mod load;
mod open;
mod report;
mod systems;
mod timing;
mod view;

use crate::error::Result;
use clap::ValueEnum;
use std::path::Path;

/// What to measure.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum What {
    /// The collector against the least that reading the same files can cost
    Collect,
    /// Opening a bundle natively against decompressing it
    Open,
    /// A report of 100 MB in a browser, against 3 s and 600 MB
    Report,
    /// 1,000 bundles of 100 processes in the terminal, against 20 s and 2 GB
    Systems,
    /// Correlating flow records with bundles against counting their lines
    Correlate,
    /// Frames of the viewer on 10,000 processes against what a screen needs
    View,
}

/// Measures one thing, or all.
pub(crate) fn run(root: &Path, what: Option<What>) -> Result<()> {
    for each in [What::Collect, What::Open, What::Report, What::Systems, What::Correlate, What::View] {
        if what.is_none_or(|what| what == each) {
            match each {
                What::Collect => collect::run(root)?,
                What::Open => open::run(root)?,
                What::Report => report::run(root)?,
                What::Systems => systems::run(root)?,
                What::Correlate => correlate::run(root)?,
                What::View => view::run(root)?,
            }
        }
    }
    Ok(())
}
