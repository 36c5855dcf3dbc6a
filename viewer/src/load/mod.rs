//! From bytes to an opened system, in slices short enough that the page stays alive.

mod ahead;
mod answer;
mod bytes;
mod digest;
mod embedded;
mod embedded_notes;
mod evidence;
mod folder;
mod hosted;
mod job;
pub(crate) mod logs;
pub(crate) mod many;
pub(crate) mod member;
mod pieces;
mod policy;
mod progress;
mod sealed;
mod second;
mod several;
mod siblings;
mod turn;
mod work;

pub(crate) use bytes::{Input, UNREAD, Unsealed};
pub(crate) use embedded::{embedded, embedded_is_told, release};
pub(crate) use embedded_notes::embedded_notes;
pub(crate) use folder::{Dropped, chosen};
pub(crate) use hosted::Opener;
pub(crate) use job::{Bundle, load, load_bundle, run_rules};
pub(crate) use policy::check as check_policy;
pub(crate) use progress::{Cancel, Progress};
pub(crate) use sealed::{Key, Locked, Stretch, Unlocker, normal, stretch};
pub(crate) use second::Second;
pub(crate) use siblings::{Siblings, compare_siblings};
pub(crate) use turn::Turn;
