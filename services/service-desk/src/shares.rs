//! Shares in basis points, and parts of a number: one rule for every sample and every figure.

/// All of it, in basis points.
pub const ALL: u64 = 10_000;

/// `part` of `whole` in basis points, rounded half up; `None` of nothing.
pub fn basis_points(part: u64, whole: u64) -> Option<u64> {
    (whole > 0).then(|| (part * 2 * ALL + whole) / (whole * 2))
}

/// As [`basis_points`], of things that were counted.
pub fn rate(part: usize, all: usize) -> Option<u32> {
    let [part, all] = [part, all].map(|count| u64::try_from(count).unwrap_or(u64::MAX));
    basis_points(part, all).and_then(|share| u32::try_from(share).ok())
}

/// How many of so many a share is, rounded up (handbook S10, S11).
pub fn part(rate_bp: u64, of: u64) -> u64 {
    of.saturating_mul(rate_bp).div_ceil(ALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_half_up_and_nothing_has_none() {
        assert_eq!(basis_points(40, 42), Some(9_524));
        assert_eq!(basis_points(42, 42), Some(10_000));
        assert_eq!(basis_points(0, 0), None);
        assert_eq!(basis_points(1, 20_000), Some(1));
        assert_eq!(basis_points(1, 20_001), Some(0));
        assert_eq!((rate(163, 176), rate(1, 0)), (Some(9_261), None));
    }
}
