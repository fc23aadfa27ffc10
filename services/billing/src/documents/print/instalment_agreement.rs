//! 分期还款协议: a debt in instalments, and what happens if one is missed.

use super::{
    Printed,
    figures::grouped,
    paper::{Block, Column, Form, Head, Paper, Row},
};
use crate::{receipts::in_words, say};
use chrono::NaiveDate;
use money::Fen;
use texts::Language;

/// An instalment agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalmentAgreement {
    /// What every document carries.
    pub head: Head,
    /// Who owes.
    pub debtor: String,
    /// The unit, if it is for one.
    pub unit: Option<String>,
    /// What the debt is of, e.g. bills by their months.
    pub debt_of: String,
    /// Day and amount of each instalment, in order; together they are the debt.
    pub instalments: Vec<(NaiveDate, Fen)>,
    /// Whether amounts are said in Chinese capitals too.
    pub capitals: bool,
}

impl InstalmentAgreement {
    /// The debt.
    pub fn debt(&self) -> Fen {
        self.instalments.iter().map(|(_, amount)| *amount).sum()
    }
}

impl Printed for InstalmentAgreement {
    fn paper(&self, language: Language) -> Paper {
        let say = |text: texts::Text| text.say(language);
        let mut facts = vec![(say(say::doc_debtor()), self.debtor.clone())];
        facts.extend(self.unit.clone().map(|unit| (say(say::doc_unit()), unit)));
        let columns = vec![
            Column::words(say(say::doc_instalment()), 1.5),
            Column::words(say(say::doc_due()), 2.5),
            Column::figures(say(say::doc_amount()), 2.0),
            Column::figures(say(say::doc_left()), 2.0),
        ];
        let mut left = self.debt();
        let mut rows = Vec::with_capacity(self.instalments.len() + 1);
        for (at, (due, amount)) in self.instalments.iter().enumerate() {
            left -= *amount;
            let place = (at + 1).to_string();
            rows.push(Row::of(vec![place, due.to_string(), grouped(*amount), grouped(left)]));
        }
        let sum = vec![say(say::doc_sum()), String::new(), grouped(self.debt()), String::new()];
        rows.push(Row::sum(sum));
        let blocks = vec![
            Block::Facts(facts),
            Block::Paragraph(say(say::doc_debt_of(self.debt_of.clone()))),
            Block::Total {
                label: say(say::doc_debt()),
                figure: grouped(self.debt()),
                capitals: self.capitals.then(|| in_words(self.debt())),
            },
            Block::Table(columns, rows),
            Block::Heading(say(say::doc_terms())),
            Block::Paragraph(say(say::doc_break_clause())),
            Block::Paragraph(say(say::doc_instalment_rights())),
            Block::Signatures(vec![say(say::doc_debtor()), say(say::doc_for_the_company())]),
        ];
        Paper {
            head: self.head.clone(),
            form: Form { code: "CH-27-02", version: "1.0", copies: 2 },
            title: say(say::doc_instalment_agreement()),
            blocks,
            language,
        }
    }
}
