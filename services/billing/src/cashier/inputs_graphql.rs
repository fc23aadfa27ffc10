//! What is done at a till, in the graph.

use super::{
    carry::{CarryCash, carry},
    count::{CountShift, count},
    domain::Pieces,
    graphql::{CashDepositNode, ShiftNode, deposit_node, shift_node},
    lock::lock,
    open::{OpenShift, open},
    sign::{SignShift, sign},
};
use crate::graphql::fen;
use ::graphql::{GraphqlResultExt as _, caller, parse_id};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use db::Db;
use rust_decimal::Decimal;

/// So many notes or coins of one value.
#[derive(InputObject)]
pub(crate) struct CountedPiecesInput {
    /// What one is worth, in major units.
    value: Decimal,
    /// How many.
    pieces: i32,
}

/// What opening a shift needs.
#[derive(InputObject)]
pub(crate) struct OpenCashierShiftInput {
    /// The estate.
    estate_id: ID,
    /// The name of the desk.
    desk: String,
    /// What is in the till, note by note; nothing is an empty till.
    #[graphql(default)]
    float: Vec<CountedPiecesInput>,
    /// The shift whose cash is taken over: its count is signed, and the float is what it left.
    takes_over_id: Option<ID>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What counting a shift needs.
#[derive(InputObject)]
pub(crate) struct CountCashierShiftInput {
    /// The shift.
    shift_id: ID,
    /// What is in the till, note by note.
    counted: Vec<CountedPiecesInput>,
    /// Why it differs from what should be there; must be given when it does.
    reason: Option<String>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What signing a count needs.
#[derive(InputObject)]
pub(crate) struct SignCashierShiftInput {
    /// The shift.
    shift_id: ID,
    /// What the second person counted, in major units.
    counted: Decimal,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What locking a shift needs.
#[derive(InputObject)]
pub(crate) struct LockCashierShiftInput {
    /// The shift.
    shift_id: ID,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The shift after an act.
#[derive(SimpleObject)]
pub(crate) struct CashierShiftPayload {
    /// The shift.
    shift: ShiftNode,
}

/// What carrying cash needs.
#[derive(InputObject)]
pub(crate) struct CarryCashInput {
    /// The estate.
    estate_id: ID,
    /// Out of whose till: the caller's open shift, or one that two people have signed. Without one
    /// out of the estate's safe.
    shift_id: Option<ID>,
    /// How much, in major units.
    amount: Decimal,
    /// The number on the bank's slip.
    slip_number: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The cash on its way.
#[derive(SimpleObject)]
pub(crate) struct CarryCashPayload {
    /// The deposit.
    deposit: CashDepositNode,
}

/// Mutations on shifts and cash.
#[derive(Default)]
pub(crate) struct CashierMutation;

#[Object]
impl CashierMutation {
    /// Open a shift for oneself, with a counted float.
    async fn open_cashier_shift(
        &self,
        ctx: &Context<'_>,
        input: OpenCashierShiftInput,
    ) -> Result<CashierShiftPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let before = input.takes_over_id.map(|id| parse_id(&id, "takesOverId"));
        let command = OpenShift {
            estate: parse_id(&input.estate_id, "estateId")?,
            desk: input.desk,
            float: pieces(&input.float, "float")?,
            takes_over: before.transpose()?,
        };
        let id = open(db, caller, command, &key).await.graphql()?;
        Ok(CashierShiftPayload { shift: shift_node(db, caller, id).await.graphql()? })
    }

    /// Count one's own till; from then on payments no longer belong to the shift.
    async fn count_cashier_shift(
        &self,
        ctx: &Context<'_>,
        input: CountCashierShiftInput,
    ) -> Result<CashierShiftPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let command = CountShift {
            shift: parse_id(&input.shift_id, "shiftId")?,
            counted: pieces(&input.counted, "counted")?,
            reason: input.reason,
        };
        let id = count(db, caller, command, &key).await.graphql()?;
        Ok(CashierShiftPayload { shift: shift_node(db, caller, id).await.graphql()? })
    }

    /// Sign somebody else's count as the second person.
    async fn sign_cashier_shift(
        &self,
        ctx: &Context<'_>,
        input: SignCashierShiftInput,
    ) -> Result<CashierShiftPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let command = SignShift {
            shift: parse_id(&input.shift_id, "shiftId")?,
            counted: fen(input.counted, "counted")?,
        };
        let id = sign(db, caller, command, &key).await.graphql()?;
        Ok(CashierShiftPayload { shift: shift_node(db, caller, id).await.graphql()? })
    }

    /// Lock a signed shift as finance; its difference is posted.
    async fn lock_cashier_shift(
        &self,
        ctx: &Context<'_>,
        input: LockCashierShiftInput,
    ) -> Result<CashierShiftPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let id = lock(db, caller, parse_id(&input.shift_id, "shiftId")?, &key).await.graphql()?;
        Ok(CashierShiftPayload { shift: shift_node(db, caller, id).await.graphql()? })
    }

    /// Carry cash to the bank: it is on its way until a line of a bank statement shows it.
    async fn carry_cash(
        &self,
        ctx: &Context<'_>,
        input: CarryCashInput,
    ) -> Result<CarryCashPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let shift = input.shift_id.map(|id| parse_id(&id, "shiftId"));
        let command = CarryCash {
            estate: parse_id(&input.estate_id, "estateId")?,
            shift: shift.transpose()?,
            amount: fen(input.amount, "amount")?,
            slip: input.slip_number,
        };
        let id = carry(db, caller, command, &key).await.graphql()?;
        Ok(CarryCashPayload { deposit: deposit_node(db, caller, id).await.graphql()? })
    }
}

fn pieces(counted: &[CountedPiecesInput], field: &str) -> Result<Vec<Pieces>> {
    let kind = |kind: &CountedPiecesInput| {
        Ok(Pieces { value: fen(kind.value, field)?, pieces: kind.pieces.into() })
    };
    counted.iter().map(kind).collect()
}
