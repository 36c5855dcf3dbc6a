//! The static site: the viewer as files beside each other, for any web server.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::path::Path;

use super::csp::Policy;
use super::inline::fill;
use super::pack;
use super::page::Texts;
use crate::error::Result;
use crate::files;

/// A file by its name.
pub(crate) type File = (String, Vec<u8>);

/// What the service worker's list and the name of its cache are put in for.
const LIST: &str = "\"procglass:files\"";
const BUILD: &str = "procglass:build";

/// The files of the site. Names carry a hash of the content, so that they may be cached for ever; those of the two pages and
/// of the service worker cannot.
pub(crate) fn files(texts: &Texts) -> Result<Vec<File>> {
    // A report that is saved here is one file, so the page for that travels along.
    let template = serde_json::to_string(&texts.with_program("procglass:wasm")?)?;
    let viewer = format!("globalThis.procglassTemplate={template};\n{}\n{}", texts.glue, texts.boot);
    // Not a .wasm file: `connect-src 'none'` forbids the page to fetch one, and stays.
    let wasm = format!("globalThis.procglassWasm=\"{}\";\n", texts.wasm);
    let style = hashed("viewer", "css", &texts.style);
    let wasm = hashed("viewer", "wasm.js", &wasm);
    let viewer = hashed("viewer", "js", &viewer);
    let start = hashed("start", "js", &texts.hosted.start);
    let open = hashed("open", "js", &texts.hosted.open);

    let page = |policy: &Policy, scripts: &[&File]| {
        let scripts: Vec<_> =
            scripts.iter().map(|(name, _)| format!("<script src=\"{name}\"></script>")).collect();
        let style = format!(r#"<link rel="stylesheet" href="{}">"#, style.0);
        texts.assemble(policy, &style, &scripts.join("\n")).map(String::into_bytes)
    };
    let strict = page(&Policy::hosted(), &[&start, &wasm, &viewer])?;
    let asking = page(&Policy::hosted().asking_its_server(), &[&open, &start, &wasm, &viewer])?;
    let mut all = vec![("index.html".into(), strict), ("open.html".into(), asking)];
    all.extend([style, start, open, viewer, wasm]);
    let worker = service_worker(&texts.hosted.worker, &all)?;
    all.push(("service-worker.js".into(), worker.into_bytes()));
    Ok(all)
}

/// The service worker with its list: each file with the hash that the browser compares. Any change of the list or of the
/// program makes another build, and with that another cache.
fn service_worker(program: &str, files: &[File]) -> Result<String> {
    let list: serde_json::Map<_, _> = files
        .iter()
        .map(|(name, content)| {
            (name.clone(), format!("sha256-{}", STANDARD.encode(Sha256::digest(content))).into())
        })
        .collect();
    let list = serde_json::to_string_pretty(&list)?;
    let build = hash8(&[program.as_bytes(), list.as_bytes()].concat());
    fill(program, &[(LIST, &list), (BUILD, &build)])
}

/// Adds a `.gz` and a `.br` beside each file, for servers that send those as they are. What was packed once is kept in the
/// folder `cache`, under the hash of the content.
pub(crate) fn with_packed(files: Vec<File>, cache: &Path) -> Result<Vec<File>> {
    let mut all = Vec::with_capacity(files.len() * 3);
    let mut kept = Vec::new();
    for (name, content) in files {
        let key = files::hex(&Sha256::digest(&content));
        for extension in ["gz", "br"] {
            let file = format!("{key}.{extension}");
            let packed = match std::fs::read(cache.join(&file)) {
                Ok(packed) => packed,
                Err(_) if extension == "gz" => pack::gzip_quick(&content)?,
                Err(_) => pack::brotli(&content)?,
            };
            kept.push((file, packed.clone()));
            all.push((format!("{name}.{extension}"), packed));
        }
        all.push((name, content));
    }
    files::write_folder(cache, &kept)?;
    Ok(all)
}

fn hashed(stem: &str, extension: &str, text: &str) -> File {
    (format!("{stem}-{}.{extension}", hash8(text.as_bytes())), text.as_bytes().to_vec())
}

fn hash8(bytes: &[u8]) -> String {
    files::hex(&Sha256::digest(bytes)).chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::page::tests::texts;

    fn site() -> Vec<File> {
        files(&texts()).unwrap()
    }

    fn text(files: &[File], name: &str) -> String {
        let file = files.iter().find(|(own, _)| own == name).unwrap();
        String::from_utf8(file.1.clone()).unwrap()
    }

    #[test]
    fn the_pages_refer_to_their_files_and_to_nothing_else() {
        let files = site();
        let (index, open) = (text(&files, "index.html"), text(&files, "open.html"));
        for (name, _) in files.iter().filter(|(name, _)| name.contains('-') && name != "service-worker.js") {
            assert!(open.contains(&format!("=\"{name}\"")), "{name}");
            assert_eq!(index.contains(&format!("=\"{name}\"")), !name.starts_with("open-"), "{name}");
        }
        for page in [&index, &open] {
            assert!(page.contains("script-src 'wasm-unsafe-eval' 'self'; style-src 'self';"));
            assert!(!page.contains("<script>") && !page.contains("src=\"/") && !page.contains("src=\"http"));
        }
        assert!(index.contains("connect-src 'none'") && open.contains("connect-src 'self'"));
    }

    /// What this project wrote to send requests is in scripts of the hosted form, and in no page that is one file.
    #[test]
    fn scripts_that_send_requests_stay_in_the_hosted_form() {
        let sends = |text: &str| text.contains("fetch(") || text.contains("serviceWorker");
        let hosted = texts().hosted;
        assert!([&hosted.start, &hosted.open, &hosted.worker].iter().all(|script| sends(script)));
        assert!(!sends(&texts().single_file().unwrap()));
        for (name, content) in site().iter().filter(|(name, _)| name.starts_with("viewer-")) {
            assert!(!sends(std::str::from_utf8(content).unwrap()), "{name}");
        }
    }

    #[test]
    fn the_service_worker_knows_every_file_by_its_hash() {
        let files = site();
        let worker = text(&files, "service-worker.js");
        let list = worker.split_once("const FILES = ").unwrap().1.split_once(";\n").unwrap().0;
        let list: serde_json::Map<String, serde_json::Value> = serde_json::from_str(list).unwrap();
        assert_eq!(list.len(), files.len() - 1, "all but itself");
        for (name, content) in files.iter().filter(|(name, _)| name != "service-worker.js") {
            let hash = format!("sha256-{}", STANDARD.encode(Sha256::digest(content)));
            assert_eq!(list[name], serde_json::Value::from(hash), "{name}");
        }
        assert!(!worker.contains("procglass:"));
        let mut other = texts();
        other.style.push_str("p{}");
        assert_ne!(text(&self::files(&other).unwrap(), "service-worker.js"), worker);
    }

    #[test]
    fn packed_files_unpack_to_the_file_beside_them() {
        use std::io::Read as _;
        let folder = tempfile::tempdir().unwrap();
        let plain = site();
        for _ in 0..2 {
            let all = with_packed(plain.clone(), folder.path()).unwrap();
            assert_eq!(all.len(), plain.len() * 3);
            for (name, content) in &plain {
                let packed = |extension: &str| {
                    let name = format!("{name}.{extension}");
                    all.iter().find(|(own, _)| *own == name).unwrap().1.as_slice()
                };
                let mut gzip = Vec::new();
                flate2::read::GzDecoder::new(packed("gz")).read_to_end(&mut gzip).unwrap();
                assert_eq!(&gzip, content, "{name}");
                let mut brotli = Vec::new();
                brotli::BrotliDecompress(&mut packed("br"), &mut brotli).unwrap();
                assert_eq!(&brotli, content, "{name}");
            }
        }
    }
}
