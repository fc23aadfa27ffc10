//! Keeping a deposit whose money is there: a liability, never income.

use crate::{
    accounts::BillingAccount,
    deposits::{Deposit, Deposits, domain::DepositKind, domain::Taken, tell},
    estates::Estate,
    ledger::{self, Entry, Posting, Till},
    payments::{PayError, ReceiptKind},
    receipts, say,
};
use authz::UserId;
use db::TenantScope;
use texts::Text;

/// How the money came.
pub(super) struct Came {
    pub till: Till,
    /// Who paid or took it.
    pub by: UserId,
    /// Who signs the receipt.
    pub at_counter: Option<UserId>,
    pub reference: Option<String>,
    /// What the ledger names as its source.
    pub source: String,
}

/// Posts a locked deposit, tells of it and receipts it. Call it last: a receipt's number stays
/// locked until the transaction ends.
pub(super) async fn keep(
    scope: &TenantScope,
    (estate, account): (&Estate, &BillingAccount),
    mut deposit: Deposit,
    came: Came,
) -> Result<(), PayError> {
    let (amount, on) = (deposit.amount, estate.today(scope.clock()));
    let posting = Posting {
        estate: estate.id,
        entry: Entry::deposit(came.till, account.id, amount, deposit.currency)?,
        date: on,
        source: came.source,
        memo: came.reference.clone().unwrap_or_default(),
    };
    deposit.taken = Some(Taken {
        till: Some(came.till),
        on,
        at: scope.now(),
        by: came.by,
        channel_reference: came.reference,
        entry: ledger::post(scope, posting).await?,
    });
    Deposits(scope).save(&deposit).await?;
    tell::held(scope, &deposit).await?;
    let draft = receipts::Draft {
        kind: ReceiptKind::Deposit,
        account: account.id,
        source: deposit.id.as_uuid(),
        payer: account.name.full.clone(),
        lines: vec![(kind_name(deposit.kind).bilingual(), amount)],
        by: came.at_counter,
        replaces: None,
    };
    receipts::issue(scope, estate, draft).await.map(drop)
}

/// What a deposit is called.
pub(crate) fn kind_name(kind: DepositKind) -> Text {
    match kind {
        DepositKind::Renovation => say::deposit_renovation(),
        DepositKind::Pass => say::deposit_pass(),
        DepositKind::KeyCard => say::deposit_key_card(),
        DepositKind::ParkingCard => say::deposit_parking_card(),
        DepositKind::Venue => say::deposit_venue(),
        DepositKind::Other => say::deposit_other(),
    }
}
