//! Preferences in the graph: a resident's own.

use super::{
    change::{SetPreferences, oneself, set},
    confirm::{confirm, give, remove},
    repo::{self, Address},
};
use crate::{
    graphql::State,
    messages::{
        Channel, MessageKind,
        domain::{MessageLanguage, Wishes},
        graphql::{MessageChannel, MessageKindWord},
    },
};
use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use contracts::PersonId;
use db::{Db, StorageError, TenantScope};
use graphql::{GraphqlResultExt as _, caller};

/// The language in which somebody is written to.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "MessageLanguage", remote = "MessageLanguage")]
pub enum MessageLanguageWord {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// By which ways a kind of message comes.
#[derive(SimpleObject)]
pub struct MessageKindPreference {
    /// The kind.
    kind: MessageKindWord,
    /// Whether it cannot be refused.
    essential: bool,
    /// The ways, as far as there is an address; none when the kind was refused.
    channels: Vec<MessageChannel>,
}

/// An address of somebody.
#[derive(SimpleObject)]
pub struct MessageAddress {
    /// Which way it is for.
    channel: MessageChannel,
    /// The confirmed address, masked.
    address: Option<String>,
    /// When it was confirmed.
    confirmed_at: Option<DateTime<Utc>>,
    /// The address that waits for its code, masked.
    pending: Option<String>,
}

impl From<Address> for MessageAddress {
    fn from(address: Address) -> Self {
        Self {
            channel: address.channel.into(),
            address: address.shown,
            confirmed_at: address.confirmed_at,
            pending: address.pending_shown,
        }
    }
}

/// How somebody wants to be written to.
#[derive(SimpleObject)]
pub struct MessagePreferences {
    /// The language.
    language: MessageLanguageWord,
    /// The ways by kind.
    kinds: Vec<MessageKindPreference>,
    /// The addresses.
    addresses: Vec<MessageAddress>,
    /// Give it back when changing it; 0 while nothing was ever said.
    version: i32,
}

impl MessagePreferences {
    async fn load(scope: &TenantScope, person: PersonId) -> Result<Self, StorageError> {
        let (wishes, version) = repo::of_person(scope, person).await?;
        let addresses = repo::addresses(scope, person).await?;
        Ok(Self {
            language: wishes.language.into(),
            kinds: MessageKind::ALL.map(|kind| preference(&wishes, kind)).into(),
            addresses: addresses.into_iter().map(Into::into).collect(),
            version,
        })
    }
}

fn preference(wishes: &Wishes, kind: MessageKind) -> MessageKindPreference {
    MessageKindPreference {
        kind: kind.into(),
        essential: kind.is_essential(),
        channels: wishes.of(kind).into_iter().map(Into::into).collect(),
    }
}

/// By which ways a kind of message shall come.
#[derive(InputObject)]
pub struct MessageKindPreferenceInput {
    /// The kind.
    kind: MessageKindWord,
    /// The ways; none refuses the kind, which essential kinds do not allow.
    channels: Vec<MessageChannel>,
}

/// How somebody wants to be written to from now on.
#[derive(InputObject)]
pub struct SetMessagePreferencesInput {
    /// The language.
    language: MessageLanguageWord,
    /// The ways by kind; kinds that are left out come as usual: in the app and by e-mail.
    kinds: Vec<MessageKindPreferenceInput>,
    /// The version that was read; 0 for the first time.
    expected_version: i32,
}

/// An address that shall be confirmed.
#[derive(InputObject)]
pub struct SetMessageAddressInput {
    /// `EMAIL` or `SMS`.
    channel: MessageChannel,
    /// The e-mail address, or the number.
    address: String,
}

/// The code that came to an address.
#[derive(InputObject)]
pub struct ConfirmMessageAddressInput {
    /// `EMAIL` or `SMS`.
    channel: MessageChannel,
    /// The six digits.
    code: String,
}

/// An address that is no longer wanted.
#[derive(InputObject)]
pub struct RemoveMessageAddressInput {
    /// `EMAIL` or `SMS`.
    channel: MessageChannel,
}

/// How somebody wants to be written to after an act.
#[derive(SimpleObject)]
pub struct MessagePreferencesPayload {
    /// What they want.
    message_preferences: MessagePreferences,
}

/// Queries on preferences.
#[derive(Default)]
pub struct PreferenceQuery;

#[Object]
impl PreferenceQuery {
    /// How one wants to be written to.
    async fn message_preferences(&self, ctx: &Context<'_>) -> Result<Option<MessagePreferences>> {
        let caller = caller(ctx)?;
        let person = oneself(caller).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        Ok(Some(MessagePreferences::load(&scope, person).await.graphql()?))
    }
}

/// Mutations on preferences.
#[derive(Default)]
pub struct PreferenceMutation;

#[Object]
impl PreferenceMutation {
    /// Say in which language and by which ways one wants to be written to.
    async fn set_message_preferences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What one wants")] input: SetMessagePreferencesInput,
    ) -> Result<MessagePreferencesPayload> {
        let channels = input.kinds.into_iter().map(|it| {
            (MessageKind::from(it.kind), it.channels.into_iter().map(Channel::from).collect())
        });
        let command = SetPreferences {
            language: MessageLanguage::from(input.language),
            channels: channels.collect(),
            expected: input.expected_version,
        };
        let person = set(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        payload(ctx, person).await
    }

    /// Have a code sent to an address of one's own, once a minute at most.
    async fn set_message_address(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address")] input: SetMessageAddressInput,
    ) -> Result<MessagePreferencesPayload> {
        let keys = &ctx.data::<State>()?.keys;
        let given = (input.channel.into(), input.address.as_str());
        let person = give(ctx.data()?, keys, caller(ctx)?, given).await.graphql()?;
        payload(ctx, person).await
    }

    /// Confirm an address by the code that came there.
    async fn confirm_message_address(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code")] input: ConfirmMessageAddressInput,
    ) -> Result<MessagePreferencesPayload> {
        let keys = &ctx.data::<State>()?.keys;
        let given = (input.channel.into(), input.code.as_str());
        let person = confirm(ctx.data()?, keys, caller(ctx)?, given).await.graphql()?;
        payload(ctx, person).await
    }

    /// Take an address back; what waits to go there is not sent.
    async fn remove_message_address(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which")] input: RemoveMessageAddressInput,
    ) -> Result<MessagePreferencesPayload> {
        let person = remove(ctx.data()?, caller(ctx)?, input.channel.into()).await.graphql()?;
        payload(ctx, person).await
    }
}

async fn payload(ctx: &Context<'_>, person: PersonId) -> Result<MessagePreferencesPayload> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    let message_preferences = MessagePreferences::load(&scope, person).await.graphql()?;
    Ok(MessagePreferencesPayload { message_preferences })
}
