//! How much evidence a page can carry.

use std::fmt;

/// What browsers open in 3 seconds and 600 MB of memory, as long as it unpacks to little more. Measured in Chromium on a
/// machine with two cores: 100 MB take 2.3 s and 540 MB, 200 MB take 3.9 s and 880 MB; 109 MB that unpack to 285 MB take 4.8 s
/// and 1.05 GB.
pub const EASY: usize = 128 << 20;

/// What they open at all: 300 MB take 6.2 s and 1.25 GB, and a page is held as text of a third more.
pub const MOST: usize = 400 << 20;

/// A report would be too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge {
    /// Bytes of the bundles in it.
    pub bytes: usize,
}

impl TooLarge {
    /// Checks it before the report is made.
    ///
    /// # Errors
    /// Above [`EASY`], or above [`MOST`] for whoever wants it all the same.
    pub fn check(bytes: usize, all_the_same: bool) -> Result<(), Self> {
        if bytes <= if all_the_same { MOST } else { EASY } { Ok(()) } else { Err(Self { bytes }) }
    }

    /// Whether it can be made by whoever wants it all the same.
    #[must_use]
    pub fn is_possible(self) -> bool {
        self.bytes <= MOST
    }
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let megabytes = self.bytes.div_ceil(1_000_000);
        write!(f, "{megabytes} MB of evidence ")?;
        f.write_str(if self.is_possible() {
            "make a page that browsers open slowly, with more than 600 MB of memory. "
        } else {
            "make a page that browsers do not open. "
        })?;
        f.write_str("Leave out the recovered files, or send the bundles and viewer.html instead")
    }
}

impl std::error::Error for TooLarge {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_much_is_refused_before_it_is_made() {
        assert_eq!(TooLarge::check(EASY, false), Ok(()));
        let large = TooLarge::check(EASY + 1, false).unwrap_err();
        assert!(large.is_possible() && TooLarge::check(EASY + 1, true).is_ok());
        let huge = TooLarge::check(MOST + 1, true).unwrap_err();
        assert!(
            huge.to_string().contains("420 MB of evidence make a page that browsers do not open"),
            "{huge}"
        );
    }
}
