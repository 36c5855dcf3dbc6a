//! Everything that is shipped, in one folder with checksums.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::build::native::Collector;
use crate::build::{self, native};
use crate::error::Result;
use crate::files::{self, kilobytes};
use crate::setup::{self, musl::HOST};

/// What the collector may weigh, in bytes.
pub(crate) const COLLECTOR_BUDGET: usize = 512 * 1024;
/// The same for the one that encrypts.
pub(crate) const FULL_BUDGET: usize = 640 * 1024;

/// Where it is put.
pub(crate) fn folder(root: &Path) -> PathBuf {
    root.join("dist")
}

/// Sizes that have a budget.
#[derive(Debug)]
pub(crate) struct Sizes {
    /// The viewer's module after gzip.
    pub(crate) wasm_gzipped: usize,
    /// The collectors, by the name of the file.
    pub(crate) collectors: Vec<(Collector, String, usize)>,
}

/// Builds and packs.
pub(crate) fn run(root: &Path) -> Result<Sizes> {
    let toolchains = setup::for_build(root)?;
    let built = build::run(root, &toolchains)?;
    let mut collectors = Vec::new();
    for which in Collector::ALL {
        collectors.push((which, which.name().to_owned(), HOST));
        let foreign = toolchains.foreign.iter();
        collectors.extend(foreign.map(|arch| (which, format!("{}-{arch}", which.name()), *arch)));
    }

    let dist = folder(root);
    let pages = build::pages(root);
    files::copy(&built.procglass, &dist.join("procglass"))?;
    for (which, name, arch) in &collectors {
        files::copy(&native::collector(root, toolchains.fixed, arch, *which)?, &dist.join(name))?;
    }
    files::copy(&pages.join("viewer.html"), &dist.join("viewer.html"))?;
    let site: Vec<_> = files::list(&pages.join("site"))?
        .iter()
        .map(|file| Ok((name(file), files::read(file)?)))
        .collect::<Result<_>>()?;
    files::write_folder(&dist.join("site"), &site)?;

    let mut shipped = vec!["procglass".to_owned(), "viewer.html".into()];
    for kind in ["man", "completions"] {
        let content: Vec<_> = files::list(&root.join("docs").join(kind))?
            .iter()
            .map(|file| Ok((name(file), files::read(file)?)))
            .collect::<Result<_>>()?;
        files::write_folder(&dist.join(kind), &content)?;
        shipped.extend(content.iter().map(|(name, _)| format!("{kind}/{name}")));
    }
    shipped.extend(collectors.iter().map(|(_, name, _)| name.clone()));
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
        collectors: collectors
            .into_iter()
            .map(|(which, name, _)| files::read(&dist.join(&name)).map(|bytes| (which, name, bytes.len())))
            .collect::<Result<_>>()?,
    })
}

/// Builds and packs what a report of this machine needs, and nothing else that is shipped.
pub(crate) fn for_report(root: &Path) -> Result<()> {
    let toolchains = setup::for_report(root)?;
    let procglass = build::for_report(root, &toolchains.wasm)?;
    let collector = native::collector(root, toolchains.fixed, HOST, Collector::Small)?;
    let dist = folder(root);
    let fresh = [
        ("procglass", procglass),
        ("viewer.html", build::pages(root).join("viewer.html")),
        (Collector::Small.name(), collector),
    ];
    let mut lines = Vec::new();
    for (name, from) in fresh {
        files::copy(&from, &dist.join(name))?;
        lines.push((name, line(&files::read(&from)?, name)));
    }
    let sums = dist.join("SHA256SUMS");
    let old = if sums.exists() { files::read_text(&sums)? } else { String::new() };
    files::write(&sums, renewed(&old, &lines))
}

/// Checksums with the lines of some files renewed. What an earlier `dist` left beside them is still there, and keeps its line.
fn renewed(old: &str, fresh: &[(&str, String)]) -> String {
    let mut sums: String = fresh.iter().map(|(_, line)| line.as_str()).collect();
    for line in old.lines() {
        let name = line.split_once("  ").map(|(_, name)| name);
        if name.is_some_and(|name| fresh.iter().all(|(other, _)| *other != name)) {
            sums.push_str(line);
            sums.push('\n');
        }
    }
    sums
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

    #[test]
    fn a_report_renews_its_own_lines_and_keeps_the_others() {
        let old = "11  procglass\n22  procglass-collect-full\nno line\n33  site/a b.js\n";
        let fresh = [
            ("procglass", "44  procglass\n".to_owned()),
            ("procglass-collect", "55  procglass-collect\n".into()),
        ];
        assert_eq!(
            renewed(old, &fresh),
            "44  procglass\n55  procglass-collect\n22  procglass-collect-full\n33  site/a b.js\n"
        );
        assert_eq!(renewed("", &[]), "");
    }
}
