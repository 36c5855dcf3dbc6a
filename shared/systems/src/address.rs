//! The addresses of a system, and its network namespaces.

use super::identity::Identity;
use super::system::{Address, NamespaceRow, ProcessRow};
use procglass_findings::Proof;
use procglass_proc::net_address;
use procglass_proc::net_address::{Local, Route};
use procglass_snapshot::Snapshot;
use procglass_snapshot::analysis::scope;
use procglass_snapshot::analysis::scope::Scope;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::net::IpAddr;

/// The most addresses that one system keeps: a router for containers has hundreds.
const MOST: usize = 4096;

/// Whether an address can tell one system from another.
pub(super) fn identifies(address: IpAddr) -> bool {
    !matches!(scope::of(address), Scope::Unspecified | Scope::Loopback | Scope::Multicast)
}

/// Network namespaces of which any table was collected.
pub(super) fn namespaces(snapshot: &Snapshot) -> BTreeSet<u64> {
    let inode = |name: &str| name.strip_prefix("net/")?.split_once('/')?.0.parse().ok();
    snapshot.members.iter().filter_map(|member| inode(&member.name)).collect()
}

/// All addresses, the surest source of each first.
pub(super) fn of(snapshot: &Snapshot, identity: &mut Identity) -> Vec<Address> {
    let mut found = Found::default();
    for netns in namespaces(snapshot) {
        let table = |name: &str| {
            let member = format!("net/{netns}/{name}");
            let data = snapshot.members.data(&member).unwrap_or_default();
            (member, data)
        };
        let routes = net_address::route(table("route").1, snapshot.manifest.byte_order);
        for (name, parse) in [
            ("fib_trie", net_address::fib_trie as fn(&[u8]) -> Vec<Local>),
            ("if_inet6", net_address::if_inet6),
        ] {
            let (member, data) = table(name);
            let lines = lines(data);
            for mut own in parse(data) {
                if own.interface.is_none() {
                    on_wire(&mut own, &routes);
                }
                let row = row(&lines, own.line);
                found.add(Address {
                    address: own.address,
                    prefix: own.prefix,
                    interface: own.interface,
                    netns: Some(netns),
                    proof: Proof::new(format!("{member}:{}", own.line), row),
                });
            }
        }
    }
    let said = std::mem::take(&mut identity.addresses);
    for address in said {
        if !found.somewhere(address.address) {
            found.add(address);
        }
    }
    for socket in &snapshot.sockets {
        let Some((address, _)) = socket.local else { continue };
        if identifies(address) && !found.has(address, Some(socket.netns)) {
            let (table, line) = socket.source;
            let proof = Proof::new(
                format!("net/{}/{table}:{line}", socket.netns),
                format!("{} {address} {}", socket.protocol.word(), socket.state).as_bytes(),
            );
            found.add(Address { address, prefix: None, interface: None, netns: Some(socket.netns), proof });
        }
    }
    found.list
}

#[derive(Default)]
struct Found {
    list: Vec<Address>,
    seen: HashSet<(IpAddr, Option<u64>)>,
    anywhere: HashSet<IpAddr>,
}

impl Found {
    fn has(&self, address: IpAddr, netns: Option<u64>) -> bool {
        self.seen.contains(&(address, netns))
    }

    fn somewhere(&self, address: IpAddr) -> bool {
        self.anywhere.contains(&address)
    }

    fn add(&mut self, address: Address) {
        let fits = self.list.len() < MOST && identifies(address.address);
        if fits && self.seen.insert((address.address, address.netns)) {
            self.anywhere.insert(address.address);
            self.list.push(address);
        }
    }
}

/// The interface and prefix of an address, by the narrowest route to its own network.
fn on_wire(own: &mut Local, routes: &[Route]) {
    let covers = |route: &&Route| {
        let network = procglass_model::network::Network::new(route.to.0, route.to.1);
        route.gateway.is_none()
            && route.to.1 > 0
            && network.is_some_and(|network| network.contains(own.address))
    };
    if let Some(route) = routes.iter().filter(covers).max_by_key(|route| route.to.1) {
        own.interface = Some(route.interface.clone());
        own.prefix = Some(route.to.1);
    }
}

/// The lines of a table.
pub(super) fn lines(data: &[u8]) -> Vec<&[u8]> {
    data.split(|byte| *byte == b'\n').collect()
}

/// One of them, counted from 1.
pub(super) fn row<'a>(lines: &[&'a [u8]], line: usize) -> &'a [u8] {
    line.checked_sub(1).and_then(|at| lines.get(at)).copied().unwrap_or_default().trim_ascii()
}

/// The network namespaces with the containers in them.
pub(super) fn rows(
    snapshot: &Snapshot,
    processes: &[ProcessRow],
    netns_of: &[Option<u64>],
) -> Vec<NamespaceRow> {
    let mut rows: BTreeMap<u64, (BTreeSet<u32>, u32)> =
        namespaces(snapshot).into_iter().map(|inode| (inode, Default::default())).collect();
    for (process, netns) in processes.iter().zip(netns_of) {
        if let Some(netns) = netns {
            let (containers, count) = rows.entry(*netns).or_default();
            containers.extend(process.container);
            *count += 1;
        }
    }
    let row = |(inode, (containers, processes)): (u64, (BTreeSet<u32>, u32))| NamespaceRow {
        inode,
        containers: containers.into_iter().collect(),
        processes,
    };
    rows.into_iter().map(row).collect()
}
