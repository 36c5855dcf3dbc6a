//! Whether a program is fully static: the promise of the collector, and a linker breaks it without a word.

/// `PT_INTERP`: the program asks for a dynamic loader.
const INTERPRETER: u32 = 3;

/// True for a 64-bit little-endian ELF file that asks for no loader.
pub(crate) fn is_static(file: &[u8]) -> bool {
    asks_for_loader(file) == Some(false)
}

/// `None` when this is no such file.
fn asks_for_loader(file: &[u8]) -> Option<bool> {
    if file.get(..6)? != b"\x7fELF\x02\x01" {
        return None;
    }
    let start = usize::try_from(u64::from_le_bytes(take(file, 0x20)?)).ok()?;
    let size = usize::from(u16::from_le_bytes(take(file, 0x36)?));
    let count = usize::from(u16::from_le_bytes(take(file, 0x38)?));
    for index in 0..count {
        let at = index.checked_mul(size)?.checked_add(start)?;
        if u32::from_le_bytes(take(file, at)?) == INTERPRETER {
            return Some(true);
        }
    }
    Some(false)
}

fn take<const N: usize>(file: &[u8], at: usize) -> Option<[u8; N]> {
    file.get(at..at.checked_add(N)?)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header with one program header of the given type.
    fn elf(kind: u32) -> Vec<u8> {
        let mut file = vec![0; 0x40 + 0x38];
        file[..6].copy_from_slice(b"\x7fELF\x02\x01");
        file[0x20] = 0x40;
        file[0x36] = 0x38;
        file[0x38] = 1;
        file[0x40..0x44].copy_from_slice(&kind.to_le_bytes());
        file
    }

    #[test]
    fn tells_static_from_dynamic() {
        assert!(is_static(&elf(1)));
        assert!(!is_static(&elf(INTERPRETER)));
        assert!(!is_static(b"#!/bin/sh"));
        assert!(!is_static(&elf(1)[..0x42]));
    }
}
