//! Reading one's letters.

use super::repo;
use crate::{
    Refused,
    messages::{dunning, preferences::oneself},
};
use authz::Caller;
use db::Db;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Marks letters of one's own read; one that is read already stays as it is. What a demand of
/// billing's becomes by it, billing is told.
#[tracing::instrument(name = "usecase.messages.mark_read", skip_all)]
pub(super) async fn mark_read(db: &Db, caller: &Caller, ids: Vec<Uuid>) -> Result<u64, Refused> {
    let person = oneself(caller)?;
    caller.writable()?;
    let scope = db.write(caller.tenant()).await?;
    let ids: BTreeSet<Uuid> = ids.into_iter().collect();
    let found = repo::by_ids(&scope, ids.iter().copied()).await?;
    let own = |id: &Uuid| found.get(id).is_some_and(|it| it.person == person && it.in_inbox);
    if !ids.iter().all(own) {
        return Err(Refused::not_found());
    }
    let marked = repo::mark(&scope, person, ids.into_iter().collect()).await?;
    dunning::read(&scope, &marked).await?;
    crate::notices::letters_read(&scope, marked.iter().map(|it| it.id).collect()).await?;
    let unread = repo::count_unread(&scope, person).await?;
    scope.commit().await?;
    Ok(unread)
}
