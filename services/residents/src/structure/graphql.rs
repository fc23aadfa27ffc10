//! Buildings and units in the graph.

use super::{
    AddUnit, Building, UNIT_READ, Unit, UnitState, UpdateUnit, Visible, add_building, add_unit,
    repo, update_unit, visible_buildings,
};
use crate::{
    ResidentsError,
    graphql::{EstateNode, Loaders},
    occupancy::graphql::HouseholdNode,
};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
};
use authz::Caller;
use contracts::{BuildingId, residents::UnitUse};
use db::Db;
use graphql::{
    AreaScalar, Cursor, GraphqlResultExt as _, PageArgs, caller, connection, of_caller, parse_id,
};
use ids::EstateId;

/// What a unit is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "UnitUse", remote = "UnitUse")]
pub enum UnitUseNode {
    /// A home.
    Residential,
    /// A shop.
    Shop,
    /// An office.
    Office,
    /// Anything else with an area.
    Other,
}

/// What is going on in a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "UnitState", remote = "UnitState")]
pub enum UnitStateNode {
    /// Somebody lives or works there.
    InUse,
    /// Nobody does.
    Vacant,
    /// It is being renovated.
    Renovating,
    /// It was never sold; the developer has it.
    Unsold,
}

/// A building of an estate.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Building")]
pub struct BuildingNode {
    /// The building.
    id: ID,
    /// Its number or letter, unique in the estate.
    code: String,
}

impl From<Building> for BuildingNode {
    fn from(building: Building) -> Self {
        Self { id: building.id.to_string().into(), code: building.code }
    }
}

/// A flat, shop or other space with an area.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Unit", complex)]
pub struct UnitNode {
    #[graphql(skip)]
    key: contracts::UnitId,
    /// The unit.
    id: ID,
    /// The estate it is in.
    estate: EstateNode,
    /// Its building.
    building: BuildingNode,
    /// The entrance's number; empty when the building has none.
    entrance: String,
    /// Its number within the entrance.
    number: String,
    /// Building-entrance-number, unique in the estate, e.g. `3-1-1201`.
    label: String,
    /// The floor it is on; below ground negative.
    floor: Option<i32>,
    /// Its layout, in words.
    layout: Option<String>,
    /// Gross floor area in m², the fee base.
    gross_area: AreaScalar,
    /// Net floor area in m².
    net_area: Option<AreaScalar>,
    /// What it is used for.
    used_as: UnitUseNode,
    /// What is going on in it.
    state: UnitStateNode,
}

impl From<Unit> for UnitNode {
    fn from(unit: Unit) -> Self {
        let building =
            Building { id: unit.building, estate: unit.estate, code: unit.building_code };
        Self {
            key: unit.id,
            id: unit.id.to_string().into(),
            estate: EstateNode::new(unit.estate),
            building: building.into(),
            entrance: unit.entrance_code,
            number: unit.number,
            label: unit.label,
            floor: unit.floor.and_then(|floor| i32::try_from(floor).ok()),
            layout: unit.layout,
            gross_area: AreaScalar(unit.gross_area),
            net_area: unit.net_area.map(AreaScalar),
            used_as: unit.used_as.into(),
            state: unit.state.into(),
        }
    }
}

#[ComplexObject]
impl UnitNode {
    /// Who belongs to it today or later, who pays today, their vehicles; null when the caller may
    /// not see that.
    async fn household(&self, ctx: &Context<'_>) -> Result<Option<HouseholdNode>> {
        let found = of_caller::<Loaders>(ctx)?.household(self.key).await?;
        Ok(found.map(HouseholdNode::from))
    }
}

/// The page of an estate's units that the caller may see.
pub async fn units_page(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    building: Option<BuildingId>,
    page: &PageArgs,
) -> std::result::Result<Vec<Unit>, ResidentsError> {
    let permitted = caller.read(UNIT_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let visible = Visible::of(&scope, &permitted).await?;
    let after = page.after.as_ref().map(|cursor| cursor.0.as_str());
    Ok(repo::page(&scope, &visible, building, after, page.limit()).await?)
}

/// Questions about structure.
#[derive(Default)]
pub struct StructureQuery;

#[Object]
impl StructureQuery {
    /// One unit.
    async fn unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit.")] id: ID,
    ) -> Result<Option<UnitNode>> {
        let found = of_caller::<Loaders>(ctx)?.unit(parse_id(&id, "id")?).await?;
        found.ok_or(ResidentsError::not_found()).graphql().map(|unit| Some(unit.into()))
    }

    /// The units of an estate by label.
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate.")] estate_id: ID,
        #[graphql(desc = "Only those of this building.")] building_id: Option<ID>,
        #[graphql(desc = "How many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, UnitNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let building = building_id.map(|id| parse_id(&id, "buildingId")).transpose()?;
        let rows = units_page(ctx.data()?, caller(ctx)?, estate, building, &page).await;
        Ok(Some(connection(&page, rows.graphql()?, |unit| unit.label.clone(), UnitNode::from)))
    }

    /// The buildings of an estate by code.
    async fn buildings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate.")] estate_id: ID,
    ) -> Result<Option<Vec<BuildingNode>>> {
        let estate = parse_id(&estate_id, "estateId")?;
        let permitted = caller(ctx)?.read(UNIT_READ, estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(permitted.tenant()).await.graphql()?;
        let buildings = visible_buildings(&scope, &permitted).await.graphql()?;
        Ok(Some(buildings.into_iter().map(BuildingNode::from).collect()))
    }
}

/// A building to register.
#[derive(Debug, InputObject)]
pub struct AddBuildingInput {
    /// The estate.
    estate_id: ID,
    /// Its number or letter, unique in the estate, without a dash.
    code: String,
}

/// The building that was registered.
#[derive(Debug, SimpleObject)]
pub struct AddBuildingPayload {
    /// The building.
    building: BuildingNode,
}

/// A unit to register.
#[derive(Debug, InputObject)]
pub struct AddUnitInput {
    /// The estate.
    estate_id: ID,
    /// The building.
    building_id: ID,
    /// The entrance's number; leave out when the building has none.
    entrance: Option<String>,
    /// The unit's number, without a dash.
    number: String,
    /// The floor.
    floor: Option<i32>,
    /// The layout, in words.
    layout: Option<String>,
    /// Gross floor area in m².
    gross_area: AreaScalar,
    /// Net floor area in m².
    net_area: Option<AreaScalar>,
    /// What it is used for; a home unless said otherwise.
    used_as: Option<UnitUseNode>,
    /// What is going on in it; vacant unless said otherwise.
    state: Option<UnitStateNode>,
}

/// What of a unit changes; what is left out stays.
#[derive(Debug, InputObject)]
pub struct UpdateUnitInput {
    /// The unit.
    id: ID,
    /// Gross floor area in m².
    gross_area: Option<AreaScalar>,
    /// Net floor area in m².
    net_area: Option<AreaScalar>,
    /// What it is used for.
    used_as: Option<UnitUseNode>,
    /// What is going on in it.
    state: Option<UnitStateNode>,
}

/// The unit as it is now.
#[derive(Debug, SimpleObject)]
pub struct UnitPayload {
    /// The unit.
    unit: UnitNode,
}

/// Acts on structure.
#[derive(Default)]
pub struct StructureMutation;

#[Object]
impl StructureMutation {
    /// Register a building.
    async fn add_building(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The building.")] input: AddBuildingInput,
    ) -> Result<AddBuildingPayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let added = add_building(ctx.data()?, caller(ctx)?, estate, &input.code).await;
        Ok(AddBuildingPayload { building: added.graphql()?.into() })
    }

    /// Register a unit.
    async fn add_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit.")] input: AddUnitInput,
    ) -> Result<UnitPayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let new = AddUnit {
            building: parse_id(&input.building_id, "buildingId")?,
            entrance: input.entrance.unwrap_or_default(),
            number: input.number,
            floor: input.floor.map(i64::from),
            layout: input.layout,
            gross_area: input.gross_area.0,
            net_area: input.net_area.map(|area| area.0),
            used_as: input.used_as.map_or(UnitUse::Residential, UnitUse::from),
            state: input.state.map_or(UnitState::Vacant, UnitState::from),
        };
        let added = add_unit(ctx.data()?, caller(ctx)?, estate, new).await;
        Ok(UnitPayload { unit: added.graphql()?.into() })
    }

    /// Change a unit's area, use or state.
    async fn update_unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateUnitInput,
    ) -> Result<UnitPayload> {
        let id = parse_id(&input.id, "id")?;
        let change = UpdateUnit {
            gross_area: input.gross_area.map(|area| area.0),
            net_area: input.net_area.map(|area| area.0),
            used_as: input.used_as.map(UnitUse::from),
            state: input.state.map(UnitState::from),
        };
        let changed = update_unit(ctx.data()?, caller(ctx)?, id, change).await;
        Ok(UnitPayload { unit: changed.graphql()?.into() })
    }
}
