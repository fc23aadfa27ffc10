//! Questions about contacts.

use super::{
    Contact, ContactId, listing,
    nodes_graphql::{ContactClass, ContactNode, ContactState},
    recognise::{Recognised, recognise},
    repo::Wanted,
};
use crate::{
    Refused,
    graphql::{PersonNode, State, UnitNode},
    secrecy,
    timeline::cursor,
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, Subject};
use chrono::{DateTime, Utc};
use contracts::{UnitId, residents::MemberKind};
use db::{Db, TenantScope};
use errors::input;
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id, to_graphql};
use places::homes::{Member, Unit};

/// In what capacity somebody belongs to a unit.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "MemberKind")]
pub enum HouseholdRole {
    /// The developer, before handover.
    Developer,
    /// An owner.
    Owner,
    /// A lessee.
    Lessee,
    /// A member of the household who neither owns nor leases.
    Family,
}

/// Somebody who belongs to a unit that may be calling.
#[derive(SimpleObject)]
pub struct RecognisedPerson {
    /// Who.
    person: PersonNode,
    /// What they are called, masked.
    name: String,
    /// In what capacity.
    role: HouseholdRole,
}

/// A unit that may be calling.
#[derive(SimpleObject)]
pub struct RecognisedUnit {
    /// The unit.
    unit: UnitNode,
    /// Its label.
    label: String,
    /// Who belongs to it today.
    people: Vec<RecognisedPerson>,
}

impl RecognisedUnit {
    fn new((unit, members): (Unit, Vec<Member>)) -> Self {
        let person = |member: Member| RecognisedPerson {
            person: PersonNode::new(member.person),
            name: member.name.shown,
            role: member.kind.into(),
        };
        Self {
            unit: UnitNode::new(unit.id),
            label: unit.label,
            people: members.into_iter().map(person).collect(),
        }
    }
}

/// Who may be calling.
#[derive(SimpleObject)]
pub struct CallerRecognition {
    /// What was recorded of this phone before, newest first, at most 20.
    contacts: Vec<ContactNode>,
    /// The households that fit, by label.
    units: Vec<RecognisedUnit>,
}

/// Which contacts a list has; what is left out does not restrict.
#[derive(Default, InputObject)]
pub struct ContactFilter {
    /// In this state.
    state: Option<ContactState>,
    /// About this.
    class: Option<ContactClass>,
    /// Of this unit, `unt_…`.
    unit_id: Option<ID>,
    /// Of this person, `per_…`.
    person_id: Option<ID>,
    /// Whose phone ends with these four digits.
    phone_tail: Option<String>,
    /// Only those that the caller owns or is offered.
    mine: Option<bool>,
    /// Only those that nobody owns yet, as what residents sent and nobody took.
    unowned: Option<bool>,
    /// Only those that wait although their answer was due.
    overdue: Option<bool>,
    /// From this instant on.
    from: Option<DateTime<Utc>>,
    /// Before this instant.
    to: Option<DateTime<Utc>>,
    /// With this in the summary.
    text: Option<String>,
}

impl ContactFilter {
    fn wanted(self, caller: &Caller, now: DateTime<Utc>) -> Result<Wanted> {
        let unit = self.unit_id.map(|id| parse_id::<UnitId>(&id, "unitId")).transpose()?;
        let person = self.person_id.map(|id| parse_id(&id, "personId")).transpose()?;
        let text = input::optional("text", self.text.as_deref(), 60).map_err(to_graphql)?;
        let tail = input::optional("phoneTail", self.phone_tail.as_deref(), 4);
        Ok(Wanted {
            state: self.state.map(Into::into),
            class: self.class.map(Into::into),
            unit,
            person,
            phone_tail: tail.map_err(to_graphql)?,
            phone_hash: None,
            of: self.mine.unwrap_or(false).then(|| caller.user()),
            unowned: self.unowned.unwrap_or(false),
            overdue_at: self.overdue.unwrap_or(false).then_some(now),
            from: self.from,
            to: self.to,
            text,
            after: None,
        })
    }
}

/// Queries on contacts.
#[derive(Default)]
pub struct ContactQuery;

#[Object]
impl ContactQuery {
    /// One contact.
    async fn contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact, `cnt_…`")] id: ID,
    ) -> Result<Option<ContactNode>> {
        let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
        let found = listing::one(db, who, parse_id(&id, "id")?).await.graphql()?;
        Ok(Some(node(db, who, found).await.graphql()?))
    }

    /// The contacts of an estate, newest first; residents see their own.
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Which of them")] filter: Option<ContactFilter>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ContactNode>>> {
        let page = PageArgs::new(first, after)?;
        let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
        let wanted = filter.unwrap_or_default().wanted(who, db.clock().now())?;
        let estate = parse_id(&estate_id, "estateId")?;
        let (right, found) = listing::page(db, who, estate, wanted, &page).await.graphql()?;
        let scope = db.read(who.tenant()).await.graphql()?;
        let own = right.own_person().is_some();
        let nodes = ContactNode::load(&scope, found, own).await.graphql()?;
        let key = |node: &ContactNode| cursor(node.at, node.key.as_uuid());
        Ok(Some(connection(&page, nodes, key, |node| node)))
    }

    /// Who may be calling: what was recorded of a phone before, and the households that fit. Phones
    /// of people who never called are found by residents' `search`.
    async fn recognise_caller(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "The last four digits of the phone, or all of it")] phone: Option<String>,
        #[graphql(desc = "The beginning of a unit's label, e.g. `6-2`")] unit_label: Option<String>,
    ) -> Result<Option<CallerRecognition>> {
        let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
        let keys = &ctx.data::<State>()?.keys;
        let estate = parse_id(&estate_id, "estateId")?;
        let by = (phone.as_deref(), unit_label.as_deref());
        let Recognised { contacts, units } =
            recognise(db, keys, who, estate, by).await.graphql()?;
        let scope = db.read(who.tenant()).await.graphql()?;
        let contacts = ContactNode::load(&scope, contacts, false).await.graphql()?;
        let units = units.into_iter().map(RecognisedUnit::new).collect();
        Ok(Some(CallerRecognition { contacts, units }))
    }
}

/// A contact as this caller is shown it.
pub(super) async fn node(
    db: &Db,
    caller: &Caller,
    contact: Contact,
) -> Result<ContactNode, Refused> {
    shown(&db.read(caller.tenant()).await?, caller, contact).await
}

async fn shown(
    scope: &TenantScope,
    caller: &Caller,
    contact: Contact,
) -> Result<ContactNode, Refused> {
    let own = matches!(caller.subject(), Subject::Resident { person, .. }
        if contact.person.is_some_and(|of| of.as_uuid() == person));
    let mut nodes = ContactNode::load(scope, vec![contact], own).await?;
    nodes.pop().ok_or(Refused::not_found())
}

/// A contact as it is after an act of this caller, whether or not they may see contacts; the same
/// act told again finds nothing when it became a complaint about them.
pub(super) async fn after_act(
    db: &Db,
    caller: &Caller,
    id: ContactId,
) -> Result<ContactNode, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let contact = super::repo::find(&scope, id).await?.ok_or(Refused::not_found())?;
    secrecy::refuse_hidden(&scope, caller.subject(), id.as_uuid()).await?;
    shown(&scope, caller, contact).await
}
