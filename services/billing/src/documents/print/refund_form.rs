//! 退款申请单: what goes back, why, and who decided it.

use super::{
    Printed,
    bilingual::Bilingual,
    figures::grouped,
    paper::{Block, Column, Form, Head, Paper, Row},
};
use crate::{receipts::in_words, say};
use money::Fen;
use texts::Language;

/// A refund from the request on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefundForm {
    pub head: Head,
    pub payee: String,
    pub unit: Option<String>,
    /// The payment that goes back, in part or whole.
    pub payment: String,
    /// Through which channel.
    pub channel: Bilingual,
    pub amount: Fen,
    pub reason: String,
    /// What happened so far: the step, by whom, when, and the remark.
    pub steps: Vec<(Bilingual, String, String, String)>,
    pub capitals: bool,
}

impl Printed for RefundForm {
    fn paper(&self, language: Language) -> Paper {
        let say = |text: texts::Text| text.say(language);
        let mut facts = vec![(say(say::doc_payee()), self.payee.clone())];
        facts.extend(self.unit.clone().map(|unit| (say(say::doc_unit()), unit)));
        facts.push((say(say::doc_method()), self.channel.say(language).to_owned()));
        let columns = vec![
            Column::words(say(say::doc_step()), 1.6),
            Column::words(say(say::doc_who()), 2.0),
            Column::words(say(say::doc_when()), 2.0),
            Column::words(say(say::doc_remark()), 3.4),
        ];
        let rows = self.steps.iter().map(|(step, who, when, remark)| {
            let step = step.say(language).to_owned();
            Row::of(vec![step, who.clone(), when.clone(), remark.clone()])
        });
        let blocks = vec![
            Block::Facts(facts),
            Block::Paragraph(say(say::doc_refund_of(self.payment.clone()))),
            Block::Total {
                label: say(say::doc_refund_amount()),
                figure: grouped(self.amount),
                capitals: self.capitals.then(|| in_words(self.amount)),
            },
            Block::Heading(say(say::doc_reason())),
            Block::Paragraph(self.reason.clone()),
            Block::Heading(say(say::doc_approval())),
            Block::Table(columns, rows.collect()),
            Block::Signatures(vec![
                say(say::doc_applicant()),
                say(say::doc_approver()),
                say(say::doc_payee()),
            ]),
        ];
        Paper {
            head: self.head.clone(),
            form: Form { code: "CH-28-01", version: "1.0", copies: 1 },
            title: say(say::doc_refund_form()),
            blocks,
            language,
        }
    }
}
