//! What only looking twice can show: processes that answer but are not listed, mounts that cover a process's directory,
//! sockets that nobody holds, children and members of control groups that are no process. The bundle's reader cannot repeat these looks, so what they find is written down as found.

mod cgroups;
mod children;
mod hidden;
mod mounts;
mod sockets;
mod system;

pub(crate) use children::Link;
pub(crate) use mounts::over_processes;
pub(crate) use sockets::Sockets;

use crate::pipeline::{Stop, Worker};
use crate::step::{Part, Step};

/// Why numbers of processes mean nothing.
const OTHER_NUMBERS: &str = "the numbers of this /proc are not those of the collector's pid namespace";

/// Observations of one kind that are kept; a system with more has another problem.
const MOST: usize = 200;

impl Worker {
    /// Counts a look that was taken, or why it could not be taken from here.
    fn ended(&self, job: &'static str, refused: Option<String>) -> Result<(), Stop> {
        self.outlet.pass(|| {
            let mut found = self.context.found();
            match refused {
                Some(why) => found.miss(job, &why),
                None => found.job(job).read += 1,
            }
        })
    }
}

const HIDDEN: Step = Step::new(Part::Other, 1);
const SOCKETS: Step = Step::new(Part::Other, 2);
const SYSTEM: Step = Step::new(Part::Other, 3);
const CGROUPS: Step = Step::new(Part::Other, 5);
