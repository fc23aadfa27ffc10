//! 催缴通知单: what is overdue, the late fee with its arithmetic, until when to pay, whom to ask.

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

/// A debt that is overdue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverdueLine {
    /// What it is for.
    pub what: Bilingual,
    /// When it fell due.
    pub due: NaiveDate,
    /// How much.
    pub principal: Fen,
    /// Days of delay.
    pub days: i64,
    /// The late fee as it stands, capped already.
    pub late_fee: Fen,
    /// Its arithmetic, e.g. `835.86 × 0.05% × 40 = 16.72`.
    pub arithmetic: Option<Bilingual>,
}

/// A dunning notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DunningNotice {
    /// What every document carries.
    pub head: Head,
    /// Who owes.
    pub debtor: String,
    /// The unit, if it is for one.
    pub unit: Option<String>,
    /// What is owed.
    pub lines: Vec<OverdueLine>,
    /// The day until which delay counts.
    pub on: NaiveDate,
    /// The last day to pay.
    pub pay_by: NaiveDate,
    /// Whom to ask.
    pub contact: Bilingual,
    /// Whether amounts are said in Chinese capitals too.
    pub capitals: bool,
}

impl DunningNotice {
    /// Principal and late fee together.
    pub fn total(&self) -> Fen {
        self.lines.iter().map(|line| line.principal + line.late_fee).sum()
    }

    fn table(&self, language: Language) -> Block {
        let columns = vec![
            Column::words(say::doc_item().say(language), 3.2),
            Column::words(say::doc_due().say(language), 1.6),
            Column::figures(say::doc_principal().say(language), 1.6),
            Column::figures(say::doc_days_late().say(language), 1.2),
            Column::figures(say::doc_late_fee().say(language), 1.5),
            Column::figures(say::doc_sum().say(language), 1.6),
        ];
        let row = |line: &OverdueLine| {
            let cells = vec![
                line.what.say(language).to_owned(),
                line.due.to_string(),
                grouped(line.principal),
                line.days.to_string(),
                grouped(line.late_fee),
                grouped(line.principal + line.late_fee),
            ];
            let note = line.arithmetic.as_ref().map(|it| it.say(language).to_owned());
            Row::of(cells).with_note(note)
        };
        let mut rows: Vec<Row> = self.lines.iter().map(row).collect();
        let (principal, fee): (Fen, Fen) = (
            self.lines.iter().map(|line| line.principal).sum(),
            self.lines.iter().map(|line| line.late_fee).sum(),
        );
        rows.push(Row::sum(vec![
            say::doc_sum().say(language),
            String::new(),
            grouped(principal),
            String::new(),
            grouped(fee),
            grouped(self.total()),
        ]));
        Block::Table(columns, rows)
    }
}

impl Printed for DunningNotice {
    fn paper(&self, language: Language) -> Paper {
        let say = |text: texts::Text| text.say(language);
        let mut facts = vec![(say(say::doc_debtor()), self.debtor.clone())];
        facts.extend(self.unit.clone().map(|unit| (say(say::doc_unit()), unit)));
        facts.push((say(say::doc_pay_by()), self.pay_by.to_string()));
        facts.push((say(say::doc_contact()), self.contact.say(language).to_owned()));
        let blocks = vec![
            Block::Facts(facts),
            Block::Paragraph(say(say::doc_dunning_opening(self.on, self.pay_by))),
            self.table(language),
            Block::Total {
                label: say(say::doc_to_pay(self.pay_by)),
                figure: grouped(self.total()),
                capitals: self.capitals.then(|| in_words(self.total())),
            },
            Block::Heading(say(say::doc_your_rights())),
            Block::Paragraph(say(say::doc_dispute())),
            Block::Paragraph(say(say::doc_lawful())),
            Block::Heading(say(say::doc_delivery())),
            Block::Signatures(vec![
                say(say::doc_delivered_by()),
                say(say::doc_recipient()),
                say(say::doc_stamp_here()),
            ]),
        ];
        Paper {
            head: self.head.clone(),
            form: Form { code: "CH-27-01", version: "1.0", copies: 2 },
            title: say(say::doc_dunning_notice()),
            blocks,
            language,
        }
    }
}
