//! Whether this page is a report.

use super::Input;
use super::evidence::List;
use crate::ui::dom::document;

const LIST_ID: &str = "procglass-evidence";

/// The bundles inside the page, in order; none in an empty viewer.
pub(crate) fn embedded() -> Result<Vec<Input>, String> {
    let Some(element) = document().and_then(|document| document.get_element_by_id(LIST_ID)) else {
        return Ok(Vec::new());
    };
    let text = element.text_content().unwrap_or_default();
    let list: List = serde_json::from_str(&text)
        .map_err(|error| format!("the list of the evidence in this page is damaged: {error}"))?;
    Ok(list.bundles.into_iter().enumerate().map(|(number, bundle)| Input::Embedded(number, bundle)).collect())
}

/// Forgets the list: what is opened next comes from elsewhere.
pub(crate) fn release() {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(LIST_ID)) {
        element.remove();
    }
}
