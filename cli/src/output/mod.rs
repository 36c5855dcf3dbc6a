//! Printing tables.

mod csv;
mod json;
mod text;

use crate::args::Format;
use procglass_model::query::Table;
use std::io::{self, Write};

/// Tables of the same view from several systems, each with the system's name.
pub(crate) struct Answer<'a> {
    pub(crate) tables: Vec<(String, Table<'a>)>,
    /// Whether the first column names the system.
    pub(crate) with_system: bool,
    /// Whether to draw the first column as indentation of the name.
    pub(crate) tree: bool,
}

pub(crate) fn print(answer: &Answer<'_>, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Table => text::print(answer, out),
        Format::Json => json::print(answer, out),
        Format::Csv => csv::print(answer, out),
    }
}
