//! Proposing a discount.

use super::{
    DISCOUNT_PROPOSE, DISCOUNT_READ,
    domain::{Condition, Discount, DiscountStatus, DiscountTerms},
    repo,
};
use crate::{error::Refused, estates, fees, ids::DiscountId};
use authz::{AuditFact, Caller, Denied, keyed};
use db::{Db, IdempotencyKey};

/// Writes a discount down for another person's approval.
#[tracing::instrument(name = "usecase.discounts.propose", skip_all, fields(fee_item.id = %terms.item))]
pub(crate) async fn propose(
    db: &Db,
    caller: &Caller,
    terms: DiscountTerms,
    key: &IdempotencyKey,
) -> Result<DiscountId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let item = fees::find_item(&scope, terms.item).await?.ok_or(Denied::Hidden)?;
    let estate = caller.act(DISCOUNT_PROPOSE, DISCOUNT_READ, item.estate)?.estate();
    if let Condition::Units(units) = &terms.condition {
        let known = estates::units_by_id(&scope, units.iter().copied()).await?;
        let here = |unit| known.iter().any(|it| it.id == unit && it.estate == estate);
        if !units.iter().all(|unit| here(*unit)) {
            return Err(Denied::Hidden.into());
        }
    }
    drop(scope);
    let (actor, input) = (caller.clone(), terms.clone());
    keyed(db, caller, "propose_discount", key, &input, move |scope| {
        Box::pin(async move {
            let new = Discount {
                id: DiscountId::from_uuid(scope.new_id()),
                estate,
                terms: terms.checked(&item)?,
                status: DiscountStatus::Proposed,
                proposed_by: actor.user(),
                approved_by: None,
                approved_on: None,
                ended_on: None,
            };
            repo::insert(scope, &new).await?;
            let fact = AuditFact {
                action: "discount.proposed",
                object: new.id.to_string(),
                estate: Some(estate),
                reason: None,
                detail: &new.terms,
            };
            authz::audit(scope, &actor, fact).await?;
            Ok(new.id)
        })
    })
    .await
}
