//! Entering a thing that is charged for.

use super::{FEE_PROPOSE, FEE_READ, FeeItem, FeeKind, repo};
use crate::{error::Refused, estates, ids::FeeItemId};
use authz::{AuditFact, Caller, Denied};
use db::Db;
use errors::{Invalid, expected};
use ids::EstateId;

/// What is entered.
#[derive(Clone, Debug)]
pub(crate) struct CreateItem {
    pub(crate) estate: EstateId,
    pub(crate) code: String,
    pub(crate) name_zh: String,
    pub(crate) name_en: String,
    pub(crate) kind: FeeKind,
    /// The name of the partner it is collected for.
    pub(crate) partner: Option<String>,
}

/// Enters a fee item; its code is unique in the estate.
#[tracing::instrument(name = "usecase.fees.create_item", skip_all, fields(estate.id = %new.estate))]
pub(crate) async fn create_item(
    db: &Db,
    caller: &Caller,
    new: CreateItem,
) -> Result<FeeItem, Refused> {
    let estate = caller.act(FEE_PROPOSE, FEE_READ, new.estate)?.estate();
    let scope = db.write(caller.tenant()).await?;
    estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let partner = match new.partner.as_deref().map(str::trim) {
        Some(name) if (1..=60).contains(&name.chars().count()) => {
            Some(repo::partner_named(&scope, estate, name).await?)
        }
        Some(_) => return Err(Invalid::new("partner", expected::length(1, 60)).into()),
        None => None,
    };
    let item = FeeItem {
        id: FeeItemId::from_uuid(scope.new_id()),
        estate,
        code: new.code,
        name_zh: new.name_zh,
        name_en: new.name_en,
        kind: new.kind,
        partner,
    }
    .checked()?;
    if repo::item_by_code(&scope, estate, &item.code).await?.is_some() {
        return Err(Invalid::new("code", expected::unused()).into());
    }
    repo::insert_item(&scope, &item).await?;
    let fact = AuditFact {
        action: "fee_item.created",
        object: item.id.to_string(),
        estate: Some(estate),
        reason: None,
        detail: serde_json::json!({ "code": item.code, "kind": item.kind }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(item)
}
