//! The open descriptors of a process.

use super::context::Context;
use super::section::Section;
use crate::format::{bytes, count};
use crate::state::{QUERY, Route};
use crate::ui::banner::badge;
use crate::ui::more::More;
use crate::view::links;
use crate::view::notes::add_brief;
use procglass_notes::On;
use procglass_snapshot::FileIndex;
use procglass_snapshot::OpenFile;
use yew::prelude::*;

/// The section.
pub(super) fn section(context: &Context) -> Html {
    let files = context.data.snapshot.files_of(context.index);
    let inner = context.clone();
    let lines = Callback::from(move |limit: usize| {
        let first = inner.process().files.start;
        let files = inner.data.snapshot.files_of(inner.index).iter().take(limit);
        let files = (first..).map(FileIndex).zip(files);
        html! {
            <div class="scroll-x"><table class="mini"><thead><tr><th class="num">{ "No." }</th><th>{ "Kind" }</th><th>{ "Target" }</th><th class="num">{ "Size" }</th><th><span class="offscreen">{ "note and source" }</span></th></tr></thead>
                <tbody>{ for files.map(|(index, file)| row(&inner, index, file)) }</tbody></table></div>
        }
    });
    let all =
        context.here.going(Route::to("files")).with(QUERY, &format!("pid:{}", context.process().pid)).hash();
    let refused = context.missing("fd");
    html! {
        <Section id="files" title="Open files" number={files.len()} tools={html! { <>if files.len() > 40 { <a class="quiet" href={all}>{ format!("all {} as a table", count(files.len())) }</a> }{ context.source("fds") }</> }}>
            if files.is_empty() {
                { context.nothing("fd", "None.") }
            } else {
                if let Some(refused) = refused { <p class="empty missing">{ refused }</p> }
                <More count={files.len()} first={40} {lines} what="files" />
            }
        </Section>
    }
}

fn row(context: &Context, index: FileIndex, file: &OpenFile) -> Html {
    let snapshot = &context.data.snapshot;
    let note = On::file(snapshot, file).map(|on| add_brief(&on, snapshot.notes().of_file(index)));
    let target = links::target(&context.data, file);
    let access = file.access().map(|access| match access {
        'r' => "reads",
        'w' => "writes",
        _ => "reads and writes",
    });
    html! {
        <tr>
            <td class="num">{ file.fd }</td>
            <td title={access}>{ format!("{}{}", links::kind(file), file.access().map(|access| format!(" · {access}")).unwrap_or_default()) }</td>
            <td class="path">{ links::target_html(&target, file) }if file.deleted() == Some(true) { { badge("notable", "deleted") } }</td>
            <td class="num">{ file.stat.filter(|stat| stat.mode & 0o170_000 == 0o100_000).map(|stat| bytes(stat.size)).unwrap_or_default() }</td>
            <td class="nowrap">{ note }{ context.source(&format!("fds/{}", file.fd)) }</td>
        </tr>
    }
}
