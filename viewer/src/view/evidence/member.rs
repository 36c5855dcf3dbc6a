//! The bytes of one member, or of a file inside it.

use super::bytes::{Extent, use_bytes};
use super::members::{differing, state};
use crate::format::{bytes, clip};
use crate::state::{QUERY, Route, use_data, use_go, use_here};
use crate::ui::banner::{Tone, banner};
use crate::ui::bytes_view::BytesView;
use crate::ui::copy::CopyButton;
use crate::ui::save::{file_name, save};
use crate::ui::tabs::Tabs;
use procglass_model::bundle::hex;
use procglass_snapshot::analysis::source::parts;
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
    let (found, extent) = use_bytes(data.as_ref(), &name, &part);
    let names = use_memo((data.clone(), name.clone()), |(data, name)| {
        data.as_ref().map(|data| parts(&data.snapshot, name)).unwrap_or_default()
    });
    let text = use_callback(found.clone(), |(), found| {
        found.as_ref().map(|bytes| procglass_model::text::visible(&bytes.0).into_owned()).unwrap_or_default()
    });
    let Some(data) = data else { return Html::default() };
    let hexadecimal = match here.param(AS) {
        "" => found.as_ref().is_some_and(|bytes| is_binary(&bytes.0)),
        form => form == "hex",
    };
    let onsave = {
        let (found, name) = (found.clone(), file_name(&[&data.snapshot.host_name(), &name, &part], "bin"));
        Callback::from(move |_: MouseEvent| {
            if let Some(bytes) = &found {
                save(&name, "application/octet-stream", &bytes.0);
            }
        })
    };
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
                <Tabs label="form" chosen={if hexadecimal { "hex" } else { "text" }} {onchoose} choices={vec![("text".into(), "Text".into()), ("hex".into(), "Hex".into())]} />
                if let Some(found) = found.as_ref().filter(|_| extent == Extent::Whole) {
                    <span class="note">{ bytes(found.0.len() as u64) }</span><CopyButton {text} what="text" />
                    <button type="button" class="quiet" onclick={onsave} data-testid="save-member" title="Saves these bytes as they were collected. What was recovered from a running process may be harmful: the name ends in .bin so that nothing runs it by accident.">{ "Save as a file" }</button>
                }
                if let Some((word, class)) = check { <span class={classes!("tally", class)}>{ format!("SHA-256 of the member: {word}") }</span> }
            </div>
            if !names.is_empty() {
                <div class="parts">{ for names.iter().map(link) }</div>
            }
            { match (&extent, &found) {
                (Extent::Reading, Some(first)) => html! { <p class="tally under" role="status" data-testid="reading-member">{ format!("The first {} of {}; the rest is being read from the bundle …", bytes(first.0.len() as u64), bytes(member.map_or(0, |member| member.size))) }</p> },
                (Extent::Cut(error), Some(first)) => html! { <div class="prose">{ banner(Tone::Warning, html! { <p>{ format!("Only the first {} are shown: {error}", bytes(first.0.len() as u64)) }</p> }) }</div> },
                _ => Html::default(),
            } }
            { match (&found, member) {
                (Some(found), _) => html! { <BytesView bytes={found.clone()} hex={hexadecimal} line={here.param(LINE).parse::<u32>().ok()} /> },
                (None, Some(_)) => html! { <div class="prose">{ banner(Tone::Warning, html! { <p>{ format!("The member has no part `{}`: it was not collected.", clip(part.as_bytes(), 120)) }</p> }) }</div> },
                (None, None) => html! { <div class="prose">{ banner(Tone::Warning, html! { <p>{ format!("There is no member `{}` in this bundle.", clip(name.as_bytes(), 160)) }</p> }) }</div> },
            } }
            if let Some(hash) = member.and_then(|member| member.sha256) { <p class="tally under"><code class="hash">{ hex(&hash) }</code></p> }
        </div>
    }
}

/// Whether bytes are a program or the like. A NUL says nothing: it stands between arguments as well.
fn is_binary(bytes: &[u8]) -> bool {
    const LOOK: usize = 512;
    let head = bytes.get(..LOOK.min(bytes.len())).unwrap_or_default();
    let control = head.iter().filter(|byte| matches!(byte, 1..=8 | 14..=26 | 28..=31)).count();
    head.starts_with(b"\x7fELF") || control > head.len() / 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_binary_and_arguments_are_not() {
        assert!(is_binary(b"\x7fELF\x02\x01\x01\0\0\0\0"));
        assert!(is_binary(b"\x03\0\x01\0\x11\0\x05\0"));
        let text: [&[u8]; 4] =
            [b"", b"sh\0-c\0a\0b\0c\0", b"Name:\tx\nState:\tS\n", b"r\xc3\xa9sum\xc3\xa9 \x1b[1m"];
        for text in text {
            assert!(!is_binary(text), "{text:?}");
        }
    }
}
