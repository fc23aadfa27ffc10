//! Estates in the graph; residents and billing extend the entity.

use super::{Estate, EstateData, Estates, create::create, update::update, visible};
use crate::{IdentityError, app::Identity};
use async_graphql::{
    ComplexObject, Context, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
    dataloader::{DataLoader, Loader},
};
use authz::Caller;
use chrono::NaiveDate;
use db::{Db, StorageError};
use graphql::{
    Cursor, GraphqlResultExt as _, PageArgs, caller, connection, of_caller, parse_id, to_graphql,
};
use ids::EstateId;
use std::{collections::HashMap, sync::Arc};

/// A managed estate (项目/小区): the scope of roles inside a company.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Estate", complex)]
pub struct EstateNode {
    /// Its id, `est_…`.
    id: ID,
    /// Short code, unique in the company, e.g. in receipt numbers.
    code: String,
    #[graphql(skip)]
    data: EstateData,
}

#[ComplexObject]
impl EstateNode {
    /// Its name.
    async fn name(&self) -> &str {
        &self.data.name
    }

    /// Where it is.
    async fn address(&self) -> &str {
        &self.data.address
    }

    /// IANA name, e.g. `Asia/Shanghai`; dates of the estate are dates there.
    async fn time_zone(&self) -> &str {
        &self.data.time_zone
    }

    /// ISO 4217, e.g. `CNY`.
    async fn currency(&self) -> &str {
        &self.data.currency
    }

    /// First day of the service contract.
    async fn contract_from(&self) -> Option<NaiveDate> {
        self.data.contract_from
    }

    /// Last day of the service contract.
    async fn contract_to(&self) -> Option<NaiveDate> {
        self.data.contract_to
    }
}

impl From<Estate> for EstateNode {
    fn from(estate: Estate) -> Self {
        Self { id: estate.id.to_string().into(), code: estate.code, data: estate.data }
    }
}

/// Estates by id that the caller of this request may know of, in one query.
pub struct EstateLoader {
    db: Db,
    caller: Caller,
}

impl EstateLoader {
    /// A loader for one request.
    pub fn new(db: &Db, caller: &Caller) -> DataLoader<Self> {
        DataLoader::new(Self { db: db.clone(), caller: caller.clone() }, tokio::spawn)
    }
}

impl Loader<EstateId> for EstateLoader {
    type Value = Estate;
    type Error = Arc<StorageError>;

    async fn load(&self, ids: &[EstateId]) -> Result<HashMap<EstateId, Estate>, Self::Error> {
        let load = async {
            let scope = self.db.read(self.caller.tenant()).await?;
            let visible = visible(&scope, &self.caller).await?;
            Estates::new(&scope, &visible).by_ids(ids).await
        };
        let found = load.await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|estate| (estate.id, estate)).collect())
    }
}

async fn load(ctx: &Context<'_>, id: &ID) -> Result<EstateNode> {
    caller(ctx)?;
    let id: EstateId = parse_id(id, "id")?;
    let loader = of_caller::<DataLoader<EstateLoader>>(ctx)?;
    let found = loader.load_one(id).await.map_err(|error| {
        let text = error.to_string();
        to_graphql(IdentityError::Storage(StorageError::unreadable(text)))
    })?;
    Ok(found.ok_or_else(IdentityError::hidden).graphql()?.into())
}

/// The master data of an estate.
#[derive(InputObject)]
pub struct CreateEstateInput {
    /// Short code: 2 to 16 upper-case letters, digits, underscores; never changes.
    code: String,
    /// Its name.
    name: String,
    /// Where it is.
    address: String,
    /// IANA name.
    #[graphql(default = "Asia/Shanghai")]
    time_zone: String,
    /// ISO 4217.
    #[graphql(default = "CNY")]
    currency: String,
    /// First day of the service contract.
    contract_from: Option<NaiveDate>,
    /// Last day of the service contract.
    contract_to: Option<NaiveDate>,
}

/// The new master data of an estate, whole.
#[derive(InputObject)]
pub struct UpdateEstateInput {
    /// The estate, `est_…`.
    id: ID,
    /// Its name.
    name: String,
    /// Where it is.
    address: String,
    /// IANA name.
    #[graphql(default = "Asia/Shanghai")]
    time_zone: String,
    /// ISO 4217.
    #[graphql(default = "CNY")]
    currency: String,
    /// First day of the service contract.
    contract_from: Option<NaiveDate>,
    /// Last day of the service contract.
    contract_to: Option<NaiveDate>,
}

/// The estate that was created.
#[derive(SimpleObject)]
pub struct CreateEstatePayload {
    /// The estate.
    estate: EstateNode,
}

/// The estate that was changed.
#[derive(SimpleObject)]
pub struct UpdateEstatePayload {
    /// The estate.
    estate: EstateNode,
}

/// Queries on estates.
#[derive(Default)]
pub struct EstateQuery;

#[Object]
impl EstateQuery {
    /// The estates the caller may know of, by code.
    async fn estates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, at most 100; 50 without it.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, EstateNode>>> {
        let (caller, page) = (caller(ctx)?, PageArgs::new(first, after)?);
        let scope = ctx.data::<Identity>()?.db.read(caller.tenant()).await.graphql()?;
        let visible = visible(&scope, caller).await.graphql()?;
        let after = page.after.as_ref().map(|cursor| cursor.0.as_str());
        let rows = Estates::new(&scope, &visible).page(after, page.limit()).await.graphql()?;
        Ok(Some(connection(&page, rows, |estate| estate.code.clone(), EstateNode::from)))
    }

    /// One estate.
    async fn estate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`.")] id: ID,
    ) -> Result<Option<EstateNode>> {
        load(ctx, &id).await.map(Some)
    }

    /// The estate behind a reference of another service.
    #[graphql(entity)]
    async fn find_estate_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`.")] id: ID,
    ) -> Result<EstateNode> {
        load(ctx, &id).await
    }
}

/// Mutations on estates.
#[derive(Default)]
pub struct EstateMutation;

#[Object]
impl EstateMutation {
    /// Register an estate.
    async fn create_estate(
        &self,
        ctx: &Context<'_>,
        input: CreateEstateInput,
    ) -> Result<CreateEstatePayload> {
        let data = EstateData {
            name: input.name,
            address: input.address,
            time_zone: input.time_zone,
            currency: input.currency,
            contract_from: input.contract_from,
            contract_to: input.contract_to,
        };
        let (identity, caller) = (ctx.data::<Identity>()?, caller(ctx)?);
        let estate = create(identity, caller, &input.code, data).await.graphql()?;
        Ok(CreateEstatePayload { estate: estate.into() })
    }

    /// Change an estate's master data.
    async fn update_estate(
        &self,
        ctx: &Context<'_>,
        input: UpdateEstateInput,
    ) -> Result<UpdateEstatePayload> {
        let id = parse_id(&input.id, "id")?;
        let data = EstateData {
            name: input.name,
            address: input.address,
            time_zone: input.time_zone,
            currency: input.currency,
            contract_from: input.contract_from,
            contract_to: input.contract_to,
        };
        let estate = update(ctx.data::<Identity>()?, caller(ctx)?, id, data).await.graphql()?;
        Ok(UpdateEstatePayload { estate: estate.into() })
    }
}
