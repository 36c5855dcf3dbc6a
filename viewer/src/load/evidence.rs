//! Evidence inside the page: the list that `procglass report` writes, and base64 by the browser's own means.

use js_sys::{Function, JsString, Reflect, Uint8Array};
use procglass_report::Evidence;
use serde::Deserialize;
use wasm_bindgen::{JsCast as _, JsValue};

/// The list.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub(crate) struct List {
    #[serde(default)]
    pub(crate) bundles: Vec<Evidence>,
}

/// Decodes base64, natively where the browser can (Chrome 140, Firefox 133, Safari 18.2).
pub(crate) fn decode(text: &JsString) -> Option<Uint8Array> {
    let constructor = Reflect::get(&js_sys::global(), &"Uint8Array".into()).ok()?;
    let native = Reflect::get(&constructor, &"fromBase64".into()).ok()?;
    if let Some(native) = native.dyn_ref::<Function>() {
        return native.call1(&constructor, text).ok()?.dyn_into().ok();
    }
    let atob = Reflect::get(&js_sys::global(), &"atob".into()).ok()?;
    let binary = atob.dyn_ref::<Function>()?.call1(&JsValue::UNDEFINED, text).ok()?;
    let binary = binary.dyn_into::<JsString>().ok()?;
    // One character a byte; copied in blocks, since a call for each would take seconds.
    let bytes = Uint8Array::new_with_length(binary.length());
    let mut at = 0;
    while at < binary.length() {
        let end = (at + 65_536).min(binary.length());
        let block: Vec<u8> = String::from(binary.slice(at, end))
            .chars()
            .map(|char| u8::try_from(u32::from(char)).unwrap_or_default())
            .collect();
        bytes.subarray(at, end).copy_from(&block);
        at = end;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_as_reports_have_it() {
        let text =
            r#"{"bundles":[{"name":"a.procglass.tar.gz","bytes":5,"sha256":"00","pieces":1,"later":{}}]}"#;
        let list: List = serde_json::from_str(text).unwrap();
        assert_eq!(list.bundles[0].pieces, 1);
        assert!(serde_json::from_str::<List>("{}").unwrap().bundles.is_empty());
    }
}
