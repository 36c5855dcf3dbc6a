//! Tests that cannot run on this machine. `cargo xtask test` counts them at its end.
//!
//! The tests of other packages include this file as a module of their own.

use std::fmt::Display;
use std::io::Write as _;

/// Says that the current test, or a part of it, cannot run here.
///
/// The reason goes to the standard output and into the file that the variable `PROCGLASS_SKIPS` names.
///
/// # Panics
/// When that file cannot be written: the test would be missing in the count.
pub fn skipped(reason: impl Display) {
    let reason = reason.to_string();
    println!("skipped: {}", reason.trim());
    let Some(path) = std::env::var_os("PROCGLASS_SKIPS") else { return };
    let line = line(&program(), std::thread::current().name().unwrap_or_default(), &reason);
    // Tests run at the same time: each line is one write at the end of the file.
    let file = std::fs::OpenOptions::new().create(true).append(true).open(&path);
    file.and_then(|mut file| file.write_all(line.as_bytes()))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The program of the tests, without the hash that cargo adds.
fn program() -> String {
    let path = std::env::current_exe().unwrap_or_default();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.rsplit_once('-').map_or(name.clone(), |(name, _)| name.to_owned())
}

/// One line of the file: the program, the test and the reason, with tabs between them.
fn line(program: &str, test: &str, reason: &str) -> String {
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{program}\t{test}\t{reason}\n")
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_skip_is_one_line() {
        assert_eq!(line("places", "one", "no prlimit"), "places\tone\tno prlimit\n");
        assert_eq!(line("a", "b", " two\nlines\tand a tab "), "a\tb\ttwo lines and a tab\n");
    }
}
