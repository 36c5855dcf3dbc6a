//! One form of a name that a container runtime gives: a pattern over the parts of a path, and what a match proves.

use bstr::BString;

/// What a path that has a form proves of the process that it was read of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proves {
    /// It is in the container of this id.
    Container,
    /// It is in a pod, and the id is that of the pod's sandbox, which all containers of the pod share.
    Sandbox,
    /// It helps a container from outside (a supervisor, a virtual machine's monitor), so it is not in it.
    Helper,
    /// It is in a group of containers, and the id is that of the group.
    Group,
    /// It is in this pod, whatever its container is.
    Pod,
}

/// A form.
#[derive(Debug)]
pub(super) struct Form {
    /// Parts of a path, joined by `/`; they match consecutive parts anywhere in a path. `*` stands for any text, `[x]` for
    /// `x` or nothing, and a word in braces for a name, see [`Word`].
    pub(super) pattern: &'static str,
    /// The runtime, where the form tells it.
    pub(super) runtime: Option<&'static str>,
    /// What it proves.
    pub(super) proves: Proves,
    /// Only in a hierarchy of cgroup v1.
    pub(super) v1: bool,
    /// Mount points at which a mount of this form counts; empty for control groups.
    pub(super) points: &'static [&'static str],
    /// A path of this form. `$ID` and the like stand for names, see the test of the table.
    #[cfg_attr(not(test), expect(dead_code, reason = "the test of the table reads it"))]
    pub(super) sample: &'static str,
    /// The container's id in the sample; empty where the sample is in no container that is known.
    #[cfg_attr(not(test), expect(dead_code, reason = "the test of the table reads it"))]
    pub(super) gives: &'static str,
}

/// What a path names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names<'a> {
    /// A container, a sandbox or a group.
    pub(super) id: Option<&'a [u8]>,
    /// The id has systemd's escapes (`\x2d`).
    pub(super) escaped: bool,
    /// Uid of a pod, with `_` in the place of `-` perhaps.
    pub(super) pod: Option<&'a [u8]>,
    /// Id of an ECS task.
    pub(super) task: Option<&'a [u8]>,
}

impl Names<'_> {
    /// The id as its runtime has it.
    pub(super) fn id(&self) -> Option<BString> {
        let id = self.id?;
        Some(if self.escaped { unescape(id) } else { id.into() })
    }

    /// The pod's uid: a slice of systemd has `_` in the place of `-`.
    pub(super) fn pod(&self) -> Option<BString> {
        let uid: Vec<u8> = self.pod?.iter().map(|byte| if *byte == b'_' { b'-' } else { *byte }).collect();
        Some(uid.into())
    }
}

impl Form {
    /// The names, where the pattern matches parts from the first on. Also how many parts it took.
    pub(super) fn names<'a>(&self, parts: &[&'a [u8]]) -> Option<(Names<'a>, usize)> {
        let (mut names, mut taken) = (Names::default(), 0);
        for (pattern, part) in
            self.pattern.split('/').zip(parts.iter().map(Some).chain(std::iter::repeat(None)))
        {
            if !matches(pattern.as_bytes(), part?, &mut names) {
                return None;
            }
            taken += 1;
        }
        Some((names, taken))
    }
}

/// A word in braces: which texts it stands for.
#[derive(Clone, Copy)]
enum Word {
    /// 64 hexadecimal digits.
    Id,
    /// A pod's uid: a UUID, or the 32 digits of a static pod.
    Pod,
    /// An ECS task: 32 hexadecimal digits, or a UUID.
    Task,
    /// A container of ECS without Docker: its task, a dash, decimal digits.
    TaskNumber,
    /// A UUID.
    Uuid,
    /// Garden's, a UUID with a short last group.
    Garden,
    /// `BuildKit`'s, 25 letters and digits.
    Build,
    /// A task of Nomad: the UUID of its allocation, a dot, the task's name.
    Allocation,
    /// A name that a person chose.
    Name,
    /// The same in the name of a unit of systemd, with escapes.
    Unit,
}

impl Word {
    fn named(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"id" => Self::Id,
            b"pod" => Self::Pod,
            b"task" => Self::Task,
            b"task-number" => Self::TaskNumber,
            b"uuid" => Self::Uuid,
            b"garden" => Self::Garden,
            b"build" => Self::Build,
            b"allocation" => Self::Allocation,
            b"name" => Self::Name,
            b"unit" => Self::Unit,
            _ => return None,
        })
    }

    /// How long such a text is, where `left` bytes are left: lengths that are known keep the work linear.
    fn lengths(self, left: usize) -> std::ops::RangeInclusive<usize> {
        let (least, most) = match self {
            Self::Id => (64, 64),
            Self::Pod | Self::Task => (32, 36),
            Self::TaskNumber => (34, left),
            Self::Uuid => (36, 36),
            Self::Garden => (28, 28),
            Self::Build => (25, 25),
            Self::Allocation => (38, left),
            Self::Name | Self::Unit => (1, left),
        };
        least..=most.min(left)
    }

    /// Whether `text` is one.
    fn fits(self, text: &[u8]) -> bool {
        match self {
            Self::Id => is_hex(text, 64),
            Self::Pod => is_uuid(text, b"-_") || is_hex(text, 32),
            Self::Task => is_uuid(text, b"-") || is_hex(text, 32),
            Self::TaskNumber => text.split_at_checked(33).is_some_and(|(task, number)| {
                task.strip_suffix(b"-").is_some_and(|task| is_hex(task, 32))
                    && !number.is_empty()
                    && number.iter().all(u8::is_ascii_digit)
            }),
            Self::Uuid => is_uuid(text, b"-"),
            Self::Garden => groups(text, b"-", &[8, 4, 4, 4, 4]),
            Self::Build => {
                text.len() == 25 && text.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            }
            Self::Allocation => text.split_at_checked(36).is_some_and(|(allocation, task)| {
                is_uuid(allocation, b"-") && task.len() > 1 && task.starts_with(b".")
            }),
            Self::Name | Self::Unit => !text.is_empty(),
        }
    }

    fn put<'a>(self, names: &mut Names<'a>, text: &'a [u8]) {
        match self {
            Self::Pod => names.pod = Some(text),
            Self::Task => names.task = Some(text),
            _ => (names.id, names.escaped) = (Some(text), matches!(self, Self::Unit)),
        }
    }
}

/// Whether a pattern is the whole of a part. It calls itself for what is behind a `*` or a word, so no deeper than the
/// pattern is long, whatever the part holds.
fn matches<'a>(pattern: &[u8], part: &'a [u8], names: &mut Names<'a>) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return part.is_empty() };
    let mut behind = |rest: &[u8], part: &'a [u8], take: Option<(Word, &'a [u8])>| {
        let mut trial = names.clone();
        if let Some((word, text)) = take {
            word.put(&mut trial, text);
        }
        let fits = matches(rest, part, &mut trial);
        if fits {
            *names = trial;
        }
        fits
    };
    match first {
        b'*' => (0..=part.len()).any(|at| part.get(at..).is_some_and(|left| behind(rest, left, None))),
        b'[' => {
            let Some((optional, rest)) = split(rest, b']') else { return false };
            part.strip_prefix(optional).is_some_and(|left| behind(rest, left, None))
                || behind(rest, part, None)
        }
        b'{' => {
            let Some((word, rest)) = split(rest, b'}') else { return false };
            let Some(word) = Word::named(word) else { return false };
            // The longest first: what follows a name takes no more than it must.
            word.lengths(part.len()).rev().any(|at| {
                part.split_at_checked(at)
                    .is_some_and(|(text, left)| word.fits(text) && behind(rest, left, Some((word, text))))
            })
        }
        literal => part.split_first().is_some_and(|(own, left)| own == literal && matches(rest, left, names)),
    }
}

fn split(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| *byte == at)?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}

fn is_hex(text: &[u8], length: usize) -> bool {
    text.len() == length && text.iter().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte))
}

fn is_uuid(text: &[u8], separators: &[u8]) -> bool {
    groups(text, separators, &[8, 4, 4, 4, 12])
}

/// Groups of hexadecimal digits, of these lengths.
fn groups(text: &[u8], separators: &[u8], lengths: &[usize]) -> bool {
    let mut groups = text.split(|byte| separators.contains(byte));
    lengths.iter().all(|length| groups.next().is_some_and(|group| is_hex(group, *length)))
        && groups.next().is_none()
}

/// A name without the escapes of systemd: `web\x2d1` is `web-1`, systemd-escape(1).
fn unescape(name: &[u8]) -> BString {
    let (mut plain, mut rest) = (Vec::with_capacity(name.len()), name);
    while let Some((first, left)) = rest.split_first() {
        let code = rest.strip_prefix(br"\x").and_then(|code| code.get(..2));
        let byte = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        plain.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { rest.get(4..).unwrap_or_default() } else { left };
    }
    plain.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let id = "0123456789abcdef".repeat(4);
        let part = format!("docker-{id}.scope");
        let mut names = Names::default();
        assert!(matches(b"*-{id}[.scope]", part.as_bytes(), &mut names));
        assert_eq!(names.id, Some(id.as_bytes()));
        for (pattern, part) in [
            ("{id}", "0123"),
            ("{none}", "x"),
            ("{id", "x"),
            ("[x", "x"),
            ("{name}.scope", ".scope"),
            ("{task-number}", "0123456789abcdef0123456789abcdef-"),
            ("{allocation}", "2d3da189-6407-48e3-9ab6-78188d75e609."),
        ] {
            assert!(!matches(pattern.as_bytes(), part.as_bytes(), &mut Names::default()), "{pattern} {part}");
        }
        assert_eq!(unescape(br"web\x2d1\x2"), br"web-1\x2".as_slice());
    }

    proptest::proptest! {
        #[test]
        fn any_part_is_survived(part: Vec<u8>) {
            let _ = matches(b"*pod{pod}.slice:*:{id}[.scope]", &part, &mut Names::default());
            let _ = unescape(&part);
        }
    }
}
