//! Variables that platforms set: the collector's own in `identity/environment.json`, and in a container also those of its
//! first process.

use super::super::system::Kind;
use super::{Identity, View, json, proof, short, string};
use procglass_findings::Proof;
use procglass_proc::cmdline::{strings, variable};
use procglass_snapshot::Snapshot;
use serde_json::Value;

const MEMBER: &str = "identity/environment.json";

/// Names and values, with the proof of each.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    variables: Vec<(String, String, Proof)>,
}

/// What is asked of the first process. The rest of its environment is nobody's business here.
const NAMES: &[&str] = &[
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_REGION",
    "AWS_ROLE_ARN",
    "CLOUD_RUN_JOB",
    "CONTAINER_APP_NAME",
    "CONTAINER_APP_REVISION",
    "GOOGLE_CLOUD_PROJECT",
    "HOSTNAME",
    "HOST_IP",
    "KUBERNETES_SERVICE_HOST",
    "K_REVISION",
    "K_SERVICE",
    "NODE_NAME",
    "POD_IP",
    "POD_NAME",
    "POD_NAMESPACE",
    "WEBSITE_SITE_NAME",
];

impl Environment {
    /// On a host nothing: what the shell of whoever investigates has set says nothing of the machine.
    pub(super) fn of(snapshot: &Snapshot, view: &View) -> Self {
        let mut found = Self::default();
        if view.is_host() {
            return found;
        }
        if let Some(own @ Value::Object(_)) = json(snapshot, MEMBER) {
            for name in NAMES {
                found.take(name, string(&own, name), || proof(MEMBER, &own, name));
            }
        }
        let first = snapshot.by_pid(1);
        if let Some(record) = first.and_then(|index| snapshot.record(index))
            && let Ok(Some(environ)) = snapshot.members.file(&record, "environ")
        {
            for string in strings(&environ) {
                let (name, value) = variable(string);
                if let Some(name) = NAMES.iter().find(|known| known.as_bytes() == name) {
                    found.take(name, short(value), || Proof::new("process/1.json#files/environ", string));
                }
            }
        }
        found
    }

    fn take(&mut self, name: &str, value: Option<String>, proof: impl FnOnce() -> Proof) {
        // The collector's own comes first; a value that it took out is no value.
        let Some(value) = value.filter(|value| !is_redacted(value) && self.get(name).is_none()) else {
            return;
        };
        self.variables.push((name.to_owned(), value, proof()));
    }

    /// The value of a variable.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.variables.iter().find(|(own, ..)| own == name).map(|(_, value, _)| value.as_str())
    }

    pub(super) fn with_proof(&self, name: &str) -> Option<(String, Proof)> {
        let found = self.variables.iter().find(|(own, ..)| own == name);
        found.map(|(_, value, proof)| (value.clone(), proof.clone()))
    }

    /// What the variables say by themselves.
    pub(super) fn read(&self, view: &View, identity: &mut Identity) {
        if view.is_host() {
            return;
        }
        let lambda = self.get("AWS_EXECUTION_ENV").is_some_and(|value| value.starts_with("AWS_Lambda"));
        if lambda || self.get("AWS_LAMBDA_FUNCTION_NAME").is_some() {
            identity.kind = Kind::Lambda;
        }
        for (name, field) in [
            ("AWS_LAMBDA_FUNCTION_NAME", "task_definition"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "revision"),
            ("AWS_REGION", "region"),
            ("AWS_DEFAULT_REGION", "region"),
            ("GOOGLE_CLOUD_PROJECT", "account"),
            ("K_SERVICE", "service"),
            ("K_REVISION", "revision"),
            ("CLOUD_RUN_JOB", "service"),
            ("CONTAINER_APP_NAME", "service"),
            ("CONTAINER_APP_REVISION", "revision"),
            ("WEBSITE_SITE_NAME", "service"),
            ("NODE_NAME", "node"),
        ] {
            let Some((value, proof)) = self.with_proof(name) else { continue };
            let provider = match name.as_bytes() {
                [b'A', b'W', b'S', ..] => Some("aws"),
                // Knative sets K_SERVICE on any Kubernetes; Cloud Run has none below it.
                [b'K', ..] if self.get("KUBERNETES_SERVICE_HOST").is_some() => None,
                [b'G' | b'K', ..] | [b'C', b'L', ..] => Some("gcp"),
                [b'C' | b'W', ..] => Some("azure"),
                _ => None,
            };
            identity.add("provider", provider.map(ToOwned::to_owned), &proof);
            identity.add(field, Some(value), &proof);
        }
        if let Some((role, proof)) = self.with_proof("AWS_ROLE_ARN") {
            identity.add_arn(&role, &proof);
        }
        if identity.kind == Kind::Unknown && (self.get("K_SERVICE").or(self.get("CLOUD_RUN_JOB")).is_some()) {
            identity.kind = Kind::Container;
        }
    }
}

/// Whether the collector, or whoever made a report, took the value out.
fn is_redacted(value: &str) -> bool {
    value.starts_with("<redacted len=") || value.starts_with("<removed len=")
}
