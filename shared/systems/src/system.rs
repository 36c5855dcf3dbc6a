//! One system as one bundle saw it.

use bstr::BString;
use procglass_findings::{Proof, Severity};
use procglass_model::Timestamp;
use procglass_snapshot::Protocol;
use std::net::IpAddr;

/// A system by its place in the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SystemIndex(pub u32);

/// A process by its place in [`System::processes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowIndex(pub u32);

/// What kind of system a bundle was taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A machine, physical or virtual, seen from its first pid namespace.
    Host,
    /// A container of no platform that the evidence names.
    Container,
    /// A pod of Kubernetes.
    Pod,
    /// A task of ECS on an EC2 instance.
    EcsOnEc2,
    /// A task of ECS on Fargate.
    EcsOnFargate,
    /// A task of ECS on a machine of the customer's own (ECS Anywhere).
    EcsExternal,
    /// A task of ECS on an instance that ECS manages (ECS Managed Instances).
    EcsManaged,
    /// A task of ECS with a launch type that is stated and not known here.
    EcsOther,
    /// A function of AWS Lambda.
    Lambda,
    /// The evidence does not say.
    #[default]
    Unknown,
}

/// An address that the system itself had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address; v4-mapped ones as the IPv4 that they are.
    pub address: IpAddr,
    /// Length of its network's prefix, where it is known.
    pub prefix: Option<u8>,
    /// Its interface, where it is known.
    pub interface: Option<String>,
    /// Inode of the network namespace that it is in, where it is known.
    pub netns: Option<u64>,
    /// Where it says so.
    pub proof: Proof,
}

/// What a question across systems needs of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessRow {
    /// Process id in the collector's pid namespace.
    pub pid: u32,
    /// Start: clock ticks after boot.
    pub start_ticks: u64,
    /// Start in UTC.
    pub started: Option<Timestamp>,
    /// `comm`.
    pub name: BString,
    /// Target of `exe`, verbatim.
    pub exe: Option<BString>,
    /// SHA-256 of the executable, in hexadecimal.
    pub sha256: Option<Box<str>>,
    /// Name or number of the effective user.
    pub user: Option<BString>,
    /// Its container, by place in [`System::containers`].
    pub container: Option<u32>,
    /// The most serious finding about it.
    pub severity: Option<Severity>,
}

/// What a question across systems needs of an Internet socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketRow {
    /// Transport.
    pub protocol: Protocol,
    /// Inode of the network namespace.
    pub netns: u64,
    /// Inode of the socket; 0 where the kernel keeps no owner.
    pub inode: u64,
    /// Local address and port.
    pub local: (IpAddr, u16),
    /// Remote address and port; `None` when not connected.
    pub remote: Option<(IpAddr, u16)>,
    /// State in the kernel's words.
    pub state: &'static str,
    /// Whether it takes connections or, without one, datagrams.
    pub listens: bool,
    /// Who holds it, by place in [`System::processes`]; empty for "owner not visible".
    pub owners: Vec<RowIndex>,
    /// Table below `net/<netns>/` and line in it, counted from 1.
    pub source: (&'static str, u32),
}

/// What the id of a [`ContainerRow`] names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Named {
    /// The container.
    #[default]
    Container,
    /// The sandbox of its pod: several containers share it.
    Sandbox,
    /// Its pod: of the container itself nothing is known.
    Pod,
}

/// A container that processes of the system are in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerRow {
    /// Its id, as its runtime names it.
    pub id: BString,
    /// What the id names.
    pub named: Named,
    /// What says that its first process is in it.
    pub proof: Option<Proof>,
    /// What says its pod.
    pub pod_proof: Option<Proof>,
    /// What says its name and image.
    pub stated: Option<Proof>,
    /// Its name, where metadata says it.
    pub name: Option<String>,
    /// Image, as it was asked for.
    pub image: Option<String>,
    /// Digest of the image: `sha256:...`.
    pub image_digest: Option<String>,
    /// Runtime.
    pub runtime: Option<String>,
    /// Uid or name of its pod.
    pub pod: Option<String>,
    /// Id of its ECS task.
    pub task: Option<String>,
    /// How many of its processes were seen.
    pub processes: u32,
}

/// A finding, without its proof: the bundle has that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRow {
    /// Id of the rule.
    pub id: &'static str,
    /// How serious.
    pub severity: Severity,
    /// Its title.
    pub title: String,
    /// The sentence about this case.
    pub sentence: String,
    /// About which process.
    pub process: Option<RowIndex>,
}

/// Findings that belong together, as the rules told them of one system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryRow {
    /// The most serious of its findings.
    pub severity: Severity,
    /// What happened, in one or two sentences.
    pub sentence: String,
    /// Places in [`System::findings`], the most serious first.
    pub findings: Vec<u32>,
    /// The process with the most serious finding; `None` when it is about the system as a whole.
    pub process: Option<RowIndex>,
}

/// Where an address is mentioned that need not be the system's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// An argument of a process.
    Argument,
    /// A variable of a process's environment.
    Environment,
    /// `/etc/hosts`.
    Hosts,
    /// `/etc/resolv.conf`.
    Resolver,
    /// A route: a gateway, or a route to one address.
    Route,
    /// The table of neighbours: spoken to on the wire of late.
    Neighbour,
}

/// An address that stands somewhere in the evidence, without a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The address.
    pub address: IpAddr,
    /// Where.
    pub place: Place,
    /// Of which process.
    pub process: Option<RowIndex>,
    /// The proof.
    pub proof: Proof,
}

/// A network namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceRow {
    /// Its inode.
    pub inode: u64,
    /// Containers with processes in it, by place in [`System::containers`].
    pub containers: Vec<u32>,
    /// How many processes are in it.
    pub processes: u32,
}

/// Something that says who the system is, and where that stands. Several may say different things of one field: all are
/// kept, and the first is the one that the system's own field has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Of which field of [`System`]: `account`, `region`, ...
    pub field: &'static str,
    /// What it says.
    pub value: String,
    /// Where.
    pub proof: Proof,
}

/// One system, as one bundle saw it at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct System {
    /// The bundle's file name.
    pub bundle: String,
    /// The collector's random id of the snapshot.
    pub snapshot_id: Option<String>,
    /// The name for people: of the task, the pod, the container or the host.
    pub name: String,
    /// Host name as the kernel has it.
    pub host_name: String,
    /// What kind it is.
    pub kind: Kind,
    /// When the bundle was taken.
    pub captured: Option<Timestamp>,
    /// When the kernel was started.
    pub booted: Option<Timestamp>,
    /// `/proc/sys/kernel/random/boot_id`.
    pub boot_id: Option<String>,
    /// `/etc/machine-id`.
    pub machine_id: Option<String>,
    /// Kernel release.
    pub kernel: Option<String>,
    /// Distribution.
    pub os: Option<String>,
    /// `aws`, `gcp`, `azure`.
    pub provider: Option<String>,
    /// Account, project or subscription.
    pub account: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Cluster of ECS or Kubernetes.
    pub cluster: Option<String>,
    /// Service of ECS, or workload of Kubernetes.
    pub service: Option<String>,
    /// Launch type of the ECS task, as it is stated.
    pub launch_type: Option<String>,
    /// Family of the task definition, or name of the function.
    pub task_definition: Option<String>,
    /// Its revision, or the function's version.
    pub revision: Option<String>,
    /// Id of the ECS task.
    pub task: Option<String>,
    /// Name of the pod.
    pub pod: Option<String>,
    /// Namespace of the pod.
    pub namespace: Option<String>,
    /// Id of the instance that it runs on.
    pub instance: Option<String>,
    /// Id of the container that the collector itself was in, or of its pod's sandbox, see [`System::sandbox`].
    pub container: Option<BString>,
    /// All addresses.
    pub addresses: Vec<Address>,
    /// Containers seen.
    pub containers: Vec<ContainerRow>,
    /// Processes, by pid, without kernel threads.
    pub processes: Vec<ProcessRow>,
    /// Sockets of the Internet families.
    pub sockets: Vec<SocketRow>,
    /// Findings, the most serious first.
    pub findings: Vec<FindingRow>,
    /// The same as stories, the most serious first.
    pub stories: Vec<StoryRow>,
    /// Addresses that it mentions without a socket.
    pub mentions: Vec<Mention>,
    /// How many mentions were left out, since a system keeps a limited number.
    pub mentions_left_out: u32,
    /// Network namespaces.
    pub namespaces: Vec<NamespaceRow>,
    /// SHA-256 of recovered files, in hexadecimal, with the member.
    pub recovered: Vec<(Box<str>, String)>,
    /// What says who it is, the strongest of each field first.
    pub facts: Vec<Fact>,
    /// Inode of the pid namespace, with the start of its first process in ticks: names a container whose id is hidden.
    pub pid_namespace: Option<(u64, u64)>,
    /// What is wrong with the file of the bundle, in a word (`damaged`, `cut`, `unchecked`) and as a sentence. `None`: nothing.
    pub integrity: Option<(&'static str, String)>,
    /// What the bundle lacks of the system, as sentences. `None`: nothing.
    pub missing: Option<String>,
    /// Tables of sockets that were cut, as a sentence: a socket that is not among [`System::sockets`] may be there.
    pub cut_sockets: Option<String>,
    /// Whether [`System::container`] is the id of a pod's sandbox, which the containers of the pod share.
    pub sandbox: bool,
}
