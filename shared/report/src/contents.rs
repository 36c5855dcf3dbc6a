//! Reading what was inside a protected report.

use super::page::Evidence;
use procglass_model::bundle::BundleError;
use procglass_model::bundle::tarball::{Event, TarParser};
use serde::Deserialize;
use std::fmt;

/// Takes the content apart as it is decrypted.
pub struct Contents {
    parser: TarParser,
    part: Part,
    list: Vec<u8>,
    notes: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    List,
    Notes,
    Bundle(usize),
    Other,
}

/// A list or notes that are longer are none: nobody wrote so much.
const TEXT_LIMIT: usize = 64 << 20;

/// Why a protected report cannot be shown though its passphrase is right.
#[derive(Debug)]
pub struct ContentsError(&'static str);

impl fmt::Display for ContentsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the report was decrypted, but {}: it was made by another version or was damaged", self.0)
    }
}

impl std::error::Error for ContentsError {}

#[derive(Deserialize)]
struct List {
    #[serde(default)]
    bundles: Vec<Evidence>,
}

impl Default for Contents {
    fn default() -> Self {
        let parser = TarParser::new(u64::MAX);
        Self { parser, part: Part::Other, list: Vec::new(), notes: Vec::new() }
    }
}

impl Contents {
    /// Takes the next bytes, and hands those of bundles on with the bundle's number.
    ///
    /// # Errors
    /// When that is no report.
    pub fn push(&mut self, bytes: &[u8], bundle: &mut dyn FnMut(usize, &[u8])) -> Result<(), ContentsError> {
        let Self { parser, part, list, notes } = self;
        let keep = |text: &mut Vec<u8>, data: &[u8]| {
            if text.len() + data.len() <= TEXT_LIMIT {
                text.extend_from_slice(data);
            }
        };
        let parsed = parser.push(bytes, &mut |event| {
            match event {
                Event::Begin(name, _) => *part = Part::of(&name),
                Event::Data(data) => match *part {
                    Part::List => keep(list, data),
                    Part::Notes => keep(notes, data),
                    Part::Bundle(number) => bundle(number, data),
                    Part::Other => {}
                },
                Event::Skipped(_) | Event::Zeros(_) | Event::Fault(_) => {}
                Event::End => *part = Part::Other,
            }
            Ok::<_, BundleError>(())
        });
        match parsed {
            Ok(Ok(())) => Ok(()),
            _ => Err(ContentsError("what is inside is no report")),
        }
    }

    /// The list of the bundles, and the notes as JSON, which may be empty.
    ///
    /// # Errors
    /// When there is no list.
    pub fn finish(self) -> Result<(Vec<Evidence>, String), ContentsError> {
        let list: List = serde_json::from_slice(&self.list)
            .map_err(|_| ContentsError("its list of evidence is missing"))?;
        Ok((list.bundles, String::from_utf8(self.notes).unwrap_or_default()))
    }
}

impl Part {
    fn of(name: &str) -> Self {
        let number = |name: &str| name.strip_prefix("bundles/")?.split('.').next()?.parse().ok();
        match name {
            "report.json" => Self::List,
            "notes.json" => Self::Notes,
            name => number(name).map_or(Self::Other, Self::Bundle),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Page, SEALED_ID, SealedReport};
    use base64::Engine as _;
    use procglass_age::{Envelope, Found, Stretched, To};
    use std::io::Write as _;

    const VIEWER: &[u8] = b"<html><!--procglass:summary--><main><!--procglass:evidence--></html>";

    fn protected(bundles: &[&[u8]]) -> String {
        let to = To::Passphrase(Stretched::new(b"open", [1; 16], 1).unwrap());
        let evidence = |bytes: &&[u8]| Evidence {
            name: "web1-secret".into(),
            bytes: bytes.len(),
            ..Evidence::default()
        };
        let list: Vec<Evidence> = bundles.iter().map(evidence).collect();
        let mut random = |bytes: &mut [u8]| {
            bytes.fill(9);
            Ok(())
        };
        let page = Page::of(VIEWER).unwrap();
        let texts = ("{\"note\":\"web1-secret\"}", "<p>web1-secret</p>");
        let mut report = SealedReport::begin(&page, Vec::new(), (&to, &mut random), &list, texts).unwrap();
        for (number, bytes) in bundles.iter().enumerate() {
            report.bundle(number, bytes.len()).unwrap();
            report.write_all(bytes).unwrap();
        }
        String::from_utf8(report.finish().unwrap()).unwrap()
    }

    /// As the page does it.
    fn open(html: &str) -> (Vec<Evidence>, String, Vec<Vec<u8>>) {
        let mut cipher = Vec::new();
        for piece in html.split("<script type=\"text/plain\"").skip(1) {
            let text = piece.split_once('>').unwrap().1.split_once('<').unwrap().0;
            cipher.extend(base64::engine::general_purpose::STANDARD.decode(text).unwrap());
        }
        let mut envelope = Envelope::default();
        let Some(Found::Sealed(header)) = envelope.push(&cipher).unwrap() else { panic!("not sealed") };
        let mut unsealer = envelope.unlock(header.open_passphrase(b"open", 22).unwrap());
        let mut plain = Vec::new();
        unsealer.push(&[], &mut plain).unwrap();
        unsealer.finish(&mut plain).unwrap();
        let (mut contents, mut bundles) = (Contents::default(), Vec::<Vec<u8>>::new());
        for piece in plain.chunks(1000) {
            let mut take = |number: usize, data: &[u8]| {
                bundles.resize(bundles.len().max(number + 1), Vec::new());
                bundles[number].extend_from_slice(data);
            };
            contents.push(piece, &mut take).unwrap();
        }
        let (list, notes) = contents.finish().unwrap();
        (list, notes, bundles)
    }

    #[test]
    fn all_comes_back_and_nothing_stands_in_clear() {
        let (first, second) = (vec![b'z'; (3 << 20) + 77], b"second".to_vec());
        let html = protected(&[&first, &second]);
        assert!(!html.contains("secret") && !html.contains("zzzz"));
        assert!(html.starts_with("<html><article id=\"summary\"><h1>Protected report</h1>"));
        assert!(html.ends_with("</html>") && html.contains(SEALED_ID));
        let (list, notes, bundles) = open(&html);
        assert_eq!(list.len(), 2);
        assert_eq!(list[0].name, "web1-secret");
        assert_eq!(notes, "{\"note\":\"web1-secret\"}");
        assert!(bundles == [first, second]);
    }

    #[test]
    fn something_else_inside_is_said_to_be_so() {
        let mut none = |_: usize, _: &[u8]| panic!("no bundle");
        assert!(Contents::default().push(&[7; 600], &mut none).is_err());
        assert!(Contents::default().finish().unwrap_err().to_string().contains("list of evidence"));
        assert!(
            Part::of("bundles/x") == Part::Other && Part::of("bundles/7.procglass.tar.gz") == Part::Bundle(7)
        );
    }
}
