//! Receipts by e-mail in the graph.

use super::{
    domain::{MailLanguage, MailState},
    repo::{self, Address, Mail},
    set::{set, stop},
};
use crate::{
    accounts::{self, ACCOUNT_READ, visible},
    ids::{BillingAccountId, ReceiptId},
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, Denied};
use chrono::{DateTime, Utc};
use db::Db;
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use mail::shown_address;

/// The language of a mail.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "MailLanguage", remote = "MailLanguage")]
pub enum MailLanguageWord {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// How far a mail has come.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "MailState", remote = "MailState")]
pub enum MailStateWord {
    /// It is to be sent.
    Waiting,
    /// The mail server took it.
    Sent,
    /// It could not be sent.
    Failed,
    /// It is not to be sent any more: the receipt was voided, or mail is no longer wanted.
    Dropped,
}

/// Where the receipts of an account go by e-mail.
#[derive(SimpleObject)]
pub struct ReceiptMail {
    /// The account, `bac_…`.
    account_id: ID,
    /// The address: in full for the one who owes, masked for everybody else.
    address: String,
    /// The language of the mails.
    language: MailLanguageWord,
    /// Whether new receipts are sent there.
    wanted: bool,
    /// When somebody asked for it.
    asked_for_at: DateTime<Utc>,
    /// When it was stopped.
    stopped_at: Option<DateTime<Utc>>,
}

impl ReceiptMail {
    fn new(address: Address, own: bool) -> Self {
        Self {
            account_id: address.account.to_string().into(),
            address: if own { address.email } else { shown_address(&address.email) },
            language: address.language.into(),
            wanted: address.stopped_at.is_none(),
            asked_for_at: address.set_at,
            stopped_at: address.stopped_at,
        }
    }
}

/// The mail of one receipt.
#[derive(SimpleObject)]
pub struct ReceiptDelivery {
    /// The receipt, `rcp_…`.
    receipt_id: ID,
    /// The address, masked.
    address: String,
    /// How far it has come.
    state: MailStateWord,
    /// How often it was tried.
    tries: i32,
    /// What the mail server said when it did not take it.
    failure: Option<String>,
    /// When the receipt was issued.
    queued_at: DateTime<Utc>,
    /// When it was sent or given up.
    ended_at: Option<DateTime<Utc>>,
}

impl From<Mail> for ReceiptDelivery {
    fn from(mail: Mail) -> Self {
        Self {
            receipt_id: ReceiptId::from_uuid(mail.subject).to_string().into(),
            address: shown_address(&mail.address),
            state: mail.progress.state.into(),
            tries: mail.progress.tries,
            failure: mail.progress.failure,
            queued_at: mail.queued_at,
            ended_at: mail.progress.ended_at,
        }
    }
}

/// Where receipts shall go.
#[derive(InputObject)]
pub struct SetReceiptMailInput {
    /// The account, `bac_…`.
    account_id: ID,
    /// The e-mail address.
    address: String,
    /// The language of the mails.
    language: MailLanguageWord,
}

/// Whose receipts shall no longer be sent.
#[derive(InputObject)]
pub struct StopReceiptMailInput {
    /// The account, `bac_…`.
    account_id: ID,
}

/// Where the receipts of an account go after an act.
#[derive(SimpleObject)]
pub struct ReceiptMailPayload {
    /// Where they go; none when nobody ever asked for it.
    receipt_mail: Option<ReceiptMail>,
}

/// Queries on receipts by e-mail.
#[derive(Default)]
pub struct MailQuery;

#[Object]
impl MailQuery {
    /// Where the receipts of an account go by e-mail.
    async fn receipt_mail(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, `bac_…`")] account_id: ID,
    ) -> Result<Option<ReceiptMail>> {
        let (scope, id, own) = readable(ctx, &account_id).await?;
        let address = repo::address(&scope, id).await.graphql()?;
        Ok(address.map(|address| ReceiptMail::new(address, own)))
    }

    /// The mails of an account's receipts, newest first.
    async fn receipt_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, `bac_…`")] account_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ReceiptDelivery>>> {
        let page = PageArgs::new(first, after)?;
        let (scope, id, _) = readable(ctx, &account_id).await?;
        let before = crate::graphql::after(&page)?;
        let rows = repo::page(&scope, id, before, page.limit()).await.graphql()?;
        let key = |mail: &Mail| mail.subject.simple().to_string();
        Ok(Some(connection(&page, rows, key, Into::into)))
    }
}

/// Changes of receipts by e-mail.
#[derive(Default)]
pub struct MailMutation;

#[Object]
impl MailMutation {
    /// Have the receipts of an account sent to an e-mail address from now on.
    async fn set_receipt_mail(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where they go")] input: SetReceiptMailInput,
    ) -> Result<ReceiptMailPayload> {
        let account = parse_id(&input.account_id, "accountId")?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let language = input.language.into();
        let address = set(db, caller, account, &input.address, language).await.graphql()?;
        Ok(payload(caller, Some(address)))
    }

    /// Stop sending the receipts of an account by e-mail.
    async fn stop_receipt_mail(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose")] input: StopReceiptMailInput,
    ) -> Result<ReceiptMailPayload> {
        let account = parse_id(&input.account_id, "accountId")?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let address = stop(db, caller, account).await.graphql()?;
        Ok(payload(caller, address))
    }
}

/// Whoever may change a resident's address and is a resident changes their own.
fn payload(caller: &Caller, address: Option<Address>) -> ReceiptMailPayload {
    let own = crate::graphql::own_person(caller).is_some();
    ReceiptMailPayload { receipt_mail: address.map(|address| ReceiptMail::new(address, own)) }
}

/// An account that the caller may read, and whether it is their own.
async fn readable(
    ctx: &Context<'_>,
    account: &ID,
) -> Result<(db::TenantScope, BillingAccountId, bool)> {
    let caller = caller(ctx)?;
    let id = parse_id(account, "accountId")?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let account = accounts::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    let permit = caller.read(ACCOUNT_READ, account.estate).graphql()?;
    visible(&permit, &account).graphql()?;
    Ok((scope, id, permit.own_person().is_some()))
}
