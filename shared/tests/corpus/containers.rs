//! Container ids, against the answers of projects whose business that is.

use crate::corpus;
use procglass_model::analysis::container;
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
        let id = container::from_cgroup(&text).map(|id| id.to_string());
        assert_eq!(id.as_deref(), case["containerId"].as_str(), "{name}");
    }
}
