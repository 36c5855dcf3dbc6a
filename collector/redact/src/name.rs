//! Names that sound secret, and values that are none although their name does.

use super::entropy;
use super::packed::Packed;

/// How sure a name is that its value is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// It says nothing.
    None,
    /// It is a secret if it looks random: sessions, seeds, headers of a vendor.
    Weak,
    /// Whatever it looks like.
    Strong,
}

/// What a value is under its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// To be replaced as a whole.
    Secret,
    /// An address; a random part of it may be a secret.
    Address,
    /// Nothing by its name.
    Plain,
}

/// Anywhere in a word of a name.
static ANYWHERE: Packed = Packed::new(
    "APIKEY AUTHORIZATION AUTHKEY ADGANGSKODE BEARER CREDENTIAL CONTRASE パスワード şifre 密码 密碼 GEHEIM GESLO HASLO HESLO hasło \
     JELSZO KENNWORT KATASANDI 비밀번호 LOSENORD LOESENORD LOZINKA lösenord MASTERAUTH MNEMONIC MOTDEPASSE MATKHAU OAUTH PASSW \
     PASSPHRASE PASSCODE PRIVATE PAROLA пароль Пароль ПАРОЛЬ REQUIREPASS SECRET SESSID SESSIONID SCHLUESSEL SEGREDO SEGRETO \
     SENHA SIFRE SALASANA SLAPTAZOD TOKEN WACHTWOORD",
);
/// As a word of their own.
static WORDS: Packed = Packed::new(
    "AUTH AUTHS AUTHTOK AUTHPW BASICAUTH COOKIE COOKIES CREDS CLAVE CLAVES CHAVE CHIAVE CLE clé DSN FRASE HTTPAUTH JWT \
     KLUCZ LLAVE MDP OTP PASS PASSES PASSIN PASSOUT PIN PSK PW PWD PASSE PAROL ключ 2FA SIG SIGNATURE SAS SANDI TOTP TOK \
     USERPWD",
);
/// At the end of a word: `API_KEY`, `AccessKey`, but not `KEYBOARD`.
static ENDINGS: Packed = Packed::new("ADMINPW DBPW KEY KEYS PASS PWD PASSWD ROOTPW");
/// A secret where the value looks random.
static WEAK: Packed =
    Packed::new("CSRF HEADER HEADERS LICENSE MFA NONCE SESSION SESS SID SEED SALT WEBHOOK XSRF");
/// Words that are something else.
static INNOCENT: Packed = Packed::new(
    "AUTHOR BYPASS COMPASS DONKEY HOCKEY HOTKEY JOCKEY MONKEY OVERPASS PUBKEY PUBKEYS TURKEY TRESPASS TOKENIZER TOKENIZERS \
     TOKENIZE WHISKEY XAUTHORITY",
);
/// Words beside which a key is public, or the name of one: `PUBLIC_KEY`, `--recv-keys`.
static KEYS_OF: Packed = Packed::new("FOREIGN LIST PUBLIC PUB PARTITION RECV SEARCH SORT SHARD");
/// Last words of names of a place or a setting: `PRIVATE_IP`, `TOKEN_TTL`.
static SETTINGS: Packed = Packed::new(
    "ADDR ADDRESS ALG ALGORITHM AUDIENCE BACKEND CLASS COUNT CACHE DNS DOMAIN DRIVER DURATION ENABLE ENABLED ENDPOINT \
     ENDPOINTS EXPIRES EXPIRY FORMAT GROUP HELPER HOST HOSTNAME HOSTS INTERVAL IP IPV4 IPV6 ISSUER LENGTH LIFETIME LIMIT \
     LOCATION METHOD METHODS MODE NAME NAMESPACE NETWORK NETWORKS PARALLELISM PLUGIN POLICY PORT PORTS PROTOCOL PROVIDER \
     REALM REGION RETRIES SCOPE SCOPES SERVER SERVERS SERVICE SIZE SUBNET SUBNETS STDIN TIMEOUT TMP TTL TYPE URI URL URLS \
     USER USERNAME VERSION",
);
/// Last words of names whose value is the place of a secret and not the secret, when it is a path.
static PLACES: Packed = Packed::new(
    "ASKPASS CERT COOKIE COOKIES CREDENTIALS CREDENTIAL CREDS DIR DIRECTORY FILE FILENAME FOLDER HOME JAR KEY KEYS KEYSTORE \
     KEYRING KEYTAB PATH SOCK SOCKET STORE",
);
/// Words of names that hold hashes of public things.
static IDS: Packed = Packed::new(
    "BUILD CHECKSUM COMMIT DIGEST GUID HASH ID IDS IMAGE INVOCATION MD5 REF REV REVISION SHA SHA1 SHA256 TAG TRACE \
     TRACEPARENT UUID VERSION",
);
/// Words after which a number is a number.
static NUMBERS: Packed =
    Packed::new("CODE CLAVE OTP PASS PASSW PASSWORD PASSWD PASSCODE PW PWD PIN PSK SECRET TOTP");
/// Values that switch something.
static SWITCHES: Packed =
    Packed::new("disabled enabled false no none null nil on off optional required true undefined yes");

/// Name and value of a variable. `None` where no name stands before `=` that a shell would take.
pub(super) fn split(string: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = string.iter().position(|byte| *byte == b'=')?;
    let (name, value) = (string.get(..at)?, string.get(at + 1..)?);
    let valid = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || *byte >= 0x80
            || matches!(byte, b'_' | b'.' | b'-' | b'(' | b')' | b'%' | b':' | b'/' | b'@')
    };
    (!name.is_empty() && name.len() <= 128 && name.iter().all(valid)).then_some((name, value))
}

/// How secret a value under this name is.
#[inline(never)]
pub(super) fn strength(name: &[u8]) -> Strength {
    if name.len() < 2 || name.len() > 128 || name.eq_ignore_ascii_case(b"OLDPWD") {
        return Strength::None;
    }
    let (mut strength, mut last, mut public) = (Strength::None, &b""[..], false);
    for word in words(name) {
        last = word;
        public |= KEYS_OF.has(word);
        let end = matches!(word.last().map(|b| b | 0x20), Some(b'y' | b's' | b'd' | b'w'));
        if WORDS.has(word) || ANYWHERE.within(word) || (end && !public && ENDINGS.ends(word)) {
            if !INNOCENT.has(word) {
                strength = Strength::Strong;
            }
        } else if strength == Strength::None && WEAK.has(word) {
            strength = Strength::Weak;
        }
    }
    if strength != Strength::None && SETTINGS.has(last) {
        return Strength::None;
    }
    // A header of a vendor, such as `x-honeycomb-team`.
    if strength == Strength::None
        && matches!(name, [b'x' | b'X', b'-', ..])
        && !holds_ids(name)
        && !SETTINGS.has(last)
    {
        strength = Strength::Weak;
    }
    strength
}

/// What the value of a name is.
#[inline(never)]
pub(super) fn judge(name: &[u8], strength: Strength, value: &[u8]) -> Judged {
    if name.ends_with(b"CREDENTIALS_RELATIVE_URI") {
        return Judged::Address;
    }
    let plain = strength == Strength::None
        || value.is_empty()
        || switch(value)
        || reference(value)
        || value.starts_with(b"arn:")
        || digest(value);
    if plain {
        return Judged::Plain;
    }
    if address(value) {
        return Judged::Address;
    }
    if strength == Strength::Weak {
        return if entropy::mixed(value, 16) || entropy::secret_hex(value) {
            Judged::Secret
        } else {
            Judged::Plain
        };
    }
    let number = value.len() <= 6 && value.iter().all(u8::is_ascii_digit);
    if harmless(name, value) || number && !words(name).any(|word| NUMBERS.has(word)) {
        return Judged::Plain;
    }
    Judged::Secret
}

/// Whether this value of a secret name is only the place where the secret lies.
#[inline(never)]
pub(super) fn harmless(name: &[u8], value: &[u8]) -> bool {
    let path_like = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+@~:,%".contains(byte) || *byte >= 0x80;
    let path = [&b"/"[..], b"./", b"../", b"~/"].iter().any(|start| value.starts_with(start));
    if !path || !value.iter().all(path_like) {
        return false;
    }
    if name.eq_ignore_ascii_case(b"PWD") {
        return true;
    }
    let mut last = words(name).last().unwrap_or_default();
    if name.ends_with(b"auth-user-pass") {
        last = b"FILE";
    }
    let random =
        || entropy::random(value) || value.split(|byte| *byte == b'/').any(|part| entropy::mixed(part, 20));
    PLACES.ends(last) && !random()
}

/// Whether long hex numbers under this name are no secrets.
#[inline(never)]
pub(super) fn holds_ids(name: &[u8]) -> bool {
    words(name).any(|word| IDS.has(word))
}

/// Whether the name is that of a place or a setting: `user`, `type`, `host`.
#[inline(never)]
pub(super) fn is_setting(name: &[u8]) -> bool {
    words(name).last().is_some_and(|word| SETTINGS.has(word))
}

/// Whether the value only switches something.
#[inline(never)]
fn switch(value: &[u8]) -> bool {
    matches!(value, b"0" | b"1") || SWITCHES.has(value)
}

/// A variable of a shell or a template, not yet filled: `$TOKEN`, `${TOKEN}`, `$(cat file)`, `{{ token }}`.
#[inline(never)]
pub(super) fn reference(value: &[u8]) -> bool {
    match value {
        [b'$', b'(' | b'{', ..] | [b'{', b'{', ..] => true,
        [b'$', rest @ ..] if rest.len() > 1 => {
            rest.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
                && rest.first().is_some_and(|first| !first.is_ascii_digit())
        }
        _ => false,
    }
}

/// `scheme://...`
#[inline(never)]
fn address(value: &[u8]) -> bool {
    let scheme = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+.-:".contains(byte);
    let length = value.iter().take_while(|byte| scheme(byte)).count();
    let (before, rest) = value.split_at(length);
    (2..=24).contains(&length) && before.ends_with(b":") && rest.starts_with(b"//")
}

/// `sha256:9f86d0...`
#[inline(never)]
fn digest(value: &[u8]) -> bool {
    value
        .strip_prefix(b"sha")
        .and_then(|rest| Some(rest.split_at(rest.iter().position(|b| *b == b':')?)))
        .is_some_and(|(bits, hash)| {
            bits.len() <= 3 && hash.get(1..).is_some_and(entropy::is_hex) && hash.len() > 32
        })
}

/// The words of a name: `AWS_SECRET`, `api-key` and `accessKey` have two each.
fn words(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80;
    let mut rest = name;
    std::iter::from_fn(move || {
        let start = rest.iter().position(letter)?;
        rest = rest.get(start..)?;
        let mut before = b'A';
        let end = rest.iter().position(|byte| {
            let hump = byte.is_ascii_uppercase() && before.is_ascii_lowercase();
            before = *byte;
            hump || !letter(byte)
        });
        let (word, tail) = rest.split_at(end.unwrap_or(rest.len()));
        rest = tail;
        Some(word)
    })
}

#[cfg(test)]
mod tests;
