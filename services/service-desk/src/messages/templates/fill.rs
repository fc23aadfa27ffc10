//! Writing a message by a template.

use super::{domain::Used, save::nearest};
use crate::{
    Refused,
    messages::{MessageKind, Words, say},
};
use db::TenantScope;
use errors::{Invalid, expected};
use ids::EstateId;

/// The words that the newest version of a template gives for a message of this kind in an estate;
/// which version that was is noted.
///
/// # Errors
/// `template.code` when there is none, or it is for another kind; `template.values` when they are not
/// what its placeholders want.
pub(crate) async fn fill(
    scope: &TenantScope,
    (estate, kind): (EstateId, MessageKind),
    used: &mut Used,
) -> Result<(Words, Words), Refused> {
    let found = nearest(scope, Some(estate), &used.code).await?;
    let template = found.ok_or_else(|| Refused::invalid("template.code", expected::existing()))?;
    if template.kind != kind {
        return Err(Refused::invalid("template.code", say::template_of_other_kind()));
    }
    used.version = template.version;
    let filled = template.filled(&used.values);
    let below = |wrong: Invalid| Invalid { field: format!("template.{}", wrong.field), ..wrong };
    Ok(filled.map_err(below)?)
}
