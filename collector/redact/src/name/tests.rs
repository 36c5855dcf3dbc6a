use super::*;

#[test]
fn secret_names() {
    for name in [
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "DB_PASSWORD",
        "PGPASSWORD",
        "MYSQL_PWD",
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
        "_authToken",
        "PWD",
        "pw",
        "VAULT_SECRET_ID",
        "DB_KENNWORT",
        "MOT_DE_PASSE",
        "CLAVE_DB",
        "contraseña",
        "Пароль",
        "密码",
        "SENHA",
        "wachtwoord",
        "MFA_TOTP",
        "AccountKey",
        "SharedAccessSignature",
        "PHPSESSID",
        "client-key-data",
        "ssh_private_key",
        "tokens",
        "PASSWORD_HASH",
    ] {
        assert_eq!(strength(name.as_bytes()), Strength::Strong, "{name}");
    }
    for name in ["session", "MFA_SEED", "x-honeycomb-team", "OTEL_EXPORTER_OTLP_HEADERS", "laravel_session"] {
        assert_eq!(strength(name.as_bytes()), Strength::Weak, "{name}");
    }
}

#[test]
fn other_names() {
    for name in [
        "PATH",
        "HOME",
        "OLDPWD",
        "KEYBOARD",
        "KEYMAP",
        "LANG",
        "GIT_AUTHOR_NAME",
        "XAUTHORITY",
        "MONKEY",
        "MONKEY_PATH",
        "TOKENIZERS_PARALLELISM",
        "tokenizer",
        "PRIVATE_IP",
        "COMPASS",
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
        "PUBLIC_KEY",
        "ssh-pubkey",
        "OAUTH_ISSUER",
        "SECRETS_MANAGER_ENDPOINT",
        "TOKEN_URL",
        "CASSANDRA_KEYSPACE",
        "passive-ports",
        "enclave",
        "x-request-id",
        "credential.helper",
        "secretName",
        "AUTH_METHOD",
        "K",
    ] {
        assert_eq!(strength(name.as_bytes()), Strength::None, "{name}");
    }
}

#[test]
fn places_of_secrets_are_evidence() {
    for (name, value, want) in [
        ("SSH_AUTH_SOCK", "/tmp/ssh-XXXX/agent.12", true),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/secrets/token", true),
        ("GOOGLE_APPLICATION_CREDENTIALS", "/run/secrets/gcp.json", true),
        ("ssl-key", "/etc/ssl/private/web.key", true),
        ("keyFile", "~/x.pem", true),
        ("cookie-jar", "/tmp/.c", true),
        ("PWD", "/srv/app", true),
        ("auth-user-pass", "/etc/openvpn/login", true),
        ("TOKEN_FILE", "abcdef", false),
        ("PASSWORD", "/secret", false),
        ("API_KEY", "/with space", false),
        ("STORAGE_KEY", "/hxHCtlA3xVNChAzs4w56g39xopfKxxXwkWPjAUUS1gG", false),
    ] {
        assert_eq!(harmless(name.as_bytes(), value.as_bytes()), want, "{name}={value}");
    }
}

#[test]
fn values_are_judged_with_their_names() {
    for (name, value, want) in [
        ("TOKEN", "abc", Judged::Secret),
        ("TOKEN", "$TOKEN", Judged::Plain),
        ("TOKEN", "${TOKEN:-x}", Judged::Plain),
        ("PASSWORD", "$ecret", Judged::Secret),
        ("PASSWORD", "$6$abc$def", Judged::Secret),
        ("PASSWORD", "123456", Judged::Secret),
        ("max-tokens", "4096", Judged::Plain),
        ("AUTH", "true", Judged::Plain),
        ("KEYCLOAK_AUTH", "http://10.1.2.3:8080/auth", Judged::Address),
        ("DB_SECRET", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db", Judged::Plain),
        ("SESSION", "gnome", Judged::Plain),
        ("SESSION", "wAT1Rr0Fxv00b1NERD3VF8lZ", Judged::Secret),
        ("MFA_SEED", "2BTRA3754MFTFCBFCYLXZKLJFYIMI4TW", Judged::Secret),
        ("RANDOM_SEED", "42", Judged::Plain),
        (
            "ca-cert-key",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            Judged::Plain,
        ),
        ("HOME", "x", Judged::Plain),
    ] {
        assert_eq!(
            judge(name.as_bytes(), strength(name.as_bytes()), value.as_bytes()),
            want,
            "{name}={value}"
        );
    }
}

#[test]
fn variables_split_at_the_first_equals() {
    assert_eq!(split(b"A=b=c"), Some((&b"A"[..], &b"b=c"[..])));
    assert_eq!(split(b"BASH_FUNC_x%%=() {"), Some((&b"BASH_FUNC_x%%"[..], &b"() {"[..])));
    assert_eq!(split("CLÉ=x".as_bytes()), Some(("CLÉ".as_bytes(), &b"x"[..])));
    for no in [&b"A"[..], b"=x", b"nginx; worker a=b", b""] {
        assert_eq!(split(no), None);
    }
}

#[test]
fn words_of_names() {
    let list =
        |name: &'static str| words(name.as_bytes()).map(|w| String::from_utf8_lossy(w)).collect::<Vec<_>>();
    assert_eq!(list("AWS_ACCESS-keyId.x"), ["AWS", "ACCESS", "key", "Id", "x"]);
    assert!(list("__").is_empty());
}
