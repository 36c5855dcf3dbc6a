//! The Content-Security-Policy of the page: it may run what it brings, and may connect to nothing.
//!
//! Each inline script and style is allowed by the hash of its text, so a script that evidence smuggled into the
//! page would not run.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Which scripts and styles a page may use.
#[derive(Debug, Default)]
pub(crate) struct Policy {
    scripts: Vec<String>,
    styles: Vec<String>,
    hosted: bool,
    asks_its_server: bool,
}

impl Policy {
    /// For a page of a web server: its scripts, its styles and its service worker are files beside it.
    pub(crate) fn hosted() -> Self {
        let own = || vec!["'self'".into()];
        Self { scripts: own(), styles: own(), hosted: true, asks_its_server: false }
    }

    /// For the one page that may ask its own server for a bundle.
    pub(crate) fn asking_its_server(self) -> Self {
        Self { asks_its_server: true, ..self }
    }

    /// Allows one inline script: exactly the text between its tags.
    pub(crate) fn allow_script(&mut self, text: &str) {
        self.scripts.push(source(text));
    }

    /// Allows one inline style: exactly the text between its tags.
    pub(crate) fn allow_style(&mut self, text: &str) {
        self.styles.push(source(text));
    }

    /// The element that puts the policy in force from here on: it belongs at the very start of the head.
    pub(crate) fn meta(&self) -> String {
        format!(r#"<meta http-equiv="Content-Security-Policy" content="{self}">"#)
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "default-src 'none'; script-src 'wasm-unsafe-eval'")?;
        for script in &self.scripts {
            write!(f, " {script}")?;
        }
        write!(f, "; style-src")?;
        for style in &self.styles {
            write!(f, " {style}")?;
        }
        if self.styles.is_empty() {
            write!(f, " 'none'")?;
        }
        // Most of these follow from default-src; base-uri and form-action do not. All are listed because this
        // line is what a careful reader checks.
        let connect = if self.asks_its_server { "'self'" } else { "'none'" };
        let worker = if self.hosted { "'self' blob:" } else { "blob:" };
        write!(
            f,
            "; img-src data: blob:; font-src 'none'; connect-src {connect}; worker-src {worker}; child-src 'none'; \
             frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"
        )
    }
}

/// The policy's name for an inline text.
fn source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_the_base64_of_the_sha256() {
        // The example of the specification: https://www.w3.org/TR/CSP3/#external-hash
        assert_eq!(
            source("alert('Hello, world.');"),
            "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
        );
    }

    #[test]
    fn only_the_page_that_asks_its_server_may_connect_and_only_to_it() {
        assert!(Policy::default().to_string().contains("; connect-src 'none'; worker-src blob:;"));
        assert!(Policy::hosted().to_string().contains("; connect-src 'none'; worker-src 'self' blob:;"));
        let asking = Policy::hosted().asking_its_server().to_string();
        assert_eq!(asking.replace("connect-src 'self'", "connect-src 'none'"), Policy::hosted().to_string());
    }

    /// Whoever copies the configurations gets the policies of the pages, not those of an older build.
    #[test]
    fn the_documented_configurations_send_the_policies_of_the_pages() {
        let texts = [
            include_str!("../../../docs/hosting/nginx.conf"),
            include_str!("../../../docs/hosting/Caddyfile"),
        ];
        for policy in [Policy::hosted(), Policy::hosted().asking_its_server()] {
            // A header can say more than an element of the page: nobody may put the page into a frame.
            let header = format!("\"{policy}; frame-ancestors 'none'\"");
            for text in texts {
                assert!(text.contains(&header), "missing: {header}");
            }
        }
    }

    #[test]
    fn nothing_is_allowed_that_was_not_asked_for() {
        let mut policy = Policy::default();
        policy.allow_script("1");
        let text = policy.to_string();
        assert!(text.starts_with("default-src 'none'; script-src 'wasm-unsafe-eval' 'sha256-"));
        assert!(text.contains("; style-src 'none';"));
        assert!(text.contains("; connect-src 'none';"));
        assert!(!text.contains("unsafe-inline") && !text.contains("'unsafe-eval'"));
        assert!(!text.contains('"'), "it stands in a quoted attribute");
        assert!(!text.contains("  "));
    }
}
