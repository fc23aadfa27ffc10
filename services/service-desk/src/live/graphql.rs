//! The board in the graph.

use super::{BOARD_LISTEN, Change, Hub, hub::Listener, say, visible};
use crate::Refused;
use async_graphql::{Context, ID, Result, SimpleObject, Subscription};
use authz::{Caller, EstateScope};
use chrono::{DateTime, Utc};
use contracts::PersonId;
use db::{Db, StorageError};
use errors::expected;
use futures::stream::{self, Stream};
use graphql::{GraphqlResultExt as _, caller, parse_id};

/// What happened to one thing of the service desk.
#[derive(SimpleObject)]
pub struct DeskChange {
    /// Where it stands in the log: give it as `after` to go on from here after a break.
    position: String,
    /// The thing, e.g. `wko_…`; ask for it anew.
    object_id: ID,
    /// What was done, e.g. `work_order.moved`. Residents are told that something changed, e.g.
    /// `complaint.changed`: what staff do about it among themselves is not theirs to know.
    action: String,
    /// When.
    at: DateTime<Utc>,
}

/// How far back one may go on: who was away for longer reads anew.
const REPLAYED: i64 = 50_000;

impl DeskChange {
    fn new(mut change: Change, to_resident: bool) -> Self {
        if to_resident && let Some((thing, _)) = change.action.split_once('.') {
            change.action = format!("{thing}.changed");
        }
        Self {
            position: change.position.to_string(),
            object_id: change.object.into(),
            action: change.action,
            at: change.at,
        }
    }
}

/// What goes on.
#[derive(Default)]
pub struct BoardSubscription;

// A subgraph's roots are known by their standard names.
#[Subscription(name = "Subscription")]
impl BoardSubscription {
    /// What is done in an estate, as it is done, as far as the caller may see it. It ends when the
    /// caller's rights change or their token does: subscribe anew, from the last position.
    async fn desk_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Go on after this position instead of from now on")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<DeskChange>> + use<>> {
        let estate = parse_id(&estate_id, "estateId")?;
        let (db, caller) = (ctx.data::<Db>()?.clone(), caller(ctx)?.clone());
        let right = caller.read(BOARD_LISTEN, estate).map_err(Refused::from).graphql()?;
        let resident = right.own_person().is_some();
        let listener = listen(ctx.data()?, &db, &right, after).await.graphql()?;
        let state = Some((listener, db, caller));
        Ok(stream::unfold(state, move |state| async move {
            let (mut listener, db, caller) = state?;
            match next(&mut listener, &db, &caller).await {
                Ok(Some(change)) => {
                    let told = DeskChange::new(change, resident);
                    Some((Ok(told), Some((listener, db, caller))))
                }
                Ok(None) => None,
                // Told once, then it ends: who listens comes back from the last position.
                Err(error) => Some((Err(error).graphql(), None)),
            }
        }))
    }
}

async fn listen(
    hub: &Hub,
    db: &Db,
    right: &EstateScope,
    after: Option<String>,
) -> std::result::Result<Listener, Refused> {
    let position = |text: String| {
        let wrong = || Refused::invalid("after", expected::readable(&text));
        text.parse::<i64>().ok().filter(|at| *at >= 0).ok_or_else(wrong)
    };
    let after = after.map(position).transpose()?;
    belongs(db, right).await?;
    if let Some(after) = after
        && db.worker().last_position().await? - after > REPLAYED
    {
        return Err(Refused::invalid("after", say::too_long_ago()));
    }
    Ok(hub.listen(db, (right.tenant(), right.estate()), after).await?)
}

/// Whether the estate is one of the company, which a right in all of it does not say, and, for a
/// resident, one where they have or had a home.
async fn belongs(db: &Db, right: &EstateScope) -> std::result::Result<(), Refused> {
    let scope = db.read(right.tenant()).await?;
    places::estates::find(&scope, right.estate()).await?.ok_or_else(Refused::not_found)?;
    if let Some(person) = right.own_person() {
        let person = PersonId::from_uuid(person);
        if places::homes::of_person(&scope, right.estate(), person).await?.is_empty() {
            return Err(Refused::not_found());
        }
    }
    Ok(())
}

/// The next change that the caller may see.
async fn next(
    listener: &mut Listener,
    db: &Db,
    caller: &Caller,
) -> std::result::Result<Option<Change>, StorageError> {
    while let Some(change) = listener.next().await? {
        if visible::to(db, caller, &change).await? {
            return Ok(Some(change));
        }
    }
    Ok(None)
}
