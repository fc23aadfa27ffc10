//! 缴费通知单: what is owed, how it was computed, when and how to pay.

use super::{
    Printed,
    bilingual::Bilingual,
    figures::grouped,
    paper::{Block, Column, Form, Head, Paper, Row},
};
use crate::{receipts::in_words, say};
use chrono::NaiveDate;
use money::Fen;
use texts::Language;

/// One line of a notice.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct NoticeLine {
    /// The fee item.
    pub item: Bilingual,
    /// What it is for in words of its own.
    pub description: Option<String>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The arithmetic.
    pub formula: Option<Bilingual>,
    pub amount: Fen,
}

/// A payment notice of a bill.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct PaymentNotice {
    pub head: Head,
    pub debtor: String,
    pub unit: Option<String>,
    /// The months of the bill, e.g. `2026-07 – 2026-09`.
    pub period: String,
    pub due: NaiveDate,
    pub lines: Vec<NoticeLine>,
    /// What of the bill is settled already.
    pub settled: Fen,
    /// What is still owed of earlier bills.
    pub previous_debt: Fen,
    /// What was paid ahead and is not used yet.
    pub prepayment: Fen,
    /// In CNY amounts are said in capitals too.
    pub capitals: bool,
}

impl PaymentNotice {
    /// The sum of the lines.
    pub fn total(&self) -> Fen {
        self.lines.iter().map(|line| line.amount).sum()
    }

    /// What is to be paid in all; nothing below zero.
    pub fn to_pay(&self) -> Fen {
        let left = self.total() - self.settled + self.previous_debt - self.prepayment;
        left.max(Fen::ZERO)
    }

    fn table(&self, language: Language) -> Block {
        let columns = vec![
            Column::words(say::doc_item().say(language), 3.4),
            Column::words(say::doc_period().say(language), 3.4),
            Column::figures(say::doc_amount().say(language), 1.8),
        ];
        let row = |line: &NoticeLine| {
            let item = line.item.say(language);
            let what = match &line.description {
                Some(description) => format!("{item}  {description}"),
                None => item.to_owned(),
            };
            let period = format!("{} – {}", line.from, line.to);
            let note = line.formula.as_ref().map(|formula| formula.say(language).to_owned());
            Row::of(vec![what, period, grouped(line.amount)]).with_note(note)
        };
        let mut rows: Vec<Row> = self.lines.iter().map(row).collect();
        let mut sum = |label: texts::Text, amount: Fen| {
            rows.push(Row::sum(vec![label.say(language), String::new(), grouped(amount)]));
        };
        sum(say::doc_bill_total(), self.total());
        if self.settled.is_positive() {
            sum(say::doc_settled(), -self.settled);
        }
        if self.previous_debt.is_positive() {
            sum(say::doc_previous_debt(), self.previous_debt);
        }
        if self.prepayment.is_positive() {
            sum(say::doc_prepayment(), -self.prepayment);
        }
        Block::Table(columns, rows)
    }
}

impl Printed for PaymentNotice {
    fn paper(&self, language: Language) -> Paper {
        let mut facts = vec![(say::doc_debtor().say(language), self.debtor.clone())];
        if let Some(unit) = &self.unit {
            facts.push((say::doc_unit().say(language), unit.clone()));
        }
        facts.push((say::doc_bill_period().say(language), self.period.clone()));
        facts.push((say::doc_due().say(language), self.due.to_string()));
        let to_pay = self.to_pay();
        let blocks = vec![
            Block::Facts(facts),
            self.table(language),
            Block::Total {
                label: say::doc_to_pay(self.due).say(language),
                figure: grouped(to_pay),
                capitals: self.capitals.then(|| in_words(to_pay)),
            },
            Block::Heading(say::doc_ways_to_pay().say(language)),
            Block::Paragraph(say::doc_ways().say(language)),
            Block::Paragraph(say::doc_question().say(language)),
        ];
        Paper {
            head: self.head.clone(),
            form: Form { code: "CH-26-01", version: "1.0", copies: 1 },
            title: say::doc_payment_notice().say(language),
            blocks,
            language,
        }
    }
}
