//! The beginning, in the place of the standard library's: that ends the program where a sandbox refuses sigaction(2).

#[cfg(not(test))]
use std::ffi::{CStr, OsStr, OsString, c_char, c_int};
#[cfg(not(test))]
use std::os::unix::ffi::OsStrExt as _;

/// Called by the C library.
#[cfg(not(test))]
#[allow(unsafe_code, reason = "the C library calls it by this name")]
#[unsafe(no_mangle)]
extern "C" fn main(count: c_int, arguments: *const *const c_char) -> c_int {
    ready();
    let word = |at: usize| {
        // SAFETY: the C library gives `count` pointers to strings that live as long as the program.
        unsafe { CStr::from_ptr(*arguments.add(at)) }
    };
    let count = usize::try_from(count).unwrap_or(0);
    let words: Vec<OsString> =
        (1..count).map(|at| OsStr::from_bytes(word(at).to_bytes()).to_owned()).collect();
    procglass_collector::run(words).into()
}

/// Sees to it that no file which is opened later is taken for a standard stream, and that a reader that went away and a limit on the
/// size of files are errors of write(2) and do not kill.
#[cfg(not(test))]
fn ready() {
    use rustix::fs::{CWD, Mode, OFlags, openat};
    use rustix::io::fcntl_getfd;
    use rustix::stdio::{stderr, stdin, stdout};
    let closed =
        [fcntl_getfd(stdin()), fcntl_getfd(stdout()), fcntl_getfd(stderr())].map(|found| found.is_err());
    for _ in closed.into_iter().filter(|closed| *closed) {
        // The lowest free number is that of a closed stream. It stays open.
        let _ = openat(CWD, "/dev/null", OFlags::RDWR, Mode::empty()).map(std::mem::forget);
    }
    for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
        // SAFETY: no handler is installed. Where it is refused, the signal kills as it always did.
        #[allow(unsafe_code, reason = "neither the standard library nor rustix has this call")]
        unsafe {
            libc::signal(signal, libc::SIG_IGN);
        }
    }
}
