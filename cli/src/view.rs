//! The views of `procglass show`, as words of the command line.

use crate::systems;
use clap::builder::{PathBufValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Command};
use procglass_model::text;
use procglass_query::View;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// What a view's word names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A view of each snapshot by itself.
    Snapshot(View),
    /// A view of all snapshots together.
    Systems(systems::View),
    /// The differences between snapshots.
    Changes,
}

/// A view with its word and what it prints, in one line.
pub(crate) struct Word {
    pub(crate) name: &'static str,
    about: &'static str,
    what: What,
}

const fn word(name: &'static str, what: What, about: &'static str) -> Word {
    Word { name, about, what }
}

/// All views. Help, completions, man pages and messages come from this list.
pub(crate) const VIEWS: [Word; 11] = [
    word("processes", What::Snapshot(View::Processes), "One row for each process"),
    word("tree", What::Snapshot(View::Tree), "The processes below their parents"),
    word("sockets", What::Snapshot(View::Sockets), "One row for each socket, with its holders"),
    word("files", What::Snapshot(View::Files), "One row for each open file"),
    word("findings", What::Snapshot(View::Findings), "What the rules found, with its proof"),
    word("problems", What::Snapshot(View::Problems), "What could not be collected or read"),
    word(
        "systems",
        What::Systems(systems::View::Systems),
        "One row for each system, or with --group for each group",
    ),
    word(
        "connections",
        What::Systems(systems::View::Connections),
        "Connections between systems, joined at both ends",
    ),
    word("shared", What::Systems(systems::View::Shared), "What several systems have in common"),
    word("stories", What::Systems(systems::View::Stories), "Findings of all systems that belong together"),
    word("changes", What::Changes, "The differences between two snapshots, the earlier one first"),
];

/// The view that a word names.
fn named(word: &Path) -> Option<What> {
    VIEWS.iter().find(|view| word == Path::new(view.name)).map(|view| view.what)
}

/// Takes any word in the place of the view, since a bundle may stand there, and offers the views for completion.
#[derive(Clone)]
pub(crate) struct ViewParser;

impl TypedValueParser for ViewParser {
    type Value = PathBuf;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<PathBuf, clap::Error> {
        PathBufValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(VIEWS.iter().map(|view| PossibleValue::new(view.name).help(view.about))))
    }
}

/// The view and the bundles of a command line: `VIEW BUNDLE...`, or `BUNDLE... VIEW` as in the first versions. A first word
/// that names a view is the view. A bundle with such a name is written with its folder, as `./tree`.
///
/// # Errors
/// With a message for the terminal where no view stands at either end. It shows the command that was probably meant.
pub(crate) fn split<'a>(first: &'a Path, rest: &'a [PathBuf]) -> Result<(What, Vec<&'a Path>), String> {
    let rest: Vec<&Path> = rest.iter().map(PathBuf::as_path).collect();
    if let Some(view) = named(first) {
        return Ok((view, rest));
    }
    let mut bundles = vec![first];
    bundles.extend(&rest);
    if let Some((last, before)) = bundles.split_last()
        && let Some(view) = named(last)
    {
        return Ok((view, before.to_vec()));
    }
    Err(no_view(&bundles))
}

/// Says which word is no view, and how the command is written.
fn no_view(words: &[&Path]) -> String {
    if let Some(at) = words.iter().position(|word| named(word).is_some()) {
        let mut bundles = words.to_vec();
        let view = bundles.remove(at).to_string_lossy();
        return format!("the view stands in front of the bundles. Write `{}`", command(&view, &bundles));
    }
    // A bundle exists or has a dot or slash in its name, and a mistyped view has neither.
    let like_file =
        |word: &&&Path| word.exists() || word.as_os_str().as_bytes().iter().any(|b| b"./".contains(b));
    let ends = [words.first(), words.last()];
    let wrong = ends.into_iter().flatten().find(|word| !like_file(word)).or(words.last());
    let bundles: Vec<&Path> = words.iter().filter(|word| Some(word) != wrong.as_ref()).copied().collect();
    let wrong = wrong.map(|word| text::visible(word.as_os_str().as_bytes())).unwrap_or_default();
    let names: Vec<_> = VIEWS.iter().map(|view| view.name).collect();
    format!("`{wrong}` is no view. Write `{}` with one of {}", command("VIEW", &bundles), names.join(", "))
}

/// The command as it is typed. Of many bundles the first two stand for all.
fn command(view: &str, bundles: &[&Path]) -> String {
    let mut text = format!("procglass show {view}");
    for bundle in bundles.iter().take(2) {
        let name = text::visible(bundle.as_os_str().as_bytes());
        let plain = name.chars().all(|c| c.is_alphanumeric() || "-_./+:@%,=".contains(c));
        // Writing to a String cannot fail.
        let _ =
            if plain { write!(text, " {name}") } else { write!(text, " '{}'", name.replace('\'', r"'\''")) };
    }
    if bundles.len() > 2 {
        text.push_str(" ...");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(words: &[&str]) -> Result<(What, Vec<String>), String> {
        let words: Vec<PathBuf> = words.iter().map(PathBuf::from).collect();
        let (first, rest) = words.split_first().unwrap();
        let (what, bundles) = super::split(first, rest)?;
        Ok((what, bundles.iter().map(|bundle| bundle.display().to_string()).collect()))
    }

    #[test]
    fn the_view_stands_at_either_end() {
        for view in &VIEWS {
            let right = (view.what, vec!["a.tar.gz".to_owned(), "b".to_owned()]);
            assert_eq!(split(&[view.name, "a.tar.gz", "b"]), Ok(right.clone()));
            assert_eq!(split(&["a.tar.gz", "b", view.name]), Ok(right));
        }
        let tree = What::Snapshot(View::Tree);
        assert_eq!(split(&["tree", "sockets"]), Ok((tree, vec!["sockets".into()])));
        assert_eq!(split(&["./sockets", "tree"]), Ok((tree, vec!["./sockets".into()])));
    }

    #[test]
    fn a_command_without_a_view_is_answered_by_the_right_one() {
        for (words, part) in [
            (
                &["a.tar.gz", "prosesses"][..],
                "`prosesses` is no view. Write `procglass show VIEW a.tar.gz` with one of ",
            ),
            (
                &["prosesses", "a.tar.gz"],
                "`prosesses` is no view. Write `procglass show VIEW a.tar.gz` with one of ",
            ),
            (
                &["a.tgz", "b.tgz", "c.tgz", "d"],
                "`d` is no view. Write `procglass show VIEW a.tgz b.tgz ...` with",
            ),
            (&["a.tgz", "tree", "b.tgz"], "Write `procglass show tree a.tgz b.tgz`"),
            (
                &["a\x1b[2J b's.tgz", "sockets", "x.tgz"],
                r"Write `procglass show sockets 'a\x1b[2J b'\''s.tgz' x.tgz`",
            ),
        ] {
            let message = split(words).unwrap_err();
            assert!(message.contains(part), "{words:?}: {message}");
        }
        assert!(split(&["a.tgz", "x"]).unwrap_err().ends_with("connections, shared, stories, changes"));
    }
}
