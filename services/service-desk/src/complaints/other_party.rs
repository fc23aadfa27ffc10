//! A word to the unit that a complaint is about, which never tells who complained.

use super::{
    COMPLAINT_HANDLE, ComplaintId,
    domain::{Complaint, gives_away},
    held::{Done, held, keep},
    kinds::ActKind,
    reveal::names,
    say,
};
use crate::Refused;
use authz::Caller;
use db::Db;
use errors::input;

/// Notes what the other party was told. Words with the complainant's name or unit are refused,
/// whether staff know them or not.
#[tracing::instrument(name = "usecase.complaints.tell_other_party", skip_all)]
pub(super) async fn tell(
    db: &Db,
    caller: &Caller,
    which: (ComplaintId, i32),
    words: &str,
) -> Result<Complaint, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut complaint = held(&scope, caller, COMPLAINT_HANDLE, which).await?;
    let words = input::lines("words", words, 1_000)?;
    if complaint.about_unit.is_none() {
        return Err(Refused::Conflict(say::no_other_party()));
    }
    let (name, label) = names(&scope, &complaint).await?;
    let names: Vec<String> = name.into_iter().chain(label).collect();
    if gives_away(&words, &names) {
        return Err(Refused::invalid("words", say::names_the_complainant()));
    }
    complaint.work().map_err(Refused::Conflict)?;
    let done = Done::inside(ActKind::OtherPartyTold, words);
    keep(&scope, caller, &mut complaint, done).await?;
    scope.commit().await?;
    Ok(complaint)
}
