//! Programs that take a secret under a short flag, at a place of their arguments or behind a word, which no name gives away.

/// How the secret stands to its flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// All of the argument: the next one, the rest of this one, or what follows `=`.
    Whole,
    /// The rest of this argument only: `-psecret`. Alone, the flag has the program ask.
    Attached,
    /// After the first colon or percent sign: `-u user:secret`.
    AfterUser,
    /// After the first colon, up to an `@`: `user:secret@host`.
    Account,
    /// After the first comma: `-u user,secret`.
    AfterComma,
    /// After the first slash, up to an `@`: `scott/tiger@db`.
    AfterSlash,
    /// After `pass:`, openssl-passphrase-options(1).
    Source,
    /// After the second `=`, or the only one: `--from-literal=key=secret`.
    Setting,
    /// The last argument.
    Last,
    /// No secret: a command that the flags waited for.
    Command,
}

/// Programs, maybe `@` and the command of theirs that must stand before, then flags. In front of each flag a sign for how:
/// `=` [`How::Whole`], `+` [`How::Attached`], `:` [`How::AfterUser`], `,` [`How::AfterComma`], `!` [`How::Source`],
/// `>` [`How::Setting`], `$` [`How::Last`] if the flag stands among the short ones. Without a name: `/` is
/// [`How::AfterSlash`], `:` [`How::Account`], `>` [`How::Setting`] of each argument without a dash, a number is the argument of
/// that number, whole.
static PROGRAMS: &str = "\
mysql,mysqldump,mysqladmin,mysqlimport,mysqlshow,mysqlcheck,mysqlbinlog,mysqlsh,mariadb,mariadb-dump,mariadb-admin,mycli,mydumper,myloader,xtrabackup,innobackupex +-p =password
sshpass +-p =-p
7z,7za,7zr,7zz,rar,unrar +-p +-hp
useradd,usermod =-p
mongo,mongosh,mongodump,mongorestore,mongoexport,mongoimport,mongostat,rdesktop,cqlsh,cypher-shell,beeline,influx,hdbsql,steghide,smbmap,impacket-smbserver,crackmapexec,cme,netexec,nxc,evil-winrm,hydra,medusa,twine,sqoop =-password =-p
docker,podman,nerdctl,buildah,skopeo,crane,oras,helm,az,oc,cf,argocd,ctr,bw@login =-p
bw@login 2
bw@unlock 1
podman,buildah,skopeo,ctr,crictl :--creds :--src-creds :--dest-creds
sqlcmd,isql,osql,tsql,bcp,ipmitool,mosquitto_pub,mosquitto_sub,mosquitto_rr,zip,unzip =-P =-pw
redis-cli,keydb-cli,valkey-cli,redis-benchmark =-a =auth =requirepass =masterauth
http,https,xh :-a :--auth
curl :-u :-U :--user :--proxy-user =-b =--cookie =--oauth2-bearer =--pass :-E :--cert
etcdctl,nats,s3fs,jenkins-cli,elasticdump,ab,grpcurl,mc,consul :--user :-auth :-u
ab :-A :-P
smbclient,rpcclient,winexe,net,smbget,wmic,samba-tool :-U :--user
samba-tool@create 2
samba-tool@setpassword =--newpassword
ldapsearch,ldapadd,ldapmodify,ldapdelete,ldapwhoami,ldappasswd,ldapcompare,ldapmodrdn,ldapvi,dsconf,vsql,kadmin =-w
ldappasswd =-a =-s
kadmin,kadmin.local =-pw
openssl !-passin !-passout !-pass =-k =-K !-passwd =-macopt
openssl@passwd $6 $1 $5 $s
snmpwalk,snmpget,snmpset,snmpbulkwalk,snmpgetnext,snmptrap,snmpstatus =-A =-X =-c
sqlplus,exp,imp,expdp,impdp,sqlldr,rman,sql /
lftp,ncftp, ,-u =-p
xfreerdp,xfreerdp3,wlfreerdp,sdl-freerdp,mstsc +/p: +/pth: +/gp: +-p:
x11vnc,vncviewer,x0vncserver =-passwd =-viewpasswd
plink,pscp,psftp,putty,nodetool,nzsql =-pw
ssh-keygen,puttygen =-N =-P
htpasswd $b
vault,bao@login 1
vault,bao@put >
vault,bao@write >
vault,bao@unseal 1
kubectl,oc >--from-literal
kubectl,oc@set-credentials =--token
nmcli =password =psk =wifi-sec.psk =802-11-wireless-security.psk =wep-key0 =vpn.secrets
iwctl =--passphrase =-P
iwconfig =key
wpa_passphrase 2
wpa_cli =psk =password
aws@set =aws_secret_access_key =aws_session_token =aws_access_key_id
gh,glab,hub@secret =-b =--body
gh,glab@variable =--body
ngrok =authtoken =add-authtoken
snyk@auth 1
cargo@login 1
npm,pnpm,yarn@set =_auth =_password =_authToken
poetry@config 3
pip,pip3@set =token
heroku@config:set >
fly,flyctl@set >
dokku@config:set >
pulumi@set 2
doctl =-t =--access-token
vercel,netlify,codecov,act,frpc,cloudflared =-t =--auth
gitlab-runner =-r =-t
rclone =pass =password =secret_access_key =key
rclone@obscure 1
mc@set 4
mc@add 4
rabbitmqctl@add_user 2
rabbitmqctl@change_password 2
ejabberdctl,prosodyctl@register 3
ejabberdctl@change_password 3
swaks,sendemail,sendEmail =-ap =-xp
irssi =-w
db2 =using
pdftk =user_pw =owner_pw =input_pw
ccrypt =-K =-k
wg =private-key
pppd =password
mkpasswd 1
identified =by
user,role,login =password =pass
psexec,psexec.py,smbexec.py,wmiexec.py,secretsdump.py,impacket-psexec,impacket-smbexec,impacket-wmiexec,impacket-secretsdump : =-hashes
ssh,scp,sftp,rsync
";

/// The flags of the words of SQL in [`PROGRAMS`].
const SQL: &str = "=password =pass";

/// How many names stand in front of the lines.
const COUNT: usize = {
    let (text, mut at, mut count) = (PROGRAMS.as_bytes(), 0, 0);
    while let Some((_, next)) = next_name(text, at) {
        (at, count) = (next, count + 1);
    }
    count
};

/// Short hashes of these names: nearly all words of a command line are found in no line by a look at these.
#[allow(clippy::indexing_slicing, reason = "computed by the compiler")]
static NAMES: [u16; COUNT] = {
    let (text, mut at, mut count, mut names) = (PROGRAMS.as_bytes(), 0, 0, [0; COUNT]);
    while let Some((hash, next)) = next_name(text, at) {
        // Sorted, for a search in the middle.
        let mut place = count;
        while place > 0 && names[place - 1] > hash {
            names[place] = names[place - 1];
            place -= 1;
        }
        names[place] = hash;
        (at, count) = (next, count + 1);
    }
    names
};

/// The hash of the name that begins here, and where the next one begins.
#[allow(clippy::indexing_slicing, reason = "computed by the compiler")]
const fn next_name(text: &[u8], from: usize) -> Option<(u16, usize)> {
    let (mut at, mut hash) = (from, 0);
    while at < text.len() {
        match text[at] {
            b',' => return Some((hash, at + 1)),
            b' ' | b'@' | b'\n' => {
                while at < text.len() && text[at] != b'\n' {
                    at += 1;
                }
                return Some((hash, at + 1));
            }
            byte => hash = mixed_in(hash, byte),
        }
        at += 1;
    }
    None
}

/// One more letter in a hash. Upper and lower case are the same.
const fn mixed_in(hash: u16, byte: u8) -> u16 {
    (hash ^ (byte | 0x20) as u16).wrapping_mul(0x4f35).rotate_left(5)
}

/// Lines of the table that fit one program.
const LINES: usize = 4;

/// A program of the table, and what was seen of its arguments.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Program {
    lines: [Option<Line>; LINES],
    /// Arguments without a dash so far.
    places: u32,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// Must be met before the flags count.
    command: &'static str,
    flags: &'static str,
}

impl Program {
    /// What the word, a program's name or path, says; `None` when it is no such program.
    #[inline(never)]
    pub(super) fn of(word: &[u8]) -> Option<Self> {
        let name = word.rsplit(|byte| *byte == b'/' || *byte == b'\\').next()?;
        let name = name.strip_suffix(b".exe").unwrap_or(name);
        let hash = name.iter().fold(0, |hash, byte| mixed_in(hash, *byte));
        if name.len() < 2 || name.len() > 32 || NAMES.binary_search(&hash).is_err() {
            return None;
        }
        let mut found = Self::default();
        let mut known = false;
        let mut places = found.lines.iter_mut();
        for line in PROGRAMS.lines() {
            let (head, flags) = line.split_once(' ').unwrap_or((line, ""));
            let (names, command) = head.split_once('@').unwrap_or((head, ""));
            if names.split(',').any(|one| one.as_bytes().eq_ignore_ascii_case(name)) {
                known = true;
                if let Some(place) = places.next() {
                    *place = Some(Line { command, flags });
                }
            }
        }
        known.then_some(found)
    }

    /// Whether another program may take this one's place: words of SQL and of `.netrc` are also words of commands.
    pub(super) fn gives_way(&self, other: &Self) -> bool {
        let flags = |program: &Self| program.lines.first().copied().flatten().map_or("", |line| line.flags);
        flags(self).is_empty() || flags(other) != SQL || flags(self) == SQL
    }

    /// How the secret stands to this argument, and where in it the rest behind the flag begins. Nothing behind it: the next
    /// argument is meant.
    #[inline(never)]
    pub(super) fn flag(&mut self, argument: &[u8]) -> Option<(How, usize)> {
        let dash = argument.first() == Some(&b'-');
        self.places += u32::from(!dash);
        let mut found = None;
        for line in self.lines.iter_mut().flatten() {
            if !line.command.is_empty() {
                if line.command.as_bytes() == argument {
                    line.command = "";
                    self.places = 0;
                    found = Some((How::Command, 0));
                }
                continue;
            }
            found = found
                .or_else(|| line.flags.split(' ').find_map(|flag| fits(flag, argument, dash, self.places)));
        }
        found
    }
}

/// Whether an argument is the flag, as [`Program::flag`].
#[inline(never)]
fn fits(flag: &'static str, argument: &[u8], dash: bool, place: u32) -> Option<(How, usize)> {
    let (sign, name) = flag.split_at_checked(1)?;
    let how = match sign {
        "=" => How::Whole,
        "+" => How::Attached,
        ":" => How::AfterUser,
        "," => How::AfterComma,
        "!" => How::Source,
        ">" => How::Setting,
        "$" => {
            let short = dash && argument.get(1) != Some(&b'-') && argument.len() < 8;
            return (short && name.bytes().all(|letter| argument.contains(&letter)))
                .then_some((How::Last, argument.len()));
        }
        "/" => {
            let user =
                argument.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_.=-".contains(b)).count();
            let first = place == 1 || argument.contains(&b'@') || argument.starts_with(b"userid=");
            return (!dash && user > 0 && first && argument.get(user) == Some(&b'/'))
                .then_some((How::AfterSlash, 0));
        }
        number => {
            return (!dash && number.parse() == Ok(place)).then_some((How::Whole, 0));
        }
    };
    if name.is_empty() {
        let (how, sign) = if how == How::Setting { (how, b'=') } else { (How::Account, b':') };
        return (!dash && argument.contains(&sign)).then_some((how, 0));
    }
    let long = name.len() > 2;
    let Some(rest) = argument.strip_prefix(name.as_bytes()) else {
        // Short flags in one: `-sSu user:secret`.
        let among = !long && how != How::Attached && argument.len() <= 6 && dash;
        let letters = argument.get(1..)?;
        let last =
            among && letters.iter().all(u8::is_ascii_alphabetic) && letters.last() == name.as_bytes().last();
        let word = !dash && how == How::Whole && name.as_bytes().eq_ignore_ascii_case(argument);
        return (last || word).then_some((how, argument.len()));
    };
    let all = argument.len();
    match rest {
        [] => (how != How::Attached).then_some((how, all)),
        [b'=', value @ ..] => Some((how, all - value.len())),
        _ if how == How::Attached || !long && name.starts_with('-') && !rest.starts_with(b"-") => {
            Some((how, all - rest.len()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn how(program: &str, arguments: &[&str]) -> Option<How> {
        let mut program = Program::of(program.as_bytes())?;
        arguments.iter().filter_map(|argument| program.flag(argument.as_bytes()).map(|(how, _)| how)).last()
    }

    #[test]
    fn flags_belong_to_programs() {
        for (program, arguments, want) in [
            ("/usr/bin/mysqldump", &["-psecret"][..], How::Attached),
            ("sshpass", &["-p"], How::Whole),
            ("sshpass", &["-psecret"], How::Attached),
            ("curl", &["-u"], How::AfterUser),
            ("curl", &["-sSu"], How::AfterUser),
            ("curl", &["--user=a:b"], How::AfterUser),
            ("redis-cli", &["-a"], How::Whole),
            ("docker", &["login", "-p"], How::Whole),
            ("xfreerdp", &["/p:x"], How::Attached),
            ("sqlplus", &["scott/tiger@db"], How::AfterSlash),
            ("wpa_passphrase", &["net", "secret"], How::Whole),
            ("htpasswd", &["-nbB", "u", "p"], How::Last),
            ("kubectl", &["--from-literal=a=b"], How::Setting),
            ("vault", &["kv", "put", "secret/x", "a=b"], How::Setting),
            ("vault", &["login", "token"], How::Whole),
            ("Identified", &["BY"], How::Whole),
            ("openssl", &["-passin"], How::Source),
            ("mysqladmin.exe", &["password"], How::Whole),
        ] {
            assert_eq!(how(program, arguments), Some(want), "{program} {arguments:?}");
        }
        for (program, arguments) in [
            ("nc", &["-p"][..]),
            ("ssh", &["-p22"]),
            ("mysqld", &["-px"]),
            ("mysql", &["-p"]),
            ("curlew", &["-u"]),
            ("curl", &["--user-agent"]),
            ("docker", &["run", "-p", "80:80"]),
            ("vault", &["server", "-config=/etc/v"]),
            ("sqlplus", &["/nolog"]),
            ("", &["-p"]),
        ] {
            assert_eq!(how(program, arguments), None, "{program} {arguments:?}");
        }
    }

    #[test]
    fn no_program_has_more_lines_than_there_is_room_for() {
        for line in PROGRAMS.lines() {
            let names = line.split([' ', '@']).next().unwrap();
            for name in names.split(',') {
                let lines = PROGRAMS
                    .lines()
                    .filter(|l| l.split([' ', '@']).next().unwrap().split(',').any(|n| n == name));
                assert!(lines.count() <= LINES, "{name}");
            }
        }
    }
}
