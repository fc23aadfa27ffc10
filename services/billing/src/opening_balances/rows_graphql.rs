//! The rows of opening balances in the graph.

use super::{
    domain::{Given, RowState},
    graphql::OpeningKindWord,
    rows_repo::OpeningRow,
};
use crate::{charges::Quantity, graphql::fen, meters::graphql::quantity};
use async_graphql::{Enum, ID, InputObject, Result, SimpleObject};
use chrono::NaiveDate;
use graphql::{Money, parse_id};
use money::{Currency, Fen};
use rust_decimal::Decimal;
use texts::Language;

/// What became of a row of opening balances.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "OpeningRowState", remote = "RowState")]
pub enum RowStateWord {
    /// It will be posted.
    New,
    /// It cannot be; as long as there is one, nothing is posted.
    Wrong,
    /// The same was posted before; it is left out.
    Known,
    /// It is posted.
    Posted,
    /// Its posting is reversed.
    Reversed,
}

/// A row of opening balances. Whose it is, is told by its unit, account or meter.
#[derive(SimpleObject)]
#[graphql(name = "OpeningRow")]
pub struct OpeningRowNode {
    /// Its place in the draft, from 1.
    place: i32,
    /// What is brought in.
    kind: OpeningKindWord,
    /// What became of it.
    state: RowStateWord,
    /// What is wrong with it, in the caller's language.
    problem: Option<String>,
    /// The field that is to blame, as the input names it.
    problem_field: Option<String>,
    /// The unit as it was given.
    unit_label: Option<String>,
    /// The account, as it was given or as it was found when the row was posted.
    account_id: Option<ID>,
    /// The code of the fee item, as it was given.
    item_code: Option<String>,
    /// The month, as it was given.
    month: Option<String>,
    /// The due date.
    due: Option<NaiveDate>,
    /// How much.
    amount: Money,
    /// What a deposit is for.
    note: Option<String>,
    /// The bill that arrears became.
    bill_id: Option<ID>,
    /// The deposit that it became, `dep_…`.
    deposit_id: Option<ID>,
    /// The number of the meter, as it was given.
    meter_number: Option<String>,
    /// What it showed.
    reading: Option<Decimal>,
    /// On which day.
    read_on: Option<NaiveDate>,
    /// The reading that it became, `mrd_…`.
    reading_id: Option<ID>,
}

impl OpeningRowNode {
    pub(super) fn new(row: OpeningRow, currency: Currency, said: Language) -> Self {
        Self {
            place: row.place,
            kind: row.given.kind.into(),
            state: row.state.into(),
            problem: row.problem.map(|problem| problem.text().say(said)),
            problem_field: row.problem.map(|it| it.field(row.given.kind).to_owned()),
            unit_label: row.given.unit,
            account_id: row.given.account.map(|account| account.to_string().into()),
            item_code: row.given.item,
            month: row.given.month,
            due: row.given.due,
            amount: Money::new(row.given.amount, currency),
            note: row.given.note,
            bill_id: row.bill.map(|bill| bill.to_string().into()),
            deposit_id: row.deposit.map(|deposit| deposit.to_string().into()),
            meter_number: row.given.meter,
            reading: row.given.reading.map(Quantity::decimal),
            read_on: row.given.read_on,
            reading_id: row.reading.map(|reading| reading.to_string().into()),
        }
    }
}

/// One row to bring in.
#[derive(InputObject)]
pub struct OpeningRowInput {
    /// What is brought in.
    kind: OpeningKindWord,
    /// The account, `bac_…`, where it is known.
    account_id: Option<ID>,
    /// Otherwise the unit by its label, e.g. `3-1-1201`.
    unit_label: Option<String>,
    /// And the name of who pays for it; without it whoever pays on the day before the cut-over.
    payer_name: Option<String>,
    /// Of arrears: the code of the fee item.
    item_code: Option<String>,
    /// Of arrears: the month, e.g. `2026-03`; before the cut-over.
    month: Option<String>,
    /// Of arrears: the last day on which they could be paid without being late.
    due: Option<NaiveDate>,
    /// How much, in major units; nothing of a reading.
    amount: Option<Decimal>,
    /// Of a deposit: what it is for, 1 to 100 characters, e.g. `装修押金`.
    note: Option<String>,
    /// Of a reading: the number on the meter; the unit is needed where several have it.
    meter_number: Option<String>,
    /// Of a reading: what the meter showed.
    reading: Option<Decimal>,
    /// Of a reading: the day, before the cut-over and after the last reading that is known.
    read_on: Option<NaiveDate>,
}

impl OpeningRowInput {
    /// The row, where everything in it can be read.
    pub(super) fn given(self) -> Result<Given> {
        Ok(Given {
            kind: self.kind.into(),
            account: self.account_id.as_ref().map(|id| parse_id(id, "accountId")).transpose()?,
            unit: self.unit_label,
            payer: self.payer_name,
            item: self.item_code,
            month: self.month,
            due: self.due,
            amount: self.amount.map_or(Ok(Fen::ZERO), |amount| fen(amount, "amount"))?,
            note: self.note,
            meter: self.meter_number,
            reading: self.reading.map(|reading| quantity(reading, "reading")).transpose()?,
            read_on: self.read_on,
        })
    }
}
