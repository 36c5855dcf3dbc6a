//! A user program that calls itself like a thread of the kernel.

use crate::Severity;
use crate::case::Case;
use crate::rule::{Answer, Check, Draft, Rule};

/// Catalogue row 6.
pub(crate) static RULE: Rule = Rule {
    id: "fake-kernel-thread",
    title: "Program posing as part of the kernel",
    attack: &["T1036.004", "T1036.005"],
    why: "The program gives itself the name of a part of the operating system's core, so that nobody looks at it twice. No honest program does that.",
    detail: "comm or argv[0] is that of a kernel thread ([kworker/0:1], kthreadd, ksoftirqd/0, ...), but PF_KTHREAD is clear in field 9 of stat, and the process has a program file or memory of its own.",
    harmless: &[
        "Programs that the kernel starts in user mode (modprobe, bridge-stp) are children of kthreadd but have their own names.",
    ],
    next: &[
        "Look at the executable: that is its true identity.",
        "Look at its connections and at what started it.",
    ],
    blind: "A rootkit inside the kernel: its threads are real ones.",
    check: Check::Process(check),
};

/// Names of kernel threads that exist on every system, kernel/kthread.c and its users. With a slash, anything may follow it.
const EXACT: &[&str] = &[
    "kthreadd",
    "kdevtmpfs",
    "kauditd",
    "khungtaskd",
    "oom_reaper",
    "writeback",
    "ksmd",
    "khugepaged",
    "kintegrityd",
    "kblockd",
    "kthrotld",
    "kswapd0",
    "kswapd1",
    "kcompactd0",
    "kcompactd1",
    "rcu_sched",
    "rcu_preempt",
    "rcu_bh",
    "rcu_gp",
    "rcu_par_gp",
    "rcu_tasks_kthread",
    "rcu_tasks_rude_kthread",
    "rcu_tasks_trace_kthread",
    "slub_flushwq",
    "mm_percpu_wq",
    "netns",
    "inet_frag_wq",
    "ecryptfs-kthrea",
    "bioset",
    "md_misc",
    "ata_sff",
    "devfreq_wq",
    "watchdogd",
    "kstrp",
    "zswap-shrink",
    "charger_manager",
    "pool_workqueue_release",
    "kthreadi",
    "ipv6_addrconf",
];
const PREFIXES: &[&str] = &[
    "kworker/",
    "ksoftirqd/",
    "migration/",
    "cpuhp/",
    "idle_inject/",
    "watchdog/",
    "rcuop/",
    "rcuob/",
    "rcuc/",
    "rcub/",
    "irq/",
    "jbd2/",
    "scsi_eh_",
    "scsi_tmf_",
    "xfs-",
    "nvme-",
    "kworker:",
];

fn check(case: &Case<'_>) -> Answer {
    let process = case.process;
    if process.is_kernel_thread() {
        return Answer::Clean;
    }
    let title = process.arguments().next().unwrap_or_default();
    let by_name = is_kernels(&process.name);
    let by_title = bracketed(title).is_some_and(is_kernels);
    if !by_name && !by_title {
        return Answer::Clean;
    }
    let virtual_memory = case.status().is_some_and(|status| status.vm_size_kb.is_some());
    if process.exe.is_none() && !virtual_memory {
        return Answer::Unknown("exe");
    }
    let claim = procglass_model::text::visible(if by_title { title } else { &process.name }).into_owned();
    let exe = case.program().words();
    let truth = if exe.is_empty() { "has memory of its own".to_owned() } else { format!("runs {exe}") };
    let mut draft = Draft::new(
        Severity::Critical,
        format!("calls itself {claim}, as a part of the kernel would, but {truth}"),
    );
    if by_title {
        draft = draft.proof(case.cmdline_proof());
    }
    Answer::Found(draft.proof(case.name_proof()).proof(if exe.is_empty() {
        case.line_proof("status", b"VmSize")
    } else {
        case.link_proof("exe")
    }))
}

fn is_kernels(name: &[u8]) -> bool {
    let name = bracketed(name).unwrap_or(name);
    EXACT.iter().any(|exact| exact.as_bytes() == name)
        || PREFIXES.iter().any(|start| name.starts_with(start.as_bytes()))
}

fn bracketed(name: &[u8]) -> Option<&[u8]> {
    name.strip_prefix(b"[")?.strip_suffix(b"]")
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, unknown};

    #[test]
    fn by_name_and_by_title() {
        assert_eq!(
            severity("fake-kernel-thread", &process(9, 1, "kworker/0:0", "/usr/bin/sleep")),
            Some(Severity::Critical)
        );
        let text = process(9, 1, "x", "/tmp/x").replace("/tmp/x\\0", "[kworker/u4:2]\\0");
        assert_eq!(severity("fake-kernel-thread", &text), Some(Severity::Critical));
        let text = process(9, 1, "[kthreadd]", "/tmp/[kthreadd]");
        assert_eq!(severity("fake-kernel-thread", &text), Some(Severity::Critical));
    }

    #[test]
    fn real_threads_and_other_titles() {
        let real = "//- process/9/stat\n9 (kworker/0:1) I 2 0 0 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0 1 0 0\n";
        assert_eq!(severity("fake-kernel-thread", real), None);
        let celery =
            process(9, 1, "python3", "/usr/bin/python3").replace("python3\\0", "[celeryd: worker@host]\\0");
        assert_eq!(severity("fake-kernel-thread", &celery), None);
        let helper = process(9, 2, "modprobe", "/usr/bin/kmod");
        assert_eq!(severity("fake-kernel-thread", &helper), None);
        let blind = "//- process/9/stat\n9 (kworker/0:1) S 1 0 0 0 -1 64 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0 1 0 0\n//- process/9/error/exe -> EACCES\n";
        assert_eq!(unknown("fake-kernel-thread", blind), ["exe"]);
    }
}
