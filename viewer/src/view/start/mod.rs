//! Before there is a system: opening, loading, and what went wrong.

use crate::format::{bytes, count, float, whole};
use crate::load::{Dropped, Input, Progress, chosen};
use crate::ui::banner::{Tone, banner};
use crate::ui::dom::{Listener, document, set_property};
use crate::ui::icon::Icon;
use crate::ui::timer::Later;
use procglass_model::bundle::{AGE_ARMOR, ARMOR_BEGIN, BUNDLE_ARMOR, Kind};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Properties of [`Start`].
#[derive(Properties, PartialEq)]
pub(crate) struct StartProps {
    /// Takes what somebody wants to open.
    pub(crate) open: Callback<Vec<Input>>,
}

/// The first page of an empty viewer.
#[component]
pub(crate) fn Start(props: &StartProps) -> Html {
    html! {
        <main class="start">
            <h1 class="mark">{ "procglass" }</h1>
            <p class="lead">{ "Look into a snapshot of a Linux system: its processes, connections and open files, as they were at one moment." }</p>
            <Opener open={props.open.clone()} />
            <section class="how"><h2>{ "No bundle yet?" }</h2>
                <p>{ "Run the collector on the system, as root where possible. It writes one file and changes nothing else:" }</p>
                <pre>{ "procglass-collect" }</pre>
                <p>{ "Where only a terminal comes out of a container, let it print text, and paste that here:" }</p>
                <pre>{ "procglass-collect --armor -o -" }</pre></section>
            <p class="promise">{ Icon::Done.html() }<span>{ "Nothing leaves this page: its policy allows no connection at all, and it works offline." }</span></p>
        </main>
    }
}

/// Properties of [`Failed`].
#[derive(Properties, PartialEq)]
pub(crate) struct FailedProps {
    /// What went wrong, a line for each file.
    pub(crate) message: String,
    /// Takes the next attempt.
    pub(crate) open: Callback<Vec<Input>>,
}

/// When nothing could be opened.
#[component]
pub(crate) fn Failed(props: &FailedProps) -> Html {
    html! {
        <main class="start">
            <h1 class="mark">{ "procglass" }</h1>
            { for props.message.lines().map(|line| banner(Tone::Bad, html! { <p data-testid="error">{ line.to_owned() }</p> })) }
            <p>{ "A bundle is the file that procglass-collect writes: its name ends in .procglass.tar.gz. Text from its --armor option can be pasted." }</p>
            <Opener open={props.open.clone()} />
        </main>
    }
}

/// Drop zone, file dialog and paste field.
#[component]
fn Opener(props: &StartProps) -> Html {
    let over = use_state_eq(|| false);
    use_effect_with(props.open.clone(), {
        let over = over.setter();
        move |open| {
            let over = Callback::from(move |on| over.set(on));
            let listeners = document().map(|document| drop_anywhere(&document, open.clone(), &over));
            move || drop(listeners)
        }
    });
    let onchange = {
        let open = props.open.clone();
        Callback::from(move |event: Event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            let inputs = chosen(input.as_ref().and_then(HtmlInputElement::files));
            if !inputs.is_empty() {
                open.emit(inputs);
            }
        })
    };
    let onfolder = {
        let open = props.open.clone();
        Callback::from(move |event: Event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            let mut inputs = chosen(input.as_ref().and_then(HtmlInputElement::files));
            if inputs.is_empty() {
                inputs.push(Input::Unread("The folder".into(), "there is no file in it".into()));
            }
            open.emit(inputs);
        })
    };
    let pasted = use_state_eq(|| Pasted::Nothing);
    let later = use_memo((), |()| Later::default());
    let oninput = {
        let (open, pasted) = (props.open.clone(), pasted.setter());
        Callback::from(move |event: InputEvent| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
            let text = field.map(|field| field.value()).unwrap_or_default();
            let now = Pasted::of(&text);
            later.off();
            match now {
                Pasted::Whole => open.emit(vec![Input::Text(text)]),
                // More of it may be pasted.
                Pasted::Cut => {
                    let open = open.clone();
                    later.call(CUT_MS, move || open.emit(vec![Input::Text(text.clone())]));
                }
                Pasted::Nothing | Pasted::Other => {}
            }
            pasted.set(now);
        })
    };
    html! {
        <>
            <label class={classes!("drop", over.then_some("over"))}>
                { Icon::Open.html() }
                <span class="drop-main">{ "Drop a bundle here, or choose one" }</span>
                <span class="drop-hint">{ "*.procglass.tar.gz; several files, or a folder, are several systems" }</span>
                <input type="file" multiple=true data-testid="open-input" {onchange} />
            </label>
            <p class="drop-else"><label class="choose-file">{ Icon::Open.html() }<span>{ "Open a folder" }</span><input type="file" webkitdirectory={true} data-testid="open-folder" onchange={onfolder} /></label></p>
            <details class="paste">
                <summary>{ "Paste text from a terminal" }</summary>
                <label class="paste-label" for="paste">{ "The whole output of procglass-collect --armor, from the BEGIN line to the END line" }</label>
                <textarea id="paste" rows="5" spellcheck="false" autocomplete="off" data-testid="open-text" placeholder={ARMOR_BEGIN} {oninput} />
                <p class="note" role="status" data-testid="paste-said">{ pasted.words() }</p>
            </details>
        </>
    }
}

/// Milliseconds until text without its last line is opened.
const CUT_MS: i32 = 1_500;

/// What text that somebody pasted holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pasted {
    /// Nothing.
    Nothing,
    /// Text without a bundle.
    Other,
    /// A bundle whose last line is missing.
    Cut,
    /// One bundle or more, each with its last line.
    Whole,
}

impl Pasted {
    /// Tells it by the first and last lines of armored bundles.
    pub(crate) fn of(text: &str) -> Self {
        let armors = [&BUNDLE_ARMOR, &AGE_ARMOR];
        let begin = armors.iter().filter_map(|armor| text.rfind(armor.begin)).max();
        let end = armors.iter().filter_map(|armor| text.rfind(armor.end)).max();
        match begin {
            None if text.trim().is_empty() => Self::Nothing,
            None => Self::Other,
            Some(_) if end > begin => Self::Whole,
            Some(_) => Self::Cut,
        }
    }

    /// Whether a bundle is in it, whole or cut.
    pub(crate) fn has_bundle(self) -> bool {
        matches!(self, Self::Cut | Self::Whole)
    }

    fn words(self) -> String {
        match self {
            Self::Nothing | Self::Whole => String::new(),
            Self::Other => format!("There is no bundle here: {}.", Kind::Text),
            Self::Cut => {
                "The last line is missing: the text was cut. What is there is opened in a moment.".into()
            }
        }
    }
}

/// A file that misses the zone would make the browser leave the page, so the whole page takes it.
pub(crate) fn drop_anywhere(
    document: &web_sys::Document,
    open: Callback<Vec<Input>>,
    over: &Callback<bool>,
) -> Vec<Listener> {
    let hover = |kind, on| {
        let over = over.clone();
        Listener::new(document, kind, move |event| {
            event.prevent_default();
            over.emit(on);
        })
    };
    let over = over.clone();
    // Text and links of the page itself can be dragged, too, and are no evidence.
    let own = Rc::new(Cell::new(false));
    let from_here = Rc::clone(&own);
    let dropped = Listener::new(document, "drop", move |event| {
        event.prevent_default();
        over.emit(false);
        if from_here.take() {
            return;
        }
        let data = event.dyn_into::<DragEvent>().ok().and_then(|event| event.data_transfer());
        if let Some(dropped) = data.as_ref().map(Dropped::of) {
            let open = open.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let mut inputs = dropped.inputs().await;
                if inputs.is_empty() {
                    inputs.push(Input::Unread(
                        "What was dropped".into(),
                        "there is no file and no text in it".into(),
                    ));
                }
                open.emit(inputs);
            });
        }
    });
    let drag = |kind, on| {
        let own = Rc::clone(&own);
        Listener::new(document, kind, move |_| own.set(on))
    };
    let (begun, ended) = (drag("dragstart", true), drag("dragend", false));
    vec![hover("dragover", true), hover("dragleave", false), dropped, begun, ended]
}

/// Properties of [`Loading`].
#[derive(Properties, PartialEq)]
pub(crate) struct LoadingProps {
    /// How far it is.
    pub(crate) progress: Progress,
    /// Stops it.
    pub(crate) oncancel: Callback<()>,
}

/// While a bundle is read.
#[component]
pub(crate) fn Loading(props: &LoadingProps) -> Html {
    let bar = use_node_ref();
    let Progress { name, file: (file, files), done, total, members, processes, system, first } =
        &props.progress;
    let thousandths = whole(float(*done) / float((*total).max(1)) * 1_000.0).min(1_000);
    use_effect_with(done.to_owned(), {
        let bar = bar.clone();
        move |_| {
            if let Some(bar) = bar.cast::<web_sys::Element>() {
                set_property(&bar, "transform", &format!("scaleX(calc({thousandths} / 1000))"));
            }
        }
    });
    let percent = (thousandths / 10).to_string();
    let onclick = {
        let cancel = props.oncancel.clone();
        Callback::from(move |_: MouseEvent| cancel.emit(()))
    };
    html! {
        <main class="start" data-testid="progress">
            <h1 class="mark">{ "procglass" }</h1>
            <p class="lead">{ "Opening " }<bdi>{ name }</bdi>if *files > 1 { <span data-testid="file-number">{ format!(" · {} of {} files", count(*file), count(*files)) }</span> }</p>
            <div class="progress" role="progressbar" aria-label="reading" aria-valuemin="0" aria-valuemax="100" aria-valuenow={percent}>
                <div ref={bar} class="progress-bar" />
            </div>
            <p class="progress-words">{ format!(
                "{} of {} · {} members · {} processes", bytes(*done as u64), bytes(*total as u64), count(*members), count(*processes)
            ) }</p>
            <button type="button" data-testid="cancel" {onclick}>{ if *file > 1 { "Stop here, and use what is open" } else { "Cancel" } }</button>
            if let Some(system) = system {
                <section class="first" aria-label="What was read so far">
                    <h2>{ system }</h2>
                    <ul>{ for first.iter().map(|process| html! {
                        <li data-pid={process.pid.to_string()}><span class="first-pid">{ process.pid }</span><bdi>{ &process.name }</bdi><bdi class="first-exe">{ &process.exe }</bdi></li>
                    }) }</ul>
                </section>
            }
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_text() {
        let (begin, end) = (ARMOR_BEGIN, BUNDLE_ARMOR.end);
        for (text, expected) in [
            (" \n".to_owned(), Pasted::Nothing),
            ("$ ls".to_owned(), Pasted::Other),
            (format!("$ x\n{begin}\nAAAA"), Pasted::Cut),
            (format!("{begin}\nAAAA\n{end}\n"), Pasted::Whole),
            (format!("{begin}\nAAAA\n{end}\n{begin}\nBB"), Pasted::Cut),
            (format!("{begin}\nAAAA\n{end}\n{}\nBB\n{}", AGE_ARMOR.begin, AGE_ARMOR.end), Pasted::Whole),
        ] {
            assert_eq!(Pasted::of(&text), expected, "{text}");
        }
        assert!(Pasted::Other.words().contains("BEGIN PROCGLASS BUNDLE"));
    }
}
