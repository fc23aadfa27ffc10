//! People in the graph, masked.

use super::{
    Field, NewPerson, PERSON_READ, PartyKind, Person, add_person, repo, reveal, update_person,
};
use crate::{ResidentsError, graphql::Loaders, graphql::State, occupancy, structure};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Caller;
use db::Db;
use graphql::{
    Cursor, GraphqlResultExt as _, PageArgs, caller, connection, of_caller, parse, parse_id,
};
use ids::EstateId;
use std::collections::HashSet;
use uuid::Uuid;

/// A person or organisation; names, phones and identity numbers are masked.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Person")]
pub struct PersonNode {
    /// The person.
    id: ID,
    /// The code that roster files refer to.
    code: String,
    /// The name, masked (`张*`) unless it is a company's.
    name: String,
    /// Whether it is a company or other body.
    company: bool,
    /// The phone, masked (`138****5678`).
    phone: Option<String>,
    /// The identity number, masked.
    identity_number: Option<String>,
}

impl From<Person> for PersonNode {
    fn from(person: Person) -> Self {
        Self {
            id: person.id.to_string().into(),
            name: person.shown_name(),
            code: person.code,
            company: person.kind == PartyKind::Company,
            phone: person.phone_masked,
            identity_number: person.identity_masked,
        }
    }
}

async fn people_page(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    page: &PageArgs,
    after: Option<Uuid>,
) -> std::result::Result<Vec<Person>, ResidentsError> {
    let permitted = caller.read(PERSON_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let visible = structure::Visible::of(&scope, &permitted).await?;
    let only = if visible.everything() {
        None
    } else {
        let units =
            structure::repo::page(&scope, &visible, None, None, u64::from(u32::MAX)).await?;
        let today = crate::estates::today(&scope, estate).await?;
        let ties =
            occupancy::repo::of_units(&scope, units.iter().map(|unit| unit.id.as_uuid())).await?;
        let own = permitted.own_person().is_some();
        let present = ties.iter().filter(|tie| !own || tie.lasts_on_or_after(today));
        let people: HashSet<Uuid> = present.map(|tie| tie.person.as_uuid()).collect();
        Some(people.into_iter().collect())
    };
    Ok(repo::page(&scope, estate, only, after, page.limit()).await?)
}

/// Questions about people.
#[derive(Default)]
pub struct PeopleQuery;

#[Object]
impl PeopleQuery {
    /// One person.
    async fn person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] id: ID,
    ) -> Result<Option<PersonNode>> {
        let found = of_caller::<Loaders>(ctx)?.person(parse_id(&id, "id")?).await?;
        found.ok_or(ResidentsError::not_found()).graphql().map(|person| Some(person.into()))
    }

    /// The people of an estate.
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate.")] estate_id: ID,
        #[graphql(desc = "How many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, PersonNode>>> {
        let page = PageArgs::new(first, after)?;
        let after = page.after.as_ref().map(|cursor| parse(&cursor.0, "after")).transpose()?;
        let estate = parse_id(&estate_id, "estateId")?;
        let rows = people_page(ctx.data()?, caller(ctx)?, estate, &page, after).await.graphql()?;
        Ok(Some(connection(&page, rows, |p| p.id.as_uuid().to_string(), PersonNode::from)))
    }
}

/// A person to register.
#[derive(Debug, InputObject)]
pub struct AddPersonInput {
    /// The estate.
    estate_id: ID,
    /// The whole name.
    name: String,
    /// Whether it is a company or other body.
    company: Option<bool>,
    /// The phone.
    phone: Option<String>,
    /// The identity number, with a right check digit.
    identity_number: Option<String>,
}

/// What of a person changes; what is left out stays.
#[derive(Debug, InputObject)]
pub struct UpdatePersonInput {
    /// The person.
    id: ID,
    /// The whole name.
    name: Option<String>,
    /// Whether it is a company or other body.
    company: Option<bool>,
    /// The phone.
    phone: Option<String>,
    /// The identity number, with a right check digit.
    identity_number: Option<String>,
}

/// The person as it is now.
#[derive(Debug, SimpleObject)]
pub struct PersonPayload {
    /// The person; null when the caller may not read people.
    person: Option<PersonNode>,
}

/// A piece of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "PersonalField", remote = "Field")]
pub enum FieldNode {
    /// The name.
    Name,
    /// The phone.
    Phone,
    /// The identity number.
    Identity,
}

/// What to show whole, and why.
#[derive(Debug, InputObject)]
pub struct RevealPersonalDataInput {
    /// The person.
    person_id: ID,
    /// Which piece.
    field: FieldNode,
    /// Why; kept in the audit log.
    reason: String,
}

/// The piece of personal data.
#[derive(Debug, SimpleObject)]
pub struct RevealPersonalDataPayload {
    /// The value; null when it is not known.
    value: Option<String>,
}

/// Acts on people.
#[derive(Default)]
pub struct PeopleMutation;

#[Object]
impl PeopleMutation {
    /// Register a person.
    async fn add_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] input: AddPersonInput,
    ) -> Result<PersonPayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let new = NewPerson {
            name: Some(input.name),
            company: input.company,
            phone: input.phone,
            identity: input.identity_number,
        };
        let keys = &ctx.data::<State>()?.keys;
        let id = add_person(ctx.data()?, keys, caller(ctx)?, estate, new).await.graphql()?;
        payload(ctx, id).await
    }

    /// Change a person.
    async fn update_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdatePersonInput,
    ) -> Result<PersonPayload> {
        let id = parse_id(&input.id, "id")?;
        let new = NewPerson {
            name: input.name,
            company: input.company,
            phone: input.phone,
            identity: input.identity_number,
        };
        let keys = &ctx.data::<State>()?.keys;
        let id = update_person(ctx.data()?, keys, caller(ctx)?, id, new).await.graphql()?;
        payload(ctx, id).await
    }

    /// Show one piece of personal data whole; who saw it, when and why is kept.
    async fn reveal_personal_data(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What and why.")] input: RevealPersonalDataInput,
    ) -> Result<RevealPersonalDataPayload> {
        let id = parse_id(&input.person_id, "personId")?;
        let keys = &ctx.data::<State>()?.keys;
        let field = input.field.into();
        let value = reveal(ctx.data()?, keys, caller(ctx)?, id, field, &input.reason).await;
        Ok(RevealPersonalDataPayload { value: value.graphql()? })
    }
}

async fn payload(ctx: &Context<'_>, id: contracts::PersonId) -> Result<PersonPayload> {
    let person = of_caller::<Loaders>(ctx)?.person(id).await?;
    Ok(PersonPayload { person: person.map(PersonNode::from) })
}
