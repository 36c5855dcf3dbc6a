//! Children as the kernel links them to the thread that started them. The tree goes by `ppid` of each process's `stat`; this is
//! the other end of the same link, read at another moment.

use crate::Snapshot;
use procglass_model::artefact::CHILDREN;
use procglass_model::bundle::ProcessRecord;
use procglass_proc::children::pids;

/// A thread and the children that it started, by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The thread's id: the pid for the first thread.
    pub tid: u32,
    /// In the order in which they were started.
    pub children: Vec<u32>,
}

/// The threads of a process that have children.
#[must_use]
pub fn started(snapshot: &Snapshot, record: &ProcessRecord) -> Vec<Started> {
    let only = snapshot.members.file(record, &CHILDREN.path_of(record.pid)).ok().flatten();
    let only = only.iter().map(|text| (record.pid, pids(text)));
    let threads = record.threads.iter();
    let each = threads.filter_map(|thread| Some((thread.tid, pids(thread.children.as_deref()?))));
    let all = only.chain(each).filter(|(_, children)| !children.is_empty());
    all.map(|(tid, children)| Started { tid, children }).collect()
}

/// Those among them that are no process of the snapshot: it was asked for some processes only, they ended or were started while
/// it was taken, or something hides them.
#[must_use]
pub fn absent(snapshot: &Snapshot, started: &[Started]) -> Vec<u32> {
    let all = started.iter().flat_map(|started| &started.children).copied();
    all.filter(|pid| snapshot.by_pid(*pid).is_none()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use procglass_model::bundle::Thread;

    #[test]
    fn each_thread_has_its_own() {
        let text = format!("{}//- process/1/task/1/children\n7 12 99 \n", fixture::PAYMENTS);
        let snapshot = fixture::open(&fixture::bundle(&text));
        let mut record = snapshot.record(snapshot.by_pid(1).unwrap()).unwrap();
        let one = started(&snapshot, &record);
        assert_eq!(one, [Started { tid: 1, children: vec![7, 12, 99] }]);
        let known = |pid: &u32| snapshot.by_pid(*pid).is_some();
        assert!(known(&7) && !known(&99));
        assert!(absent(&snapshot, &one).contains(&99) && !absent(&snapshot, &one).contains(&7));
        record.files.clear();
        record.threads = [(1, Some("")), (3, Some("7 ")), (4, None)]
            .map(|(tid, children)| Thread {
                tid,
                children: children.map(|text: &str| text.as_bytes().to_vec().into()),
                ..Thread::default()
            })
            .into();
        assert_eq!(started(&snapshot, &record), [Started { tid: 3, children: vec![7] }]);
        assert!(absent(&snapshot, &[]).is_empty());
    }
}
