//! Ratios of money, in basis points so that they are exact integers.

use money::{Fen, round_half_up};

/// Received over receivable in basis points, rounded half-up: 9524 is 95.24 %.
///
/// `None` when nothing was receivable: there is no rate then, neither 0 nor 100 %.
pub fn collection_rate(received: Fen, receivable: Fen) -> Option<i64> {
    receivable
        .is_positive()
        .then(|| round_half_up(i128::from(received.0) * 10_000, receivable.0.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_half_year_of_scenario_7() {
        assert_eq!(collection_rate(Fen(46_315_050), Fen(48_632_000)), Some(9524));
        assert_eq!(collection_rate(Fen(1_824_060), Fen(4_130_020)), Some(4417));
        assert_eq!(collection_rate(Fen(0), Fen(100)), Some(0));
        assert_eq!(collection_rate(Fen(5), Fen::ZERO), None);
    }
}
