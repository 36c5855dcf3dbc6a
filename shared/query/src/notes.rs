//! The column `notes`: what people say of a row.

use super::Value;
use procglass_findings::Finding;
use procglass_notes::Note;
use procglass_opened::Opened;
use procglass_snapshot::{FileIndex, ProcessIndex, SocketIndex};

pub(super) fn process(snapshot: &Opened, index: ProcessIndex) -> Value<'_> {
    list(snapshot.notes().of_process(index))
}

pub(super) fn socket(snapshot: &Opened, index: SocketIndex) -> Value<'_> {
    list(snapshot.notes().of_socket(index))
}

pub(super) fn file(snapshot: &Opened, index: FileIndex) -> Value<'_> {
    list(snapshot.notes().of_file(index))
}

pub(super) fn finding<'a>(snapshot: &'a Opened, finding: &Finding) -> Value<'a> {
    list(snapshot.notes().of_finding(finding))
}

fn list<'a, 'b>(notes: impl Iterator<Item = &'b Note>) -> Value<'a> {
    let note = |note: &Note| {
        let text = |text: &str| Value::Text(text.to_owned().into());
        Value::Object(vec![
            ("tag", text(note.tag.word())),
            ("text", text(&note.lines().collect::<Vec<_>>().join(" "))),
            ("author", text(&procglass_model::text::visible(note.author.as_bytes()))),
            ("time", note.time.map_or(Value::Null, Value::Time)),
        ])
    };
    Value::List(notes.map(note).collect())
}

#[cfg(test)]
mod tests {
    use crate::{Extra, Filter, Table, View};
    use procglass_fixture as fixture;
    use procglass_model::Timestamp;
    use procglass_notes::{Note, On, Section, Tag};

    #[test]
    fn notes_stand_beside_their_rows_and_are_found() {
        let snapshot = fixture::opened_payments();
        let shell = snapshot.by_pid(812).unwrap();
        let finding = snapshot.findings().of_process(shell).next().unwrap();
        let mut section = Section::default();
        let mut note =
            |on, tag, text: &str| section.put(Note::new(on, tag, text, "Ada", Timestamp::default()));
        note(On::process(snapshot.process(shell).unwrap()), Tag::Bad, "the shell\n=1+1");
        note(On::finding(&snapshot, finding), Tag::Question, "whose?");
        let socket = snapshot.sockets_of(snapshot.by_pid(1).unwrap()).first().copied().unwrap();
        note(On::socket(snapshot.socket(socket).unwrap()), Tag::Explained, "port of the service");
        snapshot.set_notes(section);
        let rows = |view, query: &str| {
            let extra = Extra { notes: true, ..Extra::default() };
            let table = Table::with(&snapshot, view, &Filter::parse(query).unwrap(), extra);
            assert_eq!(table.columns.last(), Some(&"notes"));
            serde_json::to_value(table.rows).unwrap()
        };
        let bad = rows(View::Processes, "note:bad");
        assert_eq!(bad.as_array().unwrap().len(), 1);
        assert_eq!(bad[0].as_array().unwrap().last().unwrap()[0]["text"], "the shell =1+1");
        assert_eq!(rows(View::Findings, "note:whose").as_array().unwrap().len(), 1);
        assert_eq!(rows(View::Sockets, "note:\"port of\" note:ada").as_array().unwrap().len(), 1);
        assert_eq!(
            rows(View::Processes, "note:explained").as_array().unwrap().len(),
            2,
            "by the socket that they hold"
        );
        assert_eq!(rows(View::Files, "is:noted pid:812").as_array().unwrap().len(), 4, "by their process");
        let plain = Table::of(&snapshot, View::Tree, &Filter::default());
        assert!(!plain.columns.contains(&"notes"));
    }
}
