//! Which container a process is in: from the paths of its control groups, or from its mounts where a cgroup namespace
//! hides those, or from what the first process was told.

mod form;
mod forms;

use bstr::BString;
use form::{Form, Names, Proves};
use procglass_proc::cmdline::{strings, variable};
use procglass_proc::{cgroup, mountinfo};

/// The bytes that say something of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Part of the process's record: `files/cgroup`.
    pub part: &'static str,
    /// The line, or the variable, as it stands there.
    pub bytes: BString,
}

/// A container, and how it was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container {
    /// Its id, as its runtime names it: 64 hex digits mostly, other forms on Fargate, Garden, Nomad, LXC and systemd-nspawn.
    /// `None` where the evidence says only that the process is in a container.
    pub id: Option<BString>,
    /// Id of its pod's sandbox, which is the pause container: all containers of the pod share it.
    pub sandbox: Option<BString>,
    /// The runtime, where the form of the name tells it.
    pub runtime: Option<BString>,
    /// The uid of its Kubernetes pod.
    pub pod: Option<BString>,
    /// The id of its ECS task.
    pub ecs_task: Option<BString>,
    /// What decided.
    pub rule: &'static str,
    /// The bytes that it decided by.
    pub told: Told,
    /// The bytes that say the pod, where those are others.
    pub pod_told: Option<Told>,
}

impl Container {
    /// Its id, or that of its pod's sandbox, where only that is known.
    #[must_use]
    pub fn any_id(&self) -> Option<&BString> {
        self.id.as_ref().or(self.sandbox.as_ref())
    }

    /// The bytes that say the pod.
    #[must_use]
    pub fn pod_told(&self) -> &Told {
        self.pod_told.as_ref().unwrap_or(&self.told)
    }
}

/// Part of a process's record with its control groups.
const CGROUP: &str = "files/cgroup";
/// Part of a process's record with its mounts.
const MOUNTINFO: &str = "files/mountinfo";

/// What a path of control groups is nested in, the innermost container last.
#[derive(Default)]
struct Nest {
    containers: Vec<Container>,
    /// Ids that helpers name: what they help is not around them.
    helped: Vec<BString>,
}

/// From `/proc/<pid>/cgroup`. `None` for a process of the host, and where the cgroup namespace hides the path. Of containers in
/// containers it is the innermost.
#[must_use]
pub fn from_cgroup(text: &[u8]) -> Option<Container> {
    let nests: Vec<Nest> = cgroup::parse(text)
        .map(|entry| {
            let line = || Told { part: CGROUP, bytes: line_of(text, entry.path).into() };
            nest(entry.path, entry.hierarchy != 0, line)
        })
        .collect();
    let helped: Vec<&BString> = nests.iter().flat_map(|nest| &nest.helped).collect();
    let in_it = |container: &&Container| container.id.as_ref().is_none_or(|id| !helped.contains(&id));
    // Controllers of cgroup v1 differ in how deep their groups go; the first of the deepest tells the most.
    let mut found: Option<(usize, &Container)> = None;
    for nest in &nests {
        let depth = nest.containers.iter().filter(in_it).count();
        if let Some(last) = nest.containers.iter().rfind(|container| in_it(container))
            && found.is_none_or(|(known, _)| depth > known)
        {
            found = Some((depth, last));
        }
    }
    found.map(|(_, container)| container.clone())
}

fn nest(path: &[u8], v1: bool, line: impl Fn() -> Told) -> Nest {
    // The kernel says so of a group that was removed while a process, which has ended, was in it.
    let path = path.strip_suffix(b" (deleted)").unwrap_or(path).trim_ascii_end();
    let parts: Vec<&[u8]> = path.split(|byte| *byte == b'/').filter(|part| !part.is_empty()).collect();
    let mut ending: Vec<Vec<(usize, &Form, Names<'_>)>> = Vec::new();
    ending.resize_with(parts.len(), Vec::new);
    for from in 0..parts.len() {
        let rest = parts.get(from..).unwrap_or_default();
        for (place, form) in forms::GROUPS.iter().enumerate().filter(|(_, form)| v1 || !form.v1) {
            let Some((names, taken)) = form.names(rest) else { continue };
            if let Some(hits) = ending.get_mut(from + taken - 1) {
                // Forms that begin at different parts still count in the order of the list.
                let at = hits.partition_point(|(other, ..)| *other < place);
                hits.insert(at, (place, form, names));
            }
        }
    }
    let mut nest = Nest::default();
    let (mut pod, mut task) = (None, None);
    for hits in ending {
        pod = hits.iter().find_map(|(.., names)| names.pod()).or(pod);
        task = hits.iter().find_map(|(.., names)| names.task.map(BString::from)).or(task);
        let Some((_, form, names)) = hits.first() else { continue };
        match form.proves {
            Proves::Helper => {
                nest.helped.extend(names.id());
                break;
            }
            Proves::Container => {
                let container = Container {
                    id: names.id(),
                    runtime: form.runtime.map(Into::into),
                    pod: pod.take(),
                    ecs_task: task.take(),
                    rule: "path of the control group",
                    told: line(),
                    ..Container::default()
                };
                // A group below the container's own that names it again.
                nest.containers.pop_if(|last| last.id == container.id);
                nest.containers.push(container);
            }
            Proves::Group | Proves::Sandbox | Proves::Pod => {}
        }
    }
    nest
}

/// From `/proc/<pid>/mountinfo`: a runtime mounts files of its own over some of the container's, and the folder that they come
/// from is named after the container. In a pod it is named after the pod's sandbox, whatever the runtime.
#[must_use]
pub fn from_mountinfo(text: &[u8]) -> Option<Container> {
    let (mounts, _) = mountinfo::parse(text);
    let mut found: Vec<(usize, &Form, Container)> = Vec::new();
    let mut pod: Option<(BString, Told)> = None;
    for mount in &mounts {
        let Some(point) = std::str::from_utf8(&mount.mount_point).ok() else { continue };
        let mut forms = forms::MOUNTS.iter().filter(|form| form.points.contains(&point)).peekable();
        if forms.peek().is_none() {
            continue;
        }
        // The kernel says so of a file that was replaced under the mount.
        let root = mount.root.strip_suffix(b"//deleted").unwrap_or(&mount.root);
        let parts: Vec<&[u8]> = root.split(|byte| *byte == b'/').filter(|part| !part.is_empty()).collect();
        for form in forms {
            let ends = |from: &usize| {
                let rest = parts.get(*from..)?;
                let (names, taken) = form.names(rest)?;
                (taken == rest.len()).then_some(names)
            };
            let Some(names) = (0..parts.len()).find_map(|from| ends(&from)) else { continue };
            let line =
                text.split(|byte| *byte == b'\n').nth(mount.line.saturating_sub(1)).unwrap_or_default();
            let told = Told { part: MOUNTINFO, bytes: line.into() };
            if let Some(uid) = names.pod() {
                pod.get_or_insert((uid, told));
                continue;
            }
            let rank = form.points.iter().position(|known| *known == point).unwrap_or(usize::MAX);
            let (id, sandbox) =
                if form.proves == Proves::Sandbox { (None, names.id()) } else { (names.id(), None) };
            let container = Container {
                id,
                sandbox,
                runtime: form.runtime.map(Into::into),
                rule: "source of a mount of the runtime's",
                told,
                ..Container::default()
            };
            found.push((rank, form, container));
        }
    }
    let marked = |form: &Form| form.points.contains(&forms::MARKER);
    // `/etc/hostname` before `/etc/hosts` before `/etc/resolv.conf`: those may be another container's.
    let by_files = found.iter().filter(|(_, form, _)| !marked(form)).min_by_key(|(rank, ..)| *rank);
    let by_marker = found.iter().find(|(_, form, _)| marked(form));
    let Some((uid, pod_told)) = pod else {
        let (.., container) = by_marker.or(by_files)?;
        let mut container = container.clone();
        if container.sandbox.is_some() {
            container.rule = "sandbox of its pod, from the source of a mount of the runtime's";
        }
        return Some(container);
    };
    let mut container = by_files.map(|(.., container)| container.clone()).unwrap_or_default();
    container.sandbox = container.sandbox.or(container.id.take());
    container.rule = "sandbox of its pod, from the source of a mount of the runtime's";
    // In a pod, CRI-O is what uses the storage that podman has elsewhere.
    let runtime = container.runtime.take();
    container.runtime =
        if runtime.as_ref().is_some_and(|name| *name == "podman") { Some("cri-o".into()) } else { runtime };
    if let Some((.., own)) = by_marker.filter(|(.., own)| own.id.is_some() && own.id != container.sandbox) {
        (container.id, container.told) = (own.id.clone(), own.told.clone());
        container.rule = "source of a mount of the runtime's";
    } else if container.sandbox.is_none() {
        (container.rule, container.told) = ("source of a mount of the kubelet's", pod_told.clone());
    }
    (container.pod, container.pod_told) = (Some(uid), Some(pod_told));
    Some(container)
}

/// From the environment of the first process: managers of containers set `container` there, as systemd.io/CONTAINER_INTERFACE
/// asks of them. It names no container.
#[must_use]
pub fn from_environ(text: &[u8]) -> Option<Container> {
    let (line, value) = strings(text).find_map(|string| {
        let (name, value) = variable(string);
        (name == b"container" && !value.is_empty()).then_some((string, value))
    })?;
    Some(Container {
        runtime: Some(value.get(..value.len().min(64))?.into()),
        rule: "variable `container` of the first process",
        told: Told { part: "files/environ", bytes: line.into() },
        ..Container::default()
    })
}

/// What the mounts add to what the control groups say: the pod.
#[must_use]
pub fn with_pod(by_cgroup: &Container, by_mounts: &Container) -> Option<Container> {
    (by_cgroup.pod.is_none() && by_mounts.pod.is_some()).then(|| Container {
        pod: by_mounts.pod.clone(),
        pod_told: Some(by_mounts.pod_told().clone()),
        sandbox: by_mounts.sandbox.clone().filter(|sandbox| Some(sandbox) != by_cgroup.id.as_ref()),
        ..by_cgroup.clone()
    })
}

/// The line of a text that a part of it stands in.
fn line_of<'a>(text: &'a [u8], part: &[u8]) -> &'a [u8] {
    text.split(|byte| *byte == b'\n').find(|line| line.ends_with(part)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
