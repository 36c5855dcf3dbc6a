//! Answers as bytes: the same for the terminal and for what the viewer saves and copies.

mod csv;
mod json;
mod text;

pub use csv::line as csv_line;

use super::Table;
use std::io::{self, Write};

/// Tables of the same view from several systems, each with the system's name.
pub struct Answer<'a> {
    /// Name of each system with its table.
    pub tables: Vec<(String, Table<'a>)>,
    /// Whether the first column names the system.
    pub with_system: bool,
    /// Whether the text form draws the first column as indentation of the name.
    pub tree: bool,
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Aligned columns for people; long cells are cut.
    Text,
    /// One array of objects.
    Json,
    /// RFC 4180, without cells that a spreadsheet would run.
    Csv,
}

impl Answer<'_> {
    /// Writes it.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(&self, form: Form, out: &mut dyn Write) -> io::Result<()> {
        match form {
            Form::Text => text::print(self, out),
            Form::Json => json::print(self, out),
            Form::Csv => csv::print(self, out),
        }
    }
}
