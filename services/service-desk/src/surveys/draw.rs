//! Drawing the sample, handing it out, and keeping track of the homes.

use super::{
    SURVEY_COLLECT, SURVEY_MANAGE, SurveyId, by_clock,
    domain::{Home, Invite, InviteState, Step, Survey, SurveyState, draw as drawn, share},
    invites_repo, letters, repo, say,
    sight::{held, managed, note, saved, stepped, wrong_state},
};
use crate::{Refused, homes};
use authz::Caller;
use contracts::{UnitId, residents::MemberKind};
use db::{Db, TenantScope};
use errors::expected;
use ids::EstateId;
use places::homes::Unit;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The most homes that are marked at once.
const MOST: usize = 100;

/// Draws the sample of a survey: a share of the homes that are occupied today, by building, nobody
/// again before all were asked; the seed is kept, so that anybody can draw it again.
#[tracing::instrument(name = "usecase.surveys.draw", skip_all)]
pub(super) async fn draw(
    db: &Db,
    caller: &Caller,
    (id, version): (SurveyId, i32),
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let survey = managed(&scope, caller, (id, version)).await?;
    let survey = stepped(survey, Step::Draw)?;
    let units = occupied(&scope, survey.estate).await?;
    if units.is_empty() {
        return Err(Refused::Conflict(say::nobody_home()));
    }
    let (mut rotation, frame) = frame(&scope, survey.estate, &units).await?;
    let total = share(frame.len(), survey.targets.rate);
    if frame.iter().filter(|home| !home.asked).count() < total {
        rotation += 1;
    }
    let seed = hex::encode(scope.clock().bytes::<16>());
    let sample: HashSet<Uuid> = drawn(&seed, &frame, total).into_iter().collect();
    let survey = Survey {
        seed: Some(seed),
        occupied: i32::try_from(frame.len()).unwrap_or(i32::MAX),
        rotation,
        drawn_by: Some(caller.user()),
        drawn_at: Some(scope.now()),
        ..survey
    };
    saved(&scope, &survey).await?;
    repo::keep_frame(&scope, id, &frame).await?;
    let asked = units.values().filter(|unit| sample.contains(&unit.id.as_uuid()));
    let invites: Vec<Invite> = asked.map(|unit| invite(id, unit)).collect();
    invites_repo::insert(&scope, (survey.estate, rotation), &invites).await?;
    let detail = (&survey.seed, frame.len(), invites.len());
    note(&scope, caller, "survey.sample_drawn", (id, survey.estate), detail).await?;
    Ok(scope.commit().await?)
}

fn invite(survey: SurveyId, unit: &Unit) -> Invite {
    Invite {
        survey,
        unit: unit.id,
        building: unit.building,
        building_code: unit.building_code.clone(),
        label: unit.label.clone(),
        state: InviteState::Drawn,
    }
}

/// The units to which an owner, a lessee or family belong today.
async fn occupied(scope: &TenantScope, estate: EstateId) -> Result<HashMap<UnitId, Unit>, Refused> {
    let today = homes::estate(scope, estate).await?.today(scope);
    let units = places::homes::of_estate(scope, estate, None).await?;
    let members = places::homes::members(scope, units.iter().map(|unit| unit.id)).await?;
    let lived_in: HashSet<UnitId> = members
        .into_iter()
        .filter(|member| member.on(today) && member.kind != MemberKind::Developer)
        .map(|member| member.unit)
        .collect();
    let units = units.into_iter().filter(|unit| lived_in.contains(&unit.id));
    Ok(units.map(|unit| (unit.id, unit)).collect())
}

/// The present round through all homes, and which of these homes were asked in it.
async fn frame(
    scope: &TenantScope,
    estate: EstateId,
    units: &HashMap<UnitId, Unit>,
) -> Result<(i32, Vec<Home>), Refused> {
    let last = repo::last_drawn(scope, estate).await?;
    let rotation = last.as_ref().map_or(1, |last| last.rotation);
    let asked = invites_repo::asked(scope, estate, rotation).await?;
    let asked_last: HashSet<UnitId> = match last {
        Some(last) => {
            let all = invites_repo::of_survey(scope, last.id).await?;
            all.into_iter().map(|invite| invite.unit).collect()
        }
        None => HashSet::new(),
    };
    let home = |unit: &Unit| Home {
        unit: unit.id.as_uuid(),
        building: unit.building.as_uuid(),
        asked: asked.contains(&unit.id.as_uuid()),
        asked_last: asked_last.contains(&unit.id),
    };
    let mut frame: Vec<Home> = units.values().map(home).collect();
    frame.sort_unstable_by_key(|home| home.unit);
    Ok((rotation, frame))
}

/// What drawing a sample again gives.
#[derive(Clone, Debug)]
pub(super) struct Verification {
    pub seed: String,
    pub occupied: usize,
    pub sample: usize,
    pub same: bool,
}

/// Draws a sample again from its seed and the homes that could be asked then.
pub(super) async fn verify(
    db: &Db,
    caller: &Caller,
    id: SurveyId,
) -> Result<Verification, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let survey = repo::find(&scope, id).await?.ok_or_else(Refused::not_found)?;
    caller.read(SURVEY_MANAGE, survey.estate)?;
    let seed = survey.seed.clone().ok_or_else(wrong_state)?;
    let frame = repo::frame(&scope, id).await?;
    let again = drawn(&seed, &frame, share(frame.len(), survey.targets.rate));
    let asked = invites_repo::of_survey(&scope, id).await?;
    let mut asked: Vec<Uuid> = asked.into_iter().map(|invite| invite.unit.as_uuid()).collect();
    asked.sort_unstable();
    let (occupied, sample) = (frame.len(), asked.len());
    Ok(Verification { seed, occupied, sample, same: again == asked })
}

/// Hands a survey out: from now on the homes may answer, and who belongs to them is asked to.
#[tracing::instrument(name = "usecase.surveys.issue", skip_all)]
pub(super) async fn issue(
    db: &Db,
    caller: &Caller,
    (id, version): (SurveyId, i32),
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let survey = managed(&scope, caller, (id, version)).await?;
    let survey = stepped(survey, Step::Issue)?;
    saved(&scope, &survey).await?;
    let way: (&[_], _) = (&[InviteState::Drawn], InviteState::Sent);
    let sent = invites_repo::mark(&scope, id, None, way).await?;
    letters::invited(&scope, &survey).await?;
    by_clock::set(&scope, &survey).await?;
    note(&scope, caller, "survey.issued", (id, survey.estate), sent).await?;
    Ok(scope.commit().await?)
}

/// An officer reminded homes of their zone, or they refused.
#[tracing::instrument(name = "usecase.surveys.mark", skip_all)]
pub(super) async fn mark(
    db: &Db,
    caller: &Caller,
    (id, units): (SurveyId, Vec<UnitId>),
    to: InviteState,
) -> Result<(), Refused> {
    if !(1..=MOST).contains(&units.len()) {
        return Err(Refused::invalid("unitIds", expected::items(1, MOST)));
    }
    let scope = db.write(caller.tenant()).await?;
    let (survey, right) = held(&scope, caller, id, SURVEY_COLLECT).await?;
    let wanted: HashSet<UnitId> = units.iter().copied().collect();
    in_zone(&scope, (id, right.zone()), &units).await?;
    if !matches!(survey.state, SurveyState::Issued | SurveyState::Collecting) {
        return Err(wrong_state());
    }
    let way: (&[_], _) = (&[InviteState::Sent, InviteState::Reminded], to);
    let marked = invites_repo::mark(&scope, id, Some(&units), way).await?;
    if marked != u64::try_from(wanted.len()).unwrap_or(u64::MAX) {
        return Err(Refused::Conflict(say::not_open()));
    }
    note(&scope, caller, "survey.homes_marked", (id, survey.estate), (to, marked)).await?;
    Ok(scope.commit().await?)
}

/// Homes of a sample, every one of them in the zone.
pub(super) async fn in_zone(
    scope: &TenantScope,
    (survey, zone): (SurveyId, Option<&[Uuid]>),
    units: &[UnitId],
) -> Result<HashMap<UnitId, Invite>, Refused> {
    let found = invites_repo::of_units(scope, survey, units).await?;
    let covered =
        |invite: &Invite| zone.is_none_or(|zone| zone.contains(&invite.building.as_uuid()));
    let found: HashMap<UnitId, Invite> =
        found.into_iter().filter(covered).map(|invite| (invite.unit, invite)).collect();
    if units.iter().all(|unit| found.contains_key(unit)) {
        Ok(found)
    } else {
        Err(Refused::not_found())
    }
}
