//! The end of the line: counts and hashes the bundle's bytes, wraps them as text when asked, and hands them on.

use super::room::Room;
use crate::encrypt::{Key, Sealing};
use procglass_model::bundle::{ArmorWriter, hex};
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Write};
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
    /// The file system is full but for what was set aside to close the bundle.
    pub(crate) full: Cell<bool>,
}

enum Carrier {
    Plain(Last),
    Armor(ArmorWriter<Last>),
}

/// The file itself.
struct Last {
    file: File,
    room: Room,
    written: Rc<Written>,
}

impl Out {
    pub(crate) fn new(file: File, room: Room, armor: bool, key: &Key) -> io::Result<(Self, Rc<Written>)> {
        let written = Rc::new(Written::default());
        let last = Last { file, room, written: written.clone() };
        let carrier = match armor {
            true if key.is_some() => Carrier::Armor(ArmorWriter::age(last)?),
            true => Carrier::Armor(ArmorWriter::new(last)?),
            false => Carrier::Plain(last),
        };
        let carrier = key.seal(carrier)?;
        let out = Self { carrier, hasher: Sha256::new(), written: written.clone() };
        Ok((out, written))
    }

    /// Writes what is left, makes it durable, and says the SHA-256 of the bundle.
    pub(crate) fn finish(self) -> io::Result<String> {
        let last = match self.carrier.finish()? {
            Carrier::Plain(last) => last,
            Carrier::Armor(armor) => armor.finish()?,
        };
        last.room.give_back(self.written.file.get());
        // Pipes and devices have nothing to make durable.
        let _ = last.file.sync_all();
        Ok(hex(&self.hasher.finalize()))
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
        if !self.room.ahead(at + data.len() as u64) {
            self.written.full.set(true);
        }
        let count = self.file.write(data)?;
        self.written.file.set(at + count as u64);
        Ok(count)
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
            let (mut out, written) =
                Out::new(File::create(&path).unwrap(), Room::new(None), armor, &key).unwrap();
            out.write_all(&[7; 1000]).unwrap();
            assert_eq!(out.finish().unwrap(), hex(&sha256(&[7; 1000])));
            assert_eq!(written.bundle.get(), 1000);
            assert_eq!(written.file.get(), std::fs::metadata(&path).unwrap().len());
            assert_eq!(written.file.get() > 1000, armor);
        }
    }
}
