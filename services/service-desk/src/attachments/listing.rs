//! What is attached to something.

use super::{Attachment, AttachmentId, FileState, Parent, Stage, domain::File, files_repo, repo};
use crate::Refused;
use authz::Caller;
use db::{Db, TenantScope};
use graphql::PageArgs;

/// A page of what is or was attached to something that the caller may see, and one more.
pub(super) async fn page(
    db: &Db,
    caller: &Caller,
    parent: Parent,
    page: &PageArgs,
) -> Result<(TenantScope, Vec<(Attachment, File)>), Refused> {
    let scope = db.read(caller.tenant()).await?;
    let estate = parent.seen(&scope, caller).await?;
    let inside = parent.inside(caller, estate);
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<AttachmentId>().ok());
    let after = after.map(AttachmentId::as_uuid);
    let found = repo::page(&scope, (parent, inside), after, page.limit()).await?;
    let found = with_files(&scope, found).await?;
    Ok((scope, found))
}

/// A file that is attached to a thing and was not taken away.
async fn attached(
    scope: &TenantScope,
    parent: Parent,
    id: AttachmentId,
) -> Result<Option<(Attachment, File)>, Refused> {
    let one = repo::find(scope, id).await?;
    let one = one.filter(|one| one.parent == parent && one.removed.is_none());
    Ok(with_files(scope, one.into_iter().collect()).await?.pop())
}

/// Whether a file can be the picture of a signature: attached to this very thing for all who see it,
/// a picture in which no virus was found, and not one of before the work. The feature asks whether the
/// caller may see the thing.
///
/// # Errors
/// `NOT_FOUND` when nothing such is attached to it.
pub(crate) async fn is_signature(
    scope: &TenantScope,
    parent: Parent,
    id: AttachmentId,
) -> Result<bool, Refused> {
    let (one, file) = attached(scope, parent, id).await?.ok_or_else(Refused::not_found)?;
    let fits = file.kind.is_image() && file.state != FileState::Infected;
    Ok(fits && !one.internal && one.stage != Stage::Before)
}

/// One attachment after an act of the caller.
pub(super) async fn one(
    db: &Db,
    caller: &Caller,
    id: AttachmentId,
) -> Result<(TenantScope, Vec<(Attachment, File)>), Refused> {
    let scope = db.read(caller.tenant()).await?;
    let one = repo::find(&scope, id).await?.ok_or(Refused::not_found())?;
    let found = with_files(&scope, vec![one]).await?;
    Ok((scope, found))
}

async fn with_files(
    scope: &TenantScope,
    found: Vec<Attachment>,
) -> Result<Vec<(Attachment, File)>, Refused> {
    let mut files = files_repo::by_id(scope, found.iter().map(|one| one.file)).await?;
    let with = |one: Attachment| files.remove(&one.file).map(|file| (one, file));
    Ok(found.into_iter().filter_map(with).collect())
}
