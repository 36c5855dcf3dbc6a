//! What every page may ask of the application as a whole.

use crate::load::Input;
use procglass_findings::Indicators;
use std::rc::Rc;
use yew::prelude::*;

/// The wishes.
#[derive(Clone, PartialEq)]
pub(crate) struct Actions {
    /// Opens bundles beside those that are open.
    pub(crate) open: Callback<Vec<Input>>,
    /// Looks through the bundle that was opened alone, for the register.
    pub(crate) complete: Callback<()>,
    /// Brings a bundle into memory, by its place among those that are open.
    pub(crate) want: Callback<usize>,
    /// Runs the rules again, with a list of the reader's own.
    pub(crate) look: Callback<Rc<Indicators>>,
}
