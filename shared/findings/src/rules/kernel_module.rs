//! Code in the kernel that did not come with it.

use crate::Severity;
use crate::rule::{Answer, Check, Draft, Proof, Rule};
use crate::scene::Scene;

/// Catalogue row 25, modules.
pub(crate) static RULE: Rule = Rule {
    id: "kernel-module",
    title: "Foreign code in the system's core",
    attack: &["T1547.006", "T1014"],
    why: "A part was loaded into the operating system's core that did not come with it. Drivers do that; so do rootkits, which can then hide anything.",
    detail: "A line of /proc/modules is marked (O) out of tree, (E) unsigned, or (F) forced.",
    harmless: &["Drivers from outside the kernel: nvidia, zfs, VirtualBox, VMware, security agents."],
    next: &["Find the package that the module belongs to.", "Compare with other machines of the same kind."],
    blind: "A module that removed itself from the list. Inside a container the list is the host's.",
    check: Check::System(check),
};

const KNOWN: &[&str] = &[
    "nvidia",
    "zfs",
    "spl",
    "vboxdrv",
    "vboxnetflt",
    "vboxnetadp",
    "vboxguest",
    "vboxsf",
    "vboxvideo",
    "vmmon",
    "vmnet",
    "wireguard",
    "falcon_",
    "datadog",
    "ena",
    "efa",
    "lustre",
    "nvme_",
    "wl",
    "r8168",
    "rtl8821",
    "amdgpu",
    "evdi",
    "acpi_call",
    "v4l2loopback",
    "openafs",
    "znvpair",
    "zcommon",
    "zunicode",
    "icp",
    "zavl",
    "zlua",
    "zzstd",
    "gasket",
    "apex",
    "kvmfr",
    "ddcci",
    "xpadneo",
    "hid_",
    "nct6775",
    "tuxedo",
    "falco",
    "scini",
    "dattobd",
];

fn check(scene: &Scene<'_>) -> Vec<Answer> {
    let path = "proc/modules";
    let Some(text) = scene.host(path) else { return vec![Answer::Unknown(path)] };
    let mut answers = Vec::new();
    for (number, line) in (1..).zip(text.split(|byte| *byte == b'\n')) {
        let mut words = line.split(|byte| *byte == b' ');
        let name = words.next().unwrap_or_default();
        let taint = words
            .next_back()
            .filter(|word| word.starts_with(b"(") && word.ends_with(b")"))
            .unwrap_or_default();
        if !taint.iter().any(|flag| matches!(flag, b'O' | b'E' | b'F')) {
            continue;
        }
        let known = KNOWN.iter().any(|known| name.starts_with(known.as_bytes()));
        let words = String::from_utf8_lossy(taint);
        answers.push(Answer::Found(
            Draft::new(
                Severity::Medium,
                format!("has a foreign kernel module, {} {words}", procglass_model::text::visible(name)),
            )
            .proof(Proof::new(format!("host/{path}:{number}"), line))
            .at_most(Severity::Note, known, "a driver of this name is well known"),
        ));
    }
    answers
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{severity, unknown};

    fn with(line: &str) -> Option<Severity> {
        severity(
            "kernel-module",
            &format!("//- host/proc/modules\next4 999424 2 - Live 0x0000000000000000\n{line}\n"),
        )
    }

    #[test]
    fn foreign_modules() {
        assert_eq!(with("diamorphine 16384 0 - Live 0xffffffffc0a00000 (OE)"), Some(Severity::Medium));
        assert_eq!(with("nvidia_uvm 16384 0 - Live 0xffffffffc0a00000 (POE)"), Some(Severity::Note));
        assert_eq!(with("video 16384 0 - Live 0xffffffffc0a00000"), None);
        assert_eq!(
            with("p 16384 0 - Live 0xffffffffc0a00000 (P)"),
            None,
            "proprietary, but signed and in place"
        );
        assert_eq!(unknown("kernel-module", "//- host/x\n"), ["proc/modules"]);
    }
}
