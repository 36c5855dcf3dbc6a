//! Items of two sides, joined by their keys.

use bstr::BString;
use procglass_snapshot::ProcessIndex;
use std::borrow::Cow;
use std::collections::HashMap;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// A process.
    Process,
    /// A socket.
    Socket,
    /// An open file.
    File,
    /// A kernel module.
    Module,
    /// A user account.
    User,
    /// A mount.
    Mount,
    /// A setting of the kernel or a file of `/etc`.
    Setting,
    /// What the system is.
    Identity,
}

impl About {
    /// The word for tables and queries.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Socket => "socket",
            Self::File => "file",
            Self::Module => "module",
            Self::User => "user",
            Self::Mount => "mount",
            Self::Setting => "setting",
            Self::Identity => "identity",
        }
    }
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// Only after.
    Added,
    /// Only before.
    Gone,
    /// On both sides, and not the same.
    Changed,
    /// On both sides, and the same.
    Same,
}

impl Mark {
    /// The word for tables and queries.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Gone => "gone",
            Self::Changed => "changed",
            Self::Same => "same",
        }
    }
}

/// One field that is not the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Which.
    pub field: Cow<'static, str>,
    /// Its value before; `None` for none.
    pub before: Option<BString>,
    /// Its value after.
    pub after: Option<BString>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What became of it.
    pub mark: Mark,
    /// What it is.
    pub about: About,
    /// Which one, for people.
    pub what: String,
    /// What changed, of an item on both sides.
    pub fields: Vec<FieldChange>,
    /// The process that it is or belongs to, before.
    pub before: Option<ProcessIndex>,
    /// The same after.
    pub after: Option<ProcessIndex>,
    /// Where it stands: the member before and after.
    pub members: (Option<String>, Option<String>),
    /// What it is called where that does not depend on the side: siblings are counted by it.
    pub(super) key: BString,
}

impl Change {
    pub(super) fn order(&self) -> (About, Mark, &str, &BString) {
        (self.about, self.mark, &self.what, &self.key)
    }
}

/// A field of an item.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: Cow<'static, str>,
    /// As it stands; `None` for none.
    pub(super) shown: Option<BString>,
    /// Without what always differs: this is what is compared.
    pub(super) normal: Option<BString>,
}

impl Field {
    /// A value that is compared as it is.
    pub(super) fn exact(name: &'static str, value: impl Into<BString>) -> Self {
        let value = value.into();
        Self { name: name.into(), shown: Some(value.clone()), normal: Some(value) }
    }

    /// A value with its normal form.
    pub(super) fn normal(
        name: impl Into<Cow<'static, str>>,
        shown: impl Into<BString>,
        normal: BString,
    ) -> Self {
        Self { name: name.into(), shown: Some(shown.into()), normal: Some(normal) }
    }

    /// None where there may be one.
    pub(super) fn none(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), shown: None, normal: None }
    }
}

/// One item of one side.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) key: BString,
    pub(super) what: String,
    pub(super) process: Option<ProcessIndex>,
    pub(super) member: String,
    pub(super) fields: Vec<Field>,
}

/// What differs of two items. A field that only one side has was not collected on the other: of it nothing is said.
pub(super) fn fields(before: &[Field], after: &[Field]) -> Vec<FieldChange> {
    let by_name: HashMap<&str, &Field> = before.iter().map(|field| (&*field.name, field)).collect();
    let change = |after: &Field| {
        let before = by_name.get(&*after.name)?;
        (before.normal != after.normal).then(|| FieldChange {
            field: after.name.clone(),
            before: before.shown.clone(),
            after: after.shown.clone(),
        })
    };
    after.iter().filter_map(change).collect()
}

/// Items with one key are the same. Of several with one key the first is taken: how many there are always differs.
pub(super) fn join(about: About, before: Vec<Item>, after: Vec<Item>) -> Vec<Change> {
    let mut old: HashMap<BString, Item> = HashMap::with_capacity(before.len());
    for item in before {
        old.entry(item.key.clone()).or_insert(item);
    }
    let mut changes = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for item in after {
        if !seen.insert(item.key.clone()) {
            continue;
        }
        match old.remove(&item.key) {
            None => changes.push(one_sided(about, Mark::Added, item)),
            Some(before) => {
                let fields = fields(&before.fields, &item.fields);
                if !fields.is_empty() {
                    changes.push(Change {
                        mark: Mark::Changed,
                        about,
                        what: item.what,
                        fields,
                        before: before.process,
                        after: item.process,
                        members: (Some(before.member), Some(item.member)),
                        key: item.key,
                    });
                }
            }
        }
    }
    changes.extend(old.into_values().map(|item| one_sided(about, Mark::Gone, item)));
    changes
}

pub(super) fn one_sided(about: About, mark: Mark, item: Item) -> Change {
    let added = mark == Mark::Added;
    let member = Some(item.member);
    Change {
        mark,
        about,
        what: item.what,
        fields: Vec::new(),
        before: item.process.filter(|_| !added),
        after: item.process.filter(|_| added),
        members: if added { (None, member) } else { (member, None) },
        key: item.key,
    }
}
