//! Fees and payouts, from the balance's movements.

use crate::{
    convert::{self, instant, unreadable},
    refunds,
};
use chrono::{DateTime, Utc};
use futures::TryStreamExt as _;
use money::Fen;
use payments::{Payout, ReadError, SettlementKind, SettlementLine};
use stripe::{Client, StripeError};
use stripe_core::{
    balance_transaction::ListBalanceTransaction, dispute::ListDispute,
    payment_intent::RetrievePaymentIntent, payout::ListPayout,
};
use stripe_shared::{BalanceTransaction, BalanceTransactionType as Type, Dispute};
use stripe_types::{Expandable, RangeQueryTs};

const PAGE: i64 = 100;

/// The movements of a payment's successful attempt, of its refunds and of its disputes.
pub(crate) async fn of_payment(
    client: Result<Client, StripeError>,
    payment: &str,
) -> Result<Vec<SettlementLine>, ReadError> {
    let asked = async {
        let client = client?;
        let intent = RetrievePaymentIntent::new(payment)
            .expand(vec!["latest_charge.balance_transaction".to_owned()])
            .send(&client)
            .await?;
        let charge = intent.latest_charge.and_then(Expandable::into_object);
        let mut moved: Vec<_> = charge.and_then(|c| c.balance_transaction).into_iter().collect();
        let expand = ["data.balance_transaction", "data.failure_balance_transaction"];
        let expand = expand.map(str::to_owned).to_vec();
        for refund in refunds::of_payment(&client, payment, expand).await? {
            moved.extend(refund.balance_transaction);
            moved.extend(refund.failure_balance_transaction);
        }
        let mut lines = moved
            .into_iter()
            .map(|m| line(m.into_object().ok_or_else(|| unreadable("balance_transaction"))?))
            .collect::<Result<Vec<_>, StripeError>>()?;
        let disputes = ListDispute::new().payment_intent(payment).limit(PAGE).paginate();
        let disputes: Vec<Dispute> = disputes.stream(&client).try_collect().await?;
        for moved in disputes.into_iter().flat_map(|dispute| dispute.balance_transactions) {
            lines.push(line(moved)?);
        }
        Ok(lines)
    };
    asked.await.map_err(|error: StripeError| convert::read_error(&error))
}

/// The payouts since an instant, oldest first.
pub(crate) async fn payouts(
    client: Result<Client, StripeError>,
    since: DateTime<Utc>,
) -> Result<Vec<Payout>, ReadError> {
    let asked = async {
        let client = client?;
        let created = RangeQueryTs::gte(since.timestamp());
        let list = ListPayout::new().created(created).limit(PAGE).paginate();
        let found: Vec<stripe_shared::Payout> = list.stream(&client).try_collect().await?;
        let mut payouts = Vec::with_capacity(found.len());
        for payout in found.into_iter().rev() {
            payouts.push(with_lines(&client, payout).await?);
        }
        Ok(payouts)
    };
    asked.await.map_err(|error: StripeError| convert::read_error(&error))
}

async fn with_lines(client: &Client, payout: stripe_shared::Payout) -> Result<Payout, StripeError> {
    let list = ListBalanceTransaction::new().payout(payout.id.as_str()).limit(PAGE).paginate();
    let moved: Vec<BalanceTransaction> = list.stream(client).try_collect().await?;
    let lines = moved.into_iter().filter(|m| !matches!(m.type_, Type::Payout)).map(line);
    Ok(Payout {
        id: payout.id.to_string(),
        amount: Fen(payout.amount),
        currency: convert::currency_from(&payout.currency)?,
        arrives_at: instant(payout.arrival_date)?,
        is_paid: payout.status == "paid",
        lines: lines.collect::<Result<_, StripeError>>()?,
    })
}

fn line(moved: BalanceTransaction) -> Result<SettlementLine, StripeError> {
    Ok(SettlementLine {
        id: moved.id.to_string(),
        kind: kind(&moved),
        source: moved.source.map(|source| source.into_id().to_string()),
        gross: Fen(moved.amount),
        fee: Fen(moved.fee),
        net: Fen(moved.net),
        currency: convert::currency_from(&moved.currency)?,
        booked_at: instant(moved.created)?,
    })
}

fn kind(moved: &BalanceTransaction) -> SettlementKind {
    match moved.type_ {
        Type::Charge | Type::Payment => SettlementKind::Payment,
        Type::Refund | Type::RefundFailure | Type::PaymentRefund | Type::PaymentFailureRefund => {
            SettlementKind::Refund
        }
        Type::StripeFee | Type::StripeFxFee | Type::TaxFee => SettlementKind::Fee,
        Type::Adjustment if moved.reporting_category.starts_with("dispute") => {
            SettlementKind::Dispute
        }
        _ => SettlementKind::Other,
    }
}
