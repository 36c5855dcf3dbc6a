//! What is wrong here, and where is the proof.
//!
//! A rule looks at one process, or at the system, and answers *found* (with proof), *clean*, or *could not tell* (what was
//! missing). Rules never match on "could not read", and read names, titles and paths as what they are: claims.
//!
//! A new rule is one file in `rules/` with at least one positive and one near-miss test, and one line in [`RULES`].

pub mod attack;
pub mod case;
mod document;
mod evaluate;
mod indicator;
mod normal;
pub mod place;
pub mod program;
mod rule;
mod rules;
pub mod scene;
mod severity;
mod story;
mod verdict;

pub use document::{documentation, explain};
pub use evaluate::{Evaluator, Finding, Findings, RuleReport, State};
pub use indicator::{Indicator, IndicatorKind, Indicators};
pub use normal::Subject;
pub use rule::{Answer, Check, Draft, Proof, Rule};
pub use rules::RULES;
pub use severity::Severity;
pub use story::Story;
pub use verdict::{Certainty, Verdict};

#[cfg(test)]
mod quiet;
#[cfg(test)]
mod testing;
