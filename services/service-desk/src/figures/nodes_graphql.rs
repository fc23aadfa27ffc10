//! What the graph shows of figures.

use super::{
    domain::{By, Kind, Measure, Ticket, behind},
    read::{Counted, Names},
    repo::Frozen,
    sources_repo::named,
};
use crate::graphql::Colleague;
use crate::shares::rate;
use async_graphql::{Enum, ID, SimpleObject};
use authz::UserId;
use chrono::{DateTime, Utc};
use contracts::BuildingId;
use places::staff;
use std::collections::HashMap;
use uuid::Uuid;

/// What a ticket of the desk is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Kind", name = "DeskTicketKind")]
pub enum KindWord {
    /// A call or visit.
    Contact,
    /// A revisit.
    Revisit,
    /// A work order.
    WorkOrder,
    /// A complaint.
    Complaint,
    /// An order of a special service.
    SpecialOrder,
    /// A missed call to call back.
    CallBack,
    /// An internal memo.
    Memo,
}

/// By what figures are grouped.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "By", name = "DeskFiguresBy")]
pub enum ByWord {
    /// The class of a ticket, e.g. `REPAIR`.
    Class,
    /// Who handles it.
    Officer,
    /// The building it is about.
    Building,
    /// The month in which it came in: the twelve that end with the month asked for.
    Month,
}

/// What a figure counts.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Measure", name = "DeskMeasure")]
pub enum MeasureWord {
    /// Came in.
    Opened,
    /// Of them, handled.
    Handled,
    /// Those with a promise of a first answer whose time has come.
    ResponsePromised,
    /// Of them, answered on time.
    RespondedOnTime,
    /// Those with a promise of an end whose time has come.
    ResolutionPromised,
    /// Of them, ended on time.
    ResolvedOnTime,
    /// Settled in the same breath as they came in; contacts only.
    FirstContact,
    /// Open at the end.
    Open,
    /// Of them, for at most one day.
    OpenDay,
    /// For more than one and at most three days.
    OpenThreeDays,
    /// For more than three and at most seven days.
    OpenSevenDays,
    /// For more than seven and at most thirty days.
    OpenThirtyDays,
    /// For longer.
    OpenLonger,
}

fn count(many: usize) -> i32 {
    i32::try_from(many).unwrap_or(i32::MAX)
}

/// The figures of one group of tickets of one kind.
#[derive(SimpleObject)]
pub struct DeskFigure {
    /// What the tickets are.
    kind: KindWord,
    /// The group, to be given when asking for its tickets; `-` for those without one.
    key: String,
    /// What the group is called; missing where it has no name.
    label: Option<String>,
    /// Came in.
    opened: i32,
    /// Of them, handled.
    handled: i32,
    /// Handled of those that came in, basis points.
    handling_rate: Option<i32>,
    /// Those with a promise of a first answer whose time has come.
    response_promised: i32,
    /// Of them, answered on time.
    responded_on_time: i32,
    /// Answered on time of those promised, basis points.
    response_rate: Option<i32>,
    /// Those with a promise of an end whose time has come.
    resolution_promised: i32,
    /// Of them, ended on time.
    resolved_on_time: i32,
    /// Ended on time of those promised, basis points.
    resolution_rate: Option<i32>,
    /// Settled in the same breath as they came in; contacts only.
    first_contact: i32,
    /// Open at the end.
    open: i32,
    /// Of them, for at most one day.
    open_day: i32,
    /// For more than one and at most three days.
    open_three_days: i32,
    /// For more than three and at most seven days.
    open_seven_days: i32,
    /// For more than seven and at most thirty days.
    open_thirty_days: i32,
    /// For longer.
    open_longer: i32,
}

impl DeskFigure {
    fn new(counted: &Counted, names: &Names, (kind, key): (Kind, String)) -> Self {
        let by = counted.which.by;
        let of = |measure| {
            let which = (kind, by, Some(&*key));
            behind(&counted.tickets, which, (measure, counted.window), counted.estate.zone).len()
        };
        let many = |measure| count(of(measure));
        let share = |part, all| rate(of(part), of(all)).and_then(|it| i32::try_from(it).ok());
        Self {
            kind: kind.into(),
            label: names.label(by, &key),
            opened: many(Measure::Opened),
            handled: many(Measure::Handled),
            handling_rate: share(Measure::Handled, Measure::Opened),
            response_promised: many(Measure::ResponsePromised),
            responded_on_time: many(Measure::RespondedOnTime),
            response_rate: share(Measure::RespondedOnTime, Measure::ResponsePromised),
            resolution_promised: many(Measure::ResolutionPromised),
            resolved_on_time: many(Measure::ResolvedOnTime),
            resolution_rate: share(Measure::ResolvedOnTime, Measure::ResolutionPromised),
            first_contact: many(Measure::FirstContact),
            open: many(Measure::Open),
            open_day: many(Measure::OpenDay),
            open_three_days: many(Measure::OpenThreeDays),
            open_seven_days: many(Measure::OpenSevenDays),
            open_thirty_days: many(Measure::OpenThirtyDays),
            open_longer: many(Measure::OpenLonger),
            key,
        }
    }
}

/// The figures of an estate for a month.
#[derive(SimpleObject)]
pub struct DeskFigures {
    /// The month, e.g. `2026-07`.
    month: String,
    /// The frozen version they are of; missing when they are live.
    version: Option<i32>,
    /// From when on tickets count.
    from: DateTime<Utc>,
    /// What is open is as it was at this instant.
    at: DateTime<Utc>,
    /// By kind and group.
    rows: Vec<DeskFigure>,
}

impl DeskFigures {
    pub(super) fn new(counted: &Counted, names: &Names) -> Self {
        let of = |kind| counted.groups(kind).into_iter().map(move |key| (kind, key));
        let groups = Kind::ALL.into_iter().flat_map(of);
        Self {
            month: counted.which.month.to_string(),
            version: counted.which.version,
            from: counted.window.from,
            at: counted.window.at,
            rows: groups.map(|group| DeskFigure::new(counted, names, group)).collect(),
        }
    }
}

/// A ticket behind a figure.
#[derive(SimpleObject)]
pub struct DeskTicket {
    /// What it is.
    kind: KindWord,
    /// Its id, e.g. `wko_…`, to ask for it by.
    id: ID,
    /// Its number or id, as people name it.
    reference: String,
    /// Its class.
    class: String,
    /// Who handles it.
    officer: Option<Colleague>,
    /// The building it is about, `bld_…`.
    building_id: Option<ID>,
    /// The building's code.
    building_code: Option<String>,
    /// When it came in.
    opened_at: DateTime<Utc>,
    /// When it was first answered.
    responded_at: Option<DateTime<Utc>>,
    /// When it was settled.
    resolved_at: Option<DateTime<Utc>>,
}

impl DeskTicket {
    pub(super) fn new(ticket: &Ticket, names: &Names) -> Self {
        let building = ticket.building;
        let officer = ticket.officer.map(UserId::from_uuid);
        Self {
            kind: ticket.kind.into(),
            id: named(ticket.kind, ticket.id).into(),
            reference: ticket.reference.clone(),
            class: ticket.class.clone(),
            officer: officer.map(|user| Colleague::new(user, &names.officers)),
            building_id: building.map(|id| BuildingId::from_uuid(id).to_string().into()),
            building_code: building.and_then(|id| names.buildings.get(&id).cloned()),
            opened_at: ticket.opened_at,
            responded_at: ticket.responded_at,
            resolved_at: ticket.resolved_at,
        }
    }
}

/// A frozen version of a month.
#[derive(SimpleObject)]
pub struct DeskFiguresVersion {
    /// The month, e.g. `2026-07`.
    pub(super) month: String,
    /// The version, from 1.
    pub(super) version: i32,
    /// Why it was corrected; missing of the first.
    reason: Option<String>,
    /// Who froze it; missing where it was frozen by itself, on the fifth of the month after it.
    frozen_by: Option<Colleague>,
    /// When.
    frozen_at: DateTime<Utc>,
}

impl DeskFiguresVersion {
    pub(super) fn new(frozen: Frozen, known: &HashMap<Uuid, staff::Colleague>) -> Self {
        Self {
            month: frozen.month.format("%Y-%m").to_string(),
            version: frozen.version,
            reason: frozen.reason,
            frozen_by: frozen.by_user.map(|by| Colleague::new(UserId::from_uuid(by), known)),
            frozen_at: frozen.since,
        }
    }
}
