//! A word to the unit that a complaint is about, which never tells who complained.

use super::{
    COMPLAINT_HANDLE, ComplaintId,
    domain::{Complaint, gives_away},
    held::{Done, held, keep},
    kinds::ActKind,
    reveal::names,
    say,
};
use crate::{
    Refused,
    messages::{MessageKind, Words, Written, post_all},
};
use authz::Caller;
use contracts::UnitId;
use db::{Db, TenantScope};
use errors::input;

/// Tells those who belong to the unit today, and keeps what they were told. Words with the complainant's name or unit are refused,
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
    let Some(unit) = complaint.about_unit else {
        return Err(Refused::Conflict(say::no_other_party()));
    };
    let (name, label) = names(&scope, &complaint).await?;
    let names: Vec<String> = name.into_iter().chain(label).collect();
    if gives_away(&words, &names) {
        return Err(Refused::invalid("words", say::names_the_complainant()));
    }
    complaint.work().map_err(Refused::Conflict)?;
    write(&scope, &complaint, unit, &words).await?;
    let done = Done::inside(ActKind::OtherPartyTold, words);
    keep(&scope, caller, &mut complaint, done).await?;
    scope.commit().await?;
    Ok(complaint)
}

/// Nothing in the letter leads to the complaint: it refers to the unit itself.
async fn write(
    scope: &TenantScope,
    complaint: &Complaint,
    unit: UnitId,
    words: &str,
) -> Result<(), Refused> {
    let today = places::estates::today(scope, complaint.estate).await?;
    let members = places::homes::members(scope, [unit]).await?;
    let letter = |person| Written {
        estate: complaint.estate,
        person,
        unit: Some(unit),
        kind: MessageKind::Complaint,
        title: Words::from(&say::letter_neighbour_title()),
        body: Words { zh: words.to_owned(), en: words.to_owned() },
        reference: unit.to_string(),
    };
    let now = members.into_iter().filter(|member| member.on(today));
    post_all(scope, now.map(|member| letter(member.person)).collect()).await.map(drop)
}
