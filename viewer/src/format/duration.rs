//! Spans of time.

/// A span in words of at most two units: `3 h 12 min`, `45 s`.
pub(crate) fn duration(seconds: u64) -> String {
    const DAY: u64 = 86_400;
    let two = |big: u64, unit: &str, small: u64, smaller: &str| {
        if small == 0 { format!("{big} {unit}") } else { format!("{big} {unit} {small} {smaller}") }
    };
    match seconds {
        0 => "less than a second".into(),
        1..60 => format!("{seconds} s"),
        60..3600 => two(seconds / 60, "min", seconds % 60, "s"),
        3600..DAY => two(seconds / 3600, "h", seconds % 3600 / 60, "min"),
        _ => {
            let days = seconds / DAY;
            two(days, if days == 1 { "day" } else { "days" }, seconds % DAY / 3600, "h")
        }
    }
}

/// Processor time from clock ticks: tenths of a second below a minute.
pub(crate) fn cpu_time(ticks: u64, ticks_per_second: u64) -> String {
    let tenths = u128::from(ticks) * 10 / u128::from(ticks_per_second.max(1));
    if tenths < 600 {
        format!("{}.{} s", tenths / 10, tenths % 10)
    } else {
        duration(u64::try_from(tenths / 10).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        let cases = [
            (0, "less than a second"),
            (59, "59 s"),
            (60, "1 min"),
            (61, "1 min 1 s"),
            (11_520, "3 h 12 min"),
            (86_400, "1 day"),
            (180_000, "2 days 2 h"),
        ];
        for (seconds, text) in cases {
            assert_eq!(duration(seconds), text);
        }
        assert_eq!(cpu_time(0, 100), "0.0 s");
        assert_eq!(cpu_time(912, 100), "9.1 s");
        assert_eq!(cpu_time(6_100, 100), "1 min 1 s");
        assert_eq!(cpu_time(5, 0), "5.0 s", "a manifest without clock ticks");
    }
}
