//! Which system has this address? The question and its answers.

use super::{ASK, name, process, source};
use crate::format::{clip, count, moment, plural};
use crate::state::{Fleet, Rows, use_fleet, use_go, use_here};
use crate::ui::banner::{Tone, banner};
use crate::ui::dom::focus;
use crate::ui::icon::Icon;
use crate::view::export::{Export, written_together};
use procglass_query::Table;
use procglass_query::write::Form;
use procglass_systems::{Answer, AnswerKind, Question};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The field.
#[component]
pub(super) fn AskBox() -> Html {
    let (here, go) = (use_here(), use_go());
    let field = use_node_ref();
    let asked = here.param(ASK).to_owned();
    // Whoever comes here to ask can type at once.
    use_effect_with(asked.is_empty(), {
        let field = field.clone();
        move |empty| {
            if let Some(field) = field.cast::<web_sys::Element>().filter(|_| *empty) {
                focus(&field);
            }
        }
    });
    let send = {
        let (here, field) = (here, field.clone());
        move |text: Option<String>| {
            let typed = field.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
            go.to((*here.0).clone().with(ASK, text.unwrap_or(typed).trim()));
        }
    };
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => send(None),
            "Escape" => {
                let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
                if let Some(field) = field {
                    field.set_value("");
                }
                send(Some(String::new()));
            }
            _ => {}
        })
    };
    let onask = {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| send(None))
    };
    let onclear = Callback::from(move |_: MouseEvent| send(Some(String::new())));
    html! {
        <div class="ask" role="search">
            <label class="ask-words" for="ask">{ "Which system has, or spoke to" }</label>
            <input ref={field} id="ask" type="text" autocomplete="off" spellcheck="false" autocapitalize="off" value={asked.clone()} {onkeydown}
                placeholder="10.0.3.4, a network, a port, an id, a SHA-256" data-testid="ask" />
            <button type="button" onclick={onask} data-testid="ask-go">{ "Ask" }</button>
            if !asked.is_empty() { <button type="button" class="quiet" onclick={onclear}>{ Icon::Close.html() }{ "back to all systems" }</button> }
        </div>
    }
}

/// Properties of [`Reply`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) question: String,
}

/// The answers, the strongest first.
#[component]
pub(super) fn Reply(props: &Props) -> Html {
    let (here, fleet) = (use_here(), use_fleet());
    let reply = use_memo((fleet.clone(), props.question.clone()), |(fleet, question)| {
        Question::parse(question)
            .map(|question| (fleet.register.ask(&question), question.words(), question.searched()))
    });
    let write = use_callback((fleet.clone(), reply.clone()), |form: Form, (fleet, reply)| match &**reply {
        Ok((reply, ..)) => written_together(Table::answers(&fleet.register, reply), form),
        Err(_) => Vec::new(),
    });
    let (reply, words, searched) = match &*reply {
        Ok((reply, words, searched)) => (reply, words, *searched),
        Err(error) => {
            return banner(Tone::Warning, html! { <p data-testid="ask-error">{ error.to_string() }</p> });
        }
    };
    let [has, ..] = reply.counts;
    let one = |answer: &Answer| {
        let who = answer.process.map(|row| process(&here, &fleet, answer.system, row));
        html! {
            <li class="answer" data-testid="answer" data-kind={answer.kind.word()}>
                <span class="answer-who">{ name(&here, &fleet, answer.system) }{ who }{ bundle(&fleet, answer) }</span>
                <span class="answer-what"><bdi>{ answer.sentence.clone() }</bdi>
                    <span class="note">{ answer.when.map(|when| format!(" as of {}", moment(when))).unwrap_or_default() }</span></span>
                <span class="answer-proof"><code class="string">{ clip(answer.proof.excerpt.as_bytes(), 160).into_owned() }</code>{ source(&here, answer.system, &answer.proof) }</span>
            </li>
        }
    };
    let section = |kind: AnswerKind| {
        let answers: Vec<_> = reply.answers.iter().filter(|answer| answer.kind == kind).collect();
        let all = reply.counts.get(kind as usize).copied().unwrap_or_default();
        if answers.is_empty() {
            return Html::default();
        }
        html! {
            <section aria-label={head(kind)}><h3>{ head(kind) }<span class="number">{ count(all) }</span></h3>
                <ul class="answers">{ for answers.iter().copied().map(one) }</ul>
                if all > answers.len() { <p class="note">{ format!("{} more are not shown: ask for less", count(all - answers.len())) }</p> }
            </section>
        }
    };
    html! {
        <article class="prose reply" data-testid="reply">
            <h2 class="reply-head">{ words.clone() }</h2>
            <p><Export rows={Rows { what: "answers", write }} /></p>
            { for reply.notes.iter().map(|note| banner(Tone::Warning, html! { <p>{ note.clone() }</p> })) }
            if reply.answers.is_empty() {
                <p class="empty" data-testid="nothing">{ format!("No bundle that is open has, listens on, is connected to or mentions {words}. That is no proof that no system had it: bundles of others may be missing, and each shows one moment.") }</p>
                <p class="note" data-testid="ask-searched">{ format!("In {}. {searched}", plural(fleet.slots.len(), "bundle", "bundles")) }</p>
            } else if has == 0 && reply.holders.is_empty() {
                <p class="empty">{ "No system that is open has it as its own; what follows knows of it." }</p>
            }
            { for AnswerKind::ALL.into_iter().map(section) }
        </article>
    }
}

/// Which of several snapshots of one system it stands in.
fn bundle(fleet: &Fleet, answer: &Answer) -> Html {
    if fleet.register.snapshots(answer.system).len() < 2 {
        return Html::default();
    }
    let name =
        fleet.register.get(answer.system).map(|record| clip(record.bundle.as_bytes(), 60).into_owned());
    html! { <span class="note">{ name.unwrap_or_default() }</span> }
}

fn head(kind: AnswerKind) -> &'static str {
    match kind {
        AnswerKind::Has => "Has it",
        AnswerKind::Listens => "Listens there",
        AnswerKind::Connected => "Is connected to it",
        AnswerKind::Mentions => "Mentions it",
    }
}
