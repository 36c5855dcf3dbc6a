//! The reader's own indicators: addresses, networks, hashes, paths and names to look for everywhere.

use super::case::Case;
use super::rule::{Answer, Check, Draft, Proof, Rule};
use super::severity::Severity;
use procglass_model::network::Network;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// The rule under which matches are told.
pub(super) static RULE: Rule = Rule {
    id: "indicator",
    title: "Matches a list of indicators",
    attack: &[],
    why: "Somebody who examined an attack before wrote down its addresses, files or names; one of them is here.",
    detail: "An entry of the given list equals an address of a socket, a hash of an executable, a path or a name.",
    harmless: &["Lists grow old: addresses and names pass on to others."],
    next: &[
        "Look up where the entry of the list comes from and how old it is.",
        "Look at the process and what else it does.",
    ],
    blind: "What is not in the list.",
    check: Check::Process(|_| Answer::Clean),
};

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IndicatorKind {
    /// One address.
    Address,
    /// A network, as `10.0.0.0/8`.
    Network,
    /// A SHA-256.
    Hash,
    /// A path: it begins with `/`.
    Path,
    /// Anything else: the name of a process or of its program.
    Name,
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// What it is.
    pub kind: IndicatorKind,
    /// As it stands in the list.
    pub value: String,
    /// What the list says of it: the rest of the line.
    pub note: String,
}

/// A list to look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Indicators {
    /// All entries.
    pub list: Vec<Indicator>,
    addresses: BTreeMap<IpAddr, usize>,
    /// By length of prefix, the longest last, and first address: a feed has more networks than can be tried in turn.
    networks: BTreeMap<u8, BTreeMap<IpAddr, usize>>,
    words: BTreeMap<Vec<u8>, usize>,
}

/// A list is read by a person, or comes from a feed; more entries than this are a mistake.
const LIMIT: usize = 1_000_000;

impl Indicators {
    /// From text: an entry a line, or the first field of CSV; what follows is a note. Empty lines and lines that begin
    /// with `#` are skipped, and what defanging did is undone (`203[.]0[.]113[.]7`, `hxxp`).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut all = Self::default();
        let mut seen = BTreeSet::new();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') || all.list.len() >= LIMIT {
                continue;
            }
            let (value, note) = split(line);
            let value = value.replace("[.]", ".").replace("[:]", ":").replace("(.)", ".");
            if !value.is_empty() && seen.insert(value.clone()) {
                all.add(value, note.to_owned());
            }
        }
        all
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The entry that names an address, or the smallest of its networks.
    #[must_use]
    pub fn address(&self, address: IpAddr) -> Option<&Indicator> {
        let address = address.to_canonical();
        let network = || {
            let within = |(prefix, networks): (&u8, &BTreeMap<IpAddr, usize>)| {
                networks.get(&Network::new(address, *prefix)?.first()).copied()
            };
            self.networks.iter().rev().find_map(within)
        };
        self.list.get(self.addresses.get(&address).copied().or_else(network)?)
    }

    /// The entry that names a hash, path or name.
    #[must_use]
    pub fn word(&self, word: &[u8]) -> Option<&Indicator> {
        self.list.get(*self.words.get(word)?)
    }

    fn add(&mut self, value: String, note: String) {
        let place = self.list.len();
        let hash = value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        let kind = if let Ok(address) = value.parse::<IpAddr>() {
            self.addresses.insert(address.to_canonical(), place);
            IndicatorKind::Address
        } else if let Some(network) = Network::parse(&value) {
            self.networks.entry(network.prefix()).or_default().insert(network.first(), place);
            IndicatorKind::Network
        } else {
            let word = if hash { value.to_ascii_lowercase() } else { value.clone() };
            self.words.insert(word.into_bytes(), place);
            match () {
                () if hash => IndicatorKind::Hash,
                () if value.starts_with('/') => IndicatorKind::Path,
                () => IndicatorKind::Name,
            }
        };
        self.list.push(Indicator { kind, value, note });
    }
}

/// The entry and what follows it.
fn split(line: &str) -> (&str, &str) {
    if let Some((value, note)) = line.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
        return (value, note.trim_start_matches([',', ';', ' ', '\t']));
    }
    // A path may hold blanks, so only what separates columns ends an entry.
    let (value, note) = line.split_once([',', ';', '\t']).unwrap_or((line, ""));
    (value.trim(), note.trim())
}

/// What of a process is in the list.
pub(super) fn process(indicators: &Indicators, case: &Case<'_>) -> Option<Draft> {
    if indicators.is_empty() {
        return None;
    }
    let mut hits: Vec<(&Indicator, Proof)> = Vec::new();
    for (_, socket) in case.sockets() {
        let ends = [socket.remote, socket.local].into_iter().flatten();
        for (address, _) in ends {
            hits.extend(indicators.address(address).map(|hit| (hit, case.scene.socket_proof(socket))));
        }
    }
    let program = case.program();
    let sha256 = case.process.executable.as_ref().and_then(|executable| executable.sha256.as_deref());
    hits.extend(
        sha256
            .and_then(|hash| indicators.word(hash.as_bytes()))
            .map(|hit| (hit, Proof::new(case.at("executable"), hit.value.as_bytes()))),
    );
    for word in [program.path, program.name] {
        hits.extend(indicators.word(word).map(|hit| (hit, case.link_proof("exe"))));
    }
    hits.extend(indicators.word(&case.process.name).map(|hit| (hit, case.name_proof())));
    for file in case.descriptors() {
        let target = file.target.as_ref().map_or(&b""[..], |target| target.as_slice());
        let target = target.strip_suffix(b" (deleted)").unwrap_or(target);
        hits.extend(indicators.word(target).map(|hit| (hit, case.descriptor_proof(file))));
    }
    let values: BTreeSet<&str> = hits.iter().map(|(hit, _)| hit.value.as_str()).collect();
    let notes: BTreeSet<&str> =
        hits.iter().map(|(hit, _)| hit.note.as_str()).filter(|note| !note.is_empty()).collect();
    let said = values.iter().copied().collect::<Vec<_>>().join(", ");
    let mut predicate = format!("matches your list: {}", procglass_model::text::visible(said.as_bytes()));
    if !notes.is_empty() {
        let said = notes.into_iter().collect::<Vec<_>>().join("; ");
        predicate.push_str(&format!(" ({})", procglass_model::text::visible(said.as_bytes())));
    }
    let draft = Draft::new(Severity::High, predicate);
    (!hits.is_empty()).then(|| draft.proofs(hits.into_iter().map(|(_, proof)| proof)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Findings;
    use procglass_fixture as fixture;
    use proptest::prelude::*;

    #[test]
    fn kinds_notes_and_defanged_entries() {
        let list = Indicators::parse(
            "# feed\n203[.]0.113[.]7,C2 of somebody\n10.0.0.0/8\n\"/tmp/a, b\",x\nxmrig\n\
             AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA;hash\nxmrig\n",
        );
        let kinds: Vec<_> = list.list.iter().map(|entry| (entry.kind, entry.value.as_str())).collect();
        assert_eq!(kinds.len(), 5, "{kinds:?}");
        assert_eq!(kinds[0], (IndicatorKind::Address, "203.0.113.7"));
        assert_eq!(kinds[2], (IndicatorKind::Path, "/tmp/a, b"));
        assert_eq!(list.address("::ffff:203.0.113.7".parse().unwrap()).unwrap().note, "C2 of somebody");
        assert!(list.address("10.200.0.1".parse().unwrap()).is_some());
        assert!(list.address("11.0.0.1".parse().unwrap()).is_none());
        assert!(list.word(&[b'a'; 64]).is_some());
    }

    #[test]
    fn the_smallest_network_counts() {
        let list = Indicators::parse(
            "0.0.0.0/0,all\n10.1.2.3/16,near\n10.0.0.0/8,far\n2001:db8::/32,six\n::/0,others",
        );
        let note = |text: &str| list.address(text.parse().unwrap()).map(|entry| entry.note.as_str());
        assert_eq!(note("10.1.255.255"), Some("near"));
        assert_eq!(note("10.2.0.0"), Some("far"));
        assert_eq!(note("192.0.2.1"), Some("all"));
        assert_eq!(note("2001:db8:ffff::1"), Some("six"));
        assert_eq!(note("2001:db9::1"), Some("others"));
    }

    #[test]
    fn matches_become_findings_with_proof() {
        let snapshot = fixture::payments();
        let findings = Findings::of(&snapshot, &Indicators::parse("203.0.113.0/24,known bad\nredis-server"));
        let hits: Vec<_> = findings.all.iter().filter(|finding| finding.rule.id == "indicator").collect();
        let pid = |finding: &&super::super::Finding| snapshot.process(finding.process.unwrap()).unwrap().pid;
        assert_eq!(hits.iter().map(pid).collect::<Vec<_>>(), [40, 812]);
        assert!(hits[1].predicate.contains("203.0.113.0/24 (known bad)"), "{}", hits[1].predicate);
        assert!(hits[1].proofs[0].excerpt.contains("077100CB:115C"), "{:?}", hits[1].proofs);
    }

    proptest! {
        #[test]
        fn any_text_is_a_list(text: String) {
            let _ = Indicators::parse(&text);
        }

        #[test]
        fn networks_hold_what_their_prefix_says(network: u32, prefix in 0..=32_u8, address: u32) {
            let network = Network::new(IpAddr::V4(network.into()), prefix).unwrap();
            let list = Indicators::parse(&format!("{}/{prefix},x", network.first()));
            for address in [IpAddr::V4(address.into()), network.first()] {
                // A network of one address is an address.
                prop_assert_eq!(list.address(address).is_some(), network.contains(address));
            }
        }
    }
}
