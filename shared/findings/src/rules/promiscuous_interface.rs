//! An interface that takes in what is not addressed to it.

use crate::Severity;
use crate::rule::{Answer, Check, Draft, Proof, Rule};
use crate::scene::Scene;
use serde_json::Value;

/// Catalogue row 12, interfaces.
pub(crate) static RULE: Rule = Rule {
    id: "promiscuous-interface",
    title: "Network card takes in foreign traffic",
    attack: &["T1040"],
    why: "A network card was told to take in everything that passes, not only what is addressed to this system. Programs that listen to others' traffic need that.",
    detail: "IFF_PROMISC (0x100) is set in /sys/class/net/<name>/flags.",
    harmless: &[
        "Ports of a bridge are promiscuous by design (docker0, br0, veth).",
        "A capture that somebody makes on purpose.",
    ],
    next: &["Find the process that holds a packet socket."],
    blind: "Interfaces of other network namespaces: only those of the collector's are read.",
    check: Check::System(check),
};

/// include/uapi/linux/if.h.
const IFF_PROMISC: u64 = 0x100;

fn check(scene: &Scene<'_>) -> Vec<Answer> {
    let path = "host/sys/class/net.json";
    let parsed = scene.snapshot.members.data(path).and_then(|data| serde_json::from_slice(data).ok());
    let Some(Value::Object(interfaces)) = parsed else { return vec![Answer::Unknown("sys/class/net")] };
    let promiscuous = interfaces.iter().filter_map(|(name, files)| {
        let text = files.get("flags")?.as_str()?.trim();
        let flags = u64::from_str_radix(text.trim_start_matches("0x"), 16).ok()?;
        (flags & IFF_PROMISC != 0).then_some((name, text))
    });
    promiscuous
        .map(|(name, flags)| {
            let bridged = ["veth", "br-", "docker", "vnet", "tap", "cali", "lxc"]
                .iter()
                .any(|start| name.starts_with(start));
            let name = procglass_model::text::visible(name.as_bytes()).into_owned();
            Answer::Found(
                Draft::new(
                    Severity::Medium,
                    format!("takes in all traffic on the interface {name} (promiscuous mode)"),
                )
                .proof(Proof::new(format!("{path}#{name}/flags"), flags.as_bytes()))
                .at_most(Severity::Note, bridged, "ports of a bridge are so by design"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{severity, unknown};

    fn with(name: &str, flags: &str) -> Option<Severity> {
        severity(
            "promiscuous-interface",
            &format!("//- host/sys/class/net.json\n{{\"{name}\":{{\"flags\":\"{flags}\\n\"}}}}\n"),
        )
    }

    #[test]
    fn only_the_flag_counts() {
        assert_eq!(with("eth0", "0x1103"), Some(Severity::Medium));
        assert_eq!(with("veth12ab", "0x1103"), Some(Severity::Note));
        assert_eq!(with("eth0", "0x1003"), None);
        assert_eq!(unknown("promiscuous-interface", "//- host/x\n"), ["sys/class/net"]);
    }
}
