//! One process as a rule sees it: what the model knows, and what only its member holds, parsed when first asked for.

use super::program::Program;
use super::rule::{Answer, Proof};
use super::scene::Scene;
use procglass_model::bundle::{Bases, FileContent};
use procglass_proc::cmdline::{strings, variable};
use procglass_proc::maps;
use procglass_proc::maps::MMPermissions;
use procglass_proc::status;
use procglass_proc::status::Status;
use procglass_snapshot::{OpenFile, Process, ProcessIndex, Protocol, Socket, SocketIndex};
use serde::Deserialize;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// A process under examination.
pub struct Case<'a> {
    /// The system around it.
    pub scene: &'a Scene<'a>,
    /// Which process.
    pub index: ProcessIndex,
    /// What the model knows.
    pub process: &'a Process,
    member: String,
    record: OnceCell<Record>,
    status: OnceCell<Option<Status>>,
    areas: OnceCell<Option<Vec<Area>>>,
}

/// The part of a record that rules ask for.
#[derive(Default, Deserialize)]
struct Record {
    #[serde(default)]
    bases: Bases,
    #[serde(default)]
    files: BTreeMap<String, FileContent>,
}

/// An area of the address space, in its own memory.
#[derive(Clone, Debug)]
pub struct Area {
    /// First address.
    pub start: u64,
    /// Address after the last.
    pub end: u64,
    /// Rights.
    pub permissions: MMPermissions,
    /// Inode; 0 without a file.
    pub inode: u64,
    /// Path or `[name]`; empty for anonymous memory.
    pub path: Vec<u8>,
    /// Line in `maps`, from 1.
    pub line: usize,
}

impl Area {
    /// Whether code in it may run.
    #[must_use]
    pub fn executable(&self) -> bool {
        self.permissions.contains(MMPermissions::EXECUTE)
    }

    /// Whether it may be written.
    #[must_use]
    pub fn writable(&self) -> bool {
        self.permissions.contains(MMPermissions::WRITE)
    }
}

impl<'a> Case<'a> {
    /// The process at `index`, if there is one.
    #[must_use]
    pub fn new(scene: &'a Scene<'a>, index: ProcessIndex) -> Option<Self> {
        let process = scene.snapshot.process(index)?;
        Some(Self {
            scene,
            index,
            process,
            member: process.member(),
            record: OnceCell::new(),
            status: OnceCell::new(),
            areas: OnceCell::new(),
        })
    }

    /// The program that really runs: by its file, not by its name.
    #[must_use]
    pub fn program(&self) -> Program<'a> {
        Program::of(self.process)
    }

    /// The program, where it is known; else what a rule about programs has to answer.
    ///
    /// # Errors
    /// Clean for what has no program (kernel threads, processes that have ended), unknown for the rest.
    pub fn known_program(&self) -> Result<Program<'a>, Answer> {
        let program = self.program();
        if !program.is_unknown() {
            return Ok(program);
        }
        let without = self.process.is_kernel_thread() || self.process.state == Some('Z');
        Err(if without { Answer::Clean } else { Answer::Unknown("exe") })
    }

    /// The bytes of a file below `/proc/<pid>`. `None`: not collected, refused, or damaged.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        let members = &self.scene.snapshot.members;
        let record = self.record.get_or_init(|| {
            let data = members.data(&self.member);
            data.and_then(|data| serde_json::from_slice(data).ok()).unwrap_or_default()
        });
        members.content(record.files.get(name)?, &record.bases).ok()
    }

    /// `status`, parsed.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        self.status.get_or_init(|| self.file("status").map(|text| status::parse(&text))).as_ref()
    }

    /// The memory map. `None` where it could not be read; a process without memory of its own has none either.
    #[must_use]
    pub fn areas(&self) -> Option<&[Area]> {
        let parse = |bytes: &[u8]| -> Vec<Area> {
            let area = |m: maps::Mapping<'_>| Area {
                start: m.start,
                end: m.end,
                permissions: m.permissions,
                inode: m.inode,
                path: m.path.to_vec(),
                line: m.line,
            };
            maps::parse(bytes).0.into_iter().map(area).collect()
        };
        self.areas
            .get_or_init(|| self.file("maps").filter(|maps| !maps.is_empty()).map(|maps| parse(&maps)))
            .as_deref()
    }

    /// The value of an environment variable; the outer `None` where the environment could not be read.
    #[must_use]
    pub fn variable(&self, name: &[u8]) -> Option<Option<Vec<u8>>> {
        let environ = self.file("environ")?;
        Some(strings(&environ).map(variable).find(|(own, _)| *own == name).map(|(_, value)| value.to_vec()))
    }

    /// Its descriptors.
    #[must_use]
    pub fn descriptors(&self) -> &'a [OpenFile] {
        self.scene.snapshot.files_of(self.index)
    }

    /// A descriptor by number.
    #[must_use]
    pub fn descriptor(&self, number: u32) -> Option<&'a OpenFile> {
        self.descriptors().iter().find(|file| file.fd == number)
    }

    /// Whether its descriptors could be listed at all.
    #[must_use]
    pub fn sees_descriptors(&self) -> bool {
        self.process.files_known
    }

    /// Its sockets.
    pub fn sockets(&self) -> impl Iterator<Item = (SocketIndex, &'a Socket)> + use<'a> {
        let snapshot = self.scene.snapshot;
        snapshot.sockets_of(self.index).iter().filter_map(|index| Some((*index, snapshot.socket(*index)?)))
    }

    /// Its TCP connections that are open now.
    pub fn connections(&self) -> impl Iterator<Item = (SocketIndex, &'a Socket)> + use<'a> {
        self.sockets().filter(|(_, socket)| is_connection(socket))
    }

    /// Whether it listens, or is connected to another machine.
    #[must_use]
    pub fn reaches_out(&self) -> bool {
        self.sockets().any(|(_, socket)| is_listener(socket) || (is_connection(socket) && leaves(socket)))
    }

    /// Its parent, where that is known.
    #[must_use]
    pub fn parent(&self) -> Option<Case<'a>> {
        Case::new(self.scene, self.process.parent?)
    }

    /// Its ancestors, the nearest first. Deep trees are cut at 64: no rule asks for more.
    pub fn ancestors(&self) -> impl Iterator<Item = Case<'a>> + use<'a> {
        let scene = self.scene;
        let next = |index: &ProcessIndex| scene.snapshot.process(*index)?.parent;
        std::iter::successors(self.process.parent, next)
            .take(64)
            .filter_map(move |index| Case::new(scene, index))
    }

    /// Proof: a link such as `exe`.
    #[must_use]
    pub fn link_proof(&self, name: &str) -> Proof {
        let target = match name {
            "exe" => self.process.exe.as_ref(),
            "cwd" => self.process.cwd.as_ref(),
            _ => self.process.root.as_ref(),
        };
        Proof::new(self.at(&format!("links/{name}")), target.map_or(&b""[..], |target| target.as_slice()))
    }

    /// Proof: the line of a file whose first bytes are `start`.
    #[must_use]
    pub fn line_proof(&self, name: &str, start: &[u8]) -> Proof {
        let text = self.file(name).unwrap_or_default();
        let line = text.split(|byte| *byte == b'\n').find(|line| line.starts_with(start));
        Proof::new(self.at(&format!("files/{name}")), line.unwrap_or_default())
    }

    /// Proof: an area of `maps`.
    #[must_use]
    pub fn area_proof(&self, area: &Area) -> Proof {
        let text = self.file("maps").unwrap_or_default();
        let line = text.split(|byte| *byte == b'\n').nth(area.line.saturating_sub(1)).unwrap_or_default();
        Proof::new(format!("{}:{}", self.at("files/maps"), area.line), line)
    }

    /// Proof: a descriptor.
    #[must_use]
    pub fn descriptor_proof(&self, file: &OpenFile) -> Proof {
        let target = file.target.as_ref().map_or(&b""[..], |target| target.as_slice());
        Proof::new(self.at(&format!("fds/{}/target", file.fd)), target)
    }

    /// Proof: the command line.
    #[must_use]
    pub fn cmdline_proof(&self) -> Proof {
        let text = self.process.cmdline.as_ref().map_or(&b""[..], |cmdline| cmdline.as_slice());
        Proof::new(self.at("files/cmdline"), text)
    }

    /// Proof: the name.
    #[must_use]
    pub fn name_proof(&self) -> Proof {
        Proof::new(self.at("files/stat"), &self.process.name)
    }

    /// Proof: a variable of the environment.
    #[must_use]
    pub fn variable_proof(&self, name: &[u8]) -> Proof {
        let environ = self.file("environ").unwrap_or_default();
        let found = strings(&environ).find(|string| variable(string).0 == name);
        Proof::new(self.at("files/environ"), found.unwrap_or_default())
    }

    /// A place in its member.
    #[must_use]
    pub fn at(&self, part: &str) -> String {
        format!("{}#{part}", self.member)
    }

    /// Name and pid, for sentences: `nginx (7)`.
    #[must_use]
    pub fn label(&self) -> String {
        self.process.label()
    }
}

/// Whether this is a TCP connection that is open.
#[must_use]
pub fn is_connection(socket: &Socket) -> bool {
    socket.protocol == Protocol::Tcp && socket.state == "ESTABLISHED"
}

/// Whether it waits for connections from the network.
#[must_use]
pub fn is_listener(socket: &Socket) -> bool {
    socket.protocol == Protocol::Tcp && socket.listens()
}

/// Whether its other end is not this machine.
#[must_use]
pub fn leaves(socket: &Socket) -> bool {
    socket.remote.is_some_and(|(address, _)| !address.to_canonical().is_loopback())
}

/// Address and port, as in a URL.
#[must_use]
pub fn endpoint(socket: &Socket) -> String {
    socket
        .remote
        .map_or_else(String::new, |(address, port)| std::net::SocketAddr::new(address, port).to_string())
}
