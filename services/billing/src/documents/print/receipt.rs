//! 收据, 押金收据 and 退款凭证, as their row was issued.

use super::{
    Printed,
    bilingual::Bilingual,
    figures::grouped,
    paper::{Block, Column, Form, Head, Paper, Row},
};
use crate::{receipts::in_words, say};
use money::Fen;
use texts::Language;

/// Which of the three it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReceiptTitle {
    Payment,
    Deposit,
    Refund,
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReceiptPaper {
    pub head: Head,
    pub title: ReceiptTitle,
    pub payer: String,
    pub unit: Option<String>,
    /// How it was paid.
    pub method: Option<Bilingual>,
    /// What for and how much.
    pub lines: Vec<(String, Fen)>,
    pub total: Fen,
    /// The number of the void receipt whose place it takes.
    pub replaces: Option<String>,
    /// Why it is void.
    pub void_reason: Option<String>,
    /// In CNY amounts are said in capitals too.
    pub capitals: bool,
}

impl Printed for ReceiptPaper {
    fn paper(&self, language: Language) -> Paper {
        let say = |text: texts::Text| text.say(language);
        let whose = match self.title {
            ReceiptTitle::Refund => say::doc_payee(),
            ReceiptTitle::Payment | ReceiptTitle::Deposit => say::doc_payer(),
        };
        let mut facts = vec![(say(whose), self.payer.clone())];
        let mut fact = |label: texts::Text, value: Option<String>| {
            facts.extend(value.map(|value| (label.say(language), value)));
        };
        fact(say::doc_unit(), self.unit.clone());
        fact(say::doc_method(), self.method.as_ref().map(|it| it.say(language).to_owned()));
        fact(say::doc_replaces(), self.replaces.clone());
        fact(say::doc_void_reason(), self.void_reason.clone());
        let columns = vec![
            Column::words(say(say::doc_for()), 5.0),
            Column::figures(say(say::doc_amount()), 1.6),
        ];
        let rows = self.lines.iter();
        let rows = rows.map(|(what, amount)| Row::of(vec![what.clone(), grouped(*amount)]));
        let (title, total, note) = match self.title {
            ReceiptTitle::Payment => {
                (say::doc_receipt(), say::doc_received(), say::doc_no_invoice())
            }
            ReceiptTitle::Deposit => {
                (say::doc_deposit_receipt(), say::doc_received(), say::doc_deposit_note())
            }
            ReceiptTitle::Refund => {
                (say::doc_refund_receipt(), say::doc_paid_back(), say::doc_no_invoice())
            }
        };
        let blocks = vec![
            Block::Facts(facts),
            Block::Table(columns, rows.collect()),
            Block::Total {
                label: say(total),
                figure: grouped(self.total),
                capitals: self.capitals.then(|| in_words(self.total)),
            },
            Block::Paragraph(say(note)),
            Block::Signatures(vec![say(say::doc_cashier()), say(say::doc_stamp_here())]),
        ];
        Paper {
            head: self.head.clone(),
            form: Form { code: "CH-26-02", version: "1.0", copies: 3 },
            title: say(title),
            blocks,
            language,
        }
    }
}
