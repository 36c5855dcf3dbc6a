//! "Intact" against tar(1) and `sha256sum -c --strict`, on bundles that were changed in every way that is known here.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use flate2::Compression;
use flate2::write::GzEncoder;
use procglass_model::bundle::{Integrity, Limits, Reader, SUMS_NAME, Verdict, hex, sha256};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// One entry of a tar archive.
#[derive(Clone, Debug)]
struct Entry {
    name: String,
    kind: u8,
    data: Vec<u8>,
}

impl Entry {
    fn file(name: &str, data: &[u8]) -> Self {
        Self { name: name.to_owned(), kind: b'0', data: data.to_vec() }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut header = tar::Header::new_ustar();
        let name = &mut header.as_old_mut().name;
        name[..self.name.len()].copy_from_slice(self.name.as_bytes());
        header.set_size(self.data.len() as u64);
        header.set_mode(0o600);
        header.set_entry_type(tar::EntryType::new(self.kind));
        if matches!(self.kind, b'1' | b'2') {
            header.set_link_name("manifest.json").unwrap();
        }
        header.set_cksum();
        let padding = vec![0; self.data.len().next_multiple_of(512) - self.data.len()];
        [header.as_bytes(), &self.data[..], &padding].concat()
    }
}

/// A bundle as it is changed.
#[derive(Clone, Debug)]
struct Bundle {
    entries: Vec<Entry>,
    list: Vec<u8>,
    behind_list: Vec<Entry>,
    behind_tar: Vec<u8>,
    behind_gzip: Vec<u8>,
}

impl Bundle {
    fn new() -> Self {
        let text = b"shared by several".as_slice();
        let entries = vec![
            Entry::file("manifest.json", b"{}\n"),
            Entry::file("process/1.json", b"{\"pid\":1}"),
            Entry::file("process/2.json", b""),
            Entry::file(&format!("text/{}", hex(&sha256(text))), text),
            Entry::file("host/proc/a b", &[7; 1000]),
            Entry::file("x\\y\nz", b"odd"),
        ];
        let mut bundle = Self {
            entries,
            list: Vec::new(),
            behind_list: Vec::new(),
            behind_tar: Vec::new(),
            behind_gzip: Vec::new(),
        };
        bundle.list_again();
        bundle
    }

    fn list_again(&mut self) {
        self.list =
            self.entries.iter().flat_map(|entry| line(&entry.name, &entry.data).into_bytes()).collect();
    }

    fn lines(&self) -> Vec<Vec<u8>> {
        self.list.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
    }

    fn bytes(&self) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        for entry in self.entries.iter().chain([&Entry::file(SUMS_NAME, &self.list)]).chain(&self.behind_list)
        {
            gzip.write_all(&entry.bytes()).unwrap();
        }
        gzip.write_all(&[0; 1024]).unwrap();
        gzip.write_all(&self.behind_tar).unwrap();
        let mut bytes = gzip.finish().unwrap();
        bytes.extend_from_slice(&self.behind_gzip);
        bytes
    }
}

/// As `sha256sum` writes it.
fn line(name: &str, data: &[u8]) -> String {
    let escaped = name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
    format!("{}{}  {escaped}\n", if escaped == name { "" } else { "\\" }, hex(&sha256(data)))
}

/// What a change is made with: numbers that pick the entry, the line and the kind.
fn change(bundle: &mut Bundle, kind: usize, pick: usize) {
    let entry = pick % bundle.entries.len();
    let mut lines = bundle.lines();
    let at = pick % lines.len().max(1);
    match kind {
        // Other content, with and without a line that fits.
        0 => bundle.entries[entry].data.push(b'!'),
        1 => {
            bundle.entries[entry].data.push(b'!');
            bundle.list_again();
        }
        2 => drop(bundle.entries.remove(entry)),
        // Entries of other kinds, in front and behind.
        3 => {
            let kind = b"1234567SVMD"[pick % 11];
            let named = Entry { name: "process/31337.json".into(), kind, data: Vec::new() };
            if pick.is_multiple_of(2) {
                bundle.entries.insert(0, named);
            } else {
                bundle.behind_list.push(named);
            }
        }
        4 => bundle.entries.insert(0, Entry { name: "process/".into(), kind: b'5', data: Vec::new() }),
        5 => bundle.entries.insert(0, Entry { name: "./".into(), kind: b'5', data: Vec::new() }),
        6 => bundle.behind_list.push(Entry::file("later", b"x")),
        7 => bundle.behind_list.push(bundle.entries[entry].clone()),
        // Names.
        8 => {
            let name = bundle.entries[entry].name.clone();
            let forms = [
                format!("./{name}"),
                format!("/{name}"),
                format!("{name}/"),
                format!("a/../{name}"),
                format!("a//{name}"),
                "manifest.json/x".into(),
            ];
            bundle.entries[entry].name.clone_from(&forms[pick % forms.len()]);
            if pick % 4 < 2 {
                bundle.list_again();
            }
        }
        9 => bundle.behind_tar = vec![u8::from(pick.is_multiple_of(2)); 3000],
        10 => bundle.behind_gzip = vec![u8::from(pick.is_multiple_of(2)); pick % 700],
        // Lines.
        11 => {
            let more: &[&[u8]] = &[
                b"this line is no sum\n",
                b"\n",
                b"\r\n",
                b"# comment\n",
                b" # no comment\n",
                b"   \n",
                b"0\n",
                b"\\\n",
            ];
            lines.insert(at, more[pick % more.len()].to_vec());
            bundle.list = lines.concat();
        }
        12 if !lines.is_empty() => {
            let again = lines[at].clone();
            lines.push(again);
            bundle.list = lines.concat();
        }
        13 if !lines.is_empty() => {
            drop(lines.remove(at));
            bundle.list = lines.concat();
        }
        14 if !lines.is_empty() => {
            let text = String::from_utf8(lines[at].clone()).unwrap();
            let bare = text.trim_end().to_owned();
            let forms = [
                text.replacen("  ", " *", 1),
                text.replacen("  ", " ", 1),
                text.replacen("  ", "   ", 1),
                text.replacen("  ", "  ./", 1),
                text.replacen("  ", "\t ", 1),
                text.to_uppercase().split("  ").next().unwrap().to_owned()
                    + text.split_at(text.find("  ").unwrap_or(0)).1,
                bare.clone() + "\r\n",
                bare.clone() + " \n",
                format!("  {text}"),
                format!("\\{text}"),
                bare.split_once("  ")
                    .map_or(String::new(), |(hash, name)| format!("SHA256 ({name}) = {hash}\n")),
                bare.split_once("  ")
                    .map_or(String::new(), |(hash, name)| format!("{hash}  {name}/../{name}\n")),
                text.replacen('0', "f", 1),
                text.get(1..).unwrap_or_default().to_owned(),
            ];
            lines[at] = forms[pick / 7 % forms.len()].clone().into_bytes();
            bundle.list = lines.concat();
        }
        15 => bundle.list = if pick.is_multiple_of(2) { Vec::new() } else { b"# nothing\n".to_vec() },
        16 => drop(bundle.list.pop()),
        17 => {
            bundle.entries.push(Entry::file(&format!("file/{}", "0".repeat(64)), b"planted"));
            bundle.list_again();
        }
        _ => {}
    }
}

fn read(bytes: &[u8], piece: usize) -> Option<Integrity> {
    let mut reader = Reader::new(Limits::native());
    for piece in bytes.chunks(piece) {
        reader.push(piece, |_| {}).ok()?;
    }
    reader.finish(|_| {}).ok()
}

/// The files below a folder, by their path from it.
fn files(folder: &Path, below: &str, found: &mut BTreeMap<String, Vec<u8>>) -> bool {
    let mut ordinary = true;
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{below}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            let before = found.len();
            ordinary &= files(&entry.path(), &format!("{name}/"), found);
            // A directory that holds nothing is listed nowhere.
            ordinary &= found.len() > before;
        } else if entry.file_type().unwrap().is_file() {
            found.insert(name, fs::read(entry.path()).unwrap());
        } else {
            ordinary = false;
        }
    }
    ordinary
}

/// What tar and sha256sum say: whether the bundle unpacks, whether the list holds, and whether all that came out of it is
/// listed once and is what it is called by. `None` where they are not installed.
fn oracle(bundle: &Bundle, bytes: &[u8]) -> Option<bool> {
    let place = tempfile::tempdir().unwrap();
    let (file, folder) = (place.path().join("b.tgz"), place.path().join("unpacked"));
    fs::write(&file, bytes).unwrap();
    fs::create_dir(&folder).unwrap();
    let run = |program: &str, args: &[&str]| {
        let mut command = Command::new(program);
        command.args(args).current_dir(&folder).env("LC_ALL", "C").stdin(Stdio::null());
        command.output().ok()
    };
    let tar = run("tar", &["-xzf", file.to_str().unwrap(), "--no-same-owner"])?;
    let check = run("sha256sum", &["-c", "--strict", SUMS_NAME])?;
    let mut found = BTreeMap::new();
    let ordinary = files(&folder, "", &mut found);
    let list = found.remove(SUMS_NAME).is_some();
    // Each `NAME: OK`, in the form in which sha256sum prints names.
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    let mut listed: Vec<_> =
        said.lines().filter_map(|line| line.strip_suffix(": OK")).map(unescaped).collect();
    listed.sort();
    let by_content = found.iter().all(|(name, data)| {
        let called = ["text/", "file/", "executable/"].iter().find_map(|folder| name.strip_prefix(folder));
        called.is_none_or(|called| called == hex(&sha256(data)))
    });
    // What tar writes over, or leaves out without a word, is not in what it unpacked.
    let entries = bundle.entries.iter().chain(&bundle.behind_list);
    let of_files = entries.clone().filter(|entry| matches!(entry.kind, b'0' | b'7')).count();
    let others = entries.filter(|entry| !matches!(entry.kind, b'0' | b'7' | b'5')).count();
    Some(
        tar.status.success()
            && tar.stderr.is_empty()
            && check.status.success()
            && list
            && ordinary
            && others == 0
            && of_files == found.len()
            && by_content
            && listed.iter().eq(found.keys())
            && bundle.behind_tar.iter().all(|byte| *byte == 0),
    )
}

fn unescaped(name: &str) -> String {
    let name = name.strip_prefix('\\').map_or_else(
        || name.to_owned(),
        |name| name.replace("\\\\", "\0").replace("\\n", "\n").replace("\\r", "\r").replace('\0', "\\"),
    );
    name.trim_start_matches("./").to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn intact_is_what_sha256sum_takes(
        changes in prop::collection::vec((0..19_usize, 0..1000_usize), 0..3),
        piece in 1..5000_usize,
    ) {
        let mut bundle = Bundle::new();
        for (kind, pick) in &changes {
            change(&mut bundle, *kind, *pick);
        }
        let bytes = bundle.bytes();
        let integrity = read(&bytes, piece);
        let intact = integrity.as_ref().is_some_and(|integrity| integrity.verdict() == Verdict::Intact);
        if let Some(expected) = oracle(&bundle, &bytes) {
            prop_assert_eq!(intact, expected, "{:?} {:?}", changes, integrity);
        }
    }
}

#[test]
fn what_is_sound_is_intact() {
    let bundle = Bundle::new();
    assert_eq!(read(&bundle.bytes(), 1000).unwrap().verdict(), Verdict::Intact);
    if oracle(&bundle, &bundle.bytes()).is_none() {
        eprintln!("tar or sha256sum is not installed: nothing was compared with them");
    }
}

/// A member that changed while it was read lies under the hash that it had, and the collector says so.
#[test]
fn a_name_of_other_content_is_damage_unless_the_collector_says_why() {
    let name = format!("file/{}", "0".repeat(64));
    let outcomes = format!("{{\"problems\":[{{\"member\":\"{name}\",\"what\":\"cut\"}}]}}");
    for (outcomes, want) in [("{}", Verdict::Damaged), (outcomes.as_str(), Verdict::Intact)] {
        let mut bundle = Bundle::new();
        bundle.entries.push(Entry::file(&name, b"changed"));
        bundle.entries.push(Entry::file("outcomes.json", outcomes.as_bytes()));
        bundle.list_again();
        let integrity = read(&bundle.bytes(), 1000).unwrap();
        assert_eq!(integrity.verdict(), want, "{integrity:?}");
    }
}

#[test]
fn what_is_passed_over_has_a_name() {
    for (kind, word) in
        [(b'1', "hard link"), (b'2', "symbolic link"), (b'3', "device"), (b'6', "pipe"), (b'S', "sparse")]
    {
        let mut bundle = Bundle::new();
        bundle.entries.push(Entry { name: "process/3.json".into(), kind, data: Vec::new() });
        let integrity = read(&bundle.bytes(), 1000).unwrap();
        assert_eq!(integrity.verdict(), Verdict::Damaged);
        assert!(
            integrity.damage.iter().any(|what| what.contains("process/3.json") && what.contains(word)),
            "{integrity:?}"
        );
    }
}
