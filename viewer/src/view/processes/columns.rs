//! The columns of the grid.

use crate::format::{bytes, clip, count, cpu_time, moment, time_of_day};
use crate::state::{Data, System};
use procglass_findings::{Finding, Severity};
use procglass_model::sorting;
use procglass_snapshot::{Process, ProcessIndex};
use std::cmp::{Ordering, Reverse};

/// The order of two processes.
type Compare = fn(&System, (ProcessIndex, &Process), (ProcessIndex, &Process)) -> Ordering;

/// One column but the first.
pub(super) struct Column {
    /// Its name in links and classes.
    pub(super) name: &'static str,
    /// Its head.
    pub(super) head: &'static str,
    /// What it says, for the head's title.
    pub(super) why: &'static str,
    /// Classes of its cells; numbers stand right.
    pub(super) class: &'static str,
    /// Its width in pixels, and whether it grows where there is room.
    pub(super) width: (usize, bool),
    /// Whether the largest, or the latest, comes first when it is sorted by.
    pub(super) down: bool,
    /// The cell's text.
    pub(super) text: fn(&System, ProcessIndex, &Process) -> String,
    /// A longer text for pointing at; empty for none.
    pub(super) title: fn(&System, &Process) -> String,
    /// The order when the column is clicked first: for numbers the largest first.
    pub(super) compare: Compare,
}

/// The container's id, or that of its pod's sandbox, which is said.
fn container(process: &Process, length: usize) -> String {
    let id = process.container_id().map(|id| clip(id, length).into_owned());
    match (&process.container, id) {
        (None, Some(sandbox)) => format!("sandbox {sandbox}"),
        (_, id) => id.unwrap_or_default(),
    }
}

/// The user in full, which a narrow cell may cut, and the number.
fn who(process: &Process) -> String {
    let number = process.uid.map_or_else(String::new, |uid| format!("user id {}", uid.effective));
    match process.user.as_ref().filter(|user| user.differs()).and_then(|_| System::user(process)) {
        Some(user) => format!("{user}; {number}"),
        None => number,
    }
}

fn none(_: &System, _: &Process) -> String {
    String::new()
}

/// All columns after the name.
pub(super) const COLUMNS: &[Column] = &[
    Column {
        name: "pid",
        head: "PID",
        why: "Process id in the collector's pid namespace",
        class: "cell c-pid num",
        width: (60, false),
        down: false,
        text: |_, _, process| process.pid.to_string(),
        title: none,
        compare: |_, (_, a), (_, b)| a.pid.cmp(&b.pid),
    },
    Column {
        name: "user",
        head: "User",
        why: "Effective user",
        class: "cell c-user",
        width: (92, false),
        down: false,
        text: |_, _, process| System::user(process).unwrap_or_else(|| "—".into()),
        title: |_, process| who(process),
        compare: |_, (_, a), (_, b)| a.user_words().cmp(&b.user_words()).then_with(|| uid(a).cmp(&uid(b))),
    },
    Column {
        name: "started",
        head: "Started",
        why: "When it started",
        class: "cell c-started num",
        width: (116, false),
        down: true,
        text: |system, _, process| {
            let captured = system.snapshot.captured();
            process.started.map_or_else(|| "—".into(), |time| time_of_day(time, captured))
        },
        title: |_, process| process.started.map(moment).unwrap_or_default(),
        compare: |_, (_, a), (_, b)| b.start_ticks.cmp(&a.start_ticks),
    },
    Column {
        name: "cpu",
        head: "CPU time",
        why: "Processor time used so far",
        class: "cell c-cpu num",
        width: (72, false),
        down: true,
        text: |system, _, process| {
            process
                .cpu_ticks
                .map_or_else(not_known, |spent| cpu_time(spent, system.snapshot.manifest.clock_ticks))
        },
        title: |_, process| known(process.cpu_ticks),
        compare: |_, (_, a), (_, b)| b.cpu_ticks.cmp(&a.cpu_ticks),
    },
    Column {
        name: "memory",
        head: "Memory",
        why: "Memory in use (resident)",
        class: "cell c-memory num",
        width: (66, false),
        down: true,
        text: |_, _, process| match process.rss_bytes {
            None => not_known(),
            Some(0) => "—".into(),
            Some(rss) => bytes(rss),
        },
        title: |_, process| known(process.rss_bytes),
        compare: |_, (_, a), (_, b)| b.rss_bytes.cmp(&a.rss_bytes),
    },
    Column {
        name: "threads",
        head: "Threads",
        why: "Number of threads",
        class: "cell c-threads num",
        width: (60, false),
        down: true,
        text: |_, _, process| process.threads.map_or_else(not_known, |threads| threads.to_string()),
        title: |_, process| known(process.threads),
        compare: |_, (_, a), (_, b)| b.threads.cmp(&a.threads),
    },
    Column {
        name: "sockets",
        head: "Sockets",
        why: "Sockets it holds",
        class: "cell c-sockets num",
        width: (58, false),
        down: true,
        text: |system, index, process| match system.snapshot.sockets_of(index).len() {
            0 if !process.files_known => not_known(),
            count => some(count),
        },
        title: |_, process| known(process.descriptors()),
        compare: |system, (a, _), (b, _)| {
            system.snapshot.sockets_of(b).len().cmp(&system.snapshot.sockets_of(a).len())
        },
    },
    Column {
        name: "files",
        head: "Files",
        why: "Open file descriptors",
        class: "cell c-files num",
        width: (46, false),
        down: true,
        text: |_, _, process| {
            // Some of them may be known where not all are.
            match process.descriptors() {
                None if process.files.is_empty() => not_known(),
                _ => some(process.files.len()),
            }
        },
        title: |_, process| {
            let error = process.errors.iter().find(|(path, _)| &**path == "fd");
            error.map(|(_, what)| format!("not collected: {what}")).unwrap_or_default()
        },
        compare: |_, (_, a), (_, b)| b.files.len().cmp(&a.files.len()),
    },
    Column {
        name: "container",
        head: "Container",
        why: "Container id, from its control groups or mounts",
        class: "cell c-container",
        width: (104, false),
        down: false,
        text: |_, _, process| container(process, 12),
        title: |_, process| container(process, 80),
        compare: |_, (_, a), (_, b)| Reverse(a.container_id()).cmp(&Reverse(b.container_id())),
    },
    Column {
        name: "findings",
        head: "Findings",
        why: "The most serious of what was found, and how much; notes are left out",
        class: "cell c-findings",
        width: (94, false),
        down: true,
        text: |system, index, _| {
            let found = serious(system, index);
            let worst = found.iter().map(|one| one.severity).max();
            let more = if found.len() > 1 { format!(" {}", found.len()) } else { String::new() };
            worst.map_or_else(String::new, |worst| format!("{} {}{more}", symbol(worst), worst.word()))
        },
        title: none,
        compare: |system, (a, _), (b, _)| {
            let worst = |index| serious(system, index).iter().map(|one| one.severity).max();
            worst(b).cmp(&worst(a))
        },
    },
    Column {
        name: "command",
        head: "Command line",
        why: "Arguments, as the process claims them now",
        class: "cell c-command",
        width: (170, true),
        down: false,
        text: |_, _, process| command(process, 220),
        title: |_, process| command(process, 300),
        compare: |_, (_, a), (_, b)| a.cmdline.cmp(&b.cmdline),
    },
];

/// What was found of a process, without notes.
fn serious(system: &System, index: ProcessIndex) -> Vec<&Finding> {
    let findings = system.snapshot.findings_if_ready();
    findings.map_or_else(Vec::new, |all| {
        all.of_process(index).filter(|one| one.severity > Severity::Note).collect()
    })
}

/// The shapes of [`level`](crate::view::findings::level), as characters.
fn symbol(severity: Severity) -> char {
    match severity {
        Severity::Critical => '▲',
        Severity::High => '◆',
        Severity::Medium => '■',
        Severity::Low | Severity::Note => '●',
    }
}

/// The name comes first and is not in the list, since it also shows the tree.
pub(super) fn by_name((_, a): (ProcessIndex, &Process), (_, b): (ProcessIndex, &Process)) -> Ordering {
    a.name.cmp(&b.name)
}

fn uid(process: &Process) -> Option<u32> {
    process.uid.map(|uid| uid.effective)
}

/// What a narrow cell shows in place of a value that was not read. Its title says it in words.
fn not_known() -> String {
    "?".to_owned()
}

/// The title of a cell whose value may not be known.
fn known<T>(value: Option<T>) -> String {
    if value.is_none() { "not known".to_owned() } else { String::new() }
}

fn some(number: usize) -> String {
    if number == 0 { String::new() } else { count(number) }
}

/// Arguments with spaces between; a long command costs no more than a short one.
pub(crate) fn command(process: &Process, limit: usize) -> String {
    let Some(cmdline) = &process.cmdline else { return String::new() };
    let head = cmdline.get(..limit * 4).unwrap_or(cmdline);
    let body = if head.len() == cmdline.len() { head.strip_suffix(b"\0").unwrap_or(head) } else { head };
    let spaced: Vec<u8> = body.iter().map(|byte| if *byte == 0 { b' ' } else { *byte }).collect();
    let text = clip(&spaced, limit).into_owned();
    if head.len() < cmdline.len() && !text.ends_with('…') { format!("{text}…") } else { text }
}

/// All processes in the order of a column; `-` in front turns it round. Equal ones stay by pid.
pub(super) fn order(data: &Data, sort: &str) -> Vec<ProcessIndex> {
    let (name, turned) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
    let column = COLUMNS.iter().find(|column| column.name == name);
    let mut order: Vec<ProcessIndex> = data.snapshot.indices().collect();
    let with = |index: ProcessIndex| Some((index, data.snapshot.process(index)?));
    sorting::sort_by(&mut order, |a, b| {
        let (Some(a), Some(b)) = (with(*a), with(*b)) else { return Ordering::Equal };
        let ordering = match column {
            Some(column) => (column.compare)(data, a, b),
            None if name == "name" => by_name(a, b),
            None => Ordering::Equal,
        };
        if turned { ordering.reverse() } else { ordering }
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_short_whatever_they_are() {
        let process = |bytes: &[u8]| Process { cmdline: Some(bytes.into()), ..Process::default() };
        assert_eq!(command(&process(b"sh\0-c\0x y\0"), 40), "sh -c x y");
        assert_eq!(command(&process(b"sh\0\x1b[2J\0"), 40), "sh \\x1b[2J");
        let long = command(&process(&vec![b'a'; 1_500_000]), 40);
        assert_eq!((long.chars().count(), long.ends_with('…')), (41, true));
        assert_eq!(command(&Process::default(), 40), "");
    }
}
