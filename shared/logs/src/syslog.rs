//! What stands in front of a kernel's message: the forms of RFC 3164 and RFC 5424, of `dmesg`, of `journalctl` and of
//! Proxmox VE's firewall.

use super::scan;
use bstr::ByteSlice as _;
use procglass_model::Timestamp;

/// What a line says in front of its message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Head<'a> {
    pub(super) time: Option<Timestamp>,
    /// The time lacked its zone or its year, and the caller's was taken.
    pub(super) assumed: bool,
    /// There was a time that could not be read.
    pub(super) unclear: bool,
    pub(super) host: Option<&'a [u8]>,
    /// The message up to where the line was cut: the rule's prefix.
    pub(super) message: &'a [u8],
}

/// What a caller knows of times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// Seconds ahead of UTC of times without a zone.
    pub(super) zone: i64,
    /// For times without a year.
    pub(super) reference: Option<Timestamp>,
}

/// A time at the beginning of a text.
#[derive(Clone, Copy, Debug, Default)]
struct Stamp {
    time: Option<Timestamp>,
    assumed: bool,
    /// The form is one of these, and no point in time comes of it.
    unclear: bool,
    /// The lines of this form have no host: those of `dmesg`.
    bare: bool,
}

impl Stamp {
    fn of(time: Option<Timestamp>, assumed: bool) -> Self {
        Self { time, assumed: assumed && time.is_some(), unclear: time.is_none(), bare: false }
    }
}

/// Facilities of syslog, as OpenWrt's `logread` writes them in front of a severity.
const FACILITIES: [&[u8]; 12] = [
    b"kern",
    b"user",
    b"daemon",
    b"auth",
    b"authpriv",
    b"syslog",
    b"local0",
    b"local1",
    b"local4",
    b"local5",
    b"local6",
    b"local7",
];

/// Programs that pass on the kernel's messages under their own name.
const PROGRAMS: [&[u8]; 5] = [b"kernel", b"klogd", b"ulogd", b"ulogd2", b"pvefw-logger"];

/// Reads the head of a line that ends where the packet's fields begin.
pub(super) fn head(text: &[u8], clock: Clock) -> Head<'_> {
    let mut head = Head::default();
    let mut rest = decoded(priority(text.trim_ascii()));
    if let Some(rest) = rest.strip_prefix(b"1 ").and_then(|rest| structured(rest, clock, &mut head)) {
        head.message = clocks(tag(rest));
        return head;
    }
    if let Some(head) = proxmox(rest) {
        return head;
    }
    // A relay puts its own head in front of another: the inner one tells of the machine.
    for _ in 0..2 {
        rest = priority(rest);
        let Some((stamp, after)) = stamp(rest, clock) else { break };
        head.unclear = stamp.unclear;
        (head.time, head.assumed) = (stamp.time.or(head.time), stamp.assumed);
        rest = after.trim_ascii_start();
        if !stamp.bare {
            let (host, after) = host(rest);
            (head.host, rest) = (host.or(head.host), after);
        }
    }
    rest = clocks(rest);
    if head.host.is_none()
        && let Some((first, after)) = word(rest)
        && is_host(first)
        && is_kernel(after.trim_ascii_start())
    {
        // `journalctl -o short-monotonic`, or a line whose time was cut off.
        (head.host, rest) = (Some(first), after.trim_ascii_start());
    }
    head.message = clocks(tag(rest));
    head
}

/// The text behind `<4>`, the number of facility and severity. Octet counts of RFC 6587 may stand in front.
fn priority(text: &[u8]) -> &[u8] {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let counted = text.get(digits..).and_then(|rest| rest.strip_prefix(b" <")).filter(|_| digits > 0);
    let Some(rest) = counted.or_else(|| text.strip_prefix(b"<")) else { return text };
    let end = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match rest.get(end..).and_then(|rest| rest.strip_prefix(b">")) {
        Some(rest) if (1..=3).contains(&end) => rest.trim_ascii_start(),
        _ => text,
    }
}

/// The text behind `kern  :warn  : `, which `dmesg -x` writes.
fn decoded(text: &[u8]) -> &[u8] {
    let mut parts = text.splitn(3, |byte| *byte == b':');
    let (Some(facility), Some(severity), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return text;
    };
    let is_word = |word: &[u8]| word.len() == 6 && word.trim_ascii().iter().all(u8::is_ascii_lowercase);
    let is_both = FACILITIES.contains(&facility.trim_ascii()) && is_word(facility) && is_word(severity);
    if is_both { rest.trim_ascii_start() } else { text }
}

/// RFC 5424 behind its version: time, host, program, process, kind of message, structured data. The rest is the message.
fn structured<'a>(text: &'a [u8], clock: Clock, head: &mut Head<'a>) -> Option<&'a [u8]> {
    let (time, rest) = word(text)?;
    let (host, rest) = word(rest.strip_prefix(b" ")?)?;
    if time != b"-" {
        let (at, assumed) = scan::time(time, clock.zone)?;
        (head.time, head.assumed) = (Some(at), assumed);
    }
    head.host = (host != b"-").then_some(host);
    let mut rest = rest;
    for _ in 0..3 {
        (_, rest) = word(rest.strip_prefix(b" ")?)?;
    }
    rest = rest.strip_prefix(b" ").unwrap_or(rest);
    if let Some(rest) = rest.strip_prefix(b"-") {
        return Some(rest.trim_ascii_start().trim_start_with(|char| char == '\u{feff}'));
    }
    // `[id name="value"]`, whose values may hold brackets.
    while rest.starts_with(b"[") {
        let (mut quoted, mut escaped) = (false, false);
        let end = rest.iter().position(|byte| {
            let ends = *byte == b']' && !quoted && !escaped;
            quoted ^= *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends
        })?;
        rest = rest.get(end + 1..)?;
    }
    Some(rest.trim_ascii_start())
}

/// The first word, and the text from the blank behind it.
fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.find_byte(b' ').unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    (!word.is_empty()).then_some((word, rest))
}

/// The words of a text, each with what follows it.
fn take<'a>(text: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (word, rest) = word(text.trim_ascii_start())?;
    *text = rest;
    Some(word)
}

/// A time in any of the forms, and the text behind it.
fn stamp(text: &[u8], clock: Clock) -> Option<(Stamp, &[u8])> {
    if let Some(inner) = text.strip_prefix(b"[") {
        let end = inner.find_byte(b']')?;
        let (inner, rest) = (inner.get(..end)?, inner.get(end + 1..)?);
        let inner = inner.trim_ascii();
        if is_uptime(inner) {
            return None;
        }
        // `dmesg -T` writes the machine's own zone; `dmesg -H` writes minutes, and then seconds since the last line.
        let (stamp, after) = civil(inner, clock).or_else(|| minutes(inner, clock))?;
        return after.trim_ascii().is_empty().then_some((Stamp { bare: true, ..stamp }, rest));
    }
    let first = word(text)?.0;
    if first.first().is_some_and(u8::is_ascii_digit) {
        return numeric(text, clock);
    }
    civil(text, clock)
}

/// Times that begin with a digit: ISO 8601, seconds since 1970, a year in front of syslog's time.
fn numeric(text: &[u8], clock: Clock) -> Option<(Stamp, &[u8])> {
    let mut rest = text;
    let first = take(&mut rest)?;
    let seconds = first.split(|byte| *byte == b'.').next().unwrap_or_default();
    if seconds.len() == 10 && seconds.iter().all(u8::is_ascii_digit) {
        let (time, assumed) = scan::time(first, clock.zone)?;
        return Some((Stamp::of(Some(time), assumed), rest));
    }
    if first.len() == 4 {
        // `2026 Dec  1 03:00:00`.
        let year = year(first)?;
        let (month, day, time) = (take(&mut rest)?, take(&mut rest)?, take(&mut rest)?);
        let day = u8::try_from(scan::number(day)?).ok()?;
        let (zone, rest, assumed) = zone(rest, clock);
        return Some((Stamp::of(scan::at(year, scan::month(month)?, day, time, zone), assumed), rest));
    }
    if first.len() >= 19 && matches!(first.get(4), Some(b'-' | b'/')) {
        let found = scan::time(first, clock.zone);
        let stamp = Stamp::of(found.map(|(time, _)| time), found.is_some_and(|(_, assumed)| assumed));
        // `dmesg --time-format iso` writes a comma, and no host; nothing else does.
        return Some((Stamp { bare: first.contains(&b','), ..stamp }, rest));
    }
    // Date and time with a blank between them.
    let (year, month, day) = scan::date(first)?;
    let time = take(&mut rest)?;
    let (time, glued) = match time.iter().position(|byte| matches!(byte, b'Z' | b'+' | b'-')) {
        Some(at) => (time.get(..at)?, Some(scan::offset(time.get(at..)?)?)),
        None => (time, None),
    };
    if !scan::is_clock(time) {
        return None;
    }
    let (zone, rest, assumed) = glued.map_or_else(|| zone(rest, clock), |zone| (zone, rest, false));
    Some((Stamp::of(scan::at(year, month, day, time, zone), assumed), rest))
}

/// Times with names: `Dec  1 03:00:00`, with the year behind the day or behind the time, and with the day of the week in
/// front, as `ctime` and `journalctl -o short-full` write them.
fn civil(text: &[u8], clock: Clock) -> Option<(Stamp, &[u8])> {
    const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    let mut rest = text;
    let mut first = take(&mut rest)?;
    if DAYS.contains(&first.strip_suffix(b",").unwrap_or(first)) {
        if rest.trim_ascii_start().first().is_some_and(u8::is_ascii_digit) {
            return numeric(rest.trim_ascii_start(), clock);
        }
        first = take(&mut rest)?;
    }
    let month = scan::month(first)?;
    let day = u8::try_from(scan::number(take(&mut rest)?)?).ok()?;
    let mut time = take(&mut rest)?;
    let mut year = year(time);
    if year.is_some() {
        time = take(&mut rest)?;
    }
    // Cisco's clocks end with a colon.
    let time = time.strip_suffix(b":").unwrap_or(time);
    if !scan::is_clock(time) {
        return None;
    }
    let (mut zone_of, mut after, mut assumed) = zone(rest, clock);
    if year.is_none() {
        let mut behind = after;
        year = take(&mut behind).and_then(self::year);
        if year.is_some() {
            after = behind;
            if assumed {
                (zone_of, after, assumed) = zone(after, clock);
            }
        }
    }
    let time = match (year, clock.reference) {
        (Some(year), _) => scan::at(year, month, day, time, zone_of),
        (None, Some(reference)) => {
            assumed = true;
            scan::near(reference, month, day, time, zone_of)
        }
        (None, None) => None,
    };
    Some((Stamp::of(time, assumed), after))
}

fn year(word: &[u8]) -> Option<u64> {
    scan::number(word).filter(|year| word.len() == 4 && (1970..2262).contains(year))
}

/// `Dec 1 03:00` of `dmesg -H`.
fn minutes(text: &[u8], clock: Clock) -> Option<(Stamp, &[u8])> {
    let mut rest = text;
    if text.starts_with(b"+") {
        return Some((Stamp { bare: true, ..Stamp::default() }, b""));
    }
    let month = scan::month(take(&mut rest)?)?;
    let day = u8::try_from(scan::number(take(&mut rest)?)?).ok()?;
    let mut time = take(&mut rest)?.to_vec();
    time.extend_from_slice(b":00");
    let time = clock.reference.and_then(|reference| scan::near(reference, month, day, &time, clock.zone));
    Some((Stamp { bare: true, ..Stamp::of(time, true) }, rest))
}

/// A zone at the beginning of a text: an offset or a name that stands for UTC. Other abbreviations name several zones, so
/// the caller's is taken for them.
fn zone(text: &[u8], clock: Clock) -> (i64, &[u8], bool) {
    let mut rest = text;
    let Some(first) = take(&mut rest) else { return (clock.zone, text, true) };
    let bare = first.strip_suffix(b":").unwrap_or(first);
    if let Some(zone) = scan::offset(bare) {
        return (zone, rest, false);
    }
    const NAMES: [&[u8]; 19] = [
        b"CET", b"CEST", b"EET", b"EEST", b"WET", b"WEST", b"BST", b"IST", b"MSK", b"EST", b"EDT", b"CST",
        b"CDT", b"MST", b"MDT", b"PST", b"PDT", b"JST", b"AEST",
    ];
    if NAMES.contains(&bare) { (clock.zone, rest, true) } else { (clock.zone, text, true) }
}

/// The host behind a time, if one stands there, and the text behind it without the facility.
fn host(text: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let facility = |text: &'_ [u8]| {
        word(text)
            .filter(|(word, _)| {
                word.split_once_str(".").is_some_and(|(facility, severity)| {
                    FACILITIES.contains(&facility) && severity.iter().all(u8::is_ascii_lowercase)
                })
            })
            .map(|(word, _)| word.len())
    };
    if let Some(length) = facility(text) {
        return (None, text.get(length..).unwrap_or_default().trim_ascii_start());
    }
    let Some((first, rest)) = word(text).filter(|(first, _)| is_host(first)) else { return (None, text) };
    let rest = rest.trim_ascii_start();
    let length = facility(rest).unwrap_or(0);
    (Some(first), rest.get(length..).unwrap_or_default().trim_ascii_start())
}

/// Whether a word can be the name or the address of a machine.
fn is_host(word: &[u8]) -> bool {
    let named = word
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'/' | b'@'));
    named && !word.ends_with(b":") && !is_kernel(word)
}

/// Whether a text begins with the tag of the kernel.
fn is_kernel(text: &[u8]) -> bool {
    tag(text).len() < text.len()
}

/// The text behind the tag of a program: `kernel:`, `ulogd[811]:`. What has another name and no number may be the rule's
/// prefix, and stays.
fn tag(text: &[u8]) -> &[u8] {
    for program in PROGRAMS {
        // No blank need stand behind the colon.
        if let Some(rest) = text.strip_prefix(program).and_then(|rest| rest.strip_prefix(b":")) {
            return rest.trim_ascii_start();
        }
    }
    let Some((first, rest)) = word(text) else { return text };
    let Some(name) = first.strip_suffix(b":") else {
        // Some relays drop the colon.
        let uptime = rest
            .trim_ascii_start()
            .strip_prefix(b"[")
            .and_then(|rest| rest.split(|byte| *byte == b']').next());
        let is_tag = first == b"kernel" && uptime.is_some_and(|text| is_uptime(text.trim_ascii()));
        return if is_tag { rest.trim_ascii_start() } else { text };
    };
    let (name, number) = match name.strip_suffix(b"]").and_then(|name| name.rsplit_once_str("[")) {
        Some((name, number)) if !number.is_empty() && number.iter().all(u8::is_ascii_digit) => (name, true),
        _ => (name, false),
    };
    // A prefix may look like a tag, as `WAN_IN[4]:` does. A tag has something behind it, or is a known program's.
    let known = PROGRAMS.iter().any(|program| name.eq_ignore_ascii_case(program));
    let behind = !rest.trim_ascii().is_empty();
    if known || (number && behind) { rest.trim_ascii_start() } else { text }
}

/// The text without what the kernel puts in front of it: seconds since its start, and the processor or task that spoke.
fn clocks(text: &[u8]) -> &[u8] {
    let mut text = text.trim_ascii();
    while let Some(inner) = text.strip_prefix(b"[")
        && let Some(end) = inner.find_byte(b']')
        && let (Some(inner), Some(rest)) = (inner.get(..end), inner.get(end + 1..))
        && (is_uptime(inner.trim_ascii()) || is_caller(inner.trim_ascii()))
    {
        text = rest.trim_ascii();
    }
    text
}

/// `203.842973`, also with the time since the line before: `203.842973 <    0.000012>`.
fn is_uptime(text: &[u8]) -> bool {
    let number = text.split(|byte| *byte == b'<').next().unwrap_or_default().trim_ascii();
    number.contains(&b'.')
        && number.first().is_some_and(u8::is_ascii_digit)
        && number.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// `C0` or `T1234`: the kernel's option `PRINTK_CALLER`.
fn is_caller(text: &[u8]) -> bool {
    text.split_first().is_some_and(|(kind, number)| {
        matches!(kind, b'C' | b'T') && !number.is_empty() && number.iter().all(u8::is_ascii_digit)
    })
}

/// Proxmox VE's firewall: `VMID LOGID CHAIN TIME POLICY:`, with the time as `01/Dec/2026:03:00:00 +0000`. What stands
/// behind the time is the rule.
fn proxmox(text: &[u8]) -> Option<Head<'_>> {
    let mut rest = text;
    let (guest, level) = (take(&mut rest)?, take(&mut rest)?);
    if scan::number(guest).is_none() || scan::number(level).is_none() {
        return None;
    }
    take(&mut rest)?;
    let (date, time) = take(&mut rest)?.split_once_str(":")?;
    let (year, month, day) = scan::date(date)?;
    let time = scan::at(year, month, day, time, scan::offset(take(&mut rest)?)?)?;
    Some(Head { time: Some(time), message: rest.trim_ascii(), ..Head::default() })
}
