//! What several targets do: a snapshot from raw members, and a look at everything that a page or a terminal would show.

use procglass_findings::Verdict;
use procglass_model::bundle::{Integrity, Member};
use procglass_opened::Opened;
use procglass_query::write::{Answer, Form};
use procglass_query::{Extra, Filter, Table, View};
use procglass_report::{Part, Source, full, summary};
use procglass_snapshot::analysis::direction::Listeners;
use procglass_snapshot::analysis::facet;
use procglass_snapshot::analysis::facet::Facet;
use procglass_snapshot::analysis::flow::Flow;
use procglass_snapshot::analysis::overview::Overview;
use procglass_snapshot::analysis::pipe::Pipes;
use procglass_snapshot::analysis::search::Search;
use procglass_snapshot::analysis::source;
use procglass_snapshot::analysis::talk::Talks;
use procglass_snapshot::analysis::timeline::Timeline;
use procglass_snapshot::{Snapshot, SnapshotBuilder, SocketIndex};

/// Byte that parts members: no text of the kernel and no JSON needs it.
pub const PART: u8 = 0xff;

/// Members as text: parted by [`PART`], each with its name in the first line.
#[must_use]
pub fn members(data: &[u8]) -> Opened {
    let mut builder = SnapshotBuilder::new();
    for part in data.split(|byte| *byte == PART) {
        let end = part.iter().position(|byte| *byte == b'\n').unwrap_or(part.len());
        let (name, body) = part.split_at(end);
        let name = String::from_utf8_lossy(name).into_owned();
        builder.member(Member::new(name, body.get(1..).unwrap_or_default().to_vec()));
    }
    Opened::new(builder.finish(Integrity::default()))
}

/// Everything that is worked out of one snapshot.
pub fn look(snapshot: &Opened) {
    tables(snapshot, &Filter::default(), &[Form::Json]);
    for index in snapshot.indices() {
        let record = snapshot.record(index).unwrap_or_default();
        for path in record.files.keys() {
            let _ = snapshot.members.file(&record, path);
        }
        let member = snapshot.process(index).map(|process| format!("process/{}.json", process.pid));
        for part in source::parts(snapshot, member.as_deref().unwrap_or_default()) {
            let _ = source::piece(snapshot, member.as_deref().unwrap_or_default(), &part);
        }
    }
    let _ = Verdict::of(snapshot, snapshot.findings());
    let _ = summary(&[Source { file: "a", sha256: "b", snapshot }]);
    let _ = full(snapshot, &Part::ALL, &Filter::default(), "");
    pictures(snapshot);
}

/// Every view in these forms.
pub fn tables(snapshot: &Opened, filter: &Filter, forms: &[Form]) {
    let extra = Extra { sources: true, notes: true };
    for view in [View::Tree, View::Processes, View::Sockets, View::Files, View::Findings, View::Problems] {
        for form in forms {
            let tables = vec![("system".to_owned(), Table::with(snapshot, view, filter, extra))];
            let answer = Answer { tables, with_system: true, tree: view == View::Tree };
            answer.write(*form, &mut Vec::new()).expect("memory takes it");
        }
    }
}

fn pictures(snapshot: &Snapshot) {
    let listeners = Listeners::of(snapshot);
    let sockets: Vec<SocketIndex> = (0..).map(SocketIndex).take(snapshot.sockets.len()).collect();
    let _ = Flow::of(snapshot, &listeners, sockets.iter().copied(), 3);
    let chosen = Facet::ALL.map(|facet| (facet, ""));
    let counts = facet::counts(snapshot, &listeners, &sockets, &chosen);
    assert_eq!(counts[0].values().sum::<usize>(), sockets.len(), "each socket has one value of a facet");
    let (talks, pipes) = (Talks::of(snapshot, &listeners), Pipes::of(snapshot));
    for index in snapshot.indices() {
        let _ = (talks.with(index).count(), talks.crowds_of(index).count());
        let _ = snapshot.files_of(index).iter().map(|file| pipes.others(file).count()).sum::<usize>();
    }
    let _ = Overview::of(snapshot);
    let timeline = Timeline::of(snapshot);
    if let Some(span) = timeline.span() {
        let bins = timeline.bins(span, 100, |_| true);
        assert!(bins.counts.len() <= 100, "{} bars", bins.counts.len());
        assert_eq!(bins.counts.iter().sum::<usize>(), timeline.starts.len(), "each start stands in a bar");
    }
    let mut search = Search::new("a");
    while !search.step(snapshot, 1000) {}
}
