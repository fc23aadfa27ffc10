//! An event as it is shown.

use super::{
    CommunityEventId, EVENT_CHECK_IN, EVENT_READ,
    domain::{BudgetLine, Event, EventState, SignUp, SignUpState},
    figures::{self, People},
    repo, sign_up_repo, ticket,
};
use crate::{
    Refused,
    graphql::{Colleague, EstateNode, PersonNode, UnitNode},
};
use ::graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, RateScalar, caller, connection};
use async_graphql::{
    ComplexObject, Context, Enum, ID, Result, SimpleObject, connection::Connection,
};
use authz::Caller;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::PersonId;
use db::{Db, TenantScope};
use ids::EstateId;
use money::Fen;
use std::collections::{HashMap, HashSet};

/// How far a community event has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum CommunityEventState {
    /// In the year's plan.
    Planned,
    /// Waits for the director.
    Proposed,
    /// The director agreed.
    Approved,
    /// Residents know of it; registration is not open.
    Announced,
    /// Residents know of it and sign up.
    Registering,
    /// It took place.
    Held,
    /// It does not take place.
    Cancelled,
    /// The report is written.
    Summarised,
    /// Over.
    Archived,
}

impl CommunityEventState {
    fn of(event: &Event, now: DateTime<Utc>) -> Self {
        match event.state {
            EventState::Planned => Self::Planned,
            EventState::Proposed => Self::Proposed,
            EventState::Approved => Self::Approved,
            EventState::Announced if event.is_registering(now) => Self::Registering,
            EventState::Announced => Self::Announced,
            EventState::Held => Self::Held,
            EventState::Cancelled => Self::Cancelled,
            EventState::Summarised => Self::Summarised,
            EventState::Archived => Self::Archived,
        }
    }
}

/// How far a sign-up has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "SignUpState")]
pub(crate) enum EventSignUpState {
    /// Has a place.
    Confirmed,
    /// In the queue.
    Waitlisted,
    /// Given back.
    Cancelled,
    /// Came.
    Attended,
    /// Had a place and did not come.
    NoShow,
}

/// Somebody's place at an event, or in its queue (活动报名).
#[derive(Clone, SimpleObject)]
#[graphql(name = "EventSignUp")]
pub(crate) struct SignUpNode {
    /// Its id, `ces_…`.
    pub(super) id: ID,
    /// The event, `cev_…`.
    event_id: ID,
    /// Who.
    person: PersonNode,
    /// Their name, masked for staff.
    person_name: String,
    /// The unit.
    unit: UnitNode,
    /// The unit's label, e.g. `6-2-0801`.
    unit_label: String,
    /// Who comes along; each takes a place.
    companions: i32,
    /// How far it has come.
    state: EventSignUpState,
    /// Counted from 1 in the event; the queue goes by it.
    pub(super) number: i32,
    /// Whether they may be seen on the event's photos.
    photo_consent: bool,
    /// When they signed up.
    signed_at: DateTime<Utc>,
    /// When they came.
    checked_in_at: Option<DateTime<Utc>>,
    /// How many of them came.
    present: i32,
    /// Counts every change.
    version: i32,
    /// The code of the e-ticket, for a QR code; for oneself, once there is a place.
    ticket: Option<String>,
}

fn shown(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

impl SignUpNode {
    /// Places of one event; `own` is the resident who asks, who is shown in full.
    pub(super) async fn load(
        scope: &TenantScope,
        places: Vec<SignUp>,
        own: Option<uuid::Uuid>,
        secret: impl Fn(CommunityEventId) -> Option<String>,
    ) -> std::result::Result<Vec<Self>, Refused> {
        let names = places::homes::names(scope, places.iter().map(|it| it.person)).await?;
        let units = places::homes::units(scope, places.iter().map(|it| it.unit)).await?;
        let node = |place: SignUp| {
            let mine = own == Some(place.person.as_uuid());
            let name = names.get(&place.person);
            let name = name.map(|it| if mine { it.full.clone() } else { it.shown.clone() });
            let has_place = matches!(place.state, SignUpState::Confirmed | SignUpState::Attended);
            let secret = secret(place.event).filter(|_| mine && has_place);
            Self {
                id: place.id.to_string().into(),
                event_id: place.event.to_string().into(),
                person: PersonNode::new(place.person),
                person_name: name.unwrap_or_default(),
                unit: UnitNode::new(place.unit),
                unit_label: units.get(&place.unit).map(|it| it.label.clone()).unwrap_or_default(),
                companions: shown(place.companions),
                state: place.state.into(),
                number: place.number,
                photo_consent: place.photo_consent,
                signed_at: place.signed_at,
                checked_in_at: place.checked_in.map(|(_, at)| at),
                present: shown(place.present),
                version: place.version,
                ticket: secret.map(|secret| ticket::code(&secret, place.id)),
            }
        };
        Ok(places.into_iter().map(node).collect())
    }
}

/// One line of an event's budget, and what was spent of it.
#[derive(Clone, SimpleObject)]
pub(crate) struct EventBudgetLine {
    /// Its code.
    code: String,
    /// What for.
    name: String,
    /// How much may be spent.
    amount: Money,
    /// How much was.
    spent: Money,
}

/// Money spent for an event.
#[derive(Clone, SimpleObject)]
#[graphql(name = "EventExpense")]
pub(crate) struct ExpenseNode {
    /// Its id, `cex_…`.
    id: ID,
    /// The budget line's code.
    line_code: String,
    /// How much; below zero takes back what was noted wrongly.
    amount: Money,
    /// The day.
    on: NaiveDate,
    /// What was bought.
    what: String,
    /// Who noted it.
    noted_by: Colleague,
    /// When.
    noted_at: DateTime<Utc>,
}

/// What an event came to so far, each figure rounded half-up once.
#[derive(Clone, SimpleObject)]
pub(crate) struct EventFigures {
    /// People who signed up and did not give it back, companions among them.
    signed_up: i32,
    /// People with a place.
    confirmed: i32,
    /// People in the queue.
    waitlisted: i32,
    /// People who came.
    attended: i32,
    /// How many of those with a place came, in percent with two places.
    attendance_percent: Option<RateScalar>,
    /// All of the budget.
    budget: Money,
    /// What was spent.
    spent: Money,
    /// What was spent of the budget, in percent with two places.
    spent_percent: Option<RateScalar>,
    /// What everybody who came cost.
    cost_per_attender: Option<Money>,
    /// How many of the sign-ups that came are asked afterwards, by the policy.
    revisits: i32,
}

impl EventFigures {
    fn new(people: People, (budget, spent): (Fen, Fen), rate: Option<u16>) -> Self {
        Self {
            signed_up: shown(people.signed_up()),
            confirmed: shown(people.confirmed),
            waitlisted: shown(people.waitlisted),
            attended: shown(people.attended),
            attendance_percent: people.attendance().map(RateScalar),
            budget: Money::cny(budget),
            spent: Money::cny(spent),
            spent_percent: figures::spent(spent, budget).map(RateScalar),
            cost_per_attender: figures::per_attender(spent, &people).map(Money::cny),
            revisits: shown(people.revisits(rate)),
        }
    }
}

/// What an event came to, in words.
#[derive(Clone, SimpleObject)]
pub(crate) struct EventReport {
    /// What happened.
    summary: String,
    /// What it did for the community.
    effect: String,
    /// What to do better.
    lessons: String,
}

/// A community event (社区活动).
#[derive(Clone, SimpleObject)]
#[graphql(name = "CommunityEvent", complex)]
pub(crate) struct EventNode {
    #[graphql(skip)]
    key: (CommunityEventId, EstateId),
    /// Its id, `cev_…`.
    pub(super) id: ID,
    /// The estate.
    estate: EstateNode,
    /// The year of whose plan it is a part.
    year: i32,
    /// How far it has come.
    state: CommunityEventState,
    /// Counts every change.
    version: i32,
    /// Its title in Chinese.
    title_zh: String,
    /// Its title in English.
    title_en: String,
    /// What it is for.
    goal: String,
    /// Where.
    place: String,
    /// When it begins.
    starts_at: DateTime<Utc>,
    /// When it ends.
    ends_at: DateTime<Utc>,
    /// How many people may come.
    capacity: i32,
    /// How many places are left.
    places_left: i32,
    /// How many people wait for one.
    waitlisted: i32,
    /// From when on one signs up.
    opens_at: DateTime<Utc>,
    /// Until when.
    closes_at: DateTime<Utc>,
    /// How many companions one may bring.
    most_companions: i32,
    /// How it is kept safe; not for residents.
    safety_plan: Option<String>,
    /// The budget; not for residents.
    budget: Option<Vec<EventBudgetLine>>,
    /// What it came to; not for residents.
    figures: Option<EventFigures>,
    /// Why the director gave it back, the last time; not for residents.
    returned_because: Option<String>,
    /// Who proposed it; not for residents.
    proposed_by: Option<Colleague>,
    /// Who approved it; not for residents.
    approved_by: Option<Colleague>,
    /// When residents were told.
    announced_at: Option<DateTime<Utc>>,
    /// When it was noted as held.
    held_at: Option<DateTime<Utc>>,
    /// Why it does not take place.
    cancelled_because: Option<String>,
    /// The report.
    report: Option<EventReport>,
    /// The caller's own place, for residents.
    my_sign_up: Option<SignUpNode>,
}

#[ComplexObject]
impl EventNode {
    /// Who signed up, in order; residents see themselves.
    async fn sign_ups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, SignUpNode>>> {
        let page = PageArgs::new(first, after)?;
        let nodes = sign_ups(ctx.data()?, caller(ctx)?, self.key, &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.number.to_string(), |node| node)))
    }

    /// What was spent, oldest first; not for residents.
    async fn expenses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ExpenseNode>>> {
        let page = PageArgs::new(first, after)?;
        let nodes = expenses(ctx.data()?, caller(ctx)?, self.key, &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }
}

async fn sign_ups(
    db: &Db,
    caller: &Caller,
    (event, estate): (CommunityEventId, EstateId),
    page: &PageArgs,
) -> std::result::Result<Vec<SignUpNode>, Refused> {
    let own = caller.read(EVENT_READ, estate)?.own_person();
    let zone = match own {
        Some(_) => None,
        None => caller.read(EVENT_CHECK_IN, estate)?.zone().map(<[uuid::Uuid]>::to_vec),
    };
    let scope = db.read(caller.tenant()).await?;
    let secret = repo::find(&scope, event).await?.map(|event| event.secret);
    let places = sign_up_repo::page(&scope, event, (zone, own), page).await?;
    SignUpNode::load(&scope, places, own, |_| secret.clone()).await
}

async fn expenses(
    db: &Db,
    caller: &Caller,
    (event, estate): (CommunityEventId, EstateId),
    page: &PageArgs,
) -> std::result::Result<Vec<ExpenseNode>, Refused> {
    if caller.read(EVENT_READ, estate)?.own_person().is_some() {
        return Err(Refused::not_found());
    }
    let scope = db.read(caller.tenant()).await?;
    let found = repo::expenses(&scope, event, page).await?;
    let people: HashSet<_> = found.iter().map(|it| it.noted_by.as_uuid()).collect();
    let known = places::staff::by_id(&scope, people).await?;
    let node = |it: repo::Expense| ExpenseNode {
        id: it.id.to_string().into(),
        line_code: it.line,
        amount: Money::cny(it.amount),
        on: it.on,
        what: it.what,
        noted_by: Colleague::new(it.noted_by, &known),
        noted_at: it.noted_at,
    };
    Ok(found.into_iter().map(node).collect())
}

/// What events refer to, read at once.
struct Known {
    people: HashMap<CommunityEventId, People>,
    spent: HashMap<(CommunityEventId, String), Fen>,
    staff: HashMap<uuid::Uuid, places::staff::Colleague>,
    own: HashMap<CommunityEventId, SignUpNode>,
    outside: bool,
}

impl EventNode {
    /// Events of one estate, for a resident (`own`) without what is not for them.
    pub(super) async fn load(
        scope: &TenantScope,
        events: Vec<Event>,
        own: Option<uuid::Uuid>,
    ) -> std::result::Result<Vec<Self>, Refused> {
        let ids = || events.iter().map(|event| event.id);
        let staff = events.iter().flat_map(|event| {
            let both = [event.details.proposed, event.details.approved];
            both.into_iter().flatten().map(|(user, _)| user.as_uuid())
        });
        let known = Known {
            people: sign_up_repo::people(scope, ids()).await?,
            spent: repo::spent(scope, ids()).await?,
            staff: places::staff::by_id(scope, staff.collect::<HashSet<_>>()).await?,
            own: match own {
                None => HashMap::new(),
                Some(own) => mine(scope, &events, own).await?,
            },
            outside: own.is_some(),
        };
        let now = scope.now();
        Ok(events.into_iter().map(|event| Self::new(event, &known, now)).collect())
    }

    fn new(event: Event, known: &Known, now: DateTime<Utc>) -> Self {
        let state = CommunityEventState::of(&event, now);
        let people = known.people.get(&event.id).copied().unwrap_or_default();
        let (details, total) = (event.details, event_total(known, event.id));
        let inside = !known.outside;
        let money = (details.plan.total(), total);
        let figures = inside.then(|| EventFigures::new(people, money, details.revisit_rate));
        let plan = details.plan;
        let colleague = |who: Option<(authz::UserId, DateTime<Utc>)>| {
            who.filter(|_| inside).map(|(user, _)| Colleague::new(user, &known.staff))
        };
        let line = |line: BudgetLine| EventBudgetLine {
            spent: Money::cny(
                known.spent.get(&(event.id, line.code.clone())).copied().unwrap_or_default(),
            ),
            code: line.code,
            name: line.name,
            amount: Money::cny(line.amount),
        };
        Self {
            key: (event.id, event.estate),
            id: event.id.to_string().into(),
            estate: EstateNode::new(event.estate),
            year: event.year,
            state,
            version: event.version,
            title_zh: plan.title_zh,
            title_en: plan.title_en,
            goal: plan.goal,
            place: plan.place,
            starts_at: plan.starts_at,
            ends_at: plan.ends_at,
            capacity: shown(plan.capacity),
            places_left: shown(plan.capacity.saturating_sub(people.confirmed)),
            waitlisted: shown(people.waitlisted),
            opens_at: plan.opens_at,
            closes_at: plan.closes_at,
            most_companions: shown(plan.most_companions),
            safety_plan: inside.then_some(plan.safety_plan),
            budget: inside.then(|| plan.budget.into_iter().map(line).collect()),
            figures,
            returned_because: details.returned_because.filter(|_| inside),
            proposed_by: colleague(details.proposed),
            approved_by: colleague(details.approved),
            announced_at: details.announced_at,
            held_at: details.held_at,
            cancelled_because: details.cancelled_because,
            report: details.report.map(|report| EventReport {
                summary: report.summary,
                effect: report.effect,
                lessons: report.lessons,
            }),
            my_sign_up: known.own.get(&event.id).cloned(),
        }
    }
}

fn event_total(known: &Known, event: CommunityEventId) -> Fen {
    let own = known.spent.iter().filter(|((of, _), _)| *of == event);
    own.map(|(_, amount)| *amount).sum()
}

/// The resident's own places at these events.
async fn mine(
    scope: &TenantScope,
    events: &[Event],
    own: uuid::Uuid,
) -> std::result::Result<HashMap<CommunityEventId, SignUpNode>, Refused> {
    let ids = events.iter().map(|event| event.id);
    let found = sign_up_repo::of_person_at(scope, ids, PersonId::from_uuid(own)).await?;
    let places: Vec<SignUp> = found.into_values().collect();
    let of: Vec<CommunityEventId> = places.iter().map(|place| place.event).collect();
    let secret = |id| events.iter().find(|it| it.id == id).map(|it| it.secret.clone());
    let nodes = SignUpNode::load(scope, places, Some(own), secret).await?;
    Ok(of.into_iter().zip(nodes).collect())
}
