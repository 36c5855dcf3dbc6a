//! The mounts of a process, which many processes share.

use super::mounts::Mounts;
use super::{MountText, Subject};
use crate::context::{Known, Listed};
use crate::observe;
use crate::pipeline::{Stop, Worker};
use crate::step::{Part, Step};
use crate::take::{Missing, cut_at};
use procglass_model::artefact::MOUNTINFO;
use std::sync::Arc;

impl Worker {
    /// Adds `mountinfo` to the draft.
    pub(super) fn mountinfo(
        &mut self,
        subject: &mut Subject,
        step: Step,
        listed: Listed,
    ) -> Result<Result<Option<String>, Missing>, Stop> {
        if subject.life.zombie {
            return Ok(Err(Missing::NotApplicable));
        }
        if subject.mnt.is_empty() || subject.root.is_empty() {
            return self.file(subject, step, listed);
        }
        Ok(self.mount_text(subject, step, listed)?.map(|MountText { hash, cut, .. }| {
            self.draft.shared(listed.1.path, &hash);
            cut
        }))
    }

    /// Finds out which mounts the process sees, before its files are touched.
    pub(super) fn know_mounts(&mut self, subject: &mut Subject) -> Result<(), Stop> {
        if subject.mounts.is_some()
            || subject.life.zombie
            || subject.mnt.is_empty()
            || subject.root.is_empty()
        {
            return Ok(());
        }
        let context = self.context.clone();
        let listed = context.process.iter().find(|(_, artefact)| artefact.path == MOUNTINFO.path);
        let Some(listed) = listed else { return Ok(()) };
        let step = Step::new(Part::Artefact, listed.0);
        if let Ok(text) = self.mount_text(subject, step, *listed)? {
            subject.mounts = Some(text.mounts);
        }
        Ok(())
    }

    /// mountinfo can take the kernel 200 ms to print and is the same for all who share a namespace and a root.
    fn mount_text(
        &mut self,
        subject: &Subject,
        step: Step,
        listed: Listed,
    ) -> Result<Result<MountText, Missing>, Stop> {
        let key = [subject.mnt.as_slice(), &subject.root].join(&0);
        match self.context.mountinfo.ask(key.clone()) {
            Known::Hangs => Ok(Err(Missing::TimedOut)),
            Known::Is(text) => Ok(Ok(text)),
            Known::Ask => {
                let artefact = listed.1;
                let cut = match self.taker.file(step, subject.dir(), artefact.path, artefact.cap) {
                    Ok(cut) => cut.then(|| cut_at(artefact.cap)),
                    Err(missing) => {
                        // Another process of the namespace may fare better.
                        if missing != Missing::TimedOut {
                            self.context.mountinfo.forget(&key);
                        }
                        return Ok(Err(missing));
                    }
                };
                let mounts = Arc::new(Mounts::parse(&self.taker.buffer));
                self.redactor.path(&mut self.taker.buffer, true);
                observe::over_processes(&self.taker.buffer, &mut self.context.found().observations);
                let (hash, new) = self.texts.hash(listed.0, &self.taker.buffer);
                let hash = hash.to_owned();
                if new {
                    self.outlet.text(&self.taker.buffer)?;
                }
                let text = MountText { hash, cut, mounts };
                self.context.mountinfo.learn(key, text.clone());
                Ok(Ok(text))
            }
        }
    }
}
