//! What exists only as directories below `/sys`: kernel modules and network interfaces. A module that is here and not in
//! `/proc/modules` hides; an interface in promiscuous mode shows in its flags.

use super::SYSTEM;
use crate::pipeline::{Message, Stop, Worker};
use crate::sys;
use procglass_model::bundle::{Outcome, job};
use serde_json::{Map, Value};

/// Files of an interface.
const FILES: &[&str] = &["flags", "address", "mtu", "operstate", "type", "ifindex"];

impl Worker {
    /// Writes the two listings.
    pub(crate) fn system(&mut self) -> Result<(), Stop> {
        let hangs = self.taker.enter(SYSTEM).is_err();
        let answers = [
            ("host/sys/module.json", if hangs { Err(None) } else { self.modules().map_err(Some) }),
            ("host/sys/class/net.json", if hangs { Err(None) } else { self.interfaces().map_err(Some) }),
        ];
        self.taker.idle();
        let mut refused = None;
        for (name, answer) in answers {
            let message = match answer {
                Ok(value) => Message::Member { name: name.into(), data: value.to_string().into_bytes() },
                Err(errno) => {
                    let what = errno.map_or("timed out".into(), sys::errno_name).into_owned();
                    refused.get_or_insert(what.clone());
                    Message::Problem(Outcome { member: name.into(), what })
                }
            };
            self.outlet.send(message, || {})?;
        }
        self.ended(job::SYSTEM, refused)
    }

    fn modules(&mut self) -> Result<Value, rustix::io::Errno> {
        let names = sys::names(&self.context.root, "sys/module")?;
        Ok(names.into_iter().map(Value::String).collect())
    }

    fn interfaces(&mut self) -> Result<Value, rustix::io::Errno> {
        let context = self.context.clone();
        let mut interfaces = Map::new();
        for name in sys::names(&context.root, "sys/class/net")? {
            let mut fields = Map::new();
            for file in FILES {
                let path = format!("/sys/class/net/{name}/{file}");
                let mut text = Vec::new();
                let read = sys::open_inside(&context.root, &path);
                if read.and_then(|file| sys::read_capped(file, 4096, &mut text)).is_ok() {
                    let text = String::from_utf8_lossy(&text).trim().to_owned();
                    fields.insert((*file).to_owned(), Value::String(text));
                }
            }
            // bonding_masters is a file among the interfaces.
            if !fields.is_empty() {
                interfaces.insert(name, Value::Object(fields));
            }
        }
        Ok(Value::Object(interfaces))
    }
}
