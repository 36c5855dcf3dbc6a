//! Passphrases.

use super::error::SealError;
use super::file_key::FileKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use scrypt::Params;
use zeroize::Zeroizing;

/// The work factor that is written, as a power of two: a second of a present processor and 256 MiB, as the age tool has it.
pub const WORK: u8 = 18;
/// The highest that is opened: 4 GiB, and some twenty seconds.
pub const MOST_WORK: u8 = 22;
/// The highest that is opened in a page, whose memory ends at 4 GiB: 1 GiB.
pub const MOST_WORK_BROWSER: u8 = 20;

const LABEL: &[u8] = b"age-encryption.org/v1/scrypt";

/// scrypt's block size, as age has it: with it, 2^n rounds take 2^n KiB.
const BLOCKS: u32 = 8;
/// What scrypt takes beside its table, with room to spare.
const BESIDE: usize = 64 << 10;

/// Makes a key of a passphrase: slow by intention, and in 2^`work` KiB of memory.
///
/// # Errors
/// [`SealError::NoMemory`] where there is not so much, [`SealError::TooMuchWork`] for a work factor that no machine has an
/// address space for.
pub fn stretch(passphrase: &[u8], salt: &[u8; 16], work: u8) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let most = u8::try_from(usize::BITS - 11).unwrap_or(MOST_WORK);
    if work > most {
        return Err(SealError::TooMuchWork { work, most });
    }
    let params = Params::new(work, BLOCKS, 1).map_err(|_| SealError::TooMuchWork { work, most })?;
    // scrypt takes its table at once and ends the program where it cannot; so it is asked for here first.
    let mut table = Vec::<u8>::new();
    table.try_reserve_exact((1024 << work) + BESIDE).map_err(|_| SealError::NoMemory { work })?;
    drop(table);
    let mut key = Zeroizing::new([0; 32]);
    let salt = [LABEL, salt.as_slice()].concat();
    scrypt::scrypt(passphrase, &salt, &params, key.as_mut_slice()).map_err(|_| SealError::Derivation)?;
    Ok(key)
}

/// A passphrase that was made a key, to encrypt with.
#[derive(Clone)]
pub struct Stretched {
    salt: [u8; 16],
    work: u8,
    key: Zeroizing<[u8; 32]>,
}

impl Stretched {
    /// Makes it here, which takes a while.
    ///
    /// # Errors
    /// As [`stretch`].
    pub fn new(passphrase: &[u8], salt: [u8; 16], work: u8) -> Result<Self, SealError> {
        Ok(Self { salt, work, key: stretch(passphrase, &salt, work)? })
    }

    /// Takes what [`stretch`] made elsewhere of a passphrase with this salt and work factor.
    #[must_use]
    pub fn of(key: [u8; 32], salt: [u8; 16], work: u8) -> Self {
        Self { salt, work, key: Zeroizing::new(key) }
    }

    pub(super) fn wrap(&self, key: &FileKey) -> Result<(String, Vec<u8>), SealError> {
        Ok((format!("scrypt {} {}", BASE64.encode(self.salt), self.work), key.wrap(&self.key)?))
    }
}

/// Why others may guess a passphrase, if that is to be expected; in words for whoever chose it.
#[must_use]
pub fn weakness(passphrase: &[u8]) -> Option<&'static str> {
    let letters = String::from_utf8_lossy(passphrase).chars().count();
    let mut kinds: Vec<u8> = passphrase.to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    if letters < 12 {
        return Some(
            "the passphrase is short: whoever gets the file can try millions. Four random words are better",
        );
    }
    (kinds.len() < 6).then_some("the passphrase repeats few letters: whoever gets the file can guess it")
}

/// The passphrase in a file: its only line, without the line's end.
///
/// # Errors
/// [`SealError::Key`] when there is none, or more than one line.
pub fn first_line(bytes: &[u8]) -> Result<&[u8], SealError> {
    let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() {
        return Err(SealError::Key("there is no passphrase in it: write one on its first line".into()));
    }
    if line.contains(&b'\n') {
        return Err(SealError::Key("there is more than one line in it, and a passphrase is one".into()));
    }
    Ok(line)
}
