//! How serious a finding is.

use serde::{Deserialize, Serialize};

/// From "worth knowing" to "act now". The order is that of seriousness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Usual on healthy systems; told because it explains something else.
    Note,
    /// Unusual, mostly innocent.
    Low,
    /// Needs an explanation.
    Medium,
    /// Hard to explain innocently.
    High,
    /// What an intruder leaves behind.
    Critical,
}

impl Severity {
    /// All, the most serious first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Note];

    /// The word for tables and queries.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// From its word, in any case.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.word().eq_ignore_ascii_case(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_order() {
        for severity in Severity::ALL {
            assert_eq!(Severity::of(&severity.word().to_uppercase()), Some(severity));
        }
        assert!(Severity::ALL.is_sorted_by(|a, b| a > b));
        assert_eq!(Severity::of("severe"), None);
    }
}
