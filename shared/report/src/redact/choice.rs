//! What can be left out.

use std::fmt;
use std::str::FromStr;

/// One kind of data that a reader of the report need not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Choice {
    /// Values of environment variables.
    Environment,
    /// What programs were told on their command lines.
    Arguments,
    /// Names of accounts.
    Users,
    /// IP and hardware addresses.
    Addresses,
    /// Names of folders and files.
    Paths,
    /// Names of the system itself.
    Host,
    /// Collected files beside process records and socket tables.
    Evidence,
    /// Programs and files that the collector saved.
    Recovered,
}

/// All of them, in the order in which they are offered.
pub const CHOICES: [Choice; 8] = [
    Choice::Environment,
    Choice::Arguments,
    Choice::Users,
    Choice::Addresses,
    Choice::Paths,
    Choice::Host,
    Choice::Evidence,
    Choice::Recovered,
];

impl Choice {
    /// The word of the command line and of the manifest.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Arguments => "arguments",
            Self::Users => "users",
            Self::Addresses => "addresses",
            Self::Paths => "paths",
            Self::Host => "host",
            Self::Evidence => "evidence",
            Self::Recovered => "recovered",
        }
    }

    /// One sentence for whoever has to choose.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Environment => "Values of environment variables; their names stay.",
            Self::Arguments => {
                "Arguments of programs, where passwords are often given; the program's own name stays."
            }
            Self::Users => "Names of users; their numbers and the names of system accounts stay.",
            Self::Addresses => {
                "IP and hardware addresses; whether they are private or public stays, and ports stay."
            }
            Self::Paths => {
                "Names of folders and files; the system's own folders and the names of processes stay."
            }
            Self::Host => "The names that this system and its containers have.",
            Self::Evidence => "All collected files but process records and socket tables.",
            Self::Recovered => "Saved programs and deleted files. Any of the choices above removes them too.",
        }
    }

    /// Whether it replaces values, so that what cannot be searched for them must go.
    fn is_of_values(self) -> bool {
        !matches!(self, Self::Evidence | Self::Recovered)
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names nothing that can be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAChoice(String);

impl fmt::Display for NotAChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = CHOICES.map(Choice::word).join(", ");
        write!(f, "`{}` cannot be left out; choose from {all}", self.0.escape_debug())
    }
}

impl std::error::Error for NotAChoice {}

impl FromStr for Choice {
    type Err = NotAChoice;

    fn from_str(word: &str) -> Result<Self, NotAChoice> {
        CHOICES.into_iter().find(|choice| choice.word() == word).ok_or_else(|| NotAChoice(word.to_owned()))
    }
}

/// Several choices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choices(u8);

impl Choices {
    /// Whether nothing is to be left out.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this is to be left out.
    #[must_use]
    pub fn has(self, choice: Choice) -> bool {
        self.0 & (1 << choice as u8) != 0
    }

    /// The same with one more, or with one less.
    #[must_use]
    pub fn with(self, choice: Choice, chosen: bool) -> Self {
        let bit = 1 << choice as u8;
        Self(if chosen { self.0 | bit } else { self.0 & !bit })
    }

    /// In the order in which they are offered.
    pub fn iter(self) -> impl Iterator<Item = Choice> {
        CHOICES.into_iter().filter(move |choice| self.has(*choice))
    }

    /// Whether any of them replaces values.
    pub(super) fn of_values(self) -> bool {
        self.iter().any(Choice::is_of_values)
    }

    /// Whether values go that may stand in any text: not only those of one process.
    pub(super) fn of_names(self) -> bool {
        [Choice::Users, Choice::Addresses, Choice::Paths, Choice::Host]
            .into_iter()
            .any(|choice| self.has(choice))
    }
}

impl FromIterator<Choice> for Choices {
    fn from_iter<T: IntoIterator<Item = Choice>>(choices: T) -> Self {
        choices.into_iter().fold(Self::default(), |all, choice| all.with(choice, true))
    }
}
