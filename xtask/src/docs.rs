//! The files of `docs/` that the programs write.

mod collector;

use std::path::Path;

use crate::error::{Result, failure};
use crate::files;
use crate::sh::{ask_in, cargo};

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
    write(&manual.join("procglass-collect.1"), collector::page())?;
    sample(root)
}

/// Writes the sample bundle, unless the kept one has the same members.
fn sample(root: &Path) -> Result<()> {
    let file = files::folder(&root.join("docs/sample"))?.join("sample.procglass.tar.gz");
    let run =
        cargo(root).args(["run", "--quiet", "--package", "procglass-fixture", "--example", "sample", "--"]);
    run.arg(&file).run()?;
    println!("docs: {}", file.display());
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
