//! EC2 instance metadata: `identity/ec2-document.json` and single answers beside it. Asked from inside a container it
//! tells of the instance below.

use super::super::system::Address;
use super::{Identity, View, json, proof, short, string};
use procglass_findings::Proof;
use procglass_snapshot::Snapshot;
use std::net::IpAddr;

pub(super) fn read(snapshot: &Snapshot, view: &View, identity: &mut Identity) {
    let member = "identity/ec2-document.json";
    if let Some(document) = json(snapshot, member).filter(|document| document.is_object()) {
        let proof = |key| proof(member, &document, key);
        let any = ["accountId", "instanceId"].into_iter().find(|key| document.get(key).is_some());
        if let Some(key) = any {
            identity.add("provider", Some("aws".into()), &proof(key));
        }
        identity.add("account", string(&document, "accountId"), &proof("accountId"));
        identity.add("region", string(&document, "region"), &proof("region"));
        identity.add("instance", string(&document, "instanceId"), &proof("instanceId"));
        if view.is_host() {
            identity.add("image", string(&document, "imageId"), &proof("imageId"));
            let private = string(&document, "privateIp").and_then(|text| text.parse().ok());
            add(identity, private, &proof("privateIp"));
        }
    }
    let single = |name: &str| {
        let member = format!("identity/{name}");
        let data = snapshot.members.data(&member)?;
        Some((short(data)?, Proof::new(member, data)))
    };
    if let Some((instance, proof)) = single("ec2-instance-id.txt") {
        identity.add("provider", Some("aws".into()), &proof);
        identity.add("instance", Some(instance), &proof);
    }
    if view.is_host() {
        for name in ["ec2-local-ipv4.txt", "ec2-public-ipv4.txt"] {
            if let Some((text, proof)) = single(name) {
                add(identity, text.parse().ok(), &proof);
            }
        }
    }
}

fn add(identity: &mut Identity, address: Option<IpAddr>, proof: &Proof) {
    let Some(address) = address else { return };
    if identity.addresses.iter().all(|known| known.address != address) {
        let proof = proof.clone();
        identity.addresses.push(Address { address, prefix: None, interface: None, netns: None, proof });
    }
}
