//! Setting tax classes and the seller, and keeping the titles of an account.

use super::{
    INVOICE_READ, INVOICE_REQUEST, INVOICE_SETTINGS,
    domain::{Buyer, Seller, TaxClass},
    settings_repo::{self as repo, Title},
    tax_number::tax_number,
};
use crate::{
    accounts,
    error::Refused,
    fees,
    ids::{BillingAccountId, FeeItemId, InvoiceTitleId, TaxClassId},
    say,
};
use authz::{AuditFact, Caller, Denied};
use chrono::NaiveDate;
use db::Db;
use errors::{Invalid, expected};
use money::Rate;

/// Tax this item so from a day on.
#[derive(Clone, Debug)]
pub(super) struct SetClass {
    pub item: FeeItemId,
    pub from: NaiveDate,
    pub rate: Rate,
    pub code: String,
    pub name: String,
}

/// Enters a version of an item's tax class.
#[tracing::instrument(name = "usecase.invoices.set_class", skip_all, fields(item.id = %new.item))]
pub(super) async fn set_class(
    db: &Db,
    caller: &Caller,
    new: SetClass,
) -> Result<TaxClass, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let item = fees::find_item(&scope, new.item).await?.ok_or(Denied::Hidden)?;
    caller.act(INVOICE_SETTINGS, INVOICE_READ, item.estate)?;
    if !(0..=Rate::PER_ONE).contains(&new.rate.0) {
        return Err(Invalid::new("rate", say::invoice_rate_range()).into());
    }
    let code = new.code.trim().to_owned();
    if code.len() != 19 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Invalid::new("code", say::invoice_code_form()).into());
    }
    let class = TaxClass {
        id: TaxClassId::from_uuid(scope.new_id()),
        estate: item.estate,
        item: item.id,
        from: new.from,
        rate: new.rate,
        code,
        name: text("name", &new.name, 100)?,
        set_by: caller.user(),
        set_at: scope.now(),
    };
    let known = repo::classes_of(&scope, [item.id]).await?;
    if let Some(same_day) = known.into_iter().find(|known| known.from == class.from) {
        let says_the_same = (same_day.rate, &same_day.code, &same_day.name)
            == (class.rate, &class.code, &class.name);
        // What was invoiced by it cannot be taxed otherwise; saying it again changes nothing.
        return if says_the_same {
            Ok(same_day)
        } else {
            Err(Invalid::new("from", expected::unused()).into())
        };
    }
    repo::insert_class(&scope, &class).await?;
    let fact = AuditFact {
        action: "invoice_tax_class.set",
        object: class.id.to_string(),
        estate: Some(item.estate),
        reason: None,
        detail: serde_json::json!({ "item": item.id, "rate": class.rate, "code": class.code }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(class)
}

/// Names the company as seller from now on; invoices that were asked for keep their own.
#[tracing::instrument(name = "usecase.invoices.set_seller", skip_all)]
pub(super) async fn set_seller(
    db: &Db,
    caller: &Caller,
    seller: Seller,
) -> Result<Seller, Refused> {
    caller.act_company(INVOICE_SETTINGS)?;
    let number = tax_number(&seller.tax_number);
    let seller = Seller {
        name: text("name", &seller.name, 100)?,
        tax_number: number.ok_or_else(|| Invalid::new("taxNumber", say::invoice_tax_number()))?,
        address: text("address", &seller.address, 100)?,
        phone: text("phone", &seller.phone, 30)?,
        bank: text("bank", &seller.bank, 100)?,
        bank_account: text("bankAccount", &seller.bank_account, 40)?,
    };
    let scope = db.write(caller.tenant()).await?;
    let version = repo::seller(&scope).await?.map_or(1, |(version, _)| version + 1);
    repo::insert_seller(&scope, version, &seller, caller.user()).await?;
    let fact = AuditFact {
        action: "invoice_seller.set",
        object: caller.tenant().to_string(),
        estate: None,
        reason: None,
        detail: serde_json::json!({ "version": version, "seller": seller }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(seller)
}

/// Keeps a title of an account: a company with its number, or a person without.
#[tracing::instrument(name = "usecase.invoices.keep_title", skip_all, fields(account.id = %account))]
pub(super) async fn keep_title(
    db: &Db,
    caller: &Caller,
    account: BillingAccountId,
    name: &str,
    number: Option<&str>,
) -> Result<Title, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let account = accounts::find(&scope, account).await?.ok_or(Denied::Hidden)?;
    let permit = caller.act(INVOICE_REQUEST, INVOICE_READ, account.estate)?;
    accounts::visible(&permit, &account)?;
    let number = match number.map(str::trim).filter(|number| !number.is_empty()) {
        Some(number) => {
            let wrong = || Invalid::new("taxNumber", say::invoice_tax_number());
            Some(tax_number(number).ok_or_else(wrong)?)
        }
        None => None,
    };
    let title = Title {
        id: InvoiceTitleId::from_uuid(scope.new_id()),
        estate: account.estate,
        account: account.id,
        buyer: Buyer { name: text("name", name, 100)?, tax_number: number },
        kept_by: caller.user(),
        kept_at: scope.now(),
    };
    repo::insert_title(&scope, &title).await?;
    let fact = AuditFact {
        action: "invoice_title.kept",
        object: title.id.to_string(),
        estate: Some(account.estate),
        reason: None,
        detail: serde_json::json!({ "account": account.id }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(title)
}

/// A text of 1 to `most` characters without line breaks or other control characters.
fn text(field: &'static str, text: &str, most: usize) -> Result<String, Invalid> {
    let text = text.trim();
    let right = (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if right { Ok(text.to_owned()) } else { Err(Invalid::new(field, expected::length(1, most))) }
}
