//! Names that sound secret.

/// Anywhere in a name.
const ANYWHERE: &[&str] = &[
    "SECRET",
    "PASSW",
    "PASSPHRASE",
    "CREDENTIAL",
    "APIKEY",
    "OAUTH",
    "TOKEN",
    "PRIVATE",
    "AUTHORIZATION",
    "BEARER",
];
/// As a word of their own.
const WORDS: &[&str] = &[
    "AUTH",
    "AUTHTOK",
    "BASICAUTH",
    "COOKIE",
    "COOKIES",
    "CREDS",
    "DSN",
    "HTTPAUTH",
    "JWT",
    "OTP",
    "PASS",
    "PASSES",
    "PASSWD",
    "PIN",
    "PSK",
    "PW",
    "PWD",
    "SESSIONID",
    "SESSID",
    "SIGNATURE",
    "SIG",
    "TOK",
    "USERPWD",
];
/// At the end of a word: `API_KEY`, `AccessKey`, but not `KEYBOARD`.
const ENDINGS: &[&str] = &["KEY", "KEYS", "PASS", "PWD"];
/// Whole names that are something else.
const INNOCENT: &[&str] = &["PWD", "OLDPWD", "AUTHOR", "MONKEY", "TURKEY", "COMPASS", "BYPASS", "XAUTHORITY"];
/// Last words of names of a place or a setting: `PRIVATE_IP`, `TOKEN_TTL`.
const SETTINGS: &[&str] = &[
    "ADDR",
    "ADDRESS",
    "DNS",
    "EXPIRY",
    "HOST",
    "HOSTNAME",
    "IP",
    "IPV4",
    "IPV6",
    "NETWORK",
    "PARALLELISM",
    "PORT",
    "SUBNET",
    "SUBNETS",
    "TIMEOUT",
    "TMP",
    "TTL",
];
/// Last words of names whose value is the place of a secret and not the secret, when it is a path.
const PLACES: &[&str] = &[
    "CERT",
    "DIR",
    "DIRECTORY",
    "FILE",
    "FILENAME",
    "HOME",
    "KEY",
    "KEYS",
    "PATH",
    "SOCK",
    "SOCKET",
    "STORE",
];
/// Words of names that hold hashes of public things.
const IDS: &[&str] = &[
    "BUILD",
    "CHECKSUM",
    "COMMIT",
    "DIGEST",
    "GUID",
    "HASH",
    "ID",
    "IDS",
    "IMAGE",
    "INVOCATION",
    "MD5",
    "REF",
    "REV",
    "REVISION",
    "SHA",
    "SHA1",
    "SHA256",
    "TAG",
    "TRACE",
    "UUID",
    "VERSION",
];

/// Name and value of a variable. `None` where no name stands before `=` that a shell would take.
pub(super) fn split(string: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = string.iter().position(|byte| *byte == b'=')?;
    let (name, value) = (string.get(..at)?, string.get(at + 1..)?);
    let valid =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'(' | b')' | b'%');
    (!name.is_empty() && name.len() <= 128 && name.iter().all(valid)).then_some((name, value))
}

/// Whether a value under this name is a secret.
pub(super) fn is_secret(name: &[u8]) -> bool {
    // Most names are short and plain; this runs for each variable of each process.
    if name.is_empty()
        || name.len() > 128
        || INNOCENT.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name))
    {
        return false;
    }
    let secret = ANYWHERE.iter().any(|part| contains(name, part))
        || words(name).any(|word| {
            one_of(word, WORDS) || (ENDINGS.iter().any(|end| ends(word, end)) && !one_of(word, INNOCENT))
        });
    secret && !words(name).last().is_some_and(|word| one_of(word, SETTINGS))
}

/// Whether this value of a secret name is only the place where the secret lies.
pub(super) fn harmless(name: &[u8], value: &[u8]) -> bool {
    let path_like = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+@~:".contains(byte);
    let path = [&b"/"[..], b"./", b"../", b"~/"].iter().any(|start| value.starts_with(start));
    let place = words(name).last().is_some_and(|word| PLACES.iter().any(|end| ends(word, end)));
    path && place && value.iter().all(path_like)
}

/// Whether long hex numbers under this name are no secrets.
pub(super) fn holds_ids(name: &[u8]) -> bool {
    words(name).any(|word| one_of(word, IDS))
}

/// The words of a name: `AWS_SECRET`, `api-key` and `accessKey` have two each.
fn words(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let start = rest.iter().position(u8::is_ascii_alphanumeric)?;
        rest = rest.get(start..)?;
        let mut before = b'A';
        let end = rest.iter().position(|byte| {
            let hump = byte.is_ascii_uppercase() && before.is_ascii_lowercase();
            before = *byte;
            hump || !byte.is_ascii_alphanumeric()
        });
        let (word, tail) = rest.split_at(end.unwrap_or(rest.len()));
        rest = tail;
        Some(word)
    })
}

fn one_of(word: &[u8], list: &[&str]) -> bool {
    list.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word))
}

fn ends(word: &[u8], end: &str) -> bool {
    let at = word.len().checked_sub(end.len());
    at.and_then(|at| word.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end.as_bytes()))
}

fn contains(name: &[u8], part: &str) -> bool {
    name.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_names() {
        for name in [
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "DB_PASSWORD",
            "PGPASSWORD",
            "MYSQL_PWD",
            "MYSQL_ROOT_PASSWORD",
            "API_KEY",
            "APIKEY",
            "api-key",
            "apiKey",
            "SSH_KEY",
            "STRIPE_KEY",
            "GITHUB_TOKEN",
            "SENTRY_DSN",
            "PRIVATE_KEY",
            "JWT",
            "BASIC_AUTH",
            "auth",
            "X-Api-Key",
            "Authorization",
            "DJANGO_SECRET",
            "javax.net.ssl.keyStorePassword",
            "RABBITMQ_PASS",
            "GPG_PASSPHRASE",
            "AWS_ACCESS_KEY_ID",
            "userpwd",
            "AZURE_CLIENT_SECRET",
            "KEY",
            "password",
            "NPM_CONFIG__AUTH",
        ] {
            assert!(is_secret(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn other_names() {
        for name in [
            "PATH",
            "HOME",
            "PWD",
            "OLDPWD",
            "KEYBOARD",
            "KEYMAP",
            "LANG",
            "GIT_AUTHOR_NAME",
            "XAUTHORITY",
            "MONKEY",
            "TOKENIZERS_PARALLELISM",
            "PRIVATE_IP",
            "COMPASS",
            "XDG_SESSION_ID",
            "DBUS_SESSION_BUS_ADDRESS",
            "PASSENGER",
            "LS_COLORS",
            "HOSTNAME",
            "AUTHORITY",
            "KEYRING",
            "",
            "SSH_AUTH_HOST",
            "PINCH",
            "DESIGN",
            "SIGNAL",
        ] {
            assert!(!is_secret(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn places_of_secrets_are_evidence() {
        for (name, value, want) in [
            ("SSH_AUTH_SOCK", "/tmp/ssh-XXXX/agent.12", true),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/secrets/token", true),
            ("ssl-key", "/etc/ssl/private/web.key", true),
            ("keyFile", "~/x.pem", true),
            ("TOKEN_FILE", "abcdef", false),
            ("PASSWORD", "/secret", false),
            ("API_KEY", "/with space", false),
        ] {
            assert_eq!(harmless(name.as_bytes(), value.as_bytes()), want, "{name}={value}");
        }
    }

    #[test]
    fn variables_split_at_the_first_equals() {
        assert_eq!(split(b"A=b=c"), Some((&b"A"[..], &b"b=c"[..])));
        assert_eq!(split(b"BASH_FUNC_x%%=() {"), Some((&b"BASH_FUNC_x%%"[..], &b"() {"[..])));
        for no in [&b"A"[..], b"=x", b"nginx: worker a=b", b"", b"\xff=1"] {
            assert_eq!(split(no), None);
        }
    }

    #[test]
    fn words_of_names() {
        let list = |name: &'static str| {
            words(name.as_bytes()).map(|w| String::from_utf8_lossy(w)).collect::<Vec<_>>()
        };
        assert_eq!(list("AWS_ACCESS-keyId.x"), ["AWS", "ACCESS", "key", "Id", "x"]);
        assert!(list("__").is_empty());
    }
}
