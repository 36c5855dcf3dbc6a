//! `/proc/<pid>/status`: `Name:\tvalue` lines, proc_pid_status(5).

use crate::error::{hex_number, lines, number, words};

/// Real, effective, saved and filesystem id, credentials(7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    /// Who started it.
    pub real: u32,
    /// Whose rights it has.
    pub effective: u32,
    /// Whose rights it may take back.
    pub saved: u32,
    /// Whose rights it has on files.
    pub filesystem: u32,
}

/// The fields that questions are asked about. `None`: the kernel did not print the field (older kernels, or no
/// address space). All fields, known or not, come from [`fields`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// `Tgid`.
    pub tgid: Option<u32>,
    /// `PPid`.
    pub ppid: Option<u32>,
    /// `TracerPid`: 0 when nothing traces it.
    pub tracer_pid: Option<u32>,
    /// `Uid`.
    pub uid: Option<Ids>,
    /// `Gid`.
    pub gid: Option<Ids>,
    /// `Groups`: supplementary group ids.
    pub groups: Vec<u32>,
    /// `NSpid`: its pid in each pid namespace, the reader's first, its own last.
    pub ns_pid: Vec<u32>,
    /// `VmSize`, kB.
    pub vm_size_kb: Option<u64>,
    /// `VmRSS`, kB.
    pub vm_rss_kb: Option<u64>,
    /// `VmLck`, kB.
    pub vm_lck_kb: Option<u64>,
    /// `HugetlbPages`, kB.
    pub hugetlb_kb: Option<u64>,
    /// `Threads`.
    pub threads: Option<u32>,
    /// `CapInh`.
    pub cap_inh: Option<u64>,
    /// `CapPrm`.
    pub cap_prm: Option<u64>,
    /// `CapEff`: capabilities(7), bit n is capability n.
    pub cap_eff: Option<u64>,
    /// `CapBnd`.
    pub cap_bnd: Option<u64>,
    /// `CapAmb`.
    pub cap_amb: Option<u64>,
    /// `NoNewPrivs`.
    pub no_new_privs: Option<bool>,
    /// `Seccomp`: 0 off, 1 strict, 2 filter.
    pub seccomp: Option<u8>,
    /// `Kthread`, printed by recent kernels.
    pub kthread: Option<bool>,
}

/// Every line as name and value, both trimmed. The kernel escapes newlines in `Name`, so lines are safe.
pub fn fields(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    lines(bytes).filter_map(|(_, line)| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        Some((line.get(..colon)?.trim_ascii(), line.get(colon + 1..)?.trim_ascii()))
    })
}

/// Parses `status`. What is missing or no number stays `None`.
#[must_use]
pub fn parse(bytes: &[u8]) -> Status {
    let mut status = Status::default();
    for (name, value) in fields(bytes) {
        let numbers = || words(value).filter_map(number::<u32>);
        match name {
            b"Tgid" => status.tgid = number(value),
            b"PPid" => status.ppid = number(value),
            b"TracerPid" => status.tracer_pid = number(value),
            b"Uid" => status.uid = ids(value),
            b"Gid" => status.gid = ids(value),
            b"Groups" => status.groups = numbers().collect(),
            b"NSpid" => status.ns_pid = numbers().collect(),
            b"VmSize" => status.vm_size_kb = kilobytes(value),
            b"VmRSS" => status.vm_rss_kb = kilobytes(value),
            b"VmLck" => status.vm_lck_kb = kilobytes(value),
            b"HugetlbPages" => status.hugetlb_kb = kilobytes(value),
            b"Threads" => status.threads = number(value),
            b"CapInh" => status.cap_inh = hex_number(value),
            b"CapPrm" => status.cap_prm = hex_number(value),
            b"CapEff" => status.cap_eff = hex_number(value),
            b"CapBnd" => status.cap_bnd = hex_number(value),
            b"CapAmb" => status.cap_amb = hex_number(value),
            b"NoNewPrivs" => status.no_new_privs = number::<u8>(value).map(|on| on != 0),
            b"Seccomp" => status.seccomp = number(value),
            b"Kthread" => status.kthread = number::<u8>(value).map(|on| on != 0),
            _ => {}
        }
    }
    status
}

fn ids(value: &[u8]) -> Option<Ids> {
    let mut numbers = words(value).map(number);
    let mut next = || numbers.next().flatten();
    Some(Ids { real: next()?, effective: next()?, saved: next()?, filesystem: next()? })
}

fn kilobytes(value: &[u8]) -> Option<u64> {
    words(value).next().and_then(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_of_a_real_status() {
        let status = parse(
            b"Name:\tevil\\nName:\troot\nTgid:\t812\nPPid:\t7\nTracerPid:\t0\nUid:\t65534\t65534\t0\t65534\n\
              Groups:\t4 24 \nNSpid:\t812\t1\nVmRSS:\t    2048 kB\nCapEff:\t000001ffffffffff\nNoNewPrivs:\t1\n\
              Seccomp:\t2\nKthread:\t0\nNewField:\tx\n",
        );
        assert_eq!(status.uid, Some(Ids { real: 65534, effective: 65534, saved: 0, filesystem: 65534 }));
        assert_eq!((status.tgid, status.ppid, status.tracer_pid), (Some(812), Some(7), Some(0)));
        assert_eq!((status.groups, status.ns_pid), (vec![4, 24], vec![812, 1]));
        assert_eq!((status.vm_rss_kb, status.cap_eff), (Some(2048), Some(0x1ff_ffff_ffff)));
        assert_eq!((status.no_new_privs, status.seccomp, status.kthread), (Some(true), Some(2), Some(false)));
    }

    #[test]
    fn a_broken_field_costs_only_itself() {
        let status = parse(b"Uid:\t1\t2\nPPid:\tx\nTgid:\t5\nno colon\n");
        assert_eq!((status.uid, status.ppid, status.tgid), (None, None, Some(5)));
        assert_eq!(fields(b"A:\tb\nNew: 1 \n").collect::<Vec<_>>(), [(&b"A"[..], &b"b"[..]), (b"New", b"1")]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }
    }
}
