//! `procglass explain`: what the rules look at, and how to ask. The pages of docs/ are this output.

use crate::args::ExplainArgs;
use crate::error::{Error, Exit};
use std::io::Write as _;

pub(crate) fn run(args: &ExplainArgs) -> Result<Exit, Error> {
    let text = text(&args.what)?;
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(Error::Output)?;
    Ok(Exit::Done)
}

fn text(what: &str) -> Result<String, Error> {
    match what {
        "findings" => Ok(procglass_findings::documentation()),
        "query" => Ok(procglass_query::documentation()),
        "logs" => Ok(procglass_correlate::documentation()),
        rule => procglass_findings::explain(rule).ok_or_else(|| {
            let rules: Vec<_> = procglass_findings::RULES.iter().map(|rule| rule.id).collect();
            Error::Usage(format!(
                "there is no rule `{rule}`. Name one of {}, findings, query, logs",
                rules.join(", ")
            ))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// The pages are what the program says. `cargo xtask docs` writes them.
    #[test]
    fn pages_are_up_to_date() {
        for (what, page) in [("findings", "findings.md"), ("query", "query.md"), ("logs", "correlating.md")] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page);
            let page = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(page == text(what).unwrap(), "{} is out of date: run `cargo xtask docs`", path.display());
        }
    }

    #[test]
    fn one_rule_and_a_wrong_word() {
        assert!(text("deleted-program").unwrap().contains("link count"));
        assert!(text("nonsense").unwrap_err().to_string().contains("shell-on-socket"));
    }
}
