//! The mounts of a process, which many processes share.

use super::{MountText, Subject};
use crate::context::{Known, Listed};
use crate::observe;
use crate::pipeline::{Stop, Worker};
use crate::step::Step;
use crate::take::{Missing, cut_at};

impl Worker {
    /// mountinfo can take the kernel 200 ms to print and is the same for all who share a namespace and a root.
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
        let key = [subject.mnt.as_slice(), &subject.root].join(&0);
        match self.context.mountinfo.ask(key.clone()) {
            Known::Hangs => Ok(Err(Missing::TimedOut)),
            Known::Is(MountText { hash, cut }) => {
                self.draft.shared(listed.1.path, &hash);
                Ok(Ok(cut))
            }
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
                self.redactor.path(&mut self.taker.buffer, true);
                observe::over_processes(&self.taker.buffer, &mut self.context.found().observations);
                let (hash, new) = self.texts.hash(listed.0, &self.taker.buffer);
                let hash = hash.to_owned();
                if new {
                    self.outlet.text(&self.taker.buffer)?;
                }
                self.draft.shared(artefact.path, &hash);
                self.context.mountinfo.learn(key, MountText { hash, cut: cut.clone() });
                Ok(Ok(cut))
            }
        }
    }
}
