//! A machine full of processes, in namespaces of its own.

use crate::error::{Result, failure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The script that makes the processes: material laid beside the project, not in it.
pub(crate) fn script(root: &Path) -> Result<PathBuf> {
    let script = root.join("../shared/scenarios/load.py");
    script.canonicalize().map_err(|_| {
        failure(
            "the load script is not there: ../shared/scenarios/load.py".to_owned(),
            "Put a script there that starts N processes, writes --labels FILE when they run, and ends on SIGTERM.",
        )
    })
}

/// Runs `inside` (shell) with `count` loaded processes around it, in private pid, mount and network namespaces, and
/// returns what it printed.
pub(crate) fn with(root: &Path, count: u32, inside: &str) -> Result<String> {
    let folder = std::env::temp_dir().join(format!("procglass-load-{}-{count}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| {
        failure(format!("{}: {error}", folder.display()), "Make room in the temporary folder.")
    })?;
    let labels = folder.join("labels.json");
    let shell = format!(
        "ip link set lo up 2>/dev/null\npython3 '{}' {count} --labels '{labels}' --seconds 1200 >/dev/null & load=$!\n\
         until [ -e '{labels}' ]; do sleep 0.2; kill -0 $load || exit 9; done\n{inside}\nkill $load; wait $load",
        script(root)?.display(),
        labels = labels.display(),
    );
    let output = Command::new("unshare").args(["-pfn", "--mount-proc", "sh", "-c", &shell]).output();
    let _ = std::fs::remove_dir_all(&folder);
    match output {
        // The last command waits for a process that was ended by a signal, so the code says nothing.
        Ok(output) if output.status.code() != Some(9) => {
            let error = String::from_utf8_lossy(&output.stderr);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            if text.is_empty() {
                return Err(failure(format!("no measurement came back: {error}"), "This needs root."));
            }
            Ok(text)
        }
        Ok(_) => {
            Err(failure("the load did not start".to_owned(), "Look at its own messages: run it by hand."))
        }
        Err(error) => Err(failure(format!("unshare: {error}"), "It is part of util-linux.")),
    }
}
