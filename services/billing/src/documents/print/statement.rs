//! 对账单: everything that changed an account between two days.

use super::{
    Printed,
    bilingual::Bilingual,
    figures::grouped,
    paper::{Block, Column, Form, Head, Paper, Row},
};
use crate::say;
use chrono::NaiveDate;
use money::Fen;
use texts::Language;

/// One change of the balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatementRow {
    pub day: NaiveDate,
    pub what: Bilingual,
    /// Above zero more is owed, below zero less.
    pub change: Fen,
    /// What is owed after it.
    pub balance: Fen,
}

/// A statement of account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    pub head: Head,
    pub debtor: String,
    pub unit: Option<String>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub opening: Fen,
    pub rows: Vec<StatementRow>,
}

impl Statement {
    /// What is owed at the end; below zero was paid ahead.
    pub fn closing(&self) -> Fen {
        self.opening + self.rows.iter().map(|row| row.change).sum()
    }
}

impl Printed for Statement {
    fn paper(&self, language: Language) -> Paper {
        let say = |text: texts::Text| text.say(language);
        let mut facts = vec![(say(say::doc_debtor()), self.debtor.clone())];
        facts.extend(self.unit.clone().map(|unit| (say(say::doc_unit()), unit)));
        facts.push((say(say::doc_period()), format!("{} – {}", self.from, self.to)));
        let columns = vec![
            Column::words(say(say::doc_day()), 1.5),
            Column::words(say(say::doc_what()), 3.6),
            Column::figures(say(say::doc_charged()), 1.6),
            Column::figures(say(say::doc_credited()), 1.6),
            Column::figures(say(say::doc_balance()), 1.7),
        ];
        let blank = String::new;
        let mut rows = vec![Row::sum(vec![
            self.from.to_string(),
            say(say::doc_opening()),
            blank(),
            blank(),
            grouped(self.opening),
        ])];
        rows.extend(self.rows.iter().map(|row| {
            let up = if row.change.is_negative() { blank() } else { grouped(row.change) };
            let down = if row.change.is_negative() { grouped(-row.change) } else { blank() };
            let what = row.what.say(language).to_owned();
            Row::of(vec![row.day.to_string(), what, up, down, grouped(row.balance)])
        }));
        let up = self.rows.iter().map(|row| row.change).filter(|change| change.is_positive());
        let down = self.rows.iter().map(|row| row.change).filter(|change| change.is_negative());
        rows.push(Row::sum(vec![
            self.to.to_string(),
            say(say::doc_closing()),
            grouped(up.sum()),
            grouped(-down.sum::<Fen>()),
            grouped(self.closing()),
        ]));
        let blocks = vec![
            Block::Facts(facts),
            Block::Table(columns, rows),
            Block::Paragraph(say(say::doc_balance_note())),
        ];
        Paper {
            head: self.head.clone(),
            form: Form { code: "CH-26-03", version: "1.0", copies: 1 },
            title: say(say::doc_statement()),
            blocks,
            language,
        }
    }
}
