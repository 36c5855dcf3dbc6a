//! `/etc/passwd` and `/etc/group`: names for numbers, passwd(5), group(5).

/// Name and id of each line (fields 1 and 3 of both files); lines of another form are passed over.
pub fn parse(bytes: &[u8]) -> impl Iterator<Item = (&[u8], u32)> {
    super::error::lines(bytes).filter_map(|(_, line)| {
        let mut parts = line.split(|byte| *byte == b':');
        let name = parts.next().filter(|name| !name.is_empty() && !name.starts_with(b"#"))?;
        Some((name, super::error::number(parts.nth(1)?)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ids() {
        let text =
            b"root:x:0:0:root:/root:/bin/sh\n# c:x:1:\n+::\nwww-data:x:33:33::/var/www:/bin/false\nshort:x\n";
        assert_eq!(parse(text).collect::<Vec<_>>(), [(&b"root"[..], 0), (b"www-data", 33)]);
    }
}
