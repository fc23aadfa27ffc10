//! The collection rate in the graph.

use super::{COLLECTION_READ, collection_rate, repo};
use crate::{bill_runs::graphql::parse_month, estates, ids::BuildingId};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use authz::Denied;
use db::Db;
use errors::{Invalid, expected};
use graphql::{GraphqlResultExt as _, Money, RateScalar, caller, parse_id};
use ids::EstateId;
use money::Rate;

/// How much of what is receivable for a period was received (收缴率).
#[derive(SimpleObject)]
pub struct CollectionRate {
    /// What was charged for the months.
    receivable: Money,
    /// What of it is paid; of a bill paid in part the oldest lines are paid first.
    received: Money,
    /// Received over receivable in per cent with two decimal places; none when nothing is
    /// receivable.
    percent: Option<RateScalar>,
}

/// The collection of an estate.
pub struct EstateCollection(pub EstateId);

#[Object]
impl EstateCollection {
    /// Received over receivable for the charges of some months, of the estate or one building.
    async fn collection_rate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "First month, e.g. `2026-01`")] from: String,
        #[graphql(desc = "Last month, e.g. `2026-06`")] to: String,
        #[graphql(desc = "Only this building, `bld_…`")] building_id: Option<ID>,
    ) -> Result<Option<CollectionRate>> {
        let permit = caller(ctx)?.read(COLLECTION_READ, self.0).graphql()?;
        let (from, to) = (parse_month(&from, "from")?, parse_month(&to, "to")?);
        if to < from {
            return Err(Invalid::new("to", expected::not_before("from"))).graphql();
        }
        let building = building_id.as_ref();
        let building = building.map(|id| parse_id::<BuildingId>(id, "buildingId")).transpose()?;
        let scope = ctx.data::<Db>()?.read(permit.tenant()).await.graphql()?;
        let estate = estates::find(&scope, self.0).await.graphql()?;
        let currency = estate.ok_or(Denied::Hidden).graphql()?.currency;
        let sums = repo::sums(&scope, self.0, (from, to), building).await.graphql()?;
        let (receivable, received) = sums;
        // Basis points are hundredths of a per cent.
        let percent = collection_rate(received, receivable)
            .map(|points| RateScalar(Rate(points * (Rate::PER_ONE / 100))));
        Ok(Some(CollectionRate {
            receivable: Money::new(receivable, currency),
            received: Money::new(received, currency),
            percent,
        }))
    }
}
