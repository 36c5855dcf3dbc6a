//! Bytes on the screen: as text with visible escapes, or as hexadecimal.

use super::hexdump;
use super::lines::split;
use super::slot::At;
use super::virtual_list::VirtualList;
use std::rc::Rc;
use yew::prelude::*;

/// Bytes behind a pointer, compared by it.
#[derive(Clone, Default)]
pub(crate) struct Bytes(pub(crate) Rc<Vec<u8>>);

impl PartialEq for Bytes {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Properties of [`BytesView`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The bytes.
    pub(crate) bytes: Bytes,
    /// As hexadecimal.
    pub(crate) hex: bool,
    /// A line to mark and to show, from 1.
    #[prop_or_default]
    pub(crate) line: Option<u32>,
}

const HEIGHT: usize = 20;

/// The view; only the lines on the screen are made.
#[component]
pub(crate) fn BytesView(props: &Props) -> Html {
    let lines = use_memo(
        (props.bytes.clone(), props.hex),
        |(bytes, hex)| if *hex { Vec::new() } else { split(&bytes.0) },
    );
    let count = if props.hex { hexdump::rows(props.bytes.0.len()) } else { lines.len() };
    let row = use_callback((props.bytes.clone(), props.hex, props.line), {
        let lines = lines.clone();
        move |at: At, (bytes, hex, marked)| {
            if *hex {
                let (offset, pairs, text) = hexdump::row(&bytes.0, at.row);
                return html! {
                    <div class="row" role="row" aria-rowindex={(at.row + 1).to_string()} data-row={at.number()}>
                        <span role="cell" class="number">{ offset }</span><span role="cell" class="pairs">{ pairs }</span><span role="cell">{ text }</span>
                    </div>
                };
            }
            let Some(line) = lines.get(at.row) else { return Html::default() };
            let shown = bytes.0.get(line.bytes.clone()).unwrap_or_default();
            let number = if line.continued { "↳".into() } else { line.number.to_string() };
            html! {
                <div class={classes!("row", (*marked == Some(line.number)).then_some("marked"))} role="row" aria-rowindex={(at.row + 1).to_string()} data-row={at.number()}>
                    <span role="cell" class="number">{ number }</span><span role="cell">{ readable(shown) }</span>
                </div>
            }
        }
    });
    let reveal = props.line.and_then(|wanted| {
        let at = lines.iter().position(|line| line.number == wanted)?;
        Some((at, at))
    });
    if count == 0 {
        return html! { <p class="empty">{ "Empty: nothing was in it." }</p> };
    }
    let class = if props.hex { "bytes hex" } else { "bytes text" };
    html! { <VirtualList {count} {row} height={HEIGHT} {class} label="bytes" testid="bytes" {reveal} /> }
}

/// Text with visible escapes. Tabs and NULs are common here, so they are dimmed: the text between them is what is read.
fn readable(bytes: &[u8]) -> Html {
    let is_mark = |byte: &u8| matches!(byte, b'\t' | 0);
    let piece = |piece: &[u8]| {
        let (text, mark) = match piece.split_last() {
            Some((b'\t', text)) => (text, Some("\\t  ")),
            Some((0, text)) => (text, Some("\\0")),
            _ => (piece, None),
        };
        html! { <>{ procglass_model::text::visible(text).into_owned() }if let Some(mark) = mark { <span class="mark-byte">{ mark }</span> }</> }
    };
    html! { <>{ for bytes.split_inclusive(is_mark).map(piece) }</> }
}
