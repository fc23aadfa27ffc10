//! What the features' resolvers share: the entities of other services, of which this one adds nothing
//! but their ids, and the loaders of one request.

use crate::attachments::Scanner;
use async_graphql::{ID, Request, SimpleObject};
use authz::{Caller, UserId};
use contracts::{PersonId, UnitId};
use db::Db;
use files::FileStore;
use ids::EstateId;
use personal::Keyring;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// What resolvers need beside the database.
#[derive(Clone, Debug)]
pub struct State {
    /// The companies' data keys.
    pub keys: Keyring,
    /// Uploaded files.
    pub files: FileStore,
    /// Looks for viruses in them.
    pub scanner: Arc<dyn Scanner>,
}

/// A managed property; what the service desk knows of it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Estate", unresolvable = "id")]
pub struct EstateNode {
    /// The estate.
    id: ID,
}

impl EstateNode {
    /// The estate by id.
    pub fn new(estate: EstateId) -> Self {
        Self { id: estate.to_string().into() }
    }
}

/// A unit; residents knows the rest of it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Unit", unresolvable = "id")]
pub struct UnitNode {
    /// The unit.
    id: ID,
}

impl UnitNode {
    /// The unit by id.
    pub fn new(unit: UnitId) -> Self {
        Self { id: unit.to_string().into() }
    }
}

/// A person; residents knows the rest of them.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Person", unresolvable = "id")]
pub struct PersonNode {
    /// The person.
    id: ID,
}

impl PersonNode {
    /// The person by id.
    pub fn new(person: PersonId) -> Self {
        Self { id: person.to_string().into() }
    }
}

/// A member of staff as everybody who works for the company knows them.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
#[graphql(shareable)]
pub struct Colleague {
    /// Their account, `usr_…`.
    pub id: ID,
    /// What they are called; empty while identity has not told.
    pub name: String,
}

impl Colleague {
    /// The member of staff of an account, as far as identity has told.
    pub fn new(user: UserId, known: &HashMap<Uuid, places::staff::Colleague>) -> Self {
        let name = known.get(&user.as_uuid()).map(|colleague| colleague.name.clone());
        Self { id: user.to_string().into(), name: name.unwrap_or_default() }
    }
}

/// Gives a request the loaders of its caller.
pub fn per_request(request: Request, _caller: Option<&Caller>, _db: &Db) -> Request {
    request
}
