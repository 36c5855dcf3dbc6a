//! Notes of a redacted bundle: the same substitutes in their texts, and the keys of what they are on as the new bundle has
//! them.

use super::Names;
use procglass_notes::{Note, On, Section};
use procglass_opened::Opened;
use procglass_snapshot::SocketIndex;
use serde_json::Map;
use std::collections::BTreeMap;

/// Puts the notes of `original` into `into`, for the new bundle, and says how many had to be left out: those on things that
/// are in neither. The names must be those that the bundle was redacted with.
pub fn notes(names: &mut Names, original: &Opened, redacted: &Opened, into: &mut Section) -> usize {
    let noted = original.notes();
    let sockets: BTreeMap<&On, SocketIndex> =
        noted.sockets().map(|(index, note)| (&note.on, index)).collect();
    let mut left_out = 0;
    for note in noted.all() {
        let Some(on) = moved(&note.on, redacted, &sockets) else {
            left_out += 1;
            continue;
        };
        let mut clean = |text: &str| String::from_utf8_lossy(&names.prose(text.as_bytes())).into_owned();
        // Fields that are not known here may hold anything.
        let (text, author, more) = (clean(&note.text), clean(&note.author), Map::new());
        into.put(Note { on, tag: note.tag, text, author, time: note.time, removed: false, more });
    }
    left_out
}

fn moved(on: &On, redacted: &Opened, sockets: &BTreeMap<&On, SocketIndex>) -> Option<On> {
    match on {
        On::Summary | On::Process(..) | On::Finding(..) => Some(on.clone()),
        // The tables keep their rows and their order.
        On::Socket(netns, inode, ..) => {
            let socket = redacted.socket(*sockets.get(on)?)?;
            (socket.netns == *netns && socket.inode == *inode).then(|| On::socket(socket))
        }
        On::File((pid, start), fd, _) => {
            let index = redacted.by_pid(*pid)?;
            let same = redacted.process(index).is_some_and(|process| process.start_ticks == *start);
            let file = redacted.files_of(index).iter().find(|file| file.fd == *fd);
            file.filter(|_| same).and_then(|file| On::file(redacted, file))
        }
        On::Other(_) => None,
    }
}
