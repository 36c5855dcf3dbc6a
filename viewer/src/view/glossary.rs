//! Technical words in plain ones, for those who meet them here for the first time.

use yew::prelude::*;

/// Word and explanation, in the order of the alphabet.
pub(super) const WORDS: &[(&str, &str)] = &[
    (
        "all interfaces",
        "Whoever reaches this system over any of its networks can reach the program, unless a firewall is between.",
    ),
    (
        "bundle",
        "The one file that the collector wrote. It holds what the kernel said at that moment, byte for byte.",
    ),
    (
        "container",
        "A program with its own view of the system: own files, own network, own list of processes. Containers on one machine share its kernel.",
    ),
    (
        "environment",
        "Named values that a program is started with. They often hold passwords, so their values are left out unless the collector was asked to keep them.",
    ),
    ("established connection", "Both ends have agreed to talk and can send at any time."),
    (
        "finding",
        "Something that a rule looked for and saw. It comes with its proof, with why it matters, and with what would make it harmless.",
    ),
    (
        "intact",
        "Every piece of the bundle has the checksum that the collector wrote down: nothing was lost or changed since.",
    ),
    ("internet socket", "One end of a connection over a network, or a place where a program waits for one."),
    ("listen", "To wait for others to connect. What listens can be spoken to from outside."),
    ("open file", "A file, device, pipe or connection that a program holds open at this moment."),
    ("process", "A running program. One program may run many times, as many processes."),
    (
        "program in memory only",
        "A running program that was never a file on a disk. Few ordinary programs do this; intruders do it to leave nothing behind.",
    ),
    ("public", "On the Internet, in contrast to the private addresses of an organisation's own networks."),
    ("remote address", "The address of the other end: the system that this one talks to."),
    ("root", "The user that may do everything on a Linux system."),
    (
        "SHA-256",
        "A fingerprint of a file. Two files with the same one are the same, and nobody can make another file to fit it.",
    ),
    (
        "thread of the kernel",
        "Work of the operating system itself. It shows in the list of processes, and has no program file.",
    ),
    ("user", "The account in whose name a program runs. It decides what the program may do."),
];

/// A word that explains itself when it is opened. Only one explanation is open at a time.
pub(super) fn term(word: &'static str, shown: &'static str) -> Html {
    let Some((_, why)) = WORDS.iter().find(|(known, _)| *known == word) else { return shown.into() };
    html! { <details class="term" name="term"><summary>{ shown }</summary><span class="term-note" role="note">{ *why }</span></details> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_order_and_once() {
        let lower = |(word, _): &(&str, &str)| word.to_lowercase();
        assert!(WORDS.windows(2).all(|pair| matches!(pair, [a, b] if lower(a) < lower(b))));
    }
}
