//! Text with several armored bundles: each is a bundle of its own, named `FILE#1`, `FILE#2` and so on.

use procglass_model::bundle::{ArmorMarks, Kind};
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom, Take};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The same list, with each part of such a text in place of the text.
pub(crate) fn of_all(paths: &[impl AsRef<Path>]) -> Vec<PathBuf> {
    paths.iter().flat_map(|path| of(path.as_ref())).collect()
}

/// The parts of a file. What cannot be read is one, and says so where it is opened.
pub(crate) fn of(path: &Path) -> Vec<PathBuf> {
    // A pipe can be read once only.
    let count = match path.is_file() {
        true => File::open(path).and_then(ranges).map_or(0, |ranges| ranges.len()),
        false => 0,
    };
    if count == 0 {
        return vec![path.into()];
    }
    eprintln!("procglass: {}: {count} bundles are in this text", path.display());
    (1..=count).map(|number| named(path, number)).collect()
}

/// Opens a file, or one part of it.
pub(crate) fn open(path: &Path) -> io::Result<Take<File>> {
    match File::open(path) {
        Ok(file) => Ok(file.take(u64::MAX)),
        Err(error) => open_part(path).ok_or(error),
    }
}

fn open_part(path: &Path) -> Option<Take<File>> {
    let (name, number) = path.to_str()?.rsplit_once('#')?;
    let place = number.parse::<usize>().ok()?.checked_sub(1)?;
    let mut file = File::open(name).ok()?;
    let range = ranges(file.try_clone().ok()?).ok()?.into_iter().nth(place)?;
    file.seek(SeekFrom::Start(range.start as u64)).ok()?;
    Some(file.take(range.len() as u64))
}

fn named(path: &Path, number: usize) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!("#{number}"));
    name.into()
}

/// Where the parts are; none in a file that is no text, or holds fewer than two bundles.
fn ranges(mut file: File) -> io::Result<Vec<Range<usize>>> {
    let (mut marks, mut length, mut buffer) = (ArmorMarks::default(), 0, vec![0; 1 << 16]);
    loop {
        let count = file.read(&mut buffer)?;
        let piece = buffer.get(..count).unwrap_or_default();
        if count == 0 {
            return Ok(marks.parts(length));
        }
        if length == 0 && !is_text(piece) {
            return Ok(Vec::new());
        }
        marks.push(piece);
        length += count;
    }
}

/// Text, or one armored file of age, behind which others may stand.
fn is_text(head: &[u8]) -> bool {
    let head = head.get(..512).unwrap_or(head);
    Kind::of(head) == Kind::Text || head.starts_with(b"-----BEGIN")
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_model::bundle::{ARMOR_BEGIN, ARMOR_END};
    use std::fs;

    #[test]
    fn parts_are_opened_by_their_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("session.log");
        let one = format!("$ a\n{ARMOR_BEGIN}\nAAAA\n{ARMOR_END}\n$ ");
        let two = format!("{ARMOR_BEGIN}\nBBBB\n");
        fs::write(&path, format!("{one}{two}")).unwrap();
        let parts = of(&path);
        let text = |path: &Path| {
            let mut text = String::new();
            open(path).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        assert_eq!(parts.iter().map(|part| text(part)).collect::<Vec<_>>(), [one.clone(), two]);
        assert!(open(&named(&path, 3)).is_err());
        fs::write(&path, one).unwrap();
        assert_eq!(of_all(&[&path]), std::slice::from_ref(&path));
        assert_eq!(of(Path::new("/nowhere")), [Path::new("/nowhere")]);
    }
}
