//! What there is to do, in pieces that can each be done again.

use crate::context::{Context, Listed};
use procglass_model::artefact::Scope;
use procglass_model::bundle::job;
use std::sync::Arc;

/// One piece of work.
#[derive(Clone, Debug)]
pub(crate) enum Job {
    /// A file that is read once.
    File {
        /// Where it lies.
        place: Place,
        /// Which it is.
        listed: Listed,
    },
    /// A process.
    Process(u32),
    /// Listings of `/sys`.
    System,
    /// Sockets that nobody holds.
    Sockets,
    /// Processes that are not listed.
    Hidden,
    /// Members of control groups that are not listed.
    Cgroups,
    /// Metadata services.
    Identity,
}

/// Where a file lies, and into which folder of the bundle it goes.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// On the host: an absolute path.
    Host,
    /// In the root that is collected from, as seen by who lives there.
    Root,
    /// In a network namespace, through one of these members. The collector's own has none.
    Net { inode: u64, members: Arc<[u32]> },
    /// In a mount namespace, through one of these members.
    Mount { inode: u64, members: Arc<[u32]> },
}

impl Job {
    /// Its name among the outcomes.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Process(_) => job::PROCESSES,
            Self::File { .. } => job::FILES,
            Self::System => job::SYSTEM,
            Self::Sockets => job::SOCKETS,
            Self::Hidden => job::HIDDEN,
            Self::Cgroups => job::CGROUPS,
            Self::Identity => job::IDENTITY,
        }
    }

    /// The member that holds the result.
    pub(crate) fn member(&self) -> String {
        match self {
            Self::Process(pid) => format!("process/{pid}.json"),
            Self::System => "host/sys".into(),
            Self::Sockets | Self::Hidden | Self::Cgroups => "outcomes.json".into(),
            Self::Identity => "identity".into(),
            Self::File { place, listed: (_, artefact) } => {
                let path = artefact.path.trim_start_matches('/');
                match place {
                    Place::Host | Place::Root => format!("host/{path}"),
                    Place::Net { inode, .. } => format!("net/{inode}/{path}"),
                    Place::Mount { inode, .. } => format!("mount/{inode}/{path}"),
                }
            }
        }
    }

    /// All files of a scope at one place.
    pub(crate) fn files(context: &Context, scope: Scope, place: &Place) -> Vec<Self> {
        let listed = context.listed(scope).into_iter();
        listed.map(|listed| Self::File { place: place.clone(), listed }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_model::artefact;

    #[test]
    fn members_follow_the_format() {
        let passwd = (0, &artefact::PASSWD);
        let tcp = (0, &artefact::TCP);
        let members: Arc<[u32]> = Arc::new([]);
        for (place, listed, want) in [
            (Place::Host, (0, &artefact::PROC_STAT), "host/proc/stat"),
            (Place::Root, passwd, "host/etc/passwd"),
            (Place::Mount { inode: 7, members: members.clone() }, passwd, "mount/7/etc/passwd"),
            (Place::Net { inode: 8, members }, tcp, "net/8/tcp"),
        ] {
            assert_eq!(Job::File { place, listed }.member(), want);
        }
        assert_eq!(Job::Process(9).member(), "process/9.json");
    }
}
