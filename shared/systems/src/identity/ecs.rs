//! ECS task metadata, version 4: `identity/ecs-task.json` and `identity/ecs-container.json`, with a number for further
//! tasks of one host.

use super::super::system::{Address, ContainerRow, Kind};
use super::{Environment, Identity, View, arn, json, proof, short, string};
use procglass_findings::Proof;
use procglass_snapshot::Snapshot;
use serde_json::Value;
use std::net::IpAddr;

/// No host runs more tasks than this.
const MOST: usize = 512;

pub(super) fn read(snapshot: &Snapshot, view: &View, environment: &Environment, identity: &mut Identity) {
    let suffixes = suffixes(snapshot);
    let documents: Vec<Documents> = suffixes.iter().map(|suffix| Documents::read(snapshot, suffix)).collect();
    for document in &documents {
        document.containers(&mut identity.containers);
    }
    if view.is_host() {
        // Of the tasks on it a host shares cluster, account and region, and nothing else.
        for (field, value, proof) in documents.iter().flat_map(Documents::shared) {
            identity.add(field, Some(value), &proof);
        }
        return;
    }
    let own = |document: &&Documents| {
        let id = document.container.as_ref().and_then(|(_, value)| string(value, "DockerId"));
        id.is_some() && id == view.container_text()
    };
    // Where nothing else tells, the first is the one that the collector's own environment named.
    let own = documents.iter().find(own).or(documents.first());
    if let Some(own) = own {
        own.identify(identity);
    }
    let in_task = own.is_some_and(|own| own.task.is_some() || own.container.is_some());
    let by_environment = || {
        let (value, proof) = environment.with_proof("AWS_EXECUTION_ENV")?;
        Some((value.strip_prefix("AWS_ECS_")?.to_owned(), proof))
    };
    let launch = own.and_then(Documents::launch).or_else(by_environment);
    identity.kind = match launch.as_ref().map(|(launch, _)| launch.to_ascii_uppercase()).as_deref() {
        Some("EC2") => Kind::EcsOnEc2,
        Some("FARGATE") => Kind::EcsOnFargate,
        Some("EXTERNAL") => Kind::EcsExternal,
        Some("MANAGED_INSTANCES") => Kind::EcsManaged,
        Some(_) => Kind::EcsOther,
        // Where nothing is stated: Fargate names containers by their task and a number; on EC2 they have Docker's names.
        None if view.fargate_id() => Kind::EcsOnFargate,
        None if in_task => Kind::Container,
        None => Kind::Unknown,
    };
    if let Some((launch, proof)) = launch {
        identity.add("launch_type", Some(launch), &proof);
    }
    if let Some((task, proof)) = view.ecs_task() {
        identity.add("task", Some(task), &proof);
    }
}

/// `""`, `-2`, `-3`, ... as far as there are members.
fn suffixes(snapshot: &Snapshot) -> Vec<String> {
    let suffix = |number: usize| if number == 1 { String::new() } else { format!("-{number}") };
    let exists = |suffix: &String| {
        ["task", "container"]
            .iter()
            .any(|what| snapshot.members.get(&format!("identity/ecs-{what}{suffix}.json")).is_some())
    };
    (1..=MOST).map(suffix).filter(exists).collect()
}

/// The two answers about one task, each with its member.
struct Documents {
    task: Option<(String, Value)>,
    container: Option<(String, Value)>,
}

impl Documents {
    fn read(snapshot: &Snapshot, suffix: &str) -> Self {
        let document = |what: &str| {
            let member = format!("identity/ecs-{what}{suffix}.json");
            json(snapshot, &member).filter(Value::is_object).map(|value| (member, value))
        };
        Self { task: document("task"), container: document("container") }
    }

    /// The launch type as it is stated.
    fn launch(&self) -> Option<(String, Proof)> {
        let (member, task) = self.task.as_ref()?;
        Some((string(task, "LaunchType")?, proof(member, task, "LaunchType")))
    }

    /// What a host has in common with the task.
    fn shared(&self) -> Vec<(&'static str, String, Proof)> {
        let mut identity = Identity::default();
        self.identify(&mut identity);
        let shared = |field: &str| matches!(field, "provider" | "account" | "region" | "cluster");
        let facts = identity.facts.into_iter().filter(|fact| shared(fact.field));
        facts.map(|fact| (fact.field, fact.value, fact.proof)).collect()
    }

    fn identify(&self, identity: &mut Identity) {
        if let Some((member, task)) = &self.task {
            let proof = |key| proof(member, task, key);
            if let Some(arn) = string(task, "TaskARN") {
                identity.add_arn(&arn, &proof("TaskARN"));
            }
            let cluster = string(task, "Cluster");
            if let Some(cluster) = &cluster {
                identity.add_arn(cluster, &proof("Cluster"));
            }
            identity.add("cluster", cluster.map(|cluster| arn::cluster_name(&cluster)), &proof("Cluster"));
            identity.add("service", string(task, "ServiceName"), &proof("ServiceName"));
            identity.add("task_definition", string(task, "Family"), &proof("Family"));
            identity.add("revision", string(task, "Revision"), &proof("Revision"));
            let zone = string(task, "AvailabilityZone");
            let region =
                zone.map(|zone| zone.trim_end_matches(|char: char| char.is_ascii_lowercase()).to_owned());
            identity.add("region", region, &proof("AvailabilityZone"));
        }
        if let Some((member, container)) = &self.container {
            let labels = container.get("Labels").unwrap_or(&Value::Null);
            let label = |name: &str| string(labels, &format!("com.amazonaws.ecs.{name}"));
            let proof = |name: &str| proof(member, labels, &format!("com.amazonaws.ecs.{name}"));
            if let Some(arn) = label("task-arn") {
                identity.add_arn(&arn, &proof("task-arn"));
            }
            identity.add("cluster", label("cluster").map(|name| arn::cluster_name(&name)), &proof("cluster"));
            identity.add(
                "task_definition",
                label("task-definition-family"),
                &proof("task-definition-family"),
            );
            identity.add("revision", label("task-definition-version"), &proof("task-definition-version"));
            identity.container = string(container, "DockerId");
        }
        for (member, container) in self.each() {
            addresses(member, container, &mut identity.addresses);
        }
    }

    /// Every container that is described.
    fn each(&self) -> impl Iterator<Item = (&String, &Value)> {
        let of_task = self.task.iter().flat_map(|(member, task)| {
            let list = task.get("Containers").and_then(Value::as_array);
            list.into_iter().flatten().take(MOST).map(move |container| (member, container))
        });
        self.container.iter().map(|(member, container)| (member, container)).chain(of_task)
    }

    fn containers(&self, rows: &mut Vec<ContainerRow>) {
        for (member, container) in self.each() {
            let Some(id) = string(container, "DockerId") else { continue };
            if rows.iter().any(|row| row.id == id) {
                continue;
            }
            let arn = container.get("Labels").and_then(|labels| string(labels, "com.amazonaws.ecs.task-arn"));
            rows.push(ContainerRow {
                id: id.into(),
                stated: Some(stated(member, container)),
                name: string(container, "Name"),
                image: string(container, "Image"),
                image_digest: string(container, "ImageID"),
                task: arn.and_then(|arn| arn::Arn::parse(&arn)?.task()),
                ..ContainerRow::default()
            });
        }
    }
}

/// What an answer says of a container's image, or that it names the container.
fn stated(member: &str, container: &Value) -> Proof {
    let key = ["Image", "ImageID", "Name"].into_iter().find(|key| container.get(key).is_some());
    proof(member, container, key.unwrap_or("DockerId"))
}

/// `Networks` of a container. All containers of an awsvpc task say the same.
fn addresses(member: &str, container: &Value, found: &mut Vec<Address>) {
    let networks = container.get("Networks").and_then(Value::as_array);
    for network in networks.into_iter().flatten().take(MOST) {
        for (key, subnet) in
            [("IPv4Addresses", "IPv4SubnetCIDRBlock"), ("IPv6Addresses", "IPv6SubnetCIDRBlock")]
        {
            let prefix =
                string(network, subnet).and_then(|subnet| subnet.rsplit_once('/')?.1.parse::<u8>().ok());
            let list = network.get(key).and_then(Value::as_array);
            for text in list.into_iter().flatten().take(MOST).filter_map(Value::as_str) {
                let Some(address) = short(text.as_bytes()).and_then(|text| text.parse::<IpAddr>().ok())
                else {
                    continue;
                };
                let address = address.to_canonical();
                if found.iter().all(|known| known.address != address) {
                    let proof = Proof::new(member, format!("\"{key}\": [\"{text}\"]").as_bytes());
                    found.push(Address { address, prefix, interface: None, netns: None, proof });
                }
            }
        }
    }
}
