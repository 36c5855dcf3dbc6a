//! `/proc/<pid>/limits`: getrlimit(2) as a table.

/// One line: name, soft limit, hard limit and unit, as printed (`unlimited` included).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit<'a> {
    /// Such as `Max open files`.
    pub name: &'a str,
    /// In force.
    pub soft: &'a str,
    /// The most it may raise the soft one to without privilege.
    pub hard: &'a str,
    /// `bytes`, `seconds`, ...; empty for none.
    pub unit: &'a str,
}

/// The lines after the header. The columns have fixed places: fs/proc/base.c prints `%-25s %-20s %-20s %-10s`.
pub fn parse(bytes: &[u8]) -> impl Iterator<Item = Limit<'_>> {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    text.lines().skip(1).filter_map(|line| {
        let name = line.get(..26)?.trim();
        let mut rest = line.get(26..)?.split_whitespace();
        Some(Limit { name, soft: rest.next()?, hard: rest.next()?, unit: rest.next().unwrap_or_default() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns() {
        let text = b"Limit                     Soft Limit           Hard Limit           Units     \n\
            Max cpu time              unlimited            unlimited            seconds   \n\
            Max nice priority         0                    0                    \nshort\n";
        let limits: Vec<_> = parse(text).collect();
        assert_eq!(
            limits[0],
            Limit { name: "Max cpu time", soft: "unlimited", hard: "unlimited", unit: "seconds" }
        );
        assert_eq!((limits[1].name, limits[1].unit, limits.len()), ("Max nice priority", "", 2));
    }
}
