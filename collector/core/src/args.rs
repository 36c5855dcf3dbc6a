//! The command line as typed. [`options`](crate::options) says what it means.

use crate::list;
use crate::options::{Environ, Identity, Options, Recover};
use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use lexopt::{Error, Parser};
use std::ffi::OsString;
use std::io::Write as _;
use std::time::Duration;

/// What `--help` prints. The man page is made of it.
const HELP: &str = include_str!("help.txt");

/// A number of bytes with an optional unit.
fn bytes(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (text.get(..at), 10),
        Some((at, 'm' | 'M')) => (text.get(..at), 20),
        Some((at, 'g' | 'G')) => (text.get(..at), 30),
        _ => (Some(text), 0),
    };
    digits
        .and_then(|digits| digits.parse::<u64>().ok())
        .and_then(|number| number.checked_mul(1 << shift))
        .ok_or_else(|| "give a number of bytes, as 500000, 64K, 20M or 1G".into())
}

/// A time above 0, to a thousandth. By hand, since the standard library's numbers with a point would be 20 KB of the
/// program.
fn seconds(text: &str) -> Result<Duration, String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let millis = format!("{part:0<3}").get(..3).and_then(|part| part.parse().ok());
    let time = whole
        .parse()
        .ok()
        .zip(millis)
        .map(|(whole, millis)| Duration::from_secs(whole) + Duration::from_millis(millis));
    // More than a day is a mistake, and would overflow sums of times.
    let right =
        |time: &Duration| digits(whole) && digits(part) && !time.is_zero() && time.as_secs() <= 86_400;
    time.filter(right).ok_or_else(|| "give a number of seconds above 0, as 10 or 0.5".into())
}

/// What to do.
#[derive(Debug)]
enum Typed {
    Collect(Options),
    Help,
    Version,
    List,
}

/// Reads the command line. `Err` carries the exit status when there is nothing to run.
pub(crate) fn read(arguments: Vec<OsString>) -> Result<Options, u8> {
    let answer = match parse(Parser::from_args(arguments)) {
        Ok(Typed::Collect(options)) => return Ok(options),
        Ok(Typed::List) => return Err(list::print()),
        Ok(Typed::Help) => HELP,
        Ok(Typed::Version) => concat!("procglass-collect ", env!("CARGO_PKG_VERSION"), "\n"),
        Err(error) => {
            eprintln!("procglass-collect: {error}. --help shows what there is");
            return Err(2);
        }
    };
    // A reader that has gone away has seen enough.
    let _ = std::io::stdout().write_all(answer.as_bytes());
    Err(0)
}

fn parse(mut parser: Parser) -> Result<Typed, Error> {
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('o') | Long("output") => options.output = Some(parser.value()?.into()),
            Long("armor") => options.armor = true,
            Long("root") => options.root = parser.value()?.into(),
            Long("pid") => options.pids.push(named("--pid", parser.value()?, |text| {
                text.parse().map_err(|_| "give the number of a process".into())
            })?),
            Long("environ") => options.environ = named("--environ", parser.value()?, Environ::of)?,
            Long("recover") => options.recover = named("--recover", parser.value()?, Recover::of)?,
            Long("identity") => options.identity = named("--identity", parser.value()?, Identity::of)?,
            Long("costly") => options.costly = true,
            Long("case") => options.case = Some(parser.value()?.string()?),
            Long("operator") => options.operator = Some(parser.value()?.string()?),
            Long("note") => options.note = Some(parser.value()?.string()?),
            Long("passphrase-file") => typed("passphrase-file", &mut options, parser.value()?)?,
            Long("recipient") => typed("recipient", &mut options, parser.value()?)?,
            Long("max-bytes") => options.max_bytes = Some(named("--max-bytes", parser.value()?, bytes)?),
            Long("timeout") => options.timeout = named("--timeout", parser.value()?, seconds)?,
            Long("deadline") => options.deadline = named("--deadline", parser.value()?, seconds)?,
            Long("remote-files") => options.remote_files = true,
            Short('q') | Long("quiet") => options.quiet = true,
            Long("list") => return Ok(Typed::List),
            Short('h') | Long("help") => return Ok(Typed::Help),
            Short('V') | Long("version") => return Ok(Typed::Version),
            Short(_) | Long(_) | Value(_) => return Err(argument.unexpected()),
        }
    }
    options.encrypt.check()?;
    Ok(Typed::Collect(options))
}

/// An option of encryption.
fn typed(option: &str, options: &mut Options, value: OsString) -> Result<(), Error> {
    Ok(options.encrypt.typed(option, value)?)
}

/// A value, or an error that names its option.
fn named<T>(option: &str, value: OsString, read: impl Fn(&str) -> Result<T, String>) -> Result<T, Error> {
    let text = value.to_string_lossy();
    read(&text).map_err(|what| format!("{option} {text}: {what}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, String> {
        match super::parse(Parser::from_args(arguments)) {
            Ok(Typed::Collect(options)) => Ok(options),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn what_is_typed_is_meant() {
        let plain = parse(&[]).unwrap();
        assert_eq!(plain.environ, Environ::Redacted);
        assert_eq!(plain.output, None);
        let all = parse(&[
            "-o",
            "-",
            "--armor",
            "--root",
            "/host",
            "--pid",
            "1",
            "--pid",
            "7",
            "--environ",
            "keys",
            "--max-bytes",
            "20M",
            "--timeout",
            "0.5",
            "--case",
            "C-1",
        ])
        .unwrap();
        assert_eq!((all.pids.as_slice(), all.environ), (&[1, 7][..], Environ::Keys));
        assert_eq!(all.max_bytes, Some(20 << 20));
        assert_eq!(all.timeout.as_millis(), 500);
        assert_eq!(all.output, Some("-".into()));
    }

    #[test]
    fn wrong_values_are_named() {
        for (arguments, word) in [
            (&["--max-bytes", "many"][..], "bytes"),
            (&["--max-bytes", "99999999999G"], "bytes"),
            (&["--timeout", "0"], "seconds"),
            (&["--timeout=-1"], "seconds"),
            (&["--timeout", "1e9"], "seconds"),
            (&["--timeout", "99999999999999999999"], "seconds"),
            (&["--timeout", "0.5.5"], "seconds"),
            (&["--timeout", "."], "seconds"),
            (&["--environ", "some"], "environ"),
            (&["--pid", "self"], "--pid self"),
            (&["--pid"], "pid"),
            (&["--nonsense"], "nonsense"),
            (&["bundle"], "bundle"),
            (&["--armor=yes"], "armor"),
        ] {
            let error = parse(arguments).unwrap_err();
            assert!(error.contains(word), "{arguments:?}: {error}");
        }
    }

    #[test]
    fn help_is_one_screen_and_names_every_option() {
        assert!(HELP.lines().count() <= 46, "{}", HELP.lines().count());
        assert!(HELP.lines().all(|line| line.len() <= 112));
        let source = include_str!("args.rs");
        for option in source.split("Long(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(HELP.contains(&format!("--{option}")), "{option}");
        }
        for arguments in [&["--help"][..], &["-q", "-h"], &["--list"], &["-V"]] {
            let typed = super::parse(Parser::from_args(arguments)).unwrap();
            assert!(!matches!(typed, Typed::Collect(_)));
        }
    }
}
