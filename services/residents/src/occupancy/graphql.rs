//! Households in the graph.

use super::{Household, Occupancy, OccupancyId, StartOccupancy, end_occupancy, start_occupancy};
use crate::{
    parking::graphql::VehicleNode,
    people::{Person, graphql::PersonNode},
};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;
use contracts::residents::MemberKind;
use graphql::{GraphqlResultExt as _, caller, parse_id};

/// In what capacity somebody belongs to a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "MemberKind", remote = "MemberKind")]
pub enum MemberKindNode {
    /// The developer, before handover.
    Developer,
    /// An owner.
    Owner,
    /// A lessee.
    Lessee,
    /// A member of the household who neither owns nor leases.
    Family,
}

/// One person's tie to a unit during some days.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Occupancy")]
pub struct OccupancyNode {
    /// The tie.
    id: ID,
    /// In what capacity.
    kind: MemberKindNode,
    /// For family: the relation to the owner, in words.
    relation: Option<String>,
    /// First day.
    from: NaiveDate,
    /// Last day, inclusive; null while it lasts.
    to: Option<NaiveDate>,
    /// Whether this party pays on the days on which no lessee (before an owner, before the
    /// developer) does.
    pays: bool,
}

impl From<Occupancy> for OccupancyNode {
    fn from(tie: Occupancy) -> Self {
        Self {
            id: tie.id.to_string().into(),
            kind: tie.kind.into(),
            relation: tie.relation,
            from: tie.from,
            to: tie.to,
            pays: tie.pays,
        }
    }
}

/// Somebody who belongs to a unit.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "HouseholdMember")]
pub struct MemberNode {
    /// The person, masked.
    person: PersonNode,
    /// The tie.
    occupancy: OccupancyNode,
}

impl From<(Occupancy, Person)> for MemberNode {
    fn from((tie, person): (Occupancy, Person)) -> Self {
        Self { person: person.into(), occupancy: tie.into() }
    }
}

/// The household card of a unit.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Household")]
pub struct HouseholdNode {
    /// Who belongs to the unit today or later.
    members: Vec<MemberNode>,
    /// Who pays for the unit today.
    payer: Option<PersonNode>,
    /// The vehicles of its people.
    vehicles: Vec<VehicleNode>,
}

impl From<Household> for HouseholdNode {
    fn from(household: Household) -> Self {
        let payer = household.members.iter().find(|(tie, _)| Some(tie.person) == household.payer);
        Self {
            payer: payer.map(|(_, person)| person.clone().into()),
            members: household.members.into_iter().map(MemberNode::from).collect(),
            vehicles: household.vehicles.into_iter().map(VehicleNode::from).collect(),
        }
    }
}

/// A tie to start.
#[derive(Debug, InputObject)]
pub struct StartOccupancyInput {
    /// The unit.
    unit_id: ID,
    /// The person.
    person_id: ID,
    /// In what capacity. An owner's start ends the developer's time the day before.
    kind: MemberKindNode,
    /// For family: the relation to the owner, in words.
    relation: Option<String>,
    /// First day.
    from: NaiveDate,
    /// Last day, inclusive; leave out while it lasts.
    to: Option<NaiveDate>,
    /// Whether this party pays; two parties of one kind cannot on the same day.
    pays: bool,
}

/// A tie to end.
#[derive(Debug, InputObject)]
pub struct EndOccupancyInput {
    /// The tie.
    id: ID,
    /// Its last day.
    to: NaiveDate,
}

/// The tie as it is now.
#[derive(Debug, SimpleObject)]
pub struct OccupancyPayload {
    /// The tie.
    occupancy: OccupancyNode,
}

/// Acts on occupancies.
#[derive(Default)]
pub struct OccupancyMutation;

#[Object]
impl OccupancyMutation {
    /// Let a person belong to a unit from a day on.
    async fn start_occupancy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The tie.")] input: StartOccupancyInput,
    ) -> Result<OccupancyPayload> {
        let new = StartOccupancy {
            unit: parse_id(&input.unit_id, "unitId")?,
            person: parse_id(&input.person_id, "personId")?,
            kind: input.kind.into(),
            relation: input.relation,
            from: input.from,
            to: input.to,
            pays: input.pays,
        };
        let started = start_occupancy(ctx.data()?, caller(ctx)?, new).await.graphql()?;
        Ok(OccupancyPayload { occupancy: started.into() })
    }

    /// Let a person belong to a unit no longer than a day.
    async fn end_occupancy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The tie and its last day.")] input: EndOccupancyInput,
    ) -> Result<OccupancyPayload> {
        let id: OccupancyId = parse_id(&input.id, "id")?;
        let ended = end_occupancy(ctx.data()?, caller(ctx)?, id, input.to).await.graphql()?;
        Ok(OccupancyPayload { occupancy: ended.into() })
    }
}
