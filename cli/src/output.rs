//! Printing tables.

use crate::args::Format;
use procglass_query::write::{Answer, Form};
use std::io::{self, Write};

pub(crate) fn print(answer: &Answer<'_>, format: Format, out: &mut dyn Write) -> io::Result<()> {
    answer.write(form(format), out)
}

/// The writers' word for a format.
pub(crate) fn form(format: Format) -> Form {
    match format {
        Format::Table => Form::Text,
        Format::Json => Form::Json,
        Format::Csv => Form::Csv,
    }
}
