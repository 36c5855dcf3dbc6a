//! `procglass`: bundles in a terminal, and reports for everyone.

mod args;
mod changes;
mod correlate;
mod error;
mod explain;
mod inputs;
mod load;
mod manual;
mod notes;
mod open;
mod output;
mod parts;
mod progress;
mod protect;
mod report;
mod show;
mod systems;
mod unlock;
mod unpack;
mod unzip;
mod verify;
mod view;

use args::{Cli, Command};
use clap::Parser;
use error::Exit;
use std::process::ExitCode;

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Show(args) => show::run(&args),
        Command::Ask(args) => systems::ask(&args),
        Command::Correlate(args) => correlate::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Completions(args) => manual::completions(&args),
        Command::Man(args) => manual::pages(&args),
    };
    match result {
        Ok(exit) => exit.into(),
        // The reader of a pipe has seen enough: `procglass show ... | head` is no failure.
        Err(error) if error.is_broken_pipe() => Exit::Done.into(),
        Err(error) => {
            eprintln!("procglass: {error}");
            error.exit().into()
        }
    }
}
