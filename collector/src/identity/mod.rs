//! Which system this is, in the words of those who run it: answers of metadata services, as received. Nothing that gives
//! access is ever asked for: no credentials, no tokens but the one that EC2 wants for a question.

mod ec2;
mod ecs;
mod environment;
mod http;

pub(crate) use environment::ecs_uri;

use crate::pipeline::{Message, Stop, Worker};
use crate::step::{Part, Step};
use procglass_model::bundle::Outcome;
use std::net::SocketAddr;

/// EC2's instance metadata service.
const IMDS: SocketAddr =
    SocketAddr::V4(std::net::SocketAddrV4::new(std::net::Ipv4Addr::new(169, 254, 169, 254), 80));

/// Steps of this part of a run.
pub(crate) const STEPS: std::ops::Range<u32> = 100..200;

impl Worker {
    /// Asks whoever is there.
    pub(crate) fn identity(&mut self) -> Result<(), Stop> {
        let context = self.context.clone();
        let foreign = context.options.foreign_root();
        if !foreign {
            self.named("identity/environment.json", environment::own())?;
        }
        if let Some(json) = environment::kubernetes(&context.root) {
            self.named("identity/kubernetes.json", json)?;
        }
        let mut uris = Vec::new();
        if !foreign {
            uris.extend(std::env::var(environment::ECS_URI));
        }
        uris.extend(context.found().ecs.iter().cloned());
        uris.dedup();
        for (number, uri) in (0..).zip(&uris) {
            if self.taker.enter(Step::new(Part::Other, STEPS.start + number)).is_err() {
                continue;
            }
            // In a copied tree the address is of another system, but for a test's own.
            for (name, answer) in ecs::ask(uri, foreign, number) {
                self.answer(&name, answer)?;
            }
        }
        if !foreign
            && ec2::likely(&context.root)
            && self.taker.enter(Step::new(Part::Other, STEPS.end)).is_ok()
        {
            for (name, answer) in ec2::ask(IMDS) {
                self.answer(&name, answer)?;
            }
        }
        Ok(())
    }

    fn named(&mut self, name: &str, data: Vec<u8>) -> Result<(), Stop> {
        self.taker.idle();
        self.outlet.send(Message::Member { name: name.into(), data }, || {}).map(drop)
    }

    fn answer(&mut self, name: &str, answer: Result<Vec<u8>, String>) -> Result<(), Stop> {
        match answer {
            Ok(data) => self.named(name, data),
            Err(what) => {
                self.taker.idle();
                self.outlet.send(Message::Problem(Outcome { member: name.into(), what }), || {}).map(drop)
            }
        }
    }
}
