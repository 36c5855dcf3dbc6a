//! `procglass report`: the viewer with evidence inside, one HTML file.

use crate::args::ReportArgs;
use crate::error::{Error, Exit};
use crate::notes::{self, Target};
use crate::open;
use crate::parts;
use crate::protect;
use crate::unlock::{Keys, Source};
use procglass_age::To;
use procglass_model::bundle::{BundleError, Limits, hex, sha256};
use procglass_notes::{Document, Section};
use procglass_opened::Opened;
use procglass_report::redact;
use procglass_report::redact::{Choices, Names, file_name, redact};
use procglass_report::{Evidence, PIECE, Page, TooLarge, summary};
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

const VIEWER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/viewer.html"));

/// A bundle that goes into the report.
struct Bundle {
    evidence: Evidence,
    bytes: Vec<u8>,
    snapshot: Opened,
}

pub(crate) fn run(args: &ReportArgs) -> Result<Exit, Error> {
    let viewer = match &args.viewer {
        Some(path) => fs::read(path).map_err(Error::file(path, "read"))?,
        None if VIEWER.is_empty() => return Err(Error::NoViewer),
        None => VIEWER.to_vec(),
    };
    let page = Page::of(&viewer).map_err(|_| {
        Error::NotAViewer(args.viewer.clone().unwrap_or_else(|| "the built-in viewer".into()))
    })?;
    let keys = Keys::try_from(&args.keys)?;
    let to = args.passphrase_file.as_deref().map(protect::key).transpose()?;
    let paths = parts::of_all(&args.bundles);
    let mut bundles = paths.iter().map(|path| Bundle::read(path, &keys)).collect::<Result<Vec<_>, _>>()?;
    let intact = bundles.iter().all(|bundle| open::is_whole(&bundle.snapshot));
    notes::attach(&args.notes, &bundles.iter().map(Bundle::target).collect::<Vec<_>>())?;
    let choices: Choices = args.redact.iter().copied().collect();
    if !choices.is_empty() {
        // The same names for all, so that one value is one pseudonym in the whole report.
        let mut names = Names::new(choices);
        for (number, (bundle, path)) in bundles.iter_mut().zip(&paths).enumerate() {
            bundle.redact(&mut names, number).map_err(|error| Error::Bundle { path: path.clone(), error })?;
        }
    }
    let total = bundles.iter().map(|bundle| bundle.bytes.len()).sum();
    TooLarge::check(total, args.force).map_err(Error::TooLarge)?;
    write(args, &page, &bundles, to.as_ref())?;
    say_done(&args.output, &bundles)?;
    Ok(if intact { Exit::Done } else { Exit::Damaged })
}

impl Bundle {
    fn read(path: &Path, keys: &Keys) -> Result<Self, Error> {
        // What cannot be opened here cannot be opened by whoever gets the report.
        let snapshot = open::bundle(path, keys)?;
        let bytes = Source::open(path, keys)?.all()?;
        Ok(Self { evidence: evidence(name(path), &bytes), bytes, snapshot })
    }

    fn target(&self) -> Target<'_> {
        Target { sha256: &self.evidence.sha256, name: &self.evidence.name, snapshot: &self.snapshot }
    }

    /// Puts a bundle without what was chosen in place of the original. File and summary are both made of it.
    fn redact(&mut self, names: &mut Names, number: usize) -> Result<(), BundleError> {
        self.bytes = redact(names, &self.snapshot, &self.evidence.sha256)?;
        let snapshot = Opened::read(&self.bytes, Limits::native())?;
        self.evidence = evidence(file_name(&snapshot, number), &self.bytes);
        let mut section = Section::new(&self.evidence.sha256, &self.evidence.name, &snapshot.host_name());
        let left_out = redact::notes(names, &self.snapshot, &snapshot, &mut section);
        if left_out > 0 {
            eprintln!(
                "procglass: {left_out} note(s) are on things that are not in the bundle: they were left out"
            );
        }
        snapshot.set_notes(section);
        self.snapshot = snapshot;
        Ok(())
    }
}

fn evidence(name: String, bytes: &[u8]) -> Evidence {
    Evidence { name, bytes: bytes.len(), sha256: hex(&sha256(bytes)), pieces: bytes.len().div_ceil(PIECE) }
}

/// Under its name only when whole, and readable by its owner alone: it holds evidence.
fn write(args: &ReportArgs, page: &Page<'_>, bundles: &[Bundle], to: Option<&To>) -> Result<(), Error> {
    let path = args.output.as_path();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = || Error::file(path, "written");
    let sources: Vec<procglass_report::Source<'_>> = bundles
        .iter()
        .map(|bundle| procglass_report::Source {
            file: &bundle.evidence.name,
            sha256: &bundle.evidence.sha256,
            snapshot: &bundle.snapshot,
        })
        .collect();
    let evidence: Vec<(Evidence, &[u8])> =
        bundles.iter().map(|bundle| (bundle.evidence.clone(), bundle.bytes.as_slice())).collect();
    let notes = Document::of(bundles.iter().map(|bundle| bundle.snapshot.notes().section.clone()));
    let file = tempfile::NamedTempFile::new_in(folder).map_err(failed())?;
    let mut out = BufWriter::new(file);
    let (summary, notes) = (summary(&sources), notes.to_json());
    match to {
        Some(to) => protect::write(&mut out, page, to, &evidence, (&notes, &summary)),
        None => page.write(&mut out, &summary, &evidence, &notes),
    }
    .map_err(failed())?;
    let file = out.into_inner().map_err(|error| failed()(error.into_error()))?;
    file.persist(path).map_err(|error| failed()(error.error))?;
    Ok(())
}

fn name(path: &Path) -> String {
    let name = path.file_name().map_or_else(|| "bundle".into(), |name| name.to_string_lossy().into_owned());
    // What goes in is no longer encrypted.
    name.strip_suffix(".age").map(str::to_owned).unwrap_or(name)
}

fn say_done(path: &Path, bundles: &[Bundle]) -> Result<(), Error> {
    let total: usize = bundles.iter().map(|bundle| bundle.bytes.len()).sum();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} ({} bundle(s), {total} bytes of evidence)", path.display(), bundles.len())
        .map_err(Error::Output)
}
