//! What somebody else hashes, unpacks or keeps: the answer is the same.

use super::*;

#[test]
fn hashes_from_elsewhere_give_the_same_answer() {
    let bytes = write(&(0..5).map(|n| (format!("m/{n}"), noise(3000, n))).collect::<Vec<_>>());
    let (members, usual) = read(&bytes, 1000);
    let usual = usual.unwrap();
    let unhashed = || {
        let (mut names, mut reader) = (Vec::new(), Reader::unhashed(Limits::browser()));
        reader.push(&bytes, |member| names.push(member.name)).unwrap();
        let ended = reader.end(|member| names.push(member.name)).unwrap();
        assert!(names.iter().eq(members.iter().map(|member| &member.name)));
        ended
    };
    let mut digests: Vec<_> = members.iter().map(|member| member.sha256.unwrap()).collect();
    assert_eq!(unhashed().integrity(&digests), usual);
    digests[1] = [7; 32];
    assert_eq!(unhashed().integrity(&digests).mismatched, [members[1].name.to_string()]);
    assert_eq!(unhashed().integrity(&digests[..0]).verdict(), Verdict::Damaged, "nothing was hashed");
}

#[test]
fn what_somebody_else_unpacked_gives_the_same_answer() {
    let bytes = write(&(0..5).map(|n| (format!("m/{n}"), noise(3000, n))).collect::<Vec<_>>());
    let (members, usual) = read(&bytes, 1000);
    let digests: Vec<_> = members.iter().map(|member| member.sha256.unwrap()).collect();
    let mut tar = Vec::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut tar).unwrap();
    let unpacked = |tar: &[u8], compressed: usize| {
        let mut reader = Reader::unpacked(Limits::browser());
        reader.set_compressed(compressed as u64);
        tar.chunks(700).try_for_each(|piece| reader.push(piece, |_| {}))?;
        assert!(!reader.is_damaged());
        Ok::<_, BundleError>(reader.end(|_| {})?.integrity(&digests))
    };
    assert_eq!(unpacked(&tar, bytes.len()).unwrap(), usual.unwrap());
    assert!(!unpacked(&tar[..tar.len() / 2], bytes.len()).unwrap().ended);
    // The ratio of a bomb is told by the length of the file it came out of.
    let mut bomb = tarball::header("zeros", 100 << 20, 0).unwrap().to_vec();
    bomb.resize(100 << 20, 0);
    assert!(matches!(unpacked(&bomb, 10_000), Err(BundleError::Limit { .. })));
    assert!(matches!(unpacked(&bomb, 10 << 20), Err(BundleError::NotABundle(_))), "cut, but no bomb");
}

/// With a limit of 700 bytes for each recovered file.
fn few() -> Limits {
    Limits { recovered: 700, ..Limits::browser() }
}

/// Recovered files: larger than the limit, as large, smaller, and one of another kind.
fn recovered() -> Vec<(String, Vec<u8>)> {
    let sizes = [("executable/a", 3000), ("file/b", 700), ("executable/c", 10), ("host/d", 3000)];
    sizes.into_iter().zip(0..).map(|((name, size), seed)| (name.to_owned(), noise(size, seed))).collect()
}

fn check_recovered(found: &[Member], usual: &[Member]) {
    assert_eq!(found.len(), usual.len());
    for (member, usual) in found.iter().zip(usual) {
        let kept = if &*member.name == "executable/a" { 700 } else { usual.data.len() };
        assert_eq!((&member.name, member.size), (&usual.name, usual.size));
        assert_eq!(member.data, usual.data[..kept], "{}", member.name);
        assert_eq!(member.is_whole(), kept == usual.data.len());
    }
}

#[test]
fn bytes_of_recovered_files_stay_in_the_bundle() {
    let bytes = write(&recovered());
    let (usual, integrity) = read(&bytes, 1000);
    for mut reader in [Reader::new(few()), Reader::unhashed(few())] {
        let mut found = Vec::new();
        for piece in bytes.chunks(333) {
            reader.push(piece, |member| found.push(member)).unwrap();
        }
        let ended = reader.end(|member| found.push(member)).unwrap();
        check_recovered(&found, &usual);
        // Nobody else can hash what is not kept.
        assert_eq!(found[0].sha256, usual[0].sha256);
        let digests: Vec<_> = usual.iter().map(|member| member.sha256.unwrap()).collect();
        assert_eq!(&ended.integrity(&digests), integrity.as_ref().unwrap());
    }
}

#[test]
fn who_unpacks_may_leave_bytes_out() {
    let bytes = write(&recovered());
    let (usual, integrity) = read(&bytes, 1000);
    let digests: Vec<_> = usual.iter().map(|member| member.sha256.unwrap()).collect();
    let mut tar = Vec::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut tar).unwrap();
    let reader = || {
        let mut reader = Reader::unpacked(few());
        reader.set_compressed(bytes.len() as u64);
        (Vec::new(), reader)
    };
    // The first member's bytes begin behind its header.
    let (from, to) = (512 + 700, 512 + 3000);
    for cut in [from, from + 1, 2000, to - 1, to] {
        let (mut found, mut reader) = reader();
        reader.push(&tar[..from], |member| found.push(member)).unwrap();
        reader.skip((cut - from) as u64, |member| found.push(member)).unwrap();
        reader.skip((to - cut) as u64, |member| found.push(member)).unwrap();
        reader.push(&tar[to..], |member| found.push(member)).unwrap();
        assert!(!reader.is_damaged());
        let ended = reader.end(|member| found.push(member)).unwrap();
        check_recovered(&found, &usual);
        assert_eq!(&ended.integrity(&digests), integrity.as_ref().unwrap());
    }
    // Where no file is, or more than it has.
    for (at, length) in [(0, 1), (512, 3001), (tar.len(), 1)] {
        let (_, mut reader) = reader();
        reader.push(&tar[..at], |_: Member| {}).unwrap();
        reader.skip(length, |_| {}).unwrap();
        assert!(reader.is_damaged(), "{at} {length}");
    }
    // A bomb is one however it comes.
    let (_, mut reader) = reader();
    let length = 500 << 20;
    let passed = (0..5).any(|number| {
        let header = tarball::header(&format!("executable/{number}"), length, 0).unwrap();
        reader.push(&header, |_: Member| {}).unwrap();
        matches!(reader.skip(length, |_| {}), Err(BundleError::Limit { .. }))
    });
    assert!(passed);
}
