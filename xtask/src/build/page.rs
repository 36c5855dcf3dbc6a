//! The viewer as pages: one file for double clicks and reports, and a folder for web servers.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

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

/// The scripts of `www/site/`.
pub(crate) struct Hosted {
    /// The first script of every page.
    pub(super) start: String,
    /// That of the page which may ask its server.
    pub(super) open: String,
    /// What keeps the site for use without its server.
    pub(super) worker: String,
}

/// The texts that pages are made of, ready to stand between tags.
pub(crate) struct Texts {
    shell: String,
    pub(super) style: String,
    pub(super) glue: String,
    pub(super) boot: String,
    /// The module, gzipped, in base64.
    pub(super) wasm: String,
    /// Scripts that only the hosted form has.
    pub(super) hosted: Hosted,
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
            hosted: Hosted::gather(&www.join("site"))?,
            gzipped: gzipped.len(),
        })
    }

    /// The page that is one file.
    pub(crate) fn single_file(&self) -> Result<String> {
        self.with_program(&self.wasm)
    }

    /// The page that is one file, around a program or a word in its place.
    pub(super) fn with_program(&self, wasm: &str) -> Result<String> {
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

    /// The shell with its places filled.
    pub(super) fn assemble(&self, policy: &Policy, style: &str, program: &str) -> Result<String> {
        // Filled with itself: a template that lost this line would make reports impossible.
        fill(
            &self.shell,
            &[(POLICY, &policy.meta()), (STYLE, style), (EVIDENCE, EVIDENCE), (PROGRAM, program)],
        )
    }
}

impl Hosted {
    fn gather(folder: &Path) -> Result<Self> {
        let read = |name: &str| files::read_text(&folder.join(name));
        Ok(Self { start: read("start.js")?, open: read("open.js")?, worker: read("service-worker.js")? })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::build) fn texts() -> Texts {
        Texts {
            shell: include_str!("../../../www/shell.html").into(),
            style: style_text("body{}"),
            glue: script_text("let wasm_bindgen='</script>$&';"),
            boot: script_text(include_str!("../../../www/boot.js")),
            wasm: "H4sI".into(),
            hosted: Hosted {
                start: include_str!("../../../www/site/start.js").into(),
                open: include_str!("../../../www/site/open.js").into(),
                worker: include_str!("../../../www/site/service-worker.js").into(),
            },
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
    fn evidence_has_one_place_behind_the_program() {
        let page = texts().single_file().unwrap();
        assert_eq!(page.matches(EVIDENCE).count(), 1);
        assert!(page.contains(&format!("</script>\n{EVIDENCE}\n</body>")));
    }
}
