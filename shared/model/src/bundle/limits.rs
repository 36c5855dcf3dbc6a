//! How much a bundle may ask of the machine that opens it.

/// Limits for a [`Reader`](super::Reader). Passing one stops the reading with a message; what came before stays.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Decompressed bytes in total.
    pub total: u64,
    /// Bytes of one member.
    pub member: u64,
    /// Number of members.
    pub members: usize,
    /// Decompressed bytes for each compressed one, without recovered files, looked at once [`Limits::RATIO_FROM`] bytes are out. Real
    /// bundles stay under 60; a bomb of zeros comes to about 1,000.
    pub ratio: u64,
    /// Bytes that are kept of one recovered file ([`Member::is_recovered`](super::Member::is_recovered)). Unlike the others this
    /// one stops nothing: the rest stays in the bundle, to be read when somebody asks for it.
    pub recovered: u64,
    /// Decompressed bytes of all recovered files together, with the zeros that their sparse forms leave out.
    pub recovered_total: u64,
}

impl Limits {
    /// Small inputs may compress as well as they like.
    pub const RATIO_FROM: u64 = 64 << 20;

    /// For a browser tab: wasm memory ends at 4 GiB and never shrinks.
    #[must_use]
    pub const fn browser() -> Self {
        Self {
            total: 2 << 30,
            member: 512 << 20,
            members: 2_000_000,
            ratio: 150,
            recovered: 64 << 10,
            recovered_total: 512 << 20,
        }
    }

    /// For the command line.
    #[must_use]
    pub const fn native() -> Self {
        Self {
            total: 32 << 30,
            member: 2 << 30,
            members: 20_000_000,
            ratio: 150,
            recovered: 1 << 20,
            recovered_total: 16 << 30,
        }
    }

    /// Of bundles whose source is trusted: up to so many bytes in all, however well they compress.
    #[must_use]
    pub const fn trusted(total: u64) -> Self {
        Self { total, member: total, ratio: u64::MAX, recovered_total: total, ..Self::native() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::browser()
    }
}
