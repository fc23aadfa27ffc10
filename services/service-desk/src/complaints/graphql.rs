//! Complaints in the graph.

use super::{
    COMPLAINT_READ, ComplaintId,
    about::{self, About},
    assign, close, clusters,
    domain::Complaint,
    escalate, extend, figures,
    figures_graphql::{ComplaintClusters, ComplaintMonth},
    held::known,
    input_graphql::{
        AgreeComplaintTimeInput, AssignComplaintInput, CloseComplaintInput, DeclineComplaintInput,
        EscalateComplaintInput, GradeComplaintInput, LinkComplaintsInput, NoteComplaintInput,
        ProposeComplaintTimeInput, ReceiveComplaintInput, ReopenComplaintInput,
        ResolveComplaintInput, RespondToComplaintInput, RevealComplainantInput,
        SetComplaintAboutInput, TellOtherPartyInput, staff,
    },
    kinds::{Grade, Ground},
    kinds_graphql::{ComplaintClass, ComplaintGrade, ComplaintState},
    node_graphql::ComplaintNode,
    other_party, receive, repo, resolve, respond, reveal, work,
};
use crate::{
    Refused,
    graphql::{PersonNode, UnitNode},
    homes,
    month::Month,
    revisits::DESK_FIGURES_READ,
};
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, PolicyStore, Subject};
use chrono::Duration;
use contracts::UnitId;
use db::Db;
use errors::{Invalid, expected};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use ids::EstateId;

/// Which complaints are wanted.
#[derive(Default, InputObject)]
pub struct ComplaintFilter {
    /// Only those that are there.
    state: Option<ComplaintState>,
    /// Only open ones, or only those that are not.
    open: Option<bool>,
    /// Only those of this class.
    class: Option<ComplaintClass>,
    /// Only those of this grade; residents are not told grades.
    grade: Option<ComplaintGrade>,
    /// Only those that this member of staff handles, `usr_…`.
    handler_id: Option<ID>,
    /// Only those that came in this month, e.g. `2026-07`.
    month: Option<String>,
    /// Only those of this unit, or about it, `unt_…`.
    unit_id: Option<ID>,
    /// Only those that are past their time and not resolved.
    overdue: Option<bool>,
    /// Only those that repeat an earlier one, or only those that do not.
    repeated: Option<bool>,
    /// Only those of this group of the same cause.
    same_cause: Option<ID>,
}

/// The complaint after an act.
#[derive(SimpleObject)]
pub struct ComplaintPayload {
    /// The complaint; empty for who may not know of it any more.
    complaint: Option<ComplaintNode>,
}

/// The complaints that were linked.
#[derive(SimpleObject)]
pub struct LinkComplaintsPayload {
    /// The complaints.
    complaints: Vec<ComplaintNode>,
}

/// Who complained.
#[derive(SimpleObject)]
pub struct RevealComplainantPayload {
    /// The person, where they are known.
    complainant: Option<PersonNode>,
    /// What they are called, in full.
    complainant_name: Option<String>,
    /// Their unit.
    unit: Option<UnitNode>,
    /// Its label.
    unit_label: Option<String>,
}

/// Queries on complaints.
#[derive(Default)]
pub struct ComplaintQuery;

#[Object]
impl ComplaintQuery {
    /// One complaint.
    async fn complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The complaint, `cpl_…`")] id: ID,
    ) -> Result<Option<ComplaintNode>> {
        let id = parse_id(&id, "id")?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let scope = db.read(caller.tenant()).await.graphql()?;
        let found = known(&scope, caller, id).await.graphql()?;
        let nodes = ComplaintNode::load(&scope, caller, vec![found]).await.graphql()?;
        Ok(nodes.into_iter().next())
    }

    /// The complaints of an estate, newest first; residents see their own, nobody those about
    /// themselves.
    async fn complaints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only such")] filter: Option<ComplaintFilter>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ComplaintNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let filter = wanted(filter.unwrap_or_default())?;
        let nodes = listed(ctx.data()?, caller(ctx)?, (estate, filter), &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, ComplaintNode::cursor, |node| node)))
    }

    /// Where complaints gather: those of one building with one cause, or one class where no cause
    /// was found yet.
    async fn complaint_clusters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Of so many days back, 1 to 365; 30 when left out")] days: Option<i32>,
        #[graphql(desc = "Of at least so many, 2 to 100; 3 when left out")] least: Option<i32>,
    ) -> Result<Option<ComplaintClusters>> {
        let estate = parse_id(&estate_id, "estateId")?;
        let days = within("days", days.unwrap_or(30), (1, 365)).graphql()?;
        let least = within("least", least.unwrap_or(3), (2, 100)).graphql()?;
        let which = (estate, i64::from(days), usize::try_from(least).unwrap_or(usize::MAX));
        gathered(ctx.data()?, caller(ctx)?, which).await.graphql().map(Some)
    }

    /// What the complaints came to that an estate received in a month.
    async fn complaint_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The month, e.g. `2026-07`")] month: String,
    ) -> Result<Option<ComplaintMonth>> {
        let estate = parse_id(&estate_id, "estateId")?;
        let month = Month::read("month", &month).graphql()?;
        let caller = caller(ctx)?;
        let right = caller.read(DESK_FIGURES_READ, estate).graphql()?;
        homes::whole(&right).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        homes::of_right(&scope, &right).await.graphql()?;
        let found = figures::figures(&scope, estate, month).await.graphql()?;
        Ok(Some(ComplaintMonth::new(month, &found)))
    }
}

/// Mutations on complaints.
#[derive(Default)]
pub struct ComplaintMutation;

#[Object]
impl ComplaintMutation {
    /// Take a complaint down, or make one as a resident; its clock runs from its first receipt on.
    async fn receive_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The complaint")] input: ReceiveComplaintInput,
    ) -> Result<ComplaintPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let id = receive::receive(db, caller, input.command()?, &key).await.graphql()?;
        let scope = db.read(caller.tenant()).await.graphql()?;
        // Who takes one down without seeing complaints, as a guard does, gets no more than that.
        let found = known(&scope, caller, id).await.ok().into_iter().collect();
        let nodes = ComplaintNode::load(&scope, caller, found).await.graphql()?;
        Ok(ComplaintPayload { complaint: nodes.into_iter().next() })
    }

    /// Say whom a complaint is about; for the staff among them it is gone from now on.
    async fn set_complaint_about(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom")] input: SetComplaintAboutInput,
    ) -> Result<ComplaintPayload> {
        let which = (parse_id(&input.complaint_id, "complaintId")?, input.expected_version);
        let unit = input.about_unit_id.map(|id| parse_id(&id, "aboutUnitId")).transpose()?;
        let about = About { staff: staff(&input.about_staff_ids)?, unit };
        payload(ctx, about::set_about(ctx.data()?, caller(ctx)?, which, about).await).await
    }

    /// Answer the complainant for the first time.
    async fn respond_to_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer")] input: RespondToComplaintInput,
    ) -> Result<ComplaintPayload> {
        let which = (parse_id(&input.complaint_id, "complaintId")?, input.expected_version);
        payload(ctx, respond::respond(ctx.data()?, caller(ctx)?, which, &input.words).await).await
    }

    /// Grade a complaint, or grade it otherwise.
    async fn grade_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The grade")] input: GradeComplaintInput,
    ) -> Result<ComplaintPayload> {
        let which = (parse_id(&input.complaint_id, "complaintId")?, input.expected_version);
        let ground = (input.ground.into(), input.reason.as_deref());
        payload(ctx, respond::grade(ctx.data()?, caller(ctx)?, which, ground).await).await
    }

    /// Find a complaint out of scope and explain why; that closes it.
    async fn decline_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The explanation")] input: DeclineComplaintInput,
    ) -> Result<ComplaintPayload> {
        let which = (parse_id(&input.complaint_id, "complaintId")?, input.expected_version);
        let done = respond::decline(ctx.data()?, caller(ctx)?, which, &input.explanation).await;
        payload(ctx, done).await
    }

    /// Give a complaint to somebody.
    async fn assign_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who handles it")] input: AssignComplaintInput,
    ) -> Result<ComplaintPayload> {
        let which = (parse_id(&input.complaint_id, "complaintId")?, input.expected_version);
        let handler = parse_id(&input.handler_id, "handlerId")?;
        let who = (caller(ctx)?, ctx.data::<PolicyStore>()?);
        payload(ctx, assign::assign(ctx.data()?, who, which, handler).await).await
    }

    /// Note what was done about a complaint.
    async fn note_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The note")] input: NoteComplaintInput,
    ) -> Result<ComplaintPayload> {
        let which = (parse_id(&input.complaint_id, "complaintId")?, input.expected_version);
        let note = (input.words.as_str(), input.shared);
        payload(ctx, work::note(ctx.data()?, caller(ctx)?, which, note).await).await
    }

    /// Tell the unit that a complaint is about something, without telling who complained.
    async fn tell_other_party(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What they are told")] input: TellOtherPartyInput,
    ) -> Result<ComplaintPayload> {
        let which = (parse_id(&input.complaint_id, "complaintId")?, input.expected_version);
        payload(ctx, other_party::tell(ctx.data()?, caller(ctx)?, which, &input.words).await).await
    }

    /// Ask the complainant for more time.
    async fn propose_complaint_time(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The time")] input: ProposeComplaintTimeInput,
    ) -> Result<ComplaintPayload> {
        let which = (parse_id(&input.complaint_id, "complaintId")?, input.expected_version);
        let time = (input.until, input.reason.as_str());
        payload(ctx, extend::propose(ctx.data()?, caller(ctx)?, which, time).await).await
    }

    /// Agree to the later time as the complainant, or write down how they agreed.
    async fn agree_complaint_time(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The yes")] input: AgreeComplaintTimeInput,
    ) -> Result<ComplaintPayload> {
        let which = (parse_id(&input.complaint_id, "complaintId")?, input.expected_version);
        let agreement = input.agreement.as_deref();
        payload(ctx, extend::agree(ctx.data()?, caller(ctx)?, which, agreement).await).await
    }

    /// Resolve a complaint, with cause, responsibility and prevention; the complainant is asked next.
    async fn resolve_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was found and done")] input: ResolveComplaintInput,
    ) -> Result<ComplaintPayload> {
        let which = (parse_id(&input.complaint_id, "complaintId")?, input.expected_version);
        let command = input.command()?;
        payload(ctx, resolve::resolve(ctx.data()?, caller(ctx)?, which, command).await).await
    }

    /// Close a complaint about which nobody is to be asked or could be.
    async fn close_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The end")] input: CloseComplaintInput,
    ) -> Result<ComplaintPayload> {
        let which = (parse_id(&input.complaint_id, "complaintId")?, input.expected_version);
        payload(ctx, close::close(ctx.data()?, caller(ctx)?, which, &input.reason).await).await
    }

    /// Begin a closed complaint anew, within seven days.
    async fn reopen_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Why")] input: ReopenComplaintInput,
    ) -> Result<ComplaintPayload> {
        let which = (parse_id(&input.complaint_id, "complaintId")?, input.expected_version);
        payload(ctx, close::reopen(ctx.data()?, caller(ctx)?, which, &input.reason).await).await
    }

    /// Take a complaint to somebody above.
    async fn escalate_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom")] input: EscalateComplaintInput,
    ) -> Result<ComplaintPayload> {
        let which = (parse_id(&input.complaint_id, "complaintId")?, input.expected_version);
        let up = (input.to.into(), input.reason.as_str());
        payload(ctx, escalate::escalate(ctx.data()?, caller(ctx)?, which, up).await).await
    }

    /// Say that complaints have the same cause.
    async fn link_complaints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which")] input: LinkComplaintsInput,
    ) -> Result<LinkComplaintsPayload> {
        let caller = caller(ctx)?;
        let found = escalate::link(ctx.data()?, caller, input.which()?).await.graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let complaints = ComplaintNode::load(&scope, caller, found).await.graphql()?;
        Ok(LinkComplaintsPayload { complaints })
    }

    /// Learn who complained anonymously; the reason is kept.
    async fn reveal_complainant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Why")] input: RevealComplainantInput,
    ) -> Result<RevealComplainantPayload> {
        let id: ComplaintId = parse_id(&input.complaint_id, "complaintId")?;
        let found = reveal::reveal(ctx.data()?, caller(ctx)?, id, &input.reason).await.graphql()?;
        let who = &found.complaint.complainant;
        Ok(RevealComplainantPayload {
            complainant: who.person.map(PersonNode::new),
            complainant_name: found.name,
            unit: who.unit.map(UnitNode::new),
            unit_label: found.unit_label,
        })
    }
}

async fn payload(ctx: &Context<'_>, done: Result<Complaint, Refused>) -> Result<ComplaintPayload> {
    let complaint = done.graphql()?;
    let caller = caller(ctx)?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let nodes = ComplaintNode::load(&scope, caller, vec![complaint]).await.graphql()?;
    Ok(ComplaintPayload { complaint: nodes.into_iter().next() })
}

fn within(field: &str, number: i32, (least, most): (i32, i32)) -> Result<i32, Invalid> {
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        Err(Invalid::new(field, expected::between(least.into(), most.into())))
    }
}

/// The grounds from which a grade follows.
fn grounds(grade: Grade) -> Vec<Ground> {
    let all = [
        Ground::RepeatedlyUnsolved,
        Ground::SeriousLoss,
        Ground::UnsolvedForAMonth,
        Ground::ServiceNotInPlace,
        Ground::Rest,
    ];
    all.into_iter().filter(|ground| ground.grade() == grade).collect()
}

fn wanted(filter: ComplaintFilter) -> Result<(repo::Wanted, bool)> {
    let month = filter.month.map(|text| Month::read("filter.month", &text)).transpose();
    let unit = filter.unit_id.map(|id| parse_id::<UnitId>(&id, "filter.unitId")).transpose()?;
    let handler = filter.handler_id.map(|id| parse_id(&id, "filter.handlerId")).transpose()?;
    let group = filter.same_cause.map(|id| graphql::parse(&id, "filter.sameCause"));
    let wanted = repo::Wanted {
        state: filter.state.map(Into::into),
        open: filter.open,
        class: filter.class.map(Into::into),
        grounds: filter.grade.map(|grade| grounds(grade.into())),
        handler,
        month: month.graphql()?,
        unit,
        overdue_at: None,
        repeated: filter.repeated,
        same_cause: group.transpose()?,
    };
    Ok((wanted, filter.overdue == Some(true)))
}

async fn listed(
    db: &Db,
    caller: &Caller,
    (estate, (mut wanted, overdue)): (EstateId, (repo::Wanted, bool)),
    page: &PageArgs,
) -> Result<Vec<ComplaintNode>, Refused> {
    let right = caller.read(COMPLAINT_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    wanted.overdue_at = overdue.then(|| scope.now());
    if matches!(caller.subject(), Subject::Resident { .. }) {
        // What is not told is not to be found out by asking either.
        wanted.grounds = None;
        wanted.same_cause = None;
    }
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<ComplaintId>().ok());
    let found = repo::page(&scope, &right, wanted, (after, page.limit())).await?;
    ComplaintNode::load(&scope, caller, found).await
}

async fn gathered(
    db: &Db,
    caller: &Caller,
    (estate, days, least): (EstateId, i64, usize),
) -> Result<ComplaintClusters, Refused> {
    let right = caller.read(COMPLAINT_READ, estate)?;
    if right.own_person().is_some() {
        return Err(Refused::not_found());
    }
    let scope = db.read(caller.tenant()).await?;
    homes::of_right(&scope, &right).await?;
    let since = scope.now() - Duration::days(days);
    let found = repo::since(&scope, &right, since).await?;
    Ok(ComplaintClusters::new(since, clusters::clusters(&found, least)))
}
