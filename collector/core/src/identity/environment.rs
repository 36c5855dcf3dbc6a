//! What the environment says: variables that platforms set, and files that Kubernetes mounts.

use crate::sys;
use procglass_redact::looks_secret;
use serde_json::{Map, Value};
use std::os::fd::AsFd;

/// Where the ECS agent answers.
pub(super) const ECS_URI: &str = "ECS_CONTAINER_METADATA_URI_V4";
/// Variables that say where one is. None of them is a secret by its meaning, and each value is looked at all the same.
const VARIABLES: &[&str] = &[
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_ROLE_ARN",
    "CLOUD_RUN_EXECUTION",
    "CLOUD_RUN_JOB",
    "CLOUD_RUN_TASK_INDEX",
    "CONTAINER_APP_NAME",
    "CONTAINER_APP_REVISION",
    "ECS_AGENT_URI",
    ECS_URI,
    "FUNCTION_TARGET",
    "GOOGLE_CLOUD_PROJECT",
    "HOSTNAME",
    "KUBERNETES_SERVICE_HOST",
    "KUBERNETES_SERVICE_PORT",
    "K_CONFIGURATION",
    "K_REVISION",
    "K_SERVICE",
    "LAMBDA_TASK_ROOT",
    "NODE_NAME",
    "POD_IP",
    "POD_NAME",
    "POD_NAMESPACE",
    "POD_UID",
    "WEBSITE_SITE_NAME",
    "_HANDLER",
    "container",
];
/// Files of Kubernetes, and their key. The token beside the first one is never opened.
const FILES: &[(&str, &str)] = &[
    ("namespace", "/var/run/secrets/kubernetes.io/serviceaccount/namespace"),
    ("podinfo_name", "/etc/podinfo/name"),
    ("podinfo_namespace", "/etc/podinfo/namespace"),
    ("podinfo_labels", "/etc/podinfo/labels"),
    ("podinfo_annotations", "/etc/podinfo/annotations"),
];

/// The collector's own variables, as JSON.
pub(super) fn own() -> Vec<u8> {
    let found = VARIABLES.iter().filter_map(|name| {
        let value = std::env::var(name).ok()?;
        (!looks_secret(value.as_bytes())).then(|| ((*name).to_owned(), Value::String(value)))
    });
    Value::Object(found.collect()).to_string().into_bytes()
}

/// What Kubernetes mounts into its pods. `None` where there is nothing of it.
pub(super) fn kubernetes(root: impl AsFd) -> Option<Vec<u8>> {
    let mut found = Map::new();
    for (key, path) in FILES {
        let mut text = Vec::new();
        let file = sys::open_inside(&root, path);
        if file.and_then(|file| sys::read_capped(file, 64 << 10, &mut text)).is_ok() {
            found.insert((*key).to_owned(), Value::String(String::from_utf8_lossy(&text).into_owned()));
        }
    }
    (!found.is_empty()).then(|| Value::Object(found).to_string().into_bytes())
}

/// The agent's address in the environment of a process, before anything is taken out of it.
pub(crate) fn ecs_uri(environ: &[u8]) -> Option<&str> {
    let value = environ.split(|byte| *byte == 0).find_map(|string| {
        // Most strings differ in the first bytes.
        string.strip_prefix(b"ECS_")?.strip_prefix(b"CONTAINER_METADATA_URI_V4=")
    })?;
    std::str::from_utf8(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::open_dir;
    use rustix::fs::CWD;

    #[test]
    fn the_address_is_found_whole() {
        let environ = b"A=1\0XECS_CONTAINER_METADATA_URI_V4=x\0ECS_CONTAINER_METADATA_URI_V4=http://169.254.170.2/v4/a\0";
        assert_eq!(ecs_uri(environ), Some("http://169.254.170.2/v4/a"));
        assert_eq!(ecs_uri(b"ECS_CONTAINER_METADATA_URI=http://x\0"), None);
        assert_eq!(ecs_uri(b""), None);
    }

    #[test]
    fn the_namespace_is_read_and_the_token_is_not() {
        let tree = tempfile::tempdir().unwrap();
        let root = open_dir(CWD, tree.path().to_str().unwrap()).unwrap();
        assert_eq!(kubernetes(&root), None);
        let directory = tree.path().join("var/run/secrets/kubernetes.io/serviceaccount");
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join("namespace"), "shop").unwrap();
        std::fs::write(directory.join("token"), "s3cret").unwrap();
        assert_eq!(kubernetes(&root).unwrap(), br#"{"namespace":"shop"}"#);
    }

    #[test]
    fn own_variables_are_json() {
        let value: Value = serde_json::from_slice(&own()).unwrap();
        assert!(value.is_object());
    }
}
