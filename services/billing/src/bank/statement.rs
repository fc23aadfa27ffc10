//! A statement as it was read: its order, what is wrong with it, and how its lines are known again.

use crate::say;
use chrono::NaiveDate;
use money::Fen;
use std::collections::HashMap;
use texts::Text;

/// The longest text of one field that is kept.
const MAX_TEXT: usize = 200;

/// One line as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReadLine {
    /// Where it stands: the row of a table, else its number from 1.
    pub row: u32,
    pub day: NaiveDate,
    pub amount: Fen,
    /// What was on the account after it, where the statement says so.
    pub balance: Option<Fen>,
    pub payer: String,
    pub payer_number: String,
    pub text: String,
    pub reference: String,
}

/// What is wrong, and where; row 0 is the whole statement.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    pub row: u32,
    pub reason: Text,
}

/// A statement as it was read.
#[derive(Clone, Debug, Default)]
pub(super) struct ReadStatement {
    pub lines: Vec<ReadLine>,
    pub wrong: Vec<Wrong>,
    pub opening: Option<Fen>,
    pub closing: Option<Fen>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// What the account is known to have had.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    /// Before the first day of the statement.
    pub before: Fen,
    /// What known lines from the first to the last day amount to that the statement has again.
    pub again: Fen,
    /// What all known lines from the first to the last day amount to.
    pub within: Fen,
}

/// A text as it is kept.
pub(super) fn kept(text: &str) -> String {
    text.trim().chars().take(MAX_TEXT).collect()
}

impl ReadStatement {
    /// Puts the oldest line first, as the books have it, and checks the balance after each line.
    /// Many banks write the newest first.
    pub fn ordered(mut self) -> Self {
        let first_day = self.lines.first().map(|line| line.day);
        let falls = first_day > self.lines.last().map(|line| line.day);
        let backwards: Vec<ReadLine> = self.lines.iter().rev().cloned().collect();
        if falls || (broken(&self.lines).is_some() && broken(&backwards).is_none()) {
            self.lines = backwards;
        }
        if let Some((row, expected)) = broken(&self.lines) {
            self.wrong.push(Wrong { row, reason: say::bank_balance_breaks(expected) });
        }
        let first = self.lines.first();
        self.opening = self.opening.or_else(|| first.and_then(|l| Some(l.balance? - l.amount)));
        self.closing = self.closing.or_else(|| self.lines.last().and_then(|line| line.balance));
        self.from = self.from.or_else(|| self.lines.iter().map(|line| line.day).min());
        self.to = self.to.or_else(|| self.lines.iter().map(|line| line.day).max());
        self
    }

    /// What all lines amount to.
    pub fn sum(&self) -> Fen {
        self.lines.iter().map(|line| line.amount).sum()
    }

    /// What is wrong between this statement and what is known: its own sum, a gap before it, or
    /// known lines of its days that it does not have.
    pub fn check(&self, known: Known) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let mut say = |reason| wrong.push(Wrong { row: 0, reason });
        let opening = self.opening.unwrap_or(known.before);
        if let Some(closing) = self.closing.filter(|closing| *closing != opening + self.sum()) {
            say(say::bank_sum_differs(opening + self.sum(), closing));
        }
        if opening != known.before {
            say(say::bank_gap(known.before, opening));
        }
        if known.again != known.within {
            say(say::bank_lines_missing(known.within - known.again));
        }
        wrong
    }

    /// The closing balance, said or computed.
    pub fn closing_after(&self, known: Known) -> Fen {
        self.opening.unwrap_or(known.before) + self.sum()
    }
}

/// The first row whose balance does not follow, and what should have stood there.
fn broken(lines: &[ReadLine]) -> Option<(u32, Fen)> {
    let mut last: Option<Fen> = None;
    for line in lines {
        if let (Some(before), Some(balance)) = (last, line.balance)
            && before + line.amount != balance
        {
            return Some((line.row, before + line.amount));
        }
        last = line.balance.or_else(|| last.map(|before| before + line.amount));
    }
    None
}

/// By what each line is known again: the bank's reference, or else everything it says; equal lines
/// are counted.
pub(super) fn keys(lines: &[ReadLine]) -> Vec<String> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    lines
        .iter()
        .map(|line| {
            let words = if line.reference.is_empty() {
                format!("{}|{}|{}|{}", line.day, line.payer, line.payer_number, line.text)
            } else {
                format!("{}|ref|{}", line.day, line.reference)
            };
            let key = format!("{words}|{}", line.amount.0);
            let number = seen.entry(key.clone()).or_default();
            *number += 1;
            format!("{key}|{number}")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(row: u32, day: &str, amount: i64, balance: Option<i64>) -> ReadLine {
        ReadLine {
            row,
            day: day.parse().unwrap(),
            amount: Fen(amount),
            balance: balance.map(Fen),
            payer: "王芳".to_owned(),
            payer_number: String::new(),
            text: String::new(),
            reference: String::new(),
        }
    }

    fn of(lines: Vec<ReadLine>) -> ReadStatement {
        ReadStatement { lines, ..ReadStatement::default() }.ordered()
    }

    #[test]
    fn the_newest_first_is_turned_round() {
        let read = of(vec![
            line(2, "2026-07-31", -30, Some(170)),
            line(3, "2026-07-31", 100, Some(200)),
            line(4, "2026-07-30", 50, Some(100)),
        ]);
        assert_eq!(read.lines[0].row, 4);
        assert_eq!((read.opening, read.closing), (Some(Fen(50)), Some(Fen(170))));
        assert!(read.wrong.is_empty());
        let same_day =
            of(vec![line(2, "2026-07-31", -30, Some(170)), line(3, "2026-07-31", 100, Some(200))]);
        assert_eq!(same_day.lines[0].row, 3);
        assert!(same_day.wrong.is_empty());
    }

    #[test]
    fn a_balance_that_does_not_follow_is_named() {
        let read =
            of(vec![line(2, "2026-07-30", 100, Some(100)), line(3, "2026-07-31", 5, Some(104))]);
        assert_eq!(read.wrong[0].row, 3);
    }

    #[test]
    fn sums_gaps_and_missing_lines_are_found() {
        let mut read = of(vec![line(1, "2026-07-30", 100, None)]);
        read.opening = Some(Fen(50));
        read.closing = Some(Fen(150));
        let known = Known { before: Fen(50), ..Known::default() };
        assert!(read.check(known).is_empty());
        assert_eq!(read.check(Known { before: Fen(40), ..known }).len(), 1, "a gap");
        assert_eq!(read.check(Known { within: Fen(7), ..known }).len(), 1, "a known line is gone");
        read.closing = Some(Fen(151));
        assert_eq!(read.check(known).len(), 1, "its own sum");
    }

    #[test]
    fn equal_lines_are_two_lines_and_each_is_known_again() {
        let lines = vec![line(1, "2026-07-30", 100, None), line(2, "2026-07-30", 100, Some(300))];
        let first = keys(&lines);
        assert_ne!(first[0], first[1]);
        assert_eq!(first, keys(&lines));
    }

    proptest! {
        #[test]
        fn what_a_bank_writes_is_consistent_in_either_order(
            amounts in proptest::collection::vec(-100_000_i64..100_000, 1..30),
            opening in -1_000_000_i64..1_000_000,
            backwards in any::<bool>(),
        ) {
            let mut balance = opening;
            let mut lines = Vec::new();
            for (row, amount) in (0_u32..).zip(&amounts) {
                balance += amount;
                let day = format!("2026-07-{:02}", row + 1);
                lines.push(line(row, &day, *amount, Some(balance)));
            }
            if backwards {
                lines.reverse();
            }
            let read = of(lines);
            prop_assert!(read.wrong.is_empty());
            let known = Known { before: Fen(opening), ..Known::default() };
            prop_assert!(read.check(known).is_empty());
            prop_assert_eq!(read.closing_after(known), Fen(balance));
        }
    }
}
