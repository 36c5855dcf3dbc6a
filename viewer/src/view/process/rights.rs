//! What a process may do.

use super::context::Context;
use super::section::Section;
use crate::format::clip;
use crate::ui::facts::{code_fact, facts, text_fact};
use procglass_proc::status::{Ids, parse};
use procglass_snapshot::analysis::capability::words;
use yew::prelude::*;

/// The section.
pub(super) fn section(context: &Context) -> Html {
    let Some(status) = context.file("status").map(|text| parse(&text)) else {
        return html! { <Section id="rights" title="Rights">{ context.nothing("status", "Not known.") }</Section> };
    };
    let (snapshot, process) = (&context.data.snapshot, context.process());
    let user = |uid: u32| {
        let user = snapshot.users.user(&process.namespaces, process.in_container(), uid);
        match user.differs() || user.name.is_some() {
            true => format!("{uid} {}", clip(user.to_string().as_bytes(), 100)),
            false => uid.to_string(),
        }
    };
    let groups = (!status.groups.is_empty())
        .then(|| status.groups.iter().take(64).map(u32::to_string).collect::<Vec<_>>().join(", "));
    let seccomp = status.seccomp.map(|mode| match mode {
        0 => "off: every system call is allowed",
        1 => "strict: only read, write and exit",
        2 => "a filter decides which system calls are allowed",
        _ => "an unknown mode",
    });
    let privileges = status
        .no_new_privs
        .map(|on| if on { "locked: programs it starts gain no rights" } else { "not locked" });
    let label = context
        .file("attr/current")
        .map(|label| clip(label.trim_ascii_end(), 200).into_owned())
        .filter(|label| !label.is_empty());
    // 4294967295, -1 as the kernel prints it, is "not set": nobody logged in to start it. loginuid, proc_pid_loginuid(5).
    let number = |path: &str| {
        let text = context.file(path)?;
        std::str::from_utf8(text.trim_ascii()).ok()?.parse::<u32>().ok()
    };
    let login = number("loginuid").map(|uid| match uid {
        u32::MAX => "none: it does not come from a login".to_owned(),
        uid => format!("logged in as {}", user(uid)),
    });
    let session =
        number("sessionid").filter(|session| *session != u32::MAX).map(|session| session.to_string());
    html! {
        <Section id="rights" title="Rights" tools={context.source("files/status")}>
            { facts(html! { <>
                { text_fact("user ids", status.uid.map(|ids| four(ids, user))) }
                { text_fact("group ids", status.gid.map(|ids| four(ids, |gid| gid.to_string()))) }
                { text_fact("more groups", groups) }
                { text_fact("capabilities in force", status.cap_eff.map(words)) }
                { text_fact("capabilities it may use", status.cap_prm.filter(|set| Some(*set) != status.cap_eff).map(words)) }
                { text_fact("capabilities it hands on", status.cap_amb.filter(|set| *set != 0).map(words)) }
                { text_fact("capability limit", status.cap_bnd.map(words)) }
                { text_fact("system call filter (seccomp)", seccomp) }
                { text_fact("privilege lock (no_new_privs)", privileges) }
                { code_fact("security label", label) }
                { text_fact("login", login) }
                { text_fact("login session (audit)", session) }
            </> }) }
        </Section>
    }
}

/// Only one when all are the same.
fn four(ids: Ids, name: impl Fn(u32) -> String) -> String {
    if [ids.real, ids.saved, ids.filesystem] == [ids.effective; 3] {
        return name(ids.effective);
    }
    format!(
        "effective {}; real {}; saved {}; for files {}",
        name(ids.effective),
        name(ids.real),
        name(ids.saved),
        name(ids.filesystem)
    )
}
