//! Revisits in the graph.

use super::{
    DESK_FIGURES_READ, REVISIT_READ, RevisitDrawId, RevisitId, Source,
    draws::{self, DrawMonth},
    figures,
    node_graphql::{
        RevisitAnswer, RevisitDrawNode, RevisitMode, RevisitMonth, RevisitNode, RevisitPolicyBook,
        RevisitSource, RevisitState, RevisitVerdict, RevisitVisitor, RevisitWay,
    },
    policies::{self, SetPolicy},
    tasks::{self, AttemptRevisit, RecordRevisit, ReplyRevisit, Revisit},
    work_graphql::{self, RevisitWorkFilter},
};
use crate::month::Month;
use crate::{Refused, homes};
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, Reach};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::UnitId;
use db::Db;
use errors::{Invalid, expected};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use ids::EstateId;

/// How revisits of one kind are made from a day on.
#[derive(InputObject)]
pub struct SetRevisitPolicyInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Of what.
    source: RevisitSource,
    /// The share in basis points: 3000 is 30 %.
    rate_basis_points: i32,
    /// When they are chosen; at once needs a share of 10000.
    mode: RevisitMode,
    /// Within how many days, 1 to 90: of the end of the work when chosen at once, of the draw else;
    /// of an event itself, and not less than a week of the draw.
    due_days: i32,
    /// How many hours, up to 168, a resident has to answer by the app before somebody calls.
    app_hours: i32,
    /// Who is meant to ask.
    visitor: RevisitVisitor,
    /// The first day, today or later.
    effective_from: NaiveDate,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A month to draw.
#[derive(InputObject)]
pub struct DrawRevisitsInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Of what.
    source: RevisitSource,
    /// The month, e.g. `2026-07`; it must be over.
    month: String,
}

/// A try in vain.
#[derive(InputObject)]
pub struct AttemptRevisitInput {
    /// The revisit, `rvt_…`.
    revisit_id: ID,
    /// Its version as it was read.
    expected_version: i32,
    /// How it was tried.
    channel: RevisitWay,
    /// What happened; up to 500 characters.
    note: Option<String>,
    /// When to try again; needed but for the third time.
    next_try_at: Option<DateTime<Utc>>,
}

/// What somebody said who was asked.
#[derive(InputObject)]
pub struct RecordRevisitInput {
    /// The revisit, `rvt_…`.
    revisit_id: ID,
    /// Its version as it was read.
    expected_version: i32,
    /// How they were asked; not by the app, where residents answer themselves.
    channel: RevisitWay,
    /// Who was asked; 1 to 50 characters.
    interviewee: String,
    /// All in all.
    rating: RevisitAnswer,
    /// The quality of the work.
    quality: RevisitAnswer,
    /// Whether it helped.
    effect: RevisitAnswer,
    /// How they were treated.
    manners: RevisitAnswer,
    /// Whether shoe covers were worn, where somebody came in.
    shoe_covers: Option<bool>,
    /// Whether the place was cleaned up afterwards.
    cleaned_up: Option<bool>,
    /// What could be better; up to 500 characters.
    suggestion: Option<String>,
}

/// A resident's answers to the short form.
#[derive(InputObject)]
pub struct ReplyRevisitInput {
    /// The revisit, `rvt_…`.
    revisit_id: ID,
    /// Its version as it was read.
    expected_version: i32,
    /// All in all.
    rating: RevisitAnswer,
    /// Whether it helped.
    effect: RevisitAnswer,
    /// How they were treated.
    manners: RevisitAnswer,
    /// What could be better; up to 500 characters.
    suggestion: Option<String>,
}

/// A second look.
#[derive(InputObject)]
pub struct ReviewRevisitInput {
    /// The revisit, `rvt_…`.
    revisit_id: ID,
    /// Its version as it was read.
    expected_version: i32,
    /// What was found; up to 500 characters.
    note: Option<String>,
}

/// The policies after an act.
#[derive(SimpleObject)]
pub struct RevisitPolicyPayload {
    /// What holds today and what is to come.
    policies: RevisitPolicyBook,
}

/// The draw of a month.
#[derive(SimpleObject)]
pub struct RevisitDrawPayload {
    /// The draw, also when the month had it before.
    draw: RevisitDrawNode,
}

/// The revisit after an act.
#[derive(SimpleObject)]
pub struct RevisitPayload {
    /// The revisit.
    revisit: RevisitNode,
}

/// Which revisits are wanted.
#[derive(Default, InputObject)]
pub struct RevisitFilter {
    /// Only those that are there.
    state: Option<RevisitState>,
    /// Only those of such things.
    source: Option<RevisitSource>,
    /// Only those of what was finished in this month, e.g. `2026-07`.
    month: Option<String>,
    /// Only those of this unit, `unt_…`.
    unit_id: Option<ID>,
    /// Only those that are past their date and not made.
    overdue: Option<bool>,
}

/// Queries on revisits.
#[derive(Default)]
pub struct RevisitQuery;

#[Object]
impl RevisitQuery {
    /// One revisit.
    async fn revisit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The revisit, `rvt_…`")] id: ID,
    ) -> Result<Option<RevisitNode>> {
        let id = parse_id(&id, "id")?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let scope = db.read(caller.tenant()).await.graphql()?;
        let revisit = tasks::seen(&scope, caller, id).await.graphql()?;
        let nodes = RevisitNode::load(&scope, caller, vec![revisit]).await.graphql()?;
        Ok(nodes.into_iter().next())
    }

    /// The revisits of an estate, newest first; residents see their own.
    async fn revisits(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only such")] filter: Option<RevisitFilter>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, RevisitNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let wanted = wanted(filter.unwrap_or_default())?;
        let nodes = listed(ctx.data()?, caller(ctx)?, (estate, wanted), &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, RevisitNode::cursor, |node| node)))
    }

    /// The revisits that are still to be made, the next to fall due first; residents see their own.
    async fn revisits_to_make(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only such")] filter: Option<RevisitWorkFilter>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, RevisitNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let wanted = work_graphql::wanted(filter.unwrap_or_default())?;
        let nodes = work_graphql::listed(ctx.data()?, caller(ctx)?, (estate, wanted), &page);
        let nodes = nodes.await.graphql()?;
        Ok(Some(connection(&page, nodes, RevisitNode::due_cursor, |node| node)))
    }

    /// The draws of an estate, newest first.
    async fn revisit_draws(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those of such things")] source: Option<RevisitSource>,
        #[graphql(desc = "Only that of this month, e.g. `2026-07`")] month: Option<String>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, RevisitDrawNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let month = month.map(|text| Month::read("month", &text)).transpose().graphql()?;
        let which = (source.map(Into::into), month);
        let nodes = drawn(ctx.data()?, caller(ctx)?, (estate, which), &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, RevisitDrawNode::cursor, |node| node)))
    }

    /// Draw again from the seed that is kept, and say whether the same come of it.
    async fn verify_revisit_draw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draw, `rvd_…`")] draw_id: ID,
    ) -> Result<Option<RevisitVerdict>> {
        let id: RevisitDrawId = parse_id(&draw_id, "drawId")?;
        let found = draws::verify(ctx.data()?, caller(ctx)?, id).await.graphql()?;
        Ok(Some(RevisitVerdict::new(found.0, found.1)))
    }

    /// How much of what is revisited, when and by whom.
    async fn revisit_policies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "On this day; today when left out")] on: Option<NaiveDate>,
    ) -> Result<Option<RevisitPolicyBook>> {
        let estate = parse_id(&estate_id, "estateId")?;
        book(ctx.data()?, caller(ctx)?, estate, on).await.graphql().map(Some)
    }

    /// What the revisits of a month came to, by what was finished in it.
    async fn revisit_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The month, e.g. `2026-07`")] month: String,
    ) -> Result<Option<RevisitMonth>> {
        let estate = parse_id(&estate_id, "estateId")?;
        let month = Month::read("month", &month).graphql()?;
        let caller = caller(ctx)?;
        let right = caller.read(DESK_FIGURES_READ, estate).graphql()?;
        homes::whole(&right).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        homes::of_right(&scope, &right).await.graphql()?;
        let figures = figures::figures(&scope, estate, month).await.graphql()?;
        Ok(Some(RevisitMonth::new(month, figures)))
    }
}

/// Mutations on revisits.
#[derive(Default)]
pub struct RevisitMutation;

#[Object]
impl RevisitMutation {
    /// Set how revisits of one kind are made from a day on.
    async fn set_revisit_policy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What holds")] input: SetRevisitPolicyInput,
    ) -> Result<RevisitPolicyPayload> {
        let estate: EstateId = parse_id(&input.estate_id, "estateId")?;
        let key = input.idempotency_key.parse().graphql()?;
        let command = SetPolicy {
            estate,
            source: input.source.into(),
            rate_bp: small("rateBasisPoints", input.rate_basis_points).graphql()?,
            mode: input.mode.into(),
            due_days: small("dueDays", input.due_days).graphql()?,
            app_hours: small("appHours", input.app_hours).graphql()?,
            visitor: input.visitor.into(),
            effective_from: input.effective_from,
        };
        policies::set(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        let policies = book(ctx.data()?, caller(ctx)?, estate, None).await.graphql()?;
        Ok(RevisitPolicyPayload { policies })
    }

    /// Draw the revisits of a month that is over; a second time answers the first draw.
    async fn draw_revisits(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to draw")] input: DrawRevisitsInput,
    ) -> Result<RevisitDrawPayload> {
        let command = DrawMonth {
            estate: parse_id(&input.estate_id, "estateId")?,
            source: input.source.into(),
            month: Month::read("month", &input.month).graphql()?,
        };
        let draw = draws::draw(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        Ok(RevisitDrawPayload { draw: RevisitDrawNode::new(draw) })
    }

    /// Note that nobody was reached; the third time nobody is tried any more.
    async fn attempt_revisit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was tried")] input: AttemptRevisitInput,
    ) -> Result<RevisitPayload> {
        let command = AttemptRevisit {
            revisit: parse_id(&input.revisit_id, "revisitId")?,
            version: input.expected_version,
            channel: input.channel.into(),
            note: input.note,
            next_try_at: input.next_try_at,
        };
        let done = tasks::attempt(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        payload(ctx, done).await
    }

    /// Write down what somebody said who was asked; a bad rating reopens the complaint or opens one.
    async fn record_revisit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was said")] input: RecordRevisitInput,
    ) -> Result<RevisitPayload> {
        let command = RecordRevisit {
            revisit: parse_id(&input.revisit_id, "revisitId")?,
            version: input.expected_version,
            channel: input.channel.into(),
            interviewee: input.interviewee,
            rating: input.rating.into(),
            quality: input.quality.into(),
            effect: input.effect.into(),
            manners: input.manners.into(),
            shoe_covers: input.shoe_covers,
            cleaned_up: input.cleaned_up,
            suggestion: input.suggestion,
        };
        let done = tasks::record(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        payload(ctx, done).await
    }

    /// Answer the short form as the resident who was served.
    async fn reply_revisit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answers")] input: ReplyRevisitInput,
    ) -> Result<RevisitPayload> {
        let command = ReplyRevisit {
            revisit: parse_id(&input.revisit_id, "revisitId")?,
            version: input.expected_version,
            rating: input.rating.into(),
            effect: input.effect.into(),
            manners: input.manners.into(),
            suggestion: input.suggestion,
        };
        let done = tasks::reply(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        payload(ctx, done).await
    }

    /// Look at a revisit as a second person.
    async fn review_revisit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was found")] input: ReviewRevisitInput,
    ) -> Result<RevisitPayload> {
        let id: RevisitId = parse_id(&input.revisit_id, "revisitId")?;
        let which = (id, input.expected_version);
        let done = tasks::review(ctx.data()?, caller(ctx)?, which, input.note.as_deref()).await;
        payload(ctx, done.graphql()?).await
    }
}

async fn payload(ctx: &Context<'_>, revisit: Revisit) -> Result<RevisitPayload> {
    let caller = caller(ctx)?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let mut nodes = RevisitNode::load(&scope, caller, vec![revisit]).await.graphql()?;
    Ok(RevisitPayload { revisit: nodes.remove(0) })
}

fn small(field: &str, number: i32) -> Result<u16, Invalid> {
    u16::try_from(number).map_err(|_| Invalid::new(field, expected::between(0, u16::MAX.into())))
}

/// A filter, but for what "now" is.
struct Filter(tasks::repo::Wanted, bool);

fn wanted(filter: RevisitFilter) -> Result<Filter> {
    let month = filter.month.map(|text| Month::read("filter.month", &text)).transpose();
    let unit = filter.unit_id.map(|id| parse_id::<UnitId>(&id, "filter.unitId")).transpose()?;
    let wanted = tasks::repo::Wanted {
        state: filter.state.map(Into::into),
        source: filter.source.map(Into::into),
        month: month.graphql()?,
        unit,
        overdue_at: None,
    };
    Ok(Filter(wanted, filter.overdue == Some(true)))
}

async fn listed(
    db: &Db,
    caller: &Caller,
    (estate, filter): (EstateId, Filter),
    page: &PageArgs,
) -> Result<Vec<RevisitNode>, Refused> {
    let right = caller.read(REVISIT_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let own = tasks::own(&scope, &right).await?;
    let Filter(mut wanted, overdue) = filter;
    wanted.overdue_at = overdue.then(|| scope.now());
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<RevisitId>().ok());
    let found = tasks::repo::page(&scope, (&right, &own), wanted, (after, page.limit())).await?;
    RevisitNode::load(&scope, caller, found).await
}

type WhichDraws = (EstateId, (Option<Source>, Option<Month>));

async fn drawn(
    db: &Db,
    caller: &Caller,
    (estate, which): WhichDraws,
    page: &PageArgs,
) -> Result<Vec<RevisitDrawNode>, Refused> {
    whole_estate(caller, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<RevisitDrawId>().ok());
    let found = draws::repo::page(&scope, estate, which, (after, page.limit())).await?;
    Ok(found.into_iter().map(RevisitDrawNode::new).collect())
}

async fn book(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    on: Option<NaiveDate>,
) -> Result<RevisitPolicyBook, Refused> {
    whole_estate(caller, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let day = on.unwrap_or(homes::estate(&scope, estate).await?.today(&scope));
    let holds = policies::repo::all_on(&scope, estate, day).await?;
    let to_come = policies::repo::after(&scope, estate, day).await?;
    Ok(RevisitPolicyBook::new(day, holds, to_come))
}

/// Draws and policies are of the whole estate; who sees a part of it sees none of them.
fn whole_estate(caller: &Caller, estate: EstateId) -> Result<(), Refused> {
    let right = caller.read(REVISIT_READ, estate)?;
    if *right.reach() == Reach::All { Ok(()) } else { Err(Refused::not_found()) }
}
