//! Notes inside this page.

use crate::ui::dom::document;

/// The file of notes that a report carries, taken out of the page.
pub(crate) fn embedded_notes() -> Option<String> {
    let element = document()?.get_element_by_id("procglass-notes")?;
    element.remove();
    element.text_content()
}
