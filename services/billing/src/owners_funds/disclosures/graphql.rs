//! Disclosures in the graph.

use super::{
    Body, DISCLOSURE_PUBLISH, DISCLOSURE_READ, Disclosure, Publish, Sum, gather, publish, repo,
};
use crate::{
    bill_runs::graphql::parse_month,
    estates::{self, Estate},
    ids::DisclosureId,
};
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Denied, EstateScope};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, TenantScope};
use errors::{Invalid, expected};
use graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use ids::EstateId;
use money::Currency;

/// A price in force.
#[derive(SimpleObject)]
pub struct DisclosedRate {
    /// The fee item's code.
    code: String,
    /// Its Chinese name.
    name_zh: String,
    /// Its English name.
    name_en: String,
    /// The building it is for, where it is for one.
    building_code: Option<String>,
    /// The use it is for, e.g. `SHOP`, where it is for one.
    unit_use: Option<String>,
    /// The price in Chinese.
    price_zh: String,
    /// The price in English.
    price_en: String,
    /// First day.
    from: NaiveDate,
}

/// A named sum.
#[derive(SimpleObject)]
pub struct DisclosedSum {
    /// What for: a source, a purpose, or a kind such as `TOP_UP`.
    name: String,
    /// How much.
    amount: Money,
}

/// Income from common parts.
#[derive(SimpleObject)]
pub struct DisclosedCommonIncome {
    /// What was the owners' before.
    opening: Money,
    /// Income by source.
    income: Vec<DisclosedSum>,
    /// Cost by what it was for.
    cost: Vec<DisclosedSum>,
    /// What is the owners' after.
    closing: Money,
}

/// The maintenance fund.
#[derive(SimpleObject)]
pub struct DisclosedFund {
    /// What there was before.
    opening: Money,
    /// Deposits, interest and corrections by kind.
    added: Vec<DisclosedSum>,
    /// Uses by purpose.
    uses: Vec<DisclosedSum>,
    /// What there is after.
    closing: Money,
    /// Whether less than 30 % of the first deposit is left.
    low: bool,
}

/// What a disclosure says; sums of the estate, nothing of any household.
#[derive(SimpleObject)]
pub struct DisclosureSheet {
    /// First month, e.g. `2026-01`.
    from: String,
    /// Last month, e.g. `2026-06`.
    to: String,
    /// The prices in force on the last day.
    rates: Vec<DisclosedRate>,
    /// Income from common parts.
    common_income: DisclosedCommonIncome,
    /// The maintenance fund.
    fund: DisclosedFund,
}

impl DisclosureSheet {
    fn new(body: Body, currency: Currency) -> Self {
        let money = |amount| Money::new(amount, currency);
        let sums = |all: Vec<Sum>| -> Vec<DisclosedSum> {
            all.into_iter()
                .map(|it| DisclosedSum { name: it.name, amount: money(it.amount) })
                .collect()
        };
        let rate = |it: super::Rate| DisclosedRate {
            code: it.code,
            name_zh: it.name_zh,
            name_en: it.name_en,
            building_code: it.building_code,
            unit_use: it.unit_use,
            price_zh: it.price_zh,
            price_en: it.price_en,
            from: it.from,
        };
        Self {
            from: body.from.to_string(),
            to: body.to.to_string(),
            rates: body.rates.into_iter().map(rate).collect(),
            common_income: DisclosedCommonIncome {
                opening: money(body.common.opening),
                income: sums(body.common.income),
                cost: sums(body.common.cost),
                closing: money(body.common.closing),
            },
            fund: DisclosedFund {
                opening: money(body.fund.opening),
                added: sums(body.fund.added),
                uses: sums(body.fund.uses),
                closing: money(body.fund.closing),
                low: body.fund.low,
            },
        }
    }
}

/// A published disclosure (公示).
#[derive(SimpleObject)]
#[graphql(name = "Disclosure")]
pub struct DisclosureNode {
    /// Its id, `dsc_…`.
    id: ID,
    /// Which version for its months; the others stay.
    version: i32,
    /// What readers should know, e.g. why there is a new version.
    note: String,
    /// When it was published.
    published_at: DateTime<Utc>,
    /// What it says.
    sheet: DisclosureSheet,
}

impl DisclosureNode {
    fn new(it: Disclosure, currency: Currency) -> Self {
        Self {
            id: it.id.to_string().into(),
            version: it.version,
            note: it.note,
            published_at: it.published.1,
            sheet: DisclosureSheet::new(it.body, currency),
        }
    }
}

/// Queries on disclosures.
#[derive(Default)]
pub struct DisclosureQuery;

#[Object]
impl DisclosureQuery {
    /// One published disclosure.
    async fn disclosure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id, `dsc_…`")] id: ID,
    ) -> Result<Option<DisclosureNode>> {
        let caller = caller(ctx)?;
        let id = parse_id::<DisclosureId>(&id, "id")?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let found = repo::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
        let permit = caller.read(DISCLOSURE_READ, found.estate).graphql()?;
        let estate = known(&scope, &permit).await?;
        Ok(Some(DisclosureNode::new(found, estate.currency)))
    }

    /// The published disclosures of an estate, newest first; for its owners, occupants and the
    /// owners' committee as well.
    async fn disclosures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, DisclosureNode>>> {
        let page = PageArgs::new(first, after)?;
        let caller = caller(ctx)?;
        let estate = parse_id::<EstateId>(&estate_id, "estateId")?;
        let permit = caller.read(DISCLOSURE_READ, estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let estate = known(&scope, &permit).await?;
        let before = crate::graphql::after(&page)?;
        let rows = repo::page(&scope, estate.id, before, page.limit()).await.graphql()?;
        let key = |row: &Disclosure| row.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, |it| DisclosureNode::new(it, estate.currency))))
    }

    /// What a disclosure would say if it were published now.
    async fn preview_disclosure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "First month, e.g. `2026-01`")] from: String,
        #[graphql(desc = "Last month, e.g. `2026-06`")] to: String,
    ) -> Result<Option<DisclosureSheet>> {
        let caller = caller(ctx)?;
        let estate = parse_id::<EstateId>(&estate_id, "estateId")?;
        let permit = caller.read(DISCLOSURE_PUBLISH, estate).graphql()?;
        let (from, to) = (parse_month(&from, "from")?, parse_month(&to, "to")?);
        if to < from {
            return Err(Invalid::new("to", expected::not_before("from"))).graphql();
        }
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let estate = known(&scope, &permit).await?;
        let body = gather(&scope, &estate, (from, to)).await.graphql()?;
        Ok(Some(DisclosureSheet::new(body, estate.currency)))
    }
}

/// The estate, as far as the caller belongs there.
async fn known(scope: &TenantScope, permit: &EstateScope) -> Result<Estate> {
    estates::visible(scope, permit).await.graphql()?;
    estates::find(scope, permit.estate()).await.graphql()?.ok_or(Denied::Hidden).graphql()
}

/// A disclosure to publish.
#[derive(InputObject)]
pub struct PublishDisclosureInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// First month, e.g. `2026-01`.
    from: String,
    /// Last month, e.g. `2026-06`.
    to: String,
    /// What readers should know, e.g. why there is a new version: up to 500 characters.
    note: Option<String>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The published disclosure.
#[derive(SimpleObject)]
pub struct DisclosurePayload {
    /// The disclosure.
    disclosure: DisclosureNode,
}

/// Mutations on disclosures.
#[derive(Default)]
pub struct DisclosureMutation;

#[Object]
impl DisclosureMutation {
    /// Publish what some months came to for the owners: prices in force, common income and its
    /// cost, and the use of the maintenance fund. It stays; a correction is a new version.
    async fn publish_disclosure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which months")] input: PublishDisclosureInput,
    ) -> Result<DisclosurePayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = Publish {
            estate: parse_id(&input.estate_id, "estateId")?,
            from: parse_month(&input.from, "from")?,
            to: parse_month(&input.to, "to")?,
            note: input.note.unwrap_or_default(),
        };
        let done = publish(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
        let estate = estates::find(&scope, done.estate).await.graphql()?;
        let currency = estate.ok_or(Denied::Hidden).graphql()?.currency;
        Ok(DisclosurePayload { disclosure: DisclosureNode::new(done, currency) })
    }
}
