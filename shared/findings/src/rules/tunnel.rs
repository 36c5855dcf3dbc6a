//! A program that carries other traffic through its own connection.

use crate::Severity;
use crate::case::{Case, is_listener};
use crate::program::{begins_with_one_of, is_one_of};
use crate::rule::{Answer, Check, Draft, Rule};

/// Catalogue row 24.
pub(crate) static RULE: Rule = Rule {
    id: "tunnel",
    title: "Tunnel through the network's borders",
    attack: &["T1572", "T1090", "T1571"],
    why: "The program passes traffic of others through its own connection. Firewalls do not see what goes through it.",
    detail: "ssh with -R, -D or -w; frpc, chisel, ngrok, gost, iodine and their like by file name; a process that holds /dev/net/tun; a file server in one line (`python -m http.server`, `php -S`) on all interfaces.",
    harmless: &[
        "VPNs, virtual machines and container networks hold /dev/net/tun.",
        "Developers and administrators use ssh's forwarding.",
    ],
    next: &["Find the other end and what is passed on.", "Ask whether somebody set it up on purpose."],
    blind: "A tunnel inside an ordinary program, or under another name.",
    check: Check::Process(check),
};

const TUNNELS: &[&str] = &[
    "frpc",
    "frps",
    "chisel",
    "ngrok",
    "gost",
    "iodine",
    "iodined",
    "ligolo",
    "ligolo-ng",
    "agent_ligolo",
    "revsocks",
    "rathole",
    "bore",
    "sshuttle",
    "dnscat",
    "dnscat2",
    "ptunnel",
    "ptunnel-ng",
    "udp2raw",
    "earthworm",
    "ew_for_linux64",
    "pivotnacci",
    "suo5",
    "stowaway",
    "nps",
    "npc",
    "proxychains4",
];
const VPNS: &[&str] = &[
    "openvpn",
    "wireguard-go",
    "boringtun",
    "tailscaled",
    "zerotier-one",
    "openconnect",
    "vpnc",
    "strongswan",
    "charon",
    "qemu",
    "libvirtd",
    "firecracker",
    "cloud-hypervisor",
    "slirp4netns",
    "pasta",
    "vde_switch",
    "NetworkManager",
    "cloudflared",
    "xl2tpd",
    "nordvpnd",
    "warp-svc",
    "crosvm",
    "virtiofsd",
];

fn check(case: &Case<'_>) -> Answer {
    if case.process.is_kernel_thread() || case.process.state == Some('Z') {
        return Answer::Clean;
    }
    let program = case.program();
    if program.is_unknown() {
        return Answer::Unknown("exe");
    }
    if begins_with_one_of(program.name, TUNNELS) {
        let name = procglass_model::text::visible(program.name);
        let draft = Draft::new(Severity::Medium, format!("is the tunnel program {name}"));
        return Answer::Found(draft.proof(case.link_proof("exe")).proof(case.cmdline_proof()));
    }
    let argument =
        |wanted: &dyn Fn(&[u8]) -> bool| case.process.arguments().skip(1).find(|argument| wanted(argument));
    if is_one_of(program.name, &["ssh", "autossh"])
        && let Some(option) = argument(&|a| matches!(a.get(..2), Some(b"-R" | b"-D" | b"-w")))
    {
        let what = match option.get(1) {
            Some(b'R') => "lets the other side reach into this network (ssh -R)",
            Some(b'D') => "carries any traffic through an ssh connection (ssh -D)",
            _ => "joins two networks through an ssh connection (ssh -w)",
        };
        return Answer::Found(Draft::new(Severity::Medium, what).proof(case.cmdline_proof()));
    }
    let tun = case
        .descriptors()
        .iter()
        .find(|file| file.target.as_ref().is_some_and(|target| target.as_slice() == b"/dev/net/tun"));
    if let Some(file) = tun {
        let vpn = begins_with_one_of(program.name, VPNS) && program.is_installed();
        return Answer::Found(
            Draft::new(Severity::Medium, "has a network interface of its own (/dev/net/tun)")
                .proof(case.descriptor_proof(file))
                .at_most(Severity::Note, vpn, "virtual machines and VPNs do so by design"),
        );
    }
    let serves = argument(&|a| matches!(a, b"http.server" | b"SimpleHTTPServer" | b"pyftpdlib" | b"-S"))
        .filter(|_| program.is_interpreter());
    let open = case.sockets().map(|(_, socket)| socket).find(|socket| {
        is_listener(socket) && socket.local.is_some_and(|(address, _)| !address.to_canonical().is_loopback())
    });
    match (serves, open) {
        (Some(_), Some(socket)) => Answer::Found(
            Draft::new(Severity::Low, "offers files to the network with a file server in one line")
                .proof(case.cmdline_proof())
                .proof(case.scene.socket_proof(socket)),
        ),
        _ => Answer::Clean,
    }
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, tcp, unknown};

    #[test]
    fn tunnels() {
        assert_eq!(severity("tunnel", &process(9, 1, "x", "/tmp/frpc")), Some(Severity::Medium));
        let ssh = |options: &str| {
            severity(
                "tunnel",
                &process(9, 1, "ssh", "/usr/bin/ssh")
                    .replace("/usr/bin/ssh\\0", &format!("ssh\\0{options}\\0host\\0")),
            )
        };
        assert_eq!(ssh("-R8080:localhost:80"), Some(Severity::Medium));
        assert_eq!(ssh("-p22"), None);
        let tun = process(9, 1, "x", "/usr/bin/python3") + "//- process/9/fd/3 -> /dev/net/tun\n";
        assert_eq!(severity("tunnel", &tun), Some(Severity::Medium));
    }

    #[test]
    fn virtual_machines_and_listeners() {
        let qemu = process(9, 1, "x", "/usr/bin/qemu-system-x86_64") + "//- process/9/fd/3 -> /dev/net/tun\n";
        assert_eq!(severity("tunnel", &qemu), Some(Severity::Note));
        let server = process(9, 1, "python3", "/usr/bin/python3")
            + "//- process/9/fd/3 -> socket:[70]\n"
            + &tcp(&[("0.0.0.0:8000", "0.0.0.0:0", "0A", 70)]);
        assert_eq!(severity("tunnel", &server), None);
        let files = server.replace("/usr/bin/python3\\0", "python3\\0-m\\0http.server\\0");
        assert_eq!(severity("tunnel", &files), Some(Severity::Low));
        assert_eq!(unknown("tunnel", "//- process/9/error/exe -> EACCES\n"), ["exe"]);
    }
}
