//! A program that computes for somebody else's purse.

use crate::Severity;
use crate::case::{Case, endpoint, is_connection};
use crate::program::{begins_with_one_of, is_one_of};
use crate::rule::{Answer, Check, Draft, Rule};

/// Catalogue row 9.
pub(crate) static RULE: Rule = Rule {
    id: "cryptominer",
    title: "Cryptocurrency miner",
    attack: &["T1496.001"],
    why: "The program computes cryptocurrency for somebody at your expense. Whoever could install it can do more.",
    detail: "Arguments of mining programs (stratum+tcp://, --donate-level, ...), names of mining programs, or a connection to a port that mining pools use.",
    harmless: &["A port alone says little: other services use the same numbers.", "Mining on purpose."],
    next: &[
        "Look at what started it and which user it runs as.",
        "Look for how it comes back: cron, systemd units, other processes of that user.",
    ],
    blind: "A miner that hides its arguments and uses an ordinary port: its CPU time remains.",
    check: Check::Process(check),
};

const WORDS: &[&str] = &[
    "stratum+tcp",
    "stratum2+tcp",
    "stratum+ssl",
    "stratum+tls",
    "stratum1+",
    "--donate-level",
    "--randomx-",
    "--cpu-max-threads-hint",
    "--nicehash",
    "--rig-id",
    "pool.minexmr",
    "xmrpool",
    "nanopool.org",
    "supportxmr",
    "moneroocean",
    "hashvault",
];
const NAMES: &[&str] = &[
    "xmrig",
    "kdevtmpfsi",
    "kinsing",
    "kthreaddi",
    "xmr-stak",
    "ccminer",
    "cpuminer",
    "minerd",
    "t-rex",
    "phoenixminer",
    "ethminer",
    "nbminer",
    "lolMiner",
    "cgminer",
    "bfgminer",
    "sysrv",
    "watchbog",
];
/// Ports that pools use and hardly anything else does. 80, 443, 8080 and their like would accuse everybody.
const PORTS: &[u16] = &[3333, 4444, 5555, 7777, 14_433, 14_444, 45_560, 45_700];

fn check(case: &Case<'_>) -> Answer {
    if case.process.is_kernel_thread() {
        return Answer::Clean;
    }
    let telling = case.process.arguments().find(|argument| {
        let lower = argument.get(..argument.len().min(4096)).unwrap_or_default().to_ascii_lowercase();
        WORDS.iter().any(|word| lower.windows(word.len()).any(|window| window == word.as_bytes()))
    });
    let program = case.program();
    let named = begins_with_one_of(program.name, NAMES) || is_one_of(&case.process.name, NAMES);
    let pool = case.sockets().map(|(_, socket)| socket).find(|socket| {
        is_connection(socket)
            && socket.remote.is_some_and(|(_, port)| PORTS.contains(&port))
            // The side that dialled: a server on such a port has it as its own.
            && socket.local.is_some_and(|(_, port)| port >= 1024 && !PORTS.contains(&port))
    });
    let mut draft = match (telling, named, pool) {
        (Some(_), ..) => {
            Draft::new(Severity::High, "was called with the arguments of a cryptocurrency miner")
        }
        (None, true, _) => Draft::new(Severity::High, "has the name of a cryptocurrency miner"),
        (None, false, Some(socket)) => Draft::new(
            Severity::Low,
            format!("is connected to {}, a port that mining pools use", endpoint(socket)),
        ),
        (None, false, None) if case.process.cmdline.is_none() && case.process.state != Some('Z') => {
            return Answer::Unknown("cmdline");
        }
        (None, false, None) => return Answer::Clean,
    };
    if telling.is_some() {
        draft = draft.proof(case.cmdline_proof());
    }
    if named {
        draft = draft.proof(case.link_proof("exe")).proof(case.name_proof());
    }
    if let Some(socket) = pool {
        let shells = program.is_shell() || program.is_interpreter();
        draft = draft
            .proof(case.scene.socket_proof(socket))
            .at_least(
                Severity::Medium,
                program.place().is_some(),
                "and its file lies where no program belongs",
            )
            .at_most(
                Severity::Low,
                shells && telling.is_none() && !named,
                "an interpreter may be connected to anything",
            );
    }
    Answer::Found(draft)
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, tcp, unknown};

    #[test]
    fn arguments_names_and_ports() {
        let text = process(9, 1, "a", "/tmp/a").replace("/tmp/a\\0", "a\\0-o\\0STRATUM+tcp://pool:1\\0");
        assert_eq!(severity("cryptominer", &text), Some(Severity::High));
        assert_eq!(severity("cryptominer", &process(9, 1, "xmrig", "/opt/xmrig")), Some(Severity::High));
        let pool = process(9, 1, "a", "/usr/bin/a") + "//- process/9/fd/3 -> socket:[70]\n";
        let dialled = pool + &tcp(&[("10.0.0.1:40000", "203.0.113.7:3333", "01", 70)]);
        assert_eq!(severity("cryptominer", &dialled), Some(Severity::Low));
        let odd = dialled.replace("/usr/bin/a", "/tmp/a");
        assert_eq!(severity("cryptominer", &odd), Some(Severity::Medium));
    }

    #[test]
    fn servers_and_ordinary_programs() {
        let server = process(9, 1, "a", "/usr/bin/a")
            + "//- process/9/fd/3 -> socket:[70]\n"
            + &tcp(&[("10.0.0.1:5555", "203.0.113.7:3333", "01", 70)]);
        assert_eq!(severity("cryptominer", &server), None);
        assert_eq!(severity("cryptominer", &process(9, 1, "cat", "/usr/bin/cat")), None);
        assert_eq!(unknown("cryptominer", "//- process/9/error/cmdline -> EACCES\n"), ["cmdline"]);
    }
}
