//! A mount over `/proc/<pid>` shows an empty directory, or another process's, in the place of the process.

use super::MOST;
use procglass_model::bundle::Observation;

/// The mounts of a mountinfo that cover a process's directory, proc_pid_mountinfo(5).
pub(crate) fn over_processes(mountinfo: &[u8], found: &mut Vec<Observation>) {
    for line in mountinfo.split(|byte| *byte == b'\n') {
        let place = line.split(|byte| *byte == b' ').nth(4).unwrap_or_default();
        let Some(pid) = covered(place) else { continue };
        let fresh = |known: &Observation| known.pid != Some(pid) || known.evidence.0 != line;
        if found.len() < MOST && found.iter().all(fresh) {
            found.push(Observation {
                kind: "mount-over-process".into(),
                what: format!("a mount covers /proc/{pid}, so that tools cannot see process {pid}"),
                pid: Some(pid),
                evidence: line.to_vec().into(),
            });
        }
    }
}

/// The process whose directory, or something in it, has this path.
fn covered(place: &[u8]) -> Option<u32> {
    let name = place.strip_prefix(b"/proc/")?.split(|byte| *byte == b'/').next()?;
    name.iter().all(u8::is_ascii_digit).then(|| std::str::from_utf8(name).ok()?.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_mounts_over_processes_count() {
        let text = b"22 1 0:5 / /proc rw - proc proc rw\n\
                     30 22 254:0 /tmp/e /proc/91 rw,relatime - ext4 /dev/vda rw\n\
                     31 22 0:5 /sys /proc/sys ro - proc proc rw\n\
                     32 22 0:9 / /proc/acpi ro - tmpfs tmpfs ro\n\
                     33 22 0:9 / /proc/17/maps ro - tmpfs tmpfs ro\n\
                     34 22 0:9 / /srv/proc/17 ro - tmpfs tmpfs ro\n";
        let mut found = Vec::new();
        over_processes(text, &mut found);
        over_processes(text, &mut found);
        let pids: Vec<_> = found.iter().map(|one| one.pid).collect();
        assert_eq!(pids, [Some(91), Some(17)]);
        assert!(found[0].evidence.starts_with(b"30 22 254:0 /tmp/e /proc/91"));
        over_processes(b"garbage\n\xff  /proc/1", &mut found);
        assert_eq!(found.len(), 2);
    }
}
