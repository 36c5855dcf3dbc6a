//! The quick checks in front of a commit: everything that needs no built program and no browser.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use clap::Args;

use crate::error::{Result, failure};
use crate::sh::{ask_in, cargo};
use crate::test;

/// What counts as changed.
#[derive(Args)]
pub(crate) struct Options {
    /// Test what differs from this commit, instead of from where this branch left main
    #[arg(long, value_name = "COMMIT")]
    since: Option<String>,
}

/// A package that has unit tests.
struct Package {
    name: &'static str,
    /// Beginnings of the paths that its unit tests depend on.
    paths: &'static [&'static str],
    /// Whether it is a library. The others are programs.
    library: bool,
}

/// The packages. A path belongs to the first one that names it.
const PACKAGES: [Package; 21] = [
    Package { name: "procglass-collector", paths: &["collector/core/"], library: true },
    Package { name: "procglass-record", paths: &["collector/record/"], library: true },
    Package { name: "procglass-redact", paths: &["collector/redact/"], library: true },
    Package { name: "procglass-collect", paths: &["collector/"], library: false },
    Package { name: "procglass-age", paths: &["shared/age/"], library: true },
    Package { name: "procglass-correlate", paths: &["shared/correlate/"], library: true },
    Package { name: "procglass-findings", paths: &["shared/findings/"], library: true },
    Package { name: "procglass-fixture", paths: &["shared/fixture/", "docs/sample/"], library: true },
    Package { name: "procglass-logs", paths: &["shared/logs/"], library: true },
    Package { name: "procglass-model", paths: &["shared/model/"], library: true },
    Package { name: "procglass-notes", paths: &["shared/notes/"], library: true },
    Package { name: "procglass-opened", paths: &["shared/opened/"], library: true },
    Package { name: "procglass-proc", paths: &["shared/proc/"], library: true },
    Package { name: "procglass-query", paths: &["shared/query/"], library: true },
    Package { name: "procglass-report", paths: &["shared/report/"], library: true },
    Package { name: "procglass-snapshot", paths: &["shared/snapshot/"], library: true },
    Package { name: "procglass-systems", paths: &["shared/systems/"], library: true },
    // The pages of docs/ are compared with what it writes.
    Package { name: "procglass", paths: &["cli/", "docs/"], library: false },
    Package { name: "procglass-viewer", paths: &["viewer/"], library: true },
    Package { name: "procglass-tests", paths: &["tests/src/"], library: true },
    // It packs the files of www/.
    Package { name: "xtask", paths: &["xtask/", "www/"], library: false },
];

/// Files that every package depends on.
const COMMON: [&str; 2] = ["Cargo.toml", "Cargo.lock"];

/// Checks the format, the rules of the project, the lints, and the unit tests of the packages that changed.
pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    let start = Instant::now();
    test::run(root, &test::Options::quick())?;
    let changed = packages(&changed(root, options.since.as_deref())?);
    println!("\n=== unit tests ===");
    if changed.is_empty() {
        println!("check: no package changed, so no unit test ran");
    } else {
        let names = changed.iter().flat_map(|package| ["--package", package.name]);
        let library: &[&str] = if changed.iter().any(|package| package.library) { &["--lib"] } else { &[] };
        cargo(root).args(["test", "--quiet", "--bins"]).args(library).args(names).run()?;
    }
    println!("\ncheck: passed after {:.1} s", start.elapsed().as_secs_f64());
    println!("`cargo xtask test` also runs the tests on the built programs, in browsers.");
    Ok(())
}

/// The packages that own a changed path, each once.
fn packages<'a>(changed: &BTreeSet<String>) -> Vec<&'a Package> {
    let owner = |path: &String| {
        let owns = |package: &&Package| package.paths.iter().any(|start| path.starts_with(start));
        PACKAGES.iter().find(owns).map(|package| package.name)
    };
    let all = changed.iter().any(|path| COMMON.contains(&path.as_str()));
    let owners: BTreeSet<_> = changed.iter().filter_map(owner).collect();
    PACKAGES.iter().filter(|package| all || owners.contains(package.name)).collect()
}

/// The paths that differ from a commit, and those that git does not know yet.
fn changed(root: &Path, since: Option<&str>) -> Result<BTreeSet<String>> {
    let git = |args: &[&str]| ask_in(root, "git", args);
    let branched = || {
        let with = |main: &&str| git(&["merge-base", "HEAD", main]);
        ["origin/main", "main", "HEAD"].iter().find_map(with).map(|commit| commit.trim().to_owned())
    };
    let paths = since.map(str::to_owned).or_else(branched).and_then(|since| {
        let mut paths = git(&["diff", "--name-only", "-z", "--end-of-options", &since, "--"])?;
        paths.push_str(&git(&["ls-files", "-z", "--others", "--exclude-standard"])?);
        Some(paths)
    });
    let paths = paths.ok_or_else(|| {
        failure(
            "cannot ask git for what changed",
            "Run this in a git checkout, and name a commit of it with --since.",
        )
    })?;
    Ok(paths.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[&str]) -> Vec<&'static str> {
        packages(&paths.iter().map(|path| (*path).to_owned()).collect()).iter().map(|p| p.name).collect()
    }

    #[test]
    fn a_path_belongs_to_one_package() {
        assert_eq!(names(&["collector/redact/src/lib.rs"]), ["procglass-redact"]);
        assert_eq!(names(&["www/boot.js", "collector/src/main.rs"]), ["procglass-collect", "xtask"]);
        assert_eq!(names(&["docs/query.md", "cli/src/main.rs"]), ["procglass"]);
        assert!(names(&["README.md", "tests/tests/views.rs"]).is_empty());
        assert_eq!(names(&["Cargo.lock"]).len(), PACKAGES.len());
    }

    /// A new member of the workspace needs a line in the list.
    #[test]
    fn the_list_has_every_member_of_the_workspace() {
        let manifest = include_str!("../../Cargo.toml");
        let members = manifest.split_once("members = [").unwrap().1.split_once(']').unwrap().0;
        let mut members: Vec<String> =
            members.split(',').map(|name| name.trim().trim_matches('"').to_owned()).collect();
        // `shared/*` is each folder there.
        members.retain(|member| member != "shared/*");
        let shared = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).unwrap();
        let folders =
            shared.map(|entry| entry.unwrap().path()).filter(|path| path.join("Cargo.toml").is_file());
        members.extend(folders.map(|path| format!("shared/{}", path.file_name().unwrap().display())));
        assert_eq!(members.len(), PACKAGES.len(), "{members:?}");
        for member in members {
            assert_eq!(names(&[&format!("{member}/src/lib.rs")]).len(), 1, "{member}");
        }
    }

    #[test]
    fn git_names_what_differs() {
        let root = tempfile::tempdir().unwrap();
        let git = |args: &[&str]| ask_in(root.path(), "git", args).unwrap();
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.invalid"];
        git(&["init", "--quiet", "--initial-branch", "main"]);
        std::fs::write(root.path().join("old"), "1").unwrap();
        git(&["add", "."]);
        git(&[&identity[..], &["commit", "--quiet", "--message", "first"]].concat());
        assert!(changed(root.path(), None).unwrap().is_empty());
        std::fs::write(root.path().join("old"), "2").unwrap();
        std::fs::write(root.path().join("new"), "3").unwrap();
        assert!(changed(root.path(), None).unwrap().iter().eq(["new", "old"]));
        assert!(
            changed(root.path(), Some("nothing-of-this-name")).unwrap_err().to_string().contains("--since")
        );
        assert!(changed(root.path(), Some("--output=x")).is_err());
    }
}
