//! Parking spaces and vehicles in the graph.

use super::{PARKING_READ, Space, Vehicle, repo};
use crate::{
    ResidentsError,
    graphql::Loaders,
    occupancy,
    people::graphql::PersonNode,
    structure::{self, Visible},
};
use async_graphql::{
    ComplexObject, Context, ID, Object, Result, SimpleObject, connection::Connection,
};
use authz::Caller;
use contracts::PersonId;
use db::Db;
use graphql::{
    AreaScalar, Cursor, GraphqlResultExt as _, PageArgs, caller, connection, of_caller, parse,
    parse_id,
};
use ids::EstateId;
use uuid::Uuid;

/// A vehicle.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Vehicle")]
pub struct VehicleNode {
    /// The vehicle.
    id: ID,
    /// Its number plate, without blanks and dots.
    plate: String,
    /// Its brand.
    brand: Option<String>,
    /// Its colour.
    colour: Option<String>,
}

impl From<Vehicle> for VehicleNode {
    fn from(vehicle: Vehicle) -> Self {
        Self {
            id: vehicle.id.to_string().into(),
            plate: vehicle.plate,
            brand: vehicle.brand,
            colour: vehicle.colour,
        }
    }
}

/// A parking space.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ParkingSpace", complex)]
pub struct ParkingSpaceNode {
    #[graphql(skip)]
    holder_id: Option<PersonId>,
    /// The space.
    id: ID,
    /// Lot and code, unique in the estate, e.g. `U-017`.
    label: String,
    /// Whether it is below ground; null when not known.
    underground: Option<bool>,
    /// Whether it was sold; false when it is leased, null when neither is known.
    sold: Option<bool>,
    /// Its area in m².
    area: Option<AreaScalar>,
}

impl From<Space> for ParkingSpaceNode {
    fn from(space: Space) -> Self {
        Self {
            holder_id: space.holder,
            id: space.id.to_string().into(),
            label: space.label(),
            underground: space.kind.map(|kind| kind == "underground"),
            sold: space.tenure.map(|tenure| tenure == "sold"),
            area: space.area.map(AreaScalar),
        }
    }
}

#[ComplexObject]
impl ParkingSpaceNode {
    /// Who has it, masked; null when nobody does or the caller may not see people.
    async fn holder(&self, ctx: &Context<'_>) -> Result<Option<PersonNode>> {
        let Some(holder) = self.holder_id else { return Ok(None) };
        Ok(of_caller::<Loaders>(ctx)?.person(holder).await?.map(PersonNode::from))
    }
}

async fn spaces_page(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    page: &PageArgs,
    after: Option<Uuid>,
) -> std::result::Result<Vec<Space>, ResidentsError> {
    let permitted = caller.read(PARKING_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let visible = Visible::of(&scope, &permitted).await?;
    let holders = match (permitted.own_person(), visible.everything()) {
        (Some(person), _) => Some(vec![person]),
        (None, true) => None,
        (None, false) => {
            let units =
                structure::repo::page(&scope, &visible, None, None, u64::from(u32::MAX)).await?;
            let units = units.iter().map(|unit| unit.id.as_uuid());
            let ties = occupancy::repo::of_units(&scope, units).await?;
            Some(ties.iter().map(|tie| tie.person.as_uuid()).collect())
        }
    };
    Ok(repo::page(&scope, estate, holders, after, page.limit()).await?)
}

/// Questions about parking.
#[derive(Default)]
pub struct ParkingQuery;

#[Object]
impl ParkingQuery {
    /// The parking spaces of an estate.
    async fn parking_spaces(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate.")] estate_id: ID,
        #[graphql(desc = "How many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ParkingSpaceNode>>> {
        let page = PageArgs::new(first, after)?;
        let after = page.after.as_ref().map(|cursor| parse(&cursor.0, "after")).transpose()?;
        let estate = parse_id(&estate_id, "estateId")?;
        let rows = spaces_page(ctx.data()?, caller(ctx)?, estate, &page, after).await.graphql()?;
        Ok(Some(connection(&page, rows, |s| s.id.as_uuid().to_string(), ParkingSpaceNode::from)))
    }
}
