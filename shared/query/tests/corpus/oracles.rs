//! Files with the expected answer beside them, as another parser gives it.

use crate::corpus;
use procglass_model::bundle::ByteOrder;
use procglass_proc::{maps, mountinfo, net_inet, net_unix, stat, status};
use serde_json::Value;
use std::path::Path;

fn pair(folder: &Path, name: &str) -> (Vec<u8>, Value) {
    let json = std::fs::read(folder.join(format!("{name}.json"))).unwrap();
    (std::fs::read(folder.join(name)).unwrap(), serde_json::from_slice(&json).unwrap())
}

#[test]
fn stat_and_status() {
    let Some(folder) = corpus("jc-linux-proc") else {
        return;
    };
    for name in ["pid_stat", "pid_stat_hack", "pid_stat_w_space_and_nl_in_comm"] {
        let (bytes, expected) = pair(&folder, name);
        let stat = stat::parse(&bytes).unwrap();
        assert_eq!(stat.comm.to_string(), expected["comm"].as_str().unwrap(), "{name}");
        let numbers: [(&str, u64); 9] = [
            ("pid", stat.pid.into()),
            ("ppid", stat.ppid.into()),
            ("flags", stat.flags.into()),
            ("utime", stat.utime),
            ("stime", stat.stime),
            ("num_threads", stat.num_threads.into()),
            ("starttime", stat.starttime),
            ("vsize", stat.vsize),
            ("startcode", stat.startcode),
        ];
        for (field, value) in numbers {
            assert_eq!(expected[field].as_u64(), Some(value), "{name}: {field}");
        }
    }
    let (bytes, expected) = pair(&folder, "pid_status");
    let status = status::parse(&bytes);
    assert_eq!(status.ppid.map(u64::from), expected["PPid"].as_u64());
    assert_eq!(status.vm_rss_kb, expected["VmRSS"].as_u64());
    assert_eq!(status.threads.map(u64::from), expected["Threads"].as_u64());
    assert_eq!(status.cap_eff, u64::from_str_radix(expected["CapEff"].as_str().unwrap(), 16).ok());
}

#[test]
fn sockets() {
    let Some(folder) = corpus("jc-linux-proc") else {
        return;
    };
    for name in ["net_tcp", "net_tcp6"] {
        let (bytes, expected) = pair(&folder, name);
        let (rows, problems) = net_inet::parse(&bytes, ByteOrder::Little);
        assert!(problems.is_empty(), "{problems:?}");
        let expected = expected.as_array().unwrap();
        assert_eq!(rows.len(), expected.len());
        for (row, expected) in rows.iter().zip(expected) {
            assert_eq!(row.local.1, expected["local_port"], "{name}");
            assert_eq!(row.remote.1, expected["remote_port"], "{name}");
            assert_eq!(format!("{:02X}", row.state), expected["state"].as_str().unwrap());
            assert_eq!(
                (u64::from(row.uid), row.inode),
                (expected["uid"].as_u64().unwrap(), expected["inode"].as_u64().unwrap())
            );
            if name == "net_tcp" {
                assert_eq!(row.local.0.to_string(), expected["local_address"].as_str().unwrap());
                assert_eq!(row.remote.0.to_string(), expected["remote_address"].as_str().unwrap());
            }
        }
    }
    let (bytes, expected) = pair(&folder, "net_unix");
    let (rows, problems) = net_unix::parse(&bytes);
    assert!(problems.is_empty(), "{problems:?}");
    for (row, expected) in rows.iter().zip(expected.as_array().unwrap()) {
        assert_eq!(row.inode, expected["Inode"].as_u64().unwrap());
        assert_eq!(String::from_utf8_lossy(row.path), expected["Path"].as_str().unwrap_or_default());
    }
}

#[test]
fn maps_and_mounts() {
    let Some(folder) = corpus("jc-linux-proc") else {
        return;
    };
    let (bytes, expected) = pair(&folder, "pid_maps");
    let (rows, problems) = maps::parse(&bytes);
    assert!(problems.is_empty(), "{problems:?}");
    let expected = expected.as_array().unwrap();
    assert_eq!(rows.len(), expected.len());
    for (row, expected) in rows.iter().zip(expected) {
        assert_eq!(format!("{:012x}", row.start), format!("{:0>12}", expected["start"].as_str().unwrap()));
        assert_eq!(row.inode, expected["inode"].as_u64().unwrap());
        assert_eq!(String::from_utf8_lossy(row.path), expected["pathname"].as_str().unwrap_or_default());
    }
    let (bytes, expected) = pair(&folder, "pid_mountinfo");
    let (rows, problems) = mountinfo::parse(&bytes);
    assert!(problems.is_empty(), "{problems:?}");
    for (row, expected) in rows.iter().zip(expected.as_array().unwrap()) {
        assert_eq!(
            (u64::from(row.id), u64::from(row.parent)),
            (expected["mount_id"].as_u64().unwrap(), expected["parent_id"].as_u64().unwrap())
        );
        assert_eq!(String::from_utf8_lossy(&row.mount_point), expected["mount_point"].as_str().unwrap());
        assert_eq!(row.fs_type, expected["fs_type"].as_str().unwrap());
    }
}
