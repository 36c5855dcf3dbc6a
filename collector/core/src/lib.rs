//! The work of `procglass-collect`: it copies the volatile state of a Linux system out of `/proc` into one bundle.
//!
//! ```text
//! args -> options -> run -> pipeline (one worker that reads, one writer that compresses) -> output
//! ```
//!
//! The worker works through a list of jobs: the host's files, the tables of each network namespace, each process. What
//! it reads is decided by the artefact list of `procglass-model`, and it interprets nothing beyond what it needs to go
//! on: the bytes go into the bundle as the kernel gave them.

mod args;
mod clock;
mod context;
mod encrypt;
mod error;
mod identity;
mod last_words;
mod list;
mod manifest;
mod observe;
mod options;
mod output;
mod pipeline;
mod places;
mod process;
mod run;
mod step;
mod summary;
mod sys;
mod take;
mod tree;

use std::ffi::OsString;

/// Runs with this command line, without the program's name, and gives the exit status.
#[must_use]
pub fn run(arguments: Vec<OsString>) -> u8 {
    let options = match args::read(arguments) {
        Ok(options) => options,
        Err(status) => return status,
    };
    match run::run(&options) {
        Ok(end) => end.status(),
        Err(error) => {
            eprintln!("procglass-collect: {error}");
            1
        }
    }
}
