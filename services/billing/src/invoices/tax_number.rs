//! 纳税人识别号: the number under which a buyer or seller is taxed.

/// The characters of a unified social credit code (GB 32100): no I, O, S, V, Z.
const DIGITS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// The number in capitals, if it can be one: a unified social credit code with its check character,
/// or one of the older numbers of 15, 17 or 20 digits and letters, which have none.
pub(super) fn tax_number(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return None;
    }
    let right = match text.len() {
        15 | 17 | 20 => true,
        18 => check(&text),
        _ => false,
    };
    right.then_some(text)
}

fn check(text: &str) -> bool {
    let digits: Option<Vec<usize>> =
        text.bytes().map(|byte| DIGITS.iter().position(|digit| *digit == byte)).collect();
    let Some(digits) = digits else { return false };
    let sum: usize = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    digits.last() == Some(&((31 - sum % 31) % 31))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_with_its_check_character_is_taken() {
        assert_eq!(tax_number("91350100m000100y43").as_deref(), Some("91350100M000100Y43"));
        assert_eq!(tax_number("340104123456789").as_deref(), Some("340104123456789"));
        for wrong in
            ["91350100M000100Y44", "91350100M000100Y", "", "9135O100M000100Y43", "九一三五"]
        {
            assert_eq!(tax_number(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_character_is_noticed(place in 0_usize..18, other in 0_usize..31) {
            let right = "91350100M000100Y43";
            let mut changed = right.as_bytes().to_vec();
            changed[place] = DIGITS[other];
            let changed = String::from_utf8(changed).unwrap();
            prop_assert_eq!(tax_number(&changed).is_some(), changed == right);
        }
    }
}
