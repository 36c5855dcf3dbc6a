//! All pseudonyms of one report, and replacing what they stand for in text. The same value has the same pseudonym in every
//! bundle of the report.

use super::address::{self, Addresses};
use super::alike::Numbered;
use super::choice::{Choice, Choices};
use super::needle::Needles;
use super::path;
use std::borrow::Cow;
use std::collections::HashSet;
use std::net::IpAddr;

/// Accounts that systems and packages make: they name no person. Only below the first number that people get.
const SYSTEM_USERS: &[&str] = &[
    "root",
    "daemon",
    "bin",
    "sys",
    "sync",
    "games",
    "man",
    "lp",
    "mail",
    "news",
    "uucp",
    "proxy",
    "www-data",
    "backup",
    "list",
    "irc",
    "gnats",
    "nobody",
    "_apt",
    "systemd-network",
    "systemd-resolve",
    "systemd-timesync",
    "systemd-coredump",
    "messagebus",
    "dbus",
    "sshd",
    "polkitd",
    "uuidd",
    "tss",
    "ntp",
    "_chrony",
    "chrony",
    "rpc",
    "rpcuser",
    "nginx",
    "apache",
    "mysql",
    "postgres",
    "redis",
    "mongodb",
    "rabbitmq",
    "haproxy",
    "tcpdump",
    "syslog",
    "avahi",
    "rtkit",
    "halt",
    "shutdown",
    "operator",
    "ftp",
    "adm",
    "named",
    "postfix",
    "Debian-exim",
    "dnsmasq",
];

/// The choices and everything that was given a pseudonym.
pub struct Names {
    pub(super) choices: Choices,
    pub(super) addresses: Addresses,
    values: Numbered,
    users: Numbered,
    hosts: Numbered,
    components: Numbered,
    /// Names of processes, which stay.
    processes: HashSet<Box<[u8]>>,
    /// Paths that the system itself names, and the folders above them.
    places: HashSet<Box<[u8]>>,
    needles: Needles,
}

impl Names {
    /// None yet.
    #[must_use]
    pub fn new(choices: Choices) -> Self {
        Self {
            choices,
            addresses: Addresses::default(),
            values: Numbered::new("#"),
            users: Numbered::new("user-"),
            hosts: Numbered::new("host-"),
            components: Numbered::new("path-"),
            processes: HashSet::new(),
            places: HashSet::new(),
            needles: Needles::default(),
        }
    }

    /// How many values have a pseudonym, in words.
    pub(super) fn counts(&self) -> Vec<(Choice, usize)> {
        [
            (Choice::Users, self.users.len()),
            (Choice::Addresses, self.addresses.len()),
            (Choice::Paths, self.components.len()),
            (Choice::Host, self.hosts.len()),
        ]
        .into_iter()
        .filter(|(choice, _)| self.choices.has(*choice))
        .collect()
    }

    pub(super) fn add_process(&mut self, name: &[u8]) {
        self.processes.insert(name.into());
    }

    /// Notes a path that the kernel named.
    pub(super) fn add_place(&mut self, place: &[u8]) {
        let place = place.strip_suffix(b" (deleted)").unwrap_or(place);
        let mut end = place.len();
        while let Some(folder) =
            place.get(..end).filter(|folder| !folder.is_empty() && !self.places.contains(*folder))
        {
            self.places.insert(folder.into());
            end = folder.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
        }
    }

    /// Whether the kernel named this path.
    pub(super) fn has_place(&self, path: &[u8]) -> bool {
        self.places.contains(path)
    }

    /// Gives every component of the noted paths its pseudonym, so that it is found wherever else it stands.
    pub(super) fn settle_places(&mut self) {
        if !self.choices.has(Choice::Paths) {
            return;
        }
        let mut places: Vec<Box<[u8]>> = self.places.iter().cloned().collect();
        places.sort_unstable();
        for place in places {
            path::map(&place, |part| self.component(part));
        }
    }

    pub(super) fn add_user(&mut self, name: &[u8], uid: Option<u32>) {
        let system = uid.is_none_or(|uid| !(1000..60_000).contains(&uid))
            && std::str::from_utf8(name).is_ok_and(|name| SYSTEM_USERS.contains(&name));
        if self.choices.has(Choice::Users) && !system && !name.is_empty() && name.len() <= WORD {
            let pseudonym = self.users.of(name);
            self.needles.add(name, || pseudonym);
        }
    }

    pub(super) fn add_host(&mut self, name: &[u8]) {
        let name = name.trim_ascii();
        if self.choices.has(Choice::Host) && !name.is_empty() && name != b"localhost" {
            let pseudonym = self.hosts.of(name);
            self.needles.add(name, || pseudonym);
        }
    }

    /// Notes a value of an environment or an argument, so that it is found wherever else it stands. What the system shows as
    /// a path or as a process's name is no secret of the environment.
    pub(super) fn add_value(&mut self, value: &[u8]) {
        if value.len() >= Needles::SHORTEST && !self.places.contains(value) && !self.processes.contains(value)
        {
            let instead = self.value(value);
            self.needles.add(value, || instead);
        }
    }

    /// What stands for a value of an environment or an argument.
    pub(super) fn value(&mut self, value: &[u8]) -> String {
        format!("<redacted len={} {}>", value.len(), self.values.of(value))
    }

    /// What stands for one component of a path.
    fn component(&mut self, part: &[u8]) -> Vec<u8> {
        if let Some(known) = self.users.known(part).or_else(|| self.hosts.known(part)) {
            return known.into_bytes();
        }
        if is_pseudonym(part) {
            return part.to_vec();
        }
        if self.processes.contains(part) {
            return self.text(part).into_owned();
        }
        // What a leading dot or `memfd:` means stays visible.
        let (front, rest) = match part {
            [b'.', rest @ ..] if !rest.is_empty() => (&b"."[..], rest),
            _ => part.strip_prefix(b"memfd:").map_or((&b""[..], part), |rest| (b"memfd:", rest)),
        };
        if rest.is_empty() || self.processes.contains(rest) {
            return part.to_vec();
        }
        let pseudonym = self.components.of(rest);
        self.needles.add(rest, || pseudonym.clone());
        [front, pseudonym.as_bytes()].concat()
    }

    /// A path, as the kernel names it.
    pub(super) fn path<'a>(&mut self, path: &'a [u8]) -> Cow<'a, [u8]> {
        if path::is_no_path(path) {
            Cow::Borrowed(path)
        } else if self.choices.has(Choice::Paths) {
            Cow::Owned(path::map(path, |part| self.component(part)))
        } else {
            self.text(path)
        }
    }

    /// Running text: everything that was chosen is replaced.
    pub(super) fn text<'a>(&mut self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let mut text = Cow::Borrowed(text);
        let then = |new: Option<Vec<u8>>, text: &mut Cow<'a, [u8]>| {
            if let Some(new) = new {
                *text = Cow::Owned(new);
            }
        };
        then(self.needles.replace(&text), &mut text);
        if self.choices.has(Choice::Addresses) {
            then(address::scrub(&mut self.addresses, &text), &mut text);
        }
        if self.users.len() + self.hosts.len() > 0 {
            then(self.words(&text), &mut text);
        }
        text
    }

    /// Text of a person's or a program's making, in which paths stand too.
    pub(super) fn prose<'a>(&mut self, text: &'a [u8]) -> Cow<'a, [u8]> {
        if !self.choices.has(Choice::Paths) {
            return self.text(text);
        }
        let whole = self.places.contains(text);
        // Names with spaces in them are whole only here.
        let found = if whole { None } else { self.needles.replace(text) };
        let text = found.as_deref().unwrap_or(text);
        let mut out = Vec::with_capacity(text.len());
        for piece in text.split_inclusive(|byte| !whole && path::ends(*byte)) {
            let (token, end) = match piece.split_last() {
                Some((last, token)) if !whole && path::ends(*last) => {
                    (token, piece.get(token.len()..).unwrap_or_default())
                }
                _ => (piece, &b""[..]),
            };
            if token.contains(&b'/') {
                out.extend(path::map(token, |part| self.component(part)));
            } else if !self.processes.contains(token)
                && let Some(known) = self.components.known(token)
            {
                out.extend(known.into_bytes());
            } else {
                out.extend_from_slice(token);
            }
            out.extend_from_slice(end);
        }
        Cow::Owned(self.text(&out).into_owned())
    }

    /// An address of a table.
    pub(super) fn address(&mut self, address: IpAddr) -> IpAddr {
        if self.choices.has(Choice::Addresses) { self.addresses.of(address) } else { address }
    }

    /// Replaces names of users and of systems where they stand as words.
    fn words(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut out: Option<Vec<u8>> = None;
        let (mut at, mut copied) = (0, 0);
        let inside =
            |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
        while at < text.len() {
            let begins = at == 0 || !inside(text.get(at - 1)) || !inside(text.get(at));
            let found = begins.then(|| {
                let longest = WORD.min(text.len() - at);
                (1..=longest)
                    .rev()
                    .filter(|length| {
                        let end = at + length;
                        !inside(text.get(end)) || !inside(text.get(end - 1))
                    })
                    .find_map(|length| {
                        let word = text.get(at..at + length)?;
                        Some((length, self.users.known(word).or_else(|| self.hosts.known(word))?))
                    })
            });
            let Some((length, instead)) = found.flatten() else {
                at += 1;
                continue;
            };
            let out = out.get_or_insert_default();
            out.extend_from_slice(text.get(copied..at).unwrap_or_default());
            out.extend_from_slice(instead.as_bytes());
            at += length;
            copied = at;
        }
        let mut out = out?;
        out.extend_from_slice(text.get(copied..).unwrap_or_default());
        Some(out)
    }
}

/// Whether this stands for something already.
fn is_pseudonym(part: &[u8]) -> bool {
    let number = ["path-", "user-", "host-"].iter().find_map(|word| part.strip_prefix(word.as_bytes()));
    number.is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

/// The longest name of a user or a system that is looked for as a word: HOST_NAME_MAX of limits.h.
const WORD: usize = 64;
