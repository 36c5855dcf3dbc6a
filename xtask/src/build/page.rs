//! The viewer as pages: one file for double clicks and reports, and a folder for web servers.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::bindgen::Program;
use super::csp::Policy;
use super::inline::{fill, script_text, style_text};
use super::pack;
use crate::error::Result;
use crate::files;

const POLICY: &str = "<!--procglass:policy-->";
const STYLE: &str = "<!--procglass:style-->";
const PROGRAM: &str = "<!--procglass:program-->";
/// The line that `procglass report` replaces by evidence. It stays in the page.
const EVIDENCE: &str = "<!--procglass:evidence-->";

/// The texts that pages are made of, ready to stand between tags.
pub(crate) struct Texts {
    shell: String,
    style: String,
    glue: String,
    boot: String,
    /// The module, gzipped, in base64.
    wasm: String,
    /// Length of the gzipped module.
    pub(crate) gzipped: usize,
}

impl Texts {
    /// Reads what lies in `www/` and packs the program.
    pub(crate) fn gather(www: &Path, program: &Program, cache: &Path) -> Result<Self> {
        let gzipped = pack::gzip(&program.wasm, cache)?;
        Ok(Self {
            shell: files::read_text(&www.join("shell.html"))?,
            style: style_text(&files::concat_sorted(&www.join("style"), "css")?),
            glue: script_text(&program.glue),
            boot: script_text(&files::read_text(&www.join("boot.js"))?),
            wasm: STANDARD.encode(&gzipped),
            gzipped: gzipped.len(),
        })
    }

    /// The page that is one file.
    pub(crate) fn single_file(&self) -> Result<String> {
        self.with_program(&self.wasm)
    }

    fn with_program(&self, wasm: &str) -> Result<String> {
        let mut policy = Policy::default();
        let mut style = String::new();
        if !self.style.is_empty() {
            policy.allow_style(&self.style);
            style = format!("<style>{}</style>", self.style);
        }
        let mut program = format!(r#"<script type="text/plain" id="procglass-wasm">{wasm}</script>"#);
        for script in [&self.glue, &self.boot] {
            policy.allow_script(script);
            program.push_str("\n<script>");
            program.push_str(script);
            program.push_str("</script>");
        }
        self.assemble(&policy, &style, &program)
    }

    /// The files of the static site, by name. Names carry a hash of the content, so that they may be cached for ever.
    pub(crate) fn site(&self) -> Result<Vec<(String, String)>> {
        // A report that is saved here is one file, so the page for that travels along.
        let template = serde_json::to_string(&self.with_program("procglass:wasm")?)?;
        let script = format!("globalThis.procglassTemplate={template};\n{}\n{}", self.glue, self.boot);
        // Not a .wasm file: `connect-src 'none'` forbids the page to fetch one, and stays.
        let wasm = format!("globalThis.procglassWasm=\"{}\";\n", self.wasm);
        let style_name = format!("viewer-{}.css", hash8(&self.style));
        let script_name = format!("viewer-{}.js", hash8(&script));
        let wasm_name = format!("viewer-{}.wasm.js", hash8(&wasm));
        let page = self.assemble(
            &Policy::with_files(),
            &format!(r#"<link rel="stylesheet" href="{style_name}">"#),
            &format!("<script src=\"{wasm_name}\"></script>\n<script src=\"{script_name}\"></script>"),
        )?;
        let style = self.style.clone();
        Ok(vec![("index.html".into(), page), (style_name, style), (script_name, script), (wasm_name, wasm)])
    }

    fn assemble(&self, policy: &Policy, style: &str, program: &str) -> Result<String> {
        // Filled with itself: a template that lost this line would make reports impossible.
        fill(
            &self.shell,
            &[(POLICY, &policy.meta()), (STYLE, style), (EVIDENCE, EVIDENCE), (PROGRAM, program)],
        )
    }
}

fn hash8(text: &str) -> String {
    files::hex(&Sha256::digest(text.as_bytes())).chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Texts {
        Texts {
            shell: include_str!("../../../www/shell.html").into(),
            style: style_text("body{}"),
            glue: script_text("let wasm_bindgen='</script>$&';"),
            boot: script_text(include_str!("../../../www/boot.js")),
            wasm: "H4sI".into(),
            gzipped: 3,
        }
    }

    #[test]
    fn the_policy_comes_first_and_the_charset_in_time() {
        let page = texts().single_file().unwrap();
        let head = page.split_once("<head>").unwrap().1;
        assert!(head.trim_start().starts_with("<meta http-equiv=\"Content-Security-Policy\""));
        assert!(page.find("charset=").unwrap() < 1000, "browsers look for it in the first 1024 bytes");
    }

    #[test]
    fn the_policy_allows_exactly_the_scripts_in_the_page() {
        let page = texts().single_file().unwrap();
        let mut expected = Policy::default();
        expected.allow_style("body{}");
        let mut scripts = 0;
        for piece in page.split("<script>").skip(1) {
            expected.allow_script(piece.split_once("</script>").unwrap().0);
            scripts += 1;
        }
        assert_eq!(scripts, 2);
        assert!(page.contains(&expected.meta()));
    }

    #[test]
    fn evidence_has_one_place_right_after_the_app() {
        let page = texts().single_file().unwrap();
        assert_eq!(page.matches(EVIDENCE).count(), 1);
        assert!(
            page.contains(&format!("</div>\n{EVIDENCE}\n<script type=\"text/plain\" id=\"procglass-wasm\">"))
        );
    }

    #[test]
    fn the_site_refers_to_its_files_and_to_nothing_else() {
        let files = texts().site().unwrap();
        let page = &files.iter().find(|(name, _)| name == "index.html").unwrap().1;
        for (name, _) in files.iter().filter(|(name, _)| name != "index.html") {
            assert!(page.contains(&format!("=\"{name}\"")), "{name}");
        }
        assert!(page.contains("script-src 'wasm-unsafe-eval' 'self'; style-src 'self';"));
        assert!(!page.contains("<script>") && !page.contains("src=\"/") && !page.contains("src=\"http"));
    }
}
