//! Resident identity numbers (居民身份证号码, GB 11643-1999).

/// Whether a number has 18 places, a date of birth that exists and the right check digit.
pub fn is_valid_identity(number: &str) -> bool {
    const CHECKS: &[u8; 11] = b"10X98765432";
    let [digits @ .., check] = number.as_bytes() else { return false };
    if digits.len() != 17 || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    // ISO 7064 MOD 11-2: the weight doubles from right to left
    let sum = digits.iter().fold(0, |sum, digit| (sum + usize::from(digit - b'0')) * 2 % 11);
    CHECKS[sum] == check.to_ascii_uppercase() && born(number).is_some()
}

/// The date of birth in the number.
fn born(number: &str) -> Option<chrono::NaiveDate> {
    chrono::NaiveDate::parse_from_str(number.get(6..14)?, "%Y%m%d").ok()
}

#[cfg(test)]
mod tests {
    use super::is_valid_identity;

    #[test]
    fn the_check_digit_decides() {
        // the example numbers of the standard
        assert!(is_valid_identity("11010519491231002X"));
        assert!(is_valid_identity("440524188001010014"));
        for number in ["110105194912310021", "11010519490231002X", "1101051949123100", "", "身份证"]
        {
            assert!(!is_valid_identity(number), "{number}");
        }
    }
}
