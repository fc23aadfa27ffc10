//! Changing passwords and handing out reset links.

use super::{change::change_password, reset::issue_reset};
use crate::app::Identity;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use graphql::{GraphqlResultExt as _, caller, parse_id};

/// Changes the caller's own password.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The password that holds now.
    current_password: String,
    /// The one that shall hold: 10 to 128 characters.
    new_password: String,
}

/// What became of a password.
#[derive(SimpleObject)]
pub struct ChangePasswordPayload {
    /// Always true; a refusal is an error.
    changed: bool,
}

/// Asks for a one-time link for somebody else.
#[derive(InputObject)]
pub struct IssuePasswordResetInput {
    /// The user, `usr_…`.
    user_id: ID,
}

/// A one-time link.
#[derive(SimpleObject)]
pub struct IssuePasswordResetPayload {
    /// The token of the link, shown this once; it works for 24 hours.
    token: String,
}

/// Mutations on passwords.
#[derive(Default)]
pub struct CredentialMutation;

#[Object]
impl CredentialMutation {
    /// Change the caller's own password; the caller's other sessions end.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload> {
        let (identity, caller) = (ctx.data::<Identity>()?, caller(ctx)?);
        change_password(identity, caller, input.current_password, input.new_password)
            .await
            .graphql()?;
        Ok(ChangePasswordPayload { changed: true })
    }

    /// Make a one-time link with which a user sets a new password.
    async fn issue_password_reset(
        &self,
        ctx: &Context<'_>,
        input: IssuePasswordResetInput,
    ) -> Result<IssuePasswordResetPayload> {
        let user = parse_id(&input.user_id, "userId")?;
        let token = issue_reset(ctx.data::<Identity>()?, caller(ctx)?, user).await.graphql()?;
        Ok(IssuePasswordResetPayload { token })
    }
}
