//! Merchant accounts in the graph; secrets only ever go in.

use super::{
    PAYMENT_ACCOUNT_MANAGE,
    connect::connect,
    repo::{Kind, MerchantAccount, State, active},
    set_keys::{SetKeys, set_keys},
};
use crate::payments::Channel;
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use graphql::{GraphqlResultExt as _, caller};

/// How the company's account at the provider is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum MerchantAccountKind {
    /// Connected under the platform's account; no keys of the company are kept.
    Connected,
    /// With the company's own keys, which are stored sealed and never shown.
    OwnKeys,
}

/// What the account may do at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "State")]
pub(crate) enum MerchantAccountState {
    /// The company has not answered everything the provider asks.
    Incomplete,
    /// Everything is answered, but the provider does not (yet) let it take payments or pay out.
    Restricted,
    /// It takes payments and pays out.
    Ready,
}

/// The account at the payment provider into which the company is paid.
#[derive(SimpleObject)]
#[graphql(name = "MerchantAccount")]
pub(crate) struct MerchantAccountNode {
    /// Its id here.
    id: ID,
    /// How it is used.
    kind: MerchantAccountKind,
    /// The provider's id of it.
    account: String,
    /// What it may do there; null until the provider has said it.
    state: Option<MerchantAccountState>,
    /// Where the provider shall post its announcements, below the public address of this
    /// installation.
    webhook_path: String,
    /// When it was set.
    created_at: DateTime<Utc>,
}

impl From<MerchantAccount> for MerchantAccountNode {
    fn from(account: MerchantAccount) -> Self {
        let (kind, endpoint) = match account.kind {
            Kind::Connected => (MerchantAccountKind::Connected, "platform".to_owned()),
            Kind::OwnKeys => (MerchantAccountKind::OwnKeys, account.id.to_string()),
        };
        Self {
            id: account.id.to_string().into(),
            kind,
            account: account.account,
            state: account.state.map(Into::into),
            webhook_path: format!("/webhooks/stripe/{endpoint}"),
            created_at: account.created_at,
        }
    }
}

/// What connecting an account needs.
#[derive(InputObject)]
pub(crate) struct ConnectStripeAccountInput {
    /// The country the company is registered in, e.g. `HK`; not every country is served.
    country: String,
    /// Where the browser goes when the form is done or given up.
    return_url: String,
}

/// What connecting an account brings.
#[derive(SimpleObject)]
pub(crate) struct ConnectStripeAccountPayload {
    /// The account.
    merchant_account: MerchantAccountNode,
    /// The page on which the company completes it; good for a few minutes.
    onboarding_url: String,
}

/// The company's own keys.
#[derive(InputObject)]
pub(crate) struct SetStripeKeysInput {
    /// The provider's id of the account the keys belong to, `acct_…`.
    account: String,
    /// The secret or restricted key, `sk_…` or `rk_…`.
    #[graphql(secret)]
    secret_key: String,
    /// What the provider signs its announcements with, `whsec_…`.
    #[graphql(secret)]
    webhook_secret: String,
}

/// What setting the keys brings.
#[derive(SimpleObject)]
pub(crate) struct SetStripeKeysPayload {
    /// The account that is paid from now on.
    merchant_account: MerchantAccountNode,
}

/// Queries on merchant accounts.
#[derive(Default)]
pub(crate) struct MerchantQuery;

#[Object]
impl MerchantQuery {
    /// The account into which the company is paid; null when it takes no online payments.
    async fn merchant_account(&self, ctx: &Context<'_>) -> Result<Option<MerchantAccountNode>> {
        let caller = caller(ctx)?;
        caller.read_company(PAYMENT_ACCOUNT_MANAGE).graphql()?;
        let scope = ctx.data::<Channel>()?.db.read(caller.tenant()).await.graphql()?;
        Ok(active(&scope).await.graphql()?.map(Into::into))
    }
}

/// Mutations on merchant accounts.
#[derive(Default)]
pub(crate) struct MerchantMutation;

#[Object]
impl MerchantMutation {
    /// Open the company's account at Stripe, or go on with opening it.
    async fn connect_stripe_account(
        &self,
        ctx: &Context<'_>,
        input: ConnectStripeAccountInput,
    ) -> Result<ConnectStripeAccountPayload> {
        let (channel, caller) = (ctx.data::<Channel>()?, caller(ctx)?);
        let (account, onboarding_url) =
            connect(channel, caller, &input.country, &input.return_url).await.graphql()?;
        Ok(ConnectStripeAccountPayload { merchant_account: account.into(), onboarding_url })
    }

    /// Use an account at Stripe with the company's own keys; they are stored sealed.
    async fn set_stripe_keys(
        &self,
        ctx: &Context<'_>,
        input: SetStripeKeysInput,
    ) -> Result<SetStripeKeysPayload> {
        let (channel, caller) = (ctx.data::<Channel>()?, caller(ctx)?);
        let command = SetKeys {
            account: input.account,
            api_key: input.secret_key.into(),
            webhook_secret: input.webhook_secret.into(),
        };
        let account = set_keys(channel, caller, command).await.graphql()?;
        Ok(SetStripeKeysPayload { merchant_account: account.into() })
    }
}
