//! Code from a file that is odd: only in memory, deleted, or in a temporary place.

use super::replaced_image::maps_form;
use crate::Severity;
use crate::case::{Area, Case};
use crate::place;
use crate::place::Place;
use crate::program::{JIT, begins_with_one_of};
use crate::rule::{Answer, Check, Draft, Rule};
use procglass_model::sorting;
use std::collections::BTreeSet;

/// Catalogue row 3.
pub(crate) static RULE: Rule = Rule {
    id: "odd-code",
    title: "Code loaded from an unusual file",
    attack: &["T1055", "T1620"],
    why: "The program runs code from a file that was deleted or lies where no program keeps code. That is how foreign code is put into a trusted program.",
    detail: "An executable area of /proc/PID/maps, other than the program itself, is of a memfd, of a deleted file, or of a file in /tmp, /var/tmp, /dev/shm or a hidden folder.",
    harmless: &[
        "Upgraded libraries of long-running services are deleted until the next restart.",
        "JIT compilers and libffi map code from memfds or deleted temporary files.",
        "Shared anonymous memory shows as `/dev/zero (deleted)`, System V memory as `/SYSV...`, drivers as `/dev/dri/...`.",
    ],
    next: &[
        "Open the memory map at the line given as proof.",
        "Compare with other processes of the same program.",
    ],
    blind: "Code without any file: see writable-code.",
    check: Check::Process(check),
};

fn check(case: &Case<'_>) -> Answer {
    if case.process.is_kernel_thread() || case.process.state == Some('Z') {
        return Answer::Clean;
    }
    let Some(areas) = case.areas() else { return Answer::Unknown("maps") };
    let own = maps_form(case.process.exe.as_ref().map_or(&b""[..], |exe| exe.as_slice()));
    let odd = |area: &&Area| area.executable() && area.path != own && judge(area).is_some();
    let mut found: Vec<(&Area, Severity, &str)> = areas
        .iter()
        .filter(odd)
        .filter_map(|area| judge(area).map(|(severity, why)| (area, severity, why)))
        .collect();
    sorting::sort_by_key(&mut found, |(_, severity, _)| std::cmp::Reverse(*severity));
    let Some((area, severity, why)) = found.first().copied() else { return Answer::Clean };
    let path = procglass_model::text::visible(&area.path);
    let files = found.iter().map(|(area, ..)| area.path.as_slice()).collect::<BTreeSet<_>>().len();
    let more = if files > 1 { format!(" and {} more", files - 1) } else { String::new() };
    let jit = begins_with_one_of(case.program().name, JIT) && case.program().is_installed();
    Answer::Found(
        Draft::new(severity, format!("runs code from {path}{more} ({why})"))
            .proofs(found.iter().take(5).map(|(area, ..)| case.area_proof(area)))
            .at_most(Severity::Note, jit, "programs of this kind generate code while they run"),
    )
}

/// What is odd about the file of an area, and how serious that is alone.
fn judge(area: &Area) -> Option<(Severity, &'static str)> {
    let path = area.path.as_slice();
    if path.starts_with(b"/memfd:") {
        let generated = [&b"/memfd:doublemapper"[..], b"/memfd:JIT", b"/memfd:libffi", b"/memfd:pulseaudio"];
        let known = generated.iter().any(|start| path.starts_with(start));
        return Some((if known { Severity::Note } else { Severity::Medium }, "it is only in memory"));
    }
    let deleted = path.strip_suffix(b" (deleted)");
    let file = deleted.unwrap_or(path);
    let of_the_kernel =
        [&b"/SYSV"[..], b"/[aio]", b"/dev/zero", b"/dev/dri", b"/dev/nvidia", b"/i915", b"/drm"];
    if !file.starts_with(b"/") || of_the_kernel.iter().any(|start| file.starts_with(start)) {
        return None;
    }
    let odd = place::of(file).filter(|place| *place != Place::Runtime && *place != Place::Web);
    match (odd, place::known(file), deleted) {
        (Some(_), None, Some(_)) => {
            Some((Severity::Medium, "a deleted file of a place where no program keeps code"))
        }
        (Some(_), None, None) => Some((Severity::Medium, "a place where no program keeps code")),
        // What is said of such a program need not be said of its libraries too.
        (Some(_), Some(_), _) => None,
        (None, _, Some(_)) if place::is_installed(file) => {
            Some((Severity::Note, "deleted, as an upgrade leaves it"))
        }
        (None, _, Some(_)) => Some((Severity::Low, "deleted")),
        (None, _, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{area, process, severity, unknown};

    fn with(path: &str) -> Option<Severity> {
        let text = process(9, 1, "x", "/usr/bin/x");
        let own = area("r-xp", "/usr/bin/x");
        severity("odd-code", &text.replace(&own, &format!("{own}{}", area("r-xp", path))))
    }

    #[test]
    fn odd_files() {
        assert_eq!(with("/memfd:a (deleted)"), Some(Severity::Medium));
        assert_eq!(with("/tmp/#77 (deleted)"), Some(Severity::Medium));
        assert_eq!(with("/dev/shm/.lib.so"), Some(Severity::Medium));
    }

    #[test]
    fn ordinary_files() {
        assert_eq!(with("/usr/lib/x86_64-linux-gnu/libc.so.6"), None);
        assert_eq!(with("/usr/lib/x86_64-linux-gnu/libssl.so.3 (deleted)"), Some(Severity::Note));
        assert_eq!(with("/SYSV00000000 (deleted)"), None);
        assert_eq!(with("/dev/zero (deleted)"), None);
        let text = process(9, 1, "dotnet", "/usr/bin/dotnet");
        let own = area("r-xp", "/usr/bin/dotnet");
        let text = text.replace(&own, &format!("{own}{}", area("r-xs", "/memfd:doublemapper (deleted)")));
        assert_eq!(severity("odd-code", &text), Some(Severity::Note));
        assert_eq!(unknown("odd-code", "//- process/9/error/maps -> EACCES\n"), ["maps"]);
    }
}
