//! Systems, answers, links, what is shared, and stories, as tables.

use super::columns::{CLOUD, SHORT, SYSTEMS};
use crate::write::Form;
use crate::{Filter, Table, Value};
use procglass_findings::{Proof, Severity};
use procglass_systems::{Common, Link, Register, Reply, StoryIndex, System, SystemIndex};
use std::collections::{BTreeMap, BTreeSet};

fn text<'a>(text: impl Into<std::borrow::Cow<'a, str>>) -> Value<'a> {
    Value::Text(text.into())
}

fn severity<'a>(severity: Option<Severity>) -> Value<'a> {
    severity.map_or(Value::Null, |severity| text(severity.word()))
}

fn evidence(proof: &Proof) -> Value<'_> {
    Value::Object(vec![("member", text(&proof.member)), ("excerpt", text(&proof.excerpt))])
}

fn number<'a>(count: usize) -> Value<'a> {
    Value::Number(count as u64)
}

impl<'a> Table<'a> {
    /// The systems that pass, in the order of the register. For people only what fits; in JSON what the cloud says stands in
    /// one object.
    #[must_use]
    pub fn systems(register: &'a Register, filter: &Filter, form: Form) -> Self {
        let passes = |index: &SystemIndex| register.get(*index).is_some_and(|system| filter.system(system));
        Self::of_systems(register, register.indices().filter(passes), form)
    }

    /// These systems, in this order.
    #[must_use]
    pub fn of_systems(register: &'a Register, rows: impl Iterator<Item = SystemIndex>, form: Form) -> Self {
        let shown = |name: &str| match form {
            Form::Text => SHORT.contains(&name),
            Form::Csv => name != "interfaces",
            Form::Json => !CLOUD.contains(&name),
        };
        let mut table = Self::default();
        for column in SYSTEMS {
            if shown(column.name) {
                table.columns.push(column.name);
            }
            if column.name == "captured" && form == Form::Json {
                table.columns.push("cloud");
            }
        }
        for index in rows {
            let Some(system) = register.get(index) else { continue };
            let mut cells: BTreeMap<&str, Value<'a>> =
                SYSTEMS.iter().map(|column| (column.name, (column.value)(register, system, index))).collect();
            if form == Form::Text {
                // To the second is enough for the eye.
                let time = system.captured.map(|time| time.to_the_second());
                cells.insert("captured", time.map_or(Value::Null, text));
            }
            if form == Form::Json {
                let cloud = CLOUD.iter().map(|name| (*name, cells.remove(name).unwrap_or(Value::Null)));
                let cloud = Value::Object(cloud.collect());
                cells.insert("cloud", cloud);
            }
            table
                .rows
                .push(table.columns.iter().map(|name| cells.remove(name).unwrap_or(Value::Null)).collect());
        }
        table
    }

    /// The systems that pass, counted by what they have in one column of [`GROUPS`](crate::GROUPS). `None` for
    /// another column.
    #[must_use]
    pub fn groups(register: &'a Register, filter: &Filter, by: &str) -> Option<Self> {
        let name = super::GROUPS.iter().find(|name| **name == by)?;
        let column = SYSTEMS.iter().find(|column| column.name == *name)?;
        let mut groups: BTreeMap<String, Vec<SystemIndex>> = BTreeMap::new();
        for index in register.indices() {
            if let Some(system) = register.get(index).filter(|system| filter.system(system)) {
                let value = (column.value)(register, system, index).text().into_owned();
                groups.entry(value).or_default().push(index);
            }
        }
        let row = |(value, members): (String, Vec<SystemIndex>)| {
            let systems: Vec<&System> = members.iter().filter_map(|index| register.get(*index)).collect();
            let different: BTreeSet<_> = members.iter().map(|index| register.identity(*index)).collect();
            let names: BTreeSet<&str> = systems.iter().map(|system| system.name.as_str()).collect();
            vec![
                if value.is_empty() { Value::Null } else { text(value) },
                number(different.len()),
                number(members.len()),
                number(systems.iter().map(|system| system.processes.len()).sum()),
                number(systems.iter().map(|system| system.findings.len()).sum()),
                severity(systems.iter().filter_map(|system| system.severity()).max()),
                Value::List(names.into_iter().map(text).collect()),
            ]
        };
        let columns = vec![*name, "systems", "snapshots", "processes", "findings", "severity", "names"];
        Some(Self { columns, rows: groups.into_iter().map(row).collect() })
    }

    /// Answers to a question.
    #[must_use]
    pub fn answers(register: &'a Register, reply: &'a Reply) -> Self {
        let row = |answer: &'a procglass_systems::Answer| {
            let system = register.get(answer.system);
            let process = answer.process.and_then(|row| system?.process(row));
            vec![
                text(answer.kind.word()),
                system.map_or(Value::Null, |system| text(&system.name)),
                answer.when.map_or(Value::Null, Value::Time),
                Value::number(process.map(|process| process.pid)),
                text(&answer.sentence),
                evidence(&answer.proof),
                system.map_or(Value::Null, |system| text(&system.bundle)),
            ]
        };
        let columns = vec!["kind", "system", "captured", "pid", "answer", "evidence", "bundle"];
        Self { columns, rows: reply.answers.iter().map(row).collect() }
    }

    /// Links that pass.
    #[must_use]
    pub fn links(register: &'a Register, links: &[Link], filter: &Filter) -> Self {
        let row = |link: &Link| {
            let seconds =
                link.samples.iter().filter_map(|sample| sample.apart).min().map(|ns| ns / 1_000_000_000);
            let socket = |(system, place): (SystemIndex, u32)| {
                let system = register.get(system)?;
                let socket = system.sockets.get(place as usize)?;
                Some(Value::Object(vec![
                    ("bundle", text(&system.bundle)),
                    ("member", text(socket.member())),
                    ("excerpt", text(socket.line())),
                ]))
            };
            let ends = link.samples.iter().flat_map(|sample| [Some(sample.near), sample.far]).flatten();
            vec![
                text(Link::party(register, link.from)),
                text(Link::party(register, link.to)),
                text(link.protocol.word()),
                Value::Number(link.port.into()),
                text(link.strength.word()),
                Value::Number(link.count.into()),
                Value::number(seconds),
                Value::Bool(link.directed),
                text(link.sentence(register)),
                Value::List(ends.filter_map(socket).collect()),
            ]
        };
        let columns = vec![
            "from",
            "to",
            "protocol",
            "port",
            "strength",
            "count",
            "seconds_apart",
            "directed",
            "connection",
            "evidence",
        ];
        let passing = links.iter().filter(|link| filter.link(register, link));
        Self { columns, rows: passing.map(row).collect() }
    }

    /// What several systems share.
    #[must_use]
    pub fn shared(register: &'a Register, shared: &[Common], filter: &Filter) -> Self {
        let passes = |common: &&Common| {
            let mut systems = common.systems.iter().filter_map(|index| register.get(*index));
            filter.text(&[common.value.as_bytes(), common.label.as_bytes()])
                || systems.any(|system| filter.system(system))
        };
        let row = |common: &Common| {
            let names = common.systems.iter().filter_map(|index| register.get(*index));
            vec![
                text(common.kind.word()),
                text(common.value.clone()),
                text(common.label.clone()),
                number(common.systems.len()),
                number(common.of),
                severity(common.severity),
                Value::List(names.map(|system| text(&system.name)).collect()),
            ]
        };
        let columns = vec!["kind", "value", "label", "systems", "of", "severity", "names"];
        Self { columns, rows: shared.iter().filter(passes).map(row).collect() }
    }

    /// Stories of the systems that pass.
    #[must_use]
    pub fn stories(register: &'a Register, stories: &[StoryIndex], filter: &Filter) -> Self {
        let row = |index: &StoryIndex| {
            let system = register.get(index.system).filter(|system| filter.system(system))?;
            let story = system.stories.get(index.story as usize)?;
            let findings = story.findings.iter().filter_map(|place| system.findings.get(*place as usize));
            let ids: BTreeSet<&str> = findings.map(|finding| finding.id).collect();
            let process = story.process.and_then(|row| system.process(row));
            Some(vec![
                text(story.severity.word()),
                text(&system.name),
                system.captured.map_or(Value::Null, Value::Time),
                Value::number(process.map(|process| process.pid)),
                text(&story.sentence),
                Value::List(ids.into_iter().map(text).collect()),
                text(&system.bundle),
            ])
        };
        let columns = vec!["severity", "system", "captured", "pid", "story", "findings", "bundle"];
        Self { columns, rows: stories.iter().filter_map(row).collect() }
    }
}
