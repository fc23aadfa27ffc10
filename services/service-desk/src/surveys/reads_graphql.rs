//! What the resolvers of surveys read.

use super::{
    SURVEY_COLLECT, SURVEY_IMPROVE, SURVEY_MANAGE, SURVEY_READ, SurveyId, audit, audit_repo,
    domain::{Improvement, ImprovementState, Invite, InviteState, Survey, SurveyState},
    forms_repo, invites_repo,
    nodes_graphql::{FormNode, ImprovementNode, InvitationNode, InviteNode, SurveyNode},
    plans_repo, repo, report,
    report_graphql::ReportNode,
    sight::{own_units, totals, visible},
};
use crate::Refused;
use authz::{Caller, UserId};
use db::{Db, TenantScope};
use graphql::PageArgs;
use ids::EstateId;
use std::collections::HashMap;

pub(super) async fn node(db: &Db, caller: &Caller, id: SurveyId) -> Result<SurveyNode, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let survey = repo::find(&scope, id).await?.ok_or_else(Refused::not_found)?;
    visible(&scope, caller, &survey).await?;
    let mut nodes = nodes(&scope, caller, vec![survey]).await?;
    nodes.pop().ok_or_else(Refused::not_found)
}

/// The nodes of some surveys of one estate, in two statements more.
pub(super) async fn nodes(
    scope: &TenantScope,
    caller: &Caller,
    surveys: Vec<Survey>,
) -> Result<Vec<SurveyNode>, Refused> {
    let audits = |it: &&Survey| caller.read(SURVEY_MANAGE, it.estate).is_ok();
    let audited = surveys.iter().filter(audits).map(|survey| survey.id);
    let calls = audit_repo::calls(scope, audited).await?;
    let callers = calls.iter().filter_map(|call| call.called.map(|(by, _)| by));
    let people = surveys.iter().filter_map(|survey| survey.drawn_by).chain(callers);
    let known = places::staff::by_id(scope, people.map(UserId::as_uuid)).await?;
    let mut of: HashMap<SurveyId, Vec<audit_repo::Call>> = HashMap::new();
    for call in calls {
        of.entry(call.survey).or_default().push(call);
    }
    let node = |survey: Survey| {
        let calls = of.remove(&survey.id).unwrap_or_default();
        SurveyNode::new(survey, calls, &known)
    };
    Ok(surveys.into_iter().map(node).collect())
}

pub(super) async fn plan_nodes(
    scope: &TenantScope,
    plans: Vec<Improvement>,
    named: bool,
) -> Result<Vec<ImprovementNode>, Refused> {
    let owners = plans.iter().filter_map(|plan| plan.owner.map(UserId::as_uuid));
    let known = places::staff::by_id(scope, owners).await?;
    let node = |mut plan: Improvement| {
        plan.owner = plan.owner.filter(|_| named);
        ImprovementNode::new(plan, &known)
    };
    Ok(plans.into_iter().map(node).collect())
}

pub(super) async fn listed(
    db: &Db,
    caller: &Caller,
    (estate, state): (EstateId, Option<SurveyState>),
    page: &PageArgs,
) -> Result<Vec<SurveyNode>, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let staff = [SURVEY_READ, SURVEY_COLLECT];
    let staff = staff.iter().any(|permission| caller.read(*permission, estate).is_ok());
    let published = [SurveyState::Reported, SurveyState::Improving, SurveyState::Verified];
    if !staff && own_units(&scope, caller, estate).await?.is_empty() {
        return Err(Refused::not_found());
    }
    let wanted: Option<Vec<SurveyState>> = match (state, staff) {
        (None, true) => None,
        (None, false) => Some(published.to_vec()),
        (Some(state), _) => {
            Some([state].into_iter().filter(|it| staff || published.contains(it)).collect())
        }
    };
    let found = repo::page(&scope, estate, wanted.as_deref(), page).await?;
    nodes(&scope, caller, found).await
}

pub(super) async fn invites(
    db: &Db,
    caller: &Caller,
    (id, state): (SurveyId, Option<InviteState>),
    page: &PageArgs,
) -> Result<Vec<Invite>, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let survey = repo::find(&scope, id).await?.ok_or_else(Refused::not_found)?;
    let manages = caller.read(SURVEY_MANAGE, survey.estate);
    let right = manages.or_else(|_| caller.read(SURVEY_COLLECT, survey.estate))?;
    let zone = right.zone().map(<[_]>::to_vec);
    let wanted = invites_repo::Wanted { zone, state };
    Ok(invites_repo::page(&scope, id, wanted, page).await?)
}

pub(super) async fn invitations(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    page: &PageArgs,
) -> Result<Vec<(String, InvitationNode)>, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let units = own_units(&scope, caller, estate).await?;
    let open = invites_repo::of_homes(&scope, estate, &units).await?;
    let key = |invite: &Invite| format!("{} {}", invite.survey, invite.unit);
    let last = page.after.as_ref().map(|cursor| cursor.0.as_str());
    // Newest first; a home is asked at most once in a survey, so that there are few.
    let passed = last.and_then(|last| open.iter().position(|invite| key(invite) == last));
    let rest = open.into_iter().skip(passed.map_or(0, |at| at + 1));
    let rest: Vec<_> = rest.take(usize::try_from(page.limit()).unwrap_or(usize::MAX)).collect();
    let surveys = repo::by_id(&scope, rest.iter().map(|invite| invite.survey)).await?;
    let node = |invite: Invite| {
        let survey = surveys.get(&invite.survey)?.clone();
        let survey = SurveyNode::new(survey, Vec::new(), &HashMap::new());
        Some((key(&invite), InvitationNode { survey, invite: InviteNode::new(invite) }))
    };
    Ok(rest.into_iter().filter_map(node).collect())
}

pub(super) async fn forms(
    db: &Db,
    caller: &Caller,
    (id, audit): (SurveyId, bool),
    page: &PageArgs,
) -> Result<Vec<FormNode>, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let survey = repo::find(&scope, id).await?.ok_or_else(Refused::not_found)?;
    caller.read(SURVEY_MANAGE, survey.estate)?;
    let codes = if audit { Some(audit::wanted(&scope, &survey).await?) } else { None };
    let after = page.after.as_ref().map(|cursor| cursor.0.as_str());
    let found = forms_repo::page(&scope, id, codes, (after, page.limit())).await?;
    let again = audit_repo::rekeys(&scope, id).await?;
    let keyed = found.iter().filter_map(|form| form.entered_by);
    let people = keyed.chain(again.values().map(|again| again.by));
    let known = places::staff::by_id(&scope, people.map(UserId::as_uuid)).await?;
    let node = |form: forms_repo::Kept| {
        let again = again.get(&form.code);
        FormNode::new(form, again, (survey.state >= SurveyState::Audited, &known))
    };
    Ok(found.into_iter().map(node).collect())
}

pub(super) async fn found(
    db: &Db,
    caller: &Caller,
    id: SurveyId,
) -> Result<Option<ReportNode>, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let survey = repo::find(&scope, id).await?.ok_or_else(Refused::not_found)?;
    visible(&scope, caller, &survey).await?;
    if !totals(caller, &survey) {
        return Ok(None);
    }
    let report = report::of(&scope, &survey).await?;
    let staff = caller.read(SURVEY_READ, survey.estate).is_ok();
    let plans = plans_repo::of_surveys(&scope, [id]).await?;
    let plans = plan_nodes(&scope, plans, staff).await?;
    Ok(Some(ReportNode::new(&survey, &report, plans)))
}

pub(super) async fn improvements(
    db: &Db,
    caller: &Caller,
    (estate, state): (EstateId, Option<ImprovementState>),
    page: &PageArgs,
) -> Result<Vec<ImprovementNode>, Refused> {
    caller.read(SURVEY_IMPROVE, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let found = plans_repo::page(&scope, estate, state, page).await?;
    plan_nodes(&scope, found, true).await
}
