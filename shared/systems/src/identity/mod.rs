//! Who a system is: what metadata services, the environment, control groups and the kernel say, the strongest first.
//!
//! A bundle taken on a host holds the answers of services that its containers asked for as well. They tell of those
//! containers, not of the host; which is which is decided by [`View`].

mod arn;
mod ec2;
mod ecs;
mod environment;
mod host;
mod kubernetes;

use super::system::{Address, ContainerRow, Fact, Kind};
use procglass_findings::Proof;
use procglass_snapshot::Snapshot;
use serde_json::Value;

pub(super) use environment::Environment;
pub(super) use host::{View, text_of};

/// What the sources say.
#[derive(Debug, Default)]
pub(super) struct Identity {
    pub(super) kind: Kind,
    pub(super) facts: Vec<Fact>,
    pub(super) containers: Vec<ContainerRow>,
    pub(super) addresses: Vec<Address>,
    /// Id of the own container, where a metadata service says it.
    pub(super) container: Option<String>,
}

impl Identity {
    /// Asks every source.
    pub(super) fn of(snapshot: &Snapshot, view: &View) -> Self {
        let mut identity = Self::default();
        let environment = Environment::of(snapshot, view);
        // The order is that of strength: an answer of the agent beside the task before what a variable claims.
        ecs::read(snapshot, view, &environment, &mut identity);
        kubernetes::read(snapshot, view, &environment, &mut identity);
        environment.read(view, &mut identity);
        ec2::read(snapshot, view, &mut identity);
        if identity.kind == Kind::Unknown {
            identity.kind = view.kind();
        }
        view.facts(&mut identity);
        identity
    }

    /// The first value of a field.
    pub(super) fn first(&self, field: &str) -> Option<String> {
        self.facts.iter().find(|fact| fact.field == field).map(|fact| fact.value.clone())
    }

    fn add(&mut self, field: &'static str, value: Option<String>, proof: &Proof) {
        let Some(value) = value.filter(|value| !value.is_empty()) else { return };
        let known = |fact: &Fact| fact.field == field && fact.value == value && fact.proof == *proof;
        if !self.facts.iter().any(known) {
            self.facts.push(Fact { field, value, proof: proof.clone() });
        }
    }

    /// Account and the rest of a name of Amazon's.
    fn add_arn(&mut self, text: &str, proof: &Proof) {
        let Some(arn) = arn::Arn::parse(text) else { return };
        self.add("provider", Some("aws".into()), proof);
        self.add("account", arn.account(), proof);
        self.add("region", arn.region(), proof);
        if arn.service == "ecs" {
            self.add("cluster", arn.cluster(), proof);
            self.add("task", arn.task(), proof);
        }
    }
}

/// A string of a JSON object, with hostile characters visible, and no longer than names are.
fn string(value: &Value, key: &str) -> Option<String> {
    let text = match value.get(key)? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    short(text.as_bytes())
}

/// A name as it can be shown. Nothing that names a system is longer.
fn short(text: &[u8]) -> Option<String> {
    const LONGEST: usize = 512;
    let text = text.trim_ascii();
    let text = procglass_model::text::visible(text.get(..text.len().min(LONGEST))?).into_owned();
    (!text.is_empty()).then_some(text)
}

/// Proof: a member of an object.
fn proof(member: &str, object: &Value, key: &str) -> Proof {
    let value = object.get(key).map(ToString::to_string).unwrap_or_default();
    Proof::new(member, format!("\"{key}\": {value}").as_bytes())
}

fn json(snapshot: &Snapshot, member: &str) -> Option<Value> {
    serde_json::from_slice(snapshot.members.data(member)?).ok()
}
