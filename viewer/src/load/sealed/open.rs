//! What is inside, once the key is there.

use super::look::Sealed;
use crate::load::embedded::put_notes;
use crate::load::several::is_protected_report;
use crate::load::{Cancel, Input, Progress, Turn, Unsealed};
use crate::ui::save::blob;
use js_sys::{Array, Uint8Array};
use procglass_age::{FileKey, SealError};
use procglass_report::{Contents, Evidence};
use std::collections::BTreeMap;
use yew::Callback;

/// Bytes between two looks at the clock: a few chunks, less than a millisecond.
const STEP: u32 = 256 << 10;

/// Decrypts an input: the bundles in it. The browser keeps them outside of this page's memory. `None` when it was cancelled.
pub(super) async fn open(
    sealed: Sealed,
    key: FileKey,
    cancel: &Cancel,
    progress: &Callback<Progress>,
) -> Result<Option<Vec<Input>>, String> {
    let Sealed { input, envelope, next, .. } = sealed;
    let (mut unsealer, mut inside) = (envelope.unlock(key), Inside::of(&input));
    let (mut turn, mut out) = (Turn::new(), Vec::new());
    let mut told = Progress { name: input.name(), total: input.length(), ..Progress::default() };
    let mut damage = unsealer.push(&[], &mut out).err();
    inside.take(&mut out)?;
    'slices: for slice in next..input.slices() {
        let bytes = input.slice(slice).await?;
        let mut at = 0;
        while at < bytes.length() && damage.is_none() {
            let end = (at + STEP).min(bytes.length());
            damage = unsealer.push(&bytes.subarray(at, end).to_vec(), &mut out).err();
            inside.take(&mut out)?;
            told.done += (end - at) as usize;
            at = end;
            if turn.is_over() {
                progress.emit(told.clone());
                turn.pass().await;
                if cancel.wished() {
                    return Ok(None);
                }
            }
        }
        if damage.is_some() {
            break 'slices;
        }
    }
    if damage.is_none() {
        damage = unsealer.finish(&mut out).err();
        inside.take(&mut out)?;
    }
    inside.inputs(&input, damage).map(Some)
}

/// Where decrypted bytes go.
enum Inside {
    Bundle(Array),
    Report(Box<Contents>, BTreeMap<usize, Array>),
}

impl Inside {
    fn of(input: &Input) -> Self {
        match is_protected_report(input) {
            true => Self::Report(Box::default(), BTreeMap::new()),
            false => Self::Bundle(Array::new()),
        }
    }

    fn take(&mut self, bytes: &mut Vec<u8>) -> Result<(), String> {
        if bytes.is_empty() {
            return Ok(());
        }
        match self {
            Self::Bundle(parts) => {
                parts.push(&Uint8Array::from(bytes.as_slice()));
            }
            Self::Report(contents, bundles) => {
                let mut keep = |number: usize, data: &[u8]| {
                    bundles.entry(number).or_default().push(&Uint8Array::from(data));
                };
                contents.push(bytes, &mut keep).map_err(|error| error.to_string())?;
            }
        }
        bytes.clear();
        Ok(())
    }

    fn inputs(self, input: &Input, damage: Option<SealError>) -> Result<Vec<Input>, String> {
        let kept =
            |parts: &Array| blob("application/gzip", parts).ok_or("the browser refused to keep the bundle");
        match self {
            Self::Bundle(parts) => {
                let name = input.name();
                let name = name.strip_suffix(".age").unwrap_or(&name).to_owned();
                let evidence = Evidence { name, ..Evidence::default() };
                Ok(vec![Input::Unsealed(Unsealed { blob: kept(&parts)?, evidence, damage })])
            }
            Self::Report(contents, mut bundles) => {
                let (list, notes) = contents.finish().map_err(|error| {
                    damage.as_ref().map_or_else(|| error.to_string(), ToString::to_string)
                })?;
                put_notes(&notes);
                let mut inputs = Vec::new();
                for (number, evidence) in list.into_iter().enumerate() {
                    let blob = kept(&bundles.remove(&number).unwrap_or_default())?;
                    inputs.push(Input::Unsealed(Unsealed { blob, evidence, damage: damage.clone() }));
                }
                Ok(inputs)
            }
        }
    }
}
