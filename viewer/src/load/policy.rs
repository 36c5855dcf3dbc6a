//! Which bundles the host of a hosted viewer lets an address open: `procglass-policy.json` beside `open.html`.
//!
//! A path is compared as text and never taken apart, joined or decoded, so there is nothing to slip through: both the
//! folders of the policy and the path are made of plain names between single slashes.

use crate::format::clip;
use serde::Deserialize;
use std::fmt;

/// The file, as the host writes it: `{"bundles": ["bundles/", "/cases/2026/"]}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Policy {
    /// Folders, each ending in a slash: beside `open.html`, or from the root of the server when they begin with one.
    bundles: Vec<String>,
}

/// Why an address is not opened, in a sentence that says what to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The policy file is none.
    NoPolicy(String),
    /// A folder of the policy is not one.
    NoFolder(String),
    /// The path is more than plain names.
    NoPath(String),
    /// The path is in none of the folders, which follow.
    Outside(String, Vec<String>),
}

/// Whether the policy allows the path.
pub(crate) fn check(policy: &str, path: &str) -> Result<(), Refusal> {
    let policy: Policy =
        serde_json::from_str(policy).map_err(|error| Refusal::NoPolicy(error.to_string()))?;
    // All of it is looked at first: a mistake in the file is told whatever somebody asks for.
    if let Some(folder) = policy.bundles.iter().find(|folder| !folder.strip_suffix('/').is_some_and(is_plain))
    {
        return Err(Refusal::NoFolder(folder.clone()));
    }
    if !is_plain(path) {
        return Err(Refusal::NoPath(path.to_owned()));
    }
    if policy.bundles.iter().any(|folder| path.starts_with(folder.as_str())) {
        return Ok(());
    }
    Err(Refusal::Outside(path.to_owned(), policy.bundles))
}

/// Names between single slashes, perhaps one slash in front. No name is empty or begins with a dot, and none holds what
/// browsers or servers read as more than a letter: `%`, `\`, `:`, `?`, `#`, blanks, control characters.
fn is_plain(path: &str) -> bool {
    let plain = |char: u8| char.is_ascii_alphanumeric() || b"._-+@=,~".contains(&char);
    let mut names = path.strip_prefix('/').unwrap_or(path).split('/');
    names.all(|name| !name.is_empty() && !name.starts_with('.') && name.bytes().all(plain))
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |text: &str| clip(text.as_bytes(), 200).into_owned();
        match self {
            Self::NoPolicy(why) => write!(
                f,
                "The policy of this server cannot be understood ({}). Whoever runs it has to mend procglass-policy.json: \
                 it is {{\"bundles\": [\"bundles/\"]}}, with folders of its own.",
                show(why)
            ),
            Self::NoFolder(folder) => write!(
                f,
                "The policy of this server names {:?}, which is no folder. Whoever runs it has to mend procglass-policy.json: \
                 a folder ends in a slash and has plain names only, like \"bundles/\" or \"/cases/2026/\".",
                show(folder)
            ),
            Self::NoPath(path) => write!(
                f,
                "{:?} is not the path of a bundle on this server: only letters, digits and . _ - + @ = , ~ between single \
                 slashes, and no name that begins with a dot. Rename the file, or open it from your own machine.",
                show(path)
            ),
            Self::Outside(path, folders) => {
                let folders: Vec<String> = folders.iter().map(|folder| show(folder)).collect();
                let allowed = if folders.is_empty() { "none".into() } else { folders.join(", ") };
                write!(
                    f,
                    "This server has not allowed opening {} by address. Folders that it allows: {allowed}. Whoever runs it can \
                     add a folder to procglass-policy.json.",
                    show(path)
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POLICY: &str = r#"{"bundles": ["bundles/", "/cases/2026/"]}"#;

    #[test]
    fn bundles_in_the_folders_are_allowed() {
        for path in
            ["bundles/web-1.local-20261125T161401Z.procglass.tar.gz", "bundles/a/b.age", "/cases/2026/x"]
        {
            assert_eq!(check(POLICY, path), Ok(()), "{path}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let paths = [
            "",
            "/",
            "x",
            "bundles",
            "bundles/",
            "bundlesx/a",
            "/bundles/a",
            "cases/2026/a",
            "Bundles/a",
            "./bundles/a",
            "bundles/../a",
            "bundles/./a",
            "bundles/..",
            "bundles/.git/config",
            "bundles//a",
            "//evil.example/bundles/a",
            "/\\evil.example/a",
            "\\\\evil.example\\a",
            "bundles\\a",
            "bundles/..\\..\\a",
            "https://evil.example/bundles/a",
            "http:bundles/a",
            "javascript:alert(1)",
            "data:,x",
            "blob:x",
            "file:///etc/passwd",
            "bundles/%2e%2e/a",
            "bundles/%2E./a",
            "bundles/..%2fa",
            "bundles%2fa",
            "bundles/%252e%252e/a",
            "bundles/a?x",
            "bundles/a#x",
            "bundles/a;x",
            "bundles/a b",
            " bundles/a",
            "bundles/a\n",
            "bundles/\t../a",
            "bundles/\0",
            "bundles/．．/a",
            "bundles/\u{202e}a",
            "bundles/a*",
        ];
        for path in paths {
            let refusal = check(POLICY, path).unwrap_err();
            assert!(matches!(refusal, Refusal::NoPath(_) | Refusal::Outside(..)), "{path}: {refusal}");
        }
    }

    #[test]
    fn a_policy_with_a_mistake_allows_nothing() {
        for policy in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"bundle": ["bundles/"]}"#,
            r#"{"bundles": "bundles/"}"#,
            "<!doctype html>",
        ] {
            assert!(matches!(check(policy, "bundles/a"), Err(Refusal::NoPolicy(_))), "{policy}");
        }
        let also = r#"{"bundles": ["bundles/"], "deny": ["bundles/secret/"]}"#;
        assert!(
            matches!(check(also, "bundles/a"), Err(Refusal::NoPolicy(_))),
            "what is not understood is not passed over"
        );
        for folder in [
            "",
            "/",
            "bundles",
            "//x/",
            "../",
            "bundles/../",
            "https://evil.example/",
            "%2e%2e/",
            ".git/",
            "*/",
        ] {
            let policy = format!(r#"{{"bundles": ["bundles/", "{folder}"]}}"#);
            assert_eq!(check(&policy, "bundles/a"), Err(Refusal::NoFolder(folder.into())));
        }
        assert!(matches!(check(r#"{"bundles": []}"#, "bundles/a"), Err(Refusal::Outside(..))));
    }

    #[test]
    fn refusals_say_who_can_do_what() {
        let text = check(POLICY, "other/a").unwrap_err().to_string();
        assert!(
            text.contains("other/a")
                && text.contains("bundles/, /cases/2026/")
                && text.contains("procglass-policy.json")
        );
        let text = check(POLICY, "bundles/\u{1b}[2J\u{202e}").unwrap_err().to_string();
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
        assert!(check(&"x".repeat(100_000), "a").unwrap_err().to_string().len() < 1_000);
    }

    proptest! {
        /// Whatever is allowed is, for the standard's own parser of addresses, below the folder on the same server, without
        /// query or fragment.
        #[test]
        fn what_is_allowed_stays_below_the_folder(
            path in prop_oneof![
                "\\PC*",
                "/?(bundles|cases/2026|[./\\\\:%?#@a-z0-9]{0,6})(/|//|\\\\|%2f|%5C|:)?[./\\\\:%?#@a-z0-9\t\n ]{0,20}",
                "(bundles|/cases/2026)(/[.]{0,3}[a-z%@:~]{0,4}){0,4}",
            ],
        ) {
            let page = url::Url::parse("https://host.example/tools/procglass/open.html?bundle=x").unwrap();
            if check(POLICY, &path).is_ok() {
                let address = page.join(&path).unwrap();
                prop_assert_eq!(address.origin(), page.origin());
                let below = ["/tools/procglass/bundles/", "/cases/2026/"];
                prop_assert!(below.iter().any(|folder| address.path().starts_with(folder)), "{}", address);
                prop_assert!(address.path().ends_with(&path), "nothing of it was read as more than text: {}", address);
                prop_assert!(address.query().is_none() && address.fragment().is_none());
            }
        }
    }
}
