//! A file that was deleted while a process has it open.

use crate::Severity;
use crate::case::Case;
use crate::rule::{Answer, Check, Draft, Rule};
use procglass_snapshot::{FileKind, OpenFile};

/// Catalogue row 28.
pub(crate) static RULE: Rule = Rule {
    id: "deleted-open-file",
    title: "Deleted file still in use",
    attack: &["T1070.004", "T1074"],
    why: "A file was deleted, but a program still uses it. What is in it can still be read here, and nowhere else.",
    detail: "A descriptor to a regular file whose link count is 0, or to whose path the kernel adds ` (deleted)` while no such file is there.",
    harmless: &[
        "Temporary files of databases, browsers and editors are deleted at once, on purpose.",
        "Rotated logs; files replaced by an upgrade.",
    ],
    next: &[
        "If the bundle holds a copy (file/<sha256>), look into it.",
        "Otherwise copy /proc/PID/fd/N while the process lives.",
    ],
    blind: "Files that were deleted and closed.",
    check: Check::Process(check),
};

fn check(case: &Case<'_>) -> Answer {
    if !case.sees_descriptors() {
        return Answer::Unknown("fd");
    }
    let gone: Vec<&OpenFile> = case.descriptors().iter().filter(|file| is_gone(file)).collect();
    let Some(first) = gone.iter().copied().max_by_key(|file| is_record(file)) else {
        // Of some it cannot be told whether the kernel says `(deleted)` or their name.
        let unknown =
            case.descriptors().iter().any(|file| file.kind == FileKind::File && file.deleted().is_none());
        return if unknown { Answer::Unknown("fd") } else { Answer::Clean };
    };
    let path = first.target.as_ref().map_or(&b""[..], |target| target.as_slice());
    let path = procglass_model::text::visible(path.strip_suffix(b" (deleted)").unwrap_or(path)).into_owned();
    let more = if gone.len() > 1 { format!(" and {} more", gone.len() - 1) } else { String::new() };
    let temporary = gone.iter().all(|file| is_temporary(file));
    Answer::Found(
        Draft::new(Severity::Low, format!("has a deleted file open: {path}{more}"))
            .proofs(gone.iter().take(5).map(|file| case.descriptor_proof(file)))
            .at_least(
                Severity::Medium,
                is_record(first) && case.program().is_shell(),
                "it is a log, and a shell holds it",
            )
            .at_most(Severity::Note, temporary, "temporary files are deleted at once on purpose"),
    )
}

fn is_gone(file: &OpenFile) -> bool {
    let regular = matches!(file.kind, FileKind::File | FileKind::Path);
    let target = file.target.as_ref().map_or(&b""[..], |target| target.as_slice());
    // Memory and devices that only look like files.
    let pseudo = [&b"/SYSV"[..], b"/dev/", b"/memfd:", b"/[aio]", b"/proc/", b"/i915"]
        .iter()
        .any(|start| target.starts_with(start));
    regular && file.deleted() == Some(true) && !pseudo
}

/// A name that programs give to what they delete at once: in a temporary folder without a telling end, or `#inode`.
fn is_temporary(file: &OpenFile) -> bool {
    let target = file.target.as_ref().map_or(&b""[..], |target| target.as_slice());
    let path = target.strip_suffix(b" (deleted)").unwrap_or(target);
    let name = crate::program::base(path);
    let folder = path.starts_with(b"/tmp/") || path.starts_with(b"/var/tmp/") || path.starts_with(b"/run/");
    name.starts_with(b"#")
        || name.starts_with(b"ib") && folder
        || (folder && !name.contains(&b'.'))
        || name.starts_with(b".nfs")
        || name.starts_with(b"tmp")
        || name.starts_with(b".org.chromium")
        || path.windows(7).any(|window| window == b"/.cache")
}

fn is_record(file: &OpenFile) -> bool {
    let target = file.target.as_ref().map_or(&b""[..], |target| target.as_slice());
    let path = target.strip_suffix(b" (deleted)").unwrap_or(target);
    path.starts_with(b"/var/log/") || path.ends_with(b".log") || path.ends_with(b"_history")
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, unknown};

    fn with(target: &str, links: u32) -> Option<Severity> {
        let stat = format!(
            "{{\"dev\":1,\"inode\":5,\"links\":{links},\"mode\":33188,\"uid\":0,\"gid\":0,\"size\":9,\"mtime\":0,\"ctime\":0}}\n"
        );
        severity(
            "deleted-open-file",
            &(process(9, 1, "x", "/bin/x") + &format!("//- process/9/fd/3 -> {target}\n{stat}")),
        )
    }

    #[test]
    fn deleted_files() {
        assert_eq!(with("/var/log/auth.log (deleted)", 0), Some(Severity::Low));
        assert_eq!(with("/tmp/ibXy12 (deleted)", 0), Some(Severity::Note));
        assert_eq!(with("/tmp/x/access.log (deleted)", 0), Some(Severity::Low));
    }

    #[test]
    fn files_that_exist_and_memory() {
        assert_eq!(with("/tmp/a (deleted)", 1), None, "a file of that name");
        assert_eq!(with("/SYSV00000000 (deleted)", 0), None);
        assert_eq!(with("/dev/zero (deleted)", 0), None);
        assert_eq!(unknown("deleted-open-file", "//- process/9/error/fd -> EACCES\n"), ["fd"]);
    }
}
