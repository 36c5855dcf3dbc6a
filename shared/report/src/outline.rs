//! A page as elements and text, from which both HTML and the viewer's own nodes are made: evidence is text in it, whatever it
//! holds.

use super::html::Html;

/// A piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Text from anywhere. It is made visible when it is shown.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element with its class and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name: `p`, `li`.
    pub name: &'static str,
    /// Its classes; empty for none.
    pub class: &'static str,
    /// What is in it.
    pub children: Vec<Node>,
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Element> for Node {
    fn from(element: Element) -> Self {
        Self::Element(element)
    }
}

/// An empty element.
#[must_use]
pub(super) fn element(name: &'static str) -> Element {
    Element { name, class: "", children: Vec::new() }
}

impl Element {
    /// The same with classes.
    pub(super) fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// The same with something more in it.
    pub(super) fn with(mut self, child: impl Into<Node>) -> Self {
        self.push(child);
        self
    }

    /// The same with several things more.
    pub(super) fn with_all<T: Into<Node>>(mut self, children: impl IntoIterator<Item = T>) -> Self {
        self.children.extend(children.into_iter().map(Into::into));
        self
    }

    /// Puts something in it.
    pub(super) fn push(&mut self, child: impl Into<Node>) -> &mut Self {
        self.children.push(child.into());
        self
    }

    /// Puts an element with a text in it.
    pub(super) fn line(&mut self, name: &'static str, text: impl Into<Node>) -> &mut Self {
        self.push(element(name).with(text))
    }

    /// Puts a line of a table of facts in it; none without a value.
    pub(super) fn fact(&mut self, name: &'static str, value: Option<impl ToString>) -> &mut Self {
        if let Some(value) = value {
            self.line("dt", name).line("dd", value.to_string());
        }
        self
    }

    /// As HTML. Not deeper than the code that made it.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut html = Html::default();
        write(&mut html, self);
        html.done()
    }
}

fn write(html: &mut Html, element: &Element) {
    html.open(element.name, element.class);
    for child in &element.children {
        match child {
            Node::Text(text) => drop(html.text(text)),
            Node::Element(element) => write(html, element),
        }
    }
    html.close(element.name);
}
