//! The layers of the workspace: a package depends only on packages of lower layers.

use std::path::Path;

use crate::error::Result;
use crate::files;

/// A package of the workspace.
struct Package {
    /// Its folder, and its name without `procglass-`.
    folder: &'static str,
    name: &'static str,
    layer: u8,
    /// It has no clock, no files, no threads and no browser, outside its tests.
    pure: bool,
}

const fn shared(folder: &'static str, name: &'static str, layer: u8) -> Package {
    Package { folder, name, layer, pure: true }
}

const fn program(folder: &'static str, name: &'static str) -> Package {
    Package { folder, name, layer: TOP, pure: false }
}

/// The layer of what nothing depends on.
const TOP: u8 = 9;
/// The collector reads `/proc` and writes a format: it knows nothing above the parsers.
const COLLECTOR: u8 = 2;

/// The packages in the order of the data. A new package of `shared/` is a line here and one in `shared/README.md`.
const PACKAGES: &[Package] = &[
    shared("shared/model", "model", 0),
    shared("shared/proc", "proc", 1),
    shared("shared/logs", "logs", 1),
    shared("shared/age", "age", 1),
    shared("shared/snapshot", "snapshot", 2),
    shared("shared/findings", "findings", 3),
    shared("shared/notes", "notes", 4),
    shared("shared/opened", "opened", 5),
    shared("shared/systems", "systems", 6),
    shared("shared/query", "query", 7),
    shared("shared/correlate", "correlate", 8),
    shared("shared/report", "report", 8),
    // Only tests may depend on it.
    program("shared/fixture", "fixture"),
    Package { folder: "collector/record", name: "record", layer: 1, pure: true },
    Package { folder: "collector/redact", name: "redact", layer: 1, pure: true },
    Package { folder: "collector/core", name: "collector", layer: COLLECTOR, pure: false },
    Package { folder: "collector", name: "collect", layer: COLLECTOR + 1, pure: false },
    program("cli", ""),
    program("viewer", "viewer"),
    program("tests", "tests"),
];

/// What a pure package does not name, with what it would be.
const IMPURE: &[(&str, &str)] = &[
    ("std::fs", "files"),
    ("std::thread", "threads"),
    ("std::process", "processes"),
    ("SystemTime", "a clock"),
    ("Instant::now", "a clock"),
    ("TcpStream", "a network"),
    ("UdpSocket", "a network"),
    ("web_sys", "a browser"),
    ("js_sys", "a browser"),
    ("wasm_bindgen", "a browser"),
];

/// Adds each dependency that points up, and each package that is in no layer, to `complaints`.
pub(super) fn check(root: &Path, complaints: &mut Vec<String>) -> Result<()> {
    for folder in files::folders(&root.join("shared"))? {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        if !PACKAGES.iter().any(|package| package.folder == format!("shared/{name}")) {
            complaints.push(format!("shared/{name}: in no layer: add a line to {}", file!()));
        }
    }
    let map = String::from_utf8_lossy(&files::read(&root.join("shared/README.md"))?).into_owned();
    for package in PACKAGES {
        let path = format!("{}/Cargo.toml", package.folder);
        let manifest = String::from_utf8_lossy(&files::read(&root.join(&path))?).into_owned();
        for above in above(package, &manifest) {
            complaints.push(format!("{path}: depends on procglass-{above}, which is not in a lower layer"));
        }
        if let Some(name) = package.folder.strip_prefix("shared/")
            && !map.contains(&format!("`{name}/`"))
        {
            complaints.push(format!("shared/README.md: has no line for `{name}/`"));
        }
    }
    Ok(())
}

/// The packages that this one must not depend on, and does.
fn above(package: &Package, manifest: &str) -> Vec<String> {
    let names = dependencies(manifest);
    let lower = |name: &str| {
        PACKAGES.iter().any(|other| other.name == name && other.layer < package.layer && other.layer < TOP)
    };
    // The commands and the viewer do not know the collector: they meet in the bundle.
    let apart =
        |name: &str| package.layer == TOP && matches!(name, "collect" | "collector" | "record" | "redact");
    let wrong = |name: &String| !lower(name) || apart(name);
    names.into_iter().filter(wrong).collect()
}

/// The packages of this workspace in `[dependencies]`, without `procglass-`. Those of tests and examples may be higher.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut counts = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if let Some(table) = line.strip_prefix('[') {
            counts = table.contains("dependencies") && !table.contains("dev-dependencies");
        }
        let name = line.strip_prefix("procglass-").filter(|_| counts);
        names.extend(name.and_then(|rest| Some(rest.split(['.', ' ', '=']).next()?.to_owned())));
    }
    names
}

/// Adds each line of a pure package that names a clock, a file, a thread or a browser. What follows the first `#[cfg(test)]` of a
/// file, and files of tests, may.
pub(super) fn pure(name: &str, text: &str, complaints: &mut Vec<String>) {
    let pure = |package: &&Package| package.pure && name.starts_with(&format!("{}/src/", package.folder));
    let test = name.contains("/tests/") || name.ends_with("tests.rs") || name.ends_with("testing.rs");
    if test || PACKAGES.iter().find(pure).is_none() {
        return;
    }
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("#[cfg(test)]") {
            return;
        }
        let code = line.split("//").next().unwrap_or_default();
        for (word, what) in IMPURE.iter().filter(|(word, _)| code.contains(word)) {
            complaints.push(format!("{name}:{}: uses {what} ({word}), which its callers have", index + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> &'static Package {
        PACKAGES.iter().find(|package| package.name == name).unwrap()
    }

    #[test]
    fn dependencies_point_down() {
        let manifest = "[package]\nname = \"procglass-snapshot\"\n[dependencies]\nprocglass-model.workspace = true\nserde = \"1\"\n\
                        procglass-findings = { workspace = true }\n[dev-dependencies]\nprocglass-fixture.workspace = true\n";
        assert_eq!(dependencies(manifest), ["model", "findings"]);
        assert_eq!(above(of("snapshot"), manifest), ["findings"]);
        assert!(above(of("systems"), manifest).is_empty());
    }

    #[test]
    fn one_layer_does_not_depend_on_itself_and_nothing_on_programs() {
        let on = |name: &str| format!("[target.x.dependencies]\nprocglass-{name}.workspace = true\n");
        assert_eq!(above(of("report"), &on("correlate")), ["correlate"]);
        assert_eq!(above(of("query"), &on("fixture")), ["fixture"]);
        assert_eq!(above(of("viewer"), &on("collect")), ["collect"]);
        assert_eq!(above(of("collect"), &on("findings")), ["findings"]);
        assert!(
            above(of("collector"), &on("redact")).is_empty()
                && above(of("collect"), &on("collector")).is_empty()
        );
    }

    #[test]
    fn files_clocks_and_threads_belong_to_the_callers() {
        let complaints = |name: &str, text: &str| {
            let mut found = Vec::new();
            pure(name, text, &mut found);
            found.len()
        };
        assert_eq!(complaints("shared/snapshot/src/a.rs", "use std::fs;\nlet now = Instant::now();\n"), 2);
        assert_eq!(complaints("shared/snapshot/src/a.rs", "// std::fs\n#[cfg(test)]\nuse std::fs;\n"), 0);
        assert_eq!(complaints("shared/snapshot/src/tests.rs", "use std::fs;\n"), 0);
        assert_eq!(complaints("cli/src/a.rs", "use std::fs;\n"), 0);
    }
}
