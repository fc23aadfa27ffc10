//! Publishing an announcement, and reading it.

use super::{
    ANNOUNCEMENT_PUBLISH, ANNOUNCEMENT_READ, AnnouncementId,
    repo::{self, Announcement},
};
use crate::{Refused, homes};
use authz::{AuditFact, Caller, PolicyStore, SubjectKind, UserId, audit, keyed};
use db::{Db, IdempotencyKey};
use errors::{expected, input};
use ids::EstateId;
use serde::Serialize;
use std::collections::BTreeSet;

/// What is announced, and to which posts; none means all staff of the estate.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Publish {
    pub estate: EstateId,
    pub title: String,
    pub body: String,
    pub roles: BTreeSet<String>,
}

/// Publishes an announcement to whoever has one of its posts now and may read announcements.
#[tracing::instrument(name = "usecase.announcements.publish", skip_all)]
pub(super) async fn publish(
    db: &Db,
    (caller, policy): (&Caller, &PolicyStore),
    command: Publish,
    key: &IdempotencyKey,
) -> Result<AnnouncementId, Refused> {
    caller.act(ANNOUNCEMENT_PUBLISH, ANNOUNCEMENT_READ, command.estate)?;
    let readers = readers(caller, policy, &command);
    if readers.is_empty() {
        return Err(Refused::invalid("roles", expected::existing()));
    }
    let (actor, given) = (caller.clone(), command.clone());
    keyed(db, caller, "publish_announcement", key, &given, move |scope| {
        Box::pin(async move {
            homes::estate(scope, command.estate).await?;
            let announcement = Announcement {
                id: AnnouncementId::from_uuid(scope.new_id()),
                estate: command.estate,
                title: input::text("title", &command.title, 100)?,
                body: input::lines("body", &command.body, 5_000)?,
                roles: command.roles.into_iter().collect(),
                published_by: actor.user(),
                published_at: scope.now(),
            };
            let count = readers.len();
            repo::insert(scope, &announcement, readers).await?;
            let fact = AuditFact {
                action: "announcement.published",
                object: announcement.id.to_string(),
                estate: Some(announcement.estate),
                reason: None,
                detail: (&announcement.roles, count),
            };
            audit(scope, &actor, fact).await?;
            Ok(announcement.id)
        })
    })
    .await
}

/// Who publishes need not read.
fn readers(caller: &Caller, policy: &PolicyStore, command: &Publish) -> Vec<UserId> {
    let tenant = caller.tenant();
    let may = |user: UserId| {
        let rights = policy.rights(tenant, user.as_uuid(), SubjectKind::Staff);
        rights.allows(ANNOUNCEMENT_READ.as_str(), Some(command.estate))
    };
    let holders = policy.holders(tenant, command.estate).into_iter();
    let meant =
        holders.filter(|(_, roles)| command.roles.is_empty() || !command.roles.is_disjoint(roles));
    let users = meant.map(|(user, _)| user);
    users.filter(|user| *user != caller.user() && may(*user)).collect()
}

/// Notes that the caller read an announcement that is to them; doing it again changes nothing.
#[tracing::instrument(name = "usecase.announcements.acknowledge", skip_all)]
pub(super) async fn acknowledge(
    db: &Db,
    caller: &Caller,
    id: AnnouncementId,
) -> Result<AnnouncementId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let found = repo::find(&scope, id).await?.ok_or_else(Refused::not_found)?;
    caller.read(ANNOUNCEMENT_READ, found.estate)?;
    caller.writable()?;
    let readers = repo::readers(&scope, [id]).await?.remove(&id).unwrap_or_default();
    if !readers.iter().any(|(user, _)| *user == caller.user()) {
        return Err(Refused::not_found());
    }
    repo::mark_read(&scope, id, caller.user()).await?;
    scope.commit().await?;
    Ok(id)
}
