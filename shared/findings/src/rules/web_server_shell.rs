//! A web server that started a shell.

use crate::Severity;
use crate::case::{Case, is_connection, is_listener, leaves};
use crate::program::{TOOLS, WEB_SERVERS, begins_with_one_of, claims, is_one_of};
use crate::rule::{Answer, Check, Draft, Rule};

/// Catalogue row 19.
pub(crate) static RULE: Rule = Rule {
    id: "web-server-shell",
    title: "Web server started a command",
    attack: &["T1505.003", "T1190"],
    why: "A web server answers requests; it has no reason to open a command line. When it does, a visitor of the web page is probably giving the commands.",
    detail: "A shell, interpreter or network tool, by its executable, whose parent is a web server by its file, name or title, or an interpreter that listens on TCP; or a shell of the web server's user without a parent.",
    harmless: &[
        "CGI programs, image converters, sendmail, monitoring plugins.",
        "Build servers and package scripts of Node.js start shells (jenkins, npm).",
    ],
    next: &[
        "Look at the arguments of the shell and at what it started.",
        "Look for new files below the web server's root.",
        "Find the request in the web server's log by the start time.",
    ],
    blind: "Commands that ended before the snapshot; code that runs inside the web server.",
    check: Check::Process(check),
};

const USERS: &[&str] = &["www-data", "apache", "nginx", "http", "wwwrun", "httpd"];
const WORKERS: &[&str] =
    &["npm", "yarn", "pnpm", "jenkins", "webpack", "vite", "esbuild", "cron", "celery", "supervisord"];

fn check(case: &Case<'_>) -> Answer {
    let program = match case.known_program() {
        Ok(program) => program,
        Err(answer) => return answer,
    };
    let tool = is_one_of(program.name, TOOLS);
    // An interpreter under a server's name is the server.
    let interpreter = program.is_interpreter() && !claims_server(case);
    if !(program.is_shell() || tool || interpreter) {
        return Answer::Clean;
    }
    let Some(parent) = case.parent() else { return orphan(case).into() };
    if parent.index == case.index || parent.process.is_kernel_thread() {
        return Answer::Clean;
    }
    // A copy of a server that answers requests itself is its worker.
    let same = parent.program().path == program.path && !program.is_shell();
    let server = claims_server(&parent) || begins_with_one_of(parent.program().name, WEB_SERVERS);
    let application = !server
        && parent.program().is_interpreter()
        && parent.sockets().any(|(_, socket)| is_listener(socket));
    if same || !(server || application) {
        return orphan(case).into();
    }
    let connected = case.sockets().any(|(_, socket)| is_connection(socket) && leaves(socket));
    let worker = parent
        .process
        .arguments()
        .take(3)
        .any(|argument| begins_with_one_of(crate::program::base(argument), WORKERS));
    let what = if program.is_shell() { "a shell" } else { "a command" };
    Answer::Found(
        Draft::new(
            if server && program.is_shell() { Severity::High } else { Severity::Medium },
            format!("is {what} that the web server {} started", parent.label()),
        )
        .proof(case.line_proof("status", b"PPid"))
        .proof(case.link_proof("exe"))
        .proof(parent.name_proof())
        .proof(parent.cmdline_proof())
        .at_least(Severity::Critical, server && connected, "it is connected to another machine")
        .at_least(Severity::High, application && connected, "it is connected to another machine")
        .at_least(
            Severity::High,
            application && serves_files(&parent),
            "its parent serves files by HTTP and nothing else",
        )
        .at_most(Severity::Low, worker && !connected, "its parent is a build or job runner"),
    )
}

/// A shell of the web server's user that nobody holds any more.
fn orphan(case: &Case<'_>) -> Option<Draft> {
    let user = case.process.user_names().find(|user| is_one_of(user, USERS))?;
    let alone =
        case.process.ppid.is_some_and(|ppid| ppid <= 1) && case.process.pid != 1 && case.program().is_shell();
    alone.then(|| {
        Draft::new(
            Severity::Medium,
            format!(
                "is a shell of the web server's user {} without a parent",
                procglass_model::text::visible(user)
            ),
        )
        .proof(case.line_proof("status", b"Uid"))
        .proof(case.link_proof("exe"))
    })
}

fn claims_server(case: &Case<'_>) -> bool {
    claims(case.process).any(|claim| begins_with_one_of(claim, WEB_SERVERS))
}

fn serves_files(case: &Case<'_>) -> bool {
    case.process
        .arguments()
        .any(|argument| matches!(argument, b"http.server" | b"SimpleHTTPServer" | b"-S" | b"http-server"))
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{one, process, severity, tcp, unknown};

    fn chain(parent: (&str, &str), child: (&str, &str)) -> String {
        process(5, 1, parent.0, parent.1) + &process(9, 5, child.0, child.1)
    }

    #[test]
    fn a_web_server_with_a_shell() {
        let text = chain(("nginx", "/usr/sbin/nginx"), ("sh", "/usr/bin/dash"));
        let finding = one("web-server-shell", &text);
        assert_eq!(finding.severity, Severity::High);
        assert_eq!(finding.predicate, "is a shell that the web server nginx (5) started");
        let connected = text
            + "//- process/9/fd/3 -> socket:[70]\n"
            + &tcp(&[("10.0.0.1:4000", "203.0.113.7:443", "01", 70)]);
        assert_eq!(severity("web-server-shell", &connected), Some(Severity::Critical));
        let claimed = chain(("php-fpm8.2", "/tmp/php-fpm8.2"), ("sh", "/usr/bin/dash"));
        assert_eq!(severity("web-server-shell", &claimed), Some(Severity::High));
        let curl = chain(("apache2", "/usr/sbin/apache2"), ("curl", "/usr/bin/curl"));
        assert_eq!(severity("web-server-shell", &curl), Some(Severity::Medium));
    }

    #[test]
    fn an_application_server() {
        let text = chain(("python3", "/usr/bin/python3"), ("sh", "/usr/bin/dash"));
        let listening = text.clone()
            + "//- process/5/fd/3 -> socket:[70]\n"
            + &tcp(&[("0.0.0.0:8000", "0.0.0.0:0", "0A", 70)]);
        assert_eq!(severity("web-server-shell", &listening), Some(Severity::Medium));
        let files = listening.replace("/usr/bin/python3\\0", "python3\\0-m\\0http.server\\0");
        assert_eq!(severity("web-server-shell", &files), Some(Severity::High));
        assert_eq!(severity("web-server-shell", &text), None, "an interpreter that does not listen");
    }

    #[test]
    fn workers_and_users() {
        let worker = chain(("nginx", "/usr/sbin/nginx"), ("nginx", "/usr/sbin/nginx"));
        assert_eq!(severity("web-server-shell", &worker), None);
        let login = chain(("sshd", "/usr/sbin/sshd"), ("bash", "/usr/bin/bash"));
        assert_eq!(severity("web-server-shell", &login), None);
        let orphan = process(9, 1, "sh", "/bin/sh").replace("1000\t", "33\t")
            + "//- process/9/ns/mnt -> mnt:[4026531841]\n//- host/etc/passwd\nwww-data:x:33:33::/:/x\n";
        assert_eq!(severity("web-server-shell", &orphan), Some(Severity::Medium));
        assert_eq!(unknown("web-server-shell", "//- process/9/error/exe -> EACCES\n"), ["exe"]);
    }
}
