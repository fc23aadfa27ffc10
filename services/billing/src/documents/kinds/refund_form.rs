//! 退款申请单 of a refund.

use super::{Wish, channel, reads_payments};
use crate::{
    accounts,
    documents::{
        domain::{Document, DocumentKind},
        download::Handed,
        issue::{self, Draft},
        print::RefundForm,
    },
    error::Refused,
    ids::{RefundId, UserId},
    payments::Payments,
    receipts::Receipts,
    refunds::Refunds,
    say,
};
use authz::Denied;
use chrono::{DateTime, Utc};
use db::TenantScope;
use money::Currency;
use uuid::Uuid;

/// The form of a refund with its approval so far.
pub(in crate::documents) async fn refund_form(
    wish: &Wish<'_>,
    id: RefundId,
) -> Result<(Document, Handed), Refused> {
    let scope = wish.db.write(wish.caller.tenant()).await?;
    let refund = Refunds(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    let account = accounts::find(&scope, refund.account).await?.ok_or(Denied::Hidden)?;
    reads_payments(wish.caller, &account)?;
    let payment = Payments(&scope).find(refund.payment).await?.ok_or(Denied::Hidden)?;
    let whose = wish.whose(&scope, &account).await?;
    let draft = Draft {
        subject: id.as_uuid(),
        account: Some(refund.account),
        amount: refund.amount,
        number: None,
    };
    let kind = (DocumentKind::RefundForm, "");
    let document = issue::document(&scope, &whose.estate, kind, draft, wish.caller).await?;
    let head = issue::head(&document, &whose.estate, wish.site(), refund.state.is_given_up());
    let receipts = Receipts(&scope).of_sources([refund.payment.as_uuid()]).await?;
    let number = receipts.last().map(|receipt| receipt.number.clone());
    let moment = |at: DateTime<Utc>| {
        at.with_timezone(&whose.estate.zone).format("%Y-%m-%d %H:%M").to_string()
    };
    let who = |user: Option<UserId>| user.map(issue::operator).unwrap_or_default();
    let mut steps = vec![(
        say::doc_step_requested().into(),
        who(refund.requested_by),
        moment(refund.requested_at),
        refund.reason.clone(),
    )];
    if let Some(at) = refund.decided_at {
        let step = if refund.state.is_rejected() {
            say::doc_step_rejected()
        } else {
            say::doc_step_approved()
        };
        let remark = refund.decision.clone().unwrap_or_default();
        steps.push((step.into(), who(refund.decided_by), moment(at), remark));
    }
    if let Some(at) = refund.paid_back_at {
        steps.push((say::doc_paid_back().into(), String::new(), moment(at), String::new()));
    }
    let form = RefundForm {
        head,
        payee: whose.name,
        unit: whose.unit,
        payment: number.unwrap_or_else(|| refund.payment.to_string()),
        channel: channel(payment.till),
        amount: refund.amount,
        reason: refund.reason,
        steps,
        capitals: refund.currency == Currency::CNY,
    };
    scope.commit().await?;
    wish.hand_out(document, &form).await
}

/// Whether the document does not count any more: the refund was given up.
pub(super) async fn is_void(scope: &TenantScope, subject: Uuid) -> Result<bool, Refused> {
    let refund = Refunds(scope).find(RefundId::from_uuid(subject)).await?;
    Ok(refund.is_none_or(|refund| refund.state.is_given_up()))
}
