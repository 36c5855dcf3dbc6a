//! What only the end-to-end tests need: two browsers, their drivers, and a web server.

use std::path::{Path, PathBuf};

use super::apt::Apt;
use crate::error::Result;
use crate::sh::{cargo, which};

/// A program by the names it goes by, the Debian package that brings it, and what it is for.
struct Program {
    names: &'static [&'static str],
    package: &'static str,
    why: &'static str,
}

const PROGRAMS: [Program; 4] = [
    Program {
        names: &["chromium", "chromium-browser", "google-chrome"],
        package: "chromium",
        why: "open reports in a real browser",
    },
    Program { names: &["chromedriver"], package: "chromium-driver", why: "type and click in Chromium" },
    Program {
        names: &["firefox-esr", "firefox"],
        package: "firefox-esr",
        why: "open reports in a second browser engine",
    },
    // On a system with running services, Debian also starts this one; the tests only start their own copy.
    Program { names: &["nginx"], package: "nginx", why: "serve the static site as a web server would" },
];

/// Where programs that this project compiles for its own use are put.
pub(crate) fn tools(root: &Path) -> PathBuf {
    root.join("target/tools/bin")
}

/// Installs what is missing.
pub(crate) fn ensure(root: &Path, apt: &mut Apt<'_>) -> Result<()> {
    for program in &PROGRAMS {
        if !program.names.iter().any(|name| which(name).is_some()) {
            apt.install(&[program.package], program.why)?;
        }
    }
    geckodriver(root)
}

/// Debian has no package of Firefox's driver, so it is compiled from its published sources, once.
fn geckodriver(root: &Path) -> Result<()> {
    if which("geckodriver").is_some() || tools(root).join("geckodriver").is_file() {
        return Ok(());
    }
    println!("setup: compiling geckodriver (a minute or two, once): needed to type and click in Firefox");
    cargo(root)
        .args(["install", "--quiet", "geckodriver", "--locked", "--root", "target/tools"])
        .or("Check the network, or put a geckodriver into PATH, and run `cargo xtask setup` again.")
        .run()
}
