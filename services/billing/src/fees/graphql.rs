//! Fee items and prices in the graph.

use super::{
    CreateItem, FEE_READ, FeeItem, NewStandard, Scope, create_item,
    formula_graphql::{FeeStep, FeeStepInput, FormulaWord, Written, metered},
    repo,
    repo::StoredStandard,
};
use crate::{
    charges::{Formula, Proration},
    graphql::{FeeUse, fen, place_id, proration_word},
    ids::{BuildingId, FeeItemId, FeeStandardId},
    say,
};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
};
use authz::Denied;
use chrono::NaiveDate;
use db::Db;
use errors::Invalid;
use graphql::{
    Cursor, GraphqlResultExt as _, Money, PageArgs, RateScalar, caller, connection, parse_id,
};
use ids::EstateId;
use money::{Fen, Rate};
use rust_decimal::Decimal;

/// What kind of service a fee item is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "FeeKind", remote = "super::FeeKind")]
pub enum FeeKindWord {
    /// 物业费: the property fee.
    PropertyFee,
    /// 车位费: parking leases and management of owned spaces.
    Parking,
    /// 公共区域停车: parking on common ground, whose income is the owners'.
    CommonParking,
    /// 代收代付: collected for a partner, without a handling fee.
    PassThrough,
    /// 公摊能耗: shared energy.
    SharedEnergy,
    /// 垃圾清运费: rubbish of a renovation.
    Rubbish,
    /// 特约服务: made-to-order services.
    SpecialService,
    /// 违约金: the contractual late fee.
    LateFee,
    /// Anything else.
    Other,
}

/// What a price is on today's date.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "FeeStandardPhase", remote = "super::Phase")]
pub enum PhaseWord {
    /// Being written.
    Draft,
    /// Waits for approval.
    Proposed,
    /// Approved, takes effect later.
    Approved,
    /// In effect.
    Effective,
    /// Its last day has passed.
    Superseded,
    /// Given up.
    Withdrawn,
}

/// A thing that is charged for (费用项目).
#[derive(SimpleObject)]
#[graphql(name = "FeeItem", complex)]
pub struct FeeItemNode {
    /// Its id, `fit_…`.
    id: ID,
    /// Unique in the estate.
    code: String,
    /// Chinese name.
    name_zh: String,
    /// English name.
    name_en: String,
    /// What kind of service it is.
    kind: FeeKindWord,
    #[graphql(skip)]
    item: FeeItem,
}

#[ComplexObject]
impl FeeItemNode {
    /// The partner it is collected for, e.g. the water company.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(partner) = self.item.partner else { return Ok(None) };
        let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
        repo::partner_name(&scope, partner).await.graphql()
    }
}

impl From<FeeItem> for FeeItemNode {
    fn from(item: FeeItem) -> Self {
        Self {
            id: item.id.to_string().into(),
            code: item.code.clone(),
            name_zh: item.name_zh.clone(),
            name_en: item.name_en.clone(),
            kind: item.kind.into(),
            item,
        }
    }
}

/// Where a price applies; a part that is not given applies to all.
#[derive(SimpleObject)]
pub struct FeeStandardScope {
    /// Only this building, `bld_…`.
    building_id: Option<ID>,
    /// Only units of this use.
    used_as: Option<FeeUse>,
    /// Only this unit.
    unit_id: Option<ID>,
}

/// One version of the price of a fee item (收费标准).
#[derive(SimpleObject)]
#[graphql(name = "FeeStandard", complex)]
pub struct FeeStandardNode {
    /// Its id, `fst_…`.
    id: ID,
    /// Where it applies.
    scope: FeeStandardScope,
    /// How the price of a whole month is found.
    formula: FormulaWord,
    /// Yuan per m² and month for `AREA_RATE`, per unit of use for `METER`.
    rate: Option<RateScalar>,
    /// The steps by the use of a calendar year, for `METER_TIERED`.
    steps: Vec<FeeStep>,
    /// Added to every month, for `AREA_RATE`.
    surcharge: Option<Money>,
    /// The price of a month, for the other formulas.
    price: Option<Money>,
    /// What a part of a month costs.
    proration: proration_word::ProrationWord,
    /// First day of effect.
    effective_from: NaiveDate,
    /// Last day of effect; none while no end is known.
    effective_to: Option<NaiveDate>,
    /// What it is today.
    phase: PhaseWord,
    /// Who proposed it.
    proposed_by: Option<ID>,
    /// Who approved it; never the proposer.
    approved_by: Option<ID>,
    /// The day of approval and publication.
    approved_on: Option<NaiveDate>,
    /// The import it came with.
    import_id: Option<ID>,
    #[graphql(skip)]
    item: FeeItemId,
}

#[ComplexObject]
impl FeeStandardNode {
    /// The priced item.
    async fn fee_item(&self, ctx: &Context<'_>) -> Result<FeeItemNode> {
        let loader = ctx.data::<crate::graphql::FeeItemLoader>()?;
        let item = loader.load_one(self.item).await.map_err(|e| crate::graphql::shared(&e))?;
        item.map(Into::into).ok_or(Denied::Hidden).graphql()
    }
}

impl FeeStandardNode {
    fn new(stored: StoredStandard, today: NaiveDate) -> Self {
        let StoredStandard { standard, import, .. } = stored;
        let written = Written::of(standard.terms.formula);
        let place = standard.terms.scope;
        let user = |user: crate::ids::UserId| ID(user.to_string());
        Self {
            id: standard.id.to_string().into(),
            scope: FeeStandardScope {
                building_id: place.building.map(|building| building.to_string().into()),
                used_as: place.unit_use.map(Into::into),
                unit_id: place.unit.map(|unit| unit.to_string().into()),
            },
            formula: written.formula,
            rate: written.rate,
            steps: written.steps,
            surcharge: written.surcharge,
            price: written.price,
            proration: standard.terms.proration.into(),
            effective_from: standard.terms.from,
            effective_to: standard.last_day(),
            phase: standard.phase(today).into(),
            proposed_by: standard.proposed_by.map(user),
            approved_by: standard.approved_by.map(user),
            approved_on: standard.approved_on,
            import_id: import.map(|import| import.to_string().into()),
            item: standard.terms.item,
        }
    }
}

/// The fees of an estate.
pub struct EstateFees(pub EstateId);

#[Object]
impl EstateFees {
    /// What is charged for in the estate, by code.
    async fn fee_items(&self, ctx: &Context<'_>) -> Result<Option<Vec<FeeItemNode>>> {
        let permit = caller(ctx)?.read(FEE_READ, self.0).graphql()?;
        let scope = ctx.data::<Db>()?.read(permit.tenant()).await.graphql()?;
        crate::estates::visible(&scope, &permit).await.graphql()?;
        let items = repo::items(&scope, self.0).await.graphql()?;
        Ok(Some(items.into_iter().map(Into::into).collect()))
    }

    /// The prices of the estate in all their versions, oldest first. Residents see those of the
    /// estate and of their own units.
    async fn fee_standards(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this fee item")] fee_item_id: Option<ID>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, FeeStandardNode>>> {
        let permit = caller(ctx)?.read(FEE_READ, self.0).graphql()?;
        let page = PageArgs::new(first, after)?;
        let item = fee_item_id.map(|id| parse_id::<FeeItemId>(&id, "feeItemId")).transpose()?;
        let scope = ctx.data::<Db>()?.read(permit.tenant()).await.graphql()?;
        crate::estates::visible(&scope, &permit).await.graphql()?;
        let estate = crate::estates::find(&scope, self.0).await.graphql()?;
        let estate = estate.ok_or(Denied::Hidden).graphql()?;
        let own = match permit.own_person() {
            Some(person) => Some(repo::units_of(&scope, person).await.graphql()?),
            None => None,
        };
        let after = crate::graphql::after(&page)?;
        let rows = repo::page(&scope, self.0, item, own.as_deref(), after, page.limit());
        let today = estate.today(scope.clock());
        let rows = rows.await.graphql()?;
        let key = |row: &StoredStandard| row.standard.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, |row| FeeStandardNode::new(row, today))))
    }
}

/// A fee item to create.
#[derive(InputObject)]
pub struct CreateFeeItemInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// 2 to 20 upper-case letters, digits or `_`, unique in the estate.
    code: String,
    /// Chinese name.
    name_zh: String,
    /// English name.
    name_en: String,
    /// What kind of service it is.
    kind: FeeKindWord,
    /// The partner it is collected for; given exactly for a pass-through.
    partner: Option<String>,
}

/// A price to propose.
#[derive(InputObject)]
pub struct ProposeFeeStandardInput {
    /// The priced item, `fit_…`.
    fee_item_id: ID,
    /// Only this building, `bld_…`.
    building_id: Option<ID>,
    /// Only units of this use.
    used_as: Option<FeeUse>,
    /// Only this unit, `unt_…`.
    unit_id: Option<ID>,
    /// Only this parking space, `pks_…`.
    parking_space_id: Option<ID>,
    /// How the price of a whole month is found.
    formula: FormulaWord,
    /// Yuan per m² and month for `AREA_RATE`, per unit of use for `METER`.
    rate: Option<RateScalar>,
    /// The steps by the use of a calendar year; for `METER_TIERED`, at most 6.
    steps: Option<Vec<FeeStepInput>>,
    /// Added to every month; for `AREA_RATE`, nothing when not given.
    surcharge: Option<Decimal>,
    /// The price of a month; for the other formulas.
    price: Option<Decimal>,
    /// What a part of a month costs; by actual days when not given.
    proration: Option<proration_word::ProrationWord>,
    /// First day of effect; not before the day of approval.
    effective_from: NaiveDate,
    /// Last day of effect; until superseded when not given.
    effective_to: Option<NaiveDate>,
}

impl ProposeFeeStandardInput {
    fn read(&self) -> Result<NewStandard> {
        let building = self.building_id.as_ref();
        let building = building.map(|id| parse_id::<BuildingId>(id, "buildingId")).transpose()?;
        Ok(NewStandard {
            item: parse_id(&self.fee_item_id, "feeItemId")?,
            scope: Scope {
                building,
                unit_use: self.used_as.map(Into::into),
                unit: place_id(self.unit_id.as_ref(), self.parking_space_id.as_ref())?,
            },
            formula: self.formula()?,
            proration: self.proration.map_or(Proration::default(), Into::into),
            from: self.effective_from,
            to: self.effective_to,
        })
    }

    fn formula(&self) -> Result<Formula> {
        let need = |field: &str| Invalid::new(field, say::needed_by_formula());
        let surplus = |field: &str| Invalid::new(field, say::not_used_by_formula());
        let price = || fen(self.price.ok_or_else(|| need("price")).graphql()?, "price");
        if self.formula != FormulaWord::MeterTiered && self.steps.is_some() {
            return Err(surplus("steps")).graphql();
        }
        if matches!(self.formula, FormulaWord::Meter | FormulaWord::MeterTiered) {
            let tiered = self.formula == FormulaWord::MeterTiered;
            let others = [
                ("price", self.price.is_some()),
                ("surcharge", self.surcharge.is_some()),
                ("rate", tiered && self.rate.is_some()),
            ];
            if let Some((field, _)) = others.iter().find(|(_, given)| *given) {
                return Err(surplus(field)).graphql();
            }
            return metered(self.rate.as_ref(), self.steps.as_deref(), tiered);
        }
        if self.formula == FormulaWord::AreaRate {
            if self.price.is_some() {
                return Err(surplus("price")).graphql();
            }
            let RateScalar(rate): RateScalar = self.rate.ok_or_else(|| need("rate")).graphql()?;
            let surcharge = self.surcharge.map_or(Ok(Fen::ZERO), |it| fen(it, "surcharge"))?;
            return Ok(Formula::AreaRate { rate: Rate(rate.0), surcharge });
        }
        if self.rate.is_some() || self.surcharge.is_some() {
            let field = if self.rate.is_some() { "rate" } else { "surcharge" };
            return Err(surplus(field)).graphql();
        }
        Ok(match self.formula {
            FormulaWord::PerParkingSpace => Formula::PerParkingSpace { price: price()? },
            _ => Formula::FixedPerUnit { price: price()? },
        })
    }
}

/// A price to approve.
#[derive(InputObject)]
pub struct ApproveFeeStandardInput {
    /// The price, `fst_…`.
    id: ID,
}

/// A price to give up.
#[derive(InputObject)]
pub struct WithdrawFeeStandardInput {
    /// The price, `fst_…`.
    id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
}

/// What creating a fee item changed.
#[derive(SimpleObject)]
pub struct FeeItemPayload {
    /// The fee item.
    fee_item: FeeItemNode,
}

/// What a step in the life of a price changed.
#[derive(SimpleObject)]
pub struct FeeStandardPayload {
    /// The price.
    fee_standard: FeeStandardNode,
}

async fn payload(ctx: &Context<'_>, stored: StoredStandard) -> Result<FeeStandardPayload> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    let estate = crate::estates::find(&scope, stored.estate).await.graphql()?;
    let today = estate.ok_or(Denied::Hidden).graphql()?.today(scope.clock());
    Ok(FeeStandardPayload { fee_standard: FeeStandardNode::new(stored, today) })
}

/// Changes of fee items and prices.
#[derive(Default)]
pub struct FeeMutation;

#[Object]
impl FeeMutation {
    /// Enter a thing that is charged for.
    async fn create_fee_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is entered")] input: CreateFeeItemInput,
    ) -> Result<FeeItemPayload> {
        let new = CreateItem {
            estate: parse_id(&input.estate_id, "estateId")?,
            code: input.code,
            name_zh: input.name_zh,
            name_en: input.name_en,
            kind: input.kind.into(),
            partner: input.partner,
        };
        let item = create_item(ctx.data::<Db>()?, caller(ctx)?, new).await.graphql()?;
        Ok(FeeItemPayload { fee_item: item.into() })
    }

    /// Propose a price; somebody else approves it.
    async fn propose_fee_standard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is proposed")] input: ProposeFeeStandardInput,
    ) -> Result<FeeStandardPayload> {
        let terms = input.read()?;
        let stored = super::propose(ctx.data::<Db>()?, caller(ctx)?, terms).await.graphql()?;
        payload(ctx, stored).await
    }

    /// Approve and publish a price that somebody else proposed.
    async fn approve_fee_standard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is approved")] input: ApproveFeeStandardInput,
    ) -> Result<FeeStandardPayload> {
        let id = parse_id::<FeeStandardId>(&input.id, "id")?;
        let stored = super::approve(ctx.data::<Db>()?, caller(ctx)?, id).await.graphql()?;
        payload(ctx, stored).await
    }

    /// Give up a price before it takes effect.
    async fn withdraw_fee_standard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is given up")] input: WithdrawFeeStandardInput,
    ) -> Result<FeeStandardPayload> {
        let id = parse_id::<FeeStandardId>(&input.id, "id")?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let stored = super::withdraw(db, caller, id, &input.reason).await.graphql()?;
        payload(ctx, stored).await
    }
}
