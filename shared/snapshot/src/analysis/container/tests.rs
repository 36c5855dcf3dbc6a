//! Every form by its sample, and forms within each other.

use super::form::{Form, Proves};
use super::*;

const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const SANDBOX: &str = "b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2";
const POD: &str = "2d3da189-6407-48e3-9ab6-78188d75e609";
const TASK: &str = "0123456789abcdef0123456789abcdef";

/// A sample with its names: `$ID`, `$SANDBOX`, `$TASK`, `$POD`, and `$SLICE` for the pod as slices of systemd have it.
fn filled(text: &str) -> String {
    let slice = POD.replace('-', "_");
    [("$ID", ID), ("$SANDBOX", SANDBOX), ("$TASK", TASK), ("$POD", POD), ("$SLICE", slice.as_str())]
        .into_iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
}

fn group(path: &str) -> Option<Container> {
    from_cgroup(format!("0::{}\n", filled(path)).as_bytes())
}

fn id(container: Option<Container>) -> Option<String> {
    container.and_then(|container| container.id).map(|id| id.to_string())
}

fn line(root: &str, point: &str) -> String {
    format!("1 2 8:6 {} {point} rw - ext4 /dev/sda6 rw\n", filled(root))
}

#[test]
fn each_form_of_a_control_group_gives_what_its_line_says() {
    for Form { pattern, runtime, proves, v1, sample, gives, .. } in forms::GROUPS {
        let text = format!("{}::{}\n", u8::from(*v1), filled(sample));
        let found = from_cgroup(text.as_bytes());
        let expected = Some(filled(gives)).filter(|id| !id.is_empty());
        assert_eq!(id(found.clone()), expected, "{pattern}: {sample}");
        if *proves == Proves::Container {
            let found = found.unwrap();
            assert_eq!(found.runtime, runtime.map(Into::into), "{pattern}: {sample}");
            assert_eq!((found.told.part, found.told.bytes.to_string()), (CGROUP, text.trim_end().to_owned()));
            assert_eq!(
                found.pod.is_some(),
                sample.contains("/pod$POD") || sample.contains("$SLICE"),
                "{sample}"
            );
            assert_eq!(found.ecs_task.is_some(), pattern.contains("{task}"), "{sample}");
        }
    }
}

#[test]
fn each_form_of_a_mount_gives_what_its_line_says() {
    for Form { pattern, runtime, proves, points, sample, gives, .. } in forms::MOUNTS {
        for point in *points {
            let text = format!("1 2 0:9 / /proc rw - proc proc rw\n{}", line(sample, point));
            let found = from_mountinfo(text.as_bytes()).unwrap();
            assert_eq!(
                found.id.as_ref().map(ToString::to_string).unwrap_or_default(),
                filled(gives),
                "{pattern}"
            );
            assert_eq!(found.sandbox.is_some(), *proves == Proves::Sandbox, "{pattern}");
            assert_eq!(found.pod.is_some(), *proves == Proves::Pod, "{pattern}");
            assert_eq!(found.runtime, runtime.map(Into::into), "{pattern}");
            assert_eq!(
                (found.told.part, found.told.bytes.to_string()),
                (MOUNTINFO, line(sample, point).trim_end().into())
            );
        }
        let outside = line(sample, "/mnt/etc/hostname");
        assert_eq!(
            from_mountinfo(outside.as_bytes()),
            None,
            "the host sees the mounts of its containers too"
        );
    }
}

#[test]
fn paths_of_the_host_name_no_container() {
    for path in [
        "/",
        "/../..",
        "/init.scope",
        "/user.slice/user-1000.slice/session-3.scope",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/vte-spawn-$POD.scope",
        "/uid_10123/pid_4567",
        "/system.slice/run-docker-$ID-merged.mount",
        "/machine.slice/machine-libpod_pod_$ID.slice",
        "/machine.slice/machine-web.scope",
        "/lxc",
        "/lxc.payload",
        "/docker/0123",
        "/system.slice/systemd-nspawn@web.service",
    ] {
        assert_eq!(id(group(path)), None, "{path}");
    }
}

#[test]
fn the_innermost_container_counts_and_helpers_belong_to_what_is_around_them() {
    for (path, expected) in [
        ("/lxc/101/ns/docker/$ID", "$ID"),
        ("/lxc/101/docker/$ID", "$ID"),
        ("/lxc.payload.101/system.slice/docker-$ID.scope", "$ID"),
        ("/lxc.payload.outer/lxc.payload.inner/init.scope", "inner"),
        ("/docker/$SANDBOX/docker/$ID", "$ID"),
        ("/docker/$ID/lxc/web", "web"),
        ("/../../lxc/101/ns", "101"),
        ("/docker/$ID (deleted)", "$ID"),
        ("/docker/$SANDBOX/kubelet.slice/kubelet-kubepods-pod$SLICE.slice/crio-conmon-$ID.scope", "$SANDBOX"),
        ("/lxc/101/machine.slice/libpod-conmon-$ID.scope", "101"),
    ] {
        assert_eq!(id(group(path)), Some(filled(expected)), "{path}");
    }
    let v1 = |text: &str| id(from_cgroup(filled(text).as_bytes()));
    assert_eq!(
        v1("9:memory:/lxc/101/ns/docker/$ID\n1:name=systemd:/lxc/101/ns/init.scope\n"),
        Some(ID.into())
    );
    assert_eq!(
        v1("1:name=systemd:/lxc/101/ns/init.scope\n9:memory:/lxc/101/ns/docker/$ID\n"),
        Some(ID.into())
    );
    assert_eq!(v1("11:memory:/user.slice\n9:cpuset:/lxc/yyz\n"), Some("yyz".into()));
    let supervisor = "9:memory:/machine.slice/machine-web.scope\n1:name=systemd:/machine.slice/machine-web.scope/supervisor\n";
    assert_eq!(v1(supervisor), None, "the supervisor stands in one hierarchy beside its container only");
    let kind = group("/docker/$SANDBOX/kubelet.slice/kubelet-kubepods-pod$SLICE.slice/crio-conmon-$ID.scope");
    assert_eq!(kind.unwrap().pod, None, "the pod is not that of the node's container");
    let task = group("/ecstasks.slice/ecstasks-$TASK.slice/docker-$ID.scope").unwrap();
    assert_eq!(task.ecs_task, Some(TASK.into()));
}

#[test]
fn in_a_pod_the_id_of_the_files_is_that_of_the_sandbox() {
    let kubelet = line("/var/lib/kubelet/pods/$POD/etc-hosts", "/etc/hosts");
    for (root, runtime) in [
        ("/var/lib/docker/containers/$SANDBOX/hostname", "docker"),
        ("/containers/storage/overlay-containers/$SANDBOX/userdata/hostname", "cri-o"),
        ("/x/io.containerd.grpc.v1.cri/sandboxes/$SANDBOX/hostname", "containerd"),
    ] {
        let hostname = line(root, "/etc/hostname");
        for text in [format!("{kubelet}{hostname}"), format!("{hostname}{kubelet}")] {
            let found = from_mountinfo(text.as_bytes()).unwrap();
            assert_eq!((found.id.clone(), found.sandbox.clone()), (None, Some(SANDBOX.into())), "{root}");
            assert_eq!((found.pod.clone(), found.runtime.clone()), (Some(POD.into()), Some(runtime.into())));
            assert_eq!(found.told.bytes, hostname.trim_end());
            assert_eq!(found.pod_told().bytes, kubelet.trim_end());
            assert!(found.rule.starts_with("sandbox"), "{}", found.rule);
        }
    }
    let marker = line("/containers/overlay-containers/$ID/userdata/.containerenv", "/run/.containerenv");
    let shared = line("/containers/overlay-containers/$SANDBOX/userdata/resolv.conf", "/etc/resolv.conf");
    let pod = from_mountinfo(format!("{shared}{marker}{kubelet}").as_bytes()).unwrap();
    assert_eq!((pod.id, pod.sandbox), (Some(ID.into()), Some(SANDBOX.into())));
    let podman = from_mountinfo(format!("{shared}{marker}").as_bytes()).unwrap();
    assert_eq!(
        (podman.id, podman.sandbox),
        (Some(ID.into()), None),
        "a pod of podman shares the other's files"
    );
    let replaced = line("/docker/containers/$ID/hostname//deleted", "/etc/hostname");
    assert_eq!(id(from_mountinfo(replaced.as_bytes())), Some(ID.into()));
}

#[test]
fn a_variable_says_that_it_is_a_container_and_not_which() {
    let found = from_environ(b"A=b\0container=lxc\0").unwrap();
    assert_eq!(
        (found.id, found.runtime, found.told.bytes),
        (None, Some("lxc".into()), "container=lxc".into())
    );
    assert_eq!(from_environ(b"container=\0my_container=lxc\0"), None);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_survived(bytes: Vec<u8>) {
        let _ = (from_cgroup(&bytes), from_mountinfo(&bytes), from_environ(&bytes));
        let path = [b"0::/", bytes.as_slice()].concat();
        let _ = from_cgroup(&path);
    }
}
