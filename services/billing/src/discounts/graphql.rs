//! Discounts and vacancies in the graph.

use super::{
    DISCOUNT_READ,
    decide::decide,
    domain::{Condition, Discount, DiscountStatus, DiscountTerms, Vacancy},
    propose::propose,
    repo,
    vacancy::{self, NewVacancy},
};
use crate::{
    charges::Reduction,
    fees::graphql::FeeItemNode,
    graphql::{FeeItemLoader, UnitNode, fen, shared},
    ids::{DiscountId, FeeItemId, UnitId, VacancyId},
    say,
};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
};
use authz::Denied;
use chrono::NaiveDate;
use db::{Db, IdempotencyKey};
use errors::{Invalid, expected};
use graphql::{
    Cursor, GraphqlResultExt as _, Money, PageArgs, RateScalar, caller, connection, parse_id,
};
use ids::EstateId;
use money::Rate;
use rust_decimal::Decimal;

/// How far a discount has come.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "DiscountStatus", remote = "DiscountStatus")]
pub enum DiscountStatusWord {
    /// Waits for another person's approval.
    Proposed,
    /// Approved; the dates decide when it holds.
    Approved,
    /// Given up before it held.
    Withdrawn,
}

/// A rule that takes something off the price of a month (减免规则).
#[derive(SimpleObject)]
#[graphql(name = "Discount", complex)]
pub struct DiscountNode {
    /// Its id, `dsc_…`.
    id: ID,
    /// What people call the rule.
    name: String,
    /// How many per cent are taken off.
    percent: Option<RateScalar>,
    /// How much of a whole month is taken off.
    fixed: Option<Money>,
    /// Whether it applies to units on the days on which they are registered as empty.
    for_vacant: bool,
    /// The units it applies to otherwise.
    units: Vec<UnitNode>,
    /// First day.
    from: NaiveDate,
    /// Last day; none until it is ended.
    to: Option<NaiveDate>,
    /// How far it has come.
    status: DiscountStatusWord,
    /// Who proposed it.
    proposed_by: ID,
    /// Who approved it; never the proposer.
    approved_by: Option<ID>,
    /// The day of approval.
    approved_on: Option<NaiveDate>,
    #[graphql(skip)]
    item: FeeItemId,
}

#[ComplexObject]
impl DiscountNode {
    /// From which fee item something is taken off.
    async fn fee_item(&self, ctx: &Context<'_>) -> Result<FeeItemNode> {
        let loader = ctx.data::<FeeItemLoader>()?;
        let item = loader.load_one(self.item).await.map_err(|error| shared(&error))?;
        item.map(Into::into).ok_or(Denied::Hidden).graphql()
    }
}

impl From<Discount> for DiscountNode {
    fn from(discount: Discount) -> Self {
        let to = discount.last_day();
        let (percent, fixed) = match discount.terms.reduction {
            Reduction::Percent(part) => (Some(RateScalar(Rate(part.0 * 100))), None),
            Reduction::Fixed(amount) => (None, Some(Money::cny(amount))),
        };
        let (for_vacant, units) = match discount.terms.condition {
            Condition::Vacant => (true, Vec::new()),
            Condition::Units(units) => (false, units),
        };
        Self {
            id: discount.id.to_string().into(),
            name: discount.terms.name,
            percent,
            fixed,
            for_vacant,
            units: units.into_iter().map(Into::into).collect(),
            from: discount.terms.from,
            to,
            status: discount.status.into(),
            proposed_by: discount.proposed_by.to_string().into(),
            approved_by: discount.approved_by.map(|user| user.to_string().into()),
            approved_on: discount.approved_on,
            item: discount.terms.item,
        }
    }
}

/// A period in which a unit stands empty (空置).
#[derive(SimpleObject)]
#[graphql(name = "Vacancy")]
pub struct VacancyNode {
    /// Its id, `vcy_…`.
    id: ID,
    /// The unit.
    unit: UnitNode,
    /// First day.
    from: NaiveDate,
    /// Last day; none while it lasts.
    to: Option<NaiveDate>,
    /// How it is known.
    note: String,
    /// Who registered it.
    registered_by: ID,
}

impl From<Vacancy> for VacancyNode {
    fn from(vacancy: Vacancy) -> Self {
        Self {
            id: vacancy.id.to_string().into(),
            unit: vacancy.unit.into(),
            from: vacancy.from,
            to: vacancy.to,
            note: vacancy.note,
            registered_by: vacancy.by.to_string().into(),
        }
    }
}

/// The discounts of an estate.
pub struct EstateDiscounts(pub EstateId);

#[Object]
impl EstateDiscounts {
    /// The discounts of the estate, newest first; for staff who see the whole estate.
    async fn discounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, DiscountNode>>> {
        let permit = caller(ctx)?.read(DISCOUNT_READ, self.0).graphql()?;
        let page = PageArgs::new(first, after)?;
        let scope = ctx.data::<Db>()?.read(permit.tenant()).await.graphql()?;
        let before = crate::graphql::after(&page)?;
        let rows = repo::page(&scope, self.0, before, page.limit()).await.graphql()?;
        let key = |row: &Discount| row.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, Into::into)))
    }

    /// The periods in which units of the estate stand empty, newest first; for staff who see the
    /// whole estate.
    async fn vacancies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, VacancyNode>>> {
        let permit = caller(ctx)?.read(DISCOUNT_READ, self.0).graphql()?;
        let page = PageArgs::new(first, after)?;
        let scope = ctx.data::<Db>()?.read(permit.tenant()).await.graphql()?;
        let before = crate::graphql::after(&page)?;
        let rows = repo::vacancies(&scope, self.0, before, page.limit()).await.graphql()?;
        let key = |row: &Vacancy| row.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, Into::into)))
    }
}

/// A discount to propose.
#[derive(InputObject)]
pub struct ProposeDiscountInput {
    /// From which fee item something is taken off, `fit_…`; not a pass-through or late fee.
    fee_item_id: ID,
    /// What people call the rule, 1 to 60 characters.
    name: String,
    /// How many per cent are taken off, e.g. `"30"`.
    percent: Option<RateScalar>,
    /// How much of a whole month is taken off; instead of per cent.
    fixed: Option<Decimal>,
    /// Only these units, `unt_…`; without them the units that are registered as empty.
    unit_ids: Option<Vec<ID>>,
    /// First day; not before the day of approval.
    from: NaiveDate,
    /// Last day; until it is ended when not given.
    to: Option<NaiveDate>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A discount to approve.
#[derive(InputObject)]
pub struct ApproveDiscountInput {
    /// The discount, `dsc_…`.
    id: ID,
}

/// A discount to end.
#[derive(InputObject)]
pub struct EndDiscountInput {
    /// The discount, `dsc_…`.
    id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
}

/// A vacancy to register.
#[derive(InputObject)]
pub struct RegisterVacancyInput {
    /// The unit, `unt_…`.
    unit_id: ID,
    /// First day.
    from: NaiveDate,
    /// Last day; none while it lasts.
    to: Option<NaiveDate>,
    /// How it is known, 1 to 200 characters.
    note: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A vacancy to end.
#[derive(InputObject)]
pub struct EndVacancyInput {
    /// The vacancy, `vcy_…`.
    id: ID,
    /// The last day.
    to: NaiveDate,
}

/// The discount after an act.
#[derive(SimpleObject)]
pub struct DiscountPayload {
    /// The discount.
    discount: DiscountNode,
}

/// The vacancy after an act.
#[derive(SimpleObject)]
pub struct VacancyPayload {
    /// The vacancy.
    vacancy: VacancyNode,
}

fn reduction(percent: Option<RateScalar>, fixed: Option<Decimal>) -> Result<Reduction> {
    match (percent, fixed) {
        (Some(RateScalar(part)), None) if part.0 % 100 == 0 => {
            Ok(Reduction::Percent(Rate(part.0 / 100)))
        }
        (Some(_), None) => Err(Invalid::new("percent", say::four_places())).graphql(),
        (None, Some(amount)) => Ok(Reduction::Fixed(fen(amount, "fixed")?)),
        (Some(_), Some(_)) => Err(Invalid::new("fixed", say::this_or("percent"))).graphql(),
        (None, None) => Err(Invalid::new("percent", expected::filled())).graphql(),
    }
}

/// Changes of discounts and vacancies.
#[derive(Default)]
pub struct DiscountMutation;

#[Object]
impl DiscountMutation {
    /// Propose a discount; somebody else approves it.
    async fn propose_discount(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is proposed")] input: ProposeDiscountInput,
    ) -> Result<DiscountPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let condition = match &input.unit_ids {
            None => Condition::Vacant,
            Some(units) => {
                let unit = |id: &ID| parse_id::<UnitId>(id, "unitIds");
                Condition::Units(units.iter().map(unit).collect::<Result<_>>()?)
            }
        };
        let terms = DiscountTerms {
            item: parse_id(&input.fee_item_id, "feeItemId")?,
            name: input.name,
            reduction: reduction(input.percent, input.fixed)?,
            condition,
            from: input.from,
            to: input.to,
        };
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let id = propose(db, caller, terms, &key).await.graphql()?;
        let scope = db.read(caller.tenant()).await.graphql()?;
        let discount = repo::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
        Ok(DiscountPayload { discount: discount.into() })
    }

    /// Approve a discount that somebody else proposed.
    async fn approve_discount(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is approved")] input: ApproveDiscountInput,
    ) -> Result<DiscountPayload> {
        let id = parse_id::<DiscountId>(&input.id, "id")?;
        let discount = decide(ctx.data()?, caller(ctx)?, id, None).await.graphql()?;
        Ok(DiscountPayload { discount: discount.into() })
    }

    /// Give a discount up before it holds, or end it with today.
    async fn end_discount(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is ended")] input: EndDiscountInput,
    ) -> Result<DiscountPayload> {
        let id = parse_id::<DiscountId>(&input.id, "id")?;
        let ended = decide(ctx.data()?, caller(ctx)?, id, Some(input.reason)).await.graphql()?;
        Ok(DiscountPayload { discount: ended.into() })
    }

    /// Register that a unit stands empty.
    async fn register_vacancy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is registered")] input: RegisterVacancyInput,
    ) -> Result<VacancyPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let new = NewVacancy {
            unit: parse_id(&input.unit_id, "unitId")?,
            from: input.from,
            to: input.to,
            note: input.note,
        };
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let id = vacancy::register(db, caller, new, &key).await.graphql()?;
        let scope = db.read(caller.tenant()).await.graphql()?;
        let found = repo::find_vacancy(&scope, id).await.graphql()?;
        Ok(VacancyPayload { vacancy: found.ok_or(Denied::Hidden).graphql()?.into() })
    }

    /// End a vacancy.
    async fn end_vacancy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is ended")] input: EndVacancyInput,
    ) -> Result<VacancyPayload> {
        let id = parse_id::<VacancyId>(&input.id, "id")?;
        let ended = vacancy::end(ctx.data()?, caller(ctx)?, id, input.to).await.graphql()?;
        Ok(VacancyPayload { vacancy: ended.into() })
    }
}
