//! 结算单 at the end of a lease or a renovation: what is added, what is deducted, what remains.

use super::{
    Printed,
    bilingual::Bilingual,
    figures::grouped,
    paper::{Block, Column, Form, Head, Paper, Row},
};
use crate::{receipts::in_words, say};
use money::Fen;
use texts::Language;

/// One position of a settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementLine {
    /// What it is.
    pub what: Bilingual,
    /// How it was computed.
    pub note: Option<Bilingual>,
    /// How much.
    pub amount: Fen,
}

/// A settlement sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementSheet {
    /// What every document carries.
    pub head: Head,
    /// What is settled, e.g. the end of a lease.
    pub matter: Bilingual,
    /// Who settles.
    pub party: String,
    /// The unit, if it is for one.
    pub unit: Option<String>,
    /// What the party gets, e.g. deposits and prepaid rent.
    pub additions: Vec<SettlementLine>,
    /// What is kept of it.
    pub deductions: Vec<SettlementLine>,
    /// How the money goes back, if some does.
    pub pays_back: Option<Bilingual>,
    /// Whether amounts are said in Chinese capitals too.
    pub capitals: bool,
}

impl SettlementSheet {
    /// What the party gets; below zero it pays.
    pub fn net(&self) -> Fen {
        let sum = |lines: &[SettlementLine]| lines.iter().map(|line| line.amount).sum::<Fen>();
        sum(&self.additions) - sum(&self.deductions)
    }

    fn part(
        lines: &[SettlementLine],
        heading: &texts::Text,
        sum: &texts::Text,
        language: Language,
    ) -> [Block; 2] {
        let columns = vec![
            Column::words(say::doc_what().say(language), 5.0),
            Column::figures(say::doc_amount().say(language), 1.6),
        ];
        let row = |line: &SettlementLine| {
            let note = line.note.as_ref().map(|note| note.say(language).to_owned());
            let cells = vec![line.what.say(language).to_owned(), grouped(line.amount)];
            Row::of(cells).with_note(note)
        };
        let mut rows: Vec<Row> = lines.iter().map(row).collect();
        let all = lines.iter().map(|line| line.amount).sum();
        rows.push(Row::sum(vec![sum.say(language), grouped(all)]));
        [Block::Heading(heading.say(language)), Block::Table(columns, rows)]
    }
}

impl Printed for SettlementSheet {
    fn paper(&self, language: Language) -> Paper {
        let say = |text: texts::Text| text.say(language);
        let mut facts = vec![(say(say::doc_party()), self.party.clone())];
        facts.extend(self.unit.clone().map(|unit| (say(say::doc_unit()), unit)));
        facts.push((say(say::doc_matter()), self.matter.say(language).to_owned()));
        let pays_back = self.pays_back.as_ref().map(|it| it.say(language).to_owned());
        facts.extend(pays_back.map(|how| (say(say::doc_pays_back()), how)));
        let mut blocks = vec![Block::Facts(facts)];
        let plus = (say::doc_additions(), say::doc_additions_sum());
        blocks.extend(Self::part(&self.additions, &plus.0, &plus.1, language));
        let minus = (say::doc_deductions(), say::doc_deductions_sum());
        blocks.extend(Self::part(&self.deductions, &minus.0, &minus.1, language));
        let net = self.net();
        let (label, amount) = if net.is_negative() {
            (say::doc_party_pays(), -net)
        } else {
            (say::doc_party_gets(), net)
        };
        blocks.push(Block::Total {
            label: say(label),
            figure: grouped(amount),
            capitals: self.capitals.then(|| in_words(amount)),
        });
        blocks.push(Block::Signatures(vec![
            say(say::doc_party()),
            say(say::doc_settled_by()),
            say(say::doc_approver()),
        ]));
        Paper {
            head: self.head.clone(),
            form: Form { code: "CH-17-05", version: "1.0", copies: 2 },
            title: say(say::doc_settlement_sheet()),
            blocks,
            language,
        }
    }
}
