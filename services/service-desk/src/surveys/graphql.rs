//! Surveys in the graph.

use super::{
    ImprovementId, SurveyId, answer, audit, cancel, close, design, draw,
    inputs_graphql::{
        AnswerSurveyInput, CancelSurveyInput, ChangeSurveyInput, CompleteSurveyImprovementInput,
        DesignSurveyInput, EnterSurveyFormsInput, MarkSurveyHomesInput, MoveSurveyInput,
        NoteSurveyCallInput, PlanSurveyImprovementInput, RekeySurveyFormsInput,
        VerifySurveyImprovementInput,
    },
    invites_repo,
    nodes_graphql::{
        FormNode, ImprovementNode, ImprovementStateWord, InvitationNode, InviteNode,
        InviteStateWord, SurveyNode, SurveyStateWord,
    },
    plans, plans_repo,
    reads_graphql::{forms, found, improvements, invitations, invites, listed, node, plan_nodes},
    report,
    report_graphql::{ReportNode, SurveySampleCheck},
};
use crate::Refused;
use async_graphql::{Context, ID, Object, Result, SimpleObject, connection::Connection};
use contracts::UnitId;
use db::Db;
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};

/// The survey after an act.
#[derive(SimpleObject)]
pub struct SurveyPayload {
    /// The survey.
    survey: SurveyNode,
}

/// The survey that was answered.
#[derive(SimpleObject)]
pub struct AnswerSurveyPayload {
    /// The survey, `svy_…`.
    survey_id: ID,
}

/// The codes of forms that were entered.
#[derive(SimpleObject)]
pub struct EnterSurveyFormsPayload {
    /// One code a form, in the order of the forms, to be written on the paper.
    codes: Vec<String>,
}

/// Homes that were marked.
#[derive(SimpleObject)]
pub struct MarkSurveyHomesPayload {
    /// The homes after it.
    invites: Vec<InviteNode>,
}

/// What comparing forms found.
#[derive(SimpleObject)]
pub struct RekeySurveyFormsPayload {
    /// How many were compared.
    compared: i32,
    /// Of them, how many differ; one is enough to have all of them keyed again.
    different: i32,
    /// The survey.
    survey: SurveyNode,
}

/// The plan after an act.
#[derive(SimpleObject)]
pub struct SurveyImprovementPayload {
    /// The plan.
    improvement: ImprovementNode,
}

/// Queries on surveys.
#[derive(Default)]
pub struct SurveyQuery;

#[Object]
impl SurveyQuery {
    /// One survey; residents see those they are asked in, and published ones.
    async fn survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The survey, `svy_…`")] id: ID,
    ) -> Result<Option<SurveyNode>> {
        node(ctx.data()?, caller(ctx)?, parse_id(&id, "id")?).await.graphql().map(Some)
    }

    /// The surveys of an estate, newest first; residents see published ones.
    async fn surveys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those that are so far")] state: Option<SurveyStateWord>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, SurveyNode>>> {
        let page = PageArgs::new(first, after)?;
        let which = (parse_id(&estate_id, "estateId")?, state.map(Into::into));
        let nodes = listed(ctx.data()?, caller(ctx)?, which, &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }

    /// The homes of a survey's sample, by label: all of them for the quality department, those of
    /// one's zone for who collects.
    async fn survey_invites(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The survey, `svy_…`")] survey_id: ID,
        #[graphql(desc = "Only those that are so far")] state: Option<InviteStateWord>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, InviteNode>>> {
        let page = PageArgs::new(first, after)?;
        let which = (parse_id(&survey_id, "surveyId")?, state.map(Into::into));
        let found = invites(ctx.data()?, caller(ctx)?, which, &page).await.graphql()?;
        Ok(Some(connection(&page, found, invites_repo::key, InviteNode::new)))
    }

    /// The surveys that one's own homes are asked to answer now, newest first.
    async fn survey_invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, InvitationNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let found = invitations(ctx.data()?, caller(ctx)?, estate, &page).await.graphql()?;
        let key = |(key, _): &(String, InvitationNode)| key.clone();
        Ok(Some(connection(&page, found, key, |(_, node)| node)))
    }

    /// The forms of a survey by their random codes; only the quality department sees them.
    async fn survey_forms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The survey, `svy_…`")] survey_id: ID,
        #[graphql(desc = "Only those that the audit wants keyed again")] audit: Option<bool>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, FormNode>>> {
        let page = PageArgs::new(first, after)?;
        let which = (parse_id(&survey_id, "surveyId")?, audit.unwrap_or_default());
        let nodes = forms(ctx.data()?, caller(ctx)?, which, &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.code.clone(), |node| node)))
    }

    /// What a survey found: totals, small groups left out. Who improves sees it once the survey is
    /// closed, everybody else who may know of the survey when it is published.
    async fn survey_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The survey, `svy_…`")] survey_id: ID,
    ) -> Result<Option<ReportNode>> {
        let id = parse_id(&survey_id, "surveyId")?;
        found(ctx.data()?, caller(ctx)?, id).await.graphql()
    }

    /// Draws a survey's sample again from its seed and the homes that could be asked then.
    async fn verify_survey_sample(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The survey, `svy_…`")] survey_id: ID,
    ) -> Result<Option<SurveySampleCheck>> {
        let id = parse_id(&survey_id, "surveyId")?;
        let done = draw::verify(ctx.data()?, caller(ctx)?, id).await.graphql()?;
        Ok(Some(done.into()))
    }

    /// The plans to improve what an estate's surveys found weak, newest first.
    async fn survey_improvements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those that are so far")] state: Option<ImprovementStateWord>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ImprovementNode>>> {
        let page = PageArgs::new(first, after)?;
        let which = (parse_id(&estate_id, "estateId")?, state.map(Into::into));
        let nodes = improvements(ctx.data()?, caller(ctx)?, which, &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }
}

/// Mutations on surveys.
#[derive(Default)]
pub struct SurveyMutation;

#[Object]
impl SurveyMutation {
    /// Begin a survey.
    async fn design_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new survey")] input: DesignSurveyInput,
    ) -> Result<SurveyPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = (parse_id(&input.estate_id, "estateId")?, input.draft.draft()?);
        let id = design::design(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Change a survey of which no sample is drawn.
    async fn change_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it asks now")] input: ChangeSurveyInput,
    ) -> Result<SurveyPayload> {
        let id = parse_id(&input.survey_id, "surveyId")?;
        let which = (id, input.expected_version);
        let draft = input.draft.draft()?;
        design::change(ctx.data()?, caller(ctx)?, which, draft).await.graphql()?;
        payload(ctx, id).await
    }

    /// Draw a survey's sample; the quality department does, never the estate.
    async fn draw_survey_sample(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The survey")] input: MoveSurveyInput,
    ) -> Result<SurveyPayload> {
        let which = moved(&input)?;
        draw::draw(ctx.data()?, caller(ctx)?, which).await.graphql()?;
        payload(ctx, which.0).await
    }

    /// Hand a survey out: its homes may answer from now on.
    async fn issue_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The survey")] input: MoveSurveyInput,
    ) -> Result<SurveyPayload> {
        let which = moved(&input)?;
        draw::issue(ctx.data()?, caller(ctx)?, which).await.graphql()?;
        payload(ctx, which.0).await
    }

    /// Say that homes of one's zone were reminded, or refused.
    async fn mark_survey_homes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The homes")] input: MarkSurveyHomesInput,
    ) -> Result<MarkSurveyHomesPayload> {
        let id = parse_id(&input.survey_id, "surveyId")?;
        let units = input.unit_ids.iter().map(|id| parse_id::<UnitId>(id, "unitIds"));
        let units: Vec<UnitId> = units.collect::<Result<_>>()?;
        let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
        draw::mark(db, who, (id, units.clone()), input.mark.into()).await.graphql()?;
        let scope = db.read(who.tenant()).await.graphql()?;
        let found = invites_repo::of_units(&scope, id, &units).await.graphql()?;
        let invites = found.into_iter().map(InviteNode::new).collect();
        Ok(MarkSurveyHomesPayload { invites })
    }

    /// Answer a survey for one's own home, once.
    async fn answer_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answers")] input: AnswerSurveyInput,
    ) -> Result<AnswerSurveyPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let survey_id = input.survey_id.clone();
        let id = parse_id(&survey_id, "surveyId")?;
        let filled = input.filled()?;
        answer::answer(ctx.data()?, caller(ctx)?, (id, filled), &key).await.graphql()?;
        Ok(AnswerSurveyPayload { survey_id })
    }

    /// Enter up to a hundred paper forms of one's zone.
    async fn enter_survey_forms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The forms")] input: EnterSurveyFormsInput,
    ) -> Result<EnterSurveyFormsPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.survey_id, "surveyId")?;
        let filled = input.filled()?;
        let codes = answer::enter(ctx.data()?, caller(ctx)?, (id, filled), &key).await;
        Ok(EnterSurveyFormsPayload { codes: codes.graphql()? })
    }

    /// Close a survey: weak items become plans due in ten working days, comments become revisits
    /// due in fifteen days, and the audit's forms and calls are drawn.
    async fn close_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The survey")] input: MoveSurveyInput,
    ) -> Result<SurveyPayload> {
        let which = moved(&input)?;
        close::close(ctx.data()?, caller(ctx)?, which).await.graphql()?;
        payload(ctx, which.0).await
    }

    /// Give up a survey that is not closed; its homes count as not asked.
    async fn cancel_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The survey")] input: CancelSurveyInput,
    ) -> Result<SurveyPayload> {
        let which = (parse_id(&input.survey_id, "surveyId")?, input.expected_version);
        cancel::cancel(ctx.data()?, caller(ctx)?, which, &input.reason).await.graphql()?;
        payload(ctx, which.0).await
    }

    /// Key forms again that somebody else entered, and compare them.
    async fn rekey_survey_forms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The forms")] input: RekeySurveyFormsInput,
    ) -> Result<RekeySurveyFormsPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.survey_id, "surveyId")?;
        let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
        let done = audit::rekey(db, who, (id, input.again()), &key).await.graphql()?;
        let survey = node(db, who, id).await.graphql()?;
        let (compared, different) = (done.compared, done.different);
        Ok(RekeySurveyFormsPayload { compared, different, survey })
    }

    /// Note what a home that returned nothing said on the phone.
    async fn note_survey_call(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call")] input: NoteSurveyCallInput,
    ) -> Result<SurveyPayload> {
        let id = parse_id(&input.survey_id, "surveyId")?;
        let which = (id, parse_id(&input.unit_id, "unitId")?);
        audit::call(ctx.data()?, caller(ctx)?, which, &input.note).await.graphql()?;
        payload(ctx, id).await
    }

    /// Complete the audit, when its forms were keyed again and two of its homes phoned.
    async fn complete_survey_audit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The survey")] input: MoveSurveyInput,
    ) -> Result<SurveyPayload> {
        let which = moved(&input)?;
        audit::complete(ctx.data()?, caller(ctx)?, which).await.graphql()?;
        payload(ctx, which.0).await
    }

    /// Publish the result of a survey.
    async fn publish_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The survey")] input: MoveSurveyInput,
    ) -> Result<SurveyPayload> {
        let which = moved(&input)?;
        report::publish(ctx.data()?, caller(ctx)?, which).await.graphql()?;
        payload(ctx, which.0).await
    }

    /// Say why an item is weak, what is done about it and who answers for it.
    async fn plan_survey_improvement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan")] input: PlanSurveyImprovementInput,
    ) -> Result<SurveyImprovementPayload> {
        let id = parse_id(&input.improvement_id, "improvementId")?;
        let owner = parse_id(&input.owner_id, "ownerId")?;
        let (which, what) = ((id, input.expected_version), (input.cause, input.action, owner));
        plans::plan(ctx.data()?, caller(ctx)?, which, what).await.graphql()?;
        improved(ctx, id).await
    }

    /// Say what came of a plan.
    async fn complete_survey_improvement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What came of it")] input: CompleteSurveyImprovementInput,
    ) -> Result<SurveyImprovementPayload> {
        let id = parse_id(&input.improvement_id, "improvementId")?;
        let which = (id, input.expected_version);
        plans::complete(ctx.data()?, caller(ctx)?, which, &input.effect).await.graphql()?;
        improved(ctx, id).await
    }

    /// Measure the effect of a plan in a later survey.
    async fn verify_survey_improvement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The later survey")] input: VerifySurveyImprovementInput,
    ) -> Result<SurveyImprovementPayload> {
        let id = parse_id(&input.improvement_id, "improvementId")?;
        let later = parse_id(&input.survey_id, "surveyId")?;
        let which = (id, input.expected_version);
        plans::verify(ctx.data()?, caller(ctx)?, which, later).await.graphql()?;
        improved(ctx, id).await
    }
}

fn moved(input: &MoveSurveyInput) -> Result<(SurveyId, i32)> {
    Ok((parse_id(&input.survey_id, "surveyId")?, input.expected_version))
}

async fn payload(ctx: &Context<'_>, id: SurveyId) -> Result<SurveyPayload> {
    let survey = node(ctx.data()?, caller(ctx)?, id).await.graphql()?;
    Ok(SurveyPayload { survey })
}

async fn improved(ctx: &Context<'_>, id: ImprovementId) -> Result<SurveyImprovementPayload> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    let plan = plans_repo::find(&scope, id).await.graphql()?.ok_or_else(Refused::not_found);
    let mut nodes = plan_nodes(&scope, vec![plan.graphql()?], true).await.graphql()?;
    Ok(SurveyImprovementPayload { improvement: nodes.remove(0) })
}
