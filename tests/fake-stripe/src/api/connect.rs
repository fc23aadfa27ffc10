//! Connected accounts and their onboarding.

use super::{Refusal, Tx, required};
use crate::{
    form::Params,
    state::{Account, Kind},
};
use serde_json::{Value, json};

const LINK_SECONDS: i64 = 300;

/// Opens a connected account that cannot take money yet.
pub(super) fn create(tx: &mut Tx<'_>, params: &Params) -> Value {
    let account = tx.create(
        Kind::Account,
        json!({
            "charges_enabled": false,
            "country": params.get("country"),
            "details_submitted": false,
            "email": params.get("email"),
            "metadata": params.map("metadata"),
            "payouts_enabled": false,
            "type": params.get("type").unwrap_or("standard"),
        }),
    );
    let id = account["id"].as_str().expect("has an id").to_owned();
    let own = Account { platform: Some(tx.account.clone()), ..Account::default() };
    tx.state.accounts.insert(id, own);
    account
}

/// The account the key and header select.
pub(super) fn own(tx: &mut Tx<'_>) -> Value {
    let id = tx.account.clone();
    let platform = tx.own().platform.clone();
    let known = platform.and_then(|p| tx.state.accounts.get(&p)?.get(Kind::Account, &id).cloned());
    known.unwrap_or_else(|| {
        json!({"id": id, "object": "account", "charges_enabled": true, "payouts_enabled": true,
               "details_submitted": true, "type": "standard"})
    })
}

/// A link to the onboarding page of a connected account.
pub(super) fn link(tx: &mut Tx<'_>, params: &Params) -> Result<Value, Refusal> {
    let id = required(params, "account")?;
    tx.find(Kind::Account, id)?;
    let return_url = required(params, "return_url")?.to_owned();
    required(params, "refresh_url")?;
    tx.state.accounts.entry(id.to_owned()).or_default().return_url = Some(return_url);
    Ok(json!({
        "object": "account_link",
        "created": tx.now(),
        "expires_at": tx.now() + LINK_SECONDS,
        "url": format!("{}/connect/{id}", tx.base_url),
    }))
}

/// The merchant has answered everything: the account takes money from now on. Answers where the
/// onboarding page returns to.
pub(crate) fn finish_onboarding(tx: &mut Tx<'_>) -> Result<String, Refusal> {
    let id = tx.account.clone();
    let missing = || Refusal::missing(Kind::Account, &id);
    let own = tx.state.accounts.get(&id).ok_or_else(missing)?;
    let platform = own.platform.clone().ok_or_else(missing)?;
    let back = own.return_url.clone().ok_or_else(missing)?;
    let holder = tx.state.accounts.get_mut(&platform).ok_or_else(missing)?;
    let fields =
        json!({"charges_enabled": true, "payouts_enabled": true, "details_submitted": true});
    if holder.get(Kind::Account, &id).is_none() {
        return Err(missing());
    }
    let account = holder.set(&id, fields);
    tx.emit("account.updated", &account);
    Ok(back)
}
