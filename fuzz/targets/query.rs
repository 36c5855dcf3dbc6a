//! The query language: any text is a query or a message with a place inside the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_model::query::Filter;

fuzz_target!(|text: &str| match Filter::parse(text) {
    Ok(filter) => drop(filter.text(&[b"nginx: worker process", b"10.0.3.4:443"])),
    Err(error) => {
        assert!(text.get(error.at.clone()).is_some(), "{error:?}");
        assert!(!error.message.is_empty());
    }
});
