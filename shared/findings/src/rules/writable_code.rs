//! Memory that may be written and run: how injected code lives.

use crate::Severity;
use crate::case::{Area, Case};
use crate::program::{JIT, begins_with_one_of};
use crate::rule::{Answer, Check, Draft, Rule};

/// Catalogue row 16.
pub(crate) static RULE: Rule = Rule {
    id: "writable-code",
    title: "Memory that can be changed and run",
    attack: &["T1055", "T1620"],
    why: "Part of the program's memory may be both changed and executed. Code that was put into a running program lives in such memory.",
    detail: "An area of /proc/PID/maps with w and x; or with x but without a file, other than the kernel's own; or an executable heap or stack.",
    harmless: &[
        "Programs that generate code while they run: browsers, node, java, .NET, PHP, LuaJIT, qemu, wine and many more.",
        "Old programs with an executable stack.",
    ],
    next: &[
        "Compare with other processes of the same program.",
        "Memory itself is not in the bundle: take an image of it, if you still can.",
    ],
    blind: "Injected code that was made unwritable afterwards and belongs to a file.",
    check: Check::Process(check),
};

fn check(case: &Case<'_>) -> Answer {
    if case.process.is_kernel_thread() || case.process.state == Some('Z') {
        return Answer::Clean;
    }
    let Some(areas) = case.areas() else { return Answer::Unknown("maps") };
    let kernels_own = |area: &Area| area.path.starts_with(b"[v") || area.path == b"[uprobes]";
    let fileless = |area: &Area| !area.path.starts_with(b"/") && !kernels_own(area);
    let odd: Vec<&Area> = areas
        .iter()
        .filter(|area| area.executable() && (area.writable() && !kernels_own(area) || fileless(area)))
        .collect();
    let Some(first) = odd.first() else { return Answer::Clean };
    let bytes: u64 = odd.iter().map(|area| area.end.saturating_sub(area.start)).fold(0, u64::saturating_add);
    let own_memory =
        odd.iter().any(|area| area.path.starts_with(b"[heap") || area.path.starts_with(b"[stack"));
    let program = case.program();
    let jit = begins_with_one_of(program.name, JIT);
    let kind = if first.writable() { "writable and executable" } else { "code without a file" };
    Answer::Found(
        Draft::new(Severity::Low, format!("has {} KiB of memory that is {kind}", bytes / 1024))
            .proofs(odd.iter().take(5).map(|area| case.area_proof(area)))
            .at_least(Severity::Medium, own_memory, "its heap or stack can be executed")
            .at_most(
                Severity::Note,
                jit && program.is_installed(),
                "programs of this kind generate code while they run",
            ),
    )
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{area, process, severity, unknown};

    fn with(exe: &str, permissions: &str, path: &str) -> Option<Severity> {
        let own = area("r-xp", exe);
        severity(
            "writable-code",
            &process(9, 1, "x", exe).replace(&own, &format!("{own}{}", area(permissions, path))),
        )
    }

    #[test]
    fn odd_memory() {
        assert_eq!(with("/bin/x", "rwxp", ""), Some(Severity::Low));
        assert_eq!(with("/bin/x", "r-xp", ""), Some(Severity::Low));
        assert_eq!(with("/bin/x", "rwxs", "/dev/zero (deleted)"), Some(Severity::Low));
        assert_eq!(with("/bin/x", "rwxp", "[stack]"), Some(Severity::Medium));
    }

    #[test]
    fn ordinary_memory() {
        assert_eq!(with("/bin/x", "r-xp", "[vdso]"), None);
        assert_eq!(with("/bin/x", "rw-p", ""), None);
        assert_eq!(with("/usr/bin/node", "rwxp", ""), Some(Severity::Note));
        assert_eq!(with("/tmp/node", "rwxp", ""), Some(Severity::Low), "the name alone excuses nobody");
        assert_eq!(unknown("writable-code", "//- process/9/error/maps -> EACCES\n"), ["maps"]);
    }
}
