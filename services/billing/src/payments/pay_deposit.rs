//! Paying a deposit online, whole, on a page of the provider.

use super::{
    Channel, PAYMENT_PAY_ONLINE, PAYMENT_READ, PayError,
    begin::{Wish, begin, lead_to_page},
    covers,
};
use crate::{
    accounts,
    deposits::{Deposits, kind_name},
    estates,
    ids::{DepositId, PaymentId},
    say,
};
use authz::{Caller, Denied, keyed};
use db::IdempotencyKey;
use serde::Serialize;

/// Pay this deposit on a page of the provider.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PayDeposit {
    pub deposit: DepositId,
    /// Where the payer's browser goes afterwards.
    pub return_url: String,
    /// The page's language: Chinese, else English.
    pub chinese: bool,
}

/// Records the wish to pay, then opens the page; the deposit is held once the money is there.
#[tracing::instrument(name = "usecase.payments.pay_deposit", skip_all, fields(deposit.id = %command.deposit))]
pub(crate) async fn pay_deposit(
    channel: &Channel,
    caller: &Caller,
    command: PayDeposit,
    key: &IdempotencyKey,
) -> Result<PaymentId, PayError> {
    let scope = channel.db.read(caller.tenant()).await?;
    let deposit = Deposits(&scope).find(command.deposit).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(PAYMENT_PAY_ONLINE, PAYMENT_READ, deposit.estate)?;
    let account = accounts::find(&scope, deposit.account).await?.ok_or(Denied::Hidden)?;
    if !covers(&right, &account) {
        return Err(Denied::Hidden.into());
    }
    drop(scope);
    channel.check_return_url(&command.return_url)?;
    let id = PaymentId::from_uuid(channel.db.clock().uuid());
    let (actor, input) = (caller.clone(), command.clone());
    let done = keyed(&channel.db, caller, "pay_deposit", key, &input, move |scope| {
        Box::pin(async move {
            let deposit = Deposits(scope).find(command.deposit).await?.ok_or(Denied::Hidden)?;
            if !deposit.is_due() {
                return Err(PayError::Conflict(say::deposit_not_due()));
            }
            let estate = estates::find(scope, deposit.estate).await?.ok_or(Denied::Hidden)?;
            let wish = Wish {
                account: deposit.account,
                amount: deposit.amount,
                bills: Vec::new(),
                deposit: Some(deposit.id),
                text: kind_name(deposit.kind).bilingual(),
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
