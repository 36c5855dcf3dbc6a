//! What could come next in a query over changes.

use super::complete::{Completions, Words, each_value};
use super::field::{CHANGE_FIELDS, ChangeField, FIELDS, FLAGS, Field};
use procglass_opened::Opened;
use procglass_systems::compare::Change;
use std::borrow::Cow;

/// Completes the last word of `query` with fields, properties, and values of the changes and of the processes on both sides.
#[must_use]
pub fn complete_changes<'a>(snapshots: &[&'a Opened], changes: &[&'a Change], query: &str) -> Completions {
    let words = Words { fields: CHANGE_FIELDS.iter().chain(FIELDS).collect(), flags: FLAGS.iter().collect() };
    let word = |text: &'a str| Cow::Borrowed(text.as_bytes());
    words.complete(query, &|field, take| match field {
        Field::Change(ChangeField::Change) => {
            changes.iter().for_each(|change| take(word(change.mark.word())));
        }
        Field::Change(ChangeField::About) => {
            changes.iter().for_each(|change| take(word(change.about.word())));
        }
        Field::Change(ChangeField::Changed) => {
            let fields = changes.iter().flat_map(|change| &change.fields);
            fields.for_each(|changed| take(word(&changed.field)));
        }
        _ => snapshots.iter().for_each(|snapshot| each_value(snapshot, field, take)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Filter;
    use procglass_fixture as fixture;
    use procglass_systems::compare::Comparison;

    #[test]
    fn words_of_changes_and_of_processes() {
        let text = fixture::PAYMENTS;
        let (before, after) =
            (fixture::opened_payments(), fixture::opened(&fixture::bundle(&text.replace("nginx", "nginy"))));
        let comparison = Comparison::of(&before, &after);
        let words = |query: &str| -> Vec<String> {
            let changes: Vec<_> = comparison.changes.iter().collect();
            complete_changes(&[&before, &after], &changes, query)
                .list
                .into_iter()
                .map(|one| one.word)
                .collect()
        };
        assert_eq!(words("ab"), ["about:"]);
        let has = |query: &str, word: &str| words(query).iter().any(|own| own == word);
        assert!(
            has("about:", "about:process") && has("change:", "change:gone") && has("change:", "change:added")
        );
        assert!(has("name:ng", "name:nginx") && has("name:ng", "name:nginy"), "of both sides");
        assert!(words("field:").iter().all(|word| Filter::parse(word).is_ok()));
        assert!(words("about:").iter().all(|word| Filter::parse(word).is_ok()));
    }
}
