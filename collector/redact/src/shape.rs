//! Text that is a secret by its form, whatever its name: tokens with a known beginning, signed tokens, private keys.

use super::Spans;
use super::entropy;
use super::mark::Reason;
use super::packed::Packed;

/// Beginnings that issuers chose so that their tokens can be found. At least 16 characters follow.
static PREFIXES: Packed = Packed::new(
    "AIza AKIA ASIA ABIA ACCA AGE-SECRET-KEY-1 EAACEdEose0cBA SG. GOCSPX- dop_v1_ doo_v1_ dor_v1_ dckr_pat_ dckr_oat_ \
     gho_ ghp_ ghr_ ghs_ ghu_ github_pat_ glpat- glrt- gldt- glptt- glcbt- glsoat- glimt- glagent- glft- gloas- GR1348941 \
     hvs. hvb. hvr. npm_ pypi- rk_live_ rk_test_ sk_live_ sk_test_ whsec_ xapp- xoxa- xoxb- xoxc- xoxd- xoxe- xoxe. \
     xoxo- xoxp- xoxr- xoxs- ya29. 1//0 sk-ant- sk-proj- sk-or-v1- gsk_ xai- pplx- r8_ hf_ lin_api_ lin_oauth_ \
     shpat_ shpss_ shpca_ shppa_ tskey- dapi NRAK- NRII- NRJS- ntn_ secret_ pat-na1- pat-eu1- sbp_ sntrys_ sntryu_ \
     glsa_ glc_ figd_ fo1_ FlyV1 PMAK- pul- rubygems_ CFPAT- dp.st. dp.pt. dp.ct. EZAK EZTK sq0atp- sq0csp- EAAAE \
     ATATT3 ATBB ATCTT3 BBDC- AKCp CLOJARS_ pscale_tkn_ pscale_pw_ pscale_oauth_ PVEAPIToken= nvapi- oy2 u+ \
     lsv2_pt_ lsv2_sk_ rnd_ vercel_ rpa_ re_ xkeysib- xsmtpsib- key- SK s. b. sk- ops_eyJ tfp_ TFE- \
     snyk_ cio_ aio_ ddapi_ phc_ phx_ fw_ tvly- jina_ esk- mlsn. p8e- ctx7sk- AQVN t1.9eu y0_ cfut_ uxt_ ico- HRKU-AA \
     SWMTKN-1- K10 ghv_ whpg_ shptka_ glpat_ bearer_ CFPAT_ AC",
);
/// Beginnings that words have too: what follows is mixed, or hex.
static DOUBTFUL: Packed = Packed::new(
    "secret_ sk- s. b. SK AC key- oy2 u+ re_ pul- K10 fo1_ dapi rnd_ AKCp EAAAE ATBB y0_ oy2 fw_ glc_ ico- esk- p8e- \
     vercel_ bearer_ hf_ xai- AQVN EZAK EZTK aio_ cio_ TFE- r8_ npm_ ntn_ 1//0 tfp_ FlyV1 BBDC- snyk_ \
     rpa_ phc_ phx_ xapp- pypi- ghv_",
);

/// Tokens are told by their beginning up to here.
const LONGEST: usize = 512;
/// No token is shorter, with its beginning.
const SHORTEST: usize = 18;

/// Adds tokens with a known beginning, and signed ones.
#[inline(never)]
pub(super) fn tokens(text: &[u8], spans: &mut Spans) {
    let (mut before, mut done) = (0, 0);
    // How far characters of tokens go on: short words are none.
    let mut end = 0;
    for (at, byte) in text.iter().enumerate() {
        // A token begins where a word begins.
        let starts = !word(before) && word(*byte);
        before = *byte;
        if !starts || at < done {
            continue;
        }
        let tail = text.get(at..).unwrap_or_default();
        if at >= end {
            let inside = |b: &u8| word(*b) || matches!(b, b'.' | b'-' | b'+' | b'=' | b':');
            end = at + tail.iter().position(|b| !inside(b)).unwrap_or(tail.len());
        }
        if end < at + SHORTEST && !tail.starts_with(b"1//0") {
            continue;
        }
        let length = match byte {
            b'e' => signed(tail).or_else(|| prefixed(tail)),
            b'1'..=b'9' => robot(tail).or_else(|| prefixed(tail)),
            _ => prefixed(tail),
        };
        if let Some(length) = length {
            done = at + length;
            spans.push(at..done, Reason::Token);
        } else if tail.starts_with(b"bot")
            && let Some(length) = robot(tail.get(3..).unwrap_or_default())
        {
            spans.push(at + 3..at + 3 + length, Reason::Token);
        }
    }
}

#[inline(never)]
fn prefixed(tail: &[u8]) -> Option<usize> {
    let prefix = PREFIXES.starts(tail)?;
    let whole = tail;
    let tail = tail.get(..tail.len().min(LONGEST)).unwrap_or_default();
    let length = tail
        .iter()
        .skip(prefix.len())
        .take_while(|b| {
            word(**b) || matches!(b, b'.' | b'-' | b'+' | b'/' | b'=') && prefix != b"s." && prefix != b"b."
        })
        .count();
    // What follows dashes is another thing, such as the end line of a key.
    let rest = tail.get(prefix.len()..prefix.len() + length)?;
    let length = find(rest, b"--").unwrap_or(length);
    let rest = rest.get(..length)?;
    let rest = rest.get(..rest.iter().rposition(|b| word(*b))? + 1)?;
    let sure = match prefix {
        // Twilio's account number and its key, 32 digits each; the first is no secret by itself.
        b"AC" | b"SK" => {
            let hex = rest.get(..32).is_some_and(entropy::is_hex);
            return match tail.get(34..67) {
                Some([b':', key @ ..]) if hex && entropy::is_hex(key) => Some(67),
                _ if prefix == b"SK" && hex && rest.len() == 32 => Some(34),
                _ => None,
            };
        }
        b"u+" | b"K10" => rest.len() >= 40,
        _ if DOUBTFUL.starts(prefix) == Some(prefix) => {
            entropy::mixed(rest, 16) && !rest.contains(&b'/') || entropy::secret_hex(rest) || lower(rest)
        }
        _ => true,
    };
    if !sure || rest.len() < 16 {
        return None;
    }
    let length = prefix.len() + rest.len();
    let more = whole.get(length..)?.iter().take_while(|b| word(**b)).count();
    Some(length + if length + 2 > LONGEST { more } else { 0 })
}

/// Small letters and digits in no order of words: `key-3ax6xnjp29jd6fds4gc373sgvjxteol0`.
#[inline(never)]
fn lower(rest: &[u8]) -> bool {
    rest.len() >= 24
        && rest.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && rest.iter().filter(|b| b.is_ascii_digit()).count() >= 4
}

/// A robot's token of Telegram: a number, a colon, and 35 characters that begin with two As.
#[inline(never)]
fn robot(tail: &[u8]) -> Option<usize> {
    let digits = tail.iter().take_while(|b| b.is_ascii_digit()).count();
    let rest = tail.get(digits..)?.strip_prefix(b":AA")?;
    let length = rest.iter().take_while(|b| word(**b) || **b == b'-').count();
    (digits >= 8 && length >= 30).then_some(digits + 3 + length)
}

/// A JSON Web Token, RFC 7519: three parts of base64url, of which the first is `{"` encoded. An encrypted one has five.
#[inline(never)]
fn signed(tail: &[u8]) -> Option<usize> {
    tail.strip_prefix(b"eyJ")?;
    let length = tail.iter().take_while(|b| word(**b) || matches!(b, b'.' | b'-' | b'=')).count();
    let length = find(tail.get(..length)?, b"--").unwrap_or(length);
    let dots = tail.get(..length)?.iter().filter(|b| **b == b'.').count();
    (dots >= 2 && length >= 30).then_some(length)
}

const BEGIN: &[u8] = b"-----BEGIN ";

/// The body of a private key between its marker lines, RFC 7468: there is none without a space.
#[inline(never)]
pub(super) fn keys(text: &[u8], spans: &mut Spans) {
    let mut at = 0;
    while let Some(found) = find(text.get(at..).unwrap_or_default(), BEGIN) {
        let label = at + found + BEGIN.len();
        let rest = text.get(label..).unwrap_or_default();
        let Some(dashes) = find(rest, b"-----") else { return };
        let start = label + dashes + 5;
        at = start;
        if find(rest.get(..dashes).unwrap_or_default(), b"PRIVATE KEY").is_none() {
            continue;
        }
        let body = text.get(start..).unwrap_or_default();
        let end = find(body, b"-----END ").unwrap_or(body.len());
        spans.push(start..start + end, Reason::Key);
        at = start + end;
    }
}

/// Whether the text that goes on after this is a certificate or a public key.
#[inline(never)]
pub(super) fn public_block(before: &[u8]) -> bool {
    let before = before.get(before.len().saturating_sub(16 * LONGEST)..).unwrap_or_default();
    let mut rest = before;
    let mut open = false;
    while let Some(at) = find(rest, b"-----") {
        let line = rest.get(at..).unwrap_or_default();
        open = match line.strip_prefix(BEGIN) {
            Some(label) => find(label.get(..label.len().min(40)).unwrap_or_default(), b"PRIVATE").is_none(),
            None => open && !line.starts_with(b"-----END "),
        };
        rest = line.get(5..).unwrap_or_default();
    }
    open
}

#[inline(never)]
pub(super) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    let (first, rest) = part.split_first()?;
    let mut at = 0;
    loop {
        at += procglass_model::bundle::scan::position(text.get(at..)?, *first)?;
        if text.get(at + 1..)?.starts_with(rest) {
            return Some(at);
        }
        at += 1;
    }
}

fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut list = Spans::default();
        keys(text.as_bytes(), &mut list);
        super::tokens(text.as_bytes(), &mut list);
        list.ranges().map(|span| &text[span]).collect()
    }

    #[test]
    fn tokens() {
        for token in [
            "AKIAIOSFODNN7EXAMPLE",
            "ghp_0123456789abcdefghijABCDEFGHIJ012345",
            "github_pat_11ABCDEFG0_abcdefghijklmnop",
            "xoxb-123456789012-abcdefghijkl",
            "xoxe.xoxp-1-Mi0yLTEyMzQ1Njc4OTAxMi0x",
            "sk-proj-abcdefghijklmnopqrstuvwx",
            "sk-1234567890abcdefABCDEF1234567890abcdef",
            "s.AoJbgZQBaVGTa0BIQEFnNrEn",
            "AC0123456789abcdef0123456789abcdef:fedcba9876543210fedcba9876543210",
            "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1",
            "key-3ax6xnjp29jd6fds4gc373sgvjxteol0",
            "AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0S",
            "dapi1234567890abcdef1234567890abcdef",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        ] {
            for text in [token.to_owned(), format!("a={token} b"), format!("\"{token}\",")] {
                assert_eq!(found(&text), [token], "{text}");
            }
        }
        for text in [
            "AKIA",
            "xAKIAIOSFODNN7EXAMPLE",
            "sk-short",
            "sk-learn-contrib-py-earth-extended",
            "eyJhbGciOi",
            "ghp_",
            "task-aaaaaaaaaaaaaaaaaaaaaaaaa",
            "s.connect(('203.0.113.6',4444))",
            "s.getsockopt_with_a_long_name",
            "secret_manager_endpoint_configuration",
            "AC0123456789abcdef0123456789abcdef",
            "re_compile_all_patterns_first",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn private_keys() {
        let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----";
        assert_eq!(found(&format!("K {key} x")), ["\nMIIE\n"]);
        assert_eq!(found("-----BEGIN PRIVATE KEY-----MIIE"), ["MIIE"]);
        assert!(found("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----").is_empty());
        assert!(public_block(b"-----BEGIN CERTIFICATE-----\nMIIE"));
        assert!(!public_block(b"-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n"));
        assert!(!public_block(b"-----BEGIN PRIVATE KEY-----\nMIIE"));
    }
}
