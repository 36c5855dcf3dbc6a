//! `/proc/<pid>/task/<tid>/children`, proc_tid_children(5): the processes that a thread started and that have not been waited
//! for. The kernel may leave some out while processes come and go, so that one which is missing here says nothing.

/// Numbers between white space, as `cgroup.procs` of cgroups(7) has them too. What is no number is left out, and so is 0:
/// somebody in a pid namespace that cannot be seen from here.
#[must_use]
pub fn pids(text: &[u8]) -> Vec<u32> {
    let mut pids = Vec::new();
    for word in text.split(u8::is_ascii_whitespace) {
        let pid: Option<u32> = std::str::from_utf8(word).ok().and_then(|word| word.parse().ok());
        pids.extend(pid.filter(|pid| *pid != 0));
    }
    pids
}

#[cfg(test)]
mod tests {
    use super::pids;

    #[test]
    fn words_are_processes_and_zeros_are_not() {
        assert_eq!(pids(b"12 13 "), [12, 13]);
        assert_eq!(pids(b"1\n0\n42\nx\n\n4294967296\n-3\n7"), [1, 42, 7]);
        assert!(pids(b"").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn what_the_kernel_prints_reads_back(children in proptest::collection::vec(1..u32::MAX, 0..99)) {
            let text: String = children.iter().map(|pid| format!("{pid} ")).collect();
            proptest::prop_assert_eq!(pids(text.as_bytes()), children);
        }
    }
}
