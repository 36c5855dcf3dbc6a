//! Before there is a system: opening, loading, and what went wrong.

use crate::format::{bytes, count, float, whole};
use crate::load::{Dropped, Input, Progress};
use crate::ui::banner::{Tone, banner};
use crate::ui::dom::{Listener, document, set_property};
use crate::ui::icon::Icon;
use procglass_model::bundle::{AGE_ARMOR, ARMOR_BEGIN, BUNDLE_ARMOR};
use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, FileList, HtmlInputElement, HtmlTextAreaElement};
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
            open_files(input.and_then(|input| input.files()), &open);
        })
    };
    let oninput = {
        let open = props.open.clone();
        Callback::from(move |event: InputEvent| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
            let text = field.map(|field| field.value()).unwrap_or_default();
            // Opens by itself once the last line is there.
            if [&BUNDLE_ARMOR, &AGE_ARMOR]
                .iter()
                .any(|armor| text.contains(armor.begin) && text.contains(armor.end))
            {
                open.emit(vec![Input::Text(text)]);
            }
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
            <details class="paste">
                <summary>{ "Paste text from a terminal" }</summary>
                <label class="paste-label" for="paste">{ "The whole output of procglass-collect --armor, from the BEGIN line to the END line" }</label>
                <textarea id="paste" rows="5" spellcheck="false" autocomplete="off" data-testid="open-text" placeholder={ARMOR_BEGIN} {oninput} />
            </details>
        </>
    }
}

fn open_files(files: Option<FileList>, open: &Callback<Vec<Input>>) {
    let Some(files) = files else { return };
    let inputs: Vec<_> = (0..files.length()).filter_map(|at| files.get(at)).map(Input::File).collect();
    if !inputs.is_empty() {
        open.emit(inputs);
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
    let dropped = Listener::new(document, "drop", move |event| {
        event.prevent_default();
        over.emit(false);
        let data = event.dyn_into::<DragEvent>().ok().and_then(|event| event.data_transfer());
        if let Some(dropped) = data.as_ref().map(Dropped::of) {
            let open = open.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let inputs = dropped.inputs().await;
                if !inputs.is_empty() {
                    open.emit(inputs);
                }
            });
        }
    });
    vec![hover("dragover", true), hover("dragleave", false), dropped]
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
