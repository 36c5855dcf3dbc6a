//! The pages of `docs/` that the program itself writes.

use std::path::Path;

use crate::error::{Result, failure};
use crate::files;
use crate::sh::ask_in;

/// What to ask `procglass explain` for, and the page that it fills.
const PAGES: [(&str, &str); 3] =
    [("findings", "findings.md"), ("query", "query.md"), ("logs", "correlating.md")];

/// Writes them.
pub(crate) fn run(root: &Path) -> Result<()> {
    for (what, page) in PAGES {
        let ask = ["run", "--quiet", "--package", "procglass", "--", "explain", what];
        let text = ask_in(root, "cargo", &ask).ok_or_else(|| {
            failure(format!("`cargo {}` failed", ask.join(" ")), "Run it by hand and mend what it names.")
        })?;
        let path = root.join("docs").join(page);
        files::write(&path, text)?;
        println!("docs: {}", path.display());
    }
    Ok(())
}
