//! Processes: which came, which went, and what changed of those that stayed.

use super::item::{About, Change, Field, Item, Mark, fields, one_sided};
use super::pair::Pairs;
use super::side::Side;
use bstr::BString;
use procglass_model::bundle::{Bases, FileContent};
use procglass_proc::cmdline::{strings, variable};
use procglass_proc::status;
use procglass_snapshot::{Process, ProcessIndex};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn changes(before: &Side<'_>, after: &Side<'_>, pairs: &Pairs) -> Vec<Change> {
    let mut changes = Vec::new();
    for (index, process) in after.processes() {
        let item = item(after, index, process);
        let Some(old) = pairs.to_before.get(&index).copied() else {
            changes.push(one_sided(About::Process, Mark::Added, item));
            continue;
        };
        let Some(process_before) = before.snapshot.process(old) else { continue };
        let (mut old_fields, mut new_fields) = (of(before, old, process_before), of(after, index, process));
        environments(before, old, after, index, &mut old_fields, &mut new_fields);
        let fields = fields(&old_fields, &new_fields);
        if !fields.is_empty() {
            changes.push(Change {
                mark: Mark::Changed,
                about: About::Process,
                what: item.what,
                fields,
                before: Some(old),
                after: Some(index),
                members: (Some(process_before.member()), Some(item.member)),
                key: item.key,
            });
        }
    }
    for (index, process) in before.processes().filter(|(index, _)| !pairs.to_after.contains_key(index)) {
        changes.push(one_sided(About::Process, Mark::Gone, item(before, index, process)));
    }
    changes
}

fn item(side: &Side<'_>, index: ProcessIndex, process: &Process) -> Item {
    let arguments = process.cmdline.as_ref().map(|text| spaced(text)).unwrap_or_default();
    let shown = procglass_model::text::visible(arguments.get(..arguments.len().min(200)).unwrap_or_default())
        .into_owned();
    let mut key = side.program(index);
    key.push(b' ');
    key.extend_from_slice(&side.normal.text(&arguments));
    Item {
        key,
        what: format!("{} {shown}", process.label()).trim_end().to_owned(),
        process: Some(index),
        member: process.member(),
        fields: Vec::new(),
    }
}

/// Arguments with spaces between.
fn spaced(cmdline: &[u8]) -> BString {
    let body = cmdline.strip_suffix(b"\0").unwrap_or(cmdline);
    body.iter().map(|byte| if *byte == 0 { b' ' } else { *byte }).collect::<Vec<u8>>().into()
}

/// What tells a process from what it was before. What is not known on one side is not among them.
fn of(side: &Side<'_>, index: ProcessIndex, process: &Process) -> Vec<Field> {
    let mut fields = Vec::new();
    // It stands in `stat`.
    fields.extend(process.state.map(|_| Field::exact("name", process.name.clone())));
    let mut path = |name: &'static str, text: Option<BString>| {
        fields.extend(text.map(|text| {
            let normal = side.normal.text(&text);
            Field::normal(name, text, normal)
        }));
    };
    path("exe", process.exe_path().map(|exe| exe.to_owned()));
    path("cmdline", process.cmdline.as_ref().map(|text| spaced(text)));
    path("cwd", process.cwd.clone());
    path("root", process.root.clone());
    path("user", process.user.as_ref().map(|user| user.to_string().into()));
    if let Some(parent) = process.parent.and_then(|parent| Some((parent, side.snapshot.process(parent)?))) {
        fields.push(Field::normal("parent", parent.1.label(), side.program(parent.0)));
    }
    let mut exact = |name: &'static str, value: Option<String>| {
        fields.extend(value.map(|value| Field::exact(name, value)));
    };
    exact("deleted", process.exe_deleted().map(yes));
    let hash = process.executable.as_ref().and_then(|executable| executable.sha256.clone());
    exact("sha256", hash);
    let ids = |ids: procglass_proc::status::Ids| {
        format!("{} {} {} {}", ids.real, ids.effective, ids.saved, ids.filesystem)
    };
    exact("uids", process.uid.map(ids));
    exact("gids", process.gid.map(ids));
    exact("traced", process.traced().map(yes));
    let contained = process.in_container();
    exact("in container", (contained || !process.refused("cgroup")).then(|| yes(contained)));
    if let Some(status) =
        texts(side, index).and_then(|texts| texts.get(side, "status")).map(|text| status::parse(&text))
    {
        exact("capabilities", status.cap_eff.map(|bits| format!("{bits:016x}")));
        exact("seccomp", status.seccomp.map(|mode| mode.to_string()));
        exact("no_new_privs", status.no_new_privs.map(yes));
    }
    fields
}

fn yes(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// One field a variable, where both environments were collected.
fn environments(
    before: &Side<'_>,
    old: ProcessIndex,
    after: &Side<'_>,
    new: ProcessIndex,
    old_fields: &mut Vec<Field>,
    new_fields: &mut Vec<Field>,
) {
    let environ = |side: &Side<'_>, index| texts(side, index).and_then(|texts| texts.get(side, "environ"));
    let Some((old, new)) = environ(before, old).zip(environ(after, new)) else { return };
    let (old, new) = (variables(&old), variables(&new));
    let names: BTreeSet<&BString> = old.keys().chain(new.keys()).collect();
    for name in names {
        let field = |side: &Side<'_>, map: &BTreeMap<BString, BString>| {
            let label = format!("environ {}", procglass_model::text::visible(name));
            match map.get(name) {
                Some(value) => Field::normal(label, value.clone(), side.normal.text(value)),
                None => Field::none(label),
            }
        };
        old_fields.push(field(before, &old));
        new_fields.push(field(after, &new));
    }
}

fn variables(environ: &[u8]) -> BTreeMap<BString, BString> {
    let pair = |string| {
        let (name, value): (&[u8], &[u8]) = variable(string);
        (name.into(), value.into())
    };
    strings(environ).map(pair).collect()
}

/// The part of a record that is compared.
#[derive(Default, Deserialize)]
struct Texts {
    #[serde(default)]
    bases: Bases,
    #[serde(default)]
    files: BTreeMap<String, FileContent>,
}

impl Texts {
    fn get(&self, side: &Side<'_>, name: &str) -> Option<Vec<u8>> {
        let content = side.snapshot.members.content(self.files.get(name)?, &self.bases).ok()?;
        Some(content.into_owned())
    }
}

fn texts(side: &Side<'_>, index: ProcessIndex) -> Option<Texts> {
    let member = side.snapshot.process(index)?.member();
    serde_json::from_slice(side.snapshot.members.data(&member)?).ok()
}
