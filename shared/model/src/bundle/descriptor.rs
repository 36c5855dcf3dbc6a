//! The forms that a record has for a descriptor's `fdinfo`.
//!
//! A socket's inode stands in its target, a file's in its `stat`, and both again in the line `ino` of `fdinfo`. With a
//! hole in that place the text is the same for most descriptors of a system, which compresses to nothing.

use super::content::Content;
use super::record::{Fd, FileStat};
use super::template::{Bases, Digits, TemplateError, fill, push_hole, push_literal};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, IntoDeserializer as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

/// The line of `fdinfo` that has the hole; the kernel prints it fourth.
const LINE: &[u8] = b"ino:\t";
const LINES_MAX: usize = 8;
/// A longer template is not referred to: a record must not grow to many times its size.
pub const REFERRED_MAX: usize = 128;

/// The inode that a descriptor's `info` is relative to: the number in brackets at the end of a target that is no path,
/// else the one in `stat`.
#[must_use]
pub fn inode(target: Option<&[u8]>, stat: Option<&FileStat>) -> Option<u64> {
    let in_brackets = |target: &[u8]| {
        let from = target.iter().position(|byte| *byte == b'[')? + 1;
        let digits = target.get(from..)?.strip_suffix(b"]")?;
        std::str::from_utf8(digits).ok()?.parse().ok()
    };
    let named = target.filter(|target| !target.starts_with(b"/")).and_then(in_brackets);
    named.or_else(|| stat.map(|stat| stat.inode))
}

/// Makes the template of an `fdinfo` whose line `ino` repeats `inode`. False: there is no such line.
pub fn info(fdinfo: &[u8], inode: u64, template: &mut Vec<u8>) -> bool {
    template.clear();
    let mut at = 0;
    for line in fdinfo.split_inclusive(|byte| *byte == b'\n').take(LINES_MAX) {
        if let Some(digits) = line.strip_prefix(LINE).and_then(|rest| rest.strip_suffix(b"\n"))
            && prints(digits, inode)
        {
            let from = at + LINE.len();
            push_literal(template, fdinfo.get(..from).unwrap_or_default());
            push_hole(template, 0, inode, inode, Digits::Decimal);
            push_literal(template, fdinfo.get(from + digits.len()..).unwrap_or_default());
            return true;
        }
        at += line.len();
    }
    false
}

/// The `fdinfo` that a template stands for.
///
/// # Errors
/// [`TemplateError`] for a hole that is none, or where no inode is known.
pub fn fdinfo(
    template: &[u8],
    target: Option<&[u8]>,
    stat: Option<&FileStat>,
) -> Result<Vec<u8>, TemplateError> {
    fill(template, &inode(target, stat).map_or_else(Bases::default, |inode| [inode].into()), b"")
}

/// Whether `%lu` prints a number as these digits.
fn prints(digits: &[u8], mut number: u64) -> bool {
    for digit in digits.iter().rev() {
        if u64::from(*digit) != u64::from(b'0') + number % 10 {
            return false;
        }
        number /= 10;
    }
    number == 0 && !digits.is_empty() && (digits.len() == 1 || digits.first() != Some(&b'0'))
}

/// A descriptor as it stands in the record.
#[derive(Deserialize)]
struct FdForm {
    #[serde(flatten)]
    fd: Fd,
    #[serde(default)]
    info: Option<Info<Content>>,
}

/// What stands under the key `info`.
pub enum Info<T> {
    /// The same template as that of an earlier descriptor, by its number.
    As(u32),
    /// A template.
    Own(T),
}

// Not derived as an untagged form, which makes a copy and an error's text for each: a bundle has hundreds of thousands.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Info<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Form<T> {
            type Value = Info<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a template, or the number of a descriptor that has the same one")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Info<T>, E> {
                u32::deserialize(number.into_deserializer()).map(Info::As)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Info<T>, E> {
                T::deserialize(text.into_deserializer()).map(Info::Own)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Info<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Info::Own)
            }
        }
        deserializer.deserialize_any(Form(PhantomData))
    }
}

/// Reads the descriptors of a record, each with its `fdinfo` as the kernel gave it.
///
/// # Errors
/// What the deserializer reports. A template that makes no sense costs the `fdinfo` of its descriptor only.
pub fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Fd>, D::Error> {
    let mut templates: HashMap<u32, Content> = HashMap::new();
    let mut list = Vec::new();
    for FdForm { mut fd, info } in Vec::<FdForm>::deserialize(deserializer)? {
        let template = match &info {
            None => None,
            Some(Info::Own(template)) => Some(template),
            Some(Info::As(number)) => templates.get(number),
        };
        let what = match template.map(|template| fdinfo(template, fd.target.as_deref(), fd.stat.as_ref())) {
            Some(Ok(bytes)) => {
                fd.fdinfo = Some(bytes.into());
                None
            }
            Some(Err(damage)) => Some(damage.to_string()),
            None => info.is_some().then(|| "no earlier descriptor has the template".into()),
        };
        if let Some(what) = what {
            fd.error.get_or_insert_with(|| format!("its fdinfo cannot be put together: {what}"));
        }
        if let Some(Info::Own(template)) = info
            && template.len() <= REFERRED_MAX
        {
            templates.insert(fd.fd, template);
        }
        list.push(fd);
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(json: &str) -> Vec<Fd> {
        list(&mut serde_json::Deserializer::from_str(json)).unwrap()
    }

    fn read(json: &str) -> Fd {
        all(&format!("[{json}]")).remove(0)
    }

    #[test]
    fn one_template_serves_several() {
        let found = all(
            r#"[{"fd":3,"target":"pipe:[1]","info":"ino:\t{a:d}\n"},{"fd":4,"target":"pipe:[2]","info":3},
                {"fd":5,"target":"pipe:[3]","info":4},{"fd":6,"target":"pipe:[3]","info":6}]"#,
        );
        assert_eq!(found[1].fdinfo.as_deref(), Some(&b"ino:\t2\n"[..]));
        for lost in &found[2..] {
            assert!(lost.fdinfo.is_none() && lost.error.as_ref().unwrap().ends_with("has the template"));
        }
        let long = "x".repeat(REFERRED_MAX + 1);
        let found = all(&format!(r#"[{{"fd":3,"info":"{long}"}},{{"fd":4,"info":3}}]"#));
        assert!(found[0].fdinfo.is_some() && found[1].fdinfo.is_none(), "a record does not multiply");
    }

    #[test]
    fn the_inode_comes_from_the_target_or_from_stat() {
        let stat = FileStat { inode: 5, ..FileStat::default() };
        for (target, want) in [
            (&b"socket:[12]"[..], Some(12)),
            (b"pipe:[0]", Some(0)),
            (b"/tmp/a[12]", None),
            (b"anon_inode:[eventpoll]", None),
            (b"socket:[99999999999999999999]", None),
        ] {
            assert_eq!(inode(Some(target), None), want);
            assert_eq!(inode(Some(target), Some(&stat)), want.or(Some(5)));
        }
        assert_eq!(inode(None, None), None);
    }

    #[test]
    fn a_record_gives_the_kernels_bytes() {
        let socket = read(
            r#"{"fd":3,"target":"socket:[12]","info":"pos:\t0\nflags:\t02\nmnt_id:\t10\nino:\t{a:d}\n"}"#,
        );
        assert_eq!(socket.fdinfo.unwrap().0, b"pos:\t0\nflags:\t02\nmnt_id:\t10\nino:\t12\n");
        let file = read(r#"{"fd":3,"target":"/a","stat":[6,3,1,8630,0,0,9,-5,7],"info":"ino:\t{a:d}\n"}"#);
        assert_eq!(file.fdinfo.unwrap().0, b"ino:\t3\n");
        let stat = file.stat.unwrap();
        assert_eq!((stat.dev, stat.mode, stat.size, stat.mtime, stat.ctime), (6, 8630, 9, -5, 7));
        let plain = read(r#"{"fd":3,"fdinfo":"ino:\t{a:d}\n"}"#);
        assert_eq!(plain.fdinfo.unwrap().0, b"ino:\t{a:d}\n", "content is no template");
    }

    #[test]
    fn damage_costs_the_fdinfo_only() {
        for json in [
            r#"{"fd":3,"target":"/a","info":"ino:\t{a:d}\n"}"#,
            r#"{"fd":3,"target":"pipe:[1]","info":"{b}"}"#,
        ] {
            let fd = read(json);
            assert!(fd.target.is_some() && fd.fdinfo.is_none());
            assert!(fd.error.unwrap().starts_with("its fdinfo cannot be put together: template, byte "));
        }
    }

    proptest! {
        #[test]
        fn every_byte_comes_back(
            before in "([a-z_]{1,6}:\t[0-9{}a]{0,4}\n){0,9}",
            digits in "0?[0-9]{0,21}",
            inode: u64,
            mine: bool,
            after: Vec<u8>,
        ) {
            let digits = if mine { inode.to_string() } else { digits };
            let text = [before.as_bytes(), LINE, digits.as_bytes(), b"\n", &after].concat();
            let mut template = Vec::new();
            let target = format!("socket:[{inode}]");
            if info(&text, inode, &mut template) {
                prop_assert_eq!(fdinfo(&template, Some(target.as_bytes()), None).unwrap(), text);
            } else {
                prop_assert!(!mine || before.lines().count() >= LINES_MAX);
            }
        }

        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>, inode: u64) {
            let mut template = Vec::new();
            if info(&bytes, inode, &mut template) {
                let stat = FileStat { inode, ..FileStat::default() };
                prop_assert_eq!(fdinfo(&template, None, Some(&stat)).unwrap(), bytes.clone());
            }
            let _ = fdinfo(&bytes, Some(&bytes), None);
        }
    }
}
