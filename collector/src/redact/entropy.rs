//! Long strings that no person would write: keys, tokens, hashes.

use std::ops::Range;

/// Shorter hex is a colour, a device or a time.
const HEX_MIN: usize = 32;
/// Shorter base64 cannot be told from a word.
const BASE64_MIN: usize = 32;

/// Adds the spans of `text` that look random.
pub(super) fn spans(text: &[u8], spans: &mut Vec<Range<usize>>) {
    if text.len() < HEX_MIN {
        return;
    }
    let mut at = 0;
    while let Some(start) =
        text.get(at..).and_then(|rest| rest.iter().position(|b| token(*b))).map(|n| at + n)
    {
        let tail = text.get(start..).unwrap_or_default();
        let length = tail.iter().position(|b| !token(*b)).unwrap_or(tail.len());
        // Padding, which stands nowhere else.
        let length = length + tail.iter().skip(length).take_while(|b| **b == b'=').count();
        let run = tail.get(..length).unwrap_or_default();
        at = start + length;
        if length < HEX_MIN.min(BASE64_MIN) {
            // Nor can a part of it be random.
            continue;
        }
        if random(run) && !public(text.get(..start).unwrap_or_default()) {
            spans.push(start..start + length);
        } else {
            // A path is one run; its parts may be random by themselves.
            parts(run, start, text, spans);
        }
    }
}

fn parts(run: &[u8], offset: usize, text: &[u8], spans: &mut Vec<Range<usize>>) {
    let mut start = 0;
    for part in run.split(|byte| matches!(byte, b'/' | b'-' | b'_')) {
        let before = text.get(..offset + start).unwrap_or_default();
        if random(part) && !public(before) {
            spans.push(offset + start..offset + start + part.len());
        }
        start += part.len() + 1;
    }
}

/// Lower-case or upper-case hex and nothing else.
pub(super) fn is_hex(text: &[u8]) -> bool {
    let lower = text.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b));
    let upper = text.iter().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(b));
    (lower || upper) && !text.is_empty()
}

fn random(run: &[u8]) -> bool {
    if run.len() < HEX_MIN.min(BASE64_MIN) {
        return false;
    }
    if is_hex(run) {
        return run.len() >= HEX_MIN && distinct(run) >= 8;
    }
    let (mut upper, mut lower, mut digits, mut separators) = (0, 0, 0, 0);
    for byte in run {
        match byte {
            b'A'..=b'Z' => upper += 1,
            b'a'..=b'z' => lower += 1,
            b'0'..=b'9' => digits += 1,
            b'/' | b'-' | b'_' => separators += 1,
            _ => {}
        }
    }
    // 40 random digits of base64 hold some 30 different ones; 40 letters of names and paths hold about 18.
    let enough = if run.len() < 40 { 20 } else { 24 };
    run.len() >= BASE64_MIN
        && upper >= 4
        && lower >= 4
        && digits >= 2
        && distinct(run) >= enough
        && separators <= run.len() / 12
}

fn distinct(run: &[u8]) -> u32 {
    run.iter().fold(0u128, |set, byte| set | 1 << (byte & 127)).count_ones()
}

/// Hashes of content and ids of containers say what ran: `sha256:...`, `/docker/<64 hex>`, `--id <64 hex>`.
fn public(before: &[u8]) -> bool {
    const BEFORE: &[&str] = &[
        "sha256:",
        "sha512:",
        "sha1:",
        "sha256-",
        "/",
        "-id ",
        "-id\0",
        "-id=",
        "_id=",
        "docker-",
        "crio-",
        "libpod-",
        "containerd-",
    ];
    BEFORE.iter().any(|end| {
        let at = before.len().checked_sub(end.len());
        at.and_then(|at| before.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end.as_bytes()))
    })
}

fn token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'_' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut list = Vec::new();
        spans(text.as_bytes(), &mut list);
        list.into_iter().map(|span| &text[span]).collect()
    }

    const HEX: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    const BASE64: &str = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12";

    #[test]
    fn random_strings_are_found() {
        assert_eq!(found(HEX), [HEX]);
        assert_eq!(found(&HEX[..32]), [&HEX[..32]]);
        assert_eq!(found(&format!("a={BASE64}, b")), [BASE64]);
        assert_eq!(found(&format!("x:{BASE64}/+aa")), [format!("{BASE64}/+aa")]);
    }

    #[test]
    fn names_paths_and_ids_are_not() {
        for text in [
            "/usr/lib/x86_64-linux-gnu/gstreamer1_0/PluginsForEverybody",
            "org/springframework/boot/autoconfigure/SpringBootApplication2",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "00000000000000000000000000000000",
            "123e4567-e89b-12d3-a456-426614174000",
            "--enable-features=NetworkService,NetworkServiceInProcess2",
            &format!("repo@sha256:{HEX}"),
            &format!("/docker/{HEX}"),
            &format!("-namespace moby -id {HEX} -address /run/x"),
            "cuda>=12.0 brand=tesla,driver>=450",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
