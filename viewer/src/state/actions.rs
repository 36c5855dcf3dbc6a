//! What every page may ask of the application as a whole.

use crate::load::Input;
use procglass_model::finding::Indicators;
use std::rc::Rc;
use yew::prelude::*;

/// The wishes.
#[derive(Clone, PartialEq)]
pub(crate) struct Actions {
    /// Opens other bundles in the place of those that are open.
    pub(crate) open: Callback<Vec<Input>>,
    /// Runs the rules again, with a list of the reader's own.
    pub(crate) look: Callback<Rc<Indicators>>,
}
