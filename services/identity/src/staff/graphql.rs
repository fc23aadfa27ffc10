//! Staff and positions in the graph.

use super::{
    PositionId, STAFF_MANAGE, STAFF_READ, Staff, StaffMembers,
    add::{NewStaff, add},
    end::end,
    positions::{NewPosition, create_position},
    repo::{self, Position},
    update::{UpdateStaff, update},
};
use crate::{
    app::{Identity, Outcome},
    credentials::Accounts,
    roles::{Grants, graphql::GrantNode},
};
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{CompanyScope, Denied, Subject, UserId};
use chrono::{DateTime, Utc};
use errors::{Invalid, expected};
use graphql::{
    Cursor, GraphqlResultExt as _, MAX_PAGE, PageArgs, caller, connection, parse_id, to_graphql,
};
use std::collections::HashMap;

/// A position (岗位) of the company.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Position")]
pub struct PositionNode {
    /// Its id, `pos_…`.
    id: ID,
    /// Its code, unique in the company.
    code: String,
    /// Its Chinese name.
    name_zh: String,
    /// Its English name.
    name_en: String,
    /// How many people the plan has for it.
    headcount: Option<i32>,
}

impl From<Position> for PositionNode {
    fn from(position: Position) -> Self {
        Self {
            id: position.id.to_string().into(),
            code: position.code,
            name_zh: position.name_zh,
            name_en: position.name_en,
            headcount: position.headcount,
        }
    }
}

/// A member of staff.
#[derive(SimpleObject)]
#[graphql(name = "Staff")]
pub struct StaffNode {
    /// Their account, `usr_…`.
    id: ID,
    /// Their name.
    name: String,
    /// Their sign-in name; none once they left.
    login: Option<String>,
    /// Their phone at work.
    phone: Option<String>,
    /// What they are employed as.
    position: Option<PositionNode>,
    /// When they left.
    ended_at: Option<DateTime<Utc>>,
    /// Their roles and where they hold.
    grants: Vec<GrantNode>,
}

/// Puts accounts, positions and grants to a list of staff, in three queries, for whoever may read
/// or manage them.
async fn nodes(
    identity: &Identity,
    leave: &CompanyScope,
    staff: Vec<Staff>,
) -> Outcome<Vec<StaffNode>> {
    let scope = identity.db.read(leave.tenant()).await?;
    let users: Vec<UserId> = staff.iter().map(|staff| staff.id).collect();
    let accounts = Accounts(&scope).by_ids(&users).await?.into_iter();
    let mut logins: HashMap<UserId, String> = accounts
        .filter(|account| !account.disabled)
        .map(|account| (account.id, account.login))
        .collect();
    let positions = StaffMembers::new(&scope, leave).positions().await?.into_iter();
    let positions: HashMap<PositionId, PositionNode> =
        positions.map(|position| (position.id, position.into())).collect();
    let mut grants: HashMap<UserId, Vec<GrantNode>> = HashMap::new();
    for grant in Grants(&scope).of(&users).await? {
        grants.entry(grant.user).or_default().push(grant.into());
    }
    let node = |staff: Staff| StaffNode {
        id: staff.id.to_string().into(),
        name: staff.name,
        login: logins.remove(&staff.id),
        phone: staff.phone,
        position: staff.position.and_then(|id| positions.get(&id).cloned()),
        ended_at: staff.ended_at,
        grants: grants.remove(&staff.id).unwrap_or_default(),
    };
    Ok(staff.into_iter().map(node).collect())
}

/// Somebody who was just added or changed, for who did it.
async fn one(ctx: &Context<'_>, staff: Staff) -> Result<StaffNode> {
    let leave = caller(ctx)?.act_company(STAFF_MANAGE).graphql()?;
    let mut nodes = nodes(ctx.data()?, &leave, vec![staff]).await.graphql()?;
    Ok(nodes.remove(0))
}

/// Somebody who begins to work for the company.
#[derive(InputObject)]
pub struct AddStaffInput {
    /// Sign-in name, unique in the company.
    login: String,
    /// Their name.
    name: String,
    /// Their phone at work.
    phone: Option<String>,
    /// What they are employed as, `pos_…`.
    position_id: Option<ID>,
}

/// Who was added.
#[derive(SimpleObject)]
pub struct AddStaffPayload {
    /// The member of staff.
    staff: StaffNode,
    /// The one-time token with which they set their password, shown this once.
    password_token: String,
}

/// A member of staff as they shall be.
#[derive(InputObject)]
pub struct UpdateStaffInput {
    /// The member of staff, `usr_…`.
    id: ID,
    /// Their name.
    name: String,
    /// Their phone at work.
    phone: Option<String>,
    /// What they are employed as, `pos_…`.
    position_id: Option<ID>,
}

/// Who was changed.
#[derive(SimpleObject)]
pub struct UpdateStaffPayload {
    /// The member of staff.
    staff: StaffNode,
}

/// Whose work for the company ends.
#[derive(InputObject)]
pub struct EndStaffInput {
    /// The member of staff, `usr_…`.
    id: ID,
}

/// Whose work for the company ended.
#[derive(SimpleObject)]
pub struct EndStaffPayload {
    /// The member of staff.
    staff: StaffNode,
}

/// A position to be.
#[derive(InputObject)]
pub struct CreatePositionInput {
    /// Its code: 2 to 16 upper-case letters, digits, underscores.
    code: String,
    /// Its Chinese name.
    name_zh: String,
    /// Its English name.
    name_en: String,
    /// How many people the plan has for it.
    headcount: Option<i32>,
}

/// The position that was registered.
#[derive(SimpleObject)]
pub struct CreatePositionPayload {
    /// The position.
    position: PositionNode,
}

/// A member of staff as everybody who works for the company knows them.
#[derive(SimpleObject)]
#[graphql(shareable)]
pub struct Colleague {
    /// Their account, `usr_…`.
    id: ID,
    /// Their name.
    name: String,
}

/// Queries on staff.
#[derive(Default)]
pub struct StaffQuery;

#[Object]
impl StaffQuery {
    /// The company's staff, in the order in which they were added.
    async fn staff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, at most 100; 50 without it.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, StaffNode>>> {
        let (caller, page) = (caller(ctx)?, PageArgs::new(first, after)?);
        let identity = ctx.data::<Identity>()?;
        let leave = caller.read_company(STAFF_READ).graphql()?;
        let wrong = |_| to_graphql(Invalid::new("after", expected::cursor()));
        let after =
            page.after.as_ref().map(|cursor| cursor.0.parse().map_err(wrong)).transpose()?;
        let scope = identity.db.read(caller.tenant()).await.graphql()?;
        let rows = StaffMembers::new(&scope, &leave).page(after, page.limit()).await.graphql()?;
        drop(scope);
        let keys: Vec<_> = rows.iter().map(|staff| staff.id.as_uuid().to_string()).collect();
        let nodes = nodes(identity, &leave, rows).await.graphql()?;
        let rows = keys.into_iter().zip(nodes).collect();
        Ok(Some(connection(&page, rows, |(key, _): &(String, StaffNode)| key.clone(), |(_, n)| n)))
    }

    /// What members of staff are called, also those who left. Everybody who works for the company
    /// may know, and its programs; residents may not. Whom the company does not know is left out.
    async fn colleagues(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, `usr_…`; at most 100.")] ids: Vec<ID>,
    ) -> Result<Option<Vec<Colleague>>> {
        let caller = caller(ctx)?;
        if matches!(caller.subject(), Subject::Resident { .. }) {
            return Err(Denied::Hidden).graphql();
        }
        let most = usize::try_from(MAX_PAGE).unwrap_or_default();
        if ids.len() > most {
            return Err(Invalid::new("ids", expected::items(0, most))).graphql();
        }
        let ids = ids.iter().map(|id| parse_id(id, "ids")).collect::<Result<Vec<UserId>>>()?;
        let scope = ctx.data::<Identity>()?.db.read(caller.tenant()).await.graphql()?;
        let names = repo::names_of(&scope, &ids).await.graphql()?;
        let colleague =
            |(id, name): (UserId, String)| Colleague { id: id.to_string().into(), name };
        Ok(Some(names.into_iter().map(colleague).collect()))
    }

    /// The company's positions, by code.
    async fn positions(&self, ctx: &Context<'_>) -> Result<Option<Vec<PositionNode>>> {
        let caller = caller(ctx)?;
        let leave = caller.read_company(STAFF_READ).graphql()?;
        let scope = ctx.data::<Identity>()?.db.read(caller.tenant()).await.graphql()?;
        let positions = StaffMembers::new(&scope, &leave).positions().await.graphql()?;
        Ok(Some(positions.into_iter().map(Into::into).collect()))
    }
}

/// Mutations on staff.
#[derive(Default)]
pub struct StaffMutation;

fn position(id: Option<&ID>) -> Result<Option<PositionId>> {
    id.map(|id| parse_id(id, "positionId")).transpose()
}

#[Object]
impl StaffMutation {
    /// Add a member of staff; they set their password with the token.
    async fn add_staff(&self, ctx: &Context<'_>, input: AddStaffInput) -> Result<AddStaffPayload> {
        let new = NewStaff {
            position: position(input.position_id.as_ref())?,
            login: input.login,
            name: input.name,
            phone: input.phone,
        };
        let (identity, caller) = (ctx.data::<Identity>()?, caller(ctx)?);
        let (staff, password_token) = add(identity, caller, new).await.graphql()?;
        Ok(AddStaffPayload { staff: one(ctx, staff).await?, password_token })
    }

    /// Change a member of staff.
    async fn update_staff(
        &self,
        ctx: &Context<'_>,
        input: UpdateStaffInput,
    ) -> Result<UpdateStaffPayload> {
        let cmd = UpdateStaff {
            user: parse_id(&input.id, "id")?,
            position: position(input.position_id.as_ref())?,
            name: input.name,
            phone: input.phone,
        };
        let staff = update(ctx.data::<Identity>()?, caller(ctx)?, cmd).await.graphql()?;
        Ok(UpdateStaffPayload { staff: one(ctx, staff).await? })
    }

    /// End somebody's work for the company: roles, sessions and sign-in end at once.
    async fn end_staff(&self, ctx: &Context<'_>, input: EndStaffInput) -> Result<EndStaffPayload> {
        let user = parse_id(&input.id, "id")?;
        let staff = end(ctx.data::<Identity>()?, caller(ctx)?, user).await.graphql()?;
        Ok(EndStaffPayload { staff: one(ctx, staff).await? })
    }

    /// Register a position.
    async fn create_position(
        &self,
        ctx: &Context<'_>,
        input: CreatePositionInput,
    ) -> Result<CreatePositionPayload> {
        let new = NewPosition {
            code: input.code,
            name_zh: input.name_zh,
            name_en: input.name_en,
            headcount: input.headcount,
        };
        let position =
            create_position(ctx.data::<Identity>()?, caller(ctx)?, new).await.graphql()?;
        Ok(CreatePositionPayload { position: position.into() })
    }
}
