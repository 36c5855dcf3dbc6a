//! Answers of ECS's metadata service as people published them.

use super::corpus;
use procglass_model::bundle::{Integrity, Member};
use procglass_opened::Opened;
use procglass_snapshot::SnapshotBuilder;
use procglass_systems::{Kind, System};

const FOLDER: &str =
    "ecs-metadata/otel-js-contrib/packages/resource-detector-aws/test/detectors/test-resources";

fn system(form: &str) -> Option<System> {
    let folder = corpus(FOLDER)?;
    let mut builder = SnapshotBuilder::new();
    for what in ["task", "container"] {
        let path = folder.join(format!("metadatav4-response-{what}-{form}.json"));
        let name = format!("identity/ecs-{what}.json");
        builder.member(Member::new(name, std::fs::read(path).unwrap()));
    }
    Some(System::of(&Opened::new(builder.finish(Integrity::default())), form))
}

#[test]
fn tasks_of_each_launch_type() {
    for (form, kind, revision, addresses) in [
        ("ec2", Kind::EcsOnEc2, "26", &["10.0.2.100", "10.0.2.61"][..]),
        ("fargate", Kind::EcsOnFargate, "3", &["192.0.2.3", "2001:db8:10b:1a00:32bf:a372:d80f:e958"]),
        (
            "fargate-logsfirelens",
            Kind::EcsOnFargate,
            "3",
            &["192.0.2.3", "2001:db8:10b:1a00:32bf:a372:d80f:e958"],
        ),
    ] {
        let Some(system) = system(form) else { return };
        assert_eq!(system.kind, kind);
        assert_eq!(
            (system.account.as_deref(), system.region.as_deref(), system.cluster.as_deref()),
            (Some("111122223333"), Some("us-west-2"), Some("default"))
        );
        assert_eq!(
            (system.task_definition.as_deref(), system.revision.as_deref()),
            (Some("curltest"), Some(revision))
        );
        assert!(system.image().unwrap().ends_with("/curltest:latest"), "{form}");
        assert!(system.image_digest().unwrap().starts_with("sha256:"), "{form}");
        let own: Vec<_> = system.addresses.iter().map(|own| own.address.to_string()).collect();
        assert_eq!(own, addresses, "{form}");
        assert!(system.name.starts_with("curltest/"), "{}", system.name);
    }
}
