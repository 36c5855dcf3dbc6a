//! What only the end-to-end tests need: two browsers, their drivers, web servers, networks and a firewall.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::apt::Apt;
use crate::error::{Result, failure};
use crate::files;
use crate::sh::{Run, cargo, which};

/// A program by the names it goes by, the Debian package that brings it, and what it is for.
struct Program {
    names: &'static [&'static str],
    package: &'static str,
    why: &'static str,
}

const PROGRAMS: [Program; 8] = [
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
    Program { names: &["pdftotext"], package: "poppler-utils", why: "read what a printed report says" },
    // On a system with running services, Debian also starts these; the tests only start their own copies.
    Program { names: &["nginx"], package: "nginx", why: "serve the static site as a web server would" },
    Program {
        names: &["caddy"],
        package: "caddy",
        why: "serve the static site as a second web server would",
    },
    Program { names: &["ip"], package: "iproute2", why: "put up networks for several systems" },
    Program { names: &["nft"], package: "nftables", why: "have a firewall that writes a log" },
];

/// What nginx loads to send `.br` files.
const BROTLI_MODULE: &str = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";

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
    if !Path::new(BROTLI_MODULE).exists() {
        apt.install(&["libnginx-mod-http-brotli-static"], "let nginx send packed files, as documented")?;
    }
    geckodriver(root)?;
    axe(root, apt)
}

/// The checker of accessibility rules, pinned: new rules come with a change here, not by surprise.
const AXE: &str = "axe-core@4.14.1";
/// SHA-256 of its `axe.min.js`.
const AXE_SHA256: &str = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c";

/// Fetches it from the registry that npm is set up for. It is a tool of the tests and no part of what is shipped.
fn axe(root: &Path, apt: &mut Apt<'_>) -> Result<()> {
    let script = tools(root).join("../axe/node_modules/axe-core/axe.min.js");
    let there = || files::read(&script).is_ok_and(|bytes| files::hex(&Sha256::digest(bytes)) == AXE_SHA256);
    if there() {
        return Ok(());
    }
    if which("npm").is_none() {
        apt.install(&["npm"], "fetch the checker of accessibility rules")?;
    }
    println!("setup: fetching {AXE}: needed to check the pages for accessibility");
    let next = "Check the network, and that npm reaches a registry, and run `cargo xtask setup` again.";
    Run::new("npm", root)
        .args(["install", "--prefix", "target/tools/axe", "--ignore-scripts", "--no-audit", "--no-fund", AXE])
        .quiet()
        .or(next)
        .run()?;
    if there() {
        return Ok(());
    }
    Err(failure(format!("{AXE} is not what it was when it was pinned"), "Find out why before trusting it."))
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
