//! Names of users and groups, by mount namespace: a container's users are not the host's.

use bstr::{BStr, BString};
use foldhash::HashMap;
use procglass_proc::account;

/// Accounts of every mount namespace that was collected.
#[derive(Debug, Default)]
pub struct Users {
    /// By mount namespace; `None` for the collector's own.
    tables: HashMap<Option<u64>, HashMap<u32, BString>>,
}

impl Users {
    pub(crate) fn add(&mut self, mnt: Option<u64>, passwd: &[u8]) {
        let table = self.tables.entry(mnt).or_default();
        for (name, uid) in account::parse(passwd) {
            // The first line of an id wins, as in getpwuid(3).
            table.entry(uid).or_insert_with(|| name.into());
        }
    }

    /// The name of `uid` in mount namespace `mnt`, when its accounts are known. `own` is the collector's namespace.
    #[must_use]
    pub fn name(&self, mnt: Option<u64>, own: Option<u64>, uid: u32) -> Option<&BStr> {
        let key = if mnt.is_none() || mnt == own { None } else { mnt };
        self.tables.get(&key)?.get(&uid).map(|name| name.as_ref())
    }
}
