//! `procglass man` and `procglass completions`: what a package installs beside the program, made from the command line's own
//! definition.

use crate::args::{Cli, CompletionsArgs, ManArgs, Shell};
use crate::error::{Error, Exit};
use clap::{Arg, Command, CommandFactory as _};
use std::io::Write as _;

/// Prints one man page, or writes all of them into a folder.
pub(crate) fn pages(args: &ManArgs) -> Result<Exit, Error> {
    let pages = all_pages()?;
    if let Some(folder) = &args.output {
        std::fs::create_dir_all(folder).map_err(Error::file(folder, "made"))?;
        for (name, text) in &pages {
            let path = folder.join(name);
            std::fs::write(&path, text).map_err(Error::file(&path, "written"))?;
        }
        return Ok(Exit::Done);
    }
    let wanted =
        args.command.as_ref().map_or_else(|| "procglass.1".into(), |name| format!("procglass-{name}.1"));
    let page = pages.iter().find(|(name, _)| *name == wanted).ok_or_else(|| {
        let all: Vec<_> = pages
            .iter()
            .filter_map(|(name, _)| name.strip_prefix("procglass-")?.strip_suffix(".1"))
            .collect();
        Error::Usage(format!(
            "`{}` is no command. Name one of {}",
            args.command.as_deref().unwrap_or_default(),
            all.join(", ")
        ))
    })?;
    print(&page.1)
}

/// Prints a shell's completions.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<Exit, Error> {
    print(&script(args.shell))
}

fn print(text: &[u8]) -> Result<Exit, Error> {
    std::io::stdout().lock().write_all(text).map_err(Error::Output)?;
    Ok(Exit::Done)
}

/// The completions of a shell.
fn script(shell: Shell) -> Vec<u8> {
    let generator = match shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
    };
    let mut command = Cli::command();
    let mut script = Vec::new();
    clap_complete::generate(generator, &mut command, "procglass", &mut script);
    if shell == Shell::Fish {
        script.extend(fish_words(&command).into_bytes());
    }
    script
}

/// Words that stand without an option, such as views: the generator for fish leaves them out.
fn fish_words(command: &Command) -> String {
    let mut lines = String::new();
    for inner in command.get_subcommands() {
        let name = inner.get_name();
        for word in inner.get_positionals().flat_map(Arg::get_possible_values) {
            let about =
                word.get_help().map(|help| format!(" -d '{}'", help.to_string().replace('\'', "\\'")));
            lines.push_str(&format!(
                "complete -c procglass -n \"__fish_procglass_using_subcommand {name}\" -a \"{}\"{}\n",
                word.get_name(),
                about.unwrap_or_default()
            ));
        }
    }
    lines
}

/// The pages of section 1: that of the program and one for each of its commands, with their files' names.
fn all_pages() -> Result<Vec<(String, Vec<u8>)>, Error> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let page = |name: String, command: Command| {
        let mut text = Vec::new();
        let title = name.to_uppercase();
        clap_mangen::Man::new(command)
            .title(title)
            .source(concat!("procglass ", env!("CARGO_PKG_VERSION")))
            .render(&mut text)
            .map_err(Error::Output)?;
        Ok((format!("{name}.1"), text))
    };
    let mut pages = vec![page("procglass".into(), command.clone())?];
    for inner in command.get_subcommands() {
        pages.push(page(format!("procglass-{}", inner.get_name()), inner.clone())?);
    }
    Ok(pages)
}

/// The files of `docs/` that this module writes, by their path below it.
#[cfg(test)]
fn files() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> =
        all_pages().unwrap().into_iter().map(|(name, text)| (format!("man/{name}"), text)).collect();
    for (name, shell) in
        [("procglass.bash", Shell::Bash), ("_procglass", Shell::Zsh), ("procglass.fish", Shell::Fish)]
    {
        files.push((format!("completions/{name}"), script(shell)));
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::VIEWS;
    use std::path::Path;

    /// The files are what the program writes. `cargo xtask docs` writes them.
    #[test]
    fn pages_and_completions_are_up_to_date() {
        for (name, text) in files() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
            let kept = std::fs::read(&path).unwrap_or_default();
            assert!(kept == text, "{} is out of date: run `cargo xtask docs`", path.display());
        }
    }

    #[test]
    fn each_shell_offers_the_views() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let script = String::from_utf8(script(shell)).unwrap();
            for view in &VIEWS {
                assert!(script.contains(view.name), "{shell:?}: {}", view.name);
            }
        }
    }

    #[test]
    fn each_command_has_a_page_under_its_own_name() {
        let pages = all_pages().unwrap();
        let show = &pages.iter().find(|(name, _)| name == "procglass-show.1").unwrap().1;
        let show = String::from_utf8_lossy(show);
        assert!(show.contains("procglass\\-show \\-") || show.contains("procglass-show \\-"), "{show}");
        assert!(show.contains("earlier one first"));
        assert!(pages.iter().all(|(_, text)| text.starts_with(b".ie")));
        assert_eq!(pages.len(), 1 + Cli::command().get_subcommands().count());
    }
}
