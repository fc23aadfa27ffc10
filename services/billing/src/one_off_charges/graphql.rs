//! Single charges in the graph.

use super::{
    charge::{NewCharge, OwedBy, charge},
    repo::{self, OneOff},
};
use crate::{
    accounts::graphql::AccountNode,
    bills::BILL_READ,
    fees::graphql::FeeItemNode,
    graphql::{FeeItemLoader, fen, shared},
    ids::{BillingAccountId, FeeItemId},
    say,
};
use async_graphql::{
    ComplexObject, Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Denied;
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, IdempotencyKey};
use errors::{Invalid, expected};
use graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use ids::EstateId;
use rust_decimal::Decimal;

/// A charge that somebody entered by hand (单笔收费).
#[derive(SimpleObject)]
#[graphql(name = "OneOffCharge", complex)]
pub struct OneOffNode {
    /// Its id, `ooc_…`.
    id: ID,
    /// How much.
    amount: Money,
    /// The day it belongs to.
    day: NaiveDate,
    /// What it is for, as the bill says it.
    description: String,
    /// Why it was entered.
    reason: String,
    /// Its bill, `bil_…`; voiding that undoes the charge.
    bill_id: ID,
    /// Who entered it.
    entered_by: ID,
    /// When.
    entered_at: DateTime<Utc>,
    #[graphql(skip)]
    account_id: BillingAccountId,
    #[graphql(skip)]
    item: FeeItemId,
}

#[ComplexObject]
impl OneOffNode {
    /// Who owes it.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountNode> {
        AccountNode::of(ctx, self.account_id).await
    }
    /// What is charged for.
    async fn fee_item(&self, ctx: &Context<'_>) -> Result<FeeItemNode> {
        let loader = ctx.data::<FeeItemLoader>()?;
        let item = loader.load_one(self.item).await.map_err(|error| shared(&error))?;
        item.map(Into::into).ok_or(Denied::Hidden).graphql()
    }
}

impl From<OneOff> for OneOffNode {
    fn from(one: OneOff) -> Self {
        Self {
            id: one.id.to_string().into(),
            amount: Money::cny(one.amount),
            day: one.day,
            description: one.description,
            reason: one.reason,
            bill_id: one.bill.to_string().into(),
            entered_by: one.by.to_string().into(),
            entered_at: one.at,
            account_id: one.account,
            item: one.item,
        }
    }
}

/// The single charges of an estate.
pub struct EstateOneOffs(pub EstateId);

#[Object]
impl EstateOneOffs {
    /// The charges of the estate that somebody entered by hand, newest first; for staff who see
    /// the whole estate.
    async fn one_off_charges(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, OneOffNode>>> {
        let permit = caller(ctx)?.read(BILL_READ, self.0).graphql()?;
        if permit.own_person().is_some() || permit.zone().is_some() {
            return Err(Denied::Hidden).graphql();
        }
        let page = PageArgs::new(first, after)?;
        let scope = ctx.data::<Db>()?.read(permit.tenant()).await.graphql()?;
        let before = crate::graphql::after(&page)?;
        let rows = repo::page(&scope, self.0, before, page.limit()).await.graphql()?;
        let key = |one: &OneOff| one.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, Into::into)))
    }
}

/// A single charge to enter.
#[derive(InputObject)]
pub struct ChargeOnceInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Whoever pays for this unit on the day owes it, `unt_…`.
    unit_id: Option<ID>,
    /// This account owes it, `bac_…`; instead of the unit.
    account_id: Option<ID>,
    /// What is charged for, `fit_…`.
    fee_item_id: ID,
    /// How much, in major units.
    amount: Decimal,
    /// The day it belongs to.
    day: NaiveDate,
    /// What it is for, as the bill says it; 1 to 200 characters.
    description: String,
    /// Why it is charged; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What entering a single charge changed.
#[derive(SimpleObject)]
pub struct OneOffPayload {
    /// The charge.
    charge: OneOffNode,
}

/// Changes of single charges.
#[derive(Default)]
pub struct OneOffMutation;

#[Object]
impl OneOffMutation {
    /// Charge something once: a bill of one line, issued at once.
    async fn charge_once(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is charged")] input: ChargeOnceInput,
    ) -> Result<OneOffPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let owed_by = match (&input.unit_id, &input.account_id) {
            (Some(unit), None) => OwedBy::Unit(parse_id(unit, "unitId")?),
            (None, Some(account)) => OwedBy::Account(parse_id(account, "accountId")?),
            (Some(_), Some(_)) => {
                return Err(Invalid::new("accountId", say::unit_given_already())).graphql();
            }
            (None, None) => return Err(Invalid::new("unitId", expected::filled())).graphql(),
        };
        let new = NewCharge {
            estate: parse_id(&input.estate_id, "estateId")?,
            owed_by,
            item: parse_id(&input.fee_item_id, "feeItemId")?,
            amount: fen(input.amount, "amount")?,
            day: input.day,
            description: input.description,
            reason: input.reason,
        };
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let id = charge(db, caller, new, &key).await.graphql()?;
        let scope = db.read(caller.tenant()).await.graphql()?;
        let one = repo::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
        Ok(OneOffPayload { charge: one.into() })
    }
}
