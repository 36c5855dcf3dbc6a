//! Container ids, from the paths of control groups.

use crate::artefact::cgroup;
use bstr::BString;

/// The id of the container whose control groups these are: the last component that has the form of one. `None` for a
/// process of the host, and where the cgroup namespace hides the path.
#[must_use]
pub fn from_cgroup(text: &[u8]) -> Option<BString> {
    cgroup::parse(text).find_map(|entry| {
        let mut parts = entry.path.split(|byte| *byte == b'/').rev();
        parts.find_map(|part| Some(id(part)?.into()))
    })
}

/// The id in one path component: `docker-<id>.scope`, `cri-containerd-<id>.scope`, plain `<id>`.
fn id(component: &[u8]) -> Option<&[u8]> {
    let component = component.strip_suffix(b".scope").unwrap_or(component);
    // The process that watches a podman container is not in it.
    if component.starts_with(b"libpod-conmon-") {
        return None;
    }
    let last = component.rsplit(|byte| *byte == b'-').next()?;
    let hex = |id: &[u8], length: usize| {
        id.len() == length && id.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b))
    };
    if hex(last, 64) {
        return Some(last);
    }
    // Fargate: 32 hex digits of the task, a dash, decimal digits.
    let dash = component.iter().position(|byte| *byte == b'-')?;
    let (task, number) = component.split_at_checked(dash)?;
    let decimal = number.len() > 1 && number.iter().skip(1).all(u8::is_ascii_digit);
    (hex(task, 32) && decimal).then_some(component)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_each_runtime() {
        let id = "0123456789abcdef".repeat(4);
        let fargate = "0123456789abcdef0123456789abcdef-1234567890";
        let cases = [
            (format!("12:pids:/docker/{id}\n"), Some(id.as_str())),
            (format!("0::/system.slice/docker-{id}.scope\n"), Some(&id)),
            (
                format!("0::/kubepods.slice/kubepods-burstable-pod1_2.slice/cri-containerd-{id}.scope\n"),
                Some(&id),
            ),
            (format!("0::/machine.slice/libpod-{id}.scope/container\n"), Some(&id)),
            (format!("0::/machine.slice/libpod-conmon-{id}.scope\n"), None),
            (format!("9:memory:/ecs/0123456789abcdef0123456789abcdef/{fargate}\n"), Some(fargate)),
            ("0::/\n".into(), None),
            ("0::/user.slice/user-1000.slice/session-3.scope\n".into(), None),
        ];
        for (text, expected) in cases {
            assert_eq!(from_cgroup(text.as_bytes()), expected.map(BString::from), "{text}");
        }
    }
}
