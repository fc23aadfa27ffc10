//! The daily collection in the graph.

use super::{
    report::{Collection, Method, collection},
    report_repo::{ReceiptRange, VoidMark},
};
use crate::{payments::TillKind, receipts::KindOfReceipt};
use ::graphql::{GraphqlResultExt as _, Money, caller, parse_id};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use money::Currency;

/// What one method of payment brought on a day.
#[derive(Clone, SimpleObject)]
pub(crate) struct CollectionMethod {
    /// The method.
    till: TillKind,
    /// How many payments.
    payments: i32,
    /// What they brought.
    received: Money,
    /// How many refunds.
    refunds: i32,
    /// What went back.
    refunded: Money,
}

/// The receipts of one type that were issued on a day.
#[derive(Clone, SimpleObject)]
pub(crate) struct CollectionReceipts {
    /// The type.
    kind: KindOfReceipt,
    /// The first number.
    first_number: String,
    /// The last number.
    last_number: String,
    /// How many there are.
    count: i32,
    /// How many of them are void.
    voided: i32,
    /// What those that count amount to.
    amount: Money,
}

/// A receipt that was issued or voided on a day and no longer counts.
#[derive(Clone, SimpleObject)]
pub(crate) struct CollectionVoid {
    /// The receipt.
    receipt_id: ID,
    /// Its number.
    number: String,
    /// Its amount.
    amount: Money,
    /// When it was voided.
    voided_at: DateTime<Utc>,
    /// Who voided it.
    voided_by: Option<ID>,
    /// Why.
    reason: String,
}

/// The daily collection (收款日报).
#[derive(Clone, SimpleObject)]
pub(crate) struct DailyCollection {
    /// The day.
    day: NaiveDate,
    /// Every method, also without money.
    methods: Vec<CollectionMethod>,
    /// The receipts from and to which number, by type.
    receipts: Vec<CollectionReceipts>,
    /// Void marks, at most 200.
    voids: Vec<CollectionVoid>,
    /// Cash that belongs to no shift yet: it is taken in by the next count of whoever has it.
    outside_shifts: Money,
}

fn int(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

impl From<Collection> for DailyCollection {
    fn from(all: Collection) -> Self {
        let currency = all.currency;
        Self {
            day: all.day,
            methods: all.methods.into_iter().map(|row| method(row, currency)).collect(),
            receipts: all.receipts.into_iter().map(|row| receipts(row, currency)).collect(),
            voids: all.voids.into_iter().map(|mark| void(mark, currency)).collect(),
            outside_shifts: Money::new(all.outside, currency),
        }
    }
}

fn method(row: Method, currency: Currency) -> CollectionMethod {
    CollectionMethod {
        till: row.till.into(),
        payments: int(row.payments),
        received: Money::new(row.received, currency),
        refunds: int(row.refunds),
        refunded: Money::new(row.refunded, currency),
    }
}

fn receipts(row: ReceiptRange, currency: Currency) -> CollectionReceipts {
    CollectionReceipts {
        kind: row.kind.into(),
        first_number: row.first,
        last_number: row.last,
        count: int(row.number),
        voided: int(row.voided),
        amount: Money::new(row.amount, currency),
    }
}

fn void(mark: VoidMark, currency: Currency) -> CollectionVoid {
    CollectionVoid {
        receipt_id: mark.receipt.to_string().into(),
        number: mark.number,
        amount: Money::new(mark.amount, currency),
        voided_at: mark.at,
        voided_by: mark.by.map(|user| user.to_string().into()),
        reason: mark.reason,
    }
}

/// Queries on the daily collection.
#[derive(Default)]
pub(crate) struct CollectionQuery;

#[Object]
impl CollectionQuery {
    /// What a day brought in an estate, by method, with the numbers of its receipts.
    async fn daily_collection(
        &self,
        ctx: &Context<'_>,
        estate_id: ID,
        day: NaiveDate,
    ) -> Result<Option<DailyCollection>> {
        let estate = parse_id(&estate_id, "estateId")?;
        let all = collection(ctx.data()?, caller(ctx)?, estate, day).await.graphql()?;
        Ok(Some(all.into()))
    }
}
