//! One of two snapshots, with what is asked of it again and again.

use super::normal::Normal;
use crate::System;
use bstr::BString;
use procglass_opened::Opened;
use procglass_snapshot::{Process, ProcessIndex};

/// A snapshot that is compared.
pub(super) struct Side<'a> {
    pub(super) snapshot: &'a Opened,
    pub(super) system: System,
    pub(super) normal: Normal,
    /// Programs in their normal form, by process.
    programs: Vec<BString>,
}

impl<'a> Side<'a> {
    pub(super) fn new(snapshot: &'a Opened, system: System) -> Self {
        let normal = Normal::of(&system);
        let programs = snapshot.processes.iter().map(|process| program(&normal, process)).collect();
        Self { snapshot, system, normal, programs }
    }

    /// The processes that are compared. Kernel threads come and go, and the collector itself is always another.
    pub(super) fn processes(&self) -> impl Iterator<Item = (ProcessIndex, &'a Process)> + use<'a> {
        let snapshot = self.snapshot;
        let collector = snapshot.manifest.collector.pid;
        snapshot.indices().filter_map(move |index| {
            let process = snapshot.process(index)?;
            (!process.is_kernel_thread() && process.pid != collector).then_some((index, process))
        })
    }

    /// The program of a process: its path, or its name where the path is not known.
    pub(super) fn program(&self, index: ProcessIndex) -> BString {
        self.programs.get(index.0 as usize).cloned().unwrap_or_default()
    }
}

fn program(normal: &Normal, process: &Process) -> BString {
    match process.exe_path() {
        Some(path) => normal.text(path),
        None => process.name.clone(),
    }
}
