//! The columns of `show systems`.

use crate::Value;
use procglass_systems::{Address, Register, System, SystemIndex};

/// One column. Its name is a contract of `show --format json`.
pub struct SystemColumn {
    /// Field name.
    pub name: &'static str,
    /// What it says.
    pub why: &'static str,
    /// The cell of one system.
    pub value: for<'a> fn(&'a Register, &'a System, SystemIndex) -> Value<'a>,
}

fn text(text: Option<&String>) -> Value<'_> {
    text.map_or(Value::Null, |text| Value::Text(text.into()))
}

fn str(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Null, |text| Value::Text(text.into()))
}

fn count<'a>(count: usize) -> Value<'a> {
    Value::Number(count as u64)
}

macro_rules! column {
    ($name:literal, $why:literal, $get:expr) => {
        SystemColumn {
            name: $name,
            why: $why,
            value: |_, system, _| {
                let get: for<'a> fn(&'a System) -> Value<'a> = $get;
                get(system)
            },
        }
    };
}

/// Every column. In JSON those from `provider` to `instance` stand in one object `cloud`.
pub const SYSTEMS: &[SystemColumn] = &[
    column!("name", "Of the task, the pod, the container or the host.", |s| Value::Text((&s.name).into())),
    column!(
        "kind",
        "host, container, pod, ecs-ec2, ecs-fargate, ecs-external, ecs-managed, ecs, lambda or unknown.",
        |s| str(Some(s.kind.word()))
    ),
    column!("captured", "When the snapshot was taken.", |s| s.captured.map_or(Value::Null, Value::Time)),
    column!("provider", "Cloud provider.", |s| text(s.provider.as_ref())),
    column!("account", "Account or project.", |s| text(s.account.as_ref())),
    column!("region", "Region.", |s| text(s.region.as_ref())),
    column!("cluster", "Cluster of ECS or Kubernetes.", |s| text(s.cluster.as_ref())),
    column!("service", "Service or workload.", |s| text(s.service.as_ref())),
    column!("task_definition", "Family of the task definition, or name of the function.", |s| text(
        s.task_definition.as_ref()
    )),
    column!("revision", "Its revision or version.", |s| text(s.revision.as_ref())),
    column!("task", "Id of the ECS task.", |s| text(s.task.as_ref())),
    column!("launch_type", "Launch type of the ECS task, as it is stated.", |s| text(s.launch_type.as_ref())),
    column!("instance", "Id of the instance below.", |s| text(s.instance.as_ref())),
    column!("container", "Id of its container.", |s| Value::bytes(s.container_id())),
    column!("sandbox", "Id of its pod's sandbox, where only that is known.", |s| Value::bytes(
        s.container.as_ref().filter(|_| s.sandbox)
    )),
    column!("image", "Image, as it was asked for.", |s| str(s.image())),
    column!("image_digest", "Digest of the image.", |s| str(s.image_digest())),
    column!("pod", "Name of the pod.", |s| text(s.pod.as_ref())),
    column!("namespace", "Namespace of the pod.", |s| text(s.namespace.as_ref())),
    column!("addresses", "Every address.", |s| Value::List(
        addresses(s).map(|a| Value::Text(a.into())).collect()
    )),
    column!("interfaces", "The same with interface and network namespace, and where it says so.", |s| {
        Value::List(s.addresses.iter().map(interface).collect())
    }),
    column!("host_name", "Name of the host, as the kernel has it.", |s| Value::Text((&s.host_name).into())),
    column!("kernel", "Release of the kernel.", |s| text(s.kernel.as_ref())),
    column!("os", "Distribution.", |s| text(s.os.as_ref())),
    column!("boot_id", "Random id of the kernel's run.", |s| text(s.boot_id.as_ref())),
    column!("machine_id", "Id of the installation.", |s| text(s.machine_id.as_ref())),
    column!("processes", "Processes, without kernel threads.", |s| count(s.processes.len())),
    column!("containers", "Containers with processes in sight.", |s| count(
        s.containers.iter().filter(|c| c.processes > 0).count()
    )),
    column!("listeners", "Sockets that wait for others.", |s| count(s.listeners().count())),
    column!("findings", "Findings.", |s| count(s.findings.len())),
    column!("severity", "The most serious of them.", |s| str(s.severity().map(|severity| severity.word()))),
    column!(
        "missing",
        "What the bundle lacks of the system, so that what was not found may be there.",
        |s| text(s.missing.as_ref())
    ),
    SystemColumn {
        name: "same_as",
        why: "The bundle with the first snapshot of the same system.",
        value: |register, _, index| {
            let same = register.same(index);
            let first = same.rule.and_then(|_| register.get(same.first));
            str(first.map(|first| first.bundle.as_str()))
        },
    },
    SystemColumn {
        name: "same_by",
        why: "The rule by which it is the same system.",
        value: |register, _, index| str(register.same(index).rule),
    },
    column!("bundle", "The file.", |s| Value::Text((&s.bundle).into())),
];

/// Columns that make the object `cloud`.
pub(super) const CLOUD: [&str; 10] = [
    "provider",
    "account",
    "region",
    "cluster",
    "service",
    "task_definition",
    "revision",
    "task",
    "launch_type",
    "instance",
];

/// Columns for people: what fits side by side.
pub(super) const SHORT: &[&str] = &[
    "name",
    "kind",
    "captured",
    "account",
    "region",
    "cluster",
    "image",
    "addresses",
    "processes",
    "listeners",
    "findings",
    "severity",
    "bundle",
];

/// What systems can be grouped by.
pub const GROUPS: &[&str] = &[
    "account",
    "region",
    "cluster",
    "service",
    "task_definition",
    "image",
    "image_digest",
    "kind",
    "namespace",
    "instance",
    "kernel",
    "os",
    "severity",
    "host_name",
];

/// Each address once.
fn addresses(system: &System) -> impl Iterator<Item = String> {
    let mut seen = std::collections::HashSet::new();
    let all = system.addresses.iter().map(|own| own.address).filter(move |address| seen.insert(*address));
    all.map(|address| address.to_string())
}

fn interface(own: &Address) -> Value<'_> {
    Value::Object(vec![
        ("address", Value::Text(own.address.to_string().into())),
        ("prefix", Value::number(own.prefix)),
        ("interface", text(own.interface.as_ref())),
        ("netns", Value::number(own.netns)),
        ("member", Value::Text((&own.proof.member).into())),
    ])
}
