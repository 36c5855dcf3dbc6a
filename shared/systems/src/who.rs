//! Who one system is, for its first page: what a register has of it, without the rest of the row.

use super::address;
use super::identity::{Identity, View};
use super::system::Kind;
use procglass_findings::Proof;
use procglass_snapshot::Snapshot;

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// What it is, in words.
    pub word: &'static str,
    /// The value, with hostile characters visible.
    pub value: String,
    /// The strongest proof; `None` for what is concluded from several.
    pub proof: Option<Proof>,
}

/// Addresses that are named.
const ADDRESSES: usize = 8;

/// What the fields of [`Fact`](super::Fact)s are called for people, in the order of the page.
const WORDS: [(&str, &str); 17] = [
    ("provider", "cloud"),
    ("account", "account"),
    ("region", "region"),
    ("cluster", "cluster"),
    ("service", "service"),
    ("launch_type", "launch type"),
    ("task_definition", "task definition or function"),
    ("revision", "revision"),
    ("task", "task"),
    ("namespace", "namespace of the pod"),
    ("pod", "pod"),
    ("pod_uid", "uid of the pod"),
    ("container", "container"),
    ("sandbox", "sandbox of the pod"),
    ("runtime", "container runtime"),
    ("node", "node"),
    ("instance", "instance"),
];

/// Who the system of a snapshot is. Of what is not known there is no line.
#[must_use]
pub fn who(snapshot: &Snapshot) -> Vec<Who> {
    let view = View::of(snapshot);
    let mut identity = Identity::of(snapshot, &view);
    let mut lines = Vec::new();
    if identity.kind != Kind::Unknown {
        lines.push(Who { word: "kind", value: identity.kind.words().to_owned(), proof: None });
    }
    lines.extend(addresses(snapshot, &mut identity));
    for (field, word) in WORDS {
        if let Some(fact) = identity.facts.iter().find(|fact| fact.field == field) {
            lines.push(Who { word, value: fact.value.clone(), proof: Some(fact.proof.clone()) });
        }
    }
    // An agent beside the task knows the id that a cgroup namespace hides.
    let said = identity.container.clone().map(Into::into);
    let own =
        view.container().and_then(|container| container.id.clone()).or(said).filter(|_| !view.is_host());
    if let Some(row) = identity.containers.iter().find(|row| own.as_ref() == Some(&row.id)) {
        for (word, value) in [("image", &row.image), ("digest of the image", &row.image_digest)] {
            if let Some(value) = value {
                lines.push(Who { word, value: value.clone(), proof: row.stated.clone() });
            }
        }
    }
    lines
}

/// The addresses of its own network, not those of containers that it runs.
fn addresses(snapshot: &Snapshot, identity: &mut Identity) -> Option<Who> {
    let first = || snapshot.process(snapshot.by_pid(1)?)?.namespaces.net;
    let own = snapshot.manifest.collector.namespaces.get("net").copied().or_else(first);
    let all = address::of(snapshot, identity);
    let is_own = |netns: Option<u64>| netns.is_none() || netns == own;
    let own: Vec<_> = all.iter().filter(|address| is_own(address.netns)).collect();
    let own = if own.is_empty() { all.iter().collect() } else { own };
    let proof = own.first().map(|address| address.proof.clone());
    let mut texts: Vec<String> = Vec::new();
    for address in own {
        let text = address.address.to_string();
        if !texts.contains(&text) {
            texts.push(text);
        }
        if texts.len() > ADDRESSES {
            break;
        }
    }
    if texts.len() > ADDRESSES {
        texts.truncate(ADDRESSES);
        texts.push("more".to_owned());
    }
    let word = if texts.len() == 1 { "address" } else { "addresses" };
    (!texts.is_empty()).then(|| Who { word, value: texts.join(", "), proof })
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_fixture as fixture;

    #[test]
    fn a_task_says_who_it_is_and_where_that_stands() {
        let id = "a1".repeat(32);
        let text = format!(
            "//- process/1/stat\n1 (app) S 0 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 500 25600000 1500 18446744073709551615 4096 0\n\
             //- process/1/cgroup\n0::/ecs/x/{id}\n//- identity/ecs-task.json\n\
             {{\"Cluster\":\"shop\",\"TaskARN\":\"arn:aws:ecs:eu-west-1:111122223333:task/shop/158d\",\"LaunchType\":\"FUTURE\",\
             \"Containers\":[{{\"DockerId\":\"{id}\",\"Image\":\"shop/api:1\",\"Networks\":[{{\"IPv4Addresses\":[\"10.0.3.4\"]}}]}}]}}\n"
        );
        let lines = who(&fixture::open(&fixture::bundle(&text)));
        let told: Vec<_> = lines.iter().map(|line| format!("{}: {}", line.word, line.value)).collect();
        assert_eq!(
            told,
            [
                "kind: ECS task",
                "address: 10.0.3.4",
                "cloud: aws",
                "account: 111122223333",
                "region: eu-west-1",
                "cluster: shop",
                "launch type: FUTURE",
                "task: 158d",
                &format!("container: {id}"),
                "image: shop/api:1",
            ]
        );
        let proof = |word: &str| lines.iter().find(|line| line.word == word).unwrap().proof.clone().unwrap();
        assert_eq!(proof("container").member, "process/1.json#files/cgroup");
        assert_eq!(proof("image").member, "identity/ecs-task.json");
        assert!(proof("image").excerpt.contains("shop/api:1"));
        assert_eq!(who(&fixture::open(&fixture::bundle(""))), []);
    }
}
