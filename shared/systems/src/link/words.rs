//! Links as sentences.

use super::{Link, Party, Strength};
use crate::register::Register;

pub(super) fn sentence(link: &Link, register: &Register) -> String {
    let (from, to) = (Link::party(register, link.from), Link::party(register, link.to));
    let (port, protocol) = (link.port, link.protocol.word());
    let times = match link.count {
        1 => String::new(),
        count => format!(", {count} connections"),
    };
    let what = format!("{from} to {to}, port {port} ({protocol}){times}");
    let apart = link.samples.iter().filter_map(|sample| sample.apart).min().map(duration);
    let apart = apart.unwrap_or_else(|| "an unknown time".to_owned());
    let near = link.samples.first().map(|sample| Party::System(register.identity(sample.near.0)));
    let (seen, other) = if near == Some(link.to) { (&to, &from) } else { (&from, &to) };
    let mut text = match link.strength {
        Strength::BothEnds => format!("{what}: both ends were seen."),
        Strength::BothEndsApart => {
            format!("{what}: both ends were seen, {apart} apart. Ports may have been used anew in between.")
        }
        Strength::Listener => {
            format!("{what}: seen on {seen} only. {other} has the address and listens on that port.")
        }
        Strength::AddressOnly => format!("{what}: seen on {seen} only. {other} has the address."),
        Strength::OtherTime => {
            format!(
                "{what}: seen on {seen} only. {other} had the address in a snapshot taken {apart} before or after."
            )
        }
        Strength::Unknown => format!("{what}: no bundle is of {other}."),
    };
    if link.mirror_missing {
        text.push_str(
            " It has no such socket: closed meanwhile, or the addresses were translated on the way.",
        );
    }
    if link.others > 0 {
        let others = link.others;
        text.push_str(&format!(" {others} more system(s) had that address as well."));
    }
    if !link.directed {
        text.push_str(" Who called is guessed from the ports.");
    }
    text
}

/// How long, in the largest unit that says something.
fn duration(nanoseconds: u64) -> String {
    let seconds = nanoseconds / 1_000_000_000;
    match seconds {
        0..=119 => format!("{seconds} seconds"),
        120..=7199 => format!("{} minutes", seconds / 60),
        7200..=172_799 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}
