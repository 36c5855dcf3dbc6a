//! Everything that is shipped, in one folder with checksums.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::build::{self, native};
use crate::error::Result;
use crate::files::{self, kilobytes};
use crate::setup;

/// What the collector may weigh, in bytes.
pub(crate) const COLLECTOR_BUDGET: usize = 512 * 1024;

/// Where it is put.
pub(crate) fn folder(root: &Path) -> PathBuf {
    root.join("dist")
}

/// Sizes that have a budget.
#[derive(Debug)]
pub(crate) struct Sizes {
    /// The viewer's module after gzip.
    pub(crate) wasm_gzipped: usize,
    /// The collector.
    pub(crate) collector: usize,
}

/// Builds and packs.
pub(crate) fn run(root: &Path) -> Result<Sizes> {
    let toolchains = setup::for_build(root)?;
    let built = build::run(root, &toolchains)?;
    let collector = native::collector(root, toolchains.fixed)?;

    let dist = folder(root);
    let pages = build::pages(root);
    files::copy(&built.procglass, &dist.join("procglass"))?;
    files::copy(&collector, &dist.join("procglass-collect"))?;
    files::copy(&pages.join("viewer.html"), &dist.join("viewer.html"))?;
    let site: Vec<_> = files::list(&pages.join("site"))?
        .iter()
        .map(|file| Ok((name(file), files::read_text(file)?)))
        .collect::<Result<_>>()?;
    files::write_folder(&dist.join("site"), &site)?;

    let mut shipped = vec!["procglass".to_owned(), "procglass-collect".into(), "viewer.html".into()];
    shipped.extend(site.iter().map(|(name, _)| format!("site/{name}")));
    let mut sums = String::new();
    for file in &shipped {
        let bytes = files::read(&dist.join(file))?;
        sums.push_str(&line(&bytes, file));
        println!("dist: {:>8}  dist/{file}", kilobytes(bytes.len()));
    }
    files::write(&dist.join("SHA256SUMS"), sums)?;
    Ok(Sizes {
        wasm_gzipped: built.wasm_gzipped,
        collector: files::read(&dist.join("procglass-collect"))?.len(),
    })
}

/// One line as `sha256sum` writes it.
fn line(bytes: &[u8], name: &str) -> String {
    format!("{}  {name}\n", files::hex(&Sha256::digest(bytes)))
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_sha256sum_checks() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  site/a b.js\n";
        assert_eq!(line(b"", "site/a b.js"), empty);
    }
}
