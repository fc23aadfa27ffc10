//! 缴费通知单 of a bill.

use super::Wish;
use crate::{
    accounts,
    bills::{self, BILL_READ},
    documents::{
        domain::{Document, DocumentKind},
        download::Handed,
        issue::{self, Draft},
        notices::Notices,
    },
    error::Refused,
    estates,
    ids::BillId,
};
use authz::Denied;
use db::TenantScope;
use uuid::Uuid;

/// The payment notice of a bill.
pub(in crate::documents) async fn payment_notice(
    wish: &Wish<'_>,
    id: BillId,
) -> Result<(Document, Handed), Refused> {
    let scope = wish.db.write(wish.caller.tenant()).await?;
    let bill = bills::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let permit = wish.caller.act(BILL_READ, BILL_READ, bill.estate)?;
    let account = accounts::find(&scope, bill.account).await?.ok_or(Denied::Hidden)?;
    accounts::visible(&permit, &account)?;
    let own = crate::graphql::own_person(wish.caller) == Some(account.debtor.party.as_uuid());
    let estate = estates::find(&scope, bill.estate).await?.ok_or(Denied::Hidden)?;
    let draft = Draft {
        subject: id.as_uuid(),
        account: Some(bill.account),
        amount: bill.total,
        number: None,
    };
    let kind = (DocumentKind::PaymentNotice, "");
    let document = issue::document(&scope, &estate, kind, draft, wish.caller).await?;
    let bills = std::slice::from_ref(&bill);
    let known = Notices::read(&scope, &estate, bills).await?;
    let head = issue::head(&document, &estate, wish.site(), bill.voided_on.is_some());
    let notice = known.notice(&bill, head, estate.currency, own);
    scope.commit().await?;
    wish.hand_out(document, &notice).await
}

/// Whether the document does not count any more: its bill was voided.
pub(super) async fn is_void(scope: &TenantScope, subject: Uuid) -> Result<bool, Refused> {
    let bill = bills::find(scope, BillId::from_uuid(subject)).await?;
    Ok(bill.is_none_or(|bill| bill.voided_on.is_some()))
}
