//! Many bundles to a register: on as many threads as there are processors, each of which holds one bundle at a time.

use crate::error::Error;
use crate::open;
use crate::parts;
use crate::unlock::Keys;
use procglass_findings::{Findings, Indicators};
use procglass_systems::{Register, System};
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// What was loaded.
pub(crate) struct Loaded {
    pub(crate) register: Register,
    /// Bundles that could not be read, each named on stderr.
    pub(crate) skipped: usize,
    /// Bundles that are not whole.
    pub(crate) damaged: usize,
}

/// One bundle's outcome: its place in the list, and the system with whether it is intact.
type Outcome = (usize, Result<(System, bool), Error>);

/// Loads every bundle, in the order of the list. One that cannot be read costs itself.
pub(crate) fn systems(
    paths: &[impl AsRef<Path>],
    keys: &Keys,
    indicators: &Indicators,
) -> Result<Loaded, Error> {
    let paths = bundles(paths)?;
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, usize::from).min(paths.len());
    let mut found: Vec<Option<System>> = Vec::new();
    found.resize_with(paths.len(), || None);
    let (mut skipped, mut damaged) = (0, 0);
    thread::scope(|scope| {
        let (sender, outcomes) = mpsc::channel::<Outcome>();
        for _ in 0..workers {
            let (sender, next, paths) = (sender.clone(), &next, &paths);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(path) = paths.get(at) else { return };
                    // The other side takes everything until the last worker is done.
                    let _ = sender.send((at, system(path, keys, indicators)));
                }
            });
        }
        drop(sender);
        let progress = Progress::new(paths.len());
        for (done, (at, outcome)) in (1..).zip(outcomes) {
            match outcome {
                Ok((system, intact)) => {
                    damaged += usize::from(!intact);
                    if let Some(place) = found.get_mut(at) {
                        *place = Some(system);
                    }
                }
                Err(error) => {
                    progress.clear();
                    eprintln!("procglass: {error}: skipped");
                    skipped += 1;
                }
            }
            progress.show(done);
        }
        progress.clear();
    });
    let mut register = Register::new();
    for system in found.into_iter().flatten() {
        register.add(system);
    }
    Ok(Loaded { register, skipped, damaged })
}

fn system(path: &Path, keys: &Keys, indicators: &Indicators) -> Result<(System, bool), Error> {
    let snapshot = open::bundle_here(path, keys)?;
    if !indicators.is_empty() {
        snapshot.set_findings(Findings::of(&snapshot, indicators));
    }
    let name = path.file_name().map_or_else(|| "bundle".into(), |name| name.to_string_lossy());
    Ok((System::of(&snapshot, &name), open::is_whole(&snapshot)))
}

/// The files that are meant: of a folder each file in it that may be a bundle, by name.
pub(crate) fn bundles(paths: &[impl AsRef<Path>]) -> Result<Vec<PathBuf>, Error> {
    let mut all = Vec::new();
    for path in paths {
        let path = path.as_ref();
        if !path.is_dir() {
            all.push(path.into());
            continue;
        }
        let entries = path.read_dir().map_err(Error::file(path, "listed"))?;
        let mut inside = Vec::new();
        let mut others = 0;
        for entry in entries {
            let entry = entry.map_err(Error::file(path, "listed"))?.path();
            if entry.is_file() {
                if may_be_bundle(&entry) { inside.push(entry) } else { others += 1 }
            }
        }
        if others > 0 {
            eprintln!(
                "procglass: {}: {others} file(s) without the name of a bundle were left out",
                path.display()
            );
        }
        inside.sort();
        all.append(&mut inside);
    }
    if all.is_empty() {
        return Err(Error::Usage("there is no bundle in what was named".into()));
    }
    Ok(parts::of_all(&all))
}

/// `*.tar.gz`, `*.tgz`, `*.tar`, and whatever has procglass in its name but is no report.
fn may_be_bundle(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let packed = [".tar.gz", ".tgz", ".tar"].iter().any(|end| name.ends_with(end));
    let named = name.contains("procglass") && !name.ends_with(".html") && !name.ends_with(".json");
    !name.starts_with('.') && (packed || named)
}

/// How far it is, for whoever looks at a terminal.
struct Progress {
    of: usize,
    shown: bool,
}

impl Progress {
    fn new(of: usize) -> Self {
        Self { of, shown: of > 20 && std::io::stderr().is_terminal() }
    }

    fn show(&self, done: usize) {
        if self.shown && (done.is_multiple_of(10) || done == self.of) {
            eprint!("\r{done} of {} bundles", self.of);
            let _ = std::io::stderr().flush();
        }
    }

    fn clear(&self) {
        if self.shown {
            eprint!("\r\x1b[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_bundles() {
        for name in ["web-2026.procglass.tar.gz", "x.tgz", "log-with-procglass-bundle.txt"] {
            assert!(may_be_bundle(Path::new(name)), "{name}");
        }
        for name in ["flow.log", ".hidden.tar.gz", "procglass-report.html", "notes.txt"] {
            assert!(!may_be_bundle(Path::new(name)), "{name}");
        }
    }
}
