//! The content of a process's file as what it shares with other processes, and its own words.

use crate::context::Listed;
use crate::pipeline::{Stop, Worker};
use crate::process::SHARED_MIN;
use procglass_record::Alike;

impl Worker {
    /// Writes the content at hand. False: it is like no other, and is written as it is.
    pub(in crate::process) fn alike(&mut self, (index, artefact): Listed) -> Result<bool, Stop> {
        let relative = artefact.path == "status";
        if relative {
            self.draft.layout.status(&self.taker.buffer);
        }
        let content = match artefact.sensitive {
            _ if relative => &self.draft.layout.template,
            true => &self.plain,
            false => &self.taker.buffer,
        };
        let at = usize::try_from(index).unwrap_or(0);
        if self.alike.len() <= at {
            self.alike.resize_with(at + 1, Alike::default);
        }
        let Some(alike) = self.alike.get_mut(at).filter(|_| content.len() >= SHARED_MIN) else {
            return Ok(false);
        };
        if let Some((hash, given)) = alike.find(content) {
            self.draft.alike(artefact.path, hash, given);
            return Ok(true);
        }
        let Some(mut pattern) = alike.compare(content) else { return Ok(false) };
        let template = pattern.template(!relative);
        let (hash, new) = self.texts.hash(index, &template);
        hash.clone_into(&mut pattern.hash);
        if new {
            self.outlet.text(&template)?;
        }
        alike.add(pattern);
        let Some((hash, given)) = alike.find(content) else { return Ok(false) };
        self.draft.alike(artefact.path, hash, given);
        Ok(true)
    }
}
