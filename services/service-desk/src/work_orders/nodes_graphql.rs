//! Work orders as the graph shows them.

use super::{
    WorkOrderId,
    catalogue::{self, Category, graphql::CategoryNode, graphql::WorkPriceKind},
    domain::{Action, Line, Quote, QuoteState, State, Urgency, WorkOrder},
    finish::reference,
    incidents::{self, Incident, graphql::IncidentNode},
    repo::{self, Step},
    written::subject,
};
use crate::{
    Refused,
    charges::{self, ChargeState, graphql::ChargeNode},
    graphql::{Colleague, EstateNode, PersonNode, UnitNode},
    sla::{self, SlaState, Subject, graphql::SlaStateNode},
};
use ::graphql::Money;
use async_graphql::{Context, Enum, ID, SimpleObject};
use authz::{Caller, UserId};
use chrono::{DateTime, Utc};
use contracts::{PersonId, UnitId, residents::PartyName};
use db::TenantScope;
use money::Fen;
use places::{homes::Unit, staff};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Where a work order stands.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "State")]
pub(crate) enum WorkOrderState {
    /// Nobody has it.
    New,
    /// It is somebody's to accept.
    Dispatched,
    /// They take it.
    Accepted,
    /// They are on their way.
    EnRoute,
    /// They are at it.
    Working,
    /// Parts are missing.
    WaitingParts,
    /// Nobody lets them in.
    WaitingAccess,
    /// The resident has to decide or do something.
    WaitingResident,
    /// The resident has to answer a quote.
    QuotePending,
    /// The work is done.
    Done,
    /// The resident says so too.
    Confirmed,
    /// The matter is over.
    Closed,
    /// There is nothing to do.
    Cancelled,
}

/// What was done to a work order.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Action")]
pub(crate) enum WorkOrderAction {
    /// It was reported.
    Create,
    /// Somebody got it.
    Assign,
    /// They took it.
    Accept,
    /// They set out.
    SetOut,
    /// They began, or went on.
    Start,
    /// They wait for parts.
    WaitForParts,
    /// They wait to be let in.
    WaitForAccess,
    /// They wait for the resident.
    WaitForResident,
    /// They said what it would cost.
    Quote,
    /// The resident agreed to the price.
    AcceptQuote,
    /// The resident did not.
    RefuseQuote,
    /// The price was taken back.
    WithdrawQuote,
    /// The work was done.
    Complete,
    /// The resident confirmed it.
    Confirm,
    /// The matter was closed.
    Close,
    /// It was not in order after all.
    Reopen,
    /// There was nothing to do.
    Cancel,
    /// It was the same as another one.
    Merge,
    /// Its incident was over.
    EndIncident,
    /// It was corrected.
    Revise,
}

/// How soon something has to be repaired.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Urgency", name = "WorkUrgency")]
pub(crate) enum WorkUrgency {
    /// On site in 30 minutes.
    Urgent,
    /// By what is promised for the category.
    Ordinary,
}

/// How a quote stands.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "QuoteState", name = "WorkQuoteState")]
pub(crate) enum WorkQuoteState {
    /// The resident has not answered.
    Pending,
    /// The resident agreed before the work began.
    Accepted,
    /// The resident did not agree.
    Refused,
    /// The property pays: the public part.
    Property,
}

/// Labour or material, at the price of the list on the day it was quoted.
#[derive(Clone, SimpleObject)]
pub(crate) struct WorkQuoteLine {
    /// The code of the price list.
    code: String,
    /// Its Chinese name.
    name_zh: String,
    /// Its English name.
    name_en: String,
    /// What is counted.
    unit: String,
    /// Labour or material.
    kind: WorkPriceKind,
    /// How many.
    quantity: i64,
    /// What one costs.
    price: Money,
    /// What all cost.
    amount: Money,
    /// For how many days it is repaired again without charge.
    warranty_days: i32,
}

/// What work would cost.
#[derive(Clone, SimpleObject)]
pub(crate) struct WorkQuote {
    /// How it stands.
    state: WorkQuoteState,
    /// All of it.
    total: Money,
    /// Labour and material.
    lines: Vec<WorkQuoteLine>,
    /// Who answered.
    answered_by: Option<PersonNode>,
    /// What they are called: masked, but for themself.
    answered_by_name: Option<String>,
    /// When the resident answered.
    answered_at: Option<DateTime<Utc>>,
    /// Who of the staff heard the answer on the phone; nothing when it was given in the app.
    recorded_by: Option<Colleague>,
}

impl WorkQuote {
    fn new(quote: &Quote, around: &Around) -> Self {
        let line = |line: &Line| WorkQuoteLine {
            code: line.code.clone(),
            name_zh: line.name_zh.clone(),
            name_en: line.name_en.clone(),
            unit: line.unit.clone(),
            kind: line.kind.into(),
            quantity: line.quantity,
            price: Money::cny(line.price),
            amount: Money::cny(line.amount().unwrap_or(Fen(0))),
            warranty_days: line.warranty_days,
        };
        Self {
            state: quote.state.into(),
            total: Money::cny(quote.total().unwrap_or(Fen(0))),
            lines: quote.lines.iter().map(line).collect(),
            answered_by: quote.answered_by.map(PersonNode::new),
            answered_by_name: quote.answered_by.and_then(|person| around.name(person)),
            answered_at: quote.answered_at,
            recorded_by: quote.recorded_by.map(|user| Colleague::new(user, &around.staff)),
        }
    }
}

/// The resident's signature on the work.
#[derive(Clone, SimpleObject)]
pub(crate) struct WorkSignature {
    /// Who signed, as they wrote it.
    name: String,
    /// When.
    at: DateTime<Utc>,
    /// The picture of it.
    attachment_id: Option<ID>,
}

/// One step of a work order.
#[derive(Clone, SimpleObject)]
#[graphql(name = "WorkOrderStep")]
pub(crate) struct StepNode {
    /// What was done.
    action: WorkOrderAction,
    /// Where it stood then.
    state: WorkOrderState,
    /// Who had it then.
    assignee: Option<Colleague>,
    /// Who of the staff did it; nothing when a resident did.
    by: Option<Colleague>,
    /// When.
    at: DateTime<Utc>,
    /// What was noted; residents see what is for them.
    note: Option<String>,
}

/// Something to be repaired.
#[derive(Clone, SimpleObject)]
#[graphql(name = "WorkOrder")]
pub(crate) struct WorkOrderNode {
    /// Its id, `wko_…`.
    pub(super) id: ID,
    /// What people call it, e.g. `FCH-WO-202607-0001`.
    number: String,
    /// The estate.
    estate: EstateNode,
    /// The unit, for work in one.
    unit: Option<UnitNode>,
    /// The unit's label, e.g. `6-2-0801`.
    unit_label: Option<String>,
    /// The place in words, for work outside units.
    place: Option<String>,
    /// The code of its category.
    category_code: String,
    /// Its category.
    category: Option<CategoryNode>,
    /// Whether it concerns the public part, for which the property pays.
    public_part: bool,
    /// Who reported it, if a resident did.
    reporter: Option<PersonNode>,
    /// What they are called: masked, but for themself.
    reporter_name: Option<String>,
    /// How soon.
    urgency: WorkUrgency,
    /// What is to be repaired.
    description: String,
    /// From when the resident is there; until then no promise of time runs.
    appointment_at: Option<DateTime<Utc>>,
    /// Where it stands.
    state: WorkOrderState,
    /// Who has it.
    assignee: Option<Colleague>,
    /// Where it stands with what was promised.
    sla: Option<SlaStateNode>,
    /// What it would cost.
    quote: Option<WorkQuote>,
    /// What became of its charge.
    charge: Option<ChargeNode>,
    /// The done order that this one repairs again without charge, `wko_…`.
    warranty_of_id: Option<ID>,
    /// Until when it is repaired again without charge.
    warranty_until: Option<DateTime<Utc>>,
    /// The order that goes on in its place, `wko_…`.
    merged_into_id: Option<ID>,
    /// The incident that it is part of, with the text that answers it.
    incident: Option<IncidentNode>,
    /// The resident's signature.
    signature: Option<WorkSignature>,
    /// When it was reported.
    created_at: DateTime<Utc>,
    /// When the work was done.
    done_at: Option<DateTime<Utc>>,
    /// What was done so far.
    timeline: Vec<StepNode>,
    /// How often it was changed; acts name it.
    version: i32,
}

/// The residents whom an order names.
fn people(order: &WorkOrder) -> impl Iterator<Item = PersonId> {
    order.reporter.into_iter().chain(order.quote.as_ref().and_then(|quote| quote.answered_by))
}

/// What the orders of a page need, each read once.
struct Around {
    categories: BTreeMap<String, Category>,
    units: HashMap<UnitId, Unit>,
    names: HashMap<PersonId, PartyName>,
    staff: HashMap<Uuid, staff::Colleague>,
    sla: HashMap<Subject, SlaState>,
    charges: HashMap<String, ChargeState>,
    incidents: HashMap<super::IncidentId, IncidentNode>,
    steps: HashMap<WorkOrderId, Vec<Step>>,
    me: Option<PersonId>,
}

/// The incidents that explain orders.
async fn incidents_of(
    scope: &TenantScope,
    orders: &[WorkOrder],
) -> Result<HashMap<super::IncidentId, IncidentNode>, Refused> {
    let found = incidents::by_id(scope, orders.iter().filter_map(|it| it.incident)).await?;
    let (ids, all): (Vec<_>, Vec<Incident>) = found.into_iter().unzip();
    Ok(ids.into_iter().zip(IncidentNode::load(scope, all).await?).collect())
}

/// What of orders is asked for beside their own rows: a board shows neither what was done to each
/// nor what it costs, and need not read it.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    category: bool,
    timeline: bool,
    charge: bool,
    incident: bool,
}

impl Asked {
    /// All of it.
    pub(super) const ALL: Self =
        Self { category: true, timeline: true, charge: true, incident: true };

    /// What a page of orders is asked for.
    pub(super) fn of_page(ctx: &Context<'_>) -> Self {
        let asked = ctx.look_ahead();
        let nodes = [asked.field("nodes"), asked.field("edges").field("node")];
        let has = |field: &str| nodes.iter().any(|node| node.field(field).exists());
        let (timeline, charge) = (has("timeline"), has("charge"));
        Self { category: has("category"), timeline, charge, incident: has("incident") }
    }
}

impl Around {
    async fn of(
        scope: &TenantScope,
        caller: &Caller,
        (orders, asked): (&[WorkOrder], Asked),
    ) -> Result<Self, Refused> {
        let categories = match orders.first() {
            Some(order) if asked.category => catalogue::categories(scope, order.estate).await?,
            _ => BTreeMap::new(),
        };
        let steps = if asked.timeline {
            repo::steps(scope, orders.iter().map(|order| order.id)).await?
        } else {
            HashMap::new()
        };
        let of_steps =
            steps.values().flatten().flat_map(|it| it.assignee.into_iter().chain([it.by]));
        let of_quotes = orders.iter().filter_map(|order| order.quote.as_ref()?.recorded_by);
        let users = orders.iter().filter_map(|order| order.assignee).chain(of_steps);
        let users = users.chain(of_quotes);
        let users: Vec<_> = users.map(UserId::as_uuid).collect();
        let charges = if asked.charge {
            charges::states(scope, orders.iter().map(reference)).await?
        } else {
            HashMap::new()
        };
        let incidents =
            if asked.incident { incidents_of(scope, orders).await? } else { HashMap::new() };
        Ok(Self {
            categories,
            units: places::homes::units(scope, orders.iter().filter_map(|it| it.unit)).await?,
            names: places::homes::names(scope, orders.iter().flat_map(people)).await?,
            staff: staff::by_id(scope, users).await?,
            sla: sla::states(scope, orders.iter().map(|order| subject(order.id))).await?,
            charges,
            incidents,
            steps,
            me: match caller.subject() {
                authz::Subject::Resident { person, .. } => Some(PersonId::from_uuid(person)),
                _ => None,
            },
        })
    }

    fn name(&self, person: PersonId) -> Option<String> {
        let name = self.names.get(&person)?;
        Some(if self.me == Some(person) { name.full.clone() } else { name.shown.clone() })
    }

    /// Whether the caller is told the note of a step: residents are told what residents wrote, how an
    /// order ended and why it began again; what staff note to each other is not for them.
    fn may_read(&self, step: &Step) -> bool {
        let theirs = !self.staff.contains_key(&step.by.as_uuid());
        let (over, again) = (!step.state.is_open(), step.action == Action::Reopen);
        self.me.is_none() || theirs || over || again
    }

    fn timeline(&self, order: WorkOrderId) -> Vec<StepNode> {
        let node = |step: &Step| StepNode {
            action: step.action.into(),
            state: step.state.into(),
            assignee: step.assignee.map(|user| Colleague::new(user, &self.staff)),
            by: self
                .staff
                .contains_key(&step.by.as_uuid())
                .then(|| Colleague::new(step.by, &self.staff)),
            at: step.at,
            note: step.note.clone().filter(|_| self.may_read(step)),
        };
        self.steps.get(&order).into_iter().flatten().map(node).collect()
    }

    fn node(&self, order: WorkOrder) -> WorkOrderNode {
        let id = |id: WorkOrderId| ID::from(id.to_string());
        let charge = self.charges.get(&reference(&order)).cloned().map(ChargeNode::new);
        let signature = order.signature.clone().map(|signature| WorkSignature {
            name: signature.name,
            at: signature.at,
            attachment_id: signature.attachment.map(Into::into),
        });
        let quote = order.quote.as_ref();
        let unit = order.unit.and_then(|unit| self.units.get(&unit));
        WorkOrderNode {
            id: id(order.id),
            estate: EstateNode::new(order.estate),
            unit: order.unit.map(UnitNode::new),
            unit_label: unit.map(|unit| unit.label.clone()),
            category: self.categories.get(&order.category).cloned().map(Into::into),
            reporter: order.reporter.map(PersonNode::new),
            reporter_name: order.reporter.and_then(|person| self.name(person)),
            urgency: order.urgency.into(),
            state: order.state.into(),
            assignee: order.assignee.map(|user| Colleague::new(user, &self.staff)),
            sla: self.sla.get(&subject(order.id)).cloned().map(Into::into),
            quote: quote.map(|quote| WorkQuote::new(quote, self)),
            charge,
            warranty_of_id: order.warranty_of.map(id),
            merged_into_id: order.merged_into.map(id),
            incident: order.incident.and_then(|incident| self.incidents.get(&incident).cloned()),
            signature,
            timeline: self.timeline(order.id),
            number: order.number,
            place: order.place,
            category_code: order.category,
            public_part: order.public_part,
            description: order.description,
            appointment_at: order.appointment,
            warranty_until: order.warranty_until,
            created_at: order.created_at,
            done_at: order.done_at,
            version: order.version,
        }
    }
}

impl WorkOrderNode {
    /// The nodes of orders of one estate, with the same number of statements whatever theirs; what is
    /// not asked for is empty.
    pub(super) async fn load(
        scope: &TenantScope,
        caller: &Caller,
        (orders, asked): (Vec<WorkOrder>, Asked),
    ) -> Result<Vec<Self>, Refused> {
        let around = Around::of(scope, caller, (&orders, asked)).await?;
        Ok(orders.into_iter().map(|order| around.node(order)).collect())
    }
}
