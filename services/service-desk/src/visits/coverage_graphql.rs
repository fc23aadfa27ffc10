//! How many households were visited, in the graph.

use super::{graphql::Known, view::Coverage};
use crate::graphql::Colleague;
use async_graphql::{ID, SimpleObject};

/// How many households of a building were visited.
#[derive(SimpleObject)]
pub struct BuildingVisitCoverage {
    /// The building, `bld_…`.
    building_id: ID,
    /// Its code.
    building_code: String,
    /// Units to which somebody belongs today.
    households: i32,
    /// Those visited in the year.
    visited: i32,
}

/// How many households an officer visited.
#[derive(SimpleObject)]
pub struct OfficerVisitCoverage {
    /// Who.
    officer: Colleague,
    /// The households they visited in the year.
    visited: i32,
    /// How many visits they made.
    visits: i32,
}

/// How many households were visited in a year (走访覆盖率); each shall be once at least.
#[derive(SimpleObject)]
pub struct VisitCoverage {
    /// Units to which somebody belongs today.
    households: i32,
    /// Those visited in the year.
    visited: i32,
    /// The share in per cent, rounded down.
    percent: i32,
    /// By building.
    buildings: Vec<BuildingVisitCoverage>,
    /// By officer.
    officers: Vec<OfficerVisitCoverage>,
}

impl VisitCoverage {
    pub(super) fn new(all: Coverage, known: &Known) -> Self {
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let buildings = all.buildings.into_iter();
        let officers = all.officers.into_iter();
        Self {
            households: count(all.households),
            visited: count(all.visited),
            percent: count((all.visited * 100).checked_div(all.households).unwrap_or(0)),
            buildings: buildings
                .map(|((code, id), (households, visited))| BuildingVisitCoverage {
                    building_id: id.to_string().into(),
                    building_code: code,
                    households: count(households),
                    visited: count(visited),
                })
                .collect(),
            officers: officers
                .map(|(user, (visited, visits))| OfficerVisitCoverage {
                    officer: Colleague::new(user, known),
                    visited: count(visited),
                    visits: i32::try_from(visits).unwrap_or(i32::MAX),
                })
                .collect(),
        }
    }
}
