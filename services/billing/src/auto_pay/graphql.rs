//! Automatic payments in the graph.

use super::{
    domain::{CONSENT_VERSION, CardState, consent},
    repo::{self, Card, Tried},
    revoke::revoke,
    save::{SaveCard, save},
    settings::set_from_prepayment,
};
use crate::{
    accounts::{self, ACCOUNT_READ, visible},
    graphql::fen,
    ids::{BillingAccountId, PaymentId},
    payments::{Channel, PayError, Payment, Payments, StatusKind},
};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use authz::{Caller, Denied};
use chrono::{DateTime, NaiveDate, Utc};
use db::Db;
use graphql::{GraphqlResultExt as _, Money, caller, parse_id};
use rust_decimal::Decimal;
use std::collections::HashMap;
use texts::Language;

/// How far a saved card has come.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "SavedCardState", remote = "CardState")]
pub enum CardStateWord {
    /// The payer has the page on which it is saved.
    Opened,
    /// It is charged when a bill falls due.
    Active,
    /// The payer took the consent back, or saved another card.
    Revoked,
    /// No card was saved.
    Failed,
}

/// A card that a payer consented to be charged; no number of it is kept here.
#[derive(SimpleObject)]
pub struct SavedCard {
    /// Its id, `spc_…`.
    id: ID,
    /// How far it has come.
    state: CardStateWord,
    /// The most that may be charged for one bill; a bill above it is not charged at all.
    limit: Money,
    /// Which words the payer consented to.
    consent_version: i32,
    /// When.
    consented_at: DateTime<Utc>,
    /// The page on which the payer saves the card, while it is open.
    checkout_url: Option<String>,
    /// Since when it is charged.
    active_at: Option<DateTime<Utc>>,
    /// Since when it no longer is.
    revoked_at: Option<DateTime<Utc>>,
}

impl From<Card> for SavedCard {
    fn from(card: Card) -> Self {
        Self {
            id: card.id.to_string().into(),
            state: card.state.into(),
            limit: Money::new(card.most, card.currency),
            consent_version: card.consent_version,
            consented_at: card.given_at,
            checkout_url: card.checkout_url.filter(|_| card.state == CardState::Opened),
            active_at: card.active_at,
            revoked_at: card.revoked,
        }
    }
}

/// A try to charge a bill to a saved card.
#[derive(SimpleObject)]
pub struct AutoPayTry {
    /// The bill.
    bill_id: ID,
    /// Which try it is, from 1; there are at most three, on different days.
    number: i32,
    /// When it was made.
    day: NaiveDate,
    /// Its payment.
    payment_id: ID,
    /// What is known of it.
    status: StatusKind,
    /// How much.
    amount: Money,
}

/// How an account is paid without being asked each time.
#[derive(SimpleObject)]
#[graphql(name = "AutoPay")]
pub struct AutoPayNode {
    /// The account, `bac_…`.
    account_id: ID,
    /// Whether what was paid ahead meets bills when they are issued.
    from_prepayment: bool,
    /// The card that was saved last.
    card: Option<SavedCard>,
    /// The latest tries with it, newest first.
    tries: Vec<AutoPayTry>,
}

/// The words to which a payer consents.
#[derive(SimpleObject)]
pub struct AutoPayConsent {
    /// Their number, to be given when a card is saved.
    version: i32,
    /// In Chinese.
    words_zh: String,
    /// In English.
    words_en: String,
}

/// A card to save.
#[derive(InputObject)]
pub struct SaveAutoPayCardInput {
    /// The account, `bac_…`.
    account_id: ID,
    /// The most that may be charged for one bill, in major units.
    limit: Decimal,
    /// The number of the words that the payer has read and consents to.
    consent_version: i32,
    /// Where the payer's browser goes afterwards.
    return_url: String,
    /// Whether the page is in English; else in Chinese.
    #[graphql(default)]
    english: bool,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A consent to take back.
#[derive(InputObject)]
pub struct RevokeAutoPayCardInput {
    /// The account, `bac_…`.
    account_id: ID,
}

/// Whether prepayment meets bills.
#[derive(InputObject)]
pub struct SetAutoPayFromPrepaymentInput {
    /// The account, `bac_…`.
    account_id: ID,
    /// Whether what was paid ahead meets bills when they are issued.
    enabled: bool,
}

/// How an account is paid after an act.
#[derive(SimpleObject)]
pub struct AutoPayPayload {
    /// How it is paid.
    auto_pay: AutoPayNode,
}

/// Queries on automatic payments.
#[derive(Default)]
pub struct AutoPayQuery;

#[Object]
impl AutoPayQuery {
    /// How an account is paid without being asked each time.
    async fn auto_pay(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, `bac_…`")] account_id: ID,
    ) -> Result<Option<AutoPayNode>> {
        let account = parse_id(&account_id, "accountId")?;
        node(ctx.data()?, caller(ctx)?, account).await.graphql().map(Some)
    }

    /// The words to which a payer consents when a card is saved.
    async fn auto_pay_consent(&self, ctx: &Context<'_>) -> Result<Option<AutoPayConsent>> {
        caller(ctx)?;
        Ok(Some(AutoPayConsent {
            version: CONSENT_VERSION,
            words_zh: consent().say(Language::Zh),
            words_en: consent().say(Language::En),
        }))
    }
}

/// Changes of automatic payments.
#[derive(Default)]
pub struct AutoPayMutation;

#[Object]
impl AutoPayMutation {
    /// Open a page on which the payer saves a card; bills are charged to it when they fall due, up
    /// to the limit, until the consent is taken back.
    async fn save_auto_pay_card(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account, and the consent")] input: SaveAutoPayCardInput,
    ) -> Result<AutoPayPayload> {
        let (channel, caller) = (ctx.data::<Channel>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let account = parse_id(&input.account_id, "accountId")?;
        let command = SaveCard {
            account,
            most: fen(input.limit, "limit")?,
            consent_version: input.consent_version,
            return_url: input.return_url,
            chinese: !input.english,
        };
        save(channel, caller, command, &key).await.graphql()?;
        payload(ctx, account).await
    }

    /// Take the consent back: nothing is charged to the card any more.
    async fn revoke_auto_pay_card(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose")] input: RevokeAutoPayCardInput,
    ) -> Result<AutoPayPayload> {
        let account = parse_id(&input.account_id, "accountId")?;
        revoke(ctx.data()?, caller(ctx)?, account).await.graphql()?;
        payload(ctx, account).await
    }

    /// Set whether what was paid ahead meets bills when they are issued.
    async fn set_auto_pay_from_prepayment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose")] input: SetAutoPayFromPrepaymentInput,
    ) -> Result<AutoPayPayload> {
        let account = parse_id(&input.account_id, "accountId")?;
        set_from_prepayment(ctx.data()?, caller(ctx)?, account, input.enabled).await.graphql()?;
        payload(ctx, account).await
    }
}

async fn payload(ctx: &Context<'_>, account: BillingAccountId) -> Result<AutoPayPayload> {
    let auto_pay = node(ctx.data()?, caller(ctx)?, account).await.graphql()?;
    Ok(AutoPayPayload { auto_pay })
}

/// How many tries are shown.
const TRIES: u64 = 50;

async fn node(db: &Db, caller: &Caller, id: BillingAccountId) -> Result<AutoPayNode, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let account = accounts::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    visible(&caller.read(ACCOUNT_READ, account.estate)?, &account)?;
    let card = repo::newest(&scope, id).await?;
    let tries = match &card {
        Some(card) => repo::tries_of_card(&scope, card.id, TRIES).await?,
        None => Vec::new(),
    };
    let payments = Payments(&scope).by_ids(tries.iter().map(|it| it.payment)).await?;
    let payments: HashMap<PaymentId, Payment> =
        payments.into_iter().map(|payment| (payment.id, payment)).collect();
    let node = |it: Tried| {
        let payment = payments.get(&it.payment)?;
        Some(AutoPayTry {
            bill_id: it.bill.to_string().into(),
            number: it.number,
            day: it.day,
            payment_id: it.payment.to_string().into(),
            status: payment.state.status().into(),
            amount: Money::new(payment.state.amount, payment.currency),
        })
    };
    Ok(AutoPayNode {
        account_id: id.to_string().into(),
        from_prepayment: repo::from_prepayment(&scope, id).await?,
        card: card.map(Into::into),
        tries: tries.into_iter().filter_map(node).collect(),
    })
}
