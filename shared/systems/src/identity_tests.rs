//! Whose a system is, in small bundles of containers, pods and tasks.

use super::*;
use procglass_fixture as fixture;
use procglass_opened::Opened;

const SANDBOX: &str = "b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2";
const POD: &str = "2d3da189-6407-48e3-9ab6-78188d75e609";

fn snapshot(text: &str) -> Opened {
    fixture::opened(&fixture::bundle(text))
}

fn system(text: &str) -> System {
    System::of(&snapshot(text), "a.tgz")
}

/// The first process, with a control group, mounts and an environment.
fn first(cgroup: &str, mounts: &str, environ: &str) -> String {
    format!(
        "//- process/1/stat\n1 (app) S 0 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 500 25600000 1500 18446744073709551615 4096 0\n\
         //- process/1/cgroup\n{cgroup}\n//- process/1/mountinfo\n{mounts}//- process/1/environ\n{environ}\n"
    )
}

fn mount(root: &str, point: &str) -> String {
    format!("901 900 8:1 {root} {point} rw - ext4 /dev/sda1 rw\n")
}

fn asked(system: &System, question: &str) -> Vec<Answer> {
    let mut register = Register::new();
    register.add(system.clone());
    register.ask(&Question::parse(question).unwrap()).answers
}

#[test]
fn a_pod_that_is_told_by_its_mounts() {
    let mounts = mount(&format!("/docker/containers/{SANDBOX}/hostname"), "/etc/hostname")
        + &mount(&format!("/var/lib/kubelet/pods/{POD}/etc-hosts"), "/etc/hosts");
    let text = first("0::/", &mounts, "");
    let system = system(&text);
    assert_eq!((system.kind, system.container_id(), system.pod.as_deref()), (Kind::Pod, None, None));
    let of_pod = asked(&system, POD);
    assert_eq!(of_pod.len(), 1);
    assert_eq!(of_pod[0].proof.member, "process/1.json#files/mountinfo");
    assert!(of_pod[0].proof.excerpt.contains(&format!("pods/{POD}/etc-hosts")), "{of_pod:?}");
    let of_sandbox = asked(&system, SANDBOX);
    assert_eq!(of_sandbox.len(), 1);
    assert!(
        of_sandbox[0].sentence.contains("runs in the sandbox of its pod, b2b2b2b2b2b2"),
        "{of_sandbox:?}"
    );
    assert!(
        of_sandbox[0].proof.excerpt.contains(&format!("containers/{SANDBOX}/hostname")),
        "{of_sandbox:?}"
    );
    let only_pod = self::system(&first("0::/", &mount(&format!("/pods/{POD}/etc-hosts"), "/etc/hosts"), ""));
    assert_eq!((only_pod.kind, only_pod.container.clone()), (Kind::Pod, None));
    assert_eq!(asked(&only_pod, POD)[0].sentence, format!("payments has one process in pod {POD}."));
}

#[test]
fn the_agent_knows_better_than_mounts_which_container_it_is() {
    let pause = "c3".repeat(32);
    let own = "a1".repeat(32);
    let agent =
        format!("//- identity/ecs-container.json\n{{\"DockerId\":\"{own}\",\"Image\":\"shop/api:1\"}}\n");
    let mounts = mount(&format!("/docker/containers/{pause}/hostname"), "/etc/hostname");
    let by_mounts = system(&(first("0::/", &mounts, "") + &agent));
    assert_eq!(
        by_mounts.container_id().unwrap(),
        own.as_str(),
        "tasks share the network of a pause container"
    );
    let image = asked(&by_mounts, "shop/api");
    assert_eq!(image[0].proof.member, "identity/ecs-container.json");
    assert!(image[0].proof.excerpt.contains("shop/api:1"), "{image:?}");
    let by_group = system(&(first(&format!("0::/docker/{pause}"), "", "") + &agent));
    assert_eq!(by_group.container_id().unwrap(), pause.as_str());
}

#[test]
fn a_variable_of_the_first_process_tells_a_container() {
    let lxc = system(&first("0::/", "", "container=lxc"));
    assert_eq!((lxc.kind, lxc.container.clone()), (Kind::Container, None));
    let runtime = lxc.facts.iter().find(|fact| fact.field == "runtime").unwrap();
    assert_eq!(
        (runtime.value.as_str(), runtime.proof.member.as_str(), runtime.proof.excerpt.as_str()),
        ("lxc", "process/1.json#files/environ", "container=lxc")
    );
    let kernel = "//- process/2/stat\n2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 0 0 0 18446744073709551615 0 0\n";
    assert_eq!(system(&(first("0::/", "", "container=lxc") + kernel)).kind, Kind::Host);
}

#[test]
fn the_name_of_a_node_is_not_that_of_its_pod() {
    let pod = |host: &str, environ: &str, hosts: &str| {
        let text = format!("//- manifest/hostname\n{host}\n{}{hosts}", first("0::/", "", environ));
        let system = system(&text);
        assert_eq!(system.kind, Kind::Pod);
        system.pod
    };
    let kube = "KUBERNETES_SERVICE_HOST=10.96.0.1\\0";
    let named = |name: &str| format!("{kube}HOSTNAME={name}\\0");
    for node in ["ip-10-0-1-17.eu-west-1.compute.internal", "worker-1", "gke-shop-default-pool-c6dbd5a4-k4mm"]
    {
        assert_eq!(pod(node, &named(node), ""), None, "{node}");
    }
    let made = "shop-6d4cf56db6-x2v7k";
    assert_eq!(pod(made, &named(made), "").as_deref(), Some(made));
    let own = "//- host/etc/hosts\n# Kubernetes-managed hosts file.\n10.1.2.3\tshop-0\n";
    assert_eq!(pod("shop-0", &named("shop-0"), own).as_deref(), Some("shop-0"));
    let shared =
        "//- host/etc/hosts\n# Kubernetes-managed hosts file (host network).\n127.0.0.1\tlocalhost\n";
    assert_eq!(pod(made, &named(made), shared), None);
    assert_eq!(pod("shop-0", &format!("{}NODE_NAME=shop-0\\0", named("shop-0")), own), None);
    let stated = format!("{}POD_NAME=proxy-x\\0", named("worker-1"));
    assert_eq!(pod("worker-1", &stated, shared).as_deref(), Some("proxy-x"));
}

#[test]
fn a_launch_type_is_told_as_it_is_stated() {
    let id = "0123456789abcdef0123456789abcdef-1234567890";
    let cgroup = format!("0::/ecs/0123456789abcdef0123456789abcdef/{id}");
    let kind = |environ: &str, agent: &str| {
        let system = system(&(first(&cgroup, "", environ) + agent));
        (system.kind, system.launch_type.unwrap_or_default())
    };
    let agent = |launch: &str| format!("//- identity/ecs-task.json\n{{\"LaunchType\":\"{launch}\"}}\n");
    assert_eq!(kind("", &agent("MANAGED_INSTANCES")), (Kind::EcsManaged, "MANAGED_INSTANCES".into()));
    assert_eq!(kind("", &agent("Lunar")), (Kind::EcsOther, "Lunar".into()));
    assert_eq!(kind("AWS_EXECUTION_ENV=AWS_ECS_LUNAR", ""), (Kind::EcsOther, "LUNAR".into()));
    assert_eq!(kind("AWS_EXECUTION_ENV=AWS_ECS_FARGATE", &agent("EC2")), (Kind::EcsOnEc2, "EC2".into()));
    assert_eq!(kind("", ""), (Kind::EcsOnFargate, String::new()));
}

#[test]
fn users_of_a_user_namespace_are_told_on_both_sides() {
    let process = |pid: u32, user: u64, uid: u32, map: &str| {
        format!(
            "//- process/{pid}/stat\n{pid} (app) S 1 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 500 25600000 1500 18446744073709551615 4096 0\n\
             //- process/{pid}/status\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\n//- process/{pid}/ns/user -> user:[{user}]\n\
             //- process/{pid}/ns/mnt -> mnt:[7]\n//- process/{pid}/uid_map\n{map}\n"
        )
    };
    let text = process(1, 4_026_531_837, 0, "0 0 4294967295")
        + &process(9, 4_026_532_900, 1000, "0 1000 1\n1 100000 65536")
        + "//- mount/7/etc/passwd\nroot:x:0:0::/:/bin/sh\nnode:x:1000:1000::/:/bin/sh\n"
        + "//- host/etc/passwd\nalice:x:1000:1000::/:/bin/sh\n";
    let snapshot = snapshot(&text);
    let process = snapshot.process(snapshot.by_pid(9).unwrap()).unwrap();
    assert_eq!(process.user_words().as_deref(), Some("root in its user namespace, alice on the host"));
    let row = System::of(&snapshot, "a.tgz").processes.pop().unwrap();
    assert_eq!(row.user.unwrap(), "root in its user namespace, alice on the host");
}

#[test]
fn an_answer_says_where_sockets_are_missing() {
    let sentence = "The table of sockets net/7/tcp was cut at 64 MiB: sockets are missing.".to_owned();
    let mut register = Register::new();
    register.add(System { name: "lb".into(), cut_sockets: Some(sentence), ..System::default() });
    let notes = |text: &str| register.ask(&Question::parse(text).unwrap()).notes;
    for question in ["10.0.3.4", "10.0.0.0/8", ":443"] {
        assert!(
            notes(question).iter().any(|note| note.starts_with("lb: The table of sockets")),
            "{question}"
        );
    }
    assert_eq!(notes("shop/api"), [""; 0], "names are in no table of sockets");
}
