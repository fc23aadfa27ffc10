//! How personal data is shown.

/// Family names of two characters.
const DOUBLE: [&str; 10] =
    ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐"];

/// `张三` as `张*`: the family name, and a star for every other character.
pub fn mask_name(name: &str) -> String {
    let count = name.chars().count();
    let keep =
        if count > 2 && DOUBLE.iter().any(|double| name.starts_with(double)) { 2 } else { 1 };
    if count <= 1 {
        return "*".to_owned();
    }
    name.chars().take(keep).chain(std::iter::repeat_n('*', (count - keep).min(8))).collect()
}

/// `13812345678` as `138****5678`; a short number shows only its tail.
pub fn mask_phone(phone: &str) -> String {
    let digits = digits(phone);
    let tail = tail(&digits);
    if digits.len() >= 11 { format!("{}****{tail}", &digits[..3]) } else { format!("****{tail}") }
}

/// The first two and the last two places of an identity number.
pub fn mask_identity(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    if letters.len() < 8 {
        return "*".repeat(letters.len());
    }
    let stars = std::iter::repeat_n(&'*', letters.len() - 4);
    letters[..2].iter().chain(stars).chain(&letters[letters.len() - 2..]).collect()
}

/// The digits of a phone without the country code of China.
pub fn digits(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("86") {
        Some(rest) if rest.len() == 11 && rest.starts_with('1') => rest.to_owned(),
        _ => digits,
    }
}

/// The last four digits.
pub fn tail(digits: &str) -> &str {
    &digits[digits.len().saturating_sub(4)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_is_masked() {
        assert_eq!(mask_name("张三"), "张*");
        assert_eq!(mask_name("欧阳娜娜"), "欧阳**");
        assert_eq!(mask_name("王"), "*");
        assert_eq!(mask_phone("13812345678"), "138****5678");
        assert_eq!(mask_phone("+86 138-1234-5678"), "138****5678");
        assert_eq!(mask_phone("62345678"), "****5678");
        assert_eq!(mask_identity("11010519491231002X"), "11**************2X");
        assert_eq!(mask_identity("1234"), "****");
    }
}
