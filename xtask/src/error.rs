//! Failures that say what to do next.
//!
//! xtask runs on machines that nobody prepared. "exit status 101" is of no use there: each failure
//! carries the sentence that gets a person one step further, and that sentence is printed last.

use std::fmt;

/// The result of everything in this tool.
pub(crate) type Result<T> = anyhow::Result<T>;

/// What failed, why, and what to do about it.
#[derive(Debug)]
struct Failure {
    what: String,
    cause: Option<anyhow::Error>,
    next: String,
}

/// A failure without a deeper cause.
pub(crate) fn failure(what: impl fmt::Display, next: impl fmt::Display) -> anyhow::Error {
    Failure { what: what.to_string(), cause: None, next: next.to_string() }.into()
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        if let Some(cause) = &self.cause {
            write!(f, ": {cause:#}")?;
        }
        write!(f, "\n{}", self.next)
    }
}

impl std::error::Error for Failure {}

/// Adds what failed, and what to do next, to an error.
pub(crate) trait Advise<T> {
    /// `what` names the step that failed, `next` is a whole sentence for the person at the terminal.
    fn advise(self, what: impl fmt::Display, next: impl fmt::Display) -> Result<T>;
}

impl<T, E: Into<anyhow::Error>> Advise<T> for std::result::Result<T, E> {
    fn advise(self, what: impl fmt::Display, next: impl fmt::Display) -> Result<T> {
        self.map_err(|error| {
            let cause = error.into();
            // The innermost advice knows most: a second sentence after it would bury it.
            if cause.is::<Failure>() {
                return cause;
            }
            Failure { what: what.to_string(), cause: Some(cause), next: next.to_string() }.into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_with_the_next_step_and_keeps_the_innermost_one() {
        let io = std::io::Error::other("disk on fire");
        let inner: Result<()> = Err(io).advise("cannot write", "Free some space.");
        let outer = inner.advise("cannot build", "Read the lines above.").unwrap_err();
        assert_eq!(outer.to_string(), "cannot write: disk on fire\nFree some space.");
    }
}
