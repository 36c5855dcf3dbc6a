//! From a snapshot to its [`System`].

use super::identity::{Identity, View, text_of};
use super::system::{
    ContainerRow, FindingRow, Kind, Named, ProcessRow, RowIndex, SocketRow, StoryRow, System,
};
use super::{address, mention};
use bstr::BString;
use procglass_findings::Proof;
use procglass_model::bundle::{Integrity, Verdict};
use procglass_opened::Opened;
use procglass_snapshot::analysis::container::Told;
use procglass_snapshot::analysis::overview::distribution;
use procglass_snapshot::{Process, ProcessIndex, Protocol, Snapshot, Socket};
use std::collections::HashMap;

impl System {
    /// What a snapshot says of its system. The rules run when they have not yet. `bundle` is the name of its file.
    #[must_use]
    pub fn of(snapshot: &Opened, bundle: &str) -> Self {
        let view = View::of(snapshot);
        let mut identity = Identity::of(snapshot, &view);
        let addresses = address::of(snapshot, &mut identity);
        let mut containers = Containers::new(std::mem::take(&mut identity.containers));
        let kept: Vec<ProcessIndex> = snapshot
            .indices()
            .filter(|index| snapshot.process(*index).is_some_and(|process| !process.is_kernel_thread()))
            .collect();
        let mut places = vec![None; snapshot.processes.len()];
        for (row, index) in (0..).map(RowIndex).zip(&kept) {
            if let Some(place) = places.get_mut(index.0 as usize) {
                *place = Some(row);
            }
        }
        let place = |index: ProcessIndex| places.get(index.0 as usize).copied().flatten();
        let processes =
            kept.iter().filter_map(|index| snapshot.process(*index).map(|process| (*index, process)));
        let processes: Vec<ProcessRow> =
            processes.map(|(index, process)| row(snapshot, index, process, containers.of(process))).collect();
        let netns: Vec<_> = kept
            .iter()
            .map(|index| snapshot.process(*index).and_then(|process| process.namespaces.net))
            .collect();
        let (mentions, mentions_left_out) = mention::of(snapshot, &kept);
        let own = view.container();
        let container = own.and_then(|container| container.any_id().cloned());
        let sandbox = own.is_some_and(|container| container.id.is_none() && container.sandbox.is_some());
        // Mounts tell the sandbox of the pod, or the container whose network it uses: the agent's own answer is better.
        let by_group = own.is_some_and(|container| container.told.part == "files/cgroup");
        let said = identity.container.clone().filter(|_| !view.is_host()).map(BString::from);
        let (container, sandbox) = match (container, said) {
            (Some(id), None) => (Some(id), sandbox),
            (Some(id), Some(said)) if by_group && id != said => (Some(id), false),
            (_, said) => (said, false),
        };
        if let Some(id) = &container {
            containers.name(id, if sandbox { Named::Sandbox } else { Named::Container });
        }
        let coverage = snapshot.coverage();
        let kernel = procglass_model::text::visible(snapshot.manifest.kernel.as_bytes()).into_owned();
        let mut system = Self {
            bundle: bundle.to_owned(),
            snapshot_id: Some(snapshot.manifest.snapshot_id.clone()).filter(|id| !id.is_empty()),
            host_name: snapshot.host_name(),
            kind: identity.kind,
            // A time that is only a bound would match logs of the day on which a copy was read.
            captured: snapshot.captured().filter(|_| !snapshot.captured_at_most()),
            integrity: integrity(&snapshot.integrity),
            missing: coverage.sentence(),
            cut_sockets: coverage.cut_sockets().map(ToOwned::to_owned),
            booted: snapshot.boot,
            kernel: kernel.split_whitespace().next().map(ToOwned::to_owned),
            os: distribution(snapshot),
            provider: identity.first("provider"),
            account: identity.first("account"),
            region: identity.first("region"),
            cluster: identity.first("cluster"),
            service: identity.first("service"),
            launch_type: identity.first("launch_type"),
            task_definition: identity.first("task_definition"),
            revision: identity.first("revision"),
            task: identity.first("task"),
            pod: identity.first("pod"),
            namespace: identity.first("namespace"),
            instance: identity.first("instance"),
            container,
            sandbox,
            namespaces: address::rows(snapshot, &processes, &netns),
            addresses,
            containers: containers.rows,
            processes,
            sockets: snapshot.sockets.iter().filter_map(|s| socket(s, &place)).collect(),
            mentions,
            mentions_left_out,
            recovered: recovered(snapshot),
            pid_namespace: pid_namespace(snapshot),
            facts: identity.facts,
            ..Self::default()
        };
        for (member, field) in [
            ("host/proc/sys/kernel/random/boot_id", &mut system.boot_id),
            ("host/etc/machine-id", &mut system.machine_id),
        ] {
            *field = text_of(snapshot, member).map(|(text, _)| text);
        }
        findings(snapshot, &place, &mut system);
        system.name = name(&system);
        system
    }
}

/// What is wrong with the file: bytes that were changed, an end that is missing, or nothing to compare with.
fn integrity(of: &Integrity) -> Option<(&'static str, String)> {
    let word = match of.verdict() {
        Verdict::Intact => return None,
        Verdict::Damaged => "damaged",
        Verdict::Incomplete if of.ended && of.cut.is_empty() => "unchecked",
        Verdict::Incomplete => "cut",
    };
    Some((word, of.sentence()))
}

/// Containers by their ids.
struct Containers {
    rows: Vec<ContainerRow>,
    by_id: HashMap<BString, u32>,
}

impl Containers {
    fn new(rows: Vec<ContainerRow>) -> Self {
        let by_id = (0..).zip(&rows).map(|(at, row)| (row.id.clone(), at)).collect();
        Self { rows, by_id }
    }

    /// The place of a container, which is new perhaps.
    fn name(&mut self, id: &BString, named: Named) -> u32 {
        if let Some(at) = self.by_id.get(id) {
            return *at;
        }
        let at = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.by_id.insert(id.clone(), at);
        self.rows.push(ContainerRow { id: id.clone(), named, ..ContainerRow::default() });
        at
    }

    /// The container of a process, counted.
    fn of(&mut self, process: &Process) -> Option<u32> {
        let facts = process.container_facts.as_ref()?;
        let (id, named) = match (&facts.id, &facts.sandbox, &facts.pod) {
            (Some(id), ..) => (id, Named::Container),
            (None, Some(sandbox), _) => (sandbox, Named::Sandbox),
            (None, None, Some(pod)) => (pod, Named::Pod),
            (None, None, None) => return None,
        };
        let at = self.name(id, named);
        let row = self.rows.get_mut(at as usize)?;
        row.processes += 1;
        let text = |text: &Option<BString>| {
            text.as_ref().map(|text| procglass_model::text::visible(text).into_owned())
        };
        row.runtime = row.runtime.take().or_else(|| text(&facts.runtime));
        row.proof.get_or_insert_with(|| proof_of(process, &facts.told, id));
        if let Some(pod) = &facts.pod {
            row.pod_proof.get_or_insert_with(|| proof_of(process, facts.pod_told(), pod));
        }
        row.pod = row.pod.take().or_else(|| text(&facts.pod));
        row.task = row.task.take().or_else(|| text(&facts.ecs_task));
        Some(at)
    }
}

/// The bytes that told something of a process, from a little before what they told.
pub(super) fn proof_of(process: &Process, told: &Told, what: &[u8]) -> Proof {
    const BEFORE: usize = 120;
    let at = procglass_model::text::find(&told.bytes, what).unwrap_or(0);
    let excerpt = told.bytes.get(at.saturating_sub(BEFORE)..).unwrap_or_default();
    Proof::new(format!("{}#{}", process.member(), told.part), excerpt)
}

fn row(snapshot: &Opened, index: ProcessIndex, process: &Process, container: Option<u32>) -> ProcessRow {
    let sha256 = process.executable.as_ref().and_then(|executable| executable.sha256.as_deref());
    ProcessRow {
        pid: process.pid,
        start_ticks: process.start_ticks,
        started: process.started,
        name: process.name.clone(),
        exe: process.exe.clone(),
        sha256: sha256.map(|hash| hash.to_ascii_lowercase().into()),
        user: process.user_words().map(Into::into),
        container,
        severity: snapshot.findings().severity_of(index),
    }
}

fn socket(socket: &Socket, place: &impl Fn(ProcessIndex) -> Option<RowIndex>) -> Option<SocketRow> {
    if matches!(socket.protocol, Protocol::Unix | Protocol::Packet | Protocol::Netlink) {
        return None;
    }
    let mut owners: Vec<_> = socket.owners.iter().filter_map(|owner| place(owner.process)).collect();
    owners.sort_unstable();
    owners.dedup();
    Some(SocketRow {
        protocol: socket.protocol,
        netns: socket.netns,
        inode: socket.inode,
        local: socket.local?,
        remote: socket.remote.filter(|(address, port)| *port != 0 && !address.is_unspecified()),
        state: socket.state,
        listens: socket.listens(),
        owners,
        source: socket.source,
    })
}

fn findings(snapshot: &Opened, place: &impl Fn(ProcessIndex) -> Option<RowIndex>, system: &mut System) {
    let findings = snapshot.findings();
    system.findings = findings
        .all
        .iter()
        .map(|finding| FindingRow {
            id: finding.rule.id,
            severity: finding.severity,
            title: finding.rule.title.to_owned(),
            sentence: finding.sentence(snapshot),
            process: finding.process.and_then(place),
        })
        .collect();
    system.stories = findings
        .stories
        .iter()
        .map(|story| StoryRow {
            severity: story.severity,
            sentence: story.sentence.clone(),
            findings: story.findings.iter().filter_map(|place| u32::try_from(*place).ok()).collect(),
            process: story.chain.last().copied().and_then(place),
        })
        .collect();
}

/// Recovered programs and files: the name of their member is their hash.
fn recovered(snapshot: &Snapshot) -> Vec<(Box<str>, String)> {
    let hash = |name: &str| {
        let hash = name.strip_prefix("executable/").or(name.strip_prefix("file/"))?;
        let hex = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        hex.then(|| hash.to_ascii_lowercase().into_boxed_str())
    };
    snapshot
        .members
        .iter()
        .filter_map(|member| Some((hash(&member.name)?, member.name.to_string())))
        .collect()
}

fn pid_namespace(snapshot: &Snapshot) -> Option<(u64, u64)> {
    let inode = snapshot.manifest.collector.namespaces.get("pid")?;
    let first = snapshot.process(snapshot.by_pid(1)?)?;
    Some((*inode, first.start_ticks))
}

/// Ids are long, and eight digits of them tell as much to the eye.
fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

fn name(system: &System) -> String {
    let task = || system.task.as_deref().map(short);
    let named = match system.kind {
        Kind::EcsOnEc2 | Kind::EcsOnFargate | Kind::EcsExternal | Kind::EcsManaged | Kind::EcsOther => {
            let service = system.service.as_ref().or(system.task_definition.as_ref());
            service.map(|service| match task() {
                Some(task) => format!("{service}/{task}"),
                None => service.clone(),
            })
        }
        Kind::Pod => system.pod.as_ref().map(|pod| match &system.namespace {
            Some(namespace) => format!("{namespace}/{pod}"),
            None => pod.clone(),
        }),
        Kind::Lambda => system.task_definition.clone(),
        Kind::Host | Kind::Unknown => None,
        Kind::Container => system.own_container().and_then(|own| own.name.clone()),
    };
    named.unwrap_or_else(|| system.host_name.clone())
}
