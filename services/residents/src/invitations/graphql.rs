//! Invitations in the graph.

use super::invite;
use crate::State;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use graphql::{GraphqlResultExt as _, caller, parse_id};

/// Whom to invite.
#[derive(Debug, InputObject)]
pub struct InviteResidentInput {
    /// A unit the person belongs to today.
    unit_id: ID,
    /// The person; the phone becomes the sign-in name.
    person_id: ID,
}

/// The invitation.
#[derive(Debug, SimpleObject)]
pub struct InviteResidentPayload {
    /// The one-time code; it is shown this once.
    code: String,
    /// Good until.
    expires: DateTime<Utc>,
}

/// Acts that invite.
#[derive(Default)]
pub struct InvitationMutation;

#[Object]
impl InvitationMutation {
    /// Invite a person to open a resident account.
    async fn invite_resident(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: InviteResidentInput,
    ) -> Result<InviteResidentPayload> {
        let unit = parse_id(&input.unit_id, "unitId")?;
        let person = parse_id(&input.person_id, "personId")?;
        let keys = &ctx.data::<State>()?.keys;
        let made = invite(ctx.data()?, keys, caller(ctx)?, unit, person).await.graphql()?;
        Ok(InviteResidentPayload { code: made.code, expires: made.expires })
    }
}
