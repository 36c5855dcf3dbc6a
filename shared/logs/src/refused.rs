//! Why a log is not read at all, and what to do about it.

use super::format::Format;
use super::recognise::is_json;
use bstr::ByteSlice as _;
use std::fmt;

/// How much of a first line is shown.
const EXCERPT: usize = 120;
/// Columns that a message names.
const NAMED: usize = 40;

/// How a file is packed, where it must be unpacked by another program first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Zstandard, RFC 8878.
    Zstd,
    /// The container of xz.
    Xz,
    /// bzip2.
    Bzip2,
    /// A zip archive.
    Zip,
    /// LZ4 frames.
    Lz4,
    /// Apache Parquet: columns of a table, which are no lines.
    Parquet,
}

impl Packing {
    /// How a file is packed that begins with these bytes. `None` for plain text, and for gzip, which is read.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        const MAGIC: [(&[u8], Packing); 7] = [
            (b"\x28\xb5\x2f\xfd", Packing::Zstd),
            (b"\xfd7zXZ\x00", Packing::Xz),
            (b"BZh", Packing::Bzip2),
            (b"PK\x03\x04", Packing::Zip),
            (b"PK\x05\x06", Packing::Zip),
            (b"\x04\x22\x4d\x18", Packing::Lz4),
            (b"PAR1", Packing::Parquet),
        ];
        let found =
            MAGIC.into_iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, packing)| packing)?;
        // `BZh` could begin a text: the size of the blocks follows, and the mark of the first one.
        let is_text = found == Self::Bzip2 && !head.get(3).is_some_and(u8::is_ascii_digit);
        (!is_text).then_some(found)
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Bzip2 => "bzip2",
            Self::Zip => "zip",
            Self::Lz4 => "LZ4",
            Self::Parquet => "Parquet",
        }
    }

    /// What to do with it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Zstd => "it is packed with zstd: decompress it first with `zstd -d FILE`",
            Self::Xz => "it is packed with xz: decompress it first with `xz -d FILE`",
            Self::Bzip2 => "it is packed with bzip2: decompress it first with `bzip2 -d FILE`",
            Self::Zip => "it is a zip archive: decompress it first with `unzip FILE`",
            Self::Lz4 => "it is packed with LZ4: decompress it first with `lz4 -d FILE`",
            Self::Parquet => {
                "it is Parquet, a table in columns: write it as CSV with an engine that reads Parquet. docs/export.md names some"
            }
        }
    }
}

/// Why a log is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// No format that is known here fits.
    NoFormat {
        /// Its first line, with hostile characters visible; empty where it has none.
        first_line: String,
        /// The formats that it is nearest to, the nearest first.
        nearest: Vec<Format>,
    },
    /// A column was named that the table does not have.
    NoColumn {
        /// The name that was given.
        name: String,
        /// The names that the table has.
        columns: Vec<String>,
    },
    /// Another program has to unpack it.
    Packed(Packing),
}

impl Refused {
    /// No format fits a log that begins with `head`.
    pub(super) fn no_format(head: &[u8]) -> Self {
        let line = first_line(head);
        let line = line.get(..EXCERPT).unwrap_or(line);
        Self::NoFormat {
            first_line: procglass_model::text::visible(line).into_owned(),
            nearest: nearest(head),
        }
    }
}

/// The first line that is not empty.
fn first_line(head: &[u8]) -> &[u8] {
    head.lines().map(<[u8]>::trim_ascii).find(|line| !line.is_empty()).unwrap_or_default()
}

/// The formats that a log resembles most.
fn nearest(head: &[u8]) -> Vec<Format> {
    let has = |text: &str| head.contains_str(text);
    let line = first_line(head);
    let count = |byte: u8| line.iter().filter(|each| **each == byte).count();
    let mut all: Vec<Format> = Vec::new();
    if is_json(head) {
        for (format, is_near) in [
            (Format::AwsVpc, has("message") || has("interface")),
            (Format::GcpVpc, has("jsonPayload") || has("protoPayload")),
            (Format::AzureFlow, has("records") || has("resourceId") || has("ResourceId")),
            (Format::Suricata, true),
            (Format::Zeek, true),
        ] {
            if is_near {
                all.push(format);
            }
        }
    } else {
        for (format, is_near) in [
            (
                Format::Kernel,
                ["kernel", "SRC=", " IN=", "src="].into_iter().any(has) || line.starts_with(b"<"),
            ),
            (Format::AwsAlb, has("\"GET ") || has("\"POST ") || has("\"- ") || has("TLSv1")),
            (Format::Csv, [b',', b';', b'\t', b'|'].into_iter().any(|byte| count(byte) >= 3)),
            (Format::Zeek, count(b'\t') >= 3 || line.starts_with(b"#")),
            (Format::AwsVpc, count(b' ') >= 5),
            (Format::Csv, true),
        ] {
            if is_near && !all.contains(&format) {
                all.push(format);
            }
        }
    }
    all.truncate(3);
    all
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFormat { first_line, nearest } => {
                f.write_str("this is no log of a format that is known here")?;
                if first_line.is_empty() {
                    return f.write_str(": it has no line of text");
                }
                let names: Vec<_> = nearest.iter().map(|format| format.about().name).collect();
                write!(f, ". It begins with `{first_line}`. The nearest formats are {}", names.join(", "))
            }
            Self::NoColumn { name, columns } => {
                let shown: Vec<_> = columns.iter().take(NAMED).map(String::as_str).collect();
                let more = if columns.len() > NAMED { ", and more" } else { "" };
                write!(
                    f,
                    "the table has no column `{}`. It has {}{more}",
                    procglass_model::text::visible(name.as_bytes()),
                    shown.join(", ")
                )
            }
            Self::Packed(packing) => f.write_str(packing.advice()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packings_by_their_first_bytes() {
        for (head, packing) in [
            (&b"\x28\xb5\x2f\xfd\x04"[..], Some(Packing::Zstd)),
            (b"\xfd7zXZ\x00\x00", Some(Packing::Xz)),
            (b"BZh91AY&SY", Some(Packing::Bzip2)),
            (b"BZhello", None),
            (b"PK\x03\x04", Some(Packing::Zip)),
            (b"PAR1\x15", Some(Packing::Parquet)),
            (b"\x1f\x8b", None),
            (b"", None),
        ] {
            assert_eq!(Packing::of(head), packing, "{}", head.escape_ascii());
        }
    }

    #[test]
    fn sentences_name_what_is_there() {
        let refused = Refused::no_format(b"\n203.0.113.7 - - [01/Dec/2026] \"GET / HTTP/1.1\" 200\n");
        let text = refused.to_string();
        assert!(text.contains("203.0.113.7 - -") && text.contains("aws-alb"), "{text}");
        let json = Refused::no_format(b"{\"jsonPayload\":{}}\n").to_string();
        assert!(json.contains("gcp-vpc"), "{json}");
        assert!(Refused::no_format(b"").to_string().ends_with("no line of text"));
    }
}
