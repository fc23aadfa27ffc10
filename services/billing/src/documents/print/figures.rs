//! Figures as documents show them.

use chrono::NaiveDateTime;
use money::Fen;

/// An amount with thousands separators: `12,345.67`, `-0.05`.
pub(crate) fn grouped(amount: Fen) -> String {
    let plain = amount.to_string();
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, "00"));
    let mut text = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text.push('.');
    text.push_str(cents);
    text
}

/// A moment to the minute: `2026-07-20 09:30`.
pub(crate) fn minute(moment: NaiveDateTime) -> String {
    moment.format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thousands_are_separated() {
        let shown = [0, 5, -5, 85_258, 100_000, 123_456_789, -100_000_000].map(|n| grouped(Fen(n)));
        let wanted =
            ["0.00", "0.05", "-0.05", "852.58", "1,000.00", "1,234,567.89", "-1,000,000.00"];
        assert_eq!(shown, wanted);
    }

    proptest! {
        #[test]
        fn without_separators_it_is_the_amount(amount in any::<i64>()) {
            prop_assert_eq!(grouped(Fen(amount)).replace(',', ""), Fen(amount).to_string());
        }
    }
}
