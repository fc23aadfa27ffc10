//! Shared costs in the graph.

use super::{
    SHARED_COST_READ,
    decide::decide,
    domain::{SharedCost, SharedCostState},
    plan::{self, Part},
    propose::{NewCost, propose},
    repo,
    reverse::reverse,
};
use crate::{
    charges::SharedBy,
    fees::graphql::FeeItemNode,
    graphql::{FeeItemLoader, UnitNode, fen, shared},
    ids::{BuildingId, FeeItemId, SharedCostId},
    meters::graphql::MeterKindWord,
};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
};
use authz::Denied;
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, IdempotencyKey};
use graphql::{
    Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, language, parse, parse_id,
};
use ids::EstateId;
use rust_decimal::Decimal;

/// How far a shared cost has come.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "SharedCostState", remote = "SharedCostState")]
pub enum SharedCostStateWord {
    /// Waits for another person's approval.
    Proposed,
    /// Refused.
    Rejected,
    /// Approved; its bills are issued.
    Charged,
    /// Its bills are voided.
    Reversed,
}

/// What a cost is shared by.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "SharedBy", remote = "SharedBy")]
pub enum SharedByWord {
    /// By gross area.
    Area,
    /// The same for every unit.
    Household,
    /// By what the units' meters counted.
    Usage,
}

/// A cost of a period that several units share (公摊费用).
#[derive(SimpleObject)]
#[graphql(name = "SharedCost", complex)]
pub struct SharedCostNode {
    /// Its id, `shc_…`.
    id: ID,
    /// The first day of its period.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// How much is shared.
    total: Money,
    /// By what.
    shared_by: SharedByWord,
    /// Whose use counts, when it is shared by use.
    meter_kind: Option<MeterKindWord>,
    /// Only the units of this building share it, `bld_…`.
    building_id: Option<ID>,
    /// The supplier's document.
    supplier_ref: String,
    /// What it is for, as the bills say it.
    description: String,
    /// How far it has come.
    state: SharedCostStateWord,
    /// Who proposed it.
    proposed_by: ID,
    /// When.
    proposed_at: DateTime<Utc>,
    /// Who approved or rejected it; never who proposed it.
    decided_by: Option<ID>,
    /// When.
    decided_at: Option<DateTime<Utc>>,
    /// Why it was rejected or reversed.
    reason: Option<String>,
    #[graphql(skip)]
    item: FeeItemId,
}

#[ComplexObject]
impl SharedCostNode {
    /// The fee item.
    async fn fee_item(&self, ctx: &Context<'_>) -> Result<FeeItemNode> {
        let loader = ctx.data::<FeeItemLoader>()?;
        let item = loader.load_one(self.item).await.map_err(|error| shared(&error))?;
        item.map(Into::into).ok_or(Denied::Hidden).graphql()
    }
}

impl From<SharedCost> for SharedCostNode {
    fn from(cost: SharedCost) -> Self {
        Self {
            id: cost.id.to_string().into(),
            from: cost.from,
            to: cost.to,
            total: Money::cny(cost.total),
            shared_by: cost.by.into(),
            meter_kind: cost.kind.map(Into::into),
            building_id: cost.building.map(|building| building.to_string().into()),
            supplier_ref: cost.supplier_ref,
            description: cost.description,
            state: cost.state.into(),
            proposed_by: cost.proposed_by.to_string().into(),
            proposed_at: cost.proposed_at,
            decided_by: cost.decided_by.map(|user| user.to_string().into()),
            decided_at: cost.decided_at,
            reason: cost.reason,
            item: cost.item,
        }
    }
}

/// One payer's share of a unit's part.
#[derive(SimpleObject)]
pub struct SharedCostShare {
    /// Who owes it; personal data, masked.
    payer: String,
    /// First day.
    from: NaiveDate,
    /// Last day.
    to: NaiveDate,
    /// How much.
    amount: Money,
    /// The arithmetic, in the language of the request.
    words: String,
}

/// A unit's part of a shared cost, as it is now.
#[derive(SimpleObject)]
pub struct SharedCostPart {
    /// The unit, as people call it.
    label: String,
    /// The unit.
    unit: Option<UnitNode>,
    /// Its part.
    amount: Money,
    /// What of it nobody owes, because nobody pays for the unit on some days.
    unowed: Money,
    /// Who owes how much of it.
    shares: Vec<SharedCostShare>,
}

/// How a cost is shared, as units, payers and readings are now.
pub struct SharedCostPreview {
    cost: SharedCost,
    parts: Vec<Part>,
}

/// How a cost is shared, as units, payers and readings are now.
#[Object]
impl SharedCostPreview {
    /// The sum of the parts that somebody owes.
    async fn owed(&self) -> Money {
        let shares = self.parts.iter().flat_map(|part| &part.shares);
        Money::cny(shares.map(|share| share.amount).sum())
    }
    /// What nobody owes, because nobody pays for some units on some days.
    async fn unowed(&self) -> Money {
        Money::cny(self.parts.iter().map(Part::unowed).sum())
    }
    /// The units' parts, by label.
    async fn parts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Connection<Cursor, SharedCostPart>> {
        let page = PageArgs::new(first, after)?;
        let after: usize = match &page.after {
            Some(cursor) => parse(&cursor.0, "after")?,
            None => 0,
        };
        let limit = usize::try_from(page.limit()).unwrap_or(usize::MAX);
        let of_weight: i64 = self.parts.iter().map(|part| part.weight).sum();
        let rows: Vec<(usize, &Part)> = (1..).zip(&self.parts).skip(after).take(limit).collect();
        let language = language(ctx);
        let node = |(_, part): (usize, &Part)| SharedCostPart {
            label: part.site.label.clone(),
            unit: part.site.unit.map(Into::into),
            amount: Money::cny(part.amount),
            unowed: Money::cny(part.unowed()),
            shares: part
                .shares
                .iter()
                .map(|share| SharedCostShare {
                    payer: part.site.payers[share.payer].name.shown.clone(),
                    from: share.from,
                    to: share.to,
                    amount: Money::cny(share.amount),
                    words: part.explanation(&self.cost, of_weight, share).text().say(language),
                })
                .collect(),
        };
        Ok(connection(&page, rows, |(place, _)| place.to_string(), node))
    }
}

/// The shared costs of an estate.
pub struct EstateSharedCosts(pub EstateId);

#[Object]
impl EstateSharedCosts {
    /// The shared costs of the estate, newest first; for staff.
    async fn shared_costs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, SharedCostNode>>> {
        let permit = caller(ctx)?.read(SHARED_COST_READ, self.0).graphql()?;
        let page = PageArgs::new(first, after)?;
        let scope = ctx.data::<Db>()?.read(permit.tenant()).await.graphql()?;
        let before = crate::graphql::after(&page)?;
        let rows = repo::page(&scope, self.0, before, page.limit()).await.graphql()?;
        let key = |row: &SharedCost| row.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, Into::into)))
    }
}

async fn find(ctx: &Context<'_>, id: SharedCostId) -> Result<SharedCost> {
    let caller = caller(ctx)?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let cost = repo::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    caller.read(SHARED_COST_READ, cost.estate).graphql()?;
    Ok(cost)
}

/// Queries on shared costs.
#[derive(Default)]
pub struct SharedCostQuery;

#[Object]
impl SharedCostQuery {
    /// A shared cost.
    async fn shared_cost(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The shared cost, `shc_…`")] id: ID,
    ) -> Result<Option<SharedCostNode>> {
        Ok(Some(find(ctx, parse_id(&id, "id")?).await?.into()))
    }

    /// How a cost is shared, as units, payers and readings are now: what approving it would charge.
    async fn preview_shared_cost(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The shared cost, `shc_…`")] shared_cost_id: ID,
    ) -> Result<Option<SharedCostPreview>> {
        let cost = find(ctx, parse_id(&shared_cost_id, "sharedCostId")?).await?;
        let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
        let parts = plan::parts(&scope, &cost).await.graphql()?;
        Ok(Some(SharedCostPreview { cost, parts }))
    }
}

/// A shared cost to propose.
#[derive(InputObject)]
pub struct ProposeSharedCostInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The fee item, `fit_…`.
    fee_item_id: ID,
    /// The first day of its period.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// How much is shared, in major units.
    total: Decimal,
    /// By what.
    shared_by: SharedByWord,
    /// Whose use counts; given exactly when it is shared by use.
    meter_kind: Option<MeterKindWord>,
    /// Only the units of this building, `bld_…`; all of the estate when not given.
    building_id: Option<ID>,
    /// The supplier's document, 1 to 60 characters.
    supplier_ref: String,
    /// What it is for, as the bills say it; 1 to 200 characters.
    description: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A shared cost to approve.
#[derive(InputObject)]
pub struct ApproveSharedCostInput {
    /// The shared cost, `shc_…`.
    shared_cost_id: ID,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A shared cost to reject or to reverse.
#[derive(InputObject)]
pub struct UndoSharedCostInput {
    /// The shared cost, `shc_…`.
    shared_cost_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The shared cost after an act.
#[derive(SimpleObject)]
pub struct SharedCostPayload {
    /// The shared cost.
    shared_cost: SharedCostNode,
}

async fn payload(ctx: &Context<'_>, id: SharedCostId) -> Result<SharedCostPayload> {
    Ok(SharedCostPayload { shared_cost: find(ctx, id).await?.into() })
}

/// Changes of shared costs.
#[derive(Default)]
pub struct SharedCostMutation;

#[Object]
impl SharedCostMutation {
    /// Propose a shared cost; somebody else approves it.
    async fn propose_shared_cost(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is proposed")] input: ProposeSharedCostInput,
    ) -> Result<SharedCostPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let building = input.building_id.as_ref();
        let building = building.map(|id| parse_id::<BuildingId>(id, "buildingId")).transpose()?;
        let new = NewCost {
            estate: parse_id(&input.estate_id, "estateId")?,
            item: parse_id(&input.fee_item_id, "feeItemId")?,
            from: input.from,
            to: input.to,
            total: fen(input.total, "total")?,
            by: input.shared_by.into(),
            kind: input.meter_kind.map(Into::into),
            building,
            supplier_ref: input.supplier_ref,
            description: input.description,
        };
        let id = propose(ctx.data()?, caller(ctx)?, new, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Approve a shared cost that somebody else proposed: its bills are issued at once.
    async fn approve_shared_cost(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is approved")] input: ApproveSharedCostInput,
    ) -> Result<SharedCostPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.shared_cost_id, "sharedCostId")?;
        let id = decide(ctx.data()?, caller(ctx)?, (id, None), &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Reject a shared cost that somebody else proposed.
    async fn reject_shared_cost(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is rejected")] input: UndoSharedCostInput,
    ) -> Result<SharedCostPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.shared_cost_id, "sharedCostId")?;
        let why = Some(input.reason);
        let id = decide(ctx.data()?, caller(ctx)?, (id, why), &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Reverse a charged cost: all of its bills are voided. What is paid must be refunded first.
    async fn reverse_shared_cost(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is reversed")] input: UndoSharedCostInput,
    ) -> Result<SharedCostPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let id = parse_id(&input.shared_cost_id, "sharedCostId")?;
        let wanted = (id, input.reason);
        let id = reverse(ctx.data()?, caller(ctx)?, wanted, &key).await.graphql()?;
        payload(ctx, id).await
    }
}
