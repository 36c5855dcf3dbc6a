//! The writer against the reader, over whole, cut, changed and hostile files.

mod elsewhere;

use super::gzip::GzipWriter;
use super::*;
use proptest::prelude::*;
use std::io::{Read as _, Write as _};

fn write(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), 1_700_000_000, 6).unwrap();
    for (name, data) in members {
        writer.member(name, data).unwrap();
    }
    writer.finish().unwrap()
}

fn read(bytes: &[u8], piece: usize) -> (Vec<Member>, Result<Integrity, BundleError>) {
    let (mut members, mut reader) = (Vec::new(), Reader::new(Limits::browser()));
    for piece in bytes.chunks(piece) {
        if let Err(error) = reader.push(piece, |member| members.push(member)) {
            return (members, Err(error));
        }
    }
    let integrity = reader.finish(|member| members.push(member));
    (members, integrity)
}

/// Data that does not compress away: a multiplicative generator, so that tests repeat.
fn noise(length: usize, mut seed: u64) -> Vec<u8> {
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}

/// 12 members of 1 MiB: more than one full flush apart.
fn large() -> Vec<(String, Vec<u8>)> {
    (0..12).map(|n| (format!("process/{n}.json"), noise(1 << 20, n))).collect()
}

proptest! {
    #[test]
    fn members_come_back(
        bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3000), 1..20),
        piece in 1..5000usize,
    ) {
        let members: Vec<_> = bodies.into_iter().enumerate().map(|(n, b)| (format!("m/{n}"), b)).collect();
        let (read, integrity) = read(&write(&members), piece);
        let integrity = integrity.unwrap();
        prop_assert_eq!(integrity.verdict(), Verdict::Intact);
        prop_assert_eq!(integrity.verified, members.len());
        let back: Vec<_> = read.into_iter().filter(|m| *m.name != *SUMS_NAME).map(|m| (m.name.to_string(), m.data)).collect();
        prop_assert_eq!(back, members);
    }

    #[test]
    fn any_bytes_are_survived(bytes: Vec<u8>, piece in 1..100usize) {
        let _ = read(&bytes, piece);
    }

    #[test]
    fn one_changed_byte_is_noticed(at in 10..100_000usize, to: u8) {
        let members: Vec<_> = (0..30).map(|n| (format!("m/{n}"), noise(5000, n))).collect();
        let mut bytes = write(&members);
        let at = at % (bytes.len() - 10) + 10;
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        match read(&bytes, 4096) {
            (_, Ok(integrity)) => prop_assert_ne!(integrity.verdict(), Verdict::Intact),
            (_, Err(_)) => {}
        }
    }
}

#[test]
fn every_prefix_gives_its_whole_members() {
    let members: Vec<_> = (0..40).map(|n| (format!("m/{n}"), noise(2000, n))).collect();
    let bytes = write(&members);
    let mut before = 0;
    for length in (0..bytes.len()).step_by(97) {
        let (read, integrity) = read(&bytes[..length], 1000);
        assert!(read.len() >= before, "at {length}");
        before = read.len();
        for (have, want) in read.iter().zip(&members) {
            assert_eq!((&*have.name, &have.data), (&*want.0, &want.1));
        }
        if let Ok(integrity) = integrity {
            assert_eq!(integrity.verdict(), Verdict::Incomplete, "at {length}: {:?}", integrity.damage);
        }
    }
    assert!(before >= 39);
}

#[test]
fn a_damaged_stretch_costs_only_its_neighbourhood() {
    let members = large();
    let mut bytes = write(&members);
    let middle = bytes.len() / 2;
    bytes[middle..middle + 100].fill(0x55);
    let (read, integrity) = read(&bytes, 64 * 1024);
    let integrity = integrity.unwrap();
    assert_eq!(integrity.verdict(), Verdict::Damaged);
    assert!(read.len() >= 8, "{} members, {:?}", read.len(), integrity.damage);
    for member in
        read.iter().filter(|m| *m.name != *SUMS_NAME && !integrity.mismatched.contains(&m.name.to_string()))
    {
        assert!(members.contains(&(member.name.to_string(), member.data.clone())), "{}", member.name);
    }
    assert!(!integrity.damage.is_empty());
    assert_eq!(integrity.verified + integrity.missing.len() + integrity.mismatched.len(), members.len());
}

/// A flush point that was passed before the damage showed is found again, whatever pieces the file comes in.
#[test]
fn what_damage_costs_does_not_depend_on_the_pieces() {
    let text = |seed: u64, length: usize| -> Vec<u8> {
        let words =
            noise(length / 8, seed).into_iter().flat_map(|byte| format!("{:05}\n", byte % 50).into_bytes());
        words.take(length).collect()
    };
    let mut gzip = GzipWriter::new(Vec::new(), flate2::Compression::new(6)).unwrap();
    for at in 0..60_u64 {
        let data = text(at + 1, 3000 + usize::try_from(at % 7).unwrap() * 9000);
        gzip.write_all(&tarball::header(&format!("process/{at}.json"), data.len() as u64, 0).unwrap())
            .unwrap();
        gzip.write_all(&data).unwrap();
        gzip.write_all(&vec![0; tarball::padding(data.len() as u64)]).unwrap();
        if at % 6 == 5 {
            gzip.full_flush().unwrap();
        }
    }
    gzip.write_all(&[0; 1024]).unwrap();
    let whole = {
        gzip.end().unwrap();
        gzip.into_inner()
    };
    let names = |bytes: &[u8], piece| -> Vec<_> {
        read(bytes, piece).0.into_iter().map(|member| member.name).collect()
    };
    for at in (100..whole.len() - 100).step_by(whole.len() / 150) {
        let mut changed = whole.clone();
        changed[at] ^= 0x55;
        let usual = names(&changed, 1 << 20);
        assert!(usual.len() > 45, "{at}: {}", usual.len());
        for piece in [8192, 1000] {
            assert_eq!(names(&changed, piece), usual, "{at}, {piece}");
        }
    }
}

/// What came out of the decompressor before it met the damage is used, also where it comes faster than it is taken.
#[test]
fn what_was_unpacked_before_the_damage_is_kept() {
    let add = |gzip: &mut GzipWriter<Vec<u8>>, at: u64| {
        let data: Vec<u8> =
            (0..90).flat_map(|line| format!("{at} and {line} again\n").into_bytes()).collect();
        let header = tarball::header(&format!("process/{at}.json"), data.len() as u64, 0).unwrap();
        gzip.write_all(&[&header[..], &data, &vec![0; tarball::padding(data.len() as u64)]].concat())
            .unwrap();
    };
    let before = 200;
    let mut gzip = GzipWriter::new(Vec::new(), flate2::Compression::new(6)).unwrap();
    (0..before).for_each(|at| add(&mut gzip, at));
    gzip.full_flush().unwrap();
    (before..before + 50).for_each(|at| add(&mut gzip, at));
    let mut bytes = {
        gzip.end().unwrap();
        gzip.into_inner()
    };
    let flushed = bytes.windows(4).position(|bytes| bytes == [0, 0, 0xff, 0xff]).unwrap();
    // The next block is the last and of the kind that RFC 1951 does not have.
    bytes[flushed + 4] = 7;
    // The second piece gives more than is taken at once.
    for piece in (flushed * 3 / 5..flushed).step_by(100) {
        assert_eq!(read(&bytes, piece).0.len() as u64, before, "{piece}");
    }
}

#[test]
fn a_lost_beginning_costs_only_its_neighbourhood() {
    let bytes = write(&large());
    let (read, integrity) = read(&bytes[3000..], 10_000);
    assert!(read.len() >= 7, "{}", read.len());
    assert_eq!(integrity.unwrap().verdict(), Verdict::Damaged);
}

#[test]
fn what_other_tools_make_of_it_opens_too() {
    let members = [("manifest.json".to_owned(), b"{}".to_vec()), ("a/b".to_owned(), vec![7; 1000])];
    let mut builder =
        tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    let mut directory = tar::Header::new_gnu();
    directory.set_entry_type(tar::EntryType::Directory);
    directory.set_size(0);
    builder.append_data(&mut directory, "./a/", &[][..]).unwrap();
    let long = "long/".repeat(60) + "name";
    for (name, data) in members.iter().map(|(n, d)| (n.as_str(), d)).chain([(long.as_str(), &vec![1; 600])]) {
        let mut header = tar::Header::new_gnu();
        header.set_size(data.len() as u64);
        builder.append_data(&mut header, format!("./{name}"), data.as_slice()).unwrap();
    }
    let bytes = builder.into_inner().unwrap().finish().unwrap();
    let names: Vec<_> = read(&bytes, 333).0.into_iter().map(|member| member.name.to_string()).collect();
    assert_eq!(names, ["manifest.json", "a/b", long.as_str()]);

    let mut plain = Vec::new();
    std::io::copy(&mut flate2::read::GzDecoder::new(bytes.as_slice()), &mut plain).unwrap();
    assert_eq!(read(&plain, 100).0.len(), 3);
    assert_eq!(read(&plain[..1700], 100).0.len(), 1);
}

#[test]
fn bombs_are_refused_early() {
    // 10 GB of zeros in one stream, as one member and as many.
    for (count, size) in [(1, 10_u64 << 30), (2_000, 5 << 20)] {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        let zeros = vec![0; 1 << 20];
        let mut made = 0;
        for n in 0..count {
            gzip.write_all(&tarball::header(&format!("m/{n}"), size, 0).unwrap()).unwrap();
            for _ in 0..size >> 20 {
                // Enough to pass the limit; making all of it would only cost time.
                made += zeros.len();
                if made < 300 << 20 {
                    gzip.write_all(&zeros).unwrap();
                }
            }
        }
        let bytes = gzip.finish().unwrap();
        let (members, result) = read(&bytes, 256 * 1024);
        assert!(matches!(result, Err(BundleError::Limit { .. })), "{result:?}");
        let kept: usize = members.iter().map(|member| member.data.len()).sum();
        assert!(kept < 260 << 20);
    }
}

/// Zeros of recovered files do not count for the ratio: their sum is the limit, whether they are stored or left out as holes.
#[test]
fn the_size_of_recovered_files_is_limited() {
    let limits = Limits { recovered_total: 90 << 20, ..Limits::browser() };
    for holes in [false, true] {
        let mut writer = Writer::new(Vec::new(), 0, 6).unwrap();
        for number in 0..4 {
            let name = format!("file/{number}");
            let whole = 0..40 << 20;
            let parts: Vec<_> = Some(whole).filter(|_| !holes).into_iter().collect();
            writer.stream_member(&name, 40 << 20, &parts, &mut std::io::repeat(0)).unwrap();
        }
        let bytes = writer.finish().unwrap();
        let mut reader = Reader::new(limits);
        let mut count = 0;
        let pushed = bytes.chunks(10_000).try_for_each(|piece| reader.push(piece, |_| count += 1));
        let result = pushed.and_then(|()| reader.finish(|_| count += 1).map(drop));
        assert!(matches!(result, Err(BundleError::Limit { limit, .. }) if limit == 90 << 20), "{result:?}");
        assert_eq!(count, 2, "holes: {holes}");
    }
}

#[test]
fn a_name_twice_is_read_once() {
    let bytes = write(&[("a".into(), vec![1]), ("a".into(), vec![2])]);
    let (members, integrity) = read(&bytes, 100);
    assert_eq!(members[0].data, [1]);
    assert!(integrity.unwrap().damage[0].contains("appears twice"));
}

#[test]
fn other_files_are_named() {
    for (bytes, kind) in [(&b"PK\x03\x04"[..], Kind::Zip), (b"", Kind::Empty), (b"hello\n", Kind::Text)] {
        match read(bytes, 10).1 {
            Err(BundleError::NotABundle(found)) => assert_eq!(found, kind),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn armored_bundles_open_like_any_other() {
    let members = [("manifest.json".to_owned(), noise(10_000, 1))];
    let mut armor = ArmorWriter::new(b"$ collect\r\n".to_vec()).unwrap();
    armor.write_all(&write(&members)).unwrap();
    let text = armor.finish().unwrap();
    let (read_members, integrity) = read(&text, 100);
    assert_eq!(read_members[0].data, members[0].1);
    assert_eq!(integrity.unwrap().verdict(), Verdict::Intact);
    let (_, integrity) = read(&text[..text.len() / 2], 100);
    assert!(integrity.is_err(), "no whole member in the first half");
}

#[test]
fn a_stream_that_ends_early_is_filled_up() {
    let mut writer = Writer::new(Vec::new(), 0, 6).unwrap();
    let part = 0..10;
    assert_eq!(writer.stream_member("executable/x", 10, &[part], &mut &b"abc"[..]).unwrap().missing, 7);
    let hash = writer.shared_text(b"same").unwrap();
    assert_eq!(writer.shared_text(b"same").unwrap(), hash);
    let (members, integrity) = read(&writer.finish().unwrap(), 100);
    assert_eq!(members[0].data, b"abc\0\0\0\0\0\0\0");
    assert_eq!(*members[1].name, format!("text/{hash}"));
    assert_eq!(integrity.unwrap().verified, 2);
}

#[test]
fn names_that_do_not_fit_are_refused() {
    let mut writer = Writer::new(Vec::new(), 0, 6).unwrap();
    for name in ["", "a\nb", "a\\b", "a\0", &"x".repeat(300)] {
        assert!(matches!(writer.member(name, b""), Err(BundleError::BadName(_))), "{name:?}");
    }
}

#[cfg(feature = "zlib")]
#[test]
fn another_search_for_some_members_is_still_one_bundle() {
    let list: String = noise(200_000, 1)
        .chunks(8)
        .enumerate()
        .map(|(at, row)| format!("{at:5}: {} 0100\n", hex(row)))
        .collect();
    let members = [
        ("manifest.json".to_owned(), b"{}\n".repeat(1000)),
        ("process/1.json".to_owned(), noise(100_000, 2)),
        ("net/1/tcp".to_owned(), list.into_bytes()),
        ("process/2.json".to_owned(), noise(100_000, 2)),
    ];
    let write = |near: Search| {
        let searches = [Search::Far, Search::Far, near, Search::Far];
        let mut writer = Writer::new(Vec::new(), 0, 7).unwrap();
        for ((name, data), search) in members.iter().zip(searches) {
            writer.search(search).unwrap();
            writer.member(name, data).unwrap();
        }
        writer.finish().unwrap()
    };
    let [near, far, quick] = [Search::Near, Search::Far, Search::Quick].map(write);
    assert!(near.len() < far.len(), "{} {}", near.len(), far.len());
    for bytes in [near, far, quick] {
        let (found, integrity) = read(&bytes, 1000);
        for (member, (name, data)) in found.iter().zip(&members) {
            assert_eq!(*member.name, **name);
            assert!(member.data == *data, "{name}");
        }
        assert_eq!(integrity.unwrap().verdict(), Verdict::Intact);
    }
}

/// An output that takes so many bytes and no more, until it is cut back.
#[cfg(feature = "zlib")]
struct Full {
    bytes: Vec<u8>,
    most: usize,
}

#[cfg(feature = "zlib")]
impl std::io::Write for Full {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + data.len() > self.most {
            return Err(std::io::Error::from(std::io::ErrorKind::StorageFull));
        }
        self.bytes.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(feature = "zlib")]
#[test]
fn after_a_write_that_failed_a_writer_goes_on_from_a_mark() {
    let noise = |number: usize| -> Vec<u8> {
        let seed = sha256(&number.to_le_bytes());
        (0..40).flat_map(|at: u8| sha256(&[&seed[..], &[at]].concat())).collect()
    };
    let mut kept = 0;
    for most in (600..30_000).step_by(389) {
        let mut writer = Writer::new(Full { bytes: Vec::new(), most }, 0, 6).unwrap();
        let mut marks = Vec::new();
        let mut number = 0;
        // Until nothing more fits.
        let failed = loop {
            if number % 4 == 0 {
                match writer.mark() {
                    Ok(mark) => marks.push((mark, writer.output().bytes.len())),
                    Err(error) => break error,
                }
            }
            if let Err(error) = writer.member(&format!("process/{number}.json"), &noise(number)) {
                break error;
            }
            number += 1;
        };
        assert!(matches!(failed, BundleError::Io(_)));
        let mut lost = 0;
        let closed = loop {
            let Some((mark, length)) = marks.pop() else { break false };
            let names = writer.resume(&mark, |out| {
                out.bytes.truncate(length);
                Ok(())
            });
            lost += names.unwrap().iter().filter(|name| name.starts_with("process/")).count();
            if writer.member("outcomes.json", b"{}").is_ok() && writer.close().is_ok() {
                break true;
            }
        };
        if !closed {
            assert!(most < 1200, "{most} bytes hold an empty bundle");
            continue;
        }
        let bytes = writer.into_inner().bytes;
        let mut names = Vec::new();
        let mut reader = Reader::new(Limits::native());
        reader.push(&bytes, |member| names.push(member.name.to_string())).unwrap();
        let integrity = reader.finish(|member| names.push(member.name.to_string())).unwrap();
        assert_eq!(integrity.verdict(), Verdict::Intact, "{most}: {integrity:?}");
        assert_eq!(names.len(), number - lost + 2, "{most}: {names:?}");
        kept += number - lost;
    }
    assert!(kept > 100, "{kept}");
}
