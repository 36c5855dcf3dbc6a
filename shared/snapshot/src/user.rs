//! Names of users and groups, by mount namespace: a container's users are not the host's.
//!
//! Numbers of users are as the collector's user namespace has them. Where a process lives in another one, the number that it has
//! itself is told by `uid_map`, user_namespaces(7); its accounts name that number, and the host's accounts name the other.

use super::Namespaces;
use bstr::{BStr, BString};
use foldhash::HashMap;
use procglass_proc::account;
use std::fmt;

/// Accounts of every mount namespace that was collected, and the user namespaces beside the collector's own.
#[derive(Debug, Default)]
pub struct Users {
    /// By mount namespace; `None` for the collector's own.
    tables: HashMap<Option<u64>, HashMap<u32, BString>>,
    /// By user namespace: what each number outside is inside.
    maps: HashMap<u64, Vec<Range>>,
    /// The namespaces in which numbers and the first table are right.
    own: Namespaces,
}

/// A line of `uid_map`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    inside: u32,
    outside: u32,
    count: u32,
}

/// A user, as the collector's user namespace has it and as the process has it itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The number in the collector's user namespace.
    pub uid: u32,
    /// The name of that number, where it is known.
    pub name: Option<BString>,
    /// Number and name in the process's own user namespace, where that is another one and says it.
    pub inside: Option<(u32, Option<BString>)>,
    /// The process is in a container.
    pub contained: bool,
    /// The collector was in the first user namespace.
    pub from_host: bool,
}

/// Inode of the first user namespace, `PROC_USER_INIT_INO` of include/linux/proc_ns.h.
const FIRST_USER_NAMESPACE: u64 = 0xEFFF_FFFD;

impl Users {
    pub(crate) fn add(&mut self, mnt: Option<u64>, passwd: &[u8]) {
        let table = self.tables.entry(mnt).or_default();
        for (name, uid) in account::parse(passwd) {
            // The first line of an id wins, as in getpwuid(3).
            table.entry(uid).or_insert_with(|| name.into());
        }
    }

    /// Says where numbers are right: the collector's namespaces.
    pub(super) fn set_own(&mut self, own: Namespaces) {
        self.own = own;
    }

    /// Whether a user namespace is another than the collector's. One that is not known counts as the collector's: numbers are
    /// right there, and names are those of the machine.
    fn is_other(&self, user: Option<u64>) -> bool {
        user.is_some() && self.own.user.is_some() && user != self.own.user
    }

    /// Whether `uid_map` of a process in these namespaces is still to be added.
    pub(super) fn lacks_map(&self, namespaces: &Namespaces) -> bool {
        self.is_other(namespaces.user) && namespaces.user.is_some_and(|user| !self.maps.contains_key(&user))
    }

    /// Takes the `uid_map` of a process in these namespaces.
    pub(super) fn add_map(&mut self, namespaces: &Namespaces, uid_map: &[u8]) {
        let Some(user) = namespaces.user else { return };
        let range = |line: &[u8]| {
            let line = std::str::from_utf8(line).ok()?;
            let mut numbers = line.split_ascii_whitespace().map(|number| number.parse().ok());
            let (inside, outside, count) = (numbers.next()??, numbers.next()??, numbers.next()??);
            // A number that the collector's namespace does not have is shown as the last one.
            (outside != u32::MAX).then_some(Range { inside, outside, count })
        };
        let ranges: Vec<Range> = uid_map.split(|byte| *byte == b'\n').filter_map(range).collect();
        if !ranges.is_empty() {
            self.maps.insert(user, ranges);
        }
    }

    /// The user with this number in the collector's user namespace, for a process in these namespaces.
    #[must_use]
    pub fn user(&self, namespaces: &Namespaces, contained: bool, uid: u32) -> User {
        let from_host = self.own.user == Some(FIRST_USER_NAMESPACE);
        let user = |name, inside| User { uid, name, inside, contained, from_host };
        if !self.is_other(namespaces.user) {
            return user(self.name(namespaces.mnt, uid), None);
        }
        let ranges = namespaces.user.and_then(|user| self.maps.get(&user)).map_or(&[][..], Vec::as_slice);
        let inside = ranges.iter().find_map(|range| {
            let offset = uid.checked_sub(range.outside).filter(|offset| *offset < range.count)?;
            range.inside.checked_add(offset)
        });
        user(self.name(None, uid), inside.map(|inside| (inside, self.name(namespaces.mnt, inside))))
    }

    /// The name of a number in the accounts of a mount namespace.
    fn name(&self, mnt: Option<u64>, uid: u32) -> Option<BString> {
        let key = if mnt.is_none() || mnt == self.own.mnt { None } else { mnt };
        self.tables.get(&key)?.get(&uid).cloned()
    }
}

impl User {
    /// The names, that of the host first. Numbers are not among them.
    pub fn names(&self) -> impl Iterator<Item = &BStr> {
        let inside = self.inside.as_ref().and_then(|(_, name)| name.as_ref());
        self.name.iter().chain(inside).map(|name| name.as_ref())
    }

    /// Whether the process has another number or name than the collector's user namespace gives it.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.inside.as_ref().is_some_and(|(uid, name)| *uid != self.uid || *name != self.name)
    }
}

/// `www-data`, `1000` where no name is known, or both sides: `root in the container, 1000 on the host`.
impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |uid: u32, name: &Option<BString>| match name {
            Some(name) => name.to_string(),
            // The number has its rights by itself, in whatever accounts.
            None if uid == 0 => "root".to_owned(),
            None => uid.to_string(),
        };
        let outside = match &self.name {
            Some(name) => name.to_string(),
            None => self.uid.to_string(),
        };
        match self.inside.as_ref().filter(|_| self.differs()) {
            None => f.write_str(&outside),
            Some((uid, name)) => {
                let within = if self.contained { "the container" } else { "its user namespace" };
                let without = if self.from_host { "on the host" } else { "outside" };
                write!(f, "{} in {within}, {outside} {without}", side(*uid, name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users() -> Users {
        let mut users = Users::default();
        users.set_own(Namespaces { mnt: Some(1), user: Some(FIRST_USER_NAMESPACE), ..Namespaces::default() });
        users.add(None, b"root:x:0:0::/:/bin/sh\nalice:x:1001:1001::/:/bin/sh\n");
        users.add(
            Some(2),
            b"root:x:0:0::/:/bin/sh\nnode:x:1000:1000::/:/bin/sh\nweb:x:1001:1001::/:/bin/sh\n",
        );
        users.add_map(&inside(), b"         0       1000          1\n         1     100000      65536\n");
        users
    }

    fn inside() -> Namespaces {
        Namespaces { mnt: Some(2), user: Some(7), ..Namespaces::default() }
    }

    #[test]
    fn a_number_is_looked_up_where_it_is_one() {
        let users = users();
        let words =
            |namespaces: &Namespaces, contained, uid| users.user(namespaces, contained, uid).to_string();
        assert_eq!(words(&inside(), true, 1000), "root in the container, 1000 on the host");
        assert_eq!(words(&inside(), false, 1000), "root in its user namespace, 1000 on the host");
        assert_eq!(words(&inside(), true, 100_999), "node in the container, 100999 on the host");
        assert_eq!(words(&inside(), true, 101_099), "1100 in the container, 101099 on the host");
        assert_eq!(words(&inside(), true, 1001), "alice", "it has no number inside");
        assert_eq!(words(&inside(), true, 70), "70");
        let shared = Namespaces { user: Some(FIRST_USER_NAMESPACE), ..inside() };
        assert_eq!(words(&shared, true, 1001), "web", "the numbers are the host's, the accounts its own");
        assert_eq!(words(&Namespaces::default(), false, 1001), "alice");
        let unmapped = Namespaces { user: Some(8), ..inside() };
        assert_eq!(words(&unmapped, true, 1000), "1000", "without a map the accounts inside say nothing");
    }

    #[test]
    fn what_is_the_same_on_both_sides_is_told_once() {
        let mut users = users();
        let same = Namespaces { mnt: Some(1), user: Some(9), ..Namespaces::default() };
        users.add_map(&same, b"1001 1001 1\n4294967295 7 4294967295\n5 4294967295 1\nx y z\n");
        assert_eq!(users.user(&same, false, 1001).to_string(), "alice");
        assert_eq!(users.user(&same, false, u32::MAX).to_string(), u32::MAX.to_string());
        assert_eq!(users.user(&same, false, 8).to_string(), "8");
    }
}
