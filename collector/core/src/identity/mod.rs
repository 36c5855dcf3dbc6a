//! Which system this is, in the words of those who run it: answers of metadata services, as received. Nothing that gives
//! access is ever asked for: no credentials, no tokens but the one that EC2 wants for a question.

mod ec2;
mod ecs;
mod environment;
mod http;

pub(crate) use environment::ecs_uri;

use crate::pipeline::{Message, Stop, Worker};
use crate::step::{Part, Step};
use procglass_model::bundle::{Outcome, TIMED_OUT, job};
use std::net::SocketAddr;

/// EC2's instance metadata service.
const IMDS: SocketAddr =
    SocketAddr::V4(std::net::SocketAddrV4::new(std::net::Ipv4Addr::new(169, 254, 169, 254), 80));

/// Steps of this part of a run.
pub(crate) const STEPS: std::ops::Range<u32> = 100..300;

/// Addresses of agents that are asked. More are noted: a process can name as many as it likes.
const AGENTS_MAX: usize = 16;

impl Worker {
    /// Asks whoever is there. Each question is asked once, also where the job is begun again because one of them hangs.
    pub(crate) fn identity(&mut self) -> Result<(), Stop> {
        let context = self.context.clone();
        let foreign = context.options.foreign_root();
        if !foreign {
            self.named("identity/environment.json", environment::own())?;
        }
        if let Some(json) = environment::kubernetes(&context.root) {
            self.named("identity/kubernetes.json", json)?;
        }
        self.agents(foreign)?;
        let likely = !foreign && ec2::likely(&context.root);
        // What was asked before and gave no token gives none now.
        if likely && context.found().sent.insert(ec2::TOKEN.into()) {
            self.instance()?;
        }
        self.taker.idle();
        self.outlet.pass(|| context.found().job(job::IDENTITY).read += 1)
    }

    /// The agents of ECS that the environment of this program and of the processes name.
    fn agents(&mut self, foreign: bool) -> Result<(), Stop> {
        let context = self.context.clone();
        let copied = foreign && !context.real;
        let mut uris = Vec::new();
        if !foreign {
            uris.extend(std::env::var(environment::ECS_URI));
        }
        uris.extend(context.found().ecs.iter().cloned());
        let mut asked = Vec::new();
        let mut passed_over = 0;
        for uri in &uris {
            match ecs::place(uri, copied) {
                Some(place) if asked.contains(&place) => {}
                Some(place) if asked.len() < AGENTS_MAX => asked.push(place),
                _ => passed_over += 1,
            }
        }
        passed_over += context.found().ecs_more;
        if passed_over > 0 {
            let what = format!(
                "{passed_over} addresses that processes give for the ECS agent were not asked: they have not its form, or are too \
                 many"
            );
            self.once("identity/ecs-container.json#others", Err(what))?;
        }
        for (number, place) in (0..).zip(&asked) {
            for (question, (end, source)) in (0..).zip(ecs::QUESTIONS) {
                let name = ecs::member(source, number);
                let step = Step::new(Part::Other, STEPS.start + number * 8 + question);
                if !self.ask_once(&name, step, || ecs::ask(place, end))? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// The metadata of an EC2 instance.
    fn instance(&mut self) -> Result<(), Stop> {
        if self.taker.enter(Step::new(Part::Other, STEPS.end)).is_err() {
            return Ok(());
        }
        let token = match ec2::token(IMDS) {
            Ok(token) => token,
            Err(what) => return self.once("identity/ec2-document.json", Err(what)),
        };
        for (number, (path, source)) in (1..).zip(ec2::QUESTIONS) {
            let step = Step::new(Part::Other, STEPS.end + number);
            self.ask_once(&format!("identity/{source}"), step, || ec2::ask(IMDS, path, &token))?;
        }
        Ok(())
    }

    /// Asks for a member, unless that was done before. False: there was no answer.
    fn ask_once(
        &mut self,
        name: &str,
        step: Step,
        ask: impl FnOnce() -> Result<Vec<u8>, String>,
    ) -> Result<bool, Stop> {
        if self.taker.enter(step).is_err() {
            self.once(name, Err(TIMED_OUT.into()))?;
            return Ok(false);
        }
        if self.context.found().sent.contains(name) {
            return Ok(true);
        }
        let answer = ask();
        let answered = answer.is_ok();
        self.once(name, answer)?;
        Ok(answered)
    }

    fn named(&mut self, name: &str, data: Vec<u8>) -> Result<(), Stop> {
        self.once(name, Ok(data))
    }

    /// Sends a member, or why there is none, unless that was done before.
    fn once(&mut self, name: &str, answer: Result<Vec<u8>, String>) -> Result<(), Stop> {
        self.taker.idle();
        let context = self.context.clone();
        if context.found().sent.contains(name) {
            return Ok(());
        }
        let message = match answer {
            Ok(data) => Message::Member { name: name.into(), data },
            Err(what) => Message::Problem(Outcome { member: name.into(), what }),
        };
        let done = || {
            context.found().sent.insert(name.to_owned());
        };
        self.outlet.send(message, done).map(drop)
    }
}
