//! Which container a process is in: from the paths of its control groups, or from its mounts where a cgroup namespace
//! hides those.

use bstr::BString;
use procglass_proc::{cgroup, mountinfo};

/// A container, and how it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Its id, as its runtime names it: 64 hex digits mostly, other forms on Fargate, Garden and LXC.
    pub id: BString,
    /// The runtime, where the path tells it.
    pub runtime: Option<&'static str>,
    /// The uid of its Kubernetes pod.
    pub pod: Option<BString>,
    /// The id of its ECS task.
    pub ecs_task: Option<BString>,
    /// What decided.
    pub rule: &'static str,
}

/// Where a container's files are mounted from outside, whatever its image holds.
const OWN_FILES: [&[u8]; 3] = [b"/etc/hostname", b"/etc/hosts", b"/etc/resolv.conf"];

/// From `/proc/<pid>/cgroup`. `None` for a process of the host, and where the cgroup namespace hides the path.
#[must_use]
pub fn from_cgroup(text: &[u8]) -> Option<Container> {
    cgroup::parse(text).find_map(|entry| {
        let parts: Vec<&[u8]> =
            entry.path.split(|byte| *byte == b'/').filter(|part| !part.is_empty()).collect();
        if let [b"lxc", name, ..] = parts.as_slice() {
            // Docker drove LXC before 1.8, and names containers by hash; people do not.
            let runtime = Some(if is_hex(name, 64) { "docker" } else { "lxc" });
            let rule = "path of the control group";
            return Some(Container { id: (*name).into(), runtime, pod: None, ecs_task: None, rule });
        }
        let at = (0..parts.len()).rev().find(|at| parts.get(*at).is_some_and(|part| id(part).is_some()))?;
        let part = *parts.get(at)?;
        let above = at.checked_sub(1).and_then(|at| parts.get(at)).copied().unwrap_or_default();
        let task = (parts.first() == Some(&&b"ecs"[..]) && at > 1).then(|| above.into());
        Some(Container {
            id: id(part)?.into(),
            runtime: runtime(part, above, parts.first().copied().unwrap_or_default()),
            pod: parts.iter().find_map(|part| pod(part)),
            ecs_task: task,
            rule: "path of the control group",
        })
    })
}

/// From `/proc/<pid>/mountinfo`: Docker, containerd and podman mount files of theirs over three of the container's.
/// containerd's folder is named after the pod's sandbox, not after the container.
#[must_use]
pub fn from_mountinfo(text: &[u8]) -> Option<Container> {
    let (mounts, _) = mountinfo::parse(text);
    mounts.iter().filter(|mount| OWN_FILES.contains(&mount.mount_point.as_slice())).find_map(|mount| {
        let parts: Vec<&[u8]> = mount.root.split(|byte| *byte == b'/').collect();
        let at = parts.iter().position(|part| is_hex(part, 64))?;
        let folder = at.checked_sub(1).and_then(|at| parts.get(at)).copied().unwrap_or_default();
        let (runtime, rule) = match folder {
            b"containers" => (Some("docker"), "source of the mount over /etc/hostname, hosts or resolv.conf"),
            b"overlay-containers" => {
                (Some("podman"), "source of the mount over /etc/hostname, hosts or resolv.conf")
            }
            b"sandboxes" => (
                Some("containerd"),
                "sandbox of its pod, from the mount over /etc/hostname, hosts or resolv.conf",
            ),
            _ => return None,
        };
        Some(Container { id: (*parts.get(at)?).into(), runtime, pod: None, ecs_task: None, rule })
    })
}

fn is_hex(text: &[u8], length: usize) -> bool {
    text.len() == length && text.iter().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte))
}

/// The id in one path component: `docker-<id>.scope`, `slice:cri-containerd:<id>`, `lxc.payload.<name>`, plain `<id>`.
fn id(component: &[u8]) -> Option<&[u8]> {
    let component = component.trim_ascii_end();
    let component = component.strip_suffix(b".scope").unwrap_or(component);
    // The process that watches a podman container is not in it.
    if component.starts_with(b"libpod-conmon-") {
        return None;
    }
    if let Some(name) = component.strip_prefix(b"lxc.payload.").filter(|name| !name.is_empty()) {
        return Some(name);
    }
    let last = component.rsplit(|byte| matches!(byte, b'-' | b':')).next()?;
    if is_hex(last, 64) {
        return Some(last);
    }
    let groups: Vec<&[u8]> = component.split(|byte| *byte == b'-').collect();
    let lengths: Vec<usize> =
        groups.iter().map(|group| if is_hex(group, group.len()) { group.len() } else { 0 }).collect();
    match lengths.as_slice() {
        // A UUID, and Garden's, whose last group is short.
        [8, 4, 4, 4, 12] | [8, 4, 4, 4, 4] => Some(component),
        // Fargate: 32 hex digits of the task, a dash, decimal digits.
        [32, _]
            if groups
                .get(1)
                .is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit)) =>
        {
            Some(component)
        }
        _ => None,
    }
}

fn runtime(part: &[u8], above: &[u8], first: &[u8]) -> Option<&'static str> {
    let holds = |text: &[u8], word: &str| text.windows(word.len()).any(|window| window == word.as_bytes());
    let table =
        [("docker", "docker"), ("cri-containerd", "containerd"), ("crio", "cri-o"), ("libpod", "podman")];
    let by_part = table.iter().find(|(word, _)| holds(part, word) && !part.is_empty());
    let by_above = [("docker", "docker"), ("garden", "garden"), ("lxc", "lxc"), ("buildkit", "buildkit")];
    by_part
        .or_else(|| by_above.iter().find(|(word, _)| above == word.as_bytes()))
        .map(|(_, runtime)| *runtime)
        .or_else(|| part.starts_with(b"lxc.payload.").then_some("lxc"))
        .or_else(|| (first == b"ecs").then_some("ecs"))
}

/// The pod's uid in `pod<uid>` or `kubepods-burstable-pod<uid with _>.slice`.
fn pod(component: &[u8]) -> Option<BString> {
    let component = component.split(|byte| *byte == b':').next().unwrap_or(component);
    let component = component.strip_suffix(b".slice").unwrap_or(component);
    let at = component.windows(3).rposition(|window| window == b"pod")?;
    let uid: Vec<u8> = component.get(at + 3..)?.iter().map(|b| if *b == b'_' { b'-' } else { *b }).collect();
    let hex = uid.iter().filter(|byte| **byte != b'-').all(u8::is_ascii_hexdigit);
    // A UUID, or the 32 hex digits of a static pod.
    (hex && matches!(uid.len(), 32 | 36)).then(|| uid.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn ids_of_each_runtime() {
        let fargate = "0123456789abcdef0123456789abcdef-1234567890";
        let garden = "6f265890-5165-7fab-6b52-18d1";
        let cases = [
            (format!("12:pids:/docker/{ID}\n"), Some((ID, Some("docker")))),
            (format!("0::/system.slice/docker-{ID}.scope\n"), Some((ID, Some("docker")))),
            (
                format!("0::/kubepods.slice/x.slice/cri-containerd-{ID}.scope\n"),
                Some((ID, Some("containerd"))),
            ),
            (
                format!("0::/system.slice/containerd.service/p.slice:cri-containerd:{ID}\n"),
                Some((ID, Some("containerd"))),
            ),
            (format!("1:x:/kubepods.slice/crio-{ID}.scope\n"), Some((ID, Some("cri-o")))),
            (format!("0::/machine.slice/libpod-{ID}.scope/container\n"), Some((ID, Some("podman")))),
            (format!("0::/machine.slice/libpod-conmon-{ID}.scope\n"), None),
            (
                format!("9:memory:/ecs/0123456789abcdef0123456789abcdef/{fargate}\n"),
                Some((fargate, Some("ecs"))),
            ),
            (
                format!("1:name=systemd:/system.slice/garden.service/garden/{garden}\n"),
                Some((garden, Some("garden"))),
            ),
            ("0::/lxc.payload.web/system.slice\n".into(), Some(("web", Some("lxc")))),
            ("8:cpu:/lxc/web\n".into(), Some(("web", Some("lxc")))),
            ("0::/\n".into(), None),
            ("0::/../..\n".into(), None),
            ("0::/user.slice/user-1000.slice/session-3.scope\n".into(), None),
            (format!("0::/docker/{}\n", &ID[1..]), None),
        ];
        for (text, expected) in cases {
            let found =
                from_cgroup(text.as_bytes()).map(|container| (container.id.to_string(), container.runtime));
            assert_eq!(found, expected.map(|(id, runtime)| (id.to_owned(), runtime)), "{text}");
        }
    }

    #[test]
    fn pods_and_tasks() {
        let uid = "2d3da189-6407-48e3-9ab6-78188d75e609";
        let slice = format!(
            "1:x:/kubepods.slice/kubepods-burstable-pod{}.slice/docker-{ID}.scope",
            uid.replace('-', "_")
        );
        for text in [slice, format!("1:x:/kubepods/burstable/pod{uid}/{ID}")] {
            assert_eq!(from_cgroup(text.as_bytes()).unwrap().pod.unwrap(), uid, "{text}");
        }
        let ecs = format!("1:x:/ecs/55091c13-b8cf-4801-b527-f4601742204d/{ID}");
        let container = from_cgroup(ecs.as_bytes()).unwrap();
        assert_eq!(
            (container.id.to_string(), container.ecs_task.unwrap().to_string().len()),
            (ID.into(), 36)
        );
    }

    #[test]
    fn mounts_tell_where_the_cgroup_namespace_hides() {
        let line = |root: &str, point: &str| format!("1 2 8:6 {root} {point} rw - ext4 /dev/sda6 rw\n");
        let docker = line(&format!("/var/lib/docker/containers/{ID}/hostname"), "/etc/hostname");
        let sandbox = line(&format!("/x/io.containerd.grpc.v1.cri/sandboxes/{ID}/hostname"), "/etc/hostname");
        let podman = line(&format!("/containers/overlay-containers/{ID}/userdata/hosts"), "/etc/hosts");
        let runtime =
            |text: &str| from_mountinfo(text.as_bytes()).map(|container| container.runtime.unwrap());
        assert_eq!(runtime(&docker), Some("docker"));
        assert_eq!(runtime(&sandbox), Some("containerd"));
        assert_eq!(runtime(&podman), Some("podman"));
        let outside = line(&format!("/var/lib/docker/containers/{ID}/hostname"), "/mnt/etc/hostname");
        assert_eq!(runtime(&outside), None, "the host sees the mounts of its containers too");
        assert!(from_mountinfo(sandbox.as_bytes()).unwrap().rule.contains("sandbox"));
    }
}
