//! Systems of small bundles.

use super::*;
use procglass_fixture as fixture;
use procglass_opened::Opened;

const DOCKER: &str = "ee08638adaaf009d78c248913f629e38299471d45fe7dc944d1039077e3424ca";
const TRIE: &str = "//- net/4026532100/fib_trie
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 10.0.3.0
        /24 link UNICAST
     |-- 10.0.3.4
        /32 host LOCAL
     |-- 127.0.0.1
        /32 host LOCAL
//- net/4026532100/route
Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	0103000A	0003	0	0	0	00000000	0	0	0
eth0	0003000A	00000000	0001	0	0	0	00FFFFFF	0	0	0
//- net/4026532100/arp
IP address       HW type     Flags       HW address            Mask     Device
10.0.3.1         0x1         0x2         02:fc:00:00:00:05     *        eth0
";

fn system(text: &str) -> System {
    System::of(&snapshot(text), "a.procglass.tar.gz")
}

fn snapshot(text: &str) -> Opened {
    fixture::opened(&fixture::bundle(text))
}

/// The first process, of a container by its control group.
fn init(cgroup: &str, environ: &str) -> String {
    format!(
        "//- process/1/stat\n1 (app) S 0 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 500 25600000 1500 18446744073709551615 4096 0\n\
         //- process/1/exe -> /app\n//- process/1/cmdline\n/app\\0--db=10.0.9.9:5432\\0\n//- process/1/ns/net -> net:[4026532100]\n\
         //- process/1/cgroup\n{cgroup}\n//- process/1/environ\n{environ}\n{TRIE}"
    )
}

fn told(system: &System) -> [&str; 7] {
    [
        &system.provider,
        &system.account,
        &system.region,
        &system.cluster,
        &system.service,
        &system.task,
        &system.instance,
    ]
    .map(|field| field.as_deref().unwrap_or("-"))
}

#[test]
fn a_host_with_its_rows() {
    let system = System::of(&fixture::opened_payments(), "payments.tar.gz");
    assert_eq!((system.name.as_str(), system.kind, system.processes.len()), ("payments", Kind::Host, 4));
    let addresses: Vec<_> =
        system.addresses.iter().map(|own| (own.address.to_string(), own.source())).collect();
    assert_eq!(addresses, [("10.0.3.4".to_owned(), AddressSource::Socket)]);
    assert_eq!(system.addresses[0].proof.member, "net/4026531840/tcp:4");
    let shell = system.sockets.iter().find(|socket| socket.inode == 3001).unwrap();
    let owner = system.process(shell.owners[0]).unwrap();
    assert_eq!((owner.pid, shell.owners.len(), owner.severity), (812, 1, system.severity()));
    assert_eq!(shell.line(), "tcp 10.0.3.4:38122 -> 203.0.113.7:4444 ESTABLISHED");
    assert_eq!(shell.proof().member, "net/4026531840/tcp:4");
    assert_eq!(system.stories[0].process, shell.owners.first().copied());
    assert!(
        system.container.is_none() && system.containers.len() == 1,
        "one of its processes is in a container"
    );
}

#[test]
fn a_task_on_an_instance() {
    let task = format!(
        r#"//- identity/ecs-task.json
{{"Cluster":"shop","TaskARN":"arn:aws:ecs:eu-west-1:111122223333:task/shop/158d1c8083dd49d6b527399fd6414f5c","Family":"api","Revision":"26",
"ServiceName":"api-blue","AvailabilityZone":"eu-west-1d","LaunchType":"EC2","Containers":[
{{"DockerId":"{DOCKER}","Name":"api","Image":"shop/api:1","ImageID":"sha256:d691"}},
{{"DockerId":"x","Name":"sidecar","Networks":[{{"NetworkMode":"awsvpc","IPv4Addresses":["10.0.3.4","10.0.3.9"],"IPv4SubnetCIDRBlock":"10.0.3.0/24"}}]}}]}}
//- identity/ec2-document.json
{{"accountId":"999999999999","instanceId":"i-0abc","region":"eu-west-1","privateIp":"10.9.9.9"}}
"#
    );
    let system = system(&(init(&format!("0::/ecs/x/{DOCKER}"), "") + &task));
    assert_eq!(system.kind, Kind::EcsOnEc2);
    assert_eq!(
        told(&system),
        [
            "aws",
            "111122223333",
            "eu-west-1",
            "shop",
            "api-blue",
            "158d1c8083dd49d6b527399fd6414f5c",
            "i-0abc"
        ]
    );
    assert_eq!(system.name, "api-blue/158d1c80");
    assert_eq!((system.image(), system.image_digest()), (Some("shop/api:1"), Some("sha256:d691")));
    let accounts: Vec<_> = system.facts.iter().filter(|fact| fact.field == "account").collect();
    assert_eq!(accounts.len(), 2, "what contradicts is kept: {accounts:?}");
    assert_eq!(accounts[0].proof.member, "identity/ecs-task.json");
    assert!(accounts[0].proof.excerpt.contains("task/shop/158d"), "{accounts:?}");
    let addresses: Vec<_> = system
        .addresses
        .iter()
        .map(|own| (own.address.to_string(), own.interface.as_deref(), own.prefix, own.source()))
        .collect();
    assert_eq!(
        addresses,
        [
            ("10.0.3.4".to_owned(), Some("eth0"), Some(24), AddressSource::Interface),
            ("10.0.3.9".to_owned(), None, Some(24), AddressSource::Metadata)
        ],
        "the address of the instance is not the task's"
    );
    let mentions: Vec<_> = system.mentions.iter().map(|m| (m.address.to_string(), m.place)).collect();
    assert_eq!(
        mentions,
        [
            ("10.0.9.9".to_owned(), Place::Argument),
            ("10.0.3.1".to_owned(), Place::Neighbour),
            ("10.0.3.1".to_owned(), Place::Route)
        ]
    );
    assert_eq!(system.namespaces[0].containers.len(), 1);
}

#[test]
fn fargate_external_lambda_pod_and_cloud_run() {
    let id = "0123456789abcdef0123456789abcdef-1234567890";
    let fargate = system(&init(&format!("0::/ecs/0123456789abcdef0123456789abcdef/{id}"), ""));
    assert_eq!(
        (fargate.kind, fargate.task.as_deref()),
        (Kind::EcsOnFargate, Some("0123456789abcdef0123456789abcdef"))
    );
    let external = init("0::/", "") + "//- identity/ecs-task.json\n{\"LaunchType\":\"EXTERNAL\"}\n";
    assert_eq!(system(&external).kind, Kind::EcsExternal);
    let lambda = system(&init(
        "0::/",
        "AWS_LAMBDA_FUNCTION_NAME=resize\\0AWS_LAMBDA_FUNCTION_VERSION=7\\0AWS_REGION=eu-west-1\\0",
    ));
    assert_eq!(
        (lambda.kind, lambda.name.as_str(), lambda.revision.as_deref()),
        (Kind::Lambda, "resize", Some("7"))
    );
    assert_eq!(lambda.proof_of("region").unwrap().member, "process/1.json#files/environ");
    let slice = format!("0::/kubepods/burstable/pod2d3da189-6407-48e3-9ab6-78188d75e609/{DOCKER}");
    let pod = init(&slice, "HOSTNAME=shop-6d4cf56db6-x2v7k\\0AWS_ROLE_ARN=<redacted len=9 hmac=00>\\0")
        + "//- identity/kubernetes.json\n{\"namespace\":\"prod\"}\n";
    let pod = system(&pod);
    assert_eq!((pod.kind, pod.name.as_str()), (Kind::Pod, "prod/shop-6d4cf56db6-x2v7k"));
    assert_eq!((pod.service.as_deref(), pod.account), (Some("shop"), None));
    assert_eq!(pod.containers[0].pod.as_deref(), Some("2d3da189-6407-48e3-9ab6-78188d75e609"));
    let run = system(&init("0::/", "K_SERVICE=web\\0GOOGLE_CLOUD_PROJECT=p1\\0"));
    assert_eq!(
        (run.kind, told(&run)[..2].to_vec(), run.service.as_deref()),
        (Kind::Container, vec!["gcp", "p1"], Some("web"))
    );
}

#[test]
fn nothing_is_made_up() {
    let nothing = system("");
    assert_eq!((nothing.kind, told(&nothing)), (Kind::Unknown, ["-"; 7]));
    assert_eq!(nothing.boot_id, None);
    // A host's own shell may have any region set, and the tasks on it are not it.
    let host = "//- process/2/stat\n2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 0 0 0 18446744073709551615 0 0\n\
        //- identity/environment.json\n{\"AWS_REGION\":\"mars\"}\n\
        //- identity/ecs-task.json\n{\"TaskARN\":\"arn:aws:ecs:eu-west-1:111122223333:task/shop/158d\",\"Family\":\"api\",\"LaunchType\":\"EC2\",\
        \"Containers\":[{\"DockerId\":\"a1\",\"Image\":\"i\",\"Labels\":{\"com.amazonaws.ecs.task-arn\":\"arn:aws:ecs:eu-west-1:111122223333:task/shop/158d\"}}]}\n\
        //- identity/ec2-public-ipv4.txt\n203.0.113.9\n";
    let host = system(host);
    assert_eq!(host.kind, Kind::Host);
    assert_eq!(told(&host), ["aws", "111122223333", "eu-west-1", "shop", "-", "-", "-"]);
    assert_eq!((host.task_definition, host.containers[0].task.as_deref()), (None, Some("158d")));
    assert_eq!(host.addresses[0].address.to_string(), "203.0.113.9");
    let damaged =
        system(&(init("0::/", "") + "//- identity/ecs-task.json\n[1,\n//- identity/kubernetes.json\n7\n"));
    assert_eq!(damaged.kind, Kind::Unknown);
}
