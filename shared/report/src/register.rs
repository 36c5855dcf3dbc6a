//! The systems of a report with several bundles, one line each: for readers whose mail program or policy runs no scripts.
//!
//! Every word of it comes out of the bundles as they are in the report, so what was left out of those is not here either.

use super::outline::{Element, element};
use super::summary::{Source, clipped, more};
use procglass_findings::Severity;
use procglass_systems::{Register, System};

/// So many are listed.
const SYSTEMS: usize = 200;
/// So many addresses of each.
const ADDRESSES: usize = 6;
/// How much of a name is told, in characters.
const NAME: usize = 80;

/// The list; `None` for a report of one bundle.
pub(super) fn register(sources: &[Source<'_>]) -> Option<Element> {
    if sources.len() < 2 {
        return None;
    }
    let mut register = Register::new();
    for source in sources {
        // The rules' results are part of a row.
        source.snapshot.findings();
        register.add(System::of(source.snapshot, source.file));
    }
    let mut page = element("article");
    let (all, different) = (sources.len(), register.different());
    page.line(
        "h1",
        if all == different {
            format!("{all} systems")
        } else {
            {
                format!(
                    "{all} snapshots of {different} {}",
                    if different == 1 { "system" } else { "systems" }
                )
            }
        },
    );
    let mut table = element("table").class("mini register");
    let heads = ["System", "Kind", "Captured (UTC)", "Addresses", "Findings"];
    table.push(element("thead").with(element("tr").with_all(heads.map(|head| element("th").with(head)))));
    let rows = register.indices().zip(register.systems()).take(SYSTEMS).map(|(index, system)| {
        let first = register.identity(index);
        let earlier = register.get(first).filter(|_| first != index);
        row(system, earlier)
    });
    table.push(element("tbody").with_all(rows));
    page.push(table);
    page.children.extend(more(all, SYSTEMS, "systems").map(Into::into));
    Some(element("div").class("paper").with(element("div").class("paper-body").with(page)))
}

fn row(system: &System, earlier: Option<&System>) -> Element {
    let mut name = element("td").with(element("strong").with(clipped(&system.name, NAME)));
    name.push(element("br")).push(clipped(&system.bundle, NAME));
    if let Some(earlier) = earlier {
        name.push(element("br"))
            .push(clipped(&format!("the same system as in {}", earlier.bundle), 2 * NAME));
    }
    let captured = system.captured.map_or_else(|| "unknown".to_owned(), |time| time.to_the_second());
    element("tr")
        .with(name)
        .with(element("td").with(system.kind.word()))
        .with(element("td").with(captured))
        .with(element("td").with(addresses(system)))
        .with(element("td").with(findings(system)))
}

fn addresses(system: &System) -> String {
    let mut all: Vec<String> = system.addresses.iter().map(|own| own.address.to_string()).collect();
    all.dedup();
    let left = all.len().saturating_sub(ADDRESSES);
    all.truncate(ADDRESSES);
    match (all.is_empty(), left) {
        (true, _) => "none seen".to_owned(),
        (_, 0) => all.join(", "),
        _ => format!("{} and {left} more", all.join(", ")),
    }
}

/// `1 critical, 2 medium`.
fn findings(system: &System) -> String {
    const ORDER: [Severity; 5] =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Note];
    let counts = ORDER
        .map(|severity| (severity, system.findings.iter().filter(|own| own.severity == severity).count()));
    let words = counts.iter().filter(|(_, count)| *count > 0);
    let words: Vec<_> = words.map(|(severity, count)| format!("{count} {}", severity.word())).collect();
    let found = if words.is_empty() { "none".to_owned() } else { words.join(", ") };
    match &system.missing {
        Some(missing) => format!("{found} in what was read. {}", clipped(missing, 2 * NAME)),
        None => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_fixture as fixture;

    #[test]
    fn one_line_for_each_system() {
        let (payments, other) = (
            fixture::opened_payments(),
            fixture::opened(&fixture::bundle(
                "//- manifest/snapshot_id\n99\n//- manifest/hostname\n<b>other\n",
            )),
        );
        let source = |file, snapshot| Source { file, sha256: "00", snapshot };
        assert!(register(&[source("a.tar.gz", &payments)]).is_none(), "one is told of by its own summary");
        let html = register(&[
            source("a.tar.gz", &payments),
            source("b.tar.gz", &other),
            source("c.tar.gz", &payments),
        ]);
        let html = html.unwrap().to_html();
        assert!(html.contains("3 snapshots of 2 systems") && html.matches("<tr>").count() == 4, "{html}");
        assert!(html.contains("the same system as in a.tar.gz") && !html.contains("<b>"), "{html}");
        for own in System::of(&payments, "").addresses {
            assert!(html.contains(&own.address.to_string()), "{html}");
        }
        assert!(html.contains("none seen"));
    }
}
