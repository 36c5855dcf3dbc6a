//! The files that `age-keygen` writes.

use super::error::SealError;
use super::keys::Identity;

/// Reads a file of identities: one a line, with empty lines and comments (`#`) between.
///
/// # Errors
/// [`SealError::Key`] that names the line and never shows it.
pub fn identities(text: &str) -> Result<Vec<Identity>, SealError> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let in_line = |what: &str| SealError::Key(format!("line {}: {what}", number + 1));
        if line.starts_with(super::FIRST_LINE) || line.starts_with("-----BEGIN AGE") {
            return Err(in_line("the identity is itself encrypted: decrypt it first with the age tool"));
        }
        if line.starts_with("AGE-SECRET-KEY-PQ-") {
            return Err(in_line("hybrid keys (post-quantum) are not known here: decrypt with the age tool"));
        }
        if line.starts_with("-----BEGIN ") || line.starts_with("AGE-PLUGIN-") {
            return Err(in_line("keys of SSH and of plugins are not known here: decrypt with the age tool"));
        }
        found.push(line.parse().map_err(|error: SealError| in_line(&error.to_string()))?);
    }
    if found.is_empty() {
        return Err(SealError::Key("there is no identity in it: a line that begins AGE-SECRET-KEY-1".into()));
    }
    Ok(found)
}
