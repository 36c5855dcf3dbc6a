//! Whom a process talks to inside this system.

use super::context::Context;
use super::section::Section;
use crate::format::count;
use crate::state::Route;
use crate::ui::more::More;
use crate::view::network::way;
use procglass_snapshot::analysis::talk::{Crowd, Talk};
use yew::prelude::*;

/// The section; nothing where nothing is known of it.
pub(super) fn section(context: &Context) -> Html {
    let talks = context.data.talks();
    let (pairs, crowds) = (talks.with(context.index).count(), talks.crowds_of(context.index).count());
    if pairs + crowds == 0 {
        return Html::default();
    }
    let inner = context.clone();
    let lines = Callback::from(move |limit: usize| {
        let talks = inner.data.talks();
        let pairs = talks.with(inner.index).take(limit).map(|talk| line(&inner, talk));
        let crowds = talks.crowds_of(inner.index).take(limit).map(crowd);
        html! { <ul class="plain-list">{ for pairs }{ for crowds }</ul> }
    });
    let all = context.here.going(Route::to("network")).with("kind", "talk").with("q", "").hash();
    html! {
        <Section id="talks" title="Talks to, inside this system" number={pairs + crowds} tools={html! { <a class="quiet" href={all}>{ "all of the system" }</a> }}>
            <More count={pairs + crowds} first={20} {lines} what="of them" />
        </Section>
    }
}

fn line(context: &Context, talk: &Talk) -> Html {
    let out = talk.from == context.index;
    let other = if out { talk.to } else { talk.from };
    let words = match (talk.directed, out) {
        (false, _) => "with ",
        (true, true) => "to ",
        (true, false) => "from ",
    };
    let times = if talk.count > 1 { format!(", {} times", count(talk.count)) } else { String::new() };
    html! { <li>{ words }{ context.link(other) }<span class="note">{ format!(" through {}{times}", way(talk.way)) }</span></li> }
}

fn crowd(crowd: &Crowd) -> Html {
    html! { <li>{ format!("pipe {}, which {} processes can write and {} can read", crowd.inode, count(crowd.writers.len()), count(crowd.readers.len())) }</li> }
}
