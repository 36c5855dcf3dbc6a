//! Programs that take a secret under a short flag, which no name gives away.

/// How the secret stands to its flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// In the same argument: `-psecret`.
    Attached,
    /// In the next argument.
    Next,
    /// Either way.
    Both,
    /// After the first colon, or percent sign, of the next argument or of the rest: `-u user:secret`.
    AfterUser,
}

/// Programs by the beginning of their name, flag, form.
const FLAGS: &[(&[&str], &str, How)] = &[
    (&["mysql", "mariadb", "mycli", "sshpass", "7z", "7za", "7zr"], "-p", How::Attached),
    (&["sshpass", "useradd", "usermod"], "-p", How::Next),
    (&["mongo", "mongosh", "mongodump", "mongorestore", "rdesktop"], "-p", How::Both),
    (
        &["sqlcmd", "isql", "bcp", "ipmitool", "mosquitto_pub", "mosquitto_sub", "zip", "unzip"],
        "-P",
        How::Both,
    ),
    (&["redis-cli", "keydb-cli", "valkey-cli"], "-a", How::Both),
    (&["http", "https"], "-a", How::AfterUser),
    (&["curl"], "-u", How::AfterUser),
    (&["curl"], "-U", How::AfterUser),
    (&["curl"], "--user", How::AfterUser),
    (&["curl"], "--proxy-user", How::AfterUser),
    (&["smbclient", "rpcclient", "winexe"], "-U", How::AfterUser),
    (&["ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami", "ldappasswd"], "-w", How::Both),
    (&["openssl"], "-passin", How::AfterUser),
    (&["openssl"], "-passout", How::AfterUser),
    (&["openssl"], "-k", How::Next),
    (&["openssl"], "-K", How::Next),
    (&["snmpwalk", "snmpget", "snmpset", "snmpbulkwalk"], "-A", How::Both),
    (&["snmpwalk", "snmpget", "snmpset", "snmpbulkwalk"], "-X", How::Both),
    (&["snmpwalk", "snmpget", "snmpset", "snmpbulkwalk"], "-c", How::Both),
];

/// The flags of a program that take a secret.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Program {
    /// Which rows of the table apply, as bits.
    rows: u32,
}

impl Program {
    /// What the word, a program's name or path, says; `None` when it is no such program.
    pub(super) fn of(word: &[u8]) -> Option<Self> {
        let name = word.rsplit(|byte| *byte == b'/').next()?;
        let rows = FLAGS.iter().enumerate().filter(|(_, (programs, ..))| {
            programs.iter().any(|program| {
                name.strip_prefix(program.as_bytes()).is_some_and(|rest| {
                    rest.first().is_none_or(|b| !b.is_ascii_alphanumeric()) || mysql_tool(program, rest)
                })
            })
        });
        let rows = rows.fold(0, |rows, (row, _)| rows | 1 << row);
        (rows != 0).then_some(Self { rows })
    }

    /// How the secret stands to this argument, and the flag. Each flag counts once: what follows may be the arguments of
    /// another program, as with `sshpass -p secret ssh -p 22`.
    pub(super) fn flag(&mut self, argument: &[u8]) -> Option<(&'static str, How)> {
        if self.rows == 0 || argument.first() != Some(&b'-') {
            return None;
        }
        let rows = self.rows;
        let (row, found) = FLAGS.iter().enumerate().filter(|(row, _)| rows >> row & 1 != 0).find_map(
            |(row, (_, flag, how))| {
                let rest = argument.strip_prefix(flag.as_bytes())?;
                let fits = match how {
                    How::Attached => !rest.is_empty(),
                    How::Next => rest.is_empty(),
                    How::Both => true,
                    How::AfterUser => rest.is_empty() || (flag.len() == 2 && !rest.starts_with(b"-")),
                };
                fits.then_some((row, (*flag, *how)))
            },
        )?;
        self.rows &= !(1 << row);
        Some(found)
    }
}

/// `mysqldump`, `mysqladmin`, `mariadb-dump` and their family.
fn mysql_tool(program: &str, rest: &[u8]) -> bool {
    matches!(program, "mysql" | "mariadb") && rest.iter().all(u8::is_ascii_lowercase) && rest != b"d"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn how(program: &str, argument: &str) -> Option<How> {
        Program::of(program.as_bytes())?.flag(argument.as_bytes()).map(|(_, how)| how)
    }

    #[test]
    fn flags_belong_to_programs() {
        assert_eq!(how("/usr/bin/mysqldump", "-psecret"), Some(How::Attached));
        assert_eq!(how("mysql", "-p"), None);
        assert_eq!(how("sshpass", "-p"), Some(How::Next));
        assert_eq!(how("sshpass", "-psecret"), Some(How::Attached));
        assert_eq!(how("curl", "-u"), Some(How::AfterUser));
        assert_eq!(how("curl", "--user-agent"), None);
        assert_eq!(how("redis-cli", "-a"), Some(How::Both));
        for (program, argument) in
            [("nc", "-p"), ("ssh", "-p22"), ("mysqld", "-px"), ("curlew", "-u"), ("", "-p")]
        {
            assert_eq!(how(program, argument), None, "{program} {argument}");
        }
    }

    #[test]
    fn the_table_fits_its_bits() {
        assert!(FLAGS.len() <= 32);
    }
}
