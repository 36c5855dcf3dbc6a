//! Reading and writing files, with errors that name them.

use std::path::{Path, PathBuf};

use crate::error::{Advise, Result};

const NEXT_READ: &str = "Restore it (`git status` shows what is missing) and run the same command again.";
const NEXT_WRITE: &str = "Check the rights and the free space of its folder.";

/// The text of a file.
pub(crate) fn read_text(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).advise(format!("cannot read {}", file.display()), NEXT_READ)
}

/// The bytes of a file.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).advise(format!("cannot read {}", file.display()), NEXT_READ)
}

/// Writes a file and the folders above it, unless it has this content already: cargo compiles again whatever
/// embeds a file with a newer time.
pub(crate) fn write(file: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let content = content.as_ref();
    if std::fs::read(file).is_ok_and(|old| old == content) {
        return Ok(());
    }
    let what = || format!("cannot write {}", file.display());
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).advise(what(), NEXT_WRITE)?;
    }
    std::fs::write(file, content).advise(what(), NEXT_WRITE)
}

/// Makes a folder, unless it is there, and gives it back.
pub(crate) fn folder(folder: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).advise(format!("cannot make {}", folder.display()), NEXT_WRITE)?;
    Ok(folder.to_owned())
}

/// Makes `folder` hold exactly these files.
pub(crate) fn write_folder(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    for (name, content) in files {
        write(&folder.join(name), content)?;
    }
    for file in list(folder)? {
        let stale = !files.iter().any(|(name, _)| file.file_name().is_some_and(|n| n == name.as_str()));
        if stale {
            std::fs::remove_file(&file).advise(format!("cannot remove {}", file.display()), NEXT_WRITE)?;
        }
    }
    Ok(())
}

/// Copies a file with its mode. The old one is removed first: it may be a program that is running.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).advise(format!("cannot make {}", folder.display()), NEXT_WRITE)?;
    }
    if to.exists() {
        std::fs::remove_file(to).advise(format!("cannot replace {}", to.display()), NEXT_WRITE)?;
    }
    std::fs::copy(from, to)
        .advise(format!("cannot copy {} to {}", from.display(), to.display()), NEXT_WRITE)
        .map(drop)
}

/// The files directly in a folder, sorted by name; none when there is no such folder.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    entries(folder, Path::is_file)
}

/// The folders in a folder, in the order of their names. None where there is no such folder.
pub(crate) fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    entries(folder, Path::is_dir)
}

fn entries(folder: &Path, of_kind: fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).advise(format!("cannot list {}", folder.display()), NEXT_READ)?;
    let mut found: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| of_kind(path)).collect();
    found.sort_unstable();
    Ok(found)
}

/// The texts of all files with an extension in a folder, in the order of their names.
pub(crate) fn concat_sorted(folder: &Path, extension: &str) -> Result<String> {
    let mut all = String::new();
    for file in list(folder)?.iter().filter(|file| file.extension().is_some_and(|e| e == extension)) {
        all.push_str(&read_text(file)?);
    }
    Ok(all)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A size for people.
pub(crate) fn kilobytes(bytes: usize) -> String {
    format!("{} KB", bytes.div_ceil(1024))
}
