//! Text that is a secret by its form, whatever its name: tokens with a known beginning, signed tokens, private keys.

use super::Spans;
use super::entropy;
use super::mark::Reason;
use super::packed::Packed;

/// Beginnings that issuers chose so that their tokens can be found. At least 16 characters follow.
static PREFIXES: Packed = Packed::new(
    "AIza AKIA ASIA ABIA ACCA AGE-SECRET-KEY-1 ATATT3 ATBB ATCTT3 AKCp aio_ AQVN AC BBDC- b. bearer_ CFPAT- CLOJARS_ cio_ \
     ctx7sk- cfut_ CFPAT_ dop_v1_ doo_v1_ dor_v1_ dckr_pat_ dckr_oat_ dapi dp.st. dp.pt. dp.ct. ddapi_ EAACEdEose0cBA EZAK \
     EZTK EAAAE esk- figd_ fo1_ FlyV1 fw_ GOCSPX- gho_ ghp_ ghr_ ghs_ ghu_ github_pat_ glpat- glrt- gldt- glptt- glcbt- \
     glsoat- glimt- glagent- glft- gloas- GR1348941 gsk_ glsa_ glc_ ghv_ glpat_ hvs. hvb. hvr. hf_ HRKU-AA ico- jina_ key- \
     K10 lin_api_ lin_oauth_ lsv2_pt_ lsv2_sk_ mlsn. npm_ NRAK- NRII- NRJS- ntn_ nvapi- oy2 ops_eyJ pypi- pplx- pat-na1- \
     pat-eu1- PMAK- pul- pscale_tkn_ pscale_pw_ pscale_oauth_ PVEAPIToken= phc_ phx_ p8e- 1//0 rk_live_ rk_test_ r8_ \
     rubygems_ rnd_ rpa_ re_ SG. sk_live_ sk_test_ sk-ant- sk-proj- sk-or-v1- shpat_ shpss_ shpca_ shppa_ secret_ sbp_ \
     sntrys_ sntryu_ sq0atp- sq0csp- SK s. sk- snyk_ SWMTKN-1- shptka_ tskey- tfp_ TFE- tvly- t1.9eu u+ uxt_ vercel_ whsec_ \
     whpg_ xapp- xoxa- xoxb- xoxc- xoxd- xoxe- xoxe. xoxo- xoxp- xoxr- xoxs- xai- xkeysib- xsmtpsib- ya29. y0_",
);
/// Beginnings that words have too: what follows is mixed, or hex.
static DOUBTFUL: Packed = Packed::new(
    "AC AKCp ATBB AQVN aio_ b. bearer_ BBDC- cio_ dapi EAAAE esk- EZAK EZTK fo1_ fw_ FlyV1 glc_ ghv_ hf_ ico- key- K10 npm_ \
     ntn_ oy2 oy2 pul- p8e- phc_ phx_ pypi- 1//0 re_ rnd_ r8_ rpa_ secret_ sk- s. SK snyk_ TFE- tfp_ u+ vercel_ xai- xapp- \
     y0_",
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
