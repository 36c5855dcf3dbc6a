//! The choice of `--environ`.

/// What is kept of environments, and of secrets in command lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environ {
    /// Names only; secrets in command lines are replaced.
    Keys,
    /// Everything, but values that look secret are replaced by a keyed hash.
    Redacted,
    /// Everything as it is.
    Full,
}

impl Environ {
    /// The mode by its word on the command line.
    ///
    /// # Errors
    ///
    /// The word is none of `keys`, `redacted` and `full`: a sentence that names them.
    pub fn of(word: &str) -> Result<Self, String> {
        let all = [Self::Keys, Self::Redacted, Self::Full];
        all.into_iter().find(|one| one.word() == word).ok_or_else(|| "it is keys, redacted or full".into())
    }

    /// Its word on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Redacted => "redacted",
            Self::Full => "full",
        }
    }
}
