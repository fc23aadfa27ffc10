//! Amounts in Chinese capitals (人民币大写), as receipts and invoices must show them.

use money::Fen;

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];

/// The amount in capitals: `人民币贰佰柒拾捌元陆角贰分`, `人民币壹万零伍元整`.
///
/// After the Payment and Settlement Measures' rules for filling in bills: zeros between digits are
/// one 零, an amount without fen ends in 整, one with jiao but no fen too.
pub fn in_words(amount: Fen) -> String {
    let fen = amount.0.unsigned_abs();
    let (yuan, jiao, rest) = (fen / 100, digit(fen / 10), digit(fen));
    let mut text = String::from(if amount.is_negative() { "人民币负" } else { "人民币" });
    if yuan > 0 || fen == 0 {
        text.push_str(&whole(yuan));
        text.push('元');
    }
    if jiao > 0 {
        text.push_str(DIGITS[jiao]);
        text.push('角');
    }
    if rest > 0 {
        if jiao == 0 && yuan > 0 {
            text.push('零');
        }
        text.push_str(DIGITS[rest]);
        text.push('分');
    } else {
        text.push('整');
    }
    text
}

/// The last decimal digit.
fn digit(number: u64) -> usize {
    usize::try_from(number % 10).unwrap_or_default()
}

/// A whole number: groups of four digits, each with its place words.
fn whole(number: u64) -> String {
    if number == 0 {
        return DIGITS[0].to_owned();
    }
    let mut groups = Vec::new();
    let mut left = number;
    while left > 0 {
        groups.push(left % 10_000);
        left /= 10_000;
    }
    let mut text = String::new();
    let mut gap = false;
    for (index, group) in groups.iter().enumerate().rev() {
        if *group == 0 {
            gap = true;
            continue;
        }
        // A zero at the group's head, or a whole group of zeros before it, reads as one 零.
        if !text.is_empty() && (gap || *group < 1_000) {
            text.push_str(DIGITS[0]);
        }
        text.push_str(&four(*group));
        text.push_str(GROUPS[index]);
        gap = false;
    }
    text
}

/// A group of up to four digits without its leading zeros.
fn four(group: u64) -> String {
    let mut text = String::new();
    let mut zero = false;
    for (place, name) in PLACES.iter().enumerate().rev() {
        let figure = digit(group / 10_u64.pow(u32::try_from(place).unwrap_or_default()));
        if figure == 0 {
            zero = !text.is_empty();
            continue;
        }
        if zero {
            text.push_str(DIGITS[0]);
            zero = false;
        }
        text.push_str(DIGITS[figure]);
        text.push_str(name);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_on_a_printed_receipt() {
        for (fen, words) in [
            (0, "人民币零元整"),
            (5, "人民币伍分"),
            (60, "人民币陆角整"),
            (27_862, "人民币贰佰柒拾捌元陆角贰分"),
            (83_586, "人民币捌佰叁拾伍元捌角陆分"),
            (100, "人民币壹元整"),
            (101, "人民币壹元零壹分"),
            (110, "人民币壹元壹角整"),
            (1_000, "人民币壹拾元整"),
            (10_050, "人民币壹佰元伍角整"),
            (100_507, "人民币壹仟零伍元零柒分"),
            (1_000_500, "人民币壹万零伍元整"),
            (10_000_000, "人民币壹拾万元整"),
            (10_010_000, "人民币壹拾万零壹佰元整"),
            (21_487_098, "人民币贰拾壹万肆仟捌佰柒拾元玖角捌分"),
            (100_000_000_000, "人民币壹拾亿元整"),
            (10_000_000_100, "人民币壹亿零壹元整"),
            (10_000_500_000, "人民币壹亿零伍仟元整"),
            (-250, "人民币负贰元伍角整"),
        ] {
            assert_eq!(in_words(Fen(fen)), words);
        }
    }

    #[test]
    fn the_largest_amount_has_words_too() {
        assert!(in_words(Fen(i64::MAX)).ends_with("零柒分"));
    }
}
