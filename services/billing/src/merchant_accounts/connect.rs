//! Connecting the company's account under the platform's.

use super::{
    PAYMENT_ACCOUNT_MANAGE,
    repo::{Kind, MerchantAccount, active, replace},
};
use crate::{
    ids::MerchantId,
    payments::{Channel, PayError},
    say,
};
use ::payments::{Outcome, ReturnUrls};
use authz::{AuditFact, Caller, audit};
use errors::Invalid;

/// Opens the company's account at the provider, if it has none yet, and answers the link on which
/// it is completed; the link is good for a short time, ask for a new one when it ran out.
#[tracing::instrument(name = "usecase.merchant_accounts.connect", skip_all)]
pub(super) async fn connect(
    channel: &Channel,
    caller: &Caller,
    country: &str,
    return_url: &str,
) -> Result<(MerchantAccount, String), PayError> {
    caller.act_company(PAYMENT_ACCOUNT_MANAGE)?;
    if !channel.has_platform {
        return Err(PayError::Conflict(say::no_platform_account()));
    }
    if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(Invalid::new("country", say::country_form()).into());
    }
    channel.check_return_url(return_url)?;
    let scope = channel.db.read(caller.tenant()).await?;
    let known = active(&scope).await?.filter(|account| account.kind == Kind::Connected);
    drop(scope);
    let account = match known {
        Some(account) => account,
        None => open_account(channel, caller, country).await?,
    };
    let urls = ReturnUrls { success: return_url.to_owned(), cancel: return_url.to_owned() };
    let link = channel.provider.onboarding_link(&account.account, &urls).await;
    Ok((account, link.map_err(|error| PayError::Provider(error.to_string()))?))
}

/// The provider opens one account per company, however often it is asked.
async fn open_account(
    channel: &Channel,
    caller: &Caller,
    country: &str,
) -> Result<MerchantAccount, PayError> {
    let reference = caller.tenant().to_string();
    let account = match channel.provider.open_account(&reference, country).await {
        Outcome::Succeeded(account) => account,
        Outcome::Pending => return Err(PayError::Provider("the account is being opened".into())),
        Outcome::Failed(failure) => return Err(PayError::Provider(failure.message)),
        Outcome::Unknown { reason } => return Err(PayError::Provider(reason)),
    };
    let scope = channel.db.write(caller.tenant()).await?;
    if let Some(known) = active(&scope).await?.filter(|known| known.account == account) {
        return Ok(known);
    }
    let account = MerchantAccount {
        id: MerchantId::from_uuid(scope.new_id()),
        kind: Kind::Connected,
        account,
        keys: None,
        active: true,
        created_at: scope.now(),
        created_by: caller.user(),
        state: None,
    };
    replace(&scope, &account).await?;
    let fact = AuditFact {
        action: "merchant_account.connected",
        object: account.id.to_string(),
        estate: None,
        reason: None,
        detail: &account.account,
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(account)
}
