//! The end of the line: counts and hashes the bundle's bytes, wraps them as text when asked, and hands them on.

use crate::encrypt::{Key, Sealing};
use crate::sys;
use procglass_model::bundle::{ArmorWriter, hex};
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, ErrorKind, Seek as _, SeekFrom, Write};
use std::rc::Rc;

/// What the writer of the bundle writes into.
pub(crate) struct Out {
    carrier: Sealing<Carrier>,
    hasher: Sha256,
    written: Rc<Written>,
}

/// How far it is, for those who cannot reach into the writer.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// Bytes of the bundle.
    pub(crate) bundle: Cell<u64>,
    /// Bytes handed on, which with armor are more.
    pub(crate) file: Cell<u64>,
    /// The output is a regular file, and not a pipe, a socket or a device.
    pub(crate) regular: bool,
}

enum Carrier {
    Plain(Last),
    Armor(ArmorWriter<Last>),
}

/// The file itself.
struct Last {
    file: File,
    written: Rc<Written>,
}

/// A place in the output to which it can be cut back.
pub(crate) struct Position {
    bundle: u64,
    file: u64,
    hasher: Sha256,
}

impl Out {
    pub(crate) fn new(file: File, armor: bool, key: &Key) -> io::Result<(Self, Rc<Written>)> {
        let regular = file.metadata().is_ok_and(|found| found.is_file());
        let written = Rc::new(Written { regular, ..Written::default() });
        let last = Last { file, written: written.clone() };
        let carrier = match armor {
            true if key.is_some() => Carrier::Armor(ArmorWriter::age(last)?),
            true => Carrier::Armor(ArmorWriter::new(last)?),
            false => Carrier::Plain(last),
        };
        let carrier = key.seal(carrier)?;
        let out = Self { carrier, hasher: Sha256::new(), written: written.clone() };
        Ok((out, written))
    }

    /// Where the output is.
    pub(crate) fn position(&self) -> Position {
        let Written { bundle, file, .. } = &*self.written;
        Position { bundle: bundle.get(), file: file.get(), hasher: self.hasher.clone() }
    }

    /// Cuts the output back to a place, which a pipe and an encryption cannot do.
    pub(crate) fn rewind(&mut self, to: &Position) -> io::Result<()> {
        let Some(Carrier::Plain(last)) = self.carrier.plain() else {
            return Err(ErrorKind::NotSeekable.into());
        };
        last.file.set_len(to.file)?;
        last.file.seek(SeekFrom::Start(to.file))?;
        self.written.bundle.set(to.bundle);
        self.written.file.set(to.file);
        self.hasher = to.hasher.clone();
        Ok(())
    }

    /// Writes what is left, makes it durable, and says the SHA-256 of the bundle; with the reason, where it is not durable.
    pub(crate) fn finish(self) -> io::Result<(String, Option<io::Error>)> {
        let last = match self.carrier.finish()? {
            Carrier::Plain(last) => last,
            Carrier::Armor(armor) => armor.finish()?,
        };
        let failed = |error: &io::Error| {
            matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
                || error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error())
        };
        // Pipes and devices have nothing to make durable, and say so.
        let lost = last.file.sync_all().err().filter(failed);
        Ok((hex(&self.hasher.finalize()), lost))
    }
}

impl Write for Out {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let count = self.carrier.write(data)?;
        self.hasher.update(data.get(..count).unwrap_or_default());
        self.written.bundle.set(self.written.bundle.get() + count as u64);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.carrier.flush()
    }
}

impl Write for Carrier {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(last) => last.write(data),
            Self::Armor(armor) => armor.write(data),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(last) => last.flush(),
            Self::Armor(armor) => armor.flush(),
        }
    }
}

impl Write for Last {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let at = self.written.file.get();
        loop {
            match self.file.write(data) {
                // A pipe that does not block, as those of some agents, is waited for.
                Err(error) if error.kind() == ErrorKind::WouldBlock => sys::wait_writable(&self.file)?,
                other => {
                    let count = other?;
                    self.written.file.set(at + count as u64);
                    return Ok(count);
                }
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_model::bundle::sha256;

    #[test]
    fn bytes_are_counted_and_hashed() {
        let directory = tempfile::tempdir().unwrap();
        let encrypt: crate::encrypt::Encrypt = Default::default();
        let key = encrypt.key().unwrap();
        for (armor, name) in [(false, "plain"), (true, "armor")] {
            let path = directory.path().join(name);
            let (mut out, written) = Out::new(File::create(&path).unwrap(), armor, &key).unwrap();
            out.write_all(&[7; 1000]).unwrap();
            let (hash, lost) = out.finish().unwrap();
            assert_eq!(hash, hex(&sha256(&[7; 1000])));
            assert!(lost.is_none());
            assert_eq!(written.bundle.get(), 1000);
            assert_eq!(written.file.get(), std::fs::metadata(&path).unwrap().len());
            assert_eq!(written.file.get() > 1000, armor);
        }
    }
}
