//! MITRE ATT&CK techniques that the rules refer to, as data: numbers change between versions, rules do not.

/// The edition whose numbers and names these are.
pub const ATTACK_VERSION: &str = "ATT&CK for Enterprise v16";

/// Number and name of each technique that a rule names.
pub const TECHNIQUES: &[(&str, &str)] = &[
    ("T1003.007", "OS Credential Dumping: Proc Filesystem"),
    ("T1003.008", "OS Credential Dumping: /etc/passwd and /etc/shadow"),
    ("T1014", "Rootkit"),
    ("T1021.004", "Remote Services: SSH"),
    ("T1027.011", "Obfuscated Files or Information: Fileless Storage"),
    ("T1036.004", "Masquerading: Masquerade Task or Service"),
    ("T1036.005", "Masquerading: Match Legitimate Name or Location"),
    ("T1036.011", "Masquerading: Overwrite Process Arguments"),
    ("T1040", "Network Sniffing"),
    ("T1055", "Process Injection"),
    ("T1055.008", "Process Injection: Ptrace System Calls"),
    ("T1055.012", "Process Injection: Process Hollowing"),
    ("T1059", "Command and Scripting Interpreter"),
    ("T1059.004", "Command and Scripting Interpreter: Unix Shell"),
    ("T1068", "Exploitation for Privilege Escalation"),
    ("T1070.003", "Indicator Removal: Clear Command History"),
    ("T1070.004", "Indicator Removal: File Deletion"),
    ("T1071", "Application Layer Protocol"),
    ("T1074", "Data Staged"),
    ("T1090", "Proxy"),
    ("T1095", "Non-Application Layer Protocol"),
    ("T1190", "Exploit Public-Facing Application"),
    ("T1205.002", "Traffic Signaling: Socket Filters"),
    ("T1496.001", "Resource Hijacking: Compute Hijacking"),
    ("T1505.003", "Server Software Component: Web Shell"),
    ("T1547.006", "Boot or Logon Autostart Execution: Kernel Modules and Extensions"),
    ("T1548.001", "Abuse Elevation Control Mechanism: Setuid and Setgid"),
    ("T1552.001", "Unsecured Credentials: Credentials In Files"),
    ("T1552.004", "Unsecured Credentials: Private Keys"),
    ("T1552.005", "Unsecured Credentials: Cloud Instance Metadata API"),
    ("T1554", "Compromise Host Software Binary"),
    ("T1556", "Modify Authentication Process"),
    ("T1562.003", "Impair Defenses: Impair Command History Logging"),
    ("T1564.001", "Hide Artifacts: Hidden Files and Directories"),
    ("T1571", "Non-Standard Port"),
    ("T1572", "Protocol Tunneling"),
    ("T1574.006", "Hijack Execution Flow: Dynamic Linker Hijacking"),
    ("T1609", "Container Administration Command"),
    ("T1611", "Escape to Host"),
    ("T1620", "Reflective Code Loading"),
];

/// The name of a technique.
#[must_use]
pub fn technique(id: &str) -> Option<&'static str> {
    TECHNIQUES.iter().find(|(number, _)| *number == id).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RULES;

    #[test]
    fn every_technique_of_a_rule_is_known_and_every_known_one_used() {
        assert!(TECHNIQUES.is_sorted());
        for rule in RULES {
            for id in rule.attack {
                assert!(technique(id).is_some(), "{}: {id}", rule.id);
            }
        }
        for (id, _) in TECHNIQUES {
            assert!(RULES.iter().any(|rule| rule.attack.contains(id)), "{id} is not used");
        }
    }
}
