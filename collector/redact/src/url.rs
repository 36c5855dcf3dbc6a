//! Addresses: the password of `scheme://user:password@host`, tokens in the place of the user, the secret part of a web hook,
//! and credentials in front of a host without a scheme.

use super::Spans;
use super::entropy::{is_hex, mixed, secret_hex};
use super::mark::Reason;
use super::packed::Packed;
use super::shape::find;

/// Parts of a path or of a host's name after which a part is a secret: hooks.slack.com, /api/webhooks/, webhook.office.com.
static HOOKS: Packed = Packed::new("hooks hook hc-ping ping.me webhook");

/// Longer addresses are looked at up to here: a text full of their beginnings would cost the square of its length.
const LONGEST: usize = 1024;

/// Adds what is secret in the addresses of a text.
#[inline(never)]
pub(super) fn spans(text: &[u8], spans: &mut Spans) {
    let mut at = 0;
    while let Some(found) = find(text.get(at..).unwrap_or_default(), b"://") {
        let scheme = text.get(..at + found).unwrap_or_default();
        let start = at + found + 3;
        at = start;
        // The account at a pool of miners is a wallet: evidence, and what follows it is hardly a secret.
        let mining = scheme
            .iter()
            .rposition(|b| !b.is_ascii_alphanumeric() && !b"+.".contains(b))
            .map_or(0, |n| n + 1);
        if !scheme.get(mining..).is_some_and(|scheme| scheme.starts_with(b"stratum")) {
            one(text, start, spans);
        }
    }
    without_scheme(text, spans);
}

/// One address, from behind its `://`.
#[inline(never)]
fn one(text: &[u8], start: usize, spans: &mut Spans) {
    let rest = text.get(start..text.len().min(start + LONGEST)).unwrap_or_default();
    let word = until(rest, |b| b.is_ascii_whitespace() || b"\0\"<>".contains(b));
    let authority = until(word, |b| b"/?#'`,;)}]|\\".contains(b));
    let (user, host) = match authority.iter().rposition(|b| *b == b'@') {
        Some(at) => (authority.get(..at).unwrap_or_default(), at + 1),
        None => match loose(word, authority) {
            // `jdbc:oracle:thin:scott/tiger@//host` has its password in front.
            _ if text.get(..start).is_some_and(|before| before.ends_with(b"@//")) => return,
            Some(user) => (user, user.len() + 1),
            None => (&b""[..], 0),
        },
    };
    if let Some(colon) = user.iter().position(|b| *b == b':') {
        let password = start + colon + 1..start + user.len();
        if !super::name::reference(text.get(password.clone()).unwrap_or_default()) {
            spans.push(password, Reason::Address);
        }
        // A token stands on either side: `https://TOKEN:x-oauth-basic@host`.
        let name = user.get(..colon).unwrap_or_default();
        if mixed(name, 20) || secret_hex(name) {
            spans.push(start..start + colon, Reason::Address);
        }
    } else if mixed(user, 12) || secret_hex(user) || user.len() >= 20 && !user.contains(&b'%') {
        // A token in the place of the user, as for Git over HTTPS.
        spans.push(start..start + user.len(), Reason::Address);
    }
    hook(word.get(host..).unwrap_or_default(), start + host, spans);
}

/// A password with a slash, a quote or a hash in it, which the standard forbids and people use: up to the last `@` of the word.
#[inline(never)]
fn loose<'a>(word: &'a [u8], authority: &[u8]) -> Option<&'a [u8]> {
    let colon = authority.iter().position(|b| *b == b':')?;
    let at = word.iter().rposition(|b| *b == b'@')?;
    let port = authority.get(colon + 1..)?;
    let is_port = port.len() > 1 && port.iter().all(u8::is_ascii_digit);
    let ends = word.get(authority.len());
    // Behind an address in a list or in a call there is something else.
    let goes_on = !matches!(ends, Some(b',' | b')' | b'}' | b']' | b'|' | b';' | b'\'' | b'\\')) || !is_port;
    (at > colon && goes_on && !(is_port && matches!(ends, Some(b'/' | b'?')))).then(|| word.get(..at))?
}

/// The last part of the path of a web hook, and long parts before it.
#[inline(never)]
fn hook(address: &[u8], offset: usize, spans: &mut Spans) {
    let path = until(address, |b| b"?#'`\\,;)}]|".contains(b));
    let Some(slash) = path.iter().position(|b| *b == b'/') else { return };
    if !HOOKS.within(path.get(..path.len().min(LONGEST / 4)).unwrap_or_default()) {
        return;
    }
    let mut seen = path.get(..slash).is_some_and(|host| HOOKS.within(host));
    let mut at = slash + 1;
    for part in path.get(at..).unwrap_or_default().split(|b| *b == b'/') {
        let end = at + part.len();
        let digits = part.iter().any(u8::is_ascii_digit);
        if seen && digits && (end == path.len() && part.len() >= 8 || part.len() >= 24) {
            spans.push(offset + at..offset + end, Reason::Address);
        }
        seen |= HOOKS.within(part);
        at = end + 1;
    }
}

/// The random parts of the path of an address under a secret name, and the user in it.
#[inline(never)]
pub(super) fn strict(value: &[u8], offset: usize, spans: &mut Spans) {
    // The id behind an agent's address gives a role's credentials to whoever asks with it.
    let value = value.get(..value.len().min(LONGEST)).unwrap_or_default();
    let credentials = find(value, b"/credentials/").is_some();
    let mut at = 0;
    for part in value.split(|b| b"/?&=@#".contains(b)) {
        if mixed(part, 20) || secret_hex(part) || credentials && uuid(part) {
            spans.push(offset + at..offset + at + part.len(), Reason::Name);
        }
        at += part.len() + 1;
    }
}

#[inline(never)]
fn uuid(part: &[u8]) -> bool {
    part.len() == 36
        && part.split(|b| *b == b'-').all(is_hex)
        && part.iter().filter(|b| **b == b'-').count() == 4
}

/// `user:password@host:port`, `user:password@tcp(host)` of Go's drivers, `thin:user/password@host` of Oracle's.
#[inline(never)]
fn without_scheme(text: &[u8], spans: &mut Spans) {
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.iter().position(|b| *b == b'@')) {
        let at = from + found;
        from = at + 1;
        let begin = at.saturating_sub(LONGEST / 2);
        let before = text.get(begin..at).unwrap_or_default();
        let start = before
            .iter()
            .rposition(|b| b.is_ascii_whitespace() || b"\0\"'`=,;<>(".contains(b))
            .map_or(0, |n| n + 1);
        let user = before.get(start..).unwrap_or_default();
        let host = text.get(from..).unwrap_or_default();
        let oracle =
            [&b"thin:"[..], b"oci:", b"oci8:"].iter().find_map(|kind| Some(find(user, kind)? + kind.len()));
        let (colon, oracle) = match oracle {
            Some(kind) => (
                user.get(kind..).and_then(|rest| rest.iter().position(|b| *b == b'/')).map(|n| kind + n),
                true,
            ),
            None => (user.iter().position(|b| *b == b':'), false),
        };
        let Some(colon) = colon else { continue };
        let (name, password) =
            (user.get(..colon).unwrap_or_default(), user.get(colon + 1..).unwrap_or_default());
        let plain = |b: &u8| b.is_ascii_alphanumeric() || b"._-%+\\".contains(b);
        let scheme = [&b"mailto"[..], b"sip", b"sips", b"acct", b"xmpp", b"npm", b"pkg", b"ssh", b"file"]
            .contains(&name);
        if oracle
            || !name.is_empty() && name.iter().all(plain) && !scheme && password.len() >= 4 && is_host(host)
        {
            // A user's name may be empty in front of a slash, a password not.
            let version = password.iter().all(|b| b.is_ascii_digit() || *b == b'.');
            if !password.is_empty() && (oracle || !version) && !password.starts_with(b"//") {
                spans.push(begin + start + colon + 1..at, Reason::Address);
            }
        }
    }
}

/// `tcp(host:3306)`, `host:5432`, `db.example`: no hash of an image, no version of a package.
#[inline(never)]
fn is_host(text: &[u8]) -> bool {
    let name = until(text, |b| !b.is_ascii_alphanumeric() && !b"._-".contains(b));
    let letter =
        name.first().is_some_and(u8::is_ascii_alphabetic) || name.iter().filter(|b| **b == b'.').count() == 3;
    match text.get(name.len()) {
        Some(b'(') => true,
        Some(b':') => {
            letter && text.get(name.len() + 1).is_some_and(u8::is_ascii_digit) && !name.starts_with(b"sha")
        }
        Some(b'/') => letter,
        _ => letter && name.contains(&b'.'),
    }
}

fn until(text: &[u8], ends: impl Fn(&u8) -> bool) -> &[u8] {
    text.get(..text.iter().position(ends).unwrap_or(text.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut list = Spans::default();
        spans(text.as_bytes(), &mut list);
        list.ranges().map(|span| &text[span]).collect()
    }

    #[test]
    fn passwords_in_urls() {
        for (text, want) in [
            ("postgres://app:s3cret@db:5432/x?y=1", "s3cret"),
            ("url=redis://:pw@h", "pw"),
            ("amqp://u:p@ss@host/v", "p@ss"),
            ("https://0123456789abcdefghijxyz@github.com/a/b", "0123456789abcdefghijxyz"),
            ("https://BOMROAo54Ex1KjlD@h/x", "BOMROAo54Ex1KjlD"),
            ("mysql://u:a/b@host/db", "a/b"),
            ("http://u:ab'cd@h/", "ab'cd"),
            ("app:s3cret@tcp(db:3306)/x?parseTime=true", "s3cret"),
            ("mysqlsh root:s3cret@db:3306", "s3cret"),
            ("jdbc:oracle:thin:scott/tiger@//h:1521/x", "tiger"),
            ("jdbc:oracle:thin:scott/tiger@h:1521:x", "tiger"),
            (
                "https://hooks.slack.com/services/T0ABCDEF1/B0ABCDEF2/87DxFLzNOv957OuSifzFxLy4",
                "87DxFLzNOv957OuSifzFxLy4",
            ),
            (
                "https://discord.com/api/webhooks/123456789012345678/6dwGjE045ajUXjBF2izhOSPhD1yW",
                "6dwGjE045ajUXjBF2izhOSPhD1yW",
            ),
        ] {
            assert_eq!(found(text), [want], "{text}");
        }
        for text in [
            "http://host:80/a@b",
            "https://user@host/",
            "http://[::1]:80/",
            "://",
            "http://h/a:b",
            "a://b:",
            "git@github.com:a/b.git",
            "ssh://git@github.com/a/b",
            "repo:1.2@sha256:9f86d081884c7d659a2feaa0c55ad015",
            "registry:5000/a/b:tag@sha256:9f86",
            "npm:left-pad@1.0.0",
            "mailto:bob@example.com",
            "sshd: root@pts/0",
            "unix:@/tmp/.X11-unix/X0",
            "stratum+tcp://44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3:x@pool.example:3333",
            "['http://203.0.113.6:8000','u@h']",
            "curl https://example.com/hooks/deploy",
            "user@10.0.0.1:/srv",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn under_a_secret_name_random_parts_go() {
        let text = "http://169.254.170.2/v2/credentials/3f0a9f52-61cb-4d3c-8f02-90cfe7b1aa10";
        let mut list = Spans::default();
        strict(text.as_bytes(), 0, &mut list);
        assert_eq!(list.ranges().map(|span| &text[span]).collect::<Vec<_>>(), [&text[36..]]);
    }
}
