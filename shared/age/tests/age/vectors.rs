//! The test vectors of C2SP/CCTV for the age format, and where this implementation deviates from them.

use std::fs;
use std::io::Read as _;
use std::path::Path;

/// What opening a vector must lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    Success,
    NoMatch,
    HmacFailure,
    HeaderFailure,
    PayloadFailure,
    ArmorFailure,
}

/// One file of `vectors/`.
#[allow(dead_code, reason = "each of two tests looks at some of it")]
pub(crate) struct Vector {
    pub(crate) name: String,
    pub(crate) expected: Expected,
    /// SHA-256 of what comes out, in hex.
    pub(crate) payload: Option<String>,
    pub(crate) identities: Vec<String>,
    pub(crate) passphrases: Vec<String>,
    /// Whether the file is armored, or should be.
    pub(crate) armored: bool,
    /// The age file.
    pub(crate) file: Vec<u8>,
}

/// A vector, what happens here in place of what it expects, and why.
pub(crate) type Deviation = (&'static str, Expected, &'static str);

const LOG: &str = "armor is found inside a terminal's log: lines around it are passed over, and lines in it that are no base64";
const WRAPPED: &str = "armor is read however a terminal wrapped or indented it: lines are trimmed and joined, empty ones left out";
const LATE: &str =
    "armor is read tolerantly; what is missing of its base64 is then missing of the encrypted file";
const END: &str = "what is authentic is given out although the END line is missing, which is then said";
const HYBRID: &str = "hybrid keys (ML-KEM-768 with X25519) are not known here: their recipients open nothing";

/// Every deviation. In none of them does a byte come out that is not authentic.
pub(crate) const DEVIATIONS: &[Deviation] = &[
    ("armor_empty_last_line", Expected::Success, WRAPPED),
    ("armor_empty_line_begin", Expected::Success, WRAPPED),
    ("armor_empty_line_end", Expected::Success, WRAPPED),
    ("armor_eol_between_padding", Expected::PayloadFailure, LATE),
    ("armor_garbage_leading", Expected::Success, LOG),
    ("armor_garbage_trailing", Expected::Success, LOG),
    ("armor_headers", Expected::Success, LOG),
    ("armor_hybrid", Expected::NoMatch, HYBRID),
    ("armor_invalid_character_header", Expected::HeaderFailure, LATE),
    ("armor_invalid_character_payload", Expected::PayloadFailure, LATE),
    ("armor_long_line", Expected::Success, WRAPPED),
    ("armor_no_end_line", Expected::ArmorFailure, END),
    ("armor_no_padding", Expected::PayloadFailure, LATE),
    ("armor_not_canonical", Expected::PayloadFailure, LATE),
    ("armor_pgp_checksum", Expected::Success, LOG),
    ("armor_short_line", Expected::Success, WRAPPED),
    ("armor_whitespace_end", Expected::ArmorFailure, END),
    ("armor_whitespace_eol", Expected::Success, WRAPPED),
    ("armor_whitespace_last_line", Expected::Success, WRAPPED),
    ("armor_whitespace_line_start", Expected::Success, WRAPPED),
    ("hybrid", Expected::NoMatch, HYBRID),
    ("hybrid_and_x25519", Expected::NoMatch, HYBRID),
    ("hybrid_extra_argument", Expected::NoMatch, HYBRID),
    ("hybrid_grease", Expected::NoMatch, HYBRID),
    ("hybrid_identity", Expected::NoMatch, HYBRID),
    ("hybrid_long_file_key", Expected::NoMatch, HYBRID),
    ("hybrid_long_share", Expected::NoMatch, HYBRID),
    ("hybrid_low_order", Expected::NoMatch, HYBRID),
    ("hybrid_multiple_recipients", Expected::NoMatch, HYBRID),
    ("hybrid_not_canonical_enc", Expected::NoMatch, HYBRID),
    ("hybrid_short_share", Expected::NoMatch, HYBRID),
];

/// All vectors, by name.
pub(crate) fn all() -> Vec<Vector> {
    // Two packages run these vectors.
    let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let folder = above
        .find_map(|folder| Some(folder.join("shared/age/tests/age/vectors")).filter(|path| path.is_dir()))
        .unwrap();
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Vector {
    let bytes = fs::read(path).unwrap();
    let end = bytes.windows(2).position(|two| two == b"\n\n").unwrap();
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let values = |key: &str| -> Vec<String> {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(name, _)| *name == key).map(|(_, value)| value.to_owned()).collect()
    };
    let mut file = bytes[end + 2..].to_vec();
    match values("compressed").first().map(String::as_str) {
        None => {}
        Some("zlib") => {
            let mut whole = Vec::new();
            flate2::read::ZlibDecoder::new(file.as_slice()).read_to_end(&mut whole).unwrap();
            file = whole;
        }
        Some(other) => panic!("{}: compressed with {other}", path.display()),
    }
    let expected = match values("expect")[0].as_str() {
        "success" => Expected::Success,
        "no match" => Expected::NoMatch,
        "HMAC failure" => Expected::HmacFailure,
        "header failure" => Expected::HeaderFailure,
        "payload failure" => Expected::PayloadFailure,
        "armor failure" => Expected::ArmorFailure,
        other => panic!("{}: expects {other}", path.display()),
    };
    Vector {
        name: path.file_name().unwrap().to_str().unwrap().to_owned(),
        expected,
        payload: values("payload").first().cloned(),
        identities: values("identity"),
        passphrases: values("passphrase"),
        armored: !values("armored").is_empty(),
        file,
    }
}
