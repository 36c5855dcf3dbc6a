//! A query, applied to processes, sockets and files.

use super::field::{AddressField, Flag, NumberField, TextField, TimeField};
use super::matcher::Pattern;
use super::parse::{FilterError, Term, Test, parse};
use bstr::ByteSlice as _;
use procglass_findings::Finding;
use procglass_notes::{Note, Noted};
use procglass_opened::Opened;
use procglass_snapshot::{FileIndex, OpenFile, Process, ProcessIndex, Socket, SocketIndex};
use std::net::IpAddr;

/// A parsed query. The empty one lets everything pass.
///
/// A term about sockets or files holds for a process when it holds for one of them; a term about processes holds for a
/// socket when it holds for one of its owners, and for a file when it holds for its process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    alternatives: Vec<Vec<Term>>,
}

impl Filter {
    /// Parses a query; the language is in [`FIELDS`](super::FIELDS) and [`FLAGS`](super::FLAGS).
    ///
    /// # Errors
    /// Where the query is not understood, and what would be right.
    pub fn parse(query: &str) -> Result<Self, FilterError> {
        Ok(Self { alternatives: parse(query)? })
    }

    /// Whether everything passes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.alternatives.iter().all(Vec::is_empty)
    }

    /// Whether a process passes.
    #[must_use]
    pub fn process(&self, snapshot: &Opened, index: ProcessIndex) -> bool {
        let Some(process) = snapshot.process(index) else {
            return false;
        };
        self.holds_as_known(|test| {
            let own = on_process(test, process);
            let found = on_findings(test, snapshot, index)
                || about_notes(test) && on_all_notes(test, snapshot, index)
                || snapshot
                    .sockets_of(index)
                    .iter()
                    .filter_map(|s| snapshot.socket(*s))
                    .any(|s| on_socket(test, s));
            if about_itself(test) {
                return any([own, Some(found)]);
            }
            let files = any(snapshot.files_of(index).iter().map(|file| on_file(test, file)));
            // Descriptors that could not be listed may be anything.
            let unseen = if about_descriptors(test) && !process.files_known { None } else { Some(false) };
            any([own, Some(found), files, unseen])
        })
    }

    /// Whether a socket passes.
    #[must_use]
    pub fn socket(&self, snapshot: &Opened, index: SocketIndex) -> bool {
        let Some(socket) = snapshot.socket(index) else {
            return false;
        };
        self.holds_as_known(|test| {
            let owners = socket.owners.iter().map(|owner| owner.process);
            let own = on_socket(test, socket)
                || about_notes(test) && any_note(test, snapshot.notes().of_socket(index));
            any(std::iter::once(Some(own)).chain(owners.map(|owner| on_owner(test, snapshot, owner))))
        })
    }

    /// Whether an open descriptor passes.
    #[must_use]
    pub fn file(&self, snapshot: &Opened, index: FileIndex) -> bool {
        let Some(file) = snapshot.files.get(index.0 as usize) else {
            return false;
        };
        self.holds_as_known(|test| {
            let noted = about_notes(test) && any_note(test, snapshot.notes().of_file(index));
            let owner = if about_itself(test) { Some(false) } else { on_owner(test, snapshot, file.process) };
            any([on_file(test, file), Some(noted), owner])
        })
    }

    /// Whether it asks for findings: then the rules must have run.
    #[must_use]
    pub fn asks_for_findings(&self) -> bool {
        self.asks(|test| matches!(test, Test::Text(TextField::Finding, _)))
    }

    /// Whether one of its terms is like this.
    pub(super) fn asks(&self, like: impl Fn(&Test) -> bool) -> bool {
        self.alternatives.iter().flatten().any(|term| like(&term.test))
    }

    /// Whether a finding passes: by its own words, or by its process.
    #[must_use]
    pub fn finding(&self, snapshot: &Opened, finding: &Finding) -> bool {
        let Finding { rule, severity, process, predicate, .. } = finding;
        self.holds_as_known(|test| match test {
            Test::Text(TextField::Finding, pattern) => {
                Some(pattern.matches(severity.word().as_bytes()) || pattern.matches(rule.id.as_bytes()))
            }
            Test::Any(pattern)
                if pattern.matches(predicate.as_bytes()) || pattern.matches(rule.title.as_bytes()) =>
            {
                Some(true)
            }
            _ if about_notes(test) && any_note(test, snapshot.notes().of_finding(finding)) => Some(true),
            _ if about_notes(test) => {
                Some(process.is_some_and(|index| any_note(test, snapshot.notes().of_process(index))))
            }
            _ => process.map_or(Some(false), |index| on_owner(test, snapshot, index)),
        })
    }

    /// Whether a note passes by itself; `on` is what it is on, in words. Terms about the thing itself do not hold.
    #[must_use]
    pub fn note(&self, note: &Note, on: &str) -> bool {
        let texts = [note.tag.word(), &note.text, &note.author, on];
        self.holds(|test| match test {
            Test::Any(pattern) => texts.iter().any(|text| pattern.matches(text.as_bytes())),
            _ => about_notes(test) && any_note(test, std::iter::once(note)),
        })
    }

    /// Whether bare words are found in plain texts; other terms do not hold for them.
    #[must_use]
    pub fn text(&self, texts: &[&[u8]]) -> bool {
        self.holds(
            |test| matches!(test, Test::Any(pattern) if texts.iter().any(|text| pattern.matches(text))),
        )
    }

    /// For each process whether it or one below it passes, so that a tree keeps its shape.
    #[must_use]
    pub fn processes_with_ancestors(&self, snapshot: &Opened) -> Vec<bool> {
        let mut keep = vec![false; snapshot.processes.len()];
        for index in snapshot.indices().filter(|index| self.process(snapshot, *index)) {
            let mut at = Some(index);
            // Stops at the first ancestor that is kept already, so this is linear.
            while let Some(index) = at {
                match keep.get_mut(index.0 as usize) {
                    Some(kept) if !*kept => *kept = true,
                    _ => break,
                }
                at = snapshot.process(index).and_then(|process| process.parent);
            }
        }
        keep
    }

    pub(super) fn holds(&self, test: impl Fn(&Test) -> bool) -> bool {
        self.holds_as_known(|one| Some(test(one)))
    }

    /// The same where a term may be neither true nor false: what is not known holds neither for a term nor for its opposite.
    pub(super) fn holds_as_known(&self, test: impl Fn(&Test) -> Option<bool>) -> bool {
        let holds = |term: &Term| test(&term.test).is_some_and(|holds| holds != term.negated);
        self.alternatives.is_empty() || self.alternatives.iter().any(|terms| terms.iter().all(holds))
    }
}

/// Whether one of them holds; `None` where none does and of one it is not known.
pub(super) fn any(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(false);
    for answer in answers {
        match answer {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = None,
        }
    }
    known
}

/// Whether it is about sockets or open files.
fn about_descriptors(test: &Test) -> bool {
    match test {
        Test::Text(field, pattern) => match field {
            TextField::Protocol | TextField::Path | TextField::File => true,
            TextField::State => !pattern.is_letter(),
            TextField::Name
            | TextField::User
            | TextField::Exe
            | TextField::Cmdline
            | TextField::Cwd
            | TextField::Container
            | TextField::Finding
            | TextField::Note => false,
        },
        Test::Number(field, _) => match field {
            NumberField::Port | NumberField::LocalPort | NumberField::RemotePort => true,
            NumberField::Pid
            | NumberField::Ppid
            | NumberField::Uid
            | NumberField::Netns
            | NumberField::Threads => false,
        },
        Test::Address(..) => true,
        Test::Flag(flag) => match flag {
            Flag::Listening | Flag::Connected | Flag::Public => true,
            Flag::Deleted
            | Flag::Kernel
            | Flag::Root
            | Flag::Container
            | Flag::Zombie
            | Flag::Traced
            | Flag::Refused
            | Flag::Unowned
            | Flag::Noted => false,
        },
        Test::Any(_) | Test::Time(..) | Test::System(..) | Test::Change(..) => false,
    }
}

/// A deleted program and a deleted open file are different things: `is:deleted` is about the row itself.
fn about_itself(test: &Test) -> bool {
    matches!(test, Test::Flag(Flag::Deleted))
}

pub(super) fn on_owner(test: &Test, snapshot: &Opened, index: ProcessIndex) -> Option<bool> {
    let own = snapshot.process(index).map_or(Some(false), |process| on_process(test, process));
    let found = on_findings(test, snapshot, index)
        || about_notes(test) && on_own_notes(test, &snapshot.notes(), index);
    any([own, Some(found)])
}

fn about_notes(test: &Test) -> bool {
    matches!(test, Test::Text(TextField::Note, _) | Test::Flag(Flag::Noted))
}

fn any_note<'a>(test: &Test, mut notes: impl Iterator<Item = &'a Note>) -> bool {
    match test {
        Test::Text(TextField::Note, pattern) => notes.any(|note| {
            let texts = [note.tag.word(), &note.text, &note.author];
            texts.into_iter().any(|text| pattern.matches(text.as_bytes()))
        }),
        _ => notes.next().is_some(),
    }
}

/// On a process, and on what was found of it.
fn on_own_notes(test: &Test, notes: &Noted, index: ProcessIndex) -> bool {
    any_note(test, notes.of_process(index)) || any_note(test, notes.of_findings(index))
}

/// The same, and on its sockets and files.
fn on_all_notes(test: &Test, snapshot: &Opened, index: ProcessIndex) -> bool {
    let notes = snapshot.notes();
    let files = snapshot.process(index).map_or(0..0, |process| process.files.clone());
    on_own_notes(test, &notes, index)
        || snapshot.sockets_of(index).iter().any(|socket| any_note(test, notes.of_socket(*socket)))
        || files.map(FileIndex).any(|file| any_note(test, notes.of_file(file)))
}

/// Before the rules have run nothing is found.
fn on_findings(test: &Test, snapshot: &Opened, index: ProcessIndex) -> bool {
    let Test::Text(TextField::Finding, pattern) = test else { return false };
    snapshot.findings_if_ready().is_some_and(|findings| {
        findings.of_process(index).any(|finding| {
            pattern.matches(finding.severity.word().as_bytes()) || pattern.matches(finding.rule.id.as_bytes())
        })
    })
}

/// `None` where it is not known.
fn on_process(test: &Test, process: &Process) -> Option<bool> {
    // What was refused is not known; what is not there otherwise (a kernel thread's program) is known to be none.
    let refused = |path: &str| if process.refused(path) { None } else { Some(false) };
    let text = |pattern: &Pattern, text: Option<&[u8]>, path: &str| {
        text.map_or_else(|| refused(path), |text| Some(pattern.matches(text)))
    };
    match test {
        Test::Any(pattern) => Some(any_of_process(pattern, process)),
        Test::Text(field, pattern) => match field {
            TextField::Name => process.state.map(|_| pattern.matches(&process.name)),
            TextField::User => process.uid.map(|_| user(pattern, process)),
            TextField::Exe => text(pattern, process.exe_path().map(|exe| exe.as_bytes()), "exe"),
            TextField::Cmdline => {
                let cmdline = process.cmdline.as_ref().map(|cmdline| spaced(cmdline));
                text(pattern, cmdline.as_deref(), "cmdline")
            }
            TextField::Cwd => text(pattern, process.cwd.as_ref().map(|cwd| cwd.as_bytes()), "cwd"),
            TextField::Container => text(pattern, process.container_id().map(|id| id.as_bytes()), "cgroup"),
            TextField::State if pattern.is_letter() => {
                let mut buffer = [0; 4];
                process.state.map(|state| pattern.matches(state.encode_utf8(&mut buffer).as_bytes()))
            }
            // Of its sockets, files, findings and notes, which are asked themselves.
            TextField::State
            | TextField::Protocol
            | TextField::Path
            | TextField::File
            | TextField::Finding
            | TextField::Note => Some(false),
        },
        Test::Number(field, range) => match field {
            NumberField::Pid => Some(range.contains(process.pid.into())),
            NumberField::Ppid => process.ppid.map(|ppid| range.contains(ppid.into())),
            NumberField::Uid => process.uid.map(|uid| range.contains(uid.effective.into())),
            NumberField::Threads => process.threads.map(|threads| range.contains(threads.into())),
            NumberField::Netns => process.namespaces.net.map(|inode| range.contains(inode)),
            // Of its sockets.
            NumberField::Port | NumberField::LocalPort | NumberField::RemotePort => Some(false),
        },
        Test::Time(TimeField::Started, span) => process.started.map(|started| span.contains(started)),
        // Of its sockets.
        Test::Address(..) => Some(false),
        // A process has no such thing: neither the term nor its opposite holds.
        Test::Time(TimeField::Captured, _) | Test::System(..) | Test::Change(..) => None,
        Test::Flag(flag) => match flag {
            Flag::Deleted => {
                process.exe_deleted().or_else(|| refused("exe").filter(|_| process.exe.is_none()))
            }
            Flag::Kernel => process.kernel_thread,
            Flag::Root => process.uid.map(|uid| uid.effective == 0),
            Flag::Container => {
                if process.in_container() {
                    Some(true)
                } else {
                    refused("cgroup")
                }
            }
            Flag::Zombie => process.state.map(|state| state == 'Z'),
            Flag::Traced => process.traced(),
            Flag::Refused => Some(!process.errors.is_empty()),
            Flag::Listening | Flag::Connected | Flag::Public | Flag::Unowned | Flag::Noted => Some(false),
        },
    }
}

fn any_of_process(pattern: &Pattern, process: &Process) -> bool {
    let texts = [process.exe.as_ref(), process.cwd.as_ref(), process.container_id()].into_iter().flatten();
    pattern.matches(&process.name)
        || pattern.matches(process.pid.to_string().as_bytes())
        || user(pattern, process)
        || process.cmdline.as_ref().is_some_and(|cmdline| pattern.matches(&spaced(cmdline)))
        || texts.into_iter().any(|text| pattern.matches(text))
}

fn user(pattern: &Pattern, process: &Process) -> bool {
    let inside = process.user.as_ref().and_then(|user| user.inside.as_ref()).map(|(uid, _)| uid.to_string());
    process.user_names().any(|user| pattern.matches(user))
        || inside.is_some_and(|uid| pattern.matches(uid.as_bytes()))
        || process.uid.is_some_and(|uid| pattern.matches(uid.effective.to_string().as_bytes()))
}

/// Arguments with spaces between, as people read them.
fn spaced(cmdline: &[u8]) -> Vec<u8> {
    let body = cmdline.strip_suffix(b"\0").unwrap_or(cmdline);
    body.iter().map(|byte| if *byte == 0 { b' ' } else { *byte }).collect()
}

fn on_socket(test: &Test, socket: &Socket) -> bool {
    let ends = [socket.local, socket.remote];
    match test {
        Test::Any(pattern) => {
            socket.path.as_ref().is_some_and(|path| pattern.matches(path))
                || socket.detail.as_ref().is_some_and(|detail| pattern.matches(detail.as_bytes()))
                || ends.into_iter().flatten().filter(|(_, port)| *port != 0).any(|(address, port)| {
                    let text = match address {
                        IpAddr::V4(address) => format!("{address}:{port}"),
                        IpAddr::V6(address) => format!("[{address}]:{port}"),
                    };
                    pattern.matches(text.as_bytes())
                })
        }
        Test::Text(field, pattern) => match field {
            TextField::Protocol => pattern.matches(socket.protocol.word().as_bytes()),
            // One letter is the state of a process.
            TextField::State => !pattern.is_letter() && pattern.matches(socket.state.as_bytes()),
            TextField::Path => socket.path.as_ref().is_some_and(|path| pattern.matches(path)),
            // Of its owners, which are asked themselves.
            TextField::Name
            | TextField::User
            | TextField::Exe
            | TextField::Cmdline
            | TextField::Cwd
            | TextField::Container
            | TextField::File
            | TextField::Finding
            | TextField::Note => false,
        },
        Test::Number(field, range) => {
            let on = |end: Option<(IpAddr, u16)>| {
                end.is_some_and(|(_, port)| port != 0 && range.contains(port.into()))
            };
            match field {
                NumberField::Port => on(socket.local) || on(socket.remote),
                NumberField::LocalPort => on(socket.local),
                NumberField::RemotePort => on(socket.remote),
                NumberField::Netns => range.contains(socket.netns),
                NumberField::Pid | NumberField::Ppid | NumberField::Uid | NumberField::Threads => false,
            }
        }
        Test::Address(field, network) => {
            let on = |end: Option<(IpAddr, u16)>| end.is_some_and(|(address, _)| network.contains(address));
            match field {
                AddressField::Local => on(socket.local),
                AddressField::Remote => on(socket.remote),
                AddressField::Either => on(socket.local) || on(socket.remote),
            }
        }
        Test::Time(..) | Test::System(..) | Test::Change(..) => false,
        Test::Flag(flag) => match flag {
            Flag::Listening => socket.listens(),
            Flag::Connected => socket.state == "ESTABLISHED",
            Flag::Public => socket.remote.is_some_and(|(address, port)| {
                port != 0 && procglass_snapshot::analysis::scope::of(address).is_public()
            }),
            Flag::Unowned => socket.owners.is_empty(),
            Flag::Deleted
            | Flag::Kernel
            | Flag::Root
            | Flag::Container
            | Flag::Zombie
            | Flag::Traced
            | Flag::Refused
            | Flag::Noted => false,
        },
    }
}

fn on_file(test: &Test, file: &OpenFile) -> Option<bool> {
    let matches = |pattern: &Pattern| file.target.as_ref().map(|target| pattern.matches(target));
    match test {
        Test::Any(pattern) => Some(matches(pattern) == Some(true)),
        Test::Text(field, pattern) => match field {
            TextField::File => matches(pattern),
            // Of its process or of sockets.
            TextField::Name
            | TextField::User
            | TextField::Exe
            | TextField::Cmdline
            | TextField::Cwd
            | TextField::Container
            | TextField::Protocol
            | TextField::State
            | TextField::Path
            | TextField::Finding
            | TextField::Note => Some(false),
        },
        Test::Flag(flag) => match flag {
            Flag::Deleted => file.deleted(),
            Flag::Listening
            | Flag::Connected
            | Flag::Public
            | Flag::Kernel
            | Flag::Root
            | Flag::Container
            | Flag::Zombie
            | Flag::Traced
            | Flag::Refused
            | Flag::Unowned
            | Flag::Noted => Some(false),
        },
        Test::Number(..) | Test::Address(..) | Test::Time(..) | Test::System(..) | Test::Change(..) => {
            Some(false)
        }
    }
}
