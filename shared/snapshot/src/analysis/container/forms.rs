//! The forms of every runtime's names: in control groups, as the host sees them, and in mounts, as the container sees them.
//! A form of its own is one line with a sample. Where two forms end at one part of a path, the first in the list counts.

use super::form::Form;
use super::form::Proves::{self, Container, Group, Helper, Pod, Sandbox};

/// Files of the runtime that lie over those of the image.
const OWN: &[&str] = &["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];
/// Where the host hands mounts to a container of systemd-nspawn, before and since version 244.
const INCOMING: &[&str] = &["/run/host/incoming", "/run/systemd/nspawn/incoming"];
/// In these the id is of the container itself, also where it shares its network's files with others.
pub(super) const MARKER: &str = "/run/.containerenv";

const fn group(
    pattern: &'static str,
    runtime: Option<&'static str>,
    proves: Proves,
    sample: &'static str,
    gives: &'static str,
) -> Form {
    Form { pattern, runtime, proves, v1: false, points: &[], sample, gives }
}

const fn mount(
    pattern: &'static str,
    points: &'static [&'static str],
    runtime: Option<&'static str>,
    proves: Proves,
    sample: &'static str,
    gives: &'static str,
) -> Form {
    Form { pattern, runtime, proves, v1: false, points, sample, gives }
}

/// Paths of control groups, cgroups(7).
#[rustfmt::skip]
pub(super) const GROUPS: &[Form] = &[
    // Helpers, which name a container and are not in it.
    group("crio-conmon-{id}[.scope]", Some("cri-o"), Helper, "/kubepods.slice/kubepods-pod$SLICE.slice/crio-conmon-$ID.scope", ""),
    group("libpod-conmon-{id}[.scope]", Some("podman"), Helper, "/machine.slice/libpod-conmon-$ID.scope", ""),
    group("*conmon-{id}[.scope]", None, Helper, "/system.slice/x-conmon-$ID", ""),
    group("libpod_parent/{id}/conmon", Some("podman"), Helper, "/libpod_parent/$ID/conmon", ""),
    group("libpod-{id}[.scope]/supervisor", Some("podman"), Helper, "/libpod_parent/libpod-$ID/supervisor", ""),
    group("kata_overhead/{id}", Some("kata"), Helper, "/kata_overhead/$ID", ""),
    group("kata-overhead.slice/*-{id}[.scope]", Some("kata"), Helper, "/kata-overhead.slice/runtime-rs-$ID.scope", ""),
    group("kata_{id}", Some("kata"), Helper, "/kubepods/burstable/pod$POD/kata_$ID", ""),
    group("lxc.monitor.{name}", Some("lxc"), Helper, "/lxc.monitor.web", ""),
    group("lxc.monitor/{name}", Some("lxc"), Helper, "/lxc.monitor/101", ""),
    group("machine-{unit}.scope/supervisor", Some("systemd-nspawn"), Helper, "/machine.slice/machine-web.scope/supervisor", ""),
    group("systemd-nspawn@{unit}.service/supervisor", Some("systemd-nspawn"), Helper, "/machine.slice/systemd-nspawn@web.service/supervisor", ""),
    group(r"machine-qemu\x2d{unit}.scope", Some("qemu"), Helper, r"/machine.slice/machine-qemu\x2d1\x2dvm.scope/libvirt/emulator", ""),
    // Containers of the runtimes that have forms of their own.
    group("ecstasks-{task}.slice/docker-{id}[.scope]", Some("docker"), Container, "/ecstasks.slice/ecstasks-$TASK.slice/docker-$ID.scope", "$ID"),
    group("ecstasks-{task}.slice/*-{id}[.scope]", None, Container, "/ecstasks.slice/ecstasks-$TASK.slice/cri-containerd-$ID.scope", "$ID"),
    group("ecstasks-{task}.slice/{id}[.scope]", Some("ecs"), Container, "/ecstasks.slice/ecstasks-$TASK.slice/$ID", "$ID"),
    group("ecstasks-{task}.slice/{task-number}[.scope]", Some("ecs"), Container, "/ecstasks.slice/ecstasks-$TASK.slice/$TASK-1234567890.scope", "$TASK-1234567890"),
    group("ecs/{task}/{id}", Some("ecs"), Container, "/ecs/$TASK/$ID", "$ID"),
    group("ecs/*/{task}/{id}", Some("ecs"), Container, "/ecs/shop/$TASK/$ID", "$ID"),
    group("ecs/{task}/{task-number}", Some("ecs"), Container, "/ecs/$TASK/$TASK-1234567890", "$TASK-1234567890"),
    group("ecs/*/{task}/{task-number}", Some("ecs"), Container, "/ecs/shop/$TASK/$TASK-1234567890", "$TASK-1234567890"),
    group("docker/{id}", Some("docker"), Container, "/docker/$ID", "$ID"),
    group("docker-{id}[.scope]", Some("docker"), Container, "/system.slice/docker-$ID.scope", "$ID"),
    group("cri-containerd-{id}[.scope]", Some("containerd"), Container, "/kubepods.slice/kubepods-pod$SLICE.slice/cri-containerd-$ID.scope", "$ID"),
    group("*:cri-containerd:{id}", Some("containerd"), Container, "/system.slice/containerd.service/kubepods-pod$SLICE.slice:cri-containerd:$ID", "$ID"),
    group("crio-{id}[.scope]", Some("cri-o"), Container, "/kubepods.slice/kubepods-pod$SLICE.slice/crio-$ID.scope/container", "$ID"),
    group("libpod-payload-{id}[.scope]", Some("podman"), Container, "/system.slice/web.service/libpod-payload-$ID", "$ID"),
    group("libpod-{id}[.scope]", Some("podman"), Container, "/machine.slice/libpod-$ID.scope/container", "$ID"),
    group("libpod_parent/{id}", Some("podman"), Group, "/libpod_parent/$ID", ""),
    group("nerdctl-{id}[.scope]", Some("nerdctl"), Container, "/user.slice/user-1000.slice/user@1000.service/user.slice/nerdctl-$ID.scope", "$ID"),
    // Docker drove LXC before 1.8, and names containers by hash; people do not.
    group("lxc/{id}", Some("docker"), Container, "/lxc/$ID", "$ID"),
    group("lxc/{name}", Some("lxc"), Container, "/lxc/101/ns/init.scope", "101"),
    group("lxc.payload.{name}", Some("lxc"), Container, "/lxc.payload.web/system.slice/x.service", "web"),
    group("lxc.payload/{name}", Some("lxc"), Container, "/lxc.payload/web/system.slice/x.service", "web"),
    group("machine-{unit}.scope/payload", Some("systemd-nspawn"), Container, r"/machine.slice/machine-web\x2d1.scope/payload/system.slice/x.service", "web-1"),
    group("systemd-nspawn@{unit}.service/payload", Some("systemd-nspawn"), Container, "/machine.slice/systemd-nspawn@web.service/payload", "web"),
    // In cgroup v2 the virtual machines of systemd-vmspawn have the same form; in v1 those do not run.
    Form { v1: true, ..group("machine-{unit}.scope", None, Container, "/machine.slice/machine-web.scope", "web") },
    group("nomad.slice/*.slice/{allocation}.scope", Some("nomad"), Container, "/nomad.slice/share.slice/$POD.web.scope", "$POD.web"),
    group("nomad.slice/{allocation}.scope", Some("nomad"), Container, "/nomad.slice/$POD.web.scope", "$POD.web"),
    group("nomad/*/{allocation}", Some("nomad"), Container, "/nomad/share/$POD.web", "$POD.web"),
    group("nomad/{allocation}", Some("nomad"), Container, "/nomad/$POD.web", "$POD.web"),
    group("nomad/{uuid}", Some("nomad"), Container, "/nomad/$POD", "$POD"),
    group("mesos/{uuid}", Some("mesos"), Container, "/mesos/$POD", "$POD"),
    group("garden/{uuid}", Some("garden"), Container, "/system.slice/garden.service/garden/$POD", "$POD"),
    group("garden/{garden}", Some("garden"), Container, "/garden/6f265890-5165-7fab-6b52-18d1", "6f265890-5165-7fab-6b52-18d1"),
    group("buildkit/{build}", Some("buildkit"), Container, "/docker/buildkit/r2s7vyw4o0l0uyk2bdhznhi1b", "r2s7vyw4o0l0uyk2bdhznhi1b"),
    group("buildkit/{id}", Some("buildkit"), Container, "/buildkit/$ID", "$ID"),
    // Whatever else has an id that no person chose.
    group("{id}[.scope]", None, Container, "/kubepods/burstable/pod$POD/$ID", "$ID"),
    group("*-{id}[.scope]", None, Container, "/system.slice/balena-$ID.scope", "$ID"),
    group("*:{id}", None, Container, "/system.slice/x.slice:new-runtime:$ID", "$ID"),
    group("{task-number}[.scope]", None, Container, "/x/$TASK-1234567890", "$TASK-1234567890"),
    group("{uuid}[.scope]", None, Container, "/x/$POD", "$POD"),
    group("{garden}[.scope]", None, Container, "/x/6f265890-5165-7fab-6b52-18d1", "6f265890-5165-7fab-6b52-18d1"),
    // Pods, around their containers.
    group("*pod{pod}", None, Pod, "/kubepods/burstable/pod$POD", ""),
    group("*pod{pod}.slice", None, Pod, "/kubepods.slice/kubepods-pod$SLICE.slice", ""),
    group("*pod{pod}.slice:*", None, Pod, "/kubepods-pod$SLICE.slice:cri-containerd:$ID", "$ID"),
];

/// The folders that mounts show, proc_pid_mountinfo(5): `root` and mount point.
#[rustfmt::skip]
pub(super) const MOUNTS: &[Form] = &[
    mount("*-containers/{id}/userdata/.containerenv", &[MARKER], Some("podman"), Container, "/containers/overlay-containers/$ID/userdata/.containerenv", "$ID"),
    mount("*-containers/{id}/userdata/*", OWN, Some("podman"), Container, "/home/a/.local/share/containers/storage/vfs-containers/$ID/userdata/hostname", "$ID"),
    mount("sandboxes/{id}/*", OWN, Some("containerd"), Sandbox, "/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/$ID/hostname", ""),
    mount("containers/{id}/*", OWN, Some("docker"), Container, "/var/lib/docker/containers/$ID/resolv.conf", "$ID"),
    mount("containers/*/{id}/*", OWN, Some("nerdctl"), Container, "/var/lib/nerdctl/1935db59/containers/default/$ID/hostname", "$ID"),
    mount("etchosts/*/{id}/*", OWN, Some("nerdctl"), Container, "/var/lib/nerdctl/1935db59/etchosts/default/$ID/hosts", "$ID"),
    mount("nspawn/propagate/{name}", INCOMING, Some("systemd-nspawn"), Container, "/systemd/nspawn/propagate/web", "web"),
    mount("{name}", &["/dev/.lxd-mounts"], Some("lxd"), Container, "/web", "web"),
    mount("{name}", &["/dev/.incus-mounts"], Some("incus"), Container, "/web", "web"),
    mount("pods/{pod}/etc-hosts", &["/etc/hosts"], None, Pod, "/var/lib/kubelet/pods/$POD/etc-hosts", ""),
    mount("pods/{pod}/containers/*/*", &["/dev/termination-log"], None, Pod, "/var/lib/kubelet/pods/$POD/containers/app/0123abcd", ""),
];
