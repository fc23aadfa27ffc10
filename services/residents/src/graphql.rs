//! What the features' resolvers share: loaders of one request, the estate, the entities.

use crate::{
    ResidentsError,
    occupancy::{Household, households},
    people::{Keyring, PERSON_READ, Person, graphql::PersonNode, visible_people},
    structure::{UNIT_READ, Unit, graphql::UnitNode, visible_units},
};
use async_graphql::{
    ComplexObject, Context, ID, Object, Request, Result, SimpleObject,
    connection::Connection,
    dataloader::{DataLoader, Loader},
};
use authz::Caller;
use contracts::{PersonId, UnitId};
use db::Db;
use errors::{Code, Coded};
use files::FileStore;
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, of_caller, parse_id};
use ids::EstateId;
use service_http::Peers;
use std::{collections::HashMap, sync::Arc};
use texts::Text;

/// What resolvers need beside the database.
#[derive(Clone, Debug)]
pub struct State {
    /// The companies' data keys.
    pub keys: Keyring,
    /// Uploaded and produced files.
    pub files: FileStore,
    /// The other services.
    pub peers: Peers,
}

/// A failure that several resolvers of one batch share.
#[derive(Clone, Debug, thiserror::Error)]
#[error(transparent)]
pub struct Shared(Arc<ResidentsError>);

impl Coded for Shared {
    fn code(&self) -> Code {
        self.0.code()
    }
    fn text(&self) -> Text {
        self.0.text()
    }
    fn field(&self) -> Option<&str> {
        self.0.field()
    }
    fn retry_after_seconds(&self) -> Option<u64> {
        self.0.retry_after_seconds()
    }
}

impl From<ResidentsError> for Shared {
    fn from(error: ResidentsError) -> Self {
        Self(Arc::new(error))
    }
}

/// Reads what one caller may see, in batches.
pub struct Batch {
    db: Db,
    caller: Caller,
}

impl Loader<UnitId> for Batch {
    type Value = Unit;
    type Error = Shared;
    async fn load(&self, keys: &[UnitId]) -> std::result::Result<HashMap<UnitId, Unit>, Shared> {
        let scope = self.db.read(self.caller.tenant()).await.map_err(ResidentsError::from)?;
        let ids = keys.iter().map(|id| id.as_uuid());
        let units = visible_units(&scope, &self.caller, UNIT_READ, ids).await?;
        Ok(units.into_iter().map(|unit| (unit.id, unit)).collect())
    }
}

impl Loader<PersonId> for Batch {
    type Value = Person;
    type Error = Shared;
    async fn load(
        &self,
        keys: &[PersonId],
    ) -> std::result::Result<HashMap<PersonId, Person>, Shared> {
        let scope = self.db.read(self.caller.tenant()).await.map_err(ResidentsError::from)?;
        let ids = keys.iter().map(|id| id.as_uuid());
        let people = visible_people(&scope, &self.caller, PERSON_READ, ids).await?;
        Ok(people.into_iter().map(|person| (person.id, person)).collect())
    }
}

/// A unit whose household is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct HouseholdOf(UnitId);

impl Loader<HouseholdOf> for Batch {
    type Value = Household;
    type Error = Shared;
    async fn load(
        &self,
        keys: &[HouseholdOf],
    ) -> std::result::Result<HashMap<HouseholdOf, Household>, Shared> {
        let ids: Vec<_> = keys.iter().map(|unit| unit.0.as_uuid()).collect();
        let found = households(&self.db, &self.caller, &ids).await?;
        Ok(found.into_iter().map(|(unit, card)| (HouseholdOf(unit), card)).collect())
    }
}

/// The loaders of one request.
pub struct Loaders(DataLoader<Batch>);

impl Loaders {
    /// A unit, if the caller may see it.
    pub async fn unit(&self, id: UnitId) -> Result<Option<Unit>> {
        self.0.load_one(id).await.graphql()
    }

    /// A person, if the caller may see them.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>> {
        self.0.load_one(id).await.graphql()
    }

    /// A unit's household, if the caller may see it.
    pub async fn household(&self, unit: UnitId) -> Result<Option<Household>> {
        self.0.load_one(HouseholdOf(unit)).await.graphql()
    }
}

/// Gives a request the loaders of its caller.
pub fn per_request(request: Request, caller: Option<&Caller>, db: &Db) -> Request {
    let Some(caller) = caller else { return request };
    let batch = Batch { db: db.clone(), caller: caller.clone() };
    request.data(Loaders(DataLoader::new(batch, tokio::spawn)))
}

/// A managed property; what residents knows of it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Estate", complex)]
pub struct EstateNode {
    #[graphql(skip)]
    key: EstateId,
    /// The estate.
    id: ID,
}

impl EstateNode {
    /// The estate by id; its fields check the caller's rights.
    pub fn new(estate: EstateId) -> Self {
        Self { key: estate, id: estate.to_string().into() }
    }
}

#[ComplexObject]
impl EstateNode {
    /// Its units by label.
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, UnitNode>>> {
        let page = PageArgs::new(first, after)?;
        let (db, caller) = (ctx.data()?, caller(ctx)?);
        let rows = crate::structure::graphql::units_page(db, caller, self.key, None, &page).await;
        Ok(Some(connection(&page, rows.graphql()?, |unit| unit.label.clone(), UnitNode::from)))
    }
}

/// Entities that other services' answers lead to.
#[derive(Default)]
pub struct EntityQuery;

#[Object]
impl EntityQuery {
    /// An estate.
    #[graphql(entity)]
    async fn find_estate_by_id(
        &self,
        #[graphql(desc = "The estate.")] id: ID,
    ) -> Result<Option<EstateNode>> {
        Ok(Some(EstateNode::new(parse_id(&id, "id")?)))
    }

    /// A unit.
    #[graphql(entity)]
    async fn find_unit_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit.")] id: ID,
    ) -> Result<Option<UnitNode>> {
        let unit = of_caller::<Loaders>(ctx)?.unit(parse_id(&id, "id")?).await?;
        Ok(unit.map(UnitNode::from))
    }

    /// A person.
    #[graphql(entity)]
    async fn find_person_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] id: ID,
    ) -> Result<Option<PersonNode>> {
        let person = of_caller::<Loaders>(ctx)?.person(parse_id(&id, "id")?).await?;
        Ok(person.map(PersonNode::from))
    }
}
