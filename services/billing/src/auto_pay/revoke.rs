//! Taking a consent back.

use super::{domain::CardState, repo, settings::permitted};
use crate::{ids::BillingAccountId, payments::PayError};
use authz::{AuditFact, Caller};
use db::Db;

/// Revokes the card of an account, also one whose page is still open; nothing is charged from now
/// on. Nothing happens when there is none.
#[tracing::instrument(name = "usecase.auto_pay.revoke", skip_all, fields(account.id = %account))]
pub(super) async fn revoke(
    db: &Db,
    caller: &Caller,
    account: BillingAccountId,
) -> Result<(), PayError> {
    let scope = db.write(caller.tenant()).await?;
    let account = permitted(&scope, caller, account).await?;
    let cards = repo::standing(&scope, account.id).await?;
    for mut card in cards {
        card.state = CardState::Revoked;
        card.revoked = Some(scope.now());
        card.revoked_by = Some(caller.user());
        repo::save(&scope, &card).await?;
        let fact = AuditFact {
            action: "auto_pay.revoked",
            object: card.id.to_string(),
            estate: Some(account.estate),
            reason: None,
            detail: card.consent_version,
        };
        authz::audit(&scope, caller, fact).await?;
    }
    Ok(scope.commit().await?)
}
