//! The file that is executed: kernel facts, which the process cannot choose.

use super::context::Context;
use super::section::Section;
use crate::format::{bytes, clip, moment};
use crate::state::Route;
use crate::ui::copy::copy_text;
use crate::ui::facts::{code_fact, fact, facts, text_fact};
use procglass_model::Timestamp;
use procglass_model::bundle::{Executable, OnDisk};
use yew::prelude::*;

/// The section.
pub(super) fn section(context: &Context) -> Html {
    let process = context.process();
    let part = if process.executable.is_some() { "executable" } else { "links/exe" };
    let Some(exe) = process.exe.as_ref() else {
        let nothing = if process.is_kernel_thread() {
            "A thread of the kernel has no program file."
        } else {
            "Not known."
        };
        return html! { <Section id="program" title="Program">{ context.nothing("exe", nothing) }</Section> };
    };
    let path = clip(exe, 1_000).into_owned();
    let copy = copy_text(&procglass_model::text::visible(exe), "path");
    html! {
        <Section id="program" title="Program" tools={html! { <>{ context.source(part) }{ copy }</> }}>
            { facts(html! { <>
                { code_fact("path", Some(path)) }
                { process.executable.as_ref().map(|executable| file(context, executable)).unwrap_or_default() }
            </> }) }
        </Section>
    }
}

fn file(context: &Context, executable: &Executable) -> Html {
    let stat = &executable.stat;
    let on_disk = executable.on_disk.map(|found| match found {
        OnDisk::Same => "the same file",
        OnDisk::Other => "another file: it was replaced after the process started",
        OnDisk::Missing => "nothing",
    });
    let links = match stat.links {
        0 => "none left: the file was deleted".to_owned(),
        1 => "1".to_owned(),
        more => more.to_string(),
    };
    // makedev of the kernel for user space: minor bits 0-7 and 20-31, major 8-19.
    let (major, minor) = (stat.dev >> 8 & 0xfff, stat.dev & 0xff | stat.dev >> 12 & 0xfff_ff00);
    let special = [(0o4000, "set-user-id"), (0o2000, "set-group-id")];
    let special: Vec<_> =
        special.iter().filter(|(bit, _)| stat.mode & bit != 0).map(|(_, word)| *word).collect();
    let mode = format!("{:04o} {}", stat.mode & 0o7777, special.join(", "));
    let hash = executable.sha256.as_ref().map(|hash| {
        let recovered = executable.recovered.then(|| {
            let member = format!("executable/{hash}");
            let href = context.here.going(Route::to("evidence").about(&member)).with("q", "").hash();
            html! { <a {href}>{ "recovered bytes" }</a> }
        });
        html! { <><code class="hash">{ clip(hash.as_bytes(), 64).into_owned() }</code>{ copy_text(hash, "hash") }{ recovered.unwrap_or_default() }</> }
    });
    html! {
        <>
            { fact("SHA-256", hash) }
            { text_fact("size", Some(bytes(stat.size))) }
            { text_fact("names left (hard links)", Some(links)) }
            { text_fact("now at its path", on_disk) }
            { text_fact("device, inode", Some(format!("{major}:{minor}, {}", stat.inode))) }
            { text_fact("changed", Timestamp::plausible(stat.mtime).map(moment)) }
            { text_fact("inode changed", Timestamp::plausible(stat.ctime).map(moment)) }
            { text_fact("owner", Some(format!("user id {}, group id {}", stat.uid, stat.gid))) }
            { code_fact("mode", Some(mode.trim().to_owned())) }
        </>
    }
}
