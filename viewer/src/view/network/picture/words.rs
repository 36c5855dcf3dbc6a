//! Ends of the picture in words, and as terms of the query language.

use crate::state::Data;
use crate::view::links::name;
use crate::view::network::endpoint;
use procglass_snapshot::analysis::flow::{Far, Near};
use procglass_snapshot::analysis::scope;
use std::net::IpAddr;

/// The label of a left end.
pub(super) fn near(data: &Data, end: Near) -> String {
    match end {
        Near::Process(index) => match data.snapshot.process(index) {
            Some(process) => format!("{} {}", name(process), process.pid),
            None => String::new(),
        },
        Near::Unowned => "owner not visible".into(),
        Near::Others(number) => format!("{number} other processes"),
    }
}

/// The label of a right end, and what kind of end it is.
pub(super) fn far(data: &Data, end: Far) -> (String, &'static str) {
    match end {
        Far::Called(address, port) => (endpoint(address, port), scope::of(address).word()),
        Far::Caller(address, port) => (format!("{address} → our :{port}"), scope::of(address).word()),
        Far::Inside(index, port) => match data.snapshot.process(index) {
            Some(process) => (format!("{} {} :{port}", name(process), process.pid), "on this system"),
            None => (String::new(), "on this system"),
        },
        Far::Others(number) => (format!("{number} other addresses"), ""),
    }
}

/// Terms that leave the sockets of a left end; `None` where no term tells them.
pub(super) fn near_terms(data: &Data, end: Near) -> Option<String> {
    match end {
        Near::Process(index) => Some(format!("pid:{}", data.snapshot.process(index)?.pid)),
        Near::Unowned => Some("is:unowned".into()),
        Near::Others(_) => None,
    }
}

/// Terms that leave the sockets of a right end. Both ends of a connection inside are sockets here, so the port does.
pub(super) fn far_terms(end: Far) -> Option<String> {
    match end {
        Far::Called(address, port) => Some(format!("remote:{} rport:{port}", plain(address))),
        Far::Caller(address, port) => Some(format!("remote:{} lport:{port}", plain(address))),
        Far::Inside(_, port) => Some(format!("rport:{port}")),
        Far::Others(_) => None,
    }
}

fn plain(address: IpAddr) -> String {
    address.to_string()
}
