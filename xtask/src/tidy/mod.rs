//! Rules of this project that no compiler knows.

mod layers;

use std::path::Path;

use crate::error::{Result, failure};
use crate::files;
use crate::sh::ask_in;

/// What a Rust file may have before it should be split.
const MAX_LINES: usize = 500;

/// Folders that exist on one machine only. Each is cut in two here, so that this file passes its own check.
const MACHINE_PATHS: [&str; 4] = [
    concat!("/root/", ".cargo"),
    concat!("/root/", ".rustup"),
    concat!("/wo", "rk/"),
    concat!("/usr/local/", "cargo"),
];

/// Hosts that packages come from. A person's own set-up decides about those, not a file in here.
const REGISTRY_HOSTS: [&str; 8] = [
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("static.", "rust-lang.org"),
    concat!("deb.", "debian.org"),
    concat!("security.", "debian.org"),
    concat!("registry.", "npmjs.org"),
    concat!("files.", "pythonhosted.org"),
    concat!("pypi", ".org"),
];

/// Checks all files that git knows or would add.
pub(crate) fn run(root: &Path) -> Result<()> {
    let next = "Run this in a git checkout, with git installed.";
    let list = ask_in(root, "git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .ok_or_else(|| failure("cannot ask git for the list of files", next))?;
    let mut complaints = Vec::new();
    for name in list.split('\0').filter(|name| !name.is_empty()) {
        // Deleted but still known to git, or not text: nothing to check.
        if let Ok(bytes) = files::read(&root.join(name))
            && let Ok(text) = String::from_utf8(bytes)
        {
            check(name, &text, &mut complaints);
        }
    }
    layers::check(root, &mut complaints)?;
    if complaints.is_empty() {
        return Ok(());
    }
    let all = complaints.join("\n  ");
    Err(failure(format!("the rules of this project are broken:\n  {all}"), "Mend these lines."))
}

/// Adds what is wrong with one file to `complaints`.
fn check(name: &str, text: &str, complaints: &mut Vec<String>) {
    let rust = name.ends_with(".rs");
    if rust {
        layers::pure(name, text, complaints);
    }
    let lines = text.lines().count();
    if rust && lines > MAX_LINES {
        complaints.push(format!("{name}: {lines} lines, more than {MAX_LINES}: split it"));
    }
    for (index, line) in text.lines().enumerate() {
        let mut complain = |what: &str| complaints.push(format!("{name}:{}: {what}", index + 1));
        for path in MACHINE_PATHS {
            if starts_a_path(line, path) {
                complain(&format!("names a folder of one machine ({path})"));
            }
        }
        for host in REGISTRY_HOSTS {
            if line.contains(host) {
                complain(&format!("names a package host ({host})"));
            }
        }
        if rust && name.starts_with("viewer/src/") && sets_style(line) {
            complain("sets a style attribute, which the page's policy blocks: use a class");
        }
    }
}

/// Whether `path` stands in the line as the start of a path, not as the middle of a longer one.
fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|head| head.chars().next_back());
        !before.is_some_and(|char| char.is_alphanumeric() || matches!(char, '/' | '.' | '-' | '_' | '}'))
    })
}

/// Whether a line of the viewer makes a style attribute, in `html!` or by hand.
fn sets_style(line: &str) -> bool {
    let attribute = line.match_indices("style=").any(|(at, _)| {
        let before = line.get(..at).and_then(|head| head.chars().next_back());
        before.is_none_or(char::is_whitespace)
    });
    attribute || line.contains("set_attribute(\"style\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(name: &str, text: &str) -> usize {
        let mut found = Vec::new();
        check(name, text, &mut found);
        found.len()
    }

    #[test]
    fn machine_paths_and_package_hosts_are_found() {
        assert_eq!(complaints("a.md", concat!("see /root/", ".cargo/bin")), 1);
        assert_eq!(complaints("a.md", concat!("cd `/wo", "rk/main`")), 1);
        assert_eq!(complaints("a.md", concat!("https://deb.", "debian.org/debian")), 1);
        assert_eq!(
            complaints("a.md", concat!("at /root/", ".bashrc, overlay2/x/wo", "rk/ and net/wo", "rk/")),
            0
        );
    }

    #[test]
    fn long_rust_files_are_found() {
        assert_eq!(complaints("a.rs", &"x\n".repeat(501)), 1);
        assert_eq!(complaints("a.rs", &"x\n".repeat(500)), 0);
        assert_eq!(complaints("a.md", &"x\n".repeat(501)), 0);
    }

    #[test]
    fn style_attributes_are_found_in_the_viewer_only() {
        assert_eq!(complaints("viewer/src/a.rs", "<div class=\"a\" style={x}>"), 1);
        assert_eq!(complaints("viewer/src/a.rs", "element.set_attribute(\"style\", x)"), 1);
        assert_eq!(complaints("viewer/src/a.rs", "let style = 1; let my_style=2; // list-style=none"), 0);
        assert_eq!(complaints("cli/src/a.rs", "<div style={x}>"), 0);
    }
}
