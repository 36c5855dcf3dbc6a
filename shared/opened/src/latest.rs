//! A value that may be replaced while older ones are still borrowed.

use std::sync::OnceLock;

/// Values of which the last one counts. Earlier ones stay where they are, so that what was borrowed from them stays valid;
/// it is meant for a handful of them in the life of a page.
#[derive(Debug)]
pub(super) struct Latest<T> {
    first: OnceLock<Box<Entry<T>>>,
}

#[derive(Debug)]
struct Entry<T> {
    value: T,
    next: OnceLock<Box<Entry<T>>>,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self { first: OnceLock::new() }
    }
}

impl<T> Latest<T> {
    /// The one that counts.
    pub(super) fn get(&self) -> Option<&T> {
        let mut entry = self.first.get()?;
        while let Some(next) = entry.next.get() {
            entry = next;
        }
        Some(&entry.value)
    }

    /// Puts another one in its place.
    pub(super) fn set(&self, value: T) {
        let mut place = &self.first;
        let mut entry = Box::new(Entry { value, next: OnceLock::new() });
        // Somebody else may put one at the end meanwhile; then this one comes after it.
        while let Err(back) = place.set(entry) {
            entry = back;
            match place.get() {
                Some(taken) => place = &taken.next,
                None => return,
            }
        }
    }

    /// The one that counts, or the one that `make` makes.
    pub(super) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        if let Some(value) = self.get() {
            return value;
        }
        &self.first.get_or_init(|| Box::new(Entry { value: make(), next: OnceLock::new() })).value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_counts_and_the_first_stays() {
        let latest = Latest::default();
        assert_eq!(latest.get(), None);
        let first = latest.get_or_init(|| "a".to_owned());
        latest.set("b".to_owned());
        latest.set("c".to_owned());
        assert_eq!((first.as_str(), latest.get().map(String::as_str)), ("a", Some("c")));
        assert_eq!(latest.get_or_init(|| "d".to_owned()), "c");
    }
}
