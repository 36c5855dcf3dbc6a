//! An opened bundle with everything that is said of it: the snapshot, the findings of the rules, and the notes of analysts.

mod latest;

use latest::Latest;
use procglass_findings::{Findings, Indicators};
use procglass_model::bundle::{BundleError, Limits};
use procglass_notes::{Noted, Section};
use procglass_snapshot::Snapshot;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

/// A snapshot, its findings and its notes. The snapshot does not change; findings and notes may be replaced by later ones.
#[derive(Debug)]
pub struct Opened {
    /// What the bundle says.
    pub snapshot: Snapshot,
    findings: Latest<Findings>,
    notes: RwLock<Arc<Noted>>,
}

impl Opened {
    /// A snapshot on which no rule has run, without notes.
    #[must_use]
    pub fn new(snapshot: Snapshot) -> Self {
        Self { snapshot, findings: Latest::default(), notes: RwLock::default() }
    }

    /// Reads a whole bundle from memory. At a limit, it keeps what came before.
    ///
    /// # Errors
    /// [`BundleError::NotABundle`], or [`BundleError::Limit`] where nothing came before.
    pub fn read(bytes: &[u8], limits: Limits) -> Result<Self, BundleError> {
        Snapshot::read(bytes, limits).map(Self::new)
    }

    /// The findings. The rules run at the first call, with no list of indicators. A page that must stay alive runs the rules in steps
    /// and stores the result with [`Opened::set_findings`].
    pub fn findings(&self) -> &Findings {
        self.findings.get_or_init(|| Findings::of(self, &Indicators::default()))
    }

    /// The findings, if the rules have run.
    #[must_use]
    pub fn findings_if_ready(&self) -> Option<&Findings> {
        self.findings.get()
    }

    /// Replaces the findings: a list of indicators may come later.
    pub fn set_findings(&self, findings: Findings) {
        self.findings.set(findings);
    }

    /// The notes.
    #[must_use]
    pub fn notes(&self) -> Arc<Noted> {
        Arc::clone(&self.notes.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the notes.
    pub fn set_notes(&self, section: Section) {
        let noted = Arc::new(Noted::of(self, section));
        *self.notes.write().unwrap_or_else(PoisonError::into_inner) = noted;
    }
}

impl Deref for Opened {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.snapshot
    }
}
