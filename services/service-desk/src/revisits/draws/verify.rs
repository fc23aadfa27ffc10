//! Drawing again from the seed that is kept.

use super::{
    domain::{Draw, Verdict},
    repo,
};
use crate::{
    Refused,
    revisits::{REVISIT_READ, RevisitDrawId, candidates_repo as candidates, tasks},
};
use authz::{Caller, Reach};
use db::Db;
use uuid::Uuid;

/// Draws again and says whether candidates and choice are those of the draw. For who sees all of
/// the estate.
#[tracing::instrument(name = "usecase.revisits.verify", skip_all)]
pub(in crate::revisits) async fn verify(
    db: &Db,
    caller: &Caller,
    id: RevisitDrawId,
) -> Result<(Draw, Verdict), Refused> {
    let scope = db.read(caller.tenant()).await?;
    let draw = repo::find(&scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.read(REVISIT_READ, draw.estate)?;
    if *right.reach() != Reach::All {
        return Err(Refused::not_found());
    }
    let found = candidates::of_month(&scope, draw.estate, draw.source, draw.month).await?;
    let ids: Vec<Uuid> = found.iter().map(|fact| fact.id).collect();
    let revisits = tasks::repo::of_month(&scope, draw.estate, draw.month).await?;
    let of_draw = revisits.iter().filter(|revisit| revisit.source == draw.source);
    let before = |candidate: &Uuid| draw.chosen.contains(candidate);
    // A revisit that was there before the draw has none; it counts where the draw chose it too.
    let counted = of_draw
        .filter(|it| it.draw == Some(draw.id.as_uuid()) || before(&it.candidate))
        .map(|it| it.candidate);
    let verdict = draw.verify(&ids, &counted.collect::<Vec<_>>());
    Ok((draw, verdict))
}
