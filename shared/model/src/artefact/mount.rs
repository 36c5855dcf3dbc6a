//! Files of each mount namespace, below `/proc/<pid>/root`.

use super::Artefact;

/// `/etc/passwd`.
pub const PASSWD: Artefact = Artefact::mount("/etc/passwd", "User names: who a user id is here.");
/// `/etc/group`.
pub const GROUP: Artefact = Artefact::mount("/etc/group", "Group names: who a group id is here.");
/// `/etc/os-release`.
pub const OS_RELEASE: Artefact = Artefact::mount("/etc/os-release", "The distribution and its version.");
/// `/usr/lib/os-release`.
pub const USR_OS_RELEASE: Artefact =
    Artefact::mount("/usr/lib/os-release", "The distribution, where /etc has no copy.");
/// `/etc/hostname`.
pub const HOSTNAME: Artefact = Artefact::mount("/etc/hostname", "The name that it was given.");
/// `/etc/hosts`.
pub const HOSTS: Artefact =
    Artefact::mount("/etc/hosts", "Names with fixed addresses: also those that somebody added.");
/// `/etc/resolv.conf`.
pub const RESOLV_CONF: Artefact = Artefact::mount("/etc/resolv.conf", "Which name servers it asks.");
/// `/etc/ld.so.preload`.
pub const LD_SO_PRELOAD: Artefact =
    Artefact::mount("/etc/ld.so.preload", "Libraries forced into every program: a rootkit's place.");
/// `/etc/machine-id`.
pub const MACHINE_ID: Artefact =
    Artefact::mount("/etc/machine-id", "The installation: tells two snapshots of one machine.");
