//! Roles and grants in the graph.

use super::{
    GrantId, ROLE_READ, domain, edit,
    explain::explain,
    grant::{GiveRole, grant},
    repo::{CustomRole, Roles, StoredGrant},
    revoke::revoke,
};
use crate::app::Identity;
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use authz::{RolePermission, role_templates};
use chrono::{DateTime, Utc};
use contracts::BuildingId;
use graphql::{GraphqlResultExt as _, Money, caller, parse, parse_id};
use money::Fen;

/// Which objects of an estate a right covers.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum Reach {
    /// Every object.
    All,
    /// Objects in the buildings of the grant's zone.
    Zone,
    /// Objects assigned to the user.
    Assigned,
    /// Objects of the user's own person.
    Own,
}

impl Reach {
    fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Zone => "zone",
            Self::Assigned => "assigned",
            Self::Own => "own",
        }
    }

    fn read(word: &str) -> Self {
        match word {
            "all" => Self::All,
            "zone" => Self::Zone,
            "assigned" => Self::Assigned,
            _ => Self::Own,
        }
    }
}

/// One right of a role.
#[derive(SimpleObject)]
#[graphql(name = "RolePermission")]
pub struct RolePermissionNode {
    /// `resource.action`, e.g. `bill.read`.
    permission: String,
    /// Which objects it covers.
    reach: Reach,
    /// The largest amount it covers, if there is a limit.
    limit: Option<Money>,
}

/// A role: a template that every company has, or one the company made.
#[derive(SimpleObject)]
#[graphql(name = "Role")]
pub struct RoleNode {
    /// Its code, e.g. `DESK`.
    code: String,
    /// Its Chinese name; for the company's own role the one name it has.
    name_zh: String,
    /// Its English name; for the company's own role the one name it has.
    name_en: String,
    /// Whether it is a template, which cannot be changed.
    template: bool,
    /// Whether it can be given to staff and API clients.
    grantable: bool,
    /// What it may do.
    permissions: Vec<RolePermissionNode>,
}

fn rights(permissions: Vec<RolePermission>) -> Vec<RolePermissionNode> {
    let node = |right: RolePermission| RolePermissionNode {
        reach: Reach::read(&right.reach),
        limit: right.limit.map(|fen| Money::cny(Fen(fen))),
        permission: right.permission,
    };
    permissions.into_iter().map(node).collect()
}

impl From<CustomRole> for RoleNode {
    fn from(role: CustomRole) -> Self {
        Self {
            code: role.code,
            name_zh: role.name.clone(),
            name_en: role.name,
            template: false,
            grantable: true,
            permissions: rights(role.permissions),
        }
    }
}

fn templates() -> impl Iterator<Item = RoleNode> {
    role_templates().into_iter().zip(domain::NAMES).map(|(role, (_, zh, en))| RoleNode {
        name_zh: zh.to_owned(),
        name_en: en.to_owned(),
        template: true,
        grantable: domain::is_grantable(&role.code),
        code: role.code,
        permissions: rights(role.permissions),
    })
}

/// Somebody has a role in one estate or in the whole company.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Grant")]
pub struct GrantNode {
    /// Its id, `grt_…`.
    id: ID,
    /// Who, `usr_…`.
    user_id: ID,
    /// The role's code.
    role: String,
    /// The estate, `est_…`; none means every estate of the company.
    estate_id: Option<ID>,
    /// The buildings of a zone role, `bld_…`.
    building_ids: Vec<ID>,
    /// Since when.
    granted_at: DateTime<Utc>,
}

impl From<StoredGrant> for GrantNode {
    fn from(grant: StoredGrant) -> Self {
        let building = |id| BuildingId::from_uuid(id).to_string().into();
        Self {
            id: grant.id.to_string().into(),
            user_id: grant.user.to_string().into(),
            role: grant.role,
            estate_id: grant.estate.map(|estate| estate.to_string().into()),
            building_ids: grant.zone.into_iter().map(building).collect(),
            granted_at: grant.granted_at,
        }
    }
}

/// Whether somebody may do something, and why.
#[derive(SimpleObject)]
pub struct AccessExplanation {
    /// Whether they may.
    allowed: bool,
    /// The grants that give the right; reach and limit are those of their roles.
    grants: Vec<GrantNode>,
}

/// One right of a role to be.
#[derive(InputObject)]
pub struct RolePermissionInput {
    /// `resource.action`, e.g. `bill.read`.
    permission: String,
    /// Which objects it covers.
    reach: Reach,
    /// The largest amount it covers in yuan, e.g. `"1000.00"`; no limit without it.
    limit: Option<String>,
}

fn read_rights(rights: Vec<RolePermissionInput>) -> Result<Vec<RolePermission>> {
    let read = |right: RolePermissionInput| {
        let limit = right.limit.map(|text| parse::<Fen>(&text, "permissions")).transpose()?;
        Ok(RolePermission {
            permission: right.permission,
            reach: right.reach.word().to_owned(),
            limit: limit.map(|fen| fen.0),
        })
    };
    rights.into_iter().map(read).collect()
}

/// A role to be.
#[derive(InputObject)]
pub struct CreateRoleInput {
    /// Its code: 2 to 16 upper-case letters, digits, underscores.
    code: String,
    /// Its name.
    name: String,
    /// What it may do.
    permissions: Vec<RolePermissionInput>,
}

/// The role that was made.
#[derive(SimpleObject)]
pub struct CreateRolePayload {
    /// The role.
    role: RoleNode,
}

/// A role as it shall be.
#[derive(InputObject)]
pub struct UpdateRoleInput {
    /// Which of the company's own roles.
    code: String,
    /// Its name.
    name: String,
    /// What it may do, whole.
    permissions: Vec<RolePermissionInput>,
}

/// The role that was changed.
#[derive(SimpleObject)]
pub struct UpdateRolePayload {
    /// The role.
    role: RoleNode,
}

/// A role that shall go.
#[derive(InputObject)]
pub struct DeleteRoleInput {
    /// Which of the company's own roles.
    code: String,
}

/// The role that went.
#[derive(SimpleObject)]
pub struct DeleteRolePayload {
    /// Its code.
    code: String,
}

/// Who shall have which role where.
#[derive(InputObject)]
pub struct GrantRoleInput {
    /// Who, `usr_…`.
    user_id: ID,
    /// The role's code.
    role: String,
    /// The estate, `est_…`; without it every estate of the company.
    estate_id: Option<ID>,
    /// The buildings of a zone role, `bld_…`.
    #[graphql(default)]
    building_ids: Vec<ID>,
}

/// The grant that was given.
#[derive(SimpleObject)]
pub struct GrantRolePayload {
    /// The grant.
    grant: GrantNode,
}

/// Which grant shall end.
#[derive(InputObject)]
pub struct RevokeRoleInput {
    /// The grant, `grt_…`.
    grant_id: ID,
}

/// The grant that ended.
#[derive(SimpleObject)]
pub struct RevokeRolePayload {
    /// The grant.
    grant: GrantNode,
}

/// Queries on roles.
#[derive(Default)]
pub struct RoleQuery;

#[Object]
impl RoleQuery {
    /// The templates and the company's own roles.
    async fn roles(&self, ctx: &Context<'_>) -> Result<Option<Vec<RoleNode>>> {
        let caller = caller(ctx)?;
        caller.read_company(ROLE_READ).graphql()?;
        let scope = ctx.data::<Identity>()?.db.read(caller.tenant()).await.graphql()?;
        let own = Roles(&scope).all().await.graphql()?;
        Ok(Some(templates().chain(own.into_iter().map(Into::into)).collect()))
    }

    /// Whether somebody may do something somewhere, and which grants say so.
    async fn explain_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, `usr_…`.")] user_id: ID,
        #[graphql(desc = "`resource.action`, e.g. `bill.read`.")] permission: String,
        #[graphql(desc = "The estate, `est_…`; without it the company as a whole.")]
        estate_id: Option<ID>,
    ) -> Result<Option<AccessExplanation>> {
        let user = parse_id(&user_id, "userId")?;
        let estate = estate_id.map(|id| parse_id(&id, "estateId")).transpose()?;
        let (identity, caller) = (ctx.data::<Identity>()?, caller(ctx)?);
        let answer = explain(identity, caller, user, &permission, estate).await.graphql()?;
        let grants = answer.grants.into_iter().map(Into::into).collect();
        Ok(Some(AccessExplanation { allowed: answer.allowed, grants }))
    }
}

/// Mutations on roles.
#[derive(Default)]
pub struct RoleMutation;

#[Object]
impl RoleMutation {
    /// Make a role of the company's own.
    async fn create_role(
        &self,
        ctx: &Context<'_>,
        input: CreateRoleInput,
    ) -> Result<CreateRolePayload> {
        let permissions = read_rights(input.permissions)?;
        let role = CustomRole { code: input.code, name: input.name, permissions };
        let role = edit::create(ctx.data::<Identity>()?, caller(ctx)?, role).await.graphql()?;
        Ok(CreateRolePayload { role: role.into() })
    }

    /// Change a role of the company's own.
    async fn update_role(
        &self,
        ctx: &Context<'_>,
        input: UpdateRoleInput,
    ) -> Result<UpdateRolePayload> {
        let permissions = read_rights(input.permissions)?;
        let role = CustomRole { code: input.code, name: input.name, permissions };
        let role = edit::update(ctx.data::<Identity>()?, caller(ctx)?, role).await.graphql()?;
        Ok(UpdateRolePayload { role: role.into() })
    }

    /// Delete a role of the company's own that nobody has.
    async fn delete_role(
        &self,
        ctx: &Context<'_>,
        input: DeleteRoleInput,
    ) -> Result<DeleteRolePayload> {
        edit::delete(ctx.data::<Identity>()?, caller(ctx)?, &input.code).await.graphql()?;
        Ok(DeleteRolePayload { code: input.code })
    }

    /// Give a member of staff a role, in one estate or in all; nobody gives themselves one.
    async fn grant_role(
        &self,
        ctx: &Context<'_>,
        input: GrantRoleInput,
    ) -> Result<GrantRolePayload> {
        let building = |id: &ID| parse_id::<BuildingId>(id, "buildingIds").map(BuildingId::as_uuid);
        let cmd = GiveRole {
            user: parse_id(&input.user_id, "userId")?,
            role: input.role,
            estate: input.estate_id.map(|id| parse_id(&id, "estateId")).transpose()?,
            zone: input.building_ids.iter().map(building).collect::<Result<_>>()?,
        };
        let grant = grant(ctx.data::<Identity>()?, caller(ctx)?, cmd).await.graphql()?;
        Ok(GrantRolePayload { grant: grant.into() })
    }

    /// Take a role back; it is refused everywhere within a second.
    async fn revoke_role(
        &self,
        ctx: &Context<'_>,
        input: RevokeRoleInput,
    ) -> Result<RevokeRolePayload> {
        let id: GrantId = parse_id(&input.grant_id, "grantId")?;
        let grant = revoke(ctx.data::<Identity>()?, caller(ctx)?, id).await.graphql()?;
        Ok(RevokeRolePayload { grant: grant.into() })
    }
}
