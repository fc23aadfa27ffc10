//! Partners and their settlements in the graph.

use super::{
    ClaimId, PartnerId, SETTLEMENT_READ, SettlementId,
    decide::{Decide, decide},
    domain::{Line, Partner, Settlement, SettlementState},
    partners::{NoteClaim, SavePartner, note_claim, save},
    prepare::{Prepare, prepare},
    repo,
};
use crate::{
    Refused,
    charges::graphql::fen,
    graphql::{Colleague, EstateNode},
};
use ::graphql::{
    Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, language, parse_id,
};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
};
use authz::Caller;
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, TenantScope};
use ids::EstateId;
use rust_decimal::Decimal;
use std::collections::HashSet;

/// Somebody who does special services instead of the company (合作单位).
#[derive(Clone, SimpleObject)]
#[graphql(name = "ServicePartner")]
pub(crate) struct PartnerNode {
    /// Its id, `spt_…`.
    id: ID,
    /// The estate.
    estate: EstateNode,
    /// What it is called.
    name: String,
    /// Whether it still works for the estate.
    active: bool,
    /// Counts every change.
    version: i32,
}

impl PartnerNode {
    fn new(partner: Partner) -> Self {
        Self {
            id: partner.id.to_string().into(),
            estate: EstateNode::new(partner.estate),
            name: partner.name,
            active: partner.active,
            version: partner.version,
        }
    }
}

/// What a partner owes for damage (损坏索赔).
#[derive(Clone, SimpleObject)]
#[graphql(name = "PartnerClaim")]
pub(crate) struct ClaimNode {
    /// Its id, `pdc_…`.
    id: ID,
    /// The order with which it was done, `sso_…`.
    order_id: ID,
    /// How much.
    amount: Money,
    /// What was damaged.
    reason: String,
    /// The day.
    on: NaiveDate,
    /// The settlement that deducted it, `pst_…`.
    settlement_id: Option<ID>,
}

/// What people have decided about a partner's settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "SettlementState")]
pub(crate) enum PartnerSettlementState {
    /// Waits for another person.
    Prepared,
    /// Agreed; it never changes any more.
    Approved,
    /// Refused; its orders can be settled anew.
    Rejected,
}

/// One line of a partner's settlement: an order, or a claim.
#[derive(Clone, SimpleObject)]
pub(crate) struct PartnerSettlementLine {
    /// Its number.
    number: i32,
    /// The order, `sso_…`.
    order_id: ID,
    /// The claim, `pdc_…`, if it is one.
    claim_id: Option<ID>,
    /// Labour of the order, the discount deducted.
    base: Money,
    /// The partner's share in basis points.
    share_bp: i32,
    /// What the partner gets; below zero for a claim.
    amount: Money,
    /// How it was reckoned, in the caller's language.
    explanation: String,
}

/// A partner's month (合作单位结算单).
#[derive(Clone, SimpleObject)]
#[graphql(name = "PartnerSettlement", complex)]
pub(crate) struct SettlementNode {
    #[graphql(skip)]
    key: SettlementId,
    /// Its id, `pst_…`.
    id: ID,
    /// The estate.
    estate: EstateNode,
    /// The partner, `spt_…`.
    partner_id: ID,
    /// What the partner is called.
    partner_name: String,
    /// The month, e.g. `2026-07`.
    month: String,
    /// What people have decided.
    state: PartnerSettlementState,
    /// Counts every change.
    version: i32,
    /// How many orders.
    orders: i32,
    /// Their labour, discounts deducted.
    base: Money,
    /// The partner's share of it.
    share: Money,
    /// What is deducted for damage.
    claims: Money,
    /// What the partner gets; below zero they owe it.
    net: Money,
    /// Who prepared it.
    prepared_by: Colleague,
    /// When.
    prepared_at: DateTime<Utc>,
    /// Who decided.
    decided_by: Option<Colleague>,
    /// When.
    decided_at: Option<DateTime<Utc>>,
    /// Why it was rejected.
    decision: Option<String>,
}

#[ComplexObject]
impl SettlementNode {
    /// Its lines in order: orders first, then claims.
    async fn lines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Connection<Cursor, PartnerSettlementLine>> {
        let page = PageArgs::new(first, after)?;
        let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
        let after = page.after.as_ref().and_then(|cursor| cursor.0.parse().ok());
        let lines = repo::lines(&scope, self.key, after, page.limit()).await.graphql()?;
        let language = language(ctx);
        let node = |(number, line): (i32, Line)| PartnerSettlementLine {
            number,
            order_id: line.order.to_string().into(),
            claim_id: line.claim.map(|id| id.to_string().into()),
            base: Money::cny(line.base),
            share_bp: i32::try_from(line.share_bp).unwrap_or(i32::MAX),
            amount: Money::cny(line.amount),
            explanation: line.explain().say(language),
        };
        Ok(connection(&page, lines, |(number, _)| number.to_string(), node))
    }
}

impl SettlementNode {
    async fn load(scope: &TenantScope, all: Vec<Settlement>) -> Result<Vec<Self>, Refused> {
        let names = repo::partner_names(scope, all.iter().map(|it| it.partner)).await?;
        let people = all.iter().flat_map(|it| {
            let decider = it.decided.map(|(user, _)| user);
            [Some(it.prepared_by), decider].into_iter().flatten().map(authz::UserId::as_uuid)
        });
        let known = places::staff::by_id(scope, people.collect::<HashSet<_>>()).await?;
        let node = |it: Settlement| Self {
            key: it.id,
            id: it.id.to_string().into(),
            estate: EstateNode::new(it.estate),
            partner_id: it.partner.to_string().into(),
            partner_name: names.get(&it.partner).cloned().unwrap_or_default(),
            month: it.month.format("%Y-%m").to_string(),
            state: it.state.into(),
            version: it.version,
            orders: it.sums.orders,
            base: Money::cny(it.sums.base),
            share: Money::cny(it.sums.share),
            claims: Money::cny(it.sums.claims),
            net: Money::cny(it.sums.net()),
            prepared_by: Colleague::new(it.prepared_by, &known),
            prepared_at: it.prepared_at,
            decided_by: it.decided.map(|(user, _)| Colleague::new(user, &known)),
            decided_at: it.decided.map(|(_, at)| at),
            decision: it.decision,
        };
        Ok(all.into_iter().map(node).collect())
    }
}

/// A partner.
#[derive(InputObject)]
pub(crate) struct SaveServicePartnerInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The partner, `spt_…`; a new one when left out.
    partner_id: Option<ID>,
    /// The version that was read; needed with `partnerId`.
    expected_version: Option<i32>,
    /// What it is called, 1 to 100 characters.
    name: String,
    /// Whether it still works for the estate.
    active: bool,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// Damage that a partner did.
#[derive(InputObject)]
pub(crate) struct NotePartnerClaimInput {
    /// The order with which it was done, `sso_…`.
    order_id: ID,
    /// How much, in yuan.
    amount: Decimal,
    /// What was damaged, 1 to 500 characters.
    reason: String,
    /// The day, today or before.
    on: NaiveDate,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A partner's month.
#[derive(InputObject)]
pub(crate) struct PreparePartnerSettlementInput {
    /// The partner, `spt_…`.
    partner_id: ID,
    /// The month, e.g. `2026-07`; it must be over.
    month: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A settlement to approve.
#[derive(InputObject)]
pub(crate) struct ApprovePartnerSettlementInput {
    /// The settlement, `pst_…`.
    settlement_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A settlement to reject.
#[derive(InputObject)]
pub(crate) struct RejectPartnerSettlementInput {
    /// The settlement, `pst_…`.
    settlement_id: ID,
    /// The version that was read.
    expected_version: i32,
    /// Why, 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The partner after an act.
#[derive(SimpleObject)]
pub(crate) struct ServicePartnerPayload {
    /// The partner.
    service_partner: PartnerNode,
}

/// The claim after an act.
#[derive(SimpleObject)]
pub(crate) struct PartnerClaimPayload {
    /// The claim.
    partner_claim: ClaimNode,
}

/// The settlement after an act.
#[derive(SimpleObject)]
pub(crate) struct PartnerSettlementPayload {
    /// The settlement.
    partner_settlement: SettlementNode,
}

/// Queries on partners and settlements.
#[derive(Default)]
pub(crate) struct SettlementQuery;

#[Object]
impl SettlementQuery {
    /// The partners of an estate.
    async fn service_partners(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, PartnerNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let found = partners(ctx.data()?, caller(ctx)?, estate, &page).await.graphql()?;
        Ok(Some(connection(&page, found, |it| it.id.to_string(), PartnerNode::new)))
    }

    /// One settlement of a partner's month.
    async fn partner_settlement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The settlement, `pst_…`")] id: ID,
    ) -> Result<Option<SettlementNode>> {
        let id = parse_id(&id, "id")?;
        node(ctx.data()?, caller(ctx)?, id).await.graphql().map(Some)
    }

    /// The settlements of an estate's partners, newest first.
    async fn partner_settlements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those of this partner, `spt_…`")] partner_id: Option<ID>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, SettlementNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let partner = partner_id.map(|id| parse_id(&id, "partnerId")).transpose()?;
        let nodes = listed(ctx.data()?, caller(ctx)?, (estate, partner), &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }
}

/// Mutations on partners and settlements.
#[derive(Default)]
pub(crate) struct SettlementMutation;

#[Object]
impl SettlementMutation {
    /// Say that somebody does special services instead of the company.
    async fn save_service_partner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The partner")] input: SaveServicePartnerInput,
    ) -> Result<ServicePartnerPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let id = input.partner_id.map(|id| parse_id(&id, "partnerId")).transpose()?;
        let command = SavePartner {
            estate: parse_id(&input.estate_id, "estateId")?,
            existing: id.map(|id| (id, input.expected_version.unwrap_or_default())),
            name: input.name,
            active: input.active,
        };
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let id = save(db, caller, command, &key).await.graphql()?;
        let scope = db.read(caller.tenant()).await.graphql()?;
        let found = repo::find_partner(&scope, id).await.graphql()?;
        let found = found.ok_or_else(Refused::not_found).graphql()?;
        Ok(ServicePartnerPayload { service_partner: PartnerNode::new(found) })
    }

    /// Note damage that a partner did; the next settlement deducts it.
    async fn note_partner_claim(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The damage")] input: NotePartnerClaimInput,
    ) -> Result<PartnerClaimPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = NoteClaim {
            order: parse_id(&input.order_id, "orderId")?,
            amount: fen(input.amount, "amount")?,
            reason: input.reason,
            on: input.on,
        };
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let id = note_claim(db, caller, command, &key).await.graphql()?;
        let partner_claim = claim(db, caller, id).await.graphql()?;
        Ok(PartnerClaimPayload { partner_claim })
    }

    /// Prepare the settlement of a partner's month; a month that is prepared already answers what
    /// there is.
    async fn prepare_partner_settlement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The month")] input: PreparePartnerSettlementInput,
    ) -> Result<PartnerSettlementPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let partner = parse_id(&input.partner_id, "partnerId")?;
        let command = Prepare { partner, month: input.month };
        let id = prepare(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Approve a settlement that somebody else prepared.
    async fn approve_partner_settlement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is approved")] input: ApprovePartnerSettlementInput,
    ) -> Result<PartnerSettlementPayload> {
        let which = (&input.settlement_id, input.expected_version);
        decided(ctx, which, None, &input.idempotency_key).await
    }

    /// Reject a settlement that somebody else prepared; its orders can be settled anew.
    async fn reject_partner_settlement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is rejected")] input: RejectPartnerSettlementInput,
    ) -> Result<PartnerSettlementPayload> {
        let which = (&input.settlement_id, input.expected_version);
        decided(ctx, which, Some(input.reason), &input.idempotency_key).await
    }
}

async fn decided(
    ctx: &Context<'_>,
    (settlement, expected_version): (&ID, i32),
    rejected: Option<String>,
    key: &str,
) -> Result<PartnerSettlementPayload> {
    let key = key.parse().graphql()?;
    let settlement = parse_id(settlement, "settlementId")?;
    let command = Decide { settlement, expected_version, rejected };
    let id = decide(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
    payload(ctx, id).await
}

async fn payload(ctx: &Context<'_>, id: SettlementId) -> Result<PartnerSettlementPayload> {
    let partner_settlement = node(ctx.data()?, caller(ctx)?, id).await.graphql()?;
    Ok(PartnerSettlementPayload { partner_settlement })
}

async fn claim(db: &Db, caller: &Caller, id: ClaimId) -> Result<ClaimNode, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let found = repo::find_claim(&scope, id).await?.ok_or_else(Refused::not_found)?;
    caller.read(SETTLEMENT_READ, found.estate)?;
    Ok(ClaimNode {
        id: found.id.to_string().into(),
        order_id: found.order.to_string().into(),
        amount: Money::cny(found.amount),
        reason: found.reason,
        on: found.on,
        settlement_id: found.settlement.map(|id| id.to_string().into()),
    })
}

async fn partners(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    page: &PageArgs,
) -> Result<Vec<Partner>, Refused> {
    caller.read(SETTLEMENT_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    Ok(repo::partner_page(&scope, estate, page).await?)
}

/// A settlement the caller may see.
async fn node(db: &Db, caller: &Caller, id: SettlementId) -> Result<SettlementNode, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let found = repo::find(&scope, id).await?.ok_or_else(Refused::not_found)?;
    caller.read(SETTLEMENT_READ, found.estate)?;
    let nodes = SettlementNode::load(&scope, vec![found]).await?;
    nodes.into_iter().next().ok_or_else(Refused::not_found)
}

async fn listed(
    db: &Db,
    caller: &Caller,
    (estate, partner): (EstateId, Option<PartnerId>),
    page: &PageArgs,
) -> Result<Vec<SettlementNode>, Refused> {
    caller.read(SETTLEMENT_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let found = repo::page(&scope, estate, partner, page).await?;
    SettlementNode::load(&scope, found).await
}
