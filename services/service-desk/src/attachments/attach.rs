//! Attaching files and taking them away.

use super::{Attachment, AttachmentId, Parent, Stage, domain::Removal, files_repo, repo, say};
use crate::Refused;
use authz::{AuditFact, Caller, audit, keyed};
use contracts::FileId;
use db::{Db, IdempotencyKey, TenantScope};
use errors::{expected, input};
use ids::EstateId;
use serde::Serialize;

/// The most that is attached to one thing.
pub(super) const MOST: u64 = 50;

/// Attach this.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Attach {
    pub parent: Parent,
    pub file: FileId,
    pub caption: Option<String>,
    pub stage: Stage,
    pub internal: bool,
}

/// Attaches a file that the caller uploaded to something they may see and record in.
#[tracing::instrument(name = "usecase.attachments.attach", skip_all)]
pub(super) async fn attach(
    db: &Db,
    caller: &Caller,
    command: Attach,
    key: &IdempotencyKey,
) -> Result<AttachmentId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let estate = command.parent.seen(&scope, caller).await?;
    drop(scope);
    command.parent.rights().attaches(caller, estate)?;
    if command.internal && !command.parent.inside(caller, estate) {
        return Err(Refused::invalid("internal", say::staff_only()));
    }
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "attach", key, &input, move |scope| {
        Box::pin(async move {
            let file = files_repo::find(scope, command.file).await?;
            file.ok_or(Refused::not_found())?.attachable(actor.user())?;
            command.parent.takes_more(scope).await?;
            if repo::count(scope, command.parent).await? >= MOST {
                return Err(Refused::Conflict(say::too_many(MOST)));
            }
            let one = Attachment {
                id: AttachmentId::from_uuid(scope.new_id()),
                parent: command.parent,
                estate,
                file: command.file,
                caption: input::optional("caption", command.caption.as_deref(), 200)?,
                stage: command.stage,
                internal: command.internal,
                attached_by: actor.user(),
                attached_at: scope.now(),
                removed: None,
            };
            if !files_repo::take(scope, one.file).await? {
                return Err(Refused::invalid("fileId", expected::unused()));
            }
            repo::insert(scope, &one).await?;
            note(scope, &actor, "attachment.added", &one, None).await?;
            Ok(one.id)
        })
    })
    .await
}

/// Takes an attachment away: one's own, or any for who handles what it is attached to. That it was
/// there, and why it went, stays; so does the file, which nobody is handed any more.
#[tracing::instrument(name = "usecase.attachments.remove", skip_all, fields(attachment.id = %id))]
pub(super) async fn remove(
    db: &Db,
    caller: &Caller,
    id: AttachmentId,
    reason: &str,
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let one = repo::find(&scope, id).await?.ok_or(Refused::not_found())?;
    let estate = one.seen(&scope, caller).await?;
    let rights = one.parent.rights();
    if one.attached_by == caller.user() {
        rights.attaches(caller, estate)?;
    } else {
        caller.act(rights.tidy, rights.see, estate)?;
    }
    let reason = reason.trim();
    if !(2..=500).contains(&reason.chars().count()) {
        return Err(Refused::invalid("reason", expected::length(2, 500)));
    }
    let reason = input::lines("reason", reason, 500)?;
    let removal = Removal { at: scope.now(), by: caller.user(), reason };
    if !repo::remove(&scope, id, &removal).await? {
        return Err(Refused::Conflict(say::removed_already()));
    }
    note(&scope, caller, "attachment.removed", &one, Some(&removal.reason)).await?;
    Ok(scope.commit().await?)
}

/// The estate of an attachment that the caller may see, as what it is attached to.
///
/// # Errors
/// `NOT_FOUND`.
pub(crate) async fn seen(
    scope: &TenantScope,
    caller: &Caller,
    id: AttachmentId,
) -> Result<EstateId, Refused> {
    let one = repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
    one.seen(scope, caller).await
}

async fn note(
    scope: &TenantScope,
    caller: &Caller,
    action: &'static str,
    one: &Attachment,
    reason: Option<&str>,
) -> Result<(), Refused> {
    let fact = AuditFact {
        action,
        object: one.id.to_string(),
        estate: Some(one.estate),
        reason,
        detail: (one.parent, one.file, one.stage),
    };
    Ok(audit(scope, caller, fact).await?)
}
