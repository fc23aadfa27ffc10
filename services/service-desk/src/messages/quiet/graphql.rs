//! Quiet hours in the graph.

use super::repo;
use crate::{
    Refused, homes,
    messages::{MESSAGE_READ, TEMPLATE_MANAGE, TEMPLATE_READ, domain::QuietHours, say},
};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use authz::{AuditFact, Caller, audit};
use chrono::NaiveTime;
use db::Db;
use graphql::{GraphqlResultExt as _, caller, parse_id};
use ids::EstateId;

/// When nobody is disturbed by what is not urgent, in the estate's time.
#[derive(SimpleObject)]
#[graphql(name = "MessageQuietHours")]
pub struct QuietHoursNode {
    /// The first quiet minute, e.g. `22:00`.
    from: String,
    /// The first minute that is not quiet any more, e.g. `08:00`.
    until: String,
    /// Give it back when changing them; 0 while they are the usual ones.
    version: i32,
}

impl QuietHoursNode {
    fn new((hours, version): (QuietHours, i32)) -> Self {
        let text = |time: NaiveTime| time.format("%H:%M").to_string();
        Self { from: text(hours.from), until: text(hours.until), version }
    }
}

/// When nobody shall be disturbed.
#[derive(InputObject)]
pub struct SetQuietHoursInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The first quiet minute, e.g. `22:00`.
    from: String,
    /// The first minute that is not quiet any more, e.g. `08:00`; over midnight when it is earlier.
    until: String,
    /// The version that was read.
    expected_version: i32,
}

/// Quiet hours after an act.
#[derive(SimpleObject)]
pub struct QuietHoursPayload {
    /// The quiet hours.
    quiet_hours: QuietHoursNode,
}

/// Queries on quiet hours.
#[derive(Default)]
pub struct QuietQuery;

#[Object]
impl QuietQuery {
    /// When nobody in an estate is disturbed by what is not urgent.
    async fn quiet_hours(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
    ) -> Result<Option<QuietHoursNode>> {
        let (caller, estate) = (caller(ctx)?, parse_id(&estate_id, "estateId")?);
        let found = read(ctx.data()?, caller, estate).await.graphql()?;
        Ok(Some(QuietHoursNode::new(found)))
    }
}

/// Mutations on quiet hours.
#[derive(Default)]
pub struct QuietMutation;

#[Object]
impl QuietMutation {
    /// Say when nobody in an estate is disturbed by what is not urgent.
    async fn set_quiet_hours(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When")] input: SetQuietHoursInput,
    ) -> Result<QuietHoursPayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let set = set(ctx.data()?, caller(ctx)?, estate, &input).await.graphql()?;
        Ok(QuietHoursPayload { quiet_hours: QuietHoursNode::new(set) })
    }
}

async fn read(db: &Db, caller: &Caller, estate: EstateId) -> Result<(QuietHours, i32), Refused> {
    caller.read(MESSAGE_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    homes::estate(&scope, estate).await?;
    Ok(repo::of_estate(&scope, estate).await?)
}

/// Waiting messages follow the new hours when they are looked at next.
#[tracing::instrument(name = "usecase.messages.set_quiet_hours", skip_all)]
async fn set(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    input: &SetQuietHoursInput,
) -> Result<(QuietHours, i32), Refused> {
    caller.act(TEMPLATE_MANAGE, TEMPLATE_READ, estate)?;
    let hours =
        QuietHours { from: time("from", &input.from)?, until: time("until", &input.until)? };
    if hours.from == hours.until {
        return Err(Refused::invalid("until", say::time_of_day()));
    }
    let scope = db.write(caller.tenant()).await?;
    homes::estate(&scope, estate).await?;
    if !repo::save(&scope, estate, hours, input.expected_version).await? {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    let fact = AuditFact {
        action: "quiet_hours.set",
        object: estate.to_string(),
        estate: Some(estate),
        reason: None,
        detail: (hours.from, hours.until),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok((hours, input.expected_version + 1))
}

fn time(field: &str, text: &str) -> Result<NaiveTime, Refused> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M")
        .map_err(|_| Refused::invalid(field, say::time_of_day()))
}
