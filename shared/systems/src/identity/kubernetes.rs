//! Kubernetes: `identity/kubernetes.json` (files that it mounts), variables, and pods in paths of control groups.

use super::super::system::{Address, Kind};
use super::{Environment, Identity, View, json, proof, string};
use procglass_snapshot::Snapshot;
use std::net::IpAddr;

pub(super) fn read(snapshot: &Snapshot, view: &View, environment: &Environment, identity: &mut Identity) {
    if view.is_host() {
        return;
    }
    let member = "identity/kubernetes.json";
    let document = json(snapshot, member).filter(|document| document.is_object());
    let is_pod = document.is_some() || environment.get("KUBERNETES_SERVICE_HOST").is_some() || view.in_pod();
    if !is_pod {
        return;
    }
    if identity.kind == Kind::Unknown {
        identity.kind = Kind::Pod;
    }
    if let Some(document) = &document {
        let proof = |key| proof(member, document, key);
        identity.add("pod", string(document, "podinfo_name"), &proof("podinfo_name"));
        identity.add("namespace", string(document, "podinfo_namespace"), &proof("podinfo_namespace"));
        identity.add("namespace", string(document, "namespace"), &proof("namespace"));
        if let Some(labels) = string(document, "podinfo_labels") {
            let label = |name: &str| label(&labels, name);
            let workload =
                label("app.kubernetes.io/name").or_else(|| label("app")).or_else(|| label("k8s-app"));
            identity.add("service", workload, &proof("podinfo_labels"));
        }
    }
    for (name, field) in [("POD_NAME", "pod"), ("POD_NAMESPACE", "namespace")] {
        if let Some((value, proof)) = environment.with_proof(name) {
            identity.add(field, Some(value), &proof);
        }
    }
    let network = Network::of(snapshot, environment);
    let of_pod = |name: &str| match network {
        Network::Node => false,
        Network::Own => true,
        // Names that a controller makes up are not given to nodes; any other may be the node's.
        Network::Unknown => workload(name).is_some(),
    };
    if let Some((name, proof)) = environment.with_proof("HOSTNAME").filter(|(name, _)| of_pod(name)) {
        identity.add("pod", Some(name), &proof);
    }
    if let Some((address, proof)) = environment.with_proof("POD_IP")
        && let Ok(address) = address.parse::<IpAddr>()
    {
        identity.addresses.push(Address { address, prefix: None, interface: None, netns: None, proof });
    }
    let (host_name, proof) = view.host_name();
    identity.add("pod", host_name.filter(|name| of_pod(name)), &proof);
    let pod = identity.facts.iter().find(|fact| fact.field == "pod").cloned();
    if let Some(pod) = pod
        && let Some(workload) = workload(&pod.value)
    {
        identity.add("service", Some(workload.to_owned()), &pod.proof);
    }
}

/// Whose network a pod uses: with its node's it has the node's host name, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Network {
    Own,
    Node,
    Unknown,
}

/// Inode of the first UTS namespace, which holds the node's host name: `PROC_UTS_INIT_INO` of include/linux/proc_ns.h.
const FIRST_UTS_NAMESPACE: u64 = 0xEFFF_FFFE;

impl Network {
    fn of(snapshot: &Snapshot, environment: &Environment) -> Self {
        let same = |one: &str, other: &str| {
            environment.get(one).is_some_and(|value| environment.get(other) == Some(value))
        };
        let first = snapshot.manifest.collector.namespaces.get("uts") == Some(&FIRST_UTS_NAMESPACE);
        if first || same("HOSTNAME", "NODE_NAME") || same("POD_IP", "HOST_IP") {
            return Self::Node;
        }
        // The kubelet writes this file for each pod, and in its first line whose network the pod uses
        // (`managedHostsHeader` of pkg/kubelet/kubelet_pods.go).
        let hosts = snapshot.members.iter().filter(|member| {
            let parts = member.name.split('/').collect::<Vec<_>>();
            matches!(parts.as_slice(), ["host" | "mount", .., "etc", "hosts"])
        });
        let mut found = Self::Unknown;
        for member in hosts {
            match member.data.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii() {
                b"# Kubernetes-managed hosts file (host network)." => return Self::Node,
                b"# Kubernetes-managed hosts file." => found = Self::Own,
                _ => {}
            }
        }
        found
    }
}

/// A label of the downward API, one a line: `app="shop"`. Line ends are visible as `\n` by now.
fn label(text: &str, name: &str) -> Option<String> {
    let line = text.split("\\n").find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
    let value = line.trim_matches('"');
    (!value.is_empty()).then(|| value.to_owned())
}

/// `shop` in `shop-6d4cf56db6-x2v7k`: what a Deployment makes of its name, a hash of its template, and five random
/// characters. The alphabet has no vowels, so that no words come out.
fn workload(pod: &str) -> Option<&str> {
    let random = |text: &str| text.bytes().all(|byte| b"bcdfghjklmnpqrstvwxz2456789".contains(&byte));
    let (rest, last) = pod.rsplit_once('-')?;
    let (name, template) = rest.rsplit_once('-')?;
    let fits = last.len() == 5 && random(last) && (8..=10).contains(&template.len()) && random(template);
    (fits && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workloads() {
        assert_eq!(workload("shop-api-6d4cf56db6-x2v7k"), Some("shop-api"));
        for other in ["shop-0", "shop", "node-exporter-abcde", "shop-6d4cf56db6-hello", ""] {
            assert_eq!(workload(other), None, "{other}");
        }
        assert_eq!(label("a=\"b\"\\napp=\"shop\"", "app").as_deref(), Some("shop"));
        assert_eq!(label("app.x=\"b\"", "app"), None);
    }
}
