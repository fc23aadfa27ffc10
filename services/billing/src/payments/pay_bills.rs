//! Paying bills online.

use super::{
    Channel, PAYMENT_PAY_ONLINE, PAYMENT_READ, PayError,
    begin::{Wish, begin, lead_to_page},
    covers,
    settle::bill_text,
};
use crate::{
    accounts,
    bills::{self, Bill},
    estates,
    ids::{BillId, PaymentId},
    say,
};
use authz::{Caller, Denied, keyed};
use db::{IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use money::Fen;
use serde::Serialize;

/// The most bills of one payment.
const MAX_BILLS: usize = 100;

/// Pay these bills of one account on a page of the provider.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PayBills {
    pub bills: Vec<BillId>,
    /// `None`: what is open of them.
    pub amount: Option<Fen>,
    /// Where the payer's browser goes afterwards.
    pub return_url: String,
    /// The page's language: Chinese, else English.
    pub chinese: bool,
}

/// Records the wish to pay, then opens the page. The payment is there even when the provider does
/// not answer: its state is then `UNKNOWN`, and the follow-up finds out.
#[tracing::instrument(name = "usecase.payments.pay_bills", skip_all)]
pub(crate) async fn pay_bills(
    channel: &Channel,
    caller: &Caller,
    command: PayBills,
    key: &IdempotencyKey,
) -> Result<PaymentId, PayError> {
    let scope = channel.db.read(caller.tenant()).await?;
    let first = first_bill(&scope, caller, &command).await?;
    drop(scope);
    channel.check_return_url(&command.return_url)?;
    let id = PaymentId::from_uuid(channel.db.clock().uuid());
    let (actor, input) = (caller.clone(), command.clone());
    let done = keyed(&channel.db, caller, "pay_bills", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, first.estate).await?.ok_or(Denied::Hidden)?;
            let wish = Wish {
                account: first.account,
                amount: asked(scope, &first, &command).await?,
                bills: command.bills,
                deposit: None,
                text: bill_text(&first),
                return_url: command.return_url,
                chinese: command.chinese,
            };
            begin(scope, &actor, &estate, id, wish).await
        })
    })
    .await?;
    lead_to_page(channel, caller, done, done != id).await?;
    Ok(done)
}

/// The bill that decides the account and estate; all others must be of the same account.
async fn first_bill(
    scope: &TenantScope,
    caller: &Caller,
    command: &PayBills,
) -> Result<Bill, PayError> {
    if !(1..=MAX_BILLS).contains(&command.bills.len()) {
        return Err(Invalid::new("billIds", expected::items(1, MAX_BILLS)).into());
    }
    if command.amount.is_some_and(|amount| !amount.is_positive()) {
        return Err(Invalid::new("amount", expected::above_zero()).into());
    }
    let mut first: Option<Bill> = None;
    for id in &command.bills {
        let bill = bills::find(scope, *id).await?.ok_or(Denied::Hidden)?;
        let right = caller.act(PAYMENT_PAY_ONLINE, PAYMENT_READ, bill.estate)?;
        let account = accounts::find(scope, bill.account).await?.ok_or(Denied::Hidden)?;
        if !covers(&right, &account) {
            return Err(Denied::Hidden.into());
        }
        if first.as_ref().is_some_and(|first| first.account != bill.account) {
            return Err(Invalid::new("billIds", say::bills_of_one_account()).into());
        }
        first.get_or_insert(bill);
    }
    first.ok_or_else(|| Denied::Hidden.into())
}

/// How much is asked for: what the payer names, or what is open of the bills.
async fn asked(scope: &TenantScope, first: &Bill, command: &PayBills) -> Result<Fen, PayError> {
    let open = bills::open_bills(scope, first.account).await?;
    let named = open.iter().filter(|bill| command.bills.contains(&bill.id));
    let owed: Fen = named.map(|bill| bill.principal + bill.late_fee).sum();
    if !owed.is_positive() {
        return Err(PayError::Conflict(say::nothing_open()));
    }
    Ok(command.amount.unwrap_or(owed))
}
