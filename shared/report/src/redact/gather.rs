//! What is to be looked for: values of one process stand in others.

use super::choice::Choice;
use super::names::Names;
use procglass_model::bundle::{FileContent, ProcessRecord};
use procglass_opened::Opened;
use procglass_proc::{account, cmdline, maps};

/// Variables whose value is the name of an account.
const USER_VARIABLES: [&[u8]; 5] = [b"USER", b"LOGNAME", b"USERNAME", b"SUDO_USER", b"PGUSER"];

/// What is known without looking into processes.
pub(super) fn system(names: &mut Names, snapshot: &Opened) {
    for process in &snapshot.processes {
        names.add_process(&process.name);
    }
    for socket in &snapshot.sockets {
        for (address, _) in socket.local.iter().chain(&socket.remote) {
            names.addresses.occurs(*address);
        }
        if let Some(path) = socket.path.as_deref().filter(|path| path.starts_with(b"/")) {
            names.add_place(path);
        }
    }
    names.add_host(&snapshot.manifest.hostname);
    for member in snapshot.members.iter() {
        if member.name.ends_with("/etc/passwd") {
            for (name, uid) in account::parse(&member.data) {
                names.add_user(name, Some(uid));
            }
        } else if member.name.ends_with("/etc/hostname") {
            names.add_host(&member.data);
        }
    }
}

/// The paths that the kernel names of a process. Values come after all of these are known.
pub(super) fn places(names: &mut Names, snapshot: &Opened, record: &ProcessRecord) {
    for (name, target) in &record.links {
        if !name.starts_with("ns/") {
            names.add_place(target);
        }
    }
    for target in
        record.fds.iter().filter_map(|fd| fd.target.as_ref()).filter(|target| target.starts_with(b"/"))
    {
        names.add_place(target);
    }
    // A template has the paths as the file has them; which memory they are at does not matter here.
    if let Some(content) = record.files.get("maps")
        && let Ok(text) = snapshot.members.content(content, &record.bases)
    {
        for mapping in maps::parse(&text).0.iter().filter(|mapping| mapping.path.starts_with(b"/")) {
            names.add_place(mapping.path);
        }
    }
}

/// The values of a process that stand for themselves.
pub(super) fn values(names: &mut Names, snapshot: &Opened, record: &ProcessRecord) {
    let read = |name: &str| {
        let content: &FileContent = record.files.get(name)?;
        snapshot.members.content(content, &record.bases).ok()
    };
    if let Some(environ) = read("environ") {
        for (name, value) in cmdline::strings(&environ).map(cmdline::variable) {
            if USER_VARIABLES.contains(&name) {
                names.add_user(value, None);
            } else if name == b"HOSTNAME" {
                names.add_host(value);
            }
            if names.choices.has(Choice::Environment) {
                names.add_value(value);
            }
        }
    }
    if names.choices.has(Choice::Arguments)
        && let Some(arguments) = read("cmdline")
    {
        for argument in cmdline::strings(&arguments).skip(1) {
            names.add_value(argument);
            if let (name, value) = cmdline::variable(argument)
                && name.len() < argument.len()
            {
                names.add_value(value);
            }
        }
    }
}
