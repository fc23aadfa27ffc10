//! What the homes of a sample are written: that they are asked, and that the time to answer ends.

use super::{
    domain::{Invite, InviteState, Survey},
    invites_repo, say,
};
use crate::{
    Refused, homes,
    messages::{MessageKind, Words, Written, post_all},
};
use chrono::NaiveDate;
use contracts::residents::MemberKind;
use db::TenantScope;
use places::homes::Unit;
use texts::{Language, Text};

/// Asks who belongs to the homes of the sample.
pub(super) async fn invited(scope: &TenantScope, survey: &Survey) -> Result<(), Refused> {
    let asked = invites_repo::of_survey(scope, survey.id).await?;
    let words = (say::letter_title(), &(|title: String| say::letter_body(title)) as Body<'_>);
    sent(scope, survey, &asked, words).await
}

/// Reminds who belongs to the homes that have not answered, and notes it of them; how many.
pub(super) async fn reminded(
    scope: &TenantScope,
    survey: &Survey,
    until: NaiveDate,
) -> Result<u64, Refused> {
    let all = invites_repo::of_survey(scope, survey.id).await?;
    let silent: Vec<Invite> = all.into_iter().filter(|it| it.state == InviteState::Sent).collect();
    let body = |title: String| say::reminder_body(title, until);
    sent(scope, survey, &silent, (say::reminder_title(), &body)).await?;
    let way: (&[_], _) = (&[InviteState::Sent], InviteState::Reminded);
    Ok(invites_repo::mark(scope, survey.id, None, way).await?)
}

/// What a letter says of a survey with this title.
type Body<'b> = &'b (dyn Fn(String) -> Text + Sync);

async fn sent(
    scope: &TenantScope,
    survey: &Survey,
    asked: &[Invite],
    (title, body): (Text, Body<'_>),
) -> Result<(), Refused> {
    let units = places::homes::units(scope, asked.iter().map(|invite| invite.unit)).await?;
    let mut units: Vec<Unit> = units.into_values().collect();
    units.sort_unstable_by(|one, other| one.label.cmp(&other.label));
    let lives_there = |kind| kind != MemberKind::Developer;
    let people = homes::people(scope, survey.estate, &units, lives_there).await?;
    let (zh, en) = survey.title.clone();
    let body = Words { zh: body(zh).say(Language::Zh), en: body(en).say(Language::En) };
    let letter = |(person, unit): (_, Unit)| Written {
        estate: survey.estate,
        person,
        unit: Some(unit.id),
        kind: MessageKind::Survey,
        title: Words::from(&title),
        body: body.clone(),
        reference: survey.id.to_string(),
    };
    post_all(scope, people.into_iter().map(letter).collect()).await.map(drop)
}
