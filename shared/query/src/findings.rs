//! The columns of `show findings`.

use super::{Filter, Table, Value};
use procglass_findings::{Finding, Proof};
use procglass_opened::Opened;

/// Field names and meanings.
pub const FINDINGS: &[(&str, &str)] = &[
    ("id", "The rule, as in docs/findings.md."),
    ("severity", "critical, high, medium, low or note."),
    ("pid", "The process that it is about, if it is about one."),
    ("title", "What the rule finds."),
    ("finding", "What was found here, as a sentence."),
    ("attack", "Techniques of MITRE ATT&CK."),
    ("raised", "What made it more serious."),
    ("lowered", "What made it less serious."),
    ("evidence", "The proof: member, and an excerpt of its bytes."),
];

pub(super) fn table<'a>(snapshot: &'a Opened, filter: &Filter, notes: bool) -> Table<'a> {
    let rows = snapshot.findings().all.iter().filter(|finding| filter.finding(snapshot, finding));
    let cells = |finding: &'a Finding| {
        let more = notes.then(|| super::notes::finding(snapshot, finding));
        row(snapshot, finding).into_iter().chain(more).collect()
    };
    let names = FINDINGS.iter().map(|(name, _)| *name);
    Table { columns: names.chain(notes.then_some("notes")).collect(), rows: rows.map(cells).collect() }
}

fn row<'a>(snapshot: &'a Opened, finding: &'a Finding) -> Vec<Value<'a>> {
    let text = |text: &'a str| Value::Text(text.into());
    let list = |reasons: &'a [std::borrow::Cow<'static, str>]| {
        Value::List(reasons.iter().map(|reason| text(reason)).collect())
    };
    let proof = |proof: &'a Proof| {
        Value::Object(vec![("member", text(&proof.member)), ("excerpt", text(&proof.excerpt))])
    };
    let process = finding.process.and_then(|index| snapshot.process(index));
    vec![
        text(finding.rule.id),
        text(finding.severity.word()),
        Value::number(process.map(|process| process.pid)),
        text(finding.rule.title),
        Value::Text(finding.sentence(snapshot).into()),
        Value::List(finding.rule.attack.iter().map(|id| text(id)).collect()),
        list(&finding.raised),
        list(&finding.lowered),
        Value::List(finding.proofs.iter().map(proof).collect()),
    ]
}

#[cfg(test)]
mod tests {
    use crate::{Filter, Table, View};
    use procglass_fixture as fixture;

    #[test]
    fn findings_of_a_system() {
        let snapshot = fixture::opened_payments();
        let rows = |query: &str| {
            let table = Table::of(&snapshot, View::Findings, &Filter::parse(query).unwrap());
            serde_json::to_value(table.rows).unwrap()
        };
        let all = rows("");
        assert_eq!(all[0][1], "critical");
        assert!(all[0][8][0]["member"].as_str().unwrap().starts_with("process/812.json#"), "{}", all[0]);
        assert_eq!(rows("finding:shell-on-socket").as_array().unwrap().len(), 1);
        assert_eq!(rows("pid:812").as_array().unwrap().len(), rows("name:.x").as_array().unwrap().len());
        assert_eq!(rows("finding:critical -pid:812").as_array().unwrap().len(), 0);
        let processes = Table::of(&snapshot, View::Processes, &Filter::parse("finding:critical").unwrap());
        assert_eq!(processes.rows.len(), 1);
    }
}
