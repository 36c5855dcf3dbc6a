//! What is done when memory runs out: no file is left behind, one sentence is said, and the exit status is 1. Without this the
//! program would be killed by a signal, with part of a bundle beside it.

use rustix::fs::{AtFlags, CWD, unlinkat};
use rustix::io::{Errno, write};
use rustix::stdio::stderr;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The file that is removed.
static FILE: Mutex<Option<CString>> = Mutex::new(None);

thread_local! {
    /// This thread asks for memory that it can do without.
    static OPTIONAL: Cell<bool> = const { Cell::new(false) };
}

/// From now on this file is removed should memory run out, or none.
pub(crate) fn remove(file: Option<&Path>) {
    let path = file.and_then(|path| CString::new(path.as_os_str().as_bytes()).ok());
    let old = std::mem::replace(&mut *FILE.lock().unwrap_or_else(PoisonError::into_inner), path);
    drop(old);
}

/// Makes room for `more` bytes behind those of a buffer, where there is memory for it.
///
/// # Errors
/// `ENOMEM`; the buffer is as it was.
pub(crate) fn reserve(buffer: &mut Vec<u8>, more: usize) -> Result<(), Errno> {
    OPTIONAL.set(true);
    let reserved = buffer.try_reserve(more).or_else(|_| buffer.try_reserve_exact(more));
    OPTIONAL.set(false);
    reserved.map_err(|_| Errno::NOMEM)
}

/// The system's allocator, which ends the program in order where there is no memory left.
struct Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

// SAFETY: each call is handed on to the system's allocator as it came.
#[allow(unsafe_code, reason = "there is no other way to see that memory runs out")]
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        got(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        got(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        got(unsafe { System.realloc(pointer, layout, size) })
    }
}

#[inline]
fn got(pointer: *mut u8) -> *mut u8 {
    if pointer.is_null() && !OPTIONAL.get() {
        end();
    }
    pointer
}

/// Without any memory of its own.
#[cold]
fn end() -> ! {
    // Another thread may be at the same place; one removal is enough.
    if let Ok(file) = FILE.try_lock()
        && let Some(file) = &*file
    {
        let _ = unlinkat(CWD, file, AtFlags::empty());
    }
    let _ = write(
        stderr(),
        b"procglass-collect: there is not enough memory. No file was left behind; allow more (ulimit -v, the limit of the \
          control group), or collect with --pid or --recover none\n",
    );
    // SAFETY: ends the program, with nothing that other code relies on.
    #[allow(unsafe_code, reason = "the safe way to exit runs handlers, which may want memory")]
    unsafe {
        libc::_exit(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_is_not_there_is_an_error_for_who_can_do_without() {
        let mut buffer = vec![1, 2, 3];
        assert_eq!(reserve(&mut buffer, usize::MAX / 4), Err(Errno::NOMEM));
        assert_eq!(buffer, [1, 2, 3]);
        reserve(&mut buffer, 1000).unwrap();
        assert!(buffer.capacity() >= 1003);
    }
}
