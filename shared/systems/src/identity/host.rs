//! From where the collector looked: as a host, or from inside a container.

use super::super::system::Kind;
use procglass_findings::Proof;
use procglass_snapshot::analysis::container::{Container, Told};
use procglass_snapshot::{Process, Snapshot};
use std::sync::Arc;

/// Inode of the first pid namespace, `PROC_PID_INIT_INO` of include/linux/proc_ns.h.
const FIRST_PID_NAMESPACE: u64 = 0xEFFF_FFFC;

/// What was in sight.
#[derive(Debug)]
pub(crate) struct View {
    host: bool,
    container: Option<Arc<Container>>,
    /// The process that told the container.
    witness: u32,
    host_name: String,
}

impl View {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let collector = &snapshot.manifest.collector;
        let first_namespace = collector.namespaces.get("pid") == Some(&FIRST_PID_NAMESPACE);
        let kernel_threads = snapshot.processes.iter().any(|process| process.is_kernel_thread());
        let init = snapshot.by_pid(1).and_then(|index| snapshot.process(index));
        let in_container = Process::in_container;
        let host = kernel_threads || (first_namespace && !init.is_some_and(in_container));
        let own = snapshot.by_pid(collector.pid).and_then(|index| snapshot.process(index));
        // On a host the first process says nothing of the container that the collector may be in.
        let witness = own.into_iter().chain(init.filter(|_| !host)).find(|process| in_container(process));
        Self {
            host,
            container: witness.and_then(|process| process.container_facts.clone()),
            witness: witness.map_or(0, |process| process.pid),
            host_name: procglass_model::text::visible(&snapshot.manifest.hostname).into_owned(),
        }
    }

    /// Whether the machine itself was seen, with every process on it.
    pub(crate) fn is_host(&self) -> bool {
        self.host
    }

    /// The container that the collector was in.
    pub(crate) fn container(&self) -> Option<&Container> {
        self.container.as_deref()
    }

    pub(super) fn container_text(&self) -> Option<String> {
        self.container()?.id.as_ref().map(ToString::to_string)
    }

    /// 32 hexadecimal digits of the task, a dash, and digits.
    pub(super) fn fargate_id(&self) -> bool {
        let split = |id: String| id.split_once('-').map(|(task, number)| (task.len(), number.to_owned()));
        let digits = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        self.container_text().and_then(split).is_some_and(|(task, number)| task == 32 && digits(&number))
    }

    pub(super) fn ecs_task(&self) -> Option<(String, Proof)> {
        let container = self.container()?;
        let task = container.ecs_task.as_ref()?;
        Some((super::short(task)?, self.proof(&container.told, task)))
    }

    /// Whether the container is one of a pod.
    pub(super) fn in_pod(&self) -> bool {
        self.container().is_some_and(|container| container.pod.is_some() || container.sandbox.is_some())
    }

    /// What the first process's control groups, mounts or environment say of its container, as facts.
    pub(super) fn facts(&self, identity: &mut super::Identity) {
        if self.host {
            return;
        }
        let Some(container) = self.container() else { return };
        let (told, pod_told) = (&container.told, container.pod_told());
        for (field, value, told) in [
            ("container", &container.id, told),
            ("sandbox", &container.sandbox, told),
            ("runtime", &container.runtime, told),
            ("pod_uid", &container.pod, pod_told),
        ] {
            if let Some(value) = value {
                identity.add(field, super::short(value), &self.proof(told, value));
            }
        }
    }

    pub(super) fn host_name(&self) -> (Option<String>, Proof) {
        let name = self.host_name.clone();
        let proof = Proof::new("manifest.json", format!("\"hostname\": \"{name}\"").as_bytes());
        (Some(name).filter(|name| !name.is_empty()), proof)
    }

    /// Where nothing of a platform is known.
    pub(super) fn kind(&self) -> Kind {
        match (self.host, &self.container) {
            (true, _) => Kind::Host,
            (false, Some(_)) if self.in_pod() => Kind::Pod,
            (false, Some(_)) => Kind::Container,
            (false, None) => Kind::Unknown,
        }
    }

    fn proof(&self, told: &Told, what: &[u8]) -> Proof {
        let witness = Process { pid: self.witness, ..Process::default() };
        super::super::rows::proof_of(&witness, told, what)
    }
}

/// The only word of a small file: a boot id, a machine id.
pub(crate) fn text_of(snapshot: &Snapshot, member: &str) -> Option<(String, Proof)> {
    let data = snapshot.members.data(member)?;
    let text = data.trim_ascii();
    let plain = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b'-';
    let fits = (16..=64).contains(&text.len()) && text.iter().all(plain);
    let word = fits.then(|| String::from_utf8_lossy(text).to_ascii_lowercase())?;
    Some((word, Proof::new(member, data)))
}
