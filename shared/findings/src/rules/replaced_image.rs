//! A process whose memory does not hold the program that it claims to run.

use crate::Severity;
use crate::case::Case;
use crate::rule::{Answer, Check, Draft, Proof, Rule};
use procglass_model::bundle::CUT;

/// Catalogue row 17.
pub(crate) static RULE: Rule = Rule {
    id: "replaced-image",
    title: "Program replaced in memory",
    attack: &["T1055.012"],
    why: "The process was started from one program, but its memory holds another. Somebody exchanged it while it ran.",
    detail: "The file of /proc/PID/exe is not mapped anywhere in /proc/PID/maps, by path or inode, and there is executable memory without a file.",
    harmless: &[
        "Packed programs (UPX) unpack themselves and drop their file.",
        "Programs that move their code to huge pages; restored processes (CRIU).",
    ],
    next: &[
        "Compare the executable on disk with what the process does.",
        "Take an image of its memory, if you still can.",
    ],
    blind: "A replacement that leaves one page of the original in place.",
    check: Check::Process(check),
};

fn check(case: &Case<'_>) -> Answer {
    if case.process.is_kernel_thread() || case.process.state == Some('Z') {
        return Answer::Clean;
    }
    let program = case.program();
    let cut = case.process.errors.iter().any(|(path, what)| &**path == "maps" && what.starts_with(CUT));
    let Some(areas) = case.areas().filter(|_| !cut) else { return Answer::Unknown("maps") };
    if program.is_unknown() {
        return Answer::Unknown("exe");
    }
    // Overlay file systems show another inode in one place than in the other, so either may match.
    let exe = case.process.exe.as_ref().map_or(&b""[..], |exe| exe.as_slice());
    let inode = case.process.executable.as_ref().map(|executable| executable.stat.inode);
    let escaped = maps_form(exe);
    let mapped = areas.iter().any(|area| {
        area.path == exe || area.path == escaped || (area.inode != 0 && Some(area.inode) == inode)
    });
    let foreign = areas
        .iter()
        .find(|area| area.executable() && !area.path.starts_with(b"/") && !area.path.starts_with(b"[v"));
    let (false, Some(foreign)) = (mapped, foreign) else { return Answer::Clean };
    Answer::Found(
        Draft::new(
            Severity::Medium,
            format!("does not have its own program {} in memory, but code without a file", program.words()),
        )
        .proof(case.link_proof("exe"))
        .proof(case.area_proof(foreign))
        .proof(Proof::new(case.at("files/maps"), &case.file("maps").unwrap_or_default()))
        .at_least(Severity::High, case.reaches_out(), "it talks to the network"),
    )
}

/// `maps` escapes newlines in paths, and links do not.
pub(super) fn maps_form(path: &[u8]) -> Vec<u8> {
    path.iter().flat_map(|byte| if *byte == b'\n' { b"\\012".to_vec() } else { vec![*byte] }).collect()
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{area, process, severity, unknown};

    #[test]
    fn another_program_in_memory() {
        let own = area("r-xp", "/bin/x");
        let text = process(9, 1, "x", "/bin/x");
        let replaced = text.replace(&own, &area("r-xp", ""));
        assert_eq!(severity("replaced-image", &replaced), Some(Severity::Medium));
        assert_eq!(severity("replaced-image", &text), None);
        let overlay =
            text.replace(&own, &format!("400000-401000 r--p 00000000 fe:01 9 /other\n{}", area("r-xp", "")));
        assert_eq!(severity("replaced-image", &overlay), None, "the inode is that of the executable");
    }

    #[test]
    fn nothing_to_compare() {
        assert_eq!(unknown("replaced-image", "//- process/9/error/maps -> EACCES\n"), ["maps"]);
    }
}
