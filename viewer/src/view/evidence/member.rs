//! The bytes of one member, or of a file inside it.

use super::members::{differing, state};
use crate::format::{bytes, clip};
use crate::state::{QUERY, Route, use_data, use_go, use_here};
use crate::ui::banner::{Tone, banner};
use crate::ui::bytes_view::{Bytes, BytesView};
use crate::ui::copy::CopyButton;
use crate::ui::tabs::Tabs;
use procglass_model::analysis::source::{Piece, parts, piece};
use procglass_model::bundle::hex;
use std::rc::Rc;
use yew::prelude::*;

/// Parameter: the file inside a member.
const PART: &str = "part";
/// Parameter: `hex`.
const AS: &str = "as";
/// Parameter: a line to mark.
const LINE: &str = "line";

/// The page.
#[component]
pub(super) fn MemberPage() -> Html {
    let (here, go, data) = (use_here(), use_go(), use_data());
    let name = here.id.clone();
    let part = here.param(PART).to_owned();
    let found = use_memo((data.clone(), name.clone(), part.clone()), |(data, name, part)| {
        match data.as_ref().map_or(Piece::Missing, |data| piece(&data.snapshot, name, part)) {
            Piece::Bytes(bytes) => Some(Bytes(Rc::new(bytes))),
            Piece::Json(text) => Some(Bytes(Rc::new(text.into_bytes()))),
            Piece::Missing => None,
        }
    });
    let names = use_memo((data.clone(), name.clone()), |(data, name)| {
        data.as_ref().map(|data| parts(&data.snapshot, name)).unwrap_or_default()
    });
    let text = use_callback(found.clone(), |(), found| {
        found
            .as_ref()
            .as_ref()
            .map(|bytes| procglass_model::text::visible(&bytes.0).into_owned())
            .unwrap_or_default()
    });
    let Some(data) = data else { return Html::default() };
    let hexadecimal = here.param(AS) == "hex";
    let onchoose = {
        let (go, here) = (go, here.clone());
        Callback::from(move |value: AttrValue| go.replace((*here.0).clone().with(AS, &value)))
    };
    let all = here.going(Route::to("evidence")).with("show", "members").with(QUERY, "").hash();
    let member = data.snapshot.members.get(&name);
    let check = member.map(|member| state(&data, &member.name, &differing(&data)));
    let whole = Route::to("evidence").about(&name);
    let link = |part: &String| {
        let href = here.going(whole.clone().with(PART, part)).with(QUERY, "").hash();
        html! { <a class={classes!("chip", (here.param(PART) == part).then_some("on"))} {href}>{ part.strip_prefix("files/").unwrap_or(part).to_owned() }</a> }
    };
    html! {
        <div class="stack" data-testid="member-page">
            <div class="toolbar">
                <nav class="crumbs" aria-label="Place"><a href={all}>{ "Members" }</a><span>{ "▸" }</span>
                    if part.is_empty() { <strong>{ clip(name.as_bytes(), 160).into_owned() }</strong> } else {
                        <a href={here.going(whole.clone()).with(QUERY, "").hash()}>{ clip(name.as_bytes(), 160).into_owned() }</a><span>{ "▸" }</span><strong>{ clip(part.as_bytes(), 120).into_owned() }</strong>
                    }
                </nav>
                <Tabs label="form" chosen={if hexadecimal { "hex" } else { "" }} {onchoose} choices={vec![("".into(), "Text".into()), ("hex".into(), "Hex".into())]} />
                if let Some(found) = found.as_ref() { <span class="note">{ bytes(found.0.len() as u64) }</span><CopyButton {text} what="text" /> }
                if let Some((word, class)) = check { <span class={classes!("tally", class)}>{ format!("SHA-256 of the member: {word}") }</span> }
            </div>
            if !names.is_empty() {
                <div class="parts">{ for names.iter().map(link) }</div>
            }
            { match (found.as_ref(), member) {
                (Some(found), _) => html! { <BytesView bytes={found.clone()} hex={hexadecimal} line={here.param(LINE).parse::<u32>().ok()} /> },
                (None, Some(_)) => html! { <div class="prose">{ banner(Tone::Warning, html! { <p>{ format!("The member has no part `{}`: it was not collected.", clip(part.as_bytes(), 120)) }</p> }) }</div> },
                (None, None) => html! { <div class="prose">{ banner(Tone::Warning, html! { <p>{ format!("There is no member `{}` in this bundle.", clip(name.as_bytes(), 160)) }</p> }) }</div> },
            } }
            if let Some(member) = member { <p class="tally under"><code class="hash">{ hex(&member.sha256) }</code></p> }
        </div>
    }
}
