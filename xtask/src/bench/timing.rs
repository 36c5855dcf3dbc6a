//! Whole-process figures, as time(1) takes them from the kernel.

/// The format for time(1): user and system seconds, wall seconds, peak resident kilobytes.
pub(crate) const FORMAT: &str = "%U %S %e %M";

/// One run of one program.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Run {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
    pub(crate) peak_kb: f64,
}

impl Run {
    /// From a line in [`FORMAT`].
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let mut numbers = line.split_whitespace().map(str::parse::<f64>);
        let mut next = || numbers.next()?.ok();
        let (user, system, wall, peak_kb) = (next()?, next()?, next()?, next()?);
        Some(Self { cpu: user + system, wall, peak_kb })
    }
}

/// The middle of a figure over several runs; the mean of the two middle ones of an even number.
pub(crate) fn median<T>(runs: &[T], figure: impl Fn(&T) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(figure).collect();
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or_default();
    f64::midpoint(at(values.len().saturating_sub(1) / 2), at(values.len() / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_medians() {
        let run = Run::parse("0.34 1.62 2.23 2004").unwrap();
        assert!((run.cpu - 1.96).abs() < 1e-9 && (run.wall - 2.23).abs() < 1e-9);
        assert_eq!(Run::parse("Command exited with non-zero status 3"), None);
        let runs = [1.0, 9.0, 2.0, 4.0].map(|cpu| Run { cpu, ..Run::default() });
        assert!((median(&runs, |run| run.cpu) - 3.0).abs() < 1e-9);
        assert!((median(&runs[..3], |run| run.cpu) - 2.0).abs() < 1e-9);
    }
}
