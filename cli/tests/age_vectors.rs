//! The test vectors of the age format through the command line.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../shared/age/tests/age/vectors.rs"]
mod vectors;

use std::fs;
use std::path::Path;
use std::process::Command;
use vectors::{DEVIATIONS, Expected, Vector, all};

/// What the message of each outcome says. No vector holds a bundle: what opens without a fault says that.
const WORDS: &[(Expected, &[&str])] = &[
    (Expected::Success, &["this is not a procglass bundle"]),
    (
        Expected::NoMatch,
        &[
            "the passphrase is wrong",
            "none of the identities given opens it",
            "of a kind that is not known here",
        ],
    ),
    (Expected::HmacFailure, &["its header was changed after it was written"]),
    (
        Expected::HeaderFailure,
        &["its header of encryption is damaged", "its passphrase has a work factor of"],
    ),
    (
        Expected::PayloadFailure,
        &["the encrypted file is damaged", "the encrypted file is cut", "data after the end"],
    ),
    (Expected::ArmorFailure, &["the armored text is damaged"]),
];

/// Standard error of `procglass verify`, with the keys of the vector.
fn verify(vector: &Vector, folder: &Path) -> String {
    let file = folder.join("vector");
    fs::write(&file, &vector.file).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_procglass"));
    command.arg("verify").arg(&file);
    for (number, passphrase) in vector.passphrases.iter().enumerate() {
        let path = folder.join(format!("passphrase-{number}"));
        fs::write(&path, passphrase).unwrap();
        command.arg("--passphrase-file").arg(path);
    }
    for (number, identity) in vector.identities.iter().enumerate() {
        let path = folder.join(format!("identity-{number}"));
        fs::write(&path, identity).unwrap();
        command.arg("--identity").arg(path);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(matches!(output.status.code(), Some(1 | 3)), "{}: {:?}: {said}", vector.name, output.status);
    assert!(output.stdout.is_empty(), "{}: {said}", vector.name);
    said
}

#[test]
fn every_vector_ends_as_it_should_but_for_what_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    let vectors = all();
    assert_eq!(vectors.len(), 143);
    for vector in &vectors {
        let said = verify(vector, folder.path());
        if vector.identities.iter().any(|identity| identity.starts_with("AGE-SECRET-KEY-PQ-1")) {
            assert!(
                said.contains("hybrid keys (post-quantum) are not known here"),
                "{}: {said}",
                vector.name
            );
            continue;
        }
        let listed = DEVIATIONS.iter().find(|(name, ..)| *name == vector.name);
        let expected = listed.map_or(vector.expected, |(_, expected, _)| *expected);
        let words = WORDS.iter().find(|(outcome, _)| *outcome == expected).unwrap().1;
        // A file that is not taken for an age file says so too, in the words for files that are no bundle.
        let nothing = (vector.armored || vector.file.is_empty()) && expected != Expected::Success;
        let no_age = nothing && WORDS[0].1.iter().any(|words| said.contains(words));
        if !no_age && !words.iter().any(|words| said.contains(words)) {
            wrong.push(format!("{}: {expected:?}: {said}", vector.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join(""));
}

/// A file that asks for 4 GiB, on a system where a program may have one.
#[test]
fn memory_that_is_not_there_is_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let (file, passphrase) = (folder.path().join("large.age"), folder.path().join("passphrase"));
    let (salt, body, code) = ("A".repeat(22), "A".repeat(43), "A".repeat(43));
    fs::write(&file, format!("age-encryption.org/v1\n-> scrypt {salt} 22\n{body}\n--- {code}\n")).unwrap();
    fs::write(&passphrase, "secret\n").unwrap();
    let output = Command::new("sh")
        .args(["-c", "ulimit -v 1048576; exec \"$0\" verify \"$1\" --passphrase-file \"$2\""])
        .arg(env!("CARGO_BIN_EXE_procglass"))
        .args([&file, &passphrase])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("takes 4 GiB of memory, and there is not so much"), "{said}");
}
