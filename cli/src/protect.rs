//! Reports that only a passphrase opens.

use crate::error::Error;
use crate::unlock::passphrase;
use procglass_age::{Stretched, To, WORK, weakness};
use procglass_report::{Evidence, Page, SealedReport};
use std::io::{self, Write};
use std::path::Path;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Makes a key of the passphrase in a file, which takes a second.
pub(crate) fn key(path: &Path) -> Result<To, Error> {
    let passphrase = passphrase(path)?;
    if let Some(why) = weakness(&passphrase) {
        eprintln!("procglass: {}: {why}", path.display());
    }
    let composed = std::str::from_utf8(&passphrase).map(|text| text.nfc().collect::<String>());
    let passphrase = composed.map_or(passphrase, |text| Zeroizing::new(text.into_bytes()));
    if !passphrase.is_ascii() {
        eprintln!(
            "procglass: {}: letters outside ASCII are hard to type on other keyboards: letters a to z, digits and spaces are safer",
            path.display()
        );
    }
    let mut salt = [0; 16];
    random(&mut salt).map_err(Error::file(path, "used"))?;
    Stretched::new(&passphrase, salt, WORK).map(To::Passphrase).map_err(Error::sealed(path))
}

/// Writes the report; `texts` are notes and summary.
pub(crate) fn write(
    out: &mut impl Write,
    page: &Page<'_>,
    to: &To,
    bundles: &[(Evidence, &[u8])],
    texts: (&str, &str),
) -> io::Result<()> {
    let list: Vec<Evidence> = bundles.iter().map(|(evidence, _)| evidence.clone()).collect();
    let mut report = SealedReport::begin(page, out, (to, &mut random), &list, texts)?;
    for (number, (_, bytes)) in bundles.iter().enumerate() {
        report.bundle(number, bytes.len())?;
        report.write_all(bytes)?;
    }
    report.finish().map(drop)
}

/// The system's random bytes.
fn random(bytes: &mut [u8]) -> io::Result<()> {
    getrandom::fill(bytes).map_err(io::Error::from)
}
