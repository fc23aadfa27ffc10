//! Statements as MT940 (SWIFT), the fields that reconciliation needs. The parser that the registry
//! has holds to SWIFT's own letters; banks here write Chinese into `:86:`, so it is read by hand.

use super::statement::{ReadLine, ReadStatement, Wrong, kept};
use crate::say;
use chrono::NaiveDate;
use money::Fen;
use texts::Text;

/// Reads every statement of the file.
pub(super) fn read(text: &str) -> ReadStatement {
    let mut statement = ReadStatement::default();
    let mut number = 0;
    for (tag, value) in fields(text) {
        match tag.as_str() {
            "60F" | "60M" => {
                if let Some((_, amount)) = balance(&value) {
                    statement.opening.get_or_insert(amount);
                }
            }
            "62F" | "62M" => {
                if let Some((_, amount)) = balance(&value) {
                    statement.closing = Some(amount);
                }
            }
            "61" => {
                number += 1;
                match line(number, &value) {
                    Ok(line) => statement.lines.push(line),
                    Err(reason) => statement.wrong.push(Wrong { row: number, reason }),
                }
            }
            "86" => {
                if let Some(last) = statement.lines.last_mut().filter(|line| line.row == number) {
                    details(&value, last);
                }
            }
            _ => {}
        }
    }
    statement
}

/// The fields in order: a tag between colons begins one, other lines go on with it.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for row in text.lines() {
        let row = row.trim_end();
        let tag = row.strip_prefix(':').and_then(|rest| rest.split_once(':'));
        match tag.filter(|(tag, _)| (2..=3).contains(&tag.len())) {
            Some((tag, value)) => all.push((tag.to_owned(), value.to_owned())),
            None if row.starts_with('-') || row.starts_with('{') => {}
            None => {
                if let Some((_, value)) = all.last_mut() {
                    value.push('\n');
                    value.push_str(row);
                }
            }
        }
    }
    all
}

/// `C260731CNY1234,56`: credit or debit, day, currency, amount.
fn balance(value: &str) -> Option<(NaiveDate, Fen)> {
    let (sign, rest) = value.split_at_checked(1)?;
    let (day, rest) = rest.split_at_checked(6)?;
    let amount = amount(rest.get(3..)?)?;
    Some((date(day)?, if sign == "D" { -amount } else { amount }))
}

fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(&format!("20{text}"), "%Y%m%d").ok()
}

/// `1234,5`: the comma stands always, behind it none to two digits.
fn amount(text: &str) -> Option<Fen> {
    let text = text.trim().replace(',', ".");
    text.strip_suffix('.').unwrap_or(&text).parse().ok()
}

/// `2607310731C835,86NTRFREF//B-1`: value day, entry day, direction, amount, kind, references.
fn line(row: u32, value: &str) -> Result<ReadLine, Text> {
    let first = value.lines().next().unwrap_or_default();
    let bad_day = || say::bank_bad_day(first.to_owned());
    let bad_amount = || say::bank_bad_amount(first.to_owned());
    let (day, rest) = first.split_at_checked(6).ok_or_else(bad_day)?;
    let value_day = date(day).ok_or_else(bad_day)?;
    let is_digit = |c: char| c.is_ascii_digit();
    let (entry_day, rest) = match rest.split_at_checked(4) {
        Some((day, rest)) if day.chars().all(is_digit) => (Some(day), rest),
        _ => (None, rest),
    };
    let (is_debit, rest) = direction(rest).ok_or_else(bad_amount)?;
    // The third letter of the currency may stand before the amount.
    let rest = rest.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest);
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(rest.len());
    let (number, rest) = rest.split_at(end);
    let amount = amount(number).filter(|amount| !amount.is_zero()).ok_or_else(bad_amount)?;
    let references = rest.get(4..).unwrap_or_default();
    let (own, bank) = references.split_once("//").unwrap_or((references, ""));
    let reference = if bank.trim().is_empty() { own } else { bank };
    let reference = if reference.trim() == "NONREF" { "" } else { reference };
    Ok(ReadLine {
        row,
        day: entry_day.and_then(|day| booked(value_day, day)).unwrap_or(value_day),
        amount: if is_debit { -amount } else { amount },
        balance: None,
        payer: String::new(),
        payer_number: String::new(),
        text: String::new(),
        reference: kept(reference),
    })
}

/// `C`, `D`, and the reversals `RC` (takes away) and `RD` (gives back).
fn direction(text: &str) -> Option<(bool, &str)> {
    let all = [("RC", true), ("RD", false), ("C", false), ("D", true)];
    all.iter().find_map(|(word, is_debit)| Some((*is_debit, text.strip_prefix(word)?)))
}

/// The booking day, of which month and day stand there: in the year nearest to the value day.
fn booked(value_day: NaiveDate, day: &str) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    let years = [value_day.year() - 1, value_day.year(), value_day.year() + 1];
    let days = years
        .iter()
        .filter_map(|year| NaiveDate::parse_from_str(&format!("{year}{day}"), "%Y%m%d").ok());
    days.min_by_key(|day| (*day - value_day).num_days().abs())
}

/// `?20` to `?29` are the text, `?31` the number, `?32` and `?33` the name; or else all is text.
fn details(value: &str, line: &mut ReadLine) {
    let value = value.replace('\n', "");
    if !value.contains("?2") && !value.contains("?3") {
        line.text = kept(&value);
        return;
    }
    for part in value.split('?').skip(1) {
        let Some((code, text)) = part.split_at_checked(2) else { continue };
        match code {
            "20" | "21" | "22" | "23" | "24" | "25" | "26" | "27" | "28" | "29" => {
                line.text = kept(&format!("{}{text}", line.text));
            }
            "31" => line.payer_number = kept(text),
            "32" | "33" => line.payer = kept(&format!("{}{text}", line.payer)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = ":20:STMT\n:25:BANK/6222\n:28C:00001/001\n:60F:C260730CNY1000,00\n\
        :61:2607310731C835,86NTRFNONREF//B-1\n:86:166?20物业费?21 3-1-1201?31622299?32王\n芳\n\
        :61:2607310731D5,NCHGFEE1\n:86:手续费\n\
        :61:270101 1231RD0,50NTRFX\n:61:xx\n:62F:C260731CNY1830,86\n-}\n";

    #[test]
    fn lines_balances_and_details_are_read() {
        let read = read(FILE);
        assert_eq!((read.opening, read.closing), (Some(Fen(100_000)), Some(Fen(183_086))));
        let first = &read.lines[0];
        assert_eq!((first.amount, first.reference.as_str()), (Fen(83_586), "B-1"));
        assert_eq!((first.payer.as_str(), first.payer_number.as_str()), ("王芳", "622299"));
        assert_eq!(first.text, "物业费 3-1-1201");
        assert_eq!(read.lines[1].amount, Fen(-500));
        assert_eq!(
            (read.lines[1].text.as_str(), read.lines[1].reference.as_str()),
            ("手续费", "FEE1")
        );
        assert_eq!(read.wrong.iter().map(|wrong| wrong.row).collect::<Vec<_>>(), [3, 4]);
    }

    #[test]
    fn a_booking_day_may_lie_in_the_next_year_and_reversals_turn_round() {
        let of = |value: &str| line(1, value).unwrap();
        assert_eq!(of("2612310102C1,NTRFX").day, "2027-01-02".parse().unwrap());
        assert_eq!(of("260731C1,5NTRFX").amount, Fen(150));
        assert_eq!(of("2607310731RC1,50NTRFX").amount, Fen(-150));
        assert_eq!(of("2607310731RDR1,50NTRFX").amount, Fen(150));
        assert!(line(1, "2607310731C0,00NTRFX").is_err());
        assert!(line(1, "260731").is_err());
    }
}
