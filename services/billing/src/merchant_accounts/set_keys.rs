//! A company's own keys: sealed as they come in, opened only to call the provider.

use super::{
    PAYMENT_ACCOUNT_MANAGE,
    repo::{Kind, MerchantAccount, SealedKeys, State, replace},
};
use crate::{
    ids::MerchantId,
    payments::{Channel, PayError},
    say,
};
use ::payments::{Merchant, OwnKeys, ReadError};
use authz::{AuditFact, Caller, audit};
use errors::Invalid;
use secrecy::{ExposeSecret as _, SecretString};
use vault::{DataKey, Vault};

/// The company's own account and keys.
pub(super) struct SetKeys {
    pub account: String,
    pub api_key: SecretString,
    pub webhook_secret: SecretString,
}

/// From now on the company is paid into this account; earlier payments are refunded from the
/// account they were paid into. The provider is asked whether it takes the key.
#[tracing::instrument(name = "usecase.merchant_accounts.set_keys", skip_all)]
pub(super) async fn set_keys(
    channel: &Channel,
    caller: &Caller,
    command: SetKeys,
) -> Result<MerchantAccount, PayError> {
    caller.act_company(PAYMENT_ACCOUNT_MANAGE)?;
    let SetKeys { account, api_key, webhook_secret } = command;
    begins("account", &account, &["acct_"])?;
    begins("secretKey", api_key.expose_secret(), &["sk_", "rk_"])?;
    begins("webhookSecret", webhook_secret.expose_secret(), &["whsec_"])?;
    let keys = OwnKeys { account: account.clone(), api_key, webhook_secret };
    let merchant = Merchant::OwnKeys(keys.clone());
    match channel.provider.payouts(&merchant, channel.db.clock().now()).await {
        Ok(_) => {}
        Err(ReadError::Refused(_)) => {
            return Err(Invalid::new("secretKey", say::key_refused()).into());
        }
        Err(ReadError::Unavailable(reason)) => return Err(PayError::Provider(reason)),
    }
    // A restricted key may not be allowed to ask; then an announcement will tell.
    let state = channel.provider.account_state(&merchant).await.ok().map(State::from);
    let id = MerchantId::from_uuid(channel.db.clock().uuid());
    let (key, wrapped) = channel.vault.new_data_key(&id.to_string()).await.map_err(defect)?;
    let seal = |secret: &SecretString, place: &str| {
        hex::encode(key.seal(secret.expose_secret().as_bytes(), &format!("{id}/{place}")))
    };
    let sealed = SealedKeys {
        wrapped_key: hex::encode(wrapped),
        api_key: seal(&keys.api_key, "api_key"),
        webhook_secret: seal(&keys.webhook_secret, "webhook_secret"),
    };
    let scope = channel.db.write(caller.tenant()).await?;
    let account = MerchantAccount {
        id,
        kind: Kind::OwnKeys,
        account,
        keys: Some(sealed),
        active: true,
        created_at: scope.now(),
        created_by: caller.user(),
        state,
    };
    replace(&scope, &account).await?;
    let fact = AuditFact {
        action: "merchant_account.keys_set",
        object: id.to_string(),
        estate: None,
        reason: None,
        detail: &account.account,
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(account)
}

/// The account as the provider's client takes it.
pub(crate) async fn open(vault: &Vault, account: &MerchantAccount) -> Result<Merchant, PayError> {
    let Some(sealed) = &account.keys else {
        return Ok(Merchant::Connected { account: account.account.clone() });
    };
    let wrapped = hex::decode(&sealed.wrapped_key).map_err(defect)?;
    let key = vault.data_key(&wrapped, &account.id.to_string()).await.map_err(defect)?;
    Ok(Merchant::OwnKeys(OwnKeys {
        account: account.account.clone(),
        api_key: unseal(&key, &sealed.api_key, &format!("{}/api_key", account.id))?,
        webhook_secret: unseal(
            &key,
            &sealed.webhook_secret,
            &format!("{}/webhook_secret", account.id),
        )?,
    }))
}

fn unseal(key: &DataKey, sealed: &str, place: &str) -> Result<SecretString, PayError> {
    let plain = key.open(&hex::decode(sealed).map_err(defect)?, place).map_err(defect)?;
    Ok(String::from_utf8(plain).map_err(defect)?.into())
}

fn defect(error: impl std::fmt::Display) -> PayError {
    PayError::Defect(error.to_string())
}

fn begins(field: &str, text: &str, with: &[&str]) -> Result<(), Invalid> {
    let fits = text.len() <= 255 && text.bytes().all(|b| b.is_ascii_graphic());
    if fits && with.iter().any(|beginning| text.starts_with(beginning)) {
        return Ok(());
    }
    Err(Invalid::new(field, say::must_begin(with.join(" / "))))
}
