//! What the page shows, as the text after `#`: `#/process/812?q=user:www-data&tab=sockets`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One place in the viewer. Everything a link has to say is in here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Route {
    /// Name of the page; empty for the first one.
    pub(crate) page: String,
    /// What the page is about: a pid, a member's name. May hold slashes.
    pub(crate) id: String,
    /// The rest: `q` the filter, `sel` the selected process, and what pages add.
    params: BTreeMap<String, String>,
}

/// The filter.
pub(crate) const QUERY: &str = "q";
/// Which of several opened bundles.
pub(crate) const SYSTEM: &str = "in";
/// `local` when times are told in the reader's zone.
pub(crate) const TIME: &str = "time";

impl Route {
    /// A page without anything else.
    pub(crate) fn to(page: &str) -> Self {
        Self { page: page.to_owned(), ..Self::default() }
    }

    /// The page of one process.
    pub(crate) fn process(pid: u32) -> Self {
        Self::to("process").about(&pid.to_string())
    }

    /// The bytes of a fact: a member, and the part inside it.
    pub(crate) fn source(member: &str, part: &str) -> Self {
        Self::to("evidence").about(member).with("part", part)
    }

    /// The same page about something.
    pub(crate) fn about(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// With a parameter; an empty value takes it away.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if value.is_empty() {
            self.params.remove(name);
        } else {
            self.params.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    /// A parameter; empty when it is not there.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// The filter as typed.
    pub(crate) fn query(&self) -> &str {
        self.param(QUERY)
    }

    /// What stays when somebody goes from here to `next`: the opened system, the filter and the zone of times.
    pub(crate) fn going(&self, next: Self) -> Self {
        let keep = |route: Self, name: &str| {
            if route.params.contains_key(name) { route } else { route.with(name, self.param(name)) }
        };
        keep(keep(keep(next, SYSTEM), QUERY), TIME)
    }

    /// Reads the text after `#`. Anything can be read; what makes no sense leads to the first page.
    pub(crate) fn parse(hash: &str) -> Self {
        let text = hash.trim_start_matches('#').trim_start_matches('/');
        let (path, params) = text.split_once('?').unwrap_or((text, ""));
        let (page, id) = path.split_once('/').unwrap_or((path, ""));
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=')?;
            Some((decode(name), decode(value)))
        };
        Self {
            page: decode(page),
            id: decode(id),
            params: params.split('&').filter_map(pair).filter(|(_, value)| !value.is_empty()).collect(),
        }
    }

    /// The text for a link, with its `#`.
    pub(crate) fn hash(&self) -> String {
        let mut text = format!("#/{}", encode(&self.page));
        if !self.id.is_empty() {
            let _ = write!(text, "/{}", encode(&self.id));
        }
        for (at, (name, value)) in self.params.iter().enumerate() {
            let separator = if at == 0 { '?' } else { '&' };
            let _ = write!(text, "{separator}{}={}", encode(name), encode(value));
        }
        text
    }
}

/// Leaves what a person can read in an address bar; `?`, `&`, `=`, `%`, `#` and blanks are escaped.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:@!*,;()>".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let escaped = hex.filter(|_| *first == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_say_everything() {
        let route = Route::source("process/8 1.json", "files/status")
            .with(QUERY, "user:www-data or \"a b\" -x%")
            .with("sel", "812");
        assert_eq!(Route::parse(&route.hash()), route);
        assert_eq!(Route::process(812).with("tab", "sockets").hash(), "#/process/812?tab=sockets");
        assert_eq!(Route::to("network").hash(), "#/network");
    }

    #[test]
    fn any_text_leads_somewhere() {
        for text in ["", "#", "#/", "#?&=&", "#/x/%zz?%=%&q", "#/ä/%ff?q=%F0"] {
            let route = Route::parse(text);
            assert_eq!(Route::parse(&route.hash()), route, "{text}");
        }
        assert_eq!(Route::parse("#/processes?q=").query(), "");
        assert_eq!(Route::parse("process/7").page, "process");
    }

    #[test]
    fn the_filter_goes_along_unless_there_is_a_new_one() {
        let here = Route::parse("#/processes?q=a&sel=3&in=1");
        assert_eq!(here.going(Route::to("network")).hash(), "#/network?in=1&q=a");
        assert_eq!(here.going(Route::to("files").with(QUERY, "b")).query(), "b");
    }
}
