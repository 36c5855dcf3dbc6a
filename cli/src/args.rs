//! The command line as typed.

use clap::{Args, Parser, Subcommand, ValueEnum};
use procglass_model::finding::Severity;
use procglass_model::report::redact::Choice;
use std::path::PathBuf;

/// Look at what was running: read bundles that procglass-collect made.
#[derive(Parser)]
#[command(name = "procglass", version, about, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done; 1 nothing written; 2 wrong usage; 3 done, but the input was damaged; 4 done, and --fail-on holds."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print processes, the process tree, sockets, open files, findings or problems
    Show(ShowArgs),
    /// Explain the rules behind findings, or the query language
    Explain(ExplainArgs),
    /// Check bundles against their own SHA256SUMS and say what is missing
    Verify(VerifyArgs),
    /// Make one HTML file that shows the bundles to anyone, offline
    Report(ReportArgs),
}

#[derive(Args)]
#[command(after_help = filter_help())]
pub(crate) struct ShowArgs {
    /// Bundles (.procglass.tar.gz, or a terminal log with an armored bundle), then the view:
    /// processes, tree, sockets, files, findings or problems
    #[arg(value_names = ["BUNDLE", "VIEW"], num_args = 2.., required = true)]
    pub(crate) words: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Only rows that match, such as `user:www-data is:deleted`
    #[arg(long, value_name = "QUERY", default_value = "")]
    pub(crate) filter: String,
    /// Add where each field was read: the member and the place in it
    #[arg(long)]
    pub(crate) sources: bool,
    /// Exit with 4 when something at least this serious is found, whatever is shown
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,
    /// Notes of analysts (docs/notes.md): adds a column `notes`; what they explained does not count for --fail-on
    #[arg(long, value_name = "FILE")]
    pub(crate) notes: Vec<PathBuf>,
    /// Also look for these: addresses, networks, SHA-256s, paths or names, one a line (text or CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) indicators: Option<PathBuf>,
}

/// Severities, as words of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Note,
    Low,
    Medium,
    High,
    Critical,
}

impl From<FailOn> for Severity {
    fn from(word: FailOn) -> Self {
        match word {
            FailOn::Note => Self::Note,
            FailOn::Low => Self::Low,
            FailOn::Medium => Self::Medium,
            FailOn::High => Self::High,
            FailOn::Critical => Self::Critical,
        }
    }
}

#[derive(Args)]
pub(crate) struct ExplainArgs {
    /// A rule, as `show findings` names it; `findings` for all of them; `query` for the query language
    #[arg(value_name = "RULE", default_value = "findings")]
    pub(crate) what: String,
}

#[derive(Args)]
pub(crate) struct VerifyArgs {
    /// Bundles
    #[arg(value_name = "BUNDLE", required = true)]
    pub(crate) bundles: Vec<PathBuf>,
}

#[derive(Args)]
pub(crate) struct ReportArgs {
    /// Bundles
    #[arg(value_name = "BUNDLE", required = true)]
    pub(crate) bundles: Vec<PathBuf>,
    /// Where to write the report
    #[arg(short, long, value_name = "FILE", default_value = "report.html")]
    pub(crate) output: PathBuf,
    /// Leave these out, for good: environment, arguments, users, addresses, paths, host, evidence, recovered
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = str::parse::<Choice>)]
    pub(crate) redact: Vec<Choice>,
    /// Put notes of analysts into it, as "Save report" in the viewer does (docs/notes.md); may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) notes: Vec<PathBuf>,
    /// Make it even when browsers will open it slowly
    #[arg(long)]
    pub(crate) force: bool,
    /// Use this viewer.html instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) viewer: Option<PathBuf>,
}

/// Output formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people
    Table,
    /// One array of objects
    Json,
    /// RFC 4180 with a header
    Csv,
}

fn filter_help() -> String {
    let mut text = String::from(
        "Query language (terms must all hold; `or` between alternatives; `-` in front negates):\n",
    );
    for field in procglass_model::query::FIELDS {
        text.push_str(&format!("  {:<28} {}\n", field.example, field.why));
    }
    for (name, why) in procglass_model::query::FLAGS {
        text.push_str(&format!("  is:{name:<25} {why}\n"));
    }
    text
}
