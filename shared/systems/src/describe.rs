//! What can be asked of the rows of a system: words, proofs, and what one row says of another.

use super::system::{Address, ContainerRow, Kind, ProcessRow, RowIndex, SocketRow, System};
use procglass_findings::{Proof, Severity};
use procglass_model::Timestamp;
use std::net::SocketAddr;

impl System {
    /// The container that the collector was in, where it was in one.
    #[must_use]
    pub fn own_container(&self) -> Option<&ContainerRow> {
        let id = self.container.as_ref()?;
        self.containers.iter().find(|container| container.id == *id)
    }

    /// Id of the container itself. That of its pod's sandbox is none.
    #[must_use]
    pub fn container_id(&self) -> Option<&bstr::BString> {
        self.container.as_ref().filter(|_| !self.sandbox)
    }

    /// Image that it was started from.
    #[must_use]
    pub fn image(&self) -> Option<&str> {
        self.own_container()?.image.as_deref()
    }

    /// Digest of that image.
    #[must_use]
    pub fn image_digest(&self) -> Option<&str> {
        self.own_container()?.image_digest.as_deref()
    }

    /// A process by its place.
    #[must_use]
    pub fn process(&self, index: RowIndex) -> Option<&ProcessRow> {
        self.processes.get(index.0 as usize)
    }

    /// Sockets that wait for others.
    pub fn listeners(&self) -> impl Iterator<Item = &SocketRow> {
        self.sockets.iter().filter(|socket| socket.listens)
    }

    /// The most serious finding.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        self.findings.first().map(|finding| finding.severity)
    }

    /// Since when it is known to have been running: the start of its first process, or of the kernel.
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        self.processes.iter().filter_map(|process| process.started).min().or(self.booted)
    }

    /// The first proof of a field, as [`Fact::field`](super::Fact::field) names it.
    #[must_use]
    pub fn proof_of(&self, field: &str) -> Option<&Proof> {
        self.facts.iter().find(|fact| fact.field == field).map(|fact| &fact.proof)
    }
}

impl ProcessRow {
    /// Name and pid, for sentences: `nginx (7)`.
    #[must_use]
    pub fn label(&self) -> String {
        let name = procglass_model::text::visible(&self.name);
        let name = if name.is_empty() { "a process without a name".into() } else { name };
        format!("{name} ({})", self.pid)
    }
}

impl SocketRow {
    /// Where its row stands: `net/4026531840/tcp:4`.
    #[must_use]
    pub fn member(&self) -> String {
        let (table, line) = self.source;
        format!("net/{}/{table}:{line}", self.netns)
    }

    /// In one line: `tcp 10.0.3.4:38122 -> 203.0.113.7:4444 ESTABLISHED`.
    #[must_use]
    pub fn line(&self) -> String {
        let end = |(address, port)| SocketAddr::new(address, port);
        let remote = self.remote.map(|remote| format!(" -> {}", end(remote))).unwrap_or_default();
        format!("{} {}{remote} {}", self.protocol.word(), end(self.local), self.state)
    }

    /// The proof: its row, decoded.
    #[must_use]
    pub fn proof(&self) -> Proof {
        Proof { member: self.member(), excerpt: self.line() }
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Host,
        Self::Container,
        Self::Pod,
        Self::EcsOnEc2,
        Self::EcsOnFargate,
        Self::EcsExternal,
        Self::EcsManaged,
        Self::EcsOther,
        Self::Lambda,
        Self::Unknown,
    ];

    /// The word for tables and queries.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Container => "container",
            Self::Pod => "pod",
            Self::EcsOnEc2 => "ecs-ec2",
            Self::EcsOnFargate => "ecs-fargate",
            Self::EcsExternal => "ecs-external",
            Self::EcsManaged => "ecs-managed",
            Self::EcsOther => "ecs",
            Self::Lambda => "lambda",
            Self::Unknown => "unknown",
        }
    }

    /// For sentences.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Container => "container",
            Self::Pod => "pod",
            Self::EcsOnEc2 => "ECS task on EC2",
            Self::EcsOnFargate => "ECS task on Fargate",
            Self::EcsExternal => "ECS task on an external instance",
            Self::EcsManaged => "ECS task on a managed instance",
            Self::EcsOther => "ECS task",
            Self::Lambda => "Lambda function",
            Self::Unknown => "system of unknown kind",
        }
    }
}

/// How an address is known, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressSource {
    /// The kernel's own list of addresses.
    Interface,
    /// A metadata service or the environment: also addresses that a translation in front of the system has.
    Metadata,
    /// The local end of a socket: a program may bind what is not its own.
    Socket,
}

impl Address {
    /// How it is known.
    #[must_use]
    pub fn source(&self) -> AddressSource {
        let member = self.proof.member.as_str();
        if member.starts_with("net/") && (member.contains("/fib_trie:") || member.contains("/if_inet6:")) {
            AddressSource::Interface
        } else if member.starts_with("net/") {
            AddressSource::Socket
        } else {
            AddressSource::Metadata
        }
    }
}
