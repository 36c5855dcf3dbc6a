//! Container ids, against the answers of projects whose business that is.

use crate::corpus;
use procglass_snapshot::analysis::container;
use serde_json::Value;

#[test]
fn ids_from_cgroup_files() {
    let Some(folder) = corpus("newrelic-cross-agent") else {
        return;
    };
    let folder = folder.join("tests/cross_agent/fixtures/docker_container_id");
    let cases: Value = serde_json::from_slice(&std::fs::read(folder.join("cases.json")).unwrap()).unwrap();
    for case in cases.as_array().unwrap() {
        let name = case["filename"].as_str().unwrap();
        let text = std::fs::read(folder.join(name)).unwrap();
        // These answers know Docker only: an LXC container is none to them.
        let container =
            container::from_cgroup(&text).filter(|container| container.runtime != Some("lxc".into()));
        let id = container.and_then(|container| container.id).map(|id| id.to_string());
        assert_eq!(id.as_deref(), case["containerId"].as_str(), "{name}");
    }
}

/// Texts of other projects' tests. The answers here are what those projects expect of them.
#[test]
fn ids_from_literals() {
    let Some(folder) = corpus("literals") else { return };
    let (mut seen, mut found) = (0, 0);
    for path in crate::files(&folder)
        .iter()
        .filter(|path| path.parent().is_some_and(|parent| parent.ends_with("cgroup")))
    {
        let text = std::fs::read(path).unwrap();
        // Some hold prose, or places for values that were never filled in.
        if !text.first().is_some_and(u8::is_ascii_digit) || text.contains(&b'$') {
            continue;
        }
        seen += 1;
        let container = container::from_cgroup(&text);
        let name = path.file_name().unwrap().to_str().unwrap();
        let expected = !matches!(
            name.rsplit('.').nth(1).unwrap(),
            // A wrong digit, one digit too few, an id cut short or with a suffix; a shell and a terminal of a desktop.
            "5bcb359977"
                | "3e6b18d619"
                | "41f98f4787"
                | "4d01d68716"
                | "8b2831ecbd"
                | "c1bf6c0500"
                | "ff0a15c561"
                | "a16f207fdc"
                | "f7962b4664"
                | "ecc09bb8de"
                | "827c824cf1"
                | "6fbe963daf"
        );
        assert_eq!(
            container.is_some(),
            expected,
            "{name}: {}: {container:?}",
            String::from_utf8_lossy(&text)
        );
        found += usize::from(expected);
    }
    println!("{found} containers in {seen} texts");
    assert!(found >= 10, "{found} of {seen}");
}
