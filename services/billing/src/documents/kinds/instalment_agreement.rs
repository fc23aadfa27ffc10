//! 分期还款协议 of an instalment plan that was agreed.

use super::Wish;
use crate::{
    accounts,
    bills::{self, BILL_READ},
    documents::{
        domain::{Document, DocumentKind},
        download::Handed,
        issue::{self, Draft},
        notices::months,
        print::InstalmentAgreement,
    },
    error::Refused,
    ids::{BillId, PlanId},
    instalments::{self, PlanState},
    say,
};
use authz::Denied;
use db::TenantScope;
use money::Currency;
use uuid::Uuid;

/// The agreement of a plan, for whoever may see the plan; one that nobody agreed to has none.
pub(in crate::documents) async fn instalment_agreement(
    wish: &Wish<'_>,
    id: PlanId,
) -> Result<(Document, Handed), Refused> {
    let scope = wish.db.write(wish.caller.tenant()).await?;
    let plan = instalments::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let account = accounts::find(&scope, plan.account).await?.ok_or(Denied::Hidden)?;
    accounts::visible(&wish.caller.act(BILL_READ, BILL_READ, plan.estate)?, &account)?;
    if matches!(plan.state, PlanState::Proposed | PlanState::Rejected) {
        return Err(Refused::Conflict(say::doc_plan_not_agreed()));
    }
    let whose = wish.whose(&scope, &account).await?;
    let draft = Draft {
        subject: id.as_uuid(),
        account: Some(account.id),
        amount: plan.total(),
        number: None,
    };
    let kind = (DocumentKind::InstalmentAgreement, "");
    let document = issue::document(&scope, &whose.estate, kind, draft, wish.caller).await?;
    let ids: Vec<BillId> = plan.bills.iter().map(|it| it.bill).collect();
    let mut bills = bills::by_id(&scope, &ids).await?;
    bills.sort_by_key(|bill| (bill.due, bill.id));
    let months: Vec<String> = bills.iter().map(months).collect();
    let void = plan.state == PlanState::Cancelled;
    let paper = InstalmentAgreement {
        head: issue::head(&document, &whose.estate, wish.site(), void),
        debtor: whose.name,
        unit: whose.unit,
        debt_of: months.join(", "),
        instalments: plan.instalments.iter().map(|part| (part.due, part.amount)).collect(),
        capitals: plan.currency == Currency::CNY,
    };
    scope.commit().await?;
    wish.hand_out(document, &paper).await
}

/// Whether the document does not count any more: the plan was given up.
pub(super) async fn is_void(scope: &TenantScope, subject: Uuid) -> Result<bool, Refused> {
    let plan = instalments::find(scope, PlanId::from_uuid(subject)).await?;
    Ok(plan.is_none_or(|plan| plan.state == PlanState::Cancelled))
}
