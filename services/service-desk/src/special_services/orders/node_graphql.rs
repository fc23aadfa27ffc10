//! An order as it is shown.

use super::{
    domain::{Answer, Order, OrderState, Said, Way},
    quote::Line,
};
use crate::{
    Refused,
    charges::{self, graphql::ChargeNode},
    graphql::{Colleague, EstateNode, PersonNode, UnitNode},
    partner_settlements::SETTLEMENT_READ,
    special_services::{
        ORDER_READ,
        catalogue::repo::{self as catalogue, Service},
    },
};
use ::graphql::Money;
use async_graphql::{Enum, ID, SimpleObject};
use authz::Caller;
use chrono::{DateTime, Utc};
use contracts::{PersonId, UnitId, residents::PartyName};
use db::TenantScope;
use places::homes::Unit;
use std::collections::{HashMap, HashSet};
use texts::Language;
use uuid::Uuid;

/// How far an order of a special service has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "OrderState")]
pub(crate) enum SpecialOrderState {
    /// Asked for; nobody has priced it.
    Requested,
    /// Priced; waits for the resident.
    Quoted,
    /// The resident agreed to the price.
    Confirmed,
    /// Somebody will come.
    Scheduled,
    /// Being done.
    InProgress,
    /// Done; the resident has not looked.
    Done,
    /// The resident is not content: it is done again for nothing.
    Disputed,
    /// The resident accepted it; it is charged.
    Accepted,
    /// Paid.
    Paid,
    /// Somebody asked afterwards.
    Revisited,
    /// Over.
    Closed,
    /// Not wanted any more.
    Cancelled,
}

/// What a household says to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Said")]
pub(crate) enum SpecialOrderAnswerKind {
    /// It agrees to the price.
    Confirms,
    /// It accepts the work.
    Accepts,
    /// It wants it done again.
    Disputes,
}

/// How an answer came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Way")]
pub(crate) enum SpecialOrderAnswerWay {
    /// By the app.
    App,
    /// On the phone; somebody took it down.
    Phone,
    /// Signed on paper, of which there is a picture.
    Signature,
    /// Nobody said anything in time.
    Silence,
}

/// What a household answered.
#[derive(Clone, SimpleObject)]
pub(crate) struct SpecialOrderAnswer {
    /// What was said.
    answer: SpecialOrderAnswerKind,
    /// How it came to be known.
    way: SpecialOrderAnswerWay,
    /// Whose word it is, masked but for oneself; none of silence.
    person_name: Option<String>,
    /// Who took it down.
    recorded_by: Option<Colleague>,
    /// When.
    at: DateTime<Utc>,
    /// What was said besides.
    note: Option<String>,
}

/// What a line of a quote is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum SpecialOrderLineKind {
    /// Labour.
    Labour,
    /// What a package takes off labour.
    Discount,
    /// Material.
    Material,
}

/// One line of a quote.
#[derive(Clone, SimpleObject)]
pub(crate) struct SpecialOrderLine {
    /// What it is for.
    kind: SpecialOrderLineKind,
    /// How much; below zero for a discount.
    amount: Money,
    /// How it was reckoned, in the caller's language.
    explanation: String,
}

impl SpecialOrderLine {
    fn new(line: &Line, language: Language) -> Self {
        let kind = match line {
            Line::Fixed { .. } | Line::Hourly { .. } => SpecialOrderLineKind::Labour,
            Line::Discount { .. } => SpecialOrderLineKind::Discount,
            Line::Material { .. } => SpecialOrderLineKind::Material,
        };
        let explanation = line.explain().say(language);
        Self { kind, amount: Money::cny(line.amount()), explanation }
    }
}

/// What an order costs; fixed once the resident agrees.
#[derive(Clone, SimpleObject)]
pub(crate) struct SpecialOrderQuote {
    /// When it shall be done.
    appointment: DateTime<Utc>,
    /// Whether that is at night.
    night: bool,
    /// Whether that is on a holiday.
    holiday: bool,
    /// What it is made of.
    lines: Vec<SpecialOrderLine>,
    /// All of it.
    total: Money,
}

/// An order of a special service (特约服务单).
#[derive(Clone, SimpleObject)]
#[graphql(name = "SpecialOrder")]
pub(crate) struct OrderNode {
    /// Its id, `sso_…`.
    pub(super) id: ID,
    /// The estate.
    estate: EstateNode,
    /// How far it has come.
    state: SpecialOrderState,
    /// Counts every change.
    version: i32,
    /// The unit.
    unit: UnitNode,
    /// The unit's label, e.g. `6-2-0801`.
    unit_label: String,
    /// For whom.
    person: PersonNode,
    /// Their name, masked for staff.
    person_name: String,
    /// The service, `ssi_…`.
    service_id: ID,
    /// The service's code.
    service_code: String,
    /// The service's name in the caller's language, as it was quoted.
    service_name: String,
    /// When it was asked for.
    requested_at: DateTime<Utc>,
    /// When the resident would like it.
    wanted_at: Option<DateTime<Utc>>,
    /// What the resident wrote.
    note: Option<String>,
    /// What it costs.
    quote: Option<SpecialOrderQuote>,
    /// When the resident agreed to it.
    confirmed_at: Option<DateTime<Utc>>,
    /// Who does it.
    workers: Vec<Colleague>,
    /// When the work began.
    started_at: Option<DateTime<Utc>>,
    /// Whether the appointment was kept.
    appointment_kept: Option<bool>,
    /// When it was done first.
    done_at: Option<DateTime<Utc>>,
    /// What was done.
    result: Option<String>,
    /// When the resident accepted it first.
    accepted_at: Option<DateTime<Utc>>,
    /// Until when rework is free.
    free_rework_until: Option<DateTime<Utc>>,
    /// Why the resident was not content, the last time.
    dispute_reason: Option<String>,
    /// How often it was done again.
    reworks: i32,
    /// What billing was asked for.
    charge: Option<ChargeNode>,
    /// When it was paid.
    paid_at: Option<DateTime<Utc>>,
    /// When it was over.
    closed_at: Option<DateTime<Utc>>,
    /// When it was cancelled.
    cancelled_at: Option<DateTime<Utc>>,
    /// Why.
    cancelled_because: Option<String>,
    /// What cancelling so late costs.
    cancel_fee: Money,
    /// The partner's share of labour; for who sees settlements.
    partner_share: Option<Money>,
    /// What of labour is left to the company; for who sees settlements.
    company_share: Option<Money>,
    /// What it costs: what was quoted, or less since a dispute was settled.
    total: Money,
    /// Why the supervisor ended the work or a dispute, the last time.
    ended_because: Option<String>,
    /// When silence counts as acceptance, while it is awaited.
    accepted_by_silence_at: Option<DateTime<Utc>>,
    /// What the household answered, oldest first.
    answers: Vec<SpecialOrderAnswer>,
}

/// What orders refer to, read at once.
struct Known {
    units: HashMap<UnitId, Unit>,
    names: HashMap<PersonId, PartyName>,
    staff: HashMap<Uuid, places::staff::Colleague>,
    services: HashMap<crate::special_services::ServiceId, Service>,
    charges: HashMap<String, charges::ChargeState>,
    /// Estates whose settlements the caller sees.
    inside: HashSet<ids::EstateId>,
    /// The resident's person, whose name is shown in full.
    own: Option<Uuid>,
}

impl Known {
    /// A person's name, in full for themself.
    fn name(&self, person: PersonId) -> Option<String> {
        let in_full = self.own == Some(person.as_uuid());
        let name = self.names.get(&person)?;
        Some(if in_full { name.full.clone() } else { name.shown.clone() })
    }

    fn answer(&self, answer: Answer) -> SpecialOrderAnswer {
        SpecialOrderAnswer {
            answer: answer.said.into(),
            way: answer.way.into(),
            person_name: answer.person.and_then(|person| self.name(person)),
            recorded_by: answer.recorded_by.map(|by| Colleague::new(by, &self.staff)),
            at: answer.at,
            note: answer.note,
        }
    }
}

impl OrderNode {
    /// Orders of one estate as the caller sees them, in as many statements for many as for one.
    pub(super) async fn load(
        scope: &TenantScope,
        caller: &Caller,
        orders: &[Order],
        language: Language,
    ) -> Result<Vec<Self>, Refused> {
        let inside = |order: &Order| caller.read(SETTLEMENT_READ, order.estate).is_ok();
        let own = orders.first().and_then(|order| caller.read(ORDER_READ, order.estate).ok());
        let answers = || orders.iter().flat_map(|order| &order.details.answers);
        let workers = orders.iter().flat_map(|order| &order.workers);
        let staff = workers.chain(answers().filter_map(|it| it.recorded_by.as_ref()));
        let staff = staff.map(|user| user.as_uuid());
        let people = orders.iter().map(|it| it.person).chain(answers().filter_map(|it| it.person));
        let known = Known {
            units: places::homes::units(scope, orders.iter().map(|it| it.unit)).await?,
            names: places::homes::names(scope, people.collect::<HashSet<_>>()).await?,
            staff: places::staff::by_id(scope, staff.collect::<HashSet<_>>()).await?,
            services: catalogue::by_id(scope, orders.iter().map(|it| it.service)).await?,
            charges: charges::states(scope, orders.iter().map(Order::reference)).await?,
            inside: orders.iter().filter(|it| inside(it)).map(|it| it.estate).collect(),
            own: own.and_then(|right| right.own_person()),
        };
        Ok(orders.iter().map(|order| Self::new(order, &known, language)).collect())
    }

    fn new(order: &Order, known: &Known, language: Language) -> Self {
        let details = order.details.clone();
        let service = known.services.get(&order.service);
        let quoted = details.terms.as_ref().map(|(_, terms)| terms);
        let listed = service.and_then(|it| it.terms.last()).map(|it| &it.terms);
        let name = quoted.or(listed).map(|terms| match language {
            Language::En => terms.name_en.clone(),
            Language::Zh => terms.name_zh.clone(),
        });
        let quote = details.quote.as_ref().map(|quote| SpecialOrderQuote {
            appointment: quote.appointment,
            night: quote.night,
            holiday: quote.holiday,
            lines: quote.lines.iter().map(|it| SpecialOrderLine::new(it, language)).collect(),
            total: Money::cny(quote.total()),
        });
        let shares = order.shares().filter(|_| known.inside.contains(&order.estate));
        let charge = known.charges.get(&order.reference()).cloned();
        Self {
            id: order.id.to_string().into(),
            estate: EstateNode::new(order.estate),
            state: order.state.into(),
            version: order.version,
            unit: UnitNode::new(order.unit),
            unit_label: known.units.get(&order.unit).map(|it| it.label.clone()).unwrap_or_default(),
            person: PersonNode::new(order.person),
            person_name: known.name(order.person).unwrap_or_default(),
            service_id: order.service.to_string().into(),
            service_code: service.map(|it| it.code.clone()).unwrap_or_default(),
            service_name: name.unwrap_or_default(),
            requested_at: order.requested_at,
            wanted_at: details.wanted_at,
            note: details.note,
            quote,
            confirmed_at: details.confirmed_at,
            workers: order.workers.iter().map(|it| Colleague::new(*it, &known.staff)).collect(),
            started_at: details.started_at,
            appointment_kept: details.kept,
            done_at: details.done_at,
            result: details.result,
            accepted_at: details.accepted_at,
            free_rework_until: order.free_rework_until(),
            dispute_reason: details.dispute,
            reworks: i32::try_from(details.reworks).unwrap_or(i32::MAX),
            charge: charge.map(ChargeNode::new),
            paid_at: details.paid_at,
            closed_at: details.closed_at,
            cancelled_at: details.cancelled_at,
            cancelled_because: details.cancelled_because,
            cancel_fee: Money::cny(details.cancel_fee),
            partner_share: shares.map(|(partner, _)| Money::cny(partner)),
            company_share: shares.map(|(_, company)| Money::cny(company)),
            total: Money::cny(order.total()),
            ended_because: details.ended_because,
            accepted_by_silence_at: order.accepted_by_silence_at(),
            answers: details.answers.into_iter().map(|it| known.answer(it)).collect(),
        }
    }
}
