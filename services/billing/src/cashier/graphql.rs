//! Shifts and cash on its way, in the graph.

use super::{
    CASH_READ,
    deposits_repo::{CashDeposit, Deposits},
    domain::{Pieces, Shift, ShiftState, TILL_LIMIT},
    may_read,
    moved::CashMove,
    repo::{Movement, Shifts},
};
use crate::{
    estates,
    ids::{CashDepositId, CashierShiftId},
    payments::PayError,
};
use ::graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject, connection::Connection};
use authz::{Caller, Denied, UserId};
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use ids::EstateId;
use money::{Currency, Fen};

/// How far a shift has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "ShiftState", name = "CashierShiftState")]
pub(crate) enum CashierShiftState {
    /// Money is taken.
    Open,
    /// The cashier has counted; a second person has to sign.
    Counted,
    /// Both signed that nothing is missing or too much.
    Balanced,
    /// Both signed a difference.
    Variance,
    /// Finance has accepted it; nothing changes any more.
    Locked,
}

/// Why cash moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "CashMove", name = "CashMovementKind")]
pub(crate) enum CashMovementKind {
    /// A payment was taken.
    Payment,
    /// A payment was given back.
    Refund,
    /// A deposit was taken.
    Deposit,
    /// A deposit was given back.
    DepositRefund,
    /// Cash was carried to the bank.
    Carried,
}

/// So many notes or coins of one value.
#[derive(Clone, SimpleObject)]
pub(crate) struct CountedPieces {
    /// What one is worth.
    value: Money,
    /// How many.
    pieces: i32,
}

/// Somebody's time at a till (收银班次).
#[derive(Clone, SimpleObject)]
#[graphql(name = "CashierShift")]
pub(crate) struct ShiftNode {
    /// Its id.
    id: ID,
    /// The estate.
    estate_id: ID,
    /// The desk.
    desk: String,
    /// Whose shift it is.
    cashier_id: ID,
    /// How far it has come.
    state: CashierShiftState,
    /// What was in the till at the beginning.
    float: Money,
    /// The same, note by note.
    float_pieces: Vec<CountedPieces>,
    /// When it was opened.
    opened_at: DateTime<Utc>,
    /// The shift whose cash it took over.
    takes_over_id: Option<ID>,
    /// What must be in the till: now, or when it was counted.
    expected: Money,
    /// Whether more cash is there than should lie in a till: carry some to the bank.
    over_limit: bool,
    /// What was counted.
    counted: Option<Money>,
    /// The same, note by note.
    counted_pieces: Vec<CountedPieces>,
    /// What is too much; below zero something is missing.
    variance: Option<Money>,
    /// Why it differs.
    reason: Option<String>,
    /// When it was counted.
    counted_at: Option<DateTime<Utc>>,
    /// Who signed the count as the second person.
    signed_by: Option<ID>,
    /// When.
    signed_at: Option<DateTime<Utc>>,
    /// What of the counted money was not carried to the bank since.
    left: Option<Money>,
    /// Who locked it.
    locked_by: Option<ID>,
    /// When.
    locked_at: Option<DateTime<Utc>>,
    /// The journal entry of the difference.
    variance_entry_id: Option<ID>,
}

impl ShiftNode {
    /// The nodes of shifts, in two statements more.
    pub(super) async fn load(
        scope: &TenantScope,
        shifts: Vec<Shift>,
    ) -> std::result::Result<Vec<Self>, PayError> {
        let open = shifts.iter().filter(|shift| shift.state == ShiftState::Open);
        let moved = Shifts(scope).moved_in(open.map(|shift| shift.id).collect::<Vec<_>>()).await?;
        let ids = shifts.iter().map(|shift| shift.id).collect::<Vec<_>>();
        let carried = Deposits(scope).after_count(ids).await?;
        let node = |shift: Shift| {
            let moved = moved.get(&shift.id).copied().unwrap_or(Fen::ZERO);
            let carried = carried.get(&shift.id).copied().unwrap_or(Fen::ZERO);
            Self::new(shift, moved, carried)
        };
        Ok(shifts.into_iter().map(node).collect())
    }

    fn new(shift: Shift, moved: Fen, carried: Fen) -> Self {
        let money = |amount| Money::new(amount, shift.currency);
        let user = |id: UserId| ID::from(id.to_string());
        let count = shift.count.as_ref();
        let expected = count.map_or(shift.float + moved, |count| count.expected);
        let pieces = |all: &[Pieces]| -> Vec<CountedPieces> {
            all.iter().map(|kind| counted(*kind, shift.currency)).collect()
        };
        Self {
            id: shift.id.to_string().into(),
            estate_id: shift.estate.to_string().into(),
            cashier_id: user(shift.cashier),
            state: shift.state.into(),
            float: money(shift.float),
            float_pieces: pieces(&shift.float_pieces),
            opened_at: shift.opened_at,
            takes_over_id: shift.takes_over.map(|id| id.to_string().into()),
            expected: money(expected),
            over_limit: shift.state == ShiftState::Open && expected > TILL_LIMIT,
            counted: count.map(|count| money(count.amount)),
            counted_pieces: count.map_or_else(Vec::new, |count| pieces(&count.pieces)),
            variance: count.map(|count| money(count.variance())),
            reason: count.and_then(|count| count.reason.clone()),
            counted_at: count.map(|count| count.at),
            signed_by: shift.signed.map(|(by, _)| user(by)),
            signed_at: shift.signed.map(|(_, at)| at),
            left: count
                .filter(|_| shift.state.is_signed())
                .map(|count| money(count.amount - carried)),
            locked_by: shift.locked.map(|(by, _)| user(by)),
            locked_at: shift.locked.map(|(_, at)| at),
            variance_entry_id: shift.entry.map(|id| id.to_string().into()),
            desk: shift.desk,
        }
    }
}

fn counted(kind: Pieces, currency: Currency) -> CountedPieces {
    let pieces = i32::try_from(kind.pieces).unwrap_or(i32::MAX);
    CountedPieces { value: Money::new(kind.value, currency), pieces }
}

/// Cash that came into a till or left it.
#[derive(Clone, SimpleObject)]
pub(crate) struct CashMovement {
    /// Its id.
    id: ID,
    /// Why.
    kind: CashMovementKind,
    /// How much; below zero it left.
    amount: Money,
    /// The payment, refund or deposit.
    source_id: String,
    /// Whether it happened while the person had no shift open.
    outside: bool,
    /// When.
    at: DateTime<Utc>,
}

/// Cash carried to the bank (现金缴存).
#[derive(Clone, SimpleObject)]
#[graphql(name = "CashDeposit")]
pub(crate) struct CashDepositNode {
    /// Its id.
    id: ID,
    /// The estate.
    estate_id: ID,
    /// Out of whose till; null: out of the safe.
    shift_id: Option<ID>,
    /// How much.
    amount: Money,
    /// The number on the bank's slip.
    slip_number: String,
    /// Who carried it.
    carried_by: ID,
    /// When.
    carried_at: DateTime<Utc>,
    /// When a line of a bank statement was found for it; null while it is on its way.
    arrived_at: Option<DateTime<Utc>>,
}

impl From<CashDeposit> for CashDepositNode {
    fn from(deposit: CashDeposit) -> Self {
        Self {
            id: deposit.id.to_string().into(),
            estate_id: deposit.estate.to_string().into(),
            shift_id: deposit.shift.map(|id| id.to_string().into()),
            amount: Money::new(deposit.amount, deposit.currency),
            slip_number: deposit.slip,
            carried_by: deposit.carried_by.to_string().into(),
            carried_at: deposit.carried_at,
            arrived_at: deposit.arrived_at,
        }
    }
}

/// Queries on shifts and cash.
#[derive(Default)]
pub(crate) struct CashierQuery;

#[Object]
impl CashierQuery {
    /// One shift.
    async fn cashier_shift(&self, ctx: &Context<'_>, id: ID) -> Result<Option<ShiftNode>> {
        let id = parse_id(&id, "id")?;
        shift_node(ctx.data()?, caller(ctx)?, id).await.graphql().map(Some)
    }

    /// The shifts of an estate, newest first.
    async fn cashier_shifts(
        &self,
        ctx: &Context<'_>,
        estate_id: ID,
        state: Option<CashierShiftState>,
        #[graphql(desc = "Only the caller's own", default)] mine: bool,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ShiftNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let (caller, db) = (caller(ctx)?, ctx.data::<Db>()?);
        let scope = readable(db, caller, estate).await.graphql()?;
        let of = mine.then(|| caller.user());
        let state = state.map(Into::into);
        let shifts = Shifts(&scope).of_estate(estate, state, of, &page).await.graphql()?;
        let nodes = ShiftNode::load(&scope, shifts).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }

    /// What moved cash in a shift, or in an estate while nobody's shift was open, newest first.
    async fn cash_movements(
        &self,
        ctx: &Context<'_>,
        estate_id: ID,
        #[graphql(desc = "Without one: what belongs to no shift yet")] shift_id: Option<ID>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Connection<Cursor, CashMovement>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let shift = shift_id.map(|id| parse_id(&id, "shiftId")).transpose()?;
        let scope = readable(ctx.data()?, caller(ctx)?, estate).await.graphql()?;
        let rows = movements(&scope, estate, shift, &page).await.graphql()?;
        Ok(Some(connection(&page, rows, |row| row.id.to_string(), |row| row)))
    }

    /// Cash carried to the bank, newest first.
    async fn cash_deposits(
        &self,
        ctx: &Context<'_>,
        estate_id: ID,
        #[graphql(desc = "Only those that arrived, or did not")] arrived: Option<bool>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Connection<Cursor, CashDepositNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let scope = readable(ctx.data()?, caller(ctx)?, estate).await.graphql()?;
        let rows = Deposits(&scope).of_estate(estate, arrived, &page).await.graphql()?;
        Ok(Some(connection(&page, rows, |row| row.id.to_string(), Into::into)))
    }
}

async fn movements(
    scope: &TenantScope,
    estate: EstateId,
    shift: Option<CashierShiftId>,
    page: &PageArgs,
) -> std::result::Result<Vec<CashMovement>, PayError> {
    let books = estates::find(scope, estate).await?.ok_or(Denied::Hidden)?;
    if let Some(shift) = shift {
        super::open::of_estate(scope, shift, estate).await?;
    }
    let node = |row: Movement| CashMovement {
        id: row.id.to_string().into(),
        kind: row.kind.into(),
        amount: Money::new(row.amount, books.currency),
        source_id: row.source,
        outside: row.outside,
        at: row.at,
    };
    let rows = Shifts(scope).movements(estate, shift, page).await?;
    Ok(rows.into_iter().map(node).collect())
}

/// The estate's till, to read in.
pub(super) async fn readable(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
) -> std::result::Result<TenantScope, PayError> {
    may_read(caller, estate)?;
    let scope = db.read(caller.tenant()).await?;
    estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    Ok(scope)
}

pub(super) async fn shift_node(
    db: &Db,
    caller: &Caller,
    id: CashierShiftId,
) -> std::result::Result<ShiftNode, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let shift = Shifts(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    caller.read(CASH_READ, shift.estate)?;
    ShiftNode::load(&scope, vec![shift]).await?.pop().ok_or_else(|| Denied::Hidden.into())
}

pub(super) async fn deposit_node(
    db: &Db,
    caller: &Caller,
    id: CashDepositId,
) -> std::result::Result<CashDepositNode, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let deposit = Deposits(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    caller.read(CASH_READ, deposit.estate)?;
    Ok(deposit.into())
}
