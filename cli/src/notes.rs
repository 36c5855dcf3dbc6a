//! Files of notes on the command line.

use crate::error::Error;
use procglass_model::text::visible;
use procglass_notes::{Noted, Reading, Section};
use procglass_opened::Opened;
use std::fs;
use std::path::{Path, PathBuf};

/// A bundle that notes may be for.
pub(crate) struct Target<'a> {
    pub(crate) sha256: &'a str,
    pub(crate) name: &'a str,
    pub(crate) snapshot: &'a Opened,
}

/// Puts the notes of all files beside the bundles that they are for, and says on stderr what does not fit.
pub(crate) fn attach(paths: &[PathBuf], targets: &[Target<'_>]) -> Result<(), Error> {
    let own = |target: &Target<'_>| Section::new(target.sha256, target.name, &target.snapshot.host_name());
    let mut sections: Vec<Section> = targets.iter().map(own).collect();
    for path in paths {
        let bytes = fs::read(path).map_err(Error::file(path, "read"))?;
        let reading = Reading::of(&bytes).map_err(|error| Error::Notes { path: path.clone(), error })?;
        for problem in &reading.problems {
            eprintln!("procglass: {}: {}", path.display(), visible(problem.as_bytes()));
        }
        for section in &reading.document.bundles {
            let fits = targets.iter().position(|target| target.sha256.eq_ignore_ascii_case(&section.sha256));
            // With one bundle there is no doubt where notes on another can go.
            let place = fits.or((targets.len() == 1).then_some(0));
            if fits.is_none() {
                say_other(path, section, targets.first().filter(|_| place.is_some()));
            }
            if let Some(mine) = place.and_then(|at| sections.get_mut(at)) {
                mine.merge(section);
            }
        }
    }
    for (target, section) in targets.iter().zip(sections) {
        target.snapshot.set_notes(section);
    }
    Ok(())
}

/// Notes on another bundle: told, and taken where they have a place.
fn say_other(path: &Path, section: &Section, taken_by: Option<&Target<'_>>) {
    let shown = |text: &str| visible(text.as_bytes()).into_owned();
    let which = format!(
        "{}: {} note(s) are for another bundle: {} of {}, SHA-256 {}",
        path.display(),
        section.len(),
        shown(&section.name),
        shown(&section.system),
        shown(&section.sha256)
    );
    match taken_by {
        None => eprintln!("procglass: {which}; left out"),
        Some(target) => {
            let absent = Noted::of(target.snapshot, section.clone()).elsewhere().count();
            let here = section.len() - absent.min(section.len());
            eprintln!(
                "procglass: {which}; taken all the same, {here} are on things that {} has too",
                target.name
            );
        }
    }
}
