//! Every socket table and every file of a process in the corpus: each line becomes a row or a named problem.

use crate::{corpus, files};
use procglass_model::bundle::ByteOrder;
use procglass_proc::{limits, maps, mountinfo, net_inet, net_other, net_unix, stat, status};
use std::path::Path;

fn order(path: &Path) -> ByteOrder {
    if path.to_str().unwrap().contains("s390x") { ByteOrder::Big } else { ByteOrder::Little }
}

fn count(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count()
}

#[test]
fn every_line_is_accounted_for() {
    let Some(corpus) = corpus("") else { return };
    let (mut rows, mut problems, mut tables) = (0, Vec::new(), 0);
    for path in files(&corpus) {
        let (Some(name), Ok(bytes)) = (path.file_name().and_then(|name| name.to_str()), std::fs::read(&path))
        else {
            continue;
        };
        let in_net = path.parent().is_some_and(|parent| parent.ends_with("net"));
        let lines = count(&bytes);
        let (good, bad) = match name {
            "tcp" | "tcp6" | "udp" | "udp6" | "udplite" | "udplite6" | "raw" | "raw6" | "icmp" | "icmp6"
                if in_net =>
            {
                let (good, bad) = net_inet::parse(&bytes, order(&path));
                assert_eq!(good.len() + bad.len(), lines.saturating_sub(1), "{}", path.display());
                (good.len(), bad)
            }
            "udp_broken" => {
                let (good, bad) = net_inet::parse(&bytes, order(&path));
                assert!(!bad.is_empty() && good.len() + bad.len() == lines - 1, "{good:?} {bad:?}");
                continue;
            }
            "unix_without_inode" => {
                let (good, bad) = net_unix::parse(&bytes);
                assert!(!bad.is_empty() && good.len() + bad.len() == lines - 1, "{good:?} {bad:?}");
                continue;
            }
            "packet" if in_net => {
                let (good, bad) = net_other::packet(&bytes);
                assert_eq!(good.len() + bad.len(), lines.saturating_sub(1), "{}", path.display());
                (good.len(), bad)
            }
            "netlink" if in_net => {
                let (good, bad) = net_other::netlink(&bytes);
                assert_eq!(good.len() + bad.len(), lines.saturating_sub(1), "{}", path.display());
                (good.len(), bad)
            }
            "unix" if in_net => {
                let (good, bad) = net_unix::parse(&bytes);
                assert_eq!(good.len() + bad.len(), lines.saturating_sub(1), "{}", path.display());
                (good.len(), bad)
            }
            "maps" => {
                let (good, bad) = maps::parse(&bytes);
                assert_eq!(good.len() + bad.len(), lines, "{}", path.display());
                (good.len(), bad)
            }
            "mountinfo" => {
                let (good, bad) = mountinfo::parse(&bytes);
                assert_eq!(good.len() + bad.len(), lines, "{}", path.display());
                (good.len(), bad)
            }
            _ => continue,
        };
        tables += 1;
        rows += good;
        problems.extend(
            bad.into_iter()
                .map(|error| format!("{}: {error}", path.strip_prefix(&corpus).unwrap().display())),
        );
    }
    println!("{tables} tables, {rows} rows, {} lines not understood:", problems.len());
    problems.iter().for_each(|problem| println!("  {problem}"));
    assert!(tables > 140 && rows > 2000, "{tables} tables, {rows} rows");
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn every_stat_status_and_limits_is_understood() {
    let Some(corpus) = corpus("") else { return };
    let mut seen = [0; 3];
    for path in files(&corpus) {
        let parent = path.parent().and_then(|parent| parent.file_name()?.to_str()).unwrap_or_default();
        let of_process = parent.parse::<u32>().is_ok();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        match path.file_name().and_then(|name| name.to_str()) {
            Some("stat") if of_process => {
                seen[0] += 1;
                let stat = stat::parse(&bytes);
                assert!(stat.is_ok(), "{}: {stat:?}", path.display());
            }
            Some("status") if of_process && !bytes.is_empty() => {
                seen[1] += 1;
                assert!(status::fields(&bytes).count() > 10, "{}", path.display());
            }
            Some("limits") if of_process => {
                seen[2] += 1;
                assert_eq!(
                    limits::parse(&bytes).count(),
                    count(&bytes).saturating_sub(1),
                    "{}",
                    path.display()
                );
            }
            _ => {}
        }
    }
    println!("{} stat, {} status, {} limits", seen[0], seen[1], seen[2]);
    assert!(seen.iter().all(|seen| *seen > 50), "{seen:?}");
}
