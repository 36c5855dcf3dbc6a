//! Debian packages: asked for by name, never by version.

use std::path::Path;

use crate::error::{Result, failure};
use crate::sh::{Run, ask, which};

/// The package manager, which fetches its lists at most once in a run.
pub(crate) struct Apt<'a> {
    root: &'a Path,
    updated: bool,
}

impl<'a> Apt<'a> {
    /// Nothing happens until something is asked for.
    pub(crate) fn new(root: &'a Path) -> Self {
        Self { root, updated: false }
    }

    /// Installs what is missing of `packages`; `why` ends the sentence "needed to ...".
    pub(crate) fn install(&mut self, packages: &[&str], why: &str) -> Result<()> {
        let missing: Vec<&str> = packages.iter().copied().filter(|name| !installed(name)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let list = missing.join(" ");
        println!("setup: installing {list}: needed to {why}");
        self.update()?;
        let by_hand = format!(
            "Install the packages by hand (`sudo apt-get install {list}` on Debian) and run this again."
        );
        self.apt_get(&["install", "--yes", "--no-install-recommends"], &missing, &by_hand)?.run()
    }

    /// Installs a package of another architecture beside those of this one, deb-multiarch(7).
    pub(crate) fn install_foreign(&mut self, architecture: &str, package: &str, why: &str) -> Result<()> {
        let known = ask("dpkg", &["--print-foreign-architectures"]).unwrap_or_default();
        if !known.lines().any(|line| line == architecture) {
            println!("setup: letting dpkg know the architecture {architecture}: needed to {why}");
            let next =
                format!("Run `sudo dpkg --add-architecture {architecture}` by hand and run this again.");
            self.as_root("dpkg", &next)?.args(["--add-architecture", architecture]).run()?;
            self.updated = false;
        }
        self.install(&[&format!("{package}:{architecture}")], why)
    }

    /// The package with the highest number among `prefix` + number, say `lld-` for lld-19.
    pub(crate) fn newest(&mut self, prefix: &str) -> Result<Option<String>> {
        self.update()?;
        let names = ask("apt-cache", &["pkgnames", prefix]).unwrap_or_default();
        Ok(highest(&names, prefix))
    }

    /// Whether a package could be installed from the lists that this system uses.
    pub(crate) fn offers(&mut self, package: &str) -> Result<bool> {
        if which("apt-cache").is_none() {
            return Ok(false);
        }
        self.update()?;
        Ok(ask("apt-cache", &["policy", package]).is_some_and(|text| {
            text.lines().any(|line| line.contains("Candidate:") && !line.contains("(none)"))
        }))
    }

    fn update(&mut self) -> Result<()> {
        if !self.updated {
            self.updated = true;
            println!("setup: refreshing the package lists: needed to install what is missing");
            let next = "Check the network and the package sources of this system.";
            // One dead source of many is no reason to stop: what is really missing shows at installation.
            if self.apt_get(&["update"], &[], next)?.code()? != 0 {
                println!("setup: could not refresh all package lists; going on with what there is");
            }
        }
        Ok(())
    }

    fn apt_get(&self, what: &[&str], packages: &[&str], next: &str) -> Result<Run> {
        let run = self
            .as_root("apt-get", next)?
            .arg("-qq")
            // Another installation may be under way: wait for it rather than fail.
            .args(["-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Use-Pty=0"])
            .args(what)
            .args(packages);
        Ok(run)
    }

    /// A program of the package manager, with the rights that it needs.
    fn as_root(&self, program: &str, next: &str) -> Result<Run> {
        if which(program).is_none() {
            return Err(failure(format!("this system has no {program}"), next));
        }
        let root_user = ask("id", &["-u"]).as_deref() == Some("0");
        let run = if root_user {
            Run::new("env", self.root)
        } else if ask("sudo", &["-n", "true"]).is_some() {
            Run::new("sudo", self.root).args(["-n", "env"])
        } else {
            return Err(failure("packages are missing, and only root can install them", next));
        };
        Ok(run.args(["DEBIAN_FRONTEND=noninteractive", program]).or(next))
    }
}

/// Whether dpkg knows the package as installed.
pub(crate) fn installed(package: &str) -> bool {
    ask("dpkg-query", &["-W", "-f=${Status}", package]).is_some_and(|s| s.ends_with("ok installed"))
}

fn highest(names: &str, prefix: &str) -> Option<String> {
    let number = |name: &str| name.strip_prefix(prefix)?.parse::<u32>().ok();
    names.lines().filter(|name| number(name).is_some()).max_by_key(|name| number(name)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highest_compares_numbers_and_ignores_relatives() {
        assert_eq!(highest("lld-9\nlld-22\nlld-19\nlld-22-dbg\nlld", "lld-"), Some("lld-22".into()));
        assert_eq!(highest("", "lld-"), None);
    }
}
