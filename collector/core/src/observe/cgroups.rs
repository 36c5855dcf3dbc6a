//! Members of control groups that are no process of the list: a rootkit that hides entries of `/proc` rarely thinks of
//! `cgroup.procs`, cgroups(7). A process that starts or ends between two looks is none, so each find is looked at again.

use super::{CGROUPS, MOST, OTHER_NUMBERS};
use crate::manifest::own_hidepid;
use crate::pipeline::{Stop, Worker};
use crate::sys;
use procglass_model::bundle::{Observation, TIMED_OUT, job};
use procglass_proc::children::pids;
use rustix::process::getpid;
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

/// Where control groups are mounted, everywhere that systemd or a container engine has been.
const PLACE: &str = "/sys/fs/cgroup";
/// With version 1 each controller has a tree of its own, and every process is in each: one of these is enough.
const TREES: &[&str] = &["", "/unified", "/pids", "/systemd", "/memory", "/cpuset", "/cpu"];
/// A host of many containers has thousands; looking at each takes 20 microseconds.
const LIMIT: Duration = Duration::from_secs(5);
/// Looks after the first find.
const AGAIN: usize = 3;

impl Worker {
    /// Looks for members of groups that are not in the list of processes.
    pub(crate) fn cgroups(&mut self) -> Result<(), Stop> {
        let context = self.context.clone();
        // The numbers are those of this program's own namespace, which must be those of the /proc that is read; and who is
        // not shown everybody cannot miss anybody.
        let same = context.real && sys::own_pid(&context.proc) == Some(getpid());
        let partial = own_hidepid().is_some_and(|mode| mode != "0" && mode != "off");
        let refused = match (same, partial) {
            (false, _) => Some(OTHER_NUMBERS),
            (_, true) => Some("/proc is mounted with hidepid"),
            _ => self.taker.enter(CGROUPS).err().map(|_| TIMED_OUT),
        };
        if let Some(why) = refused {
            return self.ended(job::CGROUPS, Some(why.into()));
        }
        let Some(tree) = TREES.iter().map(|tree| format!("{PLACE}{tree}")).find(|tree| {
            let file = sys::open_inside(&context.root, &format!("{tree}/cgroup.procs"));
            file.is_ok()
        }) else {
            return self.ended(job::CGROUPS, Some("no control groups are mounted".into()));
        };
        let (mut suspects, whole) = self.members(&tree);
        for _ in 0..AGAIN {
            let Some(listed) = self.listed() else {
                return self.ended(job::CGROUPS, Some("/proc could not be listed again".into()));
            };
            suspects.retain(|pid, group| {
                listed.binary_search(pid).is_err() && self.group(group).is_some_and(|now| now.contains(pid))
            });
            if suspects.is_empty() {
                break;
            }
            self.taker.idle();
            std::thread::sleep(Duration::from_millis(20));
        }
        let mut found = context.found();
        if !whole {
            let what = "not every group was looked at in time";
            found.problem("outcomes.json", &format!("members of control groups: {what}"));
            found.fail(job::CGROUPS, what);
        }
        for (pid, group) in suspects.into_iter().take(MOST) {
            found.observations.push(Observation {
                kind: "cgroup-member-without-process".into(),
                what: format!(
                    "process {pid} is a member of the control group {group} but not in the list of /proc, at \
                     {AGAIN} looks"
                ),
                pid: Some(pid),
                evidence: group.into_bytes().into(),
            });
        }
        drop(found);
        if whole { self.ended(job::CGROUPS, None) } else { Ok(()) }
    }

    /// Every member with a group that it is in, and whether all groups were looked at.
    fn members(&mut self, tree: &str) -> (BTreeMap<u32, String>, bool) {
        let (mut members, began) = (BTreeMap::new(), Instant::now());
        let mut groups = VecDeque::from([tree.to_owned()]);
        while let Some(group) = groups.pop_front() {
            if began.elapsed() > LIMIT {
                return (members, false);
            }
            for pid in self.group(&group).unwrap_or_default() {
                members.entry(pid).or_insert_with(|| group.clone());
            }
            let path = group.trim_start_matches('/');
            for name in sys::directories(&self.context.root, path).unwrap_or_default() {
                groups.push_back(format!("{group}/{name}"));
            }
        }
        (members, true)
    }

    /// The members of a group. Those of pid namespaces that cannot be seen from here read 0 and are nobody.
    fn group(&mut self, group: &str) -> Option<Vec<u32>> {
        self.taker.enter(CGROUPS).ok()?;
        let file = sys::open_inside(&self.context.root, &format!("{group}/cgroup.procs")).ok()?;
        self.taker.opened(CGROUPS, file, 4 << 20).ok()?;
        Some(pids(&self.taker.buffer))
    }
}
