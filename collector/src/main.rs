//! `procglass-collect`, the program: where it begins. The work is in `procglass-collector`, which is compiled for size. This package is
//! compiled for speed, since its level decides whether link-time optimisation may use vector instructions for the loops of zlib-rs.

#![cfg_attr(not(test), no_main)]

mod start;

/// The tests have a beginning of their own.
#[cfg(test)]
fn main() {
    std::process::exit(procglass_collector::run(std::env::args_os().skip(1).collect()).into());
}
