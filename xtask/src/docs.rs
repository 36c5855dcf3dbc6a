//! The pages of `docs/` that the program itself writes.

use std::path::Path;

use crate::error::{Result, failure};
use crate::files;
use crate::sh::ask_in;

/// What to ask `procglass explain` for, and the page that it fills.
const PAGES: [(&str, &str); 3] =
    [("findings", "findings.md"), ("query", "query.md"), ("logs", "correlating.md")];

/// The shells, and how the file of their completions is called.
const COMPLETIONS: [(&str, &str); 3] =
    [("bash", "procglass.bash"), ("zsh", "_procglass"), ("fish", "procglass.fish")];

/// Writes them, and the man pages and completions.
pub(crate) fn run(root: &Path) -> Result<()> {
    let docs = root.join("docs");
    for (what, page) in PAGES {
        write(&docs.join(page), procglass(root, &["explain", what])?)?;
    }
    for (shell, name) in COMPLETIONS {
        write(&docs.join("completions").join(name), procglass(root, &["completions", shell])?)?;
    }
    let manual = docs.join("man");
    procglass(root, &["man", "--output", &manual.to_string_lossy()])?;
    println!("docs: {}", manual.display());
    Ok(())
}

/// What the program prints when it is asked.
fn procglass(root: &Path, words: &[&str]) -> Result<String> {
    let ask = [&["run", "--quiet", "--package", "procglass", "--"], words].concat();
    ask_in(root, "cargo", &ask).ok_or_else(|| {
        failure(format!("`cargo {}` failed", ask.join(" ")), "Run it by hand and mend what it names.")
    })
}

fn write(path: &Path, text: String) -> Result<()> {
    files::write(path, text)?;
    println!("docs: {}", path.display());
    Ok(())
}
