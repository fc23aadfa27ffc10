//! Reading the tickets of a month: as they are now, or as they were frozen.

use super::{
    FIGURES_READ,
    domain::{By, Ticket, Window, groups},
    repo,
    sources_repo::SOURCES,
};
use crate::{Refused, homes, month::Month, secrecy};
use authz::{Caller, EstateScope, Permission, Reach};
use chrono::Months;
use db::{Db, TenantScope};
use ids::EstateId;
use places::estates::Estate;
use std::{cmp::Reverse, collections::HashMap};
use uuid::Uuid;

/// Which figures: of an estate, of a month, live or of a frozen version, and how grouped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Which {
    pub estate: EstateId,
    pub month: Month,
    pub version: Option<i32>,
    pub by: By,
}

/// The tickets behind some figures.
pub(super) struct Counted {
    pub estate: Estate,
    pub which: Which,
    pub window: Window,
    pub tickets: Vec<Ticket>,
}

/// The tickets that the caller may know of.
pub(super) async fn counted(
    scope: &TenantScope,
    caller: &Caller,
    (which, permission): (Which, Permission),
) -> Result<Counted, Refused> {
    let right = caller.read(permission, which.estate)?;
    let estate = homes::estate(scope, which.estate).await?;
    let (tickets, window) = match which.version {
        None => {
            let window = window(scope, &estate, (which.month, which.by));
            (live(scope, which.estate, window).await?, window)
        }
        Some(version) => {
            let found = repo::tickets(scope, which.estate, (which.month, version)).await?;
            let (tickets, at) = found.ok_or_else(Refused::not_found)?;
            let window = Window { at, ..window(scope, &estate, (which.month, which.by)) };
            (tickets, window)
        }
    };
    // Also of a month that was frozen before somebody was complained about.
    let hidden = secrecy::hidden(scope, caller).await?;
    let known = |ticket: &Ticket| !hidden.contains(&ticket.id) && covers(&right, ticket);
    let tickets = tickets.into_iter().filter(known).collect();
    Ok(Counted { estate, which, window, tickets })
}

/// Whether somebody may know of a ticket: a property officer of their buildings', the desk of what
/// they handle themselves (handbook Part 2 (b), Statistics).
fn covers(right: &EstateScope, ticket: &Ticket) -> bool {
    match right.reach() {
        Reach::All => true,
        Reach::Zone(buildings) => ticket.building.is_some_and(|it| buildings.contains(&it)),
        Reach::Assigned => ticket.officer == Some(right.subject().user().as_uuid()),
        Reach::Own => false,
    }
}

/// A month; by months the twelve that end with it.
pub(super) fn window(scope: &TenantScope, estate: &Estate, (month, by): (Month, By)) -> Window {
    let earlier = month.first().checked_sub_months(Months::new(11)).map(Month::of);
    let first = if by == By::Month { earlier.unwrap_or(month) } else { month };
    let to = month.ends(estate.zone);
    Window { from: first.begins(estate.zone), to, at: scope.now().min(to) }
}

/// The tickets of every feature.
pub(super) async fn live(
    scope: &TenantScope,
    estate: EstateId,
    window: Window,
) -> Result<Vec<Ticket>, Refused> {
    let mut all = Vec::new();
    for source in SOURCES {
        all.extend(source(scope, estate, window).await?);
    }
    // Newest first, whatever it is.
    all.sort_by_key(|ticket| Reverse((ticket.opened_at, ticket.id)));
    Ok(all)
}

/// What people and buildings are called.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub officers: HashMap<Uuid, places::staff::Colleague>,
    pub buildings: HashMap<Uuid, String>,
}

impl Names {
    /// Of everybody and everything that some tickets name.
    pub(super) async fn of(scope: &TenantScope, counted: &Counted) -> Result<Self, Refused> {
        let officers = counted.tickets.iter().filter_map(|ticket| ticket.officer);
        let officers = places::staff::by_id(scope, officers).await?;
        let units = places::homes::of_estate(scope, counted.estate.id, None).await?;
        let buildings = units.into_iter().map(|unit| (unit.building.as_uuid(), unit.building_code));
        Ok(Self { officers, buildings: buildings.collect() })
    }

    /// What a group is called; nothing where it has no name.
    pub(super) fn label(&self, by: By, key: &str) -> Option<String> {
        let id = || Uuid::try_parse(key).ok();
        match by {
            By::Class | By::Month => Some(key.to_owned()),
            By::Officer => self.officers.get(&id()?).map(|colleague| colleague.name.clone()),
            By::Building => self.buildings.get(&id()?).cloned(),
        }
    }
}

impl Counted {
    /// The groups of a kind, in order.
    pub(super) fn groups(&self, kind: super::domain::Kind) -> Vec<String> {
        groups(&self.tickets, kind, self.which.by, self.estate.zone).into_iter().collect()
    }
}

/// The tickets and names of some figures.
pub(super) async fn figures(
    db: &Db,
    caller: &Caller,
    which: Which,
) -> Result<(Counted, Names), Refused> {
    let scope = db.read(caller.tenant()).await?;
    let counted = counted(&scope, caller, (which, FIGURES_READ)).await?;
    let names = Names::of(&scope, &counted).await?;
    Ok((counted, names))
}
