//! 公示: rates, income from common parts and use of the maintenance fund, for the notice board.

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

/// A rate that is charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisclosedRate {
    /// What is charged for.
    pub item: Bilingual,
    /// E.g. `2.35 / m²`.
    pub rate: Bilingual,
    /// The first day of the rate.
    pub since: NaiveDate,
}

/// Money that is the owners', over a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisclosedFund {
    /// What it is called.
    pub name: Bilingual,
    /// What was there on the first day.
    pub opening: Fen,
    /// What came in, and for what it was used: above zero and below.
    pub changes: Vec<(Bilingual, Fen)>,
}

impl DisclosedFund {
    /// What is left at the end.
    pub fn closing(&self) -> Fen {
        self.opening + self.changes.iter().map(|(_, amount)| *amount).sum()
    }

    fn table(&self, language: Language) -> Block {
        let columns = vec![
            Column::words(say::doc_what().say(language), 4.0),
            Column::figures(say::doc_income().say(language), 1.7),
            Column::figures(say::doc_expense().say(language), 1.7),
        ];
        let mut rows = vec![Row::sum(vec![
            say::doc_opening().say(language),
            grouped(self.opening),
            String::new(),
        ])];
        rows.extend(self.changes.iter().map(|(what, amount)| {
            let what = what.say(language).to_owned();
            Row::of(if amount.is_negative() {
                vec![what, String::new(), grouped(-*amount)]
            } else {
                vec![what, grouped(*amount), String::new()]
            })
        }));
        let closing =
            vec![say::doc_closing().say(language), grouped(self.closing()), String::new()];
        rows.push(Row::sum(closing));
        Block::Table(columns, rows)
    }
}

/// A disclosure sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// What every document carries.
    pub head: Head,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Which version for these days.
    pub version: i32,
    /// What readers should know.
    pub note: Option<String>,
    /// What is charged.
    pub rates: Vec<DisclosedRate>,
    /// Whether less than 30 % of the first deposits is left of the maintenance fund.
    pub fund_is_low: bool,
    /// Kept apart: income of common parts, the maintenance fund.
    pub funds: Vec<DisclosedFund>,
}

impl Printed for Disclosure {
    fn paper(&self, language: Language) -> Paper {
        let say = |text: texts::Text| text.say(language);
        let columns = vec![
            Column::words(say(say::doc_item()), 3.0),
            Column::words(say(say::doc_rate()), 3.0),
            Column::words(say(say::doc_since()), 2.0),
        ];
        let rates = self.rates.iter().map(|rate| {
            let item = rate.item.say(language).to_owned();
            Row::of(vec![item, rate.rate.say(language).to_owned(), rate.since.to_string()])
        });
        let period = format!("{} – {}", self.from, self.to);
        let facts = vec![
            (say(say::doc_period()), period),
            (say(say::doc_version()), self.version.to_string()),
        ];
        let mut blocks = vec![Block::Facts(facts)];
        blocks.extend(self.note.clone().map(Block::Paragraph));
        blocks.extend([
            Block::Heading(say(say::doc_rates())),
            Block::Table(columns, rates.collect()),
        ]);
        for fund in &self.funds {
            blocks.push(Block::Heading(fund.name.say(language).to_owned()));
            blocks.push(fund.table(language));
        }
        if self.fund_is_low {
            blocks.push(Block::Paragraph(say(say::doc_fund_low())));
        }
        blocks.push(Block::Paragraph(say(say::doc_disclosure_note())));
        Paper {
            head: self.head.clone(),
            form: Form { code: "CH-28-05", version: "1.0", copies: 1 },
            title: say(say::doc_disclosure()),
            blocks,
            language,
        }
    }
}
