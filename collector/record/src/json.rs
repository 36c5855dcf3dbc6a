//! JSON written straight into a buffer, in the forms of `procglass_model::bundle`.
//!
//! The record of a process is 10 KB of text out of some sixty reads. Building a `ProcessRecord` and serializing that
//! would cost as many allocations; a test holds the two together.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use procglass_model::bundle::scan::{append, below, equal, first};
use procglass_model::bundle::template::push_hex;

/// A piece of JSON being built. Commas are set by looking at what stands before.
#[derive(Debug, Default)]
pub struct Json(pub Vec<u8>);

impl Json {
    /// Begins an object or, with `b'['`, an array.
    pub fn open(&mut self, bracket: u8) {
        self.comma();
        self.0.push(bracket);
    }

    /// Ends it.
    pub fn close(&mut self, bracket: u8) {
        self.0.push(bracket);
    }

    /// A key of an object, which are all names of ours that stand for themselves.
    pub fn key(&mut self, name: &str) {
        debug_assert_eq!(plain(name.as_bytes()), name.len(), "{name:?} would need escapes");
        self.comma();
        self.0.push(b'"');
        append(&mut self.0, name.as_bytes());
        self.0.extend_from_slice(b"\":");
    }

    /// A string.
    pub fn text(&mut self, text: &str) {
        self.comma();
        self.0.push(b'"');
        escape(text.as_bytes(), &mut self.0);
        self.0.push(b'"');
    }

    /// Bytes: a string where they are valid UTF-8, `{"base64": ...}` where not.
    pub fn bytes(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.text(text),
            Err(_) => self.form("base64", BASE64.encode(bytes).as_bytes()),
        }
    }

    /// An object with one key, which says in what form the bytes are.
    pub fn form(&mut self, key: &str, bytes: &[u8]) {
        self.open(b'{');
        self.key(key);
        self.bytes(bytes);
        self.close(b'}');
    }

    /// A whole number in hexadecimal, as a string.
    pub fn hexadecimal(&mut self, number: u64) {
        self.comma();
        self.0.push(b'"');
        push_hex(&mut self.0, number, 1);
        self.0.push(b'"');
    }

    /// A whole number.
    pub fn number(&mut self, number: u64) {
        self.comma();
        self.digits(number);
    }

    /// A whole number that may be below zero.
    pub fn signed(&mut self, number: i64) {
        self.comma();
        if number < 0 {
            self.0.push(b'-');
        }
        self.digits(number.unsigned_abs());
    }

    fn digits(&mut self, mut number: u64) {
        let mut digits = [0; 20];
        let mut length = 0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
            number /= 10;
            length += 1;
            if number == 0 {
                break;
            }
        }
        append(&mut self.0, digits.get(20 - length..).unwrap_or_default());
    }

    /// JSON made before.
    pub fn raw(&mut self, json: &[u8]) {
        self.comma();
        append(&mut self.0, json);
    }

    fn comma(&mut self) {
        if !matches!(self.0.last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(b',');
        }
    }
}

/// For each byte: 0 to keep, else the letter after the backslash.
#[allow(clippy::indexing_slicing, reason = "computed by the compiler")]
const ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    let mut control = 0;
    while control < 0x20 {
        table[control] = b'u';
        control += 1;
    }
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table[8] = b'b';
    table[9] = b't';
    table[10] = b'n';
    table[12] = b'f';
    table[13] = b'r';
    table
};

fn escape(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(bytes.len() + bytes.len() / 8);
    let mut rest = bytes;
    loop {
        let (plain, tail) = rest.split_at(plain(rest));
        append(out, plain);
        let Some((byte, tail)) = tail.split_first() else { return };
        match escaped(*byte) {
            b'u' => {
                let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            }
            letter => out.extend_from_slice(&[b'\\', letter]),
        }
        rest = tail;
    }
}

/// How many bytes from the start stand for themselves.
fn plain(bytes: &[u8]) -> usize {
    let marks = |word| below(word, 0x20) | equal(word, b'"') | equal(word, b'\\');
    first(bytes, marks, |byte| escaped(byte) != 0).unwrap_or(bytes.len())
}

fn escaped(byte: u8) -> u8 {
    ESCAPES.get(usize::from(byte)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_model::bundle::{Content, FileContent};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_have_the_form_of_the_format(bytes: Vec<u8>) {
            let mut json = Json::default();
            json.bytes(&bytes);
            prop_assert_eq!(&json.0, &serde_json::to_vec(&Content(bytes)).unwrap());
        }

        #[test]
        fn text_has_the_form_of_the_format(text: String) {
            let mut json = Json::default();
            json.text(&text);
            prop_assert_eq!(&json.0, &serde_json::to_vec(&text).unwrap());
        }
    }

    #[test]
    fn all_single_bytes_come_back() {
        for byte in 0..=255 {
            let mut json = Json::default();
            json.bytes(&[byte]);
            assert_eq!(serde_json::from_slice::<Content>(&json.0).unwrap().0, [byte]);
        }
    }

    #[test]
    fn commas_stand_between() {
        let mut json = Json::default();
        json.open(b'{');
        json.key("a");
        json.open(b'[');
        json.number(1);
        json.signed(-2);
        json.signed(i64::MIN);
        json.number(0);
        json.number(u64::MAX);
        json.close(b']');
        json.key("b{");
        json.form("text", b"00");
        json.key("c:");
        json.text("x{");
        json.close(b'}');
        let text = String::from_utf8(json.0).unwrap();
        assert_eq!(
            text,
            r#"{"a":[1,-2,-9223372036854775808,0,18446744073709551615],"b{":{"text":"00"},"c:":"x{"}"#
        );
        assert_eq!(
            serde_json::from_str::<FileContent>(r#"{"text":"00"}"#).unwrap(),
            FileContent::Shared("00".into())
        );
    }
}
