//! Why something could not be encrypted or opened.

use procglass_model::bundle::Integrity;
use std::fmt;

/// A reason, in words for whoever holds the file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// The header does not follow the format.
    Header(&'static str),
    /// None of its kinds of recipients is known here.
    UnknownRecipients(Vec<String>),
    /// Making a key of the passphrase would take too long or too much memory.
    TooMuchWork {
        /// The work factor that the file asks for, as a power of two.
        work: u8,
        /// The highest that is taken here.
        most: u8,
    },
    /// The passphrase is another one.
    WrongPassphrase,
    /// It is encrypted for others.
    WrongIdentity,
    /// It takes a passphrase, and identities were given.
    NeedsPassphrase,
    /// It takes an identity, and a passphrase was given.
    NeedsIdentity,
    /// The header was changed after it was written.
    Changed,
    /// A chunk was changed, or bytes before it are missing.
    Damaged {
        /// Where in what is inside, in bytes.
        at: u64,
    },
    /// The file ends before its last chunk.
    Cut {
        /// Where in what is inside, in bytes.
        at: u64,
    },
    /// The last chunk is whole, and bytes follow it: an age file ends with its last chunk.
    After {
        /// Where in what is inside, in bytes: its end.
        at: u64,
    },
    /// What is inside is whole, and the text around it is not.
    Armor(&'static str),
    /// Making a key of the passphrase takes more memory than there is.
    NoMemory {
        /// The work factor, as a power of two: KiB.
        work: u8,
    },
    /// A key could not be derived: a cipher or a hash refused its input.
    Derivation,
    /// Text that should be a key.
    Key(String),
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(what) => write!(f, "its header of encryption is damaged: {what}"),
            Self::UnknownRecipients(kinds) => write!(
                f,
                "it is encrypted for recipients of a kind that is not known here ({}). Open it with the age tool: age \
                 -d -i KEY -o bundle.procglass.tar.gz FILE",
                kinds.join(", ")
            ),
            Self::TooMuchWork { work, most } => write!(
                f,
                "its passphrase has a work factor of 2^{work}, more than the 2^{most} that is taken here: opening \
                 would not end in reasonable time or memory. Ask whoever made it for another, or use the age tool"
            ),
            Self::WrongPassphrase => f.write_str("the passphrase is wrong"),
            Self::WrongIdentity => {
                f.write_str("it is encrypted for other recipients: none of the identities given opens it")
            }
            Self::NeedsPassphrase => {
                f.write_str("it is encrypted with a passphrase; an identity does not open it")
            }
            Self::NeedsIdentity => {
                f.write_str("it is encrypted for recipients; a passphrase does not open it")
            }
            Self::Changed => f.write_str("its header was changed after it was written: do not trust it"),
            Self::Damaged { at } => write!(
                f,
                "the encrypted file is damaged or was changed after byte {at} of what is inside; the rest is lost"
            ),
            Self::Cut { at } => {
                write!(f, "the encrypted file is cut: it ends after byte {at} of what is inside")
            }
            Self::After { at } => write!(
                f,
                "data after the end: the encrypted file ends after byte {at} of what is inside, and bytes of unknown \
                 origin follow. What is inside is whole; do not trust the rest"
            ),
            Self::Armor(what) => write!(f, "the armored text is damaged: {what}. What is inside is whole"),
            Self::NoMemory { work } => write!(
                f,
                "making a key of the passphrase takes {}, and there is not so much. Close other programs or raise the \
                 limit (ulimit -v), and try again",
                memory(*work)
            ),
            Self::Derivation => f.write_str("a key could not be derived; nothing was encrypted or opened"),
            Self::Key(what) => f.write_str(what),
        }
    }
}

impl SealError {
    /// Adds itself to what is known of the bundle inside, of which all was read that is authentic.
    pub fn tell(&self, integrity: &mut Integrity) {
        let list = if let Self::Cut { .. } = self { &mut integrity.cut } else { &mut integrity.damage };
        list.push(self.to_string());
    }
}

/// What scrypt takes with this work factor, in words: 2^`work` KiB.
fn memory(work: u8) -> String {
    match work {
        0..10 => format!("{} KiB of memory", 1_u64 << work),
        10..20 => format!("{} MiB of memory", 1_u64 << (work - 10)),
        20..64 => format!("{} GiB of memory", 1_u64 << (work - 20)),
        _ => format!("2^{work} KiB of memory"),
    }
}

impl std::error::Error for SealError {}
