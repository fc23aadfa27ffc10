//! What revisits look like in the graph.

use super::{
    Source,
    draws::{Draw, Verdict},
    figures::RevisitFigures,
    policies::{Mode, Policy, Visitor},
    tasks::{Channel, Rating, Record, Revisit, RevisitState as State, attempts_repo},
};
use crate::month::Month;
use crate::{
    Refused,
    graphql::{Colleague, EstateNode, PersonNode, UnitNode},
};
use async_graphql::{Enum, ID, SimpleObject};
use authz::{Caller, Subject, UserId};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::PersonId;
use db::TenantScope;

/// The kind of thing that was finished.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Source")]
pub enum RevisitSource {
    /// A complaint was resolved.
    Complaint,
    /// A repair was done.
    WorkOrder,
    /// A special (paid) service was done.
    SpecialOrder,
    /// A household's first housekeeping order was done.
    Housekeeping,
    /// Somebody took part in a community event.
    CommunityEvent,
    /// Somebody wrote a comment into a survey.
    SurveyComment,
}

/// When revisits are chosen.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Mode")]
pub enum RevisitMode {
    /// All of a month are drawn from when the month is over.
    Period,
    /// Each becomes a revisit when it is finished.
    AtOnce,
}

/// Who is meant to ask.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Visitor")]
pub enum RevisitVisitor {
    /// The property officer of the building.
    Officer,
    /// The supervisor of the centre.
    Supervisor,
    /// The estate's director.
    Director,
}

/// Where a revisit is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "State")]
pub enum RevisitState {
    /// To be made.
    Due,
    /// Tried in vain, to be tried again.
    Attempted,
    /// Made.
    Done,
    /// Given up after three times in vain.
    Unreachable,
    /// Looked at by a second person.
    Reviewed,
}

/// What somebody thinks.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Rating")]
pub enum RevisitAnswer {
    /// Satisfied.
    A,
    /// Fairly satisfied.
    B,
    /// Dissatisfied.
    C,
}

/// How somebody is asked.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Channel")]
pub enum RevisitWay {
    /// The short form in the app.
    App,
    /// A call.
    Phone,
    /// At the door.
    Visit,
    /// A message.
    Wechat,
}

/// A try in vain.
#[derive(Clone, SimpleObject)]
pub struct RevisitAttempt {
    /// When.
    at: DateTime<Utc>,
    /// Who tried.
    made_by: Colleague,
    /// How.
    channel: RevisitWay,
    /// What happened.
    note: Option<String>,
    /// When to try again.
    next_try_at: Option<DateTime<Utc>>,
}

/// What was said (回访记录表).
#[derive(Clone, SimpleObject)]
pub struct RevisitRecord {
    /// Who was asked, as the visitor called them; empty when the resident answered by the app.
    interviewee: Option<String>,
    /// All in all.
    rating: RevisitAnswer,
    /// The quality of the work; the short form does not ask.
    quality: Option<RevisitAnswer>,
    /// Whether it helped.
    effect: RevisitAnswer,
    /// How they were treated.
    manners: RevisitAnswer,
    /// Whether shoe covers were worn.
    shoe_covers: Option<bool>,
    /// Whether the place was cleaned up afterwards.
    cleaned_up: Option<bool>,
    /// What could be better.
    suggestion: Option<String>,
}

/// A revisit (回访).
#[derive(Clone, SimpleObject)]
#[graphql(name = "Revisit")]
pub struct RevisitNode {
    /// Its id, `rvt_…`.
    id: ID,
    /// The estate.
    estate: EstateNode,
    /// Of what.
    source: RevisitSource,
    /// What it was, in a few words.
    summary: String,
    /// The month in which it was finished.
    month: String,
    /// The household; empty for who is not told whom it is about.
    unit: Option<UnitNode>,
    /// The household's label, e.g. `6-2-0801`.
    unit_label: Option<String>,
    /// The person to ask; empty for who is not told.
    person: Option<PersonNode>,
    /// What they are called: masked for staff, in full for themselves.
    person_name: Option<String>,
    /// Who did the work; none of them asks about it. Residents are not told.
    workers: Vec<Colleague>,
    /// Who is meant to ask.
    visitor: RevisitVisitor,
    /// Until when it is to be made.
    due_at: DateTime<Utc>,
    /// Until when the resident is left to answer by the app before somebody calls.
    app_until: Option<DateTime<Utc>>,
    /// Where it is.
    state: RevisitState,
    /// When to try again.
    next_try_at: Option<DateTime<Utc>>,
    /// The tries in vain, in order. Residents are not told.
    attempts: Vec<RevisitAttempt>,
    /// How it was made.
    channel: Option<RevisitWay>,
    /// Who asked.
    recorded_by: Option<Colleague>,
    /// When it was made.
    done_at: Option<DateTime<Utc>>,
    /// What was said.
    record: Option<RevisitRecord>,
    /// The second person who looked at it.
    reviewed_by: Option<Colleague>,
    /// When they did.
    reviewed_at: Option<DateTime<Utc>>,
    /// What they found.
    review_note: Option<String>,
    /// The draw that chose it, `rvd_…`; empty when all are revisited.
    draw_id: Option<ID>,
    /// Its version, for the next act.
    version: i32,
}

impl RevisitNode {
    pub(super) fn cursor(&self) -> String {
        self.id.to_string()
    }

    /// Its place in a list by date.
    pub(super) fn due_cursor(&self) -> String {
        format!("{} {}", self.due_at.to_rfc3339(), self.id.as_str())
    }

    /// The nodes of revisits as a caller sees them, in a fixed number of statements.
    pub(super) async fn load(
        scope: &TenantScope,
        caller: &Caller,
        revisits: Vec<Revisit>,
    ) -> Result<Vec<Self>, Refused> {
        let units = revisits.iter().filter_map(|it| it.unit);
        let units = places::homes::units(scope, units).await?;
        let people = revisits.iter().filter_map(|it| it.person);
        let names = places::homes::names(scope, people).await?;
        let tries = attempts_repo::of(scope, revisits.iter().map(|it| it.id)).await?;
        let mut staff: Vec<UserId> = tries.values().flatten().map(|it| it.made_by).collect();
        for revisit in &revisits {
            staff.extend(&revisit.workers);
            staff.extend(revisit.recorded_by.iter().chain(&revisit.reviewed_by));
        }
        let known = places::staff::by_id(scope, staff.into_iter().map(UserId::as_uuid)).await?;
        let colleague = |user: UserId| Colleague::new(user, &known);
        let own = match caller.subject() {
            Subject::Resident { person, .. } => Some(PersonId::from_uuid(person)),
            _ => None,
        };
        let node = |it: Revisit| {
            let resident = own.is_some();
            // Whom it is about is for those who are told, and for themselves.
            let person = it.person.filter(|person| !it.nameless || own == Some(*person));
            let name = person.and_then(|person| names.get(&person).map(|name| (person, name)));
            let name =
                name.map(
                    |(person, name)| {
                        if own == Some(person) { name.full.clone() } else { name.shown.clone() }
                    },
                );
            let unit = it.unit.filter(|_| !it.nameless || resident);
            let tries = tries.get(&it.id).into_iter().flatten().filter(|_| !resident);
            let attempt = |attempt: &attempts_repo::Attempt| RevisitAttempt {
                at: attempt.at,
                made_by: colleague(attempt.made_by),
                channel: attempt.channel.into(),
                note: attempt.note.clone(),
                next_try_at: attempt.next_try_at,
            };
            Self {
                id: it.id.to_string().into(),
                estate: EstateNode::new(it.estate),
                source: it.source.into(),
                month: it.month.to_string(),
                unit: unit.map(UnitNode::new),
                unit_label: unit.and_then(|id| units.get(&id)).map(|unit| unit.label.clone()),
                person: person.map(PersonNode::new),
                person_name: name,
                workers: it.workers.iter().filter(|_| !resident).map(|u| colleague(*u)).collect(),
                visitor: it.visitor.into(),
                due_at: it.due_at,
                app_until: it.app_until,
                state: it.state.into(),
                next_try_at: it.next_try_at,
                attempts: tries.map(attempt).collect(),
                channel: it.channel.map(Into::into),
                recorded_by: it.recorded_by.map(colleague),
                done_at: it.done_at,
                record: it.record.zip(it.rating).map(|(record, rating)| said(record, rating)),
                reviewed_by: it.reviewed_by.filter(|_| !resident).map(colleague),
                reviewed_at: it.reviewed_at.filter(|_| !resident),
                review_note: it.review_note.filter(|_| !resident),
                draw_id: it.draw.map(draw_id),
                version: it.version,
                summary: it.summary,
            }
        };
        Ok(revisits.into_iter().map(node).collect())
    }
}

fn draw_id(draw: uuid::Uuid) -> ID {
    super::RevisitDrawId::from_uuid(draw).to_string().into()
}

fn said(record: Record, rating: Rating) -> RevisitRecord {
    RevisitRecord {
        interviewee: record.interviewee,
        rating: rating.into(),
        quality: record.quality.map(Into::into),
        effect: record.effect.into(),
        manners: record.manners.into(),
        shoe_covers: record.shoe_covers,
        cleaned_up: record.cleaned_up,
        suggestion: record.suggestion,
    }
}

/// The draw of a month's revisits.
#[derive(Clone, SimpleObject)]
#[graphql(name = "RevisitDraw")]
pub struct RevisitDrawNode {
    /// Its id, `rvd_…`.
    id: ID,
    /// The estate.
    estate: EstateNode,
    /// Of what.
    source: RevisitSource,
    /// The month, e.g. `2026-07`.
    month: String,
    /// The seed; candidates are sorted by SHA-256(seed ‖ id), of which the first are taken.
    seed: String,
    /// The share in basis points.
    rate_basis_points: i32,
    /// How many were drawn from.
    candidates: i32,
    /// The SHA-256 of the sorted candidates.
    digest: String,
    /// How many were chosen: the share, rounded up.
    chosen: i32,
    /// When it was drawn.
    drawn_at: DateTime<Utc>,
    /// Who drew, `usr_…`; empty when the end of the month did.
    drawn_by: Option<ID>,
}

impl RevisitDrawNode {
    pub(super) fn cursor(&self) -> String {
        self.id.to_string()
    }

    pub(super) fn new(draw: Draw) -> Self {
        Self {
            id: draw.id.to_string().into(),
            estate: EstateNode::new(draw.estate),
            source: draw.source.into(),
            month: draw.month.to_string(),
            seed: draw.seed,
            rate_basis_points: draw.rate_bp.into(),
            candidates: i32::try_from(draw.candidates).unwrap_or(i32::MAX),
            digest: draw.digest,
            chosen: i32::try_from(draw.chosen.len()).unwrap_or(i32::MAX),
            drawn_at: draw.drawn_at,
            drawn_by: draw.drawn_by.map(|user| user.to_string().into()),
        }
    }
}

/// What came of drawing again.
#[derive(Clone, SimpleObject)]
pub struct RevisitVerdict {
    /// The draw.
    draw: RevisitDrawNode,
    /// Whether what was finished in the month is what was drawn from.
    candidates_agree: bool,
    /// Whether the seed chooses the same again, and they and nobody else have the revisits.
    choice_agrees: bool,
}

impl RevisitVerdict {
    pub(super) fn new(draw: Draw, verdict: Verdict) -> Self {
        Self {
            draw: RevisitDrawNode::new(draw),
            candidates_agree: verdict.candidates_agree,
            choice_agrees: verdict.choice_agrees,
        }
    }
}

/// How revisits of one kind are made.
#[derive(Clone, SimpleObject)]
#[graphql(name = "RevisitPolicy")]
pub struct RevisitPolicyNode {
    /// Of what.
    source: RevisitSource,
    /// The share in basis points: 3000 is 30 %.
    rate_basis_points: i32,
    /// When they are chosen.
    mode: RevisitMode,
    /// Within how many days of the end of the work or of the draw, or of the event itself.
    due_days: i32,
    /// How many hours a resident has to answer by the app before somebody calls.
    app_hours: i32,
    /// Who is meant to ask.
    visitor: RevisitVisitor,
    /// The first day; empty for the product's own.
    effective_from: Option<NaiveDate>,
}

impl From<Policy> for RevisitPolicyNode {
    fn from(policy: Policy) -> Self {
        Self {
            source: policy.source.into(),
            rate_basis_points: policy.rate_bp.into(),
            mode: policy.mode.into(),
            due_days: policy.due_days.into(),
            app_hours: policy.app_hours.into(),
            visitor: policy.visitor.into(),
            effective_from: policy.effective_from,
        }
    }
}

/// The policies of an estate.
#[derive(Clone, SimpleObject)]
pub struct RevisitPolicyBook {
    /// The day.
    on: NaiveDate,
    /// What holds on that day, for each kind.
    in_force: Vec<RevisitPolicyNode>,
    /// What is set for days after it.
    to_come: Vec<RevisitPolicyNode>,
}

impl RevisitPolicyBook {
    pub(super) fn new(on: NaiveDate, in_force: Vec<Policy>, to_come: Vec<Policy>) -> Self {
        let nodes = |all: Vec<Policy>| all.into_iter().map(Into::into).collect();
        Self { on, in_force: nodes(in_force), to_come: nodes(to_come) }
    }
}

/// What the revisits of one kind came to.
#[derive(Clone, SimpleObject)]
pub struct RevisitSourceFigures {
    /// Of what.
    source: RevisitSource,
    /// How many were finished.
    finished: u64,
    /// How many of them must be revisited: the share, rounded up.
    needed: u64,
    /// How many were.
    done: u64,
    /// How many of those by their date.
    in_time: u64,
    /// How many households could not be reached.
    unreachable: u64,
    /// How many rated A or B.
    satisfied: u64,
    /// How many rated C.
    dissatisfied: u64,
    /// Done of needed in basis points; empty when nothing was needed.
    rate_basis_points: Option<u64>,
    /// A and B of those that answered, in basis points.
    satisfied_basis_points: Option<u64>,
}

/// What the revisits of a month came to.
#[derive(Clone, SimpleObject)]
pub struct RevisitMonth {
    /// The month.
    month: String,
    /// By what was finished in it.
    sources: Vec<RevisitSourceFigures>,
}

impl RevisitMonth {
    pub(super) fn new(month: Month, figures: Vec<RevisitFigures>) -> Self {
        let one = |it: RevisitFigures| RevisitSourceFigures {
            source: it.source.into(),
            finished: it.finished,
            needed: it.needed,
            done: it.done,
            in_time: it.in_time,
            unreachable: it.unreachable,
            satisfied: it.satisfied,
            dissatisfied: it.dissatisfied,
            rate_basis_points: it.rate_bp(),
            satisfied_basis_points: it.satisfied_bp(),
        };
        Self { month: month.to_string(), sources: figures.into_iter().map(one).collect() }
    }
}
