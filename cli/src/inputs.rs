//! What `correlate` reads: files and folders of bundles and logs, told apart by content.

use crate::error::Error;
use crate::parts;
use procglass_logs::{Packing, is_bundle};
use procglass_model::text::visible;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// How much of a file tells what it is.
const HEAD: u64 = 256 << 10;
/// Folders in folders that are entered.
const DEEPEST: usize = 32;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) path: PathBuf,
    /// What the output calls it: the file's name, and in a folder the path from there.
    pub(crate) name: String,
}

/// Everything that was named.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) bundles: Vec<Input>,
    pub(crate) logs: Vec<Input>,
    /// Files that could not be read, each named on standard error.
    pub(crate) skipped: usize,
}

impl Inputs {
    /// Sorts files into bundles and logs. What cannot be read is named and left out.
    pub(crate) fn of(paths: &[PathBuf]) -> Result<Self, Error> {
        let mut inputs = Self::default();
        for path in paths {
            if path.is_dir() {
                inputs.folder(path, path, 0);
            } else {
                inputs.file(path, Path::new(path.file_name().unwrap_or(path.as_os_str())));
            }
        }
        inputs.checked()
    }

    fn checked(self) -> Result<Self, Error> {
        let what = match (self.bundles.is_empty(), self.logs.is_empty()) {
            (false, false) => return Ok(self),
            (false, true) => "all of these files are bundles: name at least one log, too",
            (true, false) => "all of these files are logs: name at least one bundle, too",
            (true, true) => "none of these files could be read: name at least one bundle and one log",
        };
        Err(Error::Usage(format!("{what}. They are told apart by content")))
    }

    /// Every file in a folder and in the folders in it, by name, but for hidden ones. Links to folders are not followed.
    fn folder(&mut self, path: &Path, top: &Path, depth: usize) {
        let entries = match path.read_dir().and_then(Iterator::collect::<Result<Vec<_>, _>>) {
            Ok(entries) if depth < DEEPEST => entries,
            Ok(_) => return self.skip(path, "the folder is too deep"),
            Err(error) => return self.skip(path, &format!("could not be listed: {error}")),
        };
        let mut paths: Vec<_> = entries.into_iter().map(|entry| (entry.path(), entry.file_type())).collect();
        paths.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (path, kind) in paths {
            // Hidden files are those of file managers and of copies that are under way.
            if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
                continue;
            }
            if kind.is_ok_and(|kind| kind.is_dir()) {
                self.folder(&path, top, depth + 1);
            } else if path.is_file() {
                self.file(&path, path.strip_prefix(top).unwrap_or(&path));
            }
        }
    }

    fn file(&mut self, path: &Path, name: &Path) {
        let mut head = Vec::new();
        match File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head)) {
            Ok(_) => {}
            Err(error) => return self.skip(path, &format!("could not be read: {error}")),
        }
        let name = visible(name.as_os_str().as_encoded_bytes()).into_owned();
        let input = Input { path: path.into(), name };
        // A packed file may be either: only its name says that a bundle is in it.
        let is_bundle = if Packing::of(&head).is_some() { is_archive(&input.name) } else { is_bundle(&head) };
        if !is_bundle {
            return self.logs.push(input);
        }
        let parts = parts::of(path);
        let number = |at: usize| if parts.len() > 1 { format!("#{}", at + 1) } else { String::new() };
        let names: Vec<_> = (0..parts.len()).map(|at| format!("{}{}", input.name, number(at))).collect();
        self.bundles.extend(parts.into_iter().zip(names).map(|(path, name)| Input { path, name }));
    }

    fn skip(&mut self, path: &Path, why: &str) {
        eprintln!("procglass: {}: {why}: skipped", path.display());
        self.skipped += 1;
    }
}

fn is_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains(".tar.")
        || name.contains("procglass")
        || [".tzst", ".txz", ".tbz2"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const LOG: &str = "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1 1 ACCEPT OK\n";

    #[test]
    fn folders_and_what_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("logs/2026/12")).unwrap();
        fs::write(at("logs/b.log"), LOG).unwrap();
        fs::write(at("logs/.b.log.part"), LOG).unwrap();
        fs::write(at("logs/2026/12/a.log"), LOG).unwrap();
        fs::write(at("logs/c.log.zst"), b"\x28\xb5\x2f\xfd").unwrap();
        fs::write(at("x.tar.zst"), b"\x28\xb5\x2f\xfd").unwrap();
        let mut tar = vec![0; 512];
        tar.splice(257..262, *b"ustar");
        fs::write(at("one.tar"), tar).unwrap();
        let inputs = Inputs::of(&["logs", "one.tar", "x.tar.zst", "none.log"].map(at)).unwrap();
        let names = |inputs: &[Input]| inputs.iter().map(|input| input.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&inputs.logs), ["2026/12/a.log", "b.log", "c.log.zst"]);
        assert_eq!(names(&inputs.bundles), ["one.tar", "x.tar.zst"]);
        assert_eq!(inputs.skipped, 1);
        for (files, what) in
            [(["one.tar"], "one log"), (["logs"], "one bundle"), (["none.log"], "none of these")]
        {
            let error = Inputs::of(&files.map(at)).unwrap_err().to_string();
            assert!(error.contains(what), "{error}");
        }
    }
}
