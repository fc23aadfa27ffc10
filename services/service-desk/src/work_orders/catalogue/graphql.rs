//! The catalogue of repairs in the graph.

use super::{
    super::WORK_CATALOGUE_READ,
    domain::{Category, Price, PriceKind},
    repo, save,
};
use crate::{Refused, homes};
use ::graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Caller;
use db::Db;
use ids::EstateId;
use money::Fen;

/// What an entry of the price list is for.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "PriceKind", name = "WorkPriceKind")]
pub(crate) enum WorkPriceKind {
    /// Work.
    Labour,
    /// Material.
    Material,
}

/// A kind of repair.
#[derive(Clone, SimpleObject)]
#[graphql(name = "WorkCategory")]
pub(crate) struct CategoryNode {
    /// Its code, e.g. `WATER_TAP`.
    pub(crate) code: String,
    /// The code of the wider kind.
    parent_code: Option<String>,
    /// Its Chinese name.
    name_zh: String,
    /// Its English name.
    name_en: String,
    /// What somebody must be able to do, as a code of the responders.
    skill: Option<String>,
    /// The code under which time is promised.
    sla_code: String,
    /// Whether it concerns the public part, for which the property pays.
    public_part: bool,
    /// Whether it can be reported.
    active: bool,
    /// How often it was saved; 0 for one that the product ships.
    version: i32,
}

impl From<Category> for CategoryNode {
    fn from(of: Category) -> Self {
        Self {
            code: of.code,
            parent_code: of.parent,
            name_zh: of.name_zh,
            name_en: of.name_en,
            skill: of.skill,
            sla_code: of.sla_code,
            public_part: of.public_part,
            active: of.active,
            version: of.version,
        }
    }
}

/// An entry of the public price list.
#[derive(Clone, SimpleObject)]
#[graphql(name = "WorkPrice")]
pub(crate) struct PriceNode {
    /// Its code, e.g. `TAP_CHANGE`.
    code: String,
    /// Its Chinese name.
    name_zh: String,
    /// Its English name.
    name_en: String,
    /// What is counted, e.g. `次`.
    unit: String,
    /// What one costs.
    price: Money,
    /// Labour or material.
    kind: WorkPriceKind,
    /// For how many days it is repaired again without charge.
    warranty_days: i32,
    /// Whether it can be quoted.
    active: bool,
    /// How often it was saved.
    version: i32,
}

impl From<Price> for PriceNode {
    fn from(of: Price) -> Self {
        Self {
            code: of.code,
            name_zh: of.name_zh,
            name_en: of.name_en,
            unit: of.unit,
            price: Money::cny(of.price),
            kind: of.kind.into(),
            warranty_days: of.warranty_days,
            active: of.active,
            version: of.version,
        }
    }
}

/// A category from now on.
#[derive(InputObject)]
pub(crate) struct SaveWorkCategoryInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Its code, 2 to 32 upper-case letters, digits or underscores.
    code: String,
    /// The code of the wider kind; the tree is at most four deep.
    parent_code: Option<String>,
    /// Its Chinese name, up to 100 characters.
    name_zh: String,
    /// Its English name, up to 100 characters.
    name_en: String,
    /// What somebody must be able to do, as a code of the responders.
    skill: Option<String>,
    /// The code under which time is promised, e.g. `ORDINARY`.
    sla_code: String,
    /// Whether it concerns the public part, for which the property pays.
    public_part: bool,
    /// Whether it can be reported.
    active: bool,
    /// The version that was read, 0 for a new one; another one since then is a conflict.
    expected_version: i32,
}

/// The category after an act.
#[derive(SimpleObject)]
pub(crate) struct SaveWorkCategoryPayload {
    /// The category.
    work_category: CategoryNode,
}

/// A price from now on; quotes that were made keep theirs.
#[derive(InputObject)]
pub(crate) struct SaveWorkPriceInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Its code, 2 to 32 upper-case letters, digits or underscores.
    code: String,
    /// Its Chinese name, up to 100 characters.
    name_zh: String,
    /// Its English name, up to 100 characters.
    name_en: String,
    /// What is counted, up to 20 characters, e.g. `次`.
    unit: String,
    /// What one costs, in fen; up to 100,000 yuan.
    price_fen: i32,
    /// Labour or material.
    kind: WorkPriceKind,
    /// For how many days it is repaired again without charge, up to five years.
    warranty_days: i32,
    /// Whether it can be quoted.
    active: bool,
    /// The version that was read, 0 for a new one; another one since then is a conflict.
    expected_version: i32,
}

/// The price after an act.
#[derive(SimpleObject)]
pub(crate) struct SaveWorkPricePayload {
    /// The price.
    work_price: PriceNode,
}

/// Queries on the catalogue of repairs.
#[derive(Default)]
pub(crate) struct WorkCatalogueQuery;

#[Object]
impl WorkCatalogueQuery {
    /// The kinds of repair of an estate, by code.
    async fn work_categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, CategoryNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let all = categories(ctx.data()?, caller(ctx)?, estate).await.graphql()?;
        let all = after_key(&page, all, |category: &Category| &category.code);
        Ok(Some(connection(&page, all, |one| one.code.clone(), CategoryNode::from)))
    }

    /// The public price list of an estate, by code.
    async fn work_prices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, PriceNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let all = prices(ctx.data()?, caller(ctx)?, estate).await.graphql()?;
        let all = after_key(&page, all, |price: &Price| &price.code);
        Ok(Some(connection(&page, all, |one| one.code.clone(), PriceNode::from)))
    }
}

/// Mutations on the catalogue of repairs.
#[derive(Default)]
pub(crate) struct WorkCatalogueMutation;

#[Object]
impl WorkCatalogueMutation {
    /// Add or change a kind of repair.
    async fn save_work_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category")] input: SaveWorkCategoryInput,
    ) -> Result<SaveWorkCategoryPayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let given = Category {
            code: input.code,
            parent: input.parent_code,
            name_zh: input.name_zh,
            name_en: input.name_en,
            skill: input.skill,
            sla_code: input.sla_code,
            public_part: input.public_part,
            active: input.active,
            version: input.expected_version,
        };
        let saved = save::category(ctx.data()?, caller(ctx)?, estate, given).await.graphql()?;
        Ok(SaveWorkCategoryPayload { work_category: saved.into() })
    }

    /// Add or change an entry of the public price list.
    async fn save_work_price(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The price")] input: SaveWorkPriceInput,
    ) -> Result<SaveWorkPricePayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let given = Price {
            code: input.code,
            name_zh: input.name_zh,
            name_en: input.name_en,
            unit: input.unit,
            price: Fen(input.price_fen.into()),
            kind: input.kind.into(),
            warranty_days: input.warranty_days,
            active: input.active,
            version: input.expected_version,
        };
        let saved = save::price(ctx.data()?, caller(ctx)?, estate, given).await.graphql()?;
        Ok(SaveWorkPricePayload { work_price: saved.into() })
    }
}

/// What follows the cursor, one more than a page has.
fn after_key<T>(page: &PageArgs, mut all: Vec<T>, key: impl Fn(&T) -> &String) -> Vec<T> {
    all.retain(|one| page.after.as_ref().is_none_or(|after| *key(one) > after.0));
    all.truncate(usize::try_from(page.limit()).unwrap_or(usize::MAX));
    all
}

async fn categories(db: &Db, caller: &Caller, estate: EstateId) -> Result<Vec<Category>, Refused> {
    let right = caller.read(WORK_CATALOGUE_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    homes::of_right(&scope, &right).await?;
    Ok(repo::categories(&scope, estate).await?.into_values().collect())
}

async fn prices(db: &Db, caller: &Caller, estate: EstateId) -> Result<Vec<Price>, Refused> {
    let right = caller.read(WORK_CATALOGUE_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    homes::of_right(&scope, &right).await?;
    Ok(repo::prices(&scope, estate).await?.into_values().collect())
}
