//! The command line as typed.

use crate::unlock::{InputKeyArgs, KeyArgs};
use crate::view::ViewParser;
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use procglass_findings::Severity;
use procglass_logs::Columns;
use procglass_report::redact::Choice;
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
    /// Print processes, the process tree, sockets, open files, findings or problems; of several bundles also the systems,
    /// their connections, what they share, their stories, or the changes from one to the next
    Show(ShowArgs),
    /// Ask which of many systems has, listens on, is connected to or mentions an address, a network, a port, an id or a hash
    Ask(AskArgs),
    /// Explain the rules behind findings, or the query language
    Explain(ExplainArgs),
    /// Find the systems and processes behind the lines of firewall and flow logs
    Correlate(CorrelateArgs),
    /// Check bundles against their own SHA256SUMS and say what is missing
    Verify(VerifyArgs),
    /// Make one HTML file that shows the bundles to anyone, offline
    Report(ReportArgs),
    /// Print a shell's completions for this command line
    Completions(CompletionsArgs),
    /// Print a man page, or write all of them into a folder
    Man(ManArgs),
}

#[derive(Args)]
#[command(after_help = filter_help())]
pub(crate) struct ShowArgs {
    /// What to print. It may also stand behind the bundles
    #[arg(value_name = "VIEW", value_parser = ViewParser)]
    pub(crate) view: PathBuf,
    /// Bundles (.procglass.tar.gz, or a terminal log with an armored bundle); for views of many systems also folders of
    /// bundles
    #[arg(value_name = "BUNDLE", required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) bundles: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Only rows that match, such as `user:www-data is:deleted`
    #[arg(long, value_name = "QUERY", default_value = "", allow_hyphen_values = true)]
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
    /// Of `systems`: count them by account, region, cluster, service, image, kind, ...
    #[arg(long, value_name = "FIELD")]
    pub(crate) group: Option<String>,
    /// Of `changes`: what sets the first bundle apart from all the others
    #[arg(long)]
    pub(crate) siblings: bool,
    #[command(flatten)]
    pub(crate) keys: KeyArgs,
}

#[derive(Args)]
#[command(
    after_help = "A question is an address (10.0.3.4, 10.0.3.4:443, fd00::1), a network (10.0.0.0/16), a port (:443), the SHA-256 of a file or an \
image, or the beginning of a container's, task's or instance's id, or a name."
)]
pub(crate) struct AskArgs {
    /// Bundles or folders of bundles, then the question
    #[arg(value_names = ["BUNDLE", "QUESTION"], num_args = 2.., required = true)]
    pub(crate) words: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) keys: KeyArgs,
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
#[command(after_help = logs_help())]
pub(crate) struct CorrelateArgs {
    /// Bundles, logs (plain, gzip, zstd, xz or zip) and folders of them, in any order: they are told apart by content
    #[arg(value_name = "BUNDLE|LOG", num_args = 1.., required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Also print records that match no system
    #[arg(long, conflicts_with = "summary")]
    pub(crate) all: bool,
    /// Print sums instead of records
    #[arg(long, value_enum, value_name = "OF")]
    pub(crate) summary: Option<Summary>,
    /// The format of all logs, instead of what each one looks like
    #[arg(long, value_name = "NAME", value_parser = crate::correlate::log_format)]
    pub(crate) log_format: Option<procglass_logs::Format>,
    /// The order of fields of VPC flow records without a header, such as `version srcaddr dstaddr`
    #[arg(long, value_name = "FIELDS")]
    pub(crate) fields: Option<String>,
    /// Columns of a table, by name or place, such as `source=Src IP,destination=4`
    #[arg(long, value_name = "COLUMNS", value_parser = Columns::parse)]
    pub(crate) columns: Option<Columns>,
    /// UTC offset for timestamps without one
    #[arg(long, value_name = "+HH:MM", default_value = "Z", value_parser = crate::correlate::zone, allow_hyphen_values = true)]
    pub(crate) zone: i64,
    #[command(flatten)]
    pub(crate) keys: KeyArgs,
}

/// What sums are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Summary {
    /// Each process, and each system where no process is named
    Processes,
    /// Remote addresses that talked to a known system but belong to none
    Talkers,
}

#[derive(Args)]
pub(crate) struct ExplainArgs {
    /// A rule, as `show findings` names it; `findings` for all of them; `query` for the query language; `logs` for the
    /// formats of logs and what matches mean
    #[arg(value_name = "RULE", default_value = "findings")]
    pub(crate) what: String,
}

#[derive(Args)]
pub(crate) struct VerifyArgs {
    /// Bundles
    #[arg(value_name = "BUNDLE", required = true)]
    pub(crate) bundles: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) keys: KeyArgs,
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
    /// Encrypt the report: only who types the first line of this file can read it
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) keys: InputKeyArgs,
    /// Use this viewer.html instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) viewer: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = "For this session of bash: source <(procglass completions bash). To keep them: bash \
~/.local/share/bash-completion/completions/procglass, zsh a file _procglass in a folder of $fpath, fish \
~/.config/fish/completions/procglass.fish.")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Shells with completions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
}

#[derive(Args)]
#[command(after_help = "To read a page: procglass man show | man -l -")]
pub(crate) struct ManArgs {
    /// Print the page of this command, such as `show`, instead of the program's
    pub(crate) command: Option<String>,
    /// Write all pages into this folder
    #[arg(short, long, value_name = "FOLDER", conflicts_with = "command")]
    pub(crate) output: Option<PathBuf>,
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
    for field in procglass_query::FIELDS {
        text.push_str(&format!("  {:<28} {}\n", field.example, field.why));
    }
    text.push_str("Of systems and of changes also:\n");
    for field in procglass_query::SYSTEM_FIELDS.iter().chain(procglass_query::CHANGE_FIELDS) {
        text.push_str(&format!("  {:<28} {}\n", field.example, field.why));
    }
    for flag in procglass_query::FLAGS {
        text.push_str(&format!("  is:{:<25} {}\n", flag.name, flag.why));
    }
    text
}

fn logs_help() -> String {
    let mut text = String::from("Formats of logs:\n");
    for about in procglass_logs::FORMATS {
        text.push_str(&format!("  {:<14} {}\n", about.name, about.title));
    }
    text.push_str("\nExit code 3: done, but a bundle was damaged, or lines of a log were not understood.\n");
    text
}
