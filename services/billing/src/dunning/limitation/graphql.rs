//! Limitations in the graph.

use super::{Aged, barred_on, begun_by, page, restarts};
use crate::{
    accounts::graphql::AccountNode,
    dunning::{
        graphql::{place, reader},
        right::Reached,
    },
    error::Refused,
    estates::Estate,
    ids::{BillId, BillingAccountId},
};
use ::graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use async_graphql::{
    ComplexObject, Context, ID, Object, Result, SimpleObject, connection::Connection,
};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone as _, Utc};
use db::TenantScope;
use errors::{Invalid, expected};
use ids::EstateId;

/// A debt that cannot be claimed at law for much longer (诉讼时效将届满).
#[derive(SimpleObject)]
#[graphql(name = "ExpiringDebt", complex)]
pub(crate) struct ExpiringNode {
    #[graphql(skip)]
    bill: BillId,
    #[graphql(skip)]
    debtor: BillingAccountId,
    /// The bill, `bil_…`.
    bill_id: ID,
    /// When it fell due.
    due: NaiveDate,
    /// What is open of it.
    outstanding: Money,
    /// The last day on which it can be claimed: three years after it fell due, or after the last
    /// demand that arrived, acknowledgement or part payment.
    barred_on: NaiveDate,
}

#[ComplexObject]
impl ExpiringNode {
    /// Whose debt it is.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountNode> {
        AccountNode::of(ctx, self.debtor).await
    }
}

impl ExpiringNode {
    async fn load(
        scope: &TenantScope,
        estate: &Estate,
        debts: Vec<Aged>,
    ) -> Result<Vec<Self>, Refused> {
        let ids: Vec<BillId> = debts.iter().map(|debt| debt.bill).collect();
        let mut begun = restarts(scope, estate.zone, &ids).await?;
        let node = |debt: Aged| Self {
            bill: debt.bill,
            debtor: debt.account,
            bill_id: debt.bill.to_string().into(),
            due: debt.due,
            outstanding: Money::new(debt.outstanding, estate.currency),
            barred_on: barred_on(debt.due, begun.remove(&debt.bill).unwrap_or_default()),
        };
        Ok(debts.into_iter().map(node).collect())
    }
}

/// Queries on limitations.
#[derive(Default)]
pub(crate) struct LimitationQuery;

#[Object]
impl LimitationQuery {
    /// The debts of an estate that cannot be claimed any more within some days, or already now; for
    /// staff, officers those of their zone.
    async fn expiring_debts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Within how many days, 0 to 1,200")] within_days: i32,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ExpiringNode>>> {
        let rows = PageArgs::new(first, after)?;
        let estate = parse_id::<EstateId>(&estate_id, "estateId")?;
        let (scope, right, known) = reader(ctx.data()?, caller(ctx)?, estate).await.graphql()?;
        if !(0..=1200).contains(&within_days) {
            return Err(Invalid::new("withinDays", expected::between(0, 1200))).graphql();
        }
        let by = known.today(scope.clock()) + Days::new(within_days.unsigned_abs().into());
        let cutoff = begun_by(by);
        let cutoff = (cutoff, end_of(&known, cutoff));
        let reached = Reached::of(&right);
        let debts = page(&scope, estate, &reached, cutoff, place(&rows)?).await.graphql()?;
        let nodes = ExpiringNode::load(&scope, &known, debts).await.graphql()?;
        let key = |node: &ExpiringNode| node.bill.as_uuid().simple().to_string();
        Ok(Some(connection(&rows, nodes, key, |node| node)))
    }
}

/// The last instant of a day in an estate.
fn end_of(estate: &Estate, day: NaiveDate) -> DateTime<Utc> {
    let midnight = (day + Days::new(1)).and_time(NaiveTime::MIN);
    let there = estate.zone.from_local_datetime(&midnight).earliest();
    there.map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}
