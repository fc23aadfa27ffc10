//! Money of an order goes back after its partner was settled: the next settlement takes the share
//! back, and an approved one stays as it is.

use super::{ClaimId, domain::Claim, partners::keep, say};
use crate::special_services::orders::{self, domain::Order};
use authz::{Actor, audit_as};
use db::{StorageError, TenantScope};
use money::{Fen, round_half_up};

/// Takes back the partner's share of what went back, if a settlement has it. An order that was
/// refunded whole can be settled again once it is paid again.
///
/// # Errors
/// When reading or writing fails.
pub(crate) async fn refunded(
    scope: &TenantScope,
    order: &Order,
    back: Fen,
) -> Result<(), StorageError> {
    let settled = orders::repo::is_settled(scope, order.id).await?;
    let (total, shares) = (order.total(), order.shares());
    let (Some((share, _)), Some(partner)) = (shares.filter(|_| settled), order.partner) else {
        return Ok(());
    };
    if !total.is_positive() {
        return Ok(());
    }
    let part = i128::from(share.0) * i128::from(back.min(total).0);
    let amount = Fen(round_half_up(part, i128::from(total.0)));
    if back >= total {
        orders::repo::settle(scope, &[order.id], None).await?;
    }
    if !amount.is_positive() {
        return Ok(());
    }
    let claim = Claim {
        id: ClaimId::from_uuid(scope.new_id()),
        estate: order.estate,
        partner,
        order: order.id,
        amount,
        reason: say::refunded().bilingual(),
        on: places::estates::today(scope, order.estate).await?,
        noted_by: None,
        noted_at: scope.now(),
        settlement: None,
        refund: true,
    };
    let actor = Actor { kind: "system", id: "refund", origin: "service-desk" };
    audit_as(scope, actor, keep(scope, &claim).await?).await
}
