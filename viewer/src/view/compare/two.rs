//! Two snapshots side by side: what was added, what is gone, what changed.

use super::rows::{ABOUT, heads, one, plural_of};
use super::{AFTER, BEFORE, SHOW, Snapshots, tree};
use crate::format::{count, plural};
use crate::state::{
    Actions, Data, Fleet, Here, QUERY, Rows, SYSTEM, use_filter, use_fleet, use_go, use_here, use_offers,
};
use crate::ui::slot::At;
use crate::ui::tabs::Tabs;
use crate::ui::virtual_list::VirtualList;
use crate::view::export::{Export, written_together};
use procglass_query::edit::with_term;
use procglass_query::write::Form;
use procglass_query::{Filter, Table, complete_changes};
use procglass_systems::compare::{About, Change, Comparison, Mark};
use std::rc::Rc;
use yew::prelude::*;

/// A comparison of two systems in memory, compared by pointer.
#[derive(Clone)]
struct Pair {
    before: (usize, Data),
    after: (usize, Data),
    result: Rc<Comparison>,
}

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.result, &other.result)
    }
}

/// The choice of two, and what differs.
#[component]
pub(super) fn Two() -> Html {
    let (here, fleet) = (use_here(), use_fleet());
    let actions = use_context::<Actions>();
    let chosen = chosen(&here, &fleet);
    let data = chosen.map(|(a, b)| (fleet.loaded.get(&a).cloned(), fleet.loaded.get(&b).cloned()));
    // Those that are not in memory are read again.
    let missing = chosen.zip(data.clone()).and_then(|((a, b), (before, after))| {
        if before.is_none() {
            Some(a)
        } else if after.is_none() {
            Some(b)
        } else {
            None
        }
    });
    use_effect_with(missing, move |missing| {
        if let (Some(actions), Some(place)) = (actions, missing) {
            actions.want.emit(*place);
        }
    });
    let pair = use_memo((chosen, data), |(chosen, data)| {
        let ((a, b), (before, after)) = ((*chosen)?, data.clone()?);
        let (before, after) = (before?, after?);
        let result = Rc::new(Comparison::of(&before.snapshot, &after.snapshot));
        Some(Pair { before: (a, before), after: (b, after), result })
    });
    html! {
        <>
            <div class="toolbar compare-choice">
                <Snapshots label="before" param={BEFORE} at={chosen.map(|(a, _)| a)} /><Snapshots label="after" param={AFTER} at={chosen.map(|(_, b)| b)} />
                { swap(&here, chosen) }
            </div>
            { match &*pair {
                Some(pair) => html! { <Changes pair={pair.clone()} /> },
                None => html! { <p class="empty" role="status">{ "Reading the two bundles again…" }</p> },
            } }
        </>
    }
}

/// What is compared: what the address says, else the latest snapshot of the shown system with the one before it, else the
/// first two.
fn chosen(here: &Here, fleet: &Fleet) -> Option<(usize, usize)> {
    let most = fleet.slots.len();
    let given = |name: &str| here.param(name).parse::<usize>().ok().filter(|at| *at < most);
    if let (Some(a), Some(b)) = (given(BEFORE), given(AFTER)) {
        return Some((a, b));
    }
    let shown = given(SYSTEM).unwrap_or_default();
    let place = |index: procglass_systems::SystemIndex| index.0 as usize;
    let of = |at: usize| {
        fleet.register.snapshots(procglass_systems::SystemIndex(u32::try_from(at).unwrap_or(u32::MAX)))
    };
    let several = std::iter::once(shown).chain(0..most).map(of).find(|all| all.len() > 1);
    let default = match several.as_deref() {
        Some([.., before, after]) => (place(*before), place(*after)),
        _ => (shown, if shown == 0 { 1 } else { 0 }),
    };
    let pair = (given(BEFORE).unwrap_or(default.0), given(AFTER).unwrap_or(default.1));
    (most > 1).then_some(pair)
}

fn swap(here: &Here, chosen: Option<(usize, usize)>) -> Html {
    let Some((a, b)) = chosen else { return Html::default() };
    let href = (*here.0).clone().with(BEFORE, &b.to_string()).with(AFTER, &a.to_string()).hash();
    html! { <a class="quiet" {href}>{ "Swap" }</a> }
}

/// Properties of [`Changes`].
#[derive(Properties, PartialEq)]
struct Props {
    pair: Pair,
}

#[component]
fn Changes(props: &Props) -> Html {
    let (here, go, filter) = (use_here(), use_go(), use_filter());
    let Pair { before, after, result } = &props.pair;
    // Of a tree nothing can be left out: what is looked for is shown as a list.
    let show = match here.param(SHOW) {
        "" if !here.query().is_empty() => "all".to_owned(),
        show => show.to_owned(),
    };
    let rows = use_memo((props.pair.clone(), filter, show.clone()), |(pair, filter, show)| {
        let snapshots = (&pair.before.1.snapshot, &pair.after.1.snapshot);
        let of = |change: &Change| {
            (show == "all" || change.about.word() == show)
                && (filter.is_empty() || filter.change(snapshots, change))
        };
        let all = pair.result.changes.iter().enumerate();
        all.filter(|(_, change)| of(change)).map(|(at, _)| at).collect::<Rc<[usize]>>()
    });
    let row =
        use_callback(((*rows).clone(), props.pair.clone(), here.clone()), |at: At, (rows, pair, here)| {
            rows.get(at.row)
                .and_then(|place| pair.result.changes.get(*place))
                .map(|change| {
                    let (before, after) =
                        ((pair.before.0, Some(&pair.before.1)), (pair.after.0, Some(&pair.after.1)));
                    one(here, (Some(before), after), change, None, at)
                })
                .unwrap_or_default()
        });
    use_offers(props.pair.clone(), |pair, query| {
        let changes: Vec<_> = pair.result.changes.iter().collect();
        complete_changes(&[&pair.before.1.snapshot, &pair.after.1.snapshot], &changes, query)
    });
    let asked = if ABOUT.iter().any(|about| about.word() == show) {
        with_term(here.query(), &format!("about:{show}"))
    } else {
        here.query().to_owned()
    };
    let write = use_callback((props.pair.clone(), asked), |form: Form, (pair, asked)| {
        let filter = Filter::parse(asked).unwrap_or_default();
        let (before, after) = (&pair.before.1.snapshot, &pair.after.1.snapshot);
        let table = Table::changes(before, after, &pair.result, &filter);
        written_together(table, form)
    });
    let number = |about: About| {
        [Mark::Added, Mark::Gone, Mark::Changed]
            .into_iter()
            .map(|mark| result.count(about, mark))
            .sum::<usize>()
    };
    let mut choices: Vec<(AttrValue, AttrValue)> = vec![
        ("".into(), "Tree".into()),
        ("all".into(), format!("All changes ({})", count(result.changes.len())).into()),
    ];
    choices.extend(ABOUT.into_iter().filter(|about| number(*about) > 0).map(|about| {
        (about.word().into(), format!("{} ({})", plural_of(about), count(number(about))).into())
    }));
    let onchoose = {
        let here = here.clone();
        Callback::from(move |value: AttrValue| {
            let route = (*here.0).clone().with(SHOW, &value);
            go.to(if value.is_empty() { route.with(QUERY, "") } else { route });
        })
    };
    let hidden = !show.is_empty() && !here.query().is_empty();
    html! {
        <>
            <p class="note lead-note" data-testid="compare-sentence">{ result.sentence() }{ " " }<strong>{ summary(result) }</strong></p>
            <div class="toolbar"><Tabs {choices} chosen={show.clone()} label="What to compare" {onchoose} />
                <Export rows={Rows { what: "changes", write }} />
                if hidden { <p class="tally">{ format!("{} match · ", count(rows.len())) }<a href={(*here.0).clone().with(QUERY, "").hash()}>{ "clear the filter" }</a></p> }
            </div>
            if show.is_empty() {
                { tree::tree(&here, (before.0, &before.1), (after.0, &after.1), result) }
            } else if rows.is_empty() {
                <p class="empty" data-testid="nothing">{ if result.changes.is_empty() { "Nothing differs in what both bundles hold." } else { "No change matches." } }</p>
            } else {
                <VirtualList count={rows.len()} {row} head={heads("Before → after", None)} class="grid changes-table" label="Changes" testid="changes-table" />
            }
        </>
    }
}

/// `2 processes added, 1 gone`: what a reader wants first.
fn summary(result: &Comparison) -> String {
    let of = |mark| result.count(About::Process, mark);
    let (added, gone, changed) = (of(Mark::Added), of(Mark::Gone), of(Mark::Changed));
    if added + gone + changed == 0 {
        return format!(
            "The processes are the same; {} elsewhere.",
            plural(result.changes.len(), "change", "changes")
        );
    }
    format!(
        "{} added, {} gone, {} changed.",
        plural(added, "process", "processes"),
        count(gone),
        count(changed)
    )
}
