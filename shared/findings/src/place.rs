//! Where a file lies, and what that says of it.

/// A place where programs do not belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Writable for everybody, and emptied at times: /tmp, /var/tmp.
    Temporary,
    /// Shared memory: /dev/shm, /run/shm. It never was on a disk.
    Memory,
    /// State of the running system: /run, /var/run.
    Runtime,
    /// Served to the web, so perhaps uploaded: /var/www.
    Web,
    /// A directory or file whose name hides it: it begins with a dot, or is blank.
    Hidden,
}

impl Place {
    /// For sentences: "a file in ...".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Temporary => "a temporary folder",
            Self::Memory => "shared memory",
            Self::Runtime => "a folder of the running system's state",
            Self::Web => "a web server's folder",
            Self::Hidden => "a hidden folder or under a hidden name",
        }
    }
}

const PLACES: &[(&[u8], Place)] = &[
    (b"/tmp/", Place::Temporary),
    (b"/var/tmp/", Place::Temporary),
    (b"/dev/", Place::Memory),
    (b"/run/", Place::Runtime),
    (b"/var/run/", Place::Runtime),
    (b"/var/www/", Place::Web),
    (b"/srv/www/", Place::Web),
];

/// Where users without rights cannot write and packages do.
const INSTALLED: &[&[u8]] = &[
    b"/usr/",
    b"/bin/",
    b"/sbin/",
    b"/lib/",
    b"/lib64/",
    b"/opt/",
    b"/snap/",
    b"/nix/store/",
    b"/gnu/store/",
    b"/app/",
    b"/var/lib/",
    b"/ecs-",
    b"/managed-agents/",
    b"/busybox/",
];

/// What only a package manager writes, each package in a folder of its own: a name with a dot there is the package's.
const STORES: &[&[u8]] = &[b"/nix/store/", b"/gnu/store/", b"/snap/"];

/// What unpacks programs into temporary or hidden places and is well known for it: a part of the path, and what it is.
const KNOWN: &[(&[u8], &str)] = &[
    (b"/tmp/.mount_", "an AppImage mounts itself there"),
    (b"/tmp/_MEI", "PyInstaller unpacks programs there"),
    (b"/ansible", "Ansible runs its modules from there"),
    (b"/tmp/go-build", "`go run` and `go test` build there"),
    (b"/tmp/nix-build", "nix builds there"),
    (b"/.vscode-server/", "the server of Visual Studio Code lives there"),
    (b"/.vscode/", "extensions of Visual Studio Code live there"),
    (b"/.cursor-server/", "the server of the Cursor editor lives there"),
    (b"/.linuxbrew/", "Homebrew installs programs there"),
    (b"/.local/", "programs of one user are installed there"),
    (b"/.cargo/", "Rust's tools are installed there"),
    (b"/.rustup/", "Rust's tools are installed there"),
    (b"/.nvm/", "Node.js is installed there for one user"),
    (b"/.npm/", "npm keeps programs there"),
    (b"/.pyenv/", "Python is installed there for one user"),
    (b"/.rbenv/", "Ruby is installed there for one user"),
    (b"/.sdkman/", "Java is installed there for one user"),
    (b"/.cache/", "programs keep helpers there"),
    (b"/.venv/", "a Python environment"),
    (b"/.config/", "programs keep helpers there"),
    (b"/.dotnet/", ".NET is installed there for one user"),
    (b"/.bun/", "Bun is installed there for one user"),
    (b"/.deno/", "Deno is installed there for one user"),
    (b"/.steam/", "Steam installs games there"),
    (b"/.var/app/", "Flatpak keeps programs there"),
    (b"/run/s6/", "s6 keeps its programs there"),
    (b"/run/current-system/", "NixOS links its programs there"),
    (b"/run/wrappers/", "NixOS keeps setuid programs there"),
    (b"/var/run/argo/", "Argo keeps its executor there"),
    (b"/var/run/docker/", "Docker keeps its plugins there"),
    (b"/run/docker/", "Docker keeps its plugins there"),
    (b"/run/containerd/", "containerd keeps its shims there"),
];

/// What is odd about the place of a path; `None` where programs are usual.
#[must_use]
pub fn of(path: &[u8]) -> Option<Place> {
    let odd = PLACES.iter().find(|(start, _)| path.starts_with(start)).map(|(_, place)| *place);
    odd.or_else(|| is_hidden(path).then_some(Place::Hidden))
}

/// Why a program may lie in an odd place all the same.
#[must_use]
pub fn known(path: &[u8]) -> Option<&'static str> {
    let within = |part: &[u8]| path.windows(part.len()).any(|window| window == part);
    // A folder of this name is usual in a home, and no excuse in a place that everybody can write to.
    let homely = |part: &[u8]| part.starts_with(b"/.");
    let hidden_only = of(path) == Some(Place::Hidden);
    KNOWN.iter().find(|(part, _)| within(part) && (hidden_only || !homely(part))).map(|(_, why)| *why)
}

/// Whether a name hides some part of the path: a dot in front, only dots, or only blanks. In the store of a package manager
/// a dot hides nothing.
#[must_use]
pub fn is_hidden(path: &[u8]) -> bool {
    let store = in_store(path);
    path.split(|byte| *byte == b'/').any(|part| {
        part.starts_with(b".")
            && part != b"."
            && part != b".."
            && !(store && part.iter().any(|byte| *byte != b'.'))
            || (!part.is_empty() && part.iter().all(u8::is_ascii_whitespace))
    })
}

/// Whether only a package manager writes there. A path that leads out again does not count.
fn in_store(path: &[u8]) -> bool {
    STORES.iter().any(|start| path.starts_with(start))
        && !path.split(|byte| *byte == b'/').any(|part| part == b"..")
}

/// The name of the program that a package manager renamed to put a script in its place: `.NAME-wrapped` on NixOS
/// (`wrapProgram` of nixpkgs' make-wrapper.sh), `.NAME-real` on Guix (`wrap-program` of (guix build utils)).
#[must_use]
pub fn unwrapped(path: &[u8]) -> Option<&[u8]> {
    let name = path.rsplit(|byte| *byte == b'/').next().filter(|_| in_store(path))?.strip_prefix(b".")?;
    // A second wrapping adds `_` on NixOS, and a number on Guix.
    let end = name.iter().rposition(|byte| *byte != b'_')?;
    let nix = name.get(..=end)?.strip_suffix(b"-wrapped");
    let counted = name.iter().rposition(|byte| !byte.is_ascii_digit())?;
    let guix = name.strip_suffix(b"-real").or_else(|| name.get(..=counted)?.strip_suffix(b"-real-"));
    nix.or(guix).map(|name| name.strip_prefix(b".").unwrap_or(name)).filter(|name| !name.is_empty())
}

/// Whether packages put programs there.
#[must_use]
pub fn is_installed(path: &[u8]) -> bool {
    !is_hidden(path) && INSTALLED.iter().any(|start| path.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let cases: [(&str, Option<Place>); 9] = [
            ("/tmp/x", Some(Place::Temporary)),
            ("/tmpfs/x", None),
            ("/dev/shm/.x", Some(Place::Memory)),
            ("/home/a/.x/y", Some(Place::Hidden)),
            ("/usr/lib/ /x", Some(Place::Hidden)),
            ("/usr/lib/... /x", Some(Place::Hidden)),
            ("/usr/bin/../x", None),
            ("/usr/sbin/sshd", None),
            ("/var/www/html/x", Some(Place::Web)),
        ];
        for (path, place) in cases {
            assert_eq!(of(path.as_bytes()), place, "{path}");
        }
        assert!(known(b"/home/a/.vscode-server/bin/node").is_some());
        assert!(known(b"/tmp/.x").is_none() && known(b"/tmp/.cache/x").is_none());
        let nix = b"/nix/store/3dh-firefox-133.0/lib/firefox/.firefox-wrapped";
        assert!(of(nix).is_none() && is_installed(nix));
        assert_eq!(of(b"/nix/store/../../home/a/.x"), Some(Place::Hidden));
        assert_eq!(of(b"/nix/store/.../x"), Some(Place::Hidden));
        assert_eq!(of(b"/home/a/nix/store/.x"), Some(Place::Hidden));
        assert!(known(b"/home/linuxbrew/.linuxbrew/Cellar/bash/5.2/bin/bash").is_some());
        for (path, name) in [
            ("/nix/store/x/bin/.sshd-wrapped", Some("sshd")),
            ("/nix/store/x/bin/.sshd-wrapped__", Some("sshd")),
            ("/gnu/store/x/bin/.gimp-real", Some("gimp")),
            ("/gnu/store/x/bin/.gimp-real-2", Some("gimp")),
            ("/nix/store/x/bin/.-wrapped", None),
            ("/nix/store/x/bin/.hidden", None),
            ("/nix/store/x/bin/sshd-wrapped", None),
            ("/tmp/.sshd-wrapped", None),
        ] {
            assert_eq!(unwrapped(path.as_bytes()), name.map(str::as_bytes), "{path}");
        }
        assert!(is_installed(b"/usr/bin/sh") && !is_installed(b"/usr/lib/.x") && !is_installed(b"/home/a/b"));
    }
}
