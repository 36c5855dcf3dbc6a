//! One system against those that should be like it: what sets it apart from more than half of them.

use super::rows::{ABOUT, heads, one, plural_of};
use super::{AFTER, SHOW, Snapshots};
use crate::format::{count, plural};
use crate::load::{Cancel, Siblings as Compared, compare_siblings};
use crate::state::{
    Actions, Fleet, Here, QUERY, Rows, SYSTEM, use_filter, use_fleet, use_go, use_here, use_offers,
};
use crate::ui::select::Select;
use crate::ui::slot::At;
use crate::ui::tabs::Tabs;
use crate::ui::virtual_list::VirtualList;
use crate::view::export::{Export, written_together};
use procglass_query::edit::with_term;
use procglass_query::write::Form;
use procglass_query::{Filter, Table, complete_changes};
use procglass_systems::{ALIKE, Alike, SystemIndex};
use std::rc::Rc;
use yew::prelude::*;

/// Parameter: what makes siblings.
const LIKE: &str = "like";

/// Where the comparison stands.
#[derive(Clone, PartialEq)]
enum State {
    Reading(usize),
    Done(Key),
}

/// The choice of one and of its siblings, and what sets it apart.
#[component]
pub(super) fn AgainstSiblings() -> Html {
    let (here, go, fleet) = (use_here(), use_go(), use_fleet());
    let actions = use_context::<Actions>();
    let at = place(&here, &fleet);
    let choice = use_memo((fleet.clone(), at, here.param(LIKE).to_owned()), |(fleet, at, word)| {
        choice(fleet, *at, word)
    });
    let one = fleet.loaded.get(&at).cloned();
    // What is alone in memory knows no siblings yet; what is not in memory is read again.
    use_effect_with((at, one.is_none(), fleet.complete), move |(at, missing, complete)| {
        if let Some(actions) = actions {
            match (missing, complete) {
                (true, _) => actions.want.emit(*at),
                (_, false) => actions.complete.emit(()),
                _ => {}
            }
        }
    });
    let state = use_state_eq(|| State::Reading(0));
    let cancel = use_mut_ref(Cancel::default);
    // Siblings are read one after the other, so what is in memory may change meanwhile: it does not begin anew for that.
    let inputs = use_mut_ref(Fleet::default);
    inputs.replace(fleet);
    let subject = one.as_ref().map(|data| data.origin.sha256.clone());
    use_effect_with((at, subject, choice.clone()), {
        let (state, cancel, inputs, one) = (state.setter(), cancel.clone(), inputs, one);
        move |(_, subject, choice)| {
            let this = Cancel::default();
            cancel.replace(this.clone()).abandon();
            state.set(State::Reading(0));
            if let Some(one) = one.filter(|_| subject.is_some()) {
                let (siblings, this) = (choice.siblings.clone(), this.clone());
                wasm_bindgen_futures::spawn_local(async move {
                    let fleet = inputs.borrow().clone();
                    let told = |done| state.set(State::Reading(done));
                    if let Some(compared) = compare_siblings(one, &fleet, siblings, &this, &told).await {
                        state.set(State::Done(Key(Rc::new(compared))));
                    }
                });
            }
            move || this.abandon()
        }
    });
    let onlike = Callback::from(move |value: AttrValue| go.to((*here.0).clone().with(LIKE, &value)));
    let likes = choice.counts.iter().map(|(alike, number)| {
        (alike.word().into(), format!("{} ({})", words(*alike), count(*number)).into())
    });
    let likes: Vec<(AttrValue, AttrValue)> = likes.collect();
    let onstop = Callback::from(move |_: MouseEvent| cancel.borrow().cancel());
    html! {
        <>
            <div class="toolbar compare-choice">
                <Snapshots label="this one" param={AFTER} at={Some(at)} />
                <Select label="against those of" choices={likes} chosen={choice.alike.word()} onchoose={onlike} testid={LIKE} />
            </div>
            { match &*state {
                _ if choice.siblings.is_empty() => html! { <p class="empty" data-testid="nothing">{ "None of the other bundles is of such a system. Choose a wider circle above, or drop more bundles on this page." }</p> },
                State::Reading(done) => html! { <p class="empty" role="status" data-testid="siblings-progress">{ format!("{} of {} compared… ", count(*done), count(choice.siblings.len())) }
                    <button type="button" onclick={onstop} data-testid="siblings-stop">{ "Stop here, and use those" }</button></p> },
                State::Done(compared) => html! { <Differences {at} compared={compared.clone()} /> },
            } }
        </>
    }
}

/// The system that is asked about: what the address says, else the one that is shown.
fn place(here: &Here, fleet: &Fleet) -> usize {
    let given = |name: &str| here.param(name).parse::<usize>().ok().filter(|at| *at < fleet.slots.len());
    given(AFTER).or_else(|| given(SYSTEM)).unwrap_or_default()
}

/// What is compared.
#[derive(PartialEq)]
struct Choice {
    alike: Alike,
    siblings: Rc<[SystemIndex]>,
    /// How many there would be of each sort.
    counts: Vec<(Alike, usize)>,
}

/// Those that the address says, else the narrowest circle in which there is one.
fn choice(fleet: &Fleet, at: usize, word: &str) -> Choice {
    let index = SystemIndex(u32::try_from(at).unwrap_or(u32::MAX));
    let all = ALIKE.map(|alike| (alike, fleet.register.siblings(index, alike)));
    let counts = all.iter().map(|(alike, siblings)| (*alike, siblings.len())).collect();
    let given = all.iter().find(|(alike, _)| alike.word() == word);
    let chosen = given.or_else(|| all.iter().find(|(_, siblings)| !siblings.is_empty()));
    let (alike, siblings) = chosen.map_or((Alike::Any, &[][..]), |(alike, siblings)| (*alike, siblings));
    Choice { alike, siblings: siblings.into(), counts }
}

fn words(alike: Alike) -> &'static str {
    match alike {
        Alike::Image => "the same image",
        Alike::Service => "the same service",
        Alike::Kind => "the same kind",
        Alike::Any => "all others",
    }
}

/// Properties of [`Differences`].
#[derive(Properties, PartialEq)]
struct Props {
    /// The place of the system.
    at: usize,
    /// What was found.
    compared: Key,
}

#[component]
fn Differences(props: &Props) -> Html {
    let (here, go, filter) = (use_here(), use_go(), use_filter());
    let (at, key) = (props.at, props.compared.clone());
    let Key(compared) = key.clone();
    let show = here.param(SHOW).to_owned();
    let rows = use_memo((key.clone(), filter, show.clone()), |(Key(compared), filter, show)| {
        let one = &compared.one.snapshot;
        let all = compared.differences.iter().enumerate().filter(|(_, difference)| {
            (show.is_empty() || difference.change.about.word() == show)
                && (filter.is_empty() || filter.difference(one, difference))
        });
        all.map(|(at, _)| at).collect::<Rc<[usize]>>()
    });
    let row = use_callback(
        ((*rows).clone(), key.clone(), here.clone()),
        move |row: At, (rows, Key(compared), here)| {
            let place = rows.get(row.row).copied();
            let Some(difference) = place.and_then(|place| compared.differences.get(place)) else {
                return Html::default();
            };
            let last = format!("{} of {}", count(difference.siblings), count(compared.compared));
            one(here, (None, (at, Some(&compared.one))), &difference.change, Some(last), row)
        },
    );
    use_offers(key.clone(), |Key(compared), query| {
        let changes: Vec<_> = compared.differences.iter().map(|own| &own.change).collect();
        complete_changes(&[&compared.one.snapshot], &changes, query)
    });
    let asked = match show.as_str() {
        "" => here.query().to_owned(),
        about => with_term(here.query(), &format!("about:{about}")),
    };
    let write = use_callback((key, asked), |form: Form, (Key(compared), asked)| {
        let filter = Filter::parse(asked).unwrap_or_default();
        let table =
            Table::differences(&compared.one.snapshot, &compared.differences, compared.compared, &filter);
        written_together(table, form)
    });
    let number = |about| compared.differences.iter().filter(|own| own.change.about == about).count();
    let mut choices: Vec<(AttrValue, AttrValue)> =
        vec![("".into(), format!("All ({})", count(compared.differences.len())).into())];
    choices.extend(ABOUT.into_iter().filter(|about| number(*about) > 0).map(|about| {
        (about.word().into(), format!("{} ({})", plural_of(about), count(number(about))).into())
    }));
    let onchoose = {
        let here = here.clone();
        Callback::from(move |value: AttrValue| go.to((*here.0).clone().with(SHOW, &value)))
    };
    html! {
        <>
            <p class="note lead-note" data-testid="compare-sentence">{ sentence(&compared) }</p>
            { for compared.failures.iter().map(|failure| html! { <p class="note" data-testid="sibling-failure"><bdi>{ failure.clone() }</bdi></p> }) }
            <div class="toolbar"><Tabs {choices} chosen={show} label="What to show" {onchoose} />
                <Export rows={Rows { what: "differences", write }} />
                if !here.query().is_empty() { <p class="tally">{ format!("{} match · ", count(rows.len())) }<a href={(*here.0).clone().with(QUERY, "").hash()}>{ "clear the filter" }</a></p> }
            </div>
            if rows.is_empty() {
                <p class="empty" data-testid="nothing">{ if compared.differences.is_empty() { "Nothing sets it apart from more than half of them, in what the bundles hold." } else { "No difference matches." } }</p>
            } else {
                <VirtualList count={rows.len()} {row} head={heads("There → here", Some("Differs from"))} class="grid changes-table siblings-table" label="Differences" testid="changes-table" />
            }
        </>
    }
}

/// [`Compared`], by pointer.
#[derive(Clone)]
struct Key(Rc<Compared>);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

fn sentence(compared: &Compared) -> String {
    let all = plural(compared.compared, "sibling", "siblings");
    let stopped = if compared.compared < compared.siblings {
        format!(" of {}", count(compared.siblings))
    } else {
        String::new()
    };
    format!(
        "Compared with {all}{stopped}: what sets it apart from more than half of them. Process ids, names, addresses and ids that \
         are a system's own are not counted."
    )
}
