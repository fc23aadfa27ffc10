//! Scripts in the graph.

use super::{
    Script,
    save::{SaveScript, current, save, versions},
};
use crate::{Refused, contacts::nodes_graphql::ContactClass, graphql::Colleague};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};

/// Whose words a script is in.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum ContactScriptOrigin {
    /// The estate's.
    Estate,
    /// The company's.
    Company,
    /// Those that come with the service.
    BuiltIn,
}

/// What the desk says by the kind of a contact (话术).
#[derive(SimpleObject)]
#[graphql(name = "ContactScript")]
pub struct ScriptNode {
    /// For this kind of contact.
    class: ContactClass,
    /// Whose words they are.
    origin: ContactScriptOrigin,
    /// Counts the versions of the estate or of the company; 0 is built in.
    version: i32,
    /// In Chinese.
    zh: String,
    /// In English.
    en: String,
    /// Who saved it.
    saved_by: Option<Colleague>,
    /// When it was saved.
    saved_at: Option<DateTime<Utc>>,
}

impl ScriptNode {
    async fn load(scope: &TenantScope, scripts: Vec<Script>) -> Result<Vec<Self>, Refused> {
        let users = scripts.iter().filter_map(|script| script.saved).map(|(by, _)| by.as_uuid());
        let staff = places::staff::by_id(scope, users).await?;
        let node = |script: Script| Self {
            class: script.class.into(),
            origin: match (script.estate, script.saved) {
                (Some(_), _) => ContactScriptOrigin::Estate,
                (None, Some(_)) => ContactScriptOrigin::Company,
                (None, None) => ContactScriptOrigin::BuiltIn,
            },
            version: script.version,
            zh: script.zh,
            en: script.en,
            saved_by: script.saved.map(|(by, _)| Colleague::new(by, &staff)),
            saved_at: script.saved.map(|(_, at)| at),
        };
        Ok(scripts.into_iter().map(node).collect())
    }
}

/// What the desk says from now on.
#[derive(InputObject)]
pub struct SaveContactScriptInput {
    /// For this estate, `est_…`; when left out for all of the company that have no own text.
    estate_id: Option<ID>,
    /// For this kind of contact.
    class: ContactClass,
    /// In Chinese, at most 2000 characters.
    zh: String,
    /// In English, at most 2000 characters.
    en: String,
    /// The newest version of the same estate or of the company that was seen; 0 when there is none.
    expected_version: i32,
}

/// The script after an act.
#[derive(SimpleObject)]
pub struct ContactScriptPayload {
    /// The script.
    script: ScriptNode,
}

/// Queries on scripts.
#[derive(Default)]
pub struct ScriptQuery;

#[Object]
impl ScriptQuery {
    /// What the desk of an estate says today: the estate's text, else the company's, else the one
    /// that is built in.
    async fn contact_script(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "For this kind of contact")] class: ContactClass,
    ) -> Result<Option<ScriptNode>> {
        let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
        let estate = parse_id(&estate_id, "estateId")?;
        let script = current(db, who, estate, class.into()).await.graphql()?;
        let scope = db.read(who.tenant()).await.graphql()?;
        Ok(ScriptNode::load(&scope, vec![script]).await.graphql()?.pop())
    }

    /// The versions of an estate's own text, or of the company's, newest first.
    async fn contact_script_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "For this kind of contact")] class: ContactClass,
        #[graphql(desc = "Those of the company instead of the estate's own", default)]
        company: bool,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ScriptNode>>> {
        let page = PageArgs::new(first, after)?;
        let of = (parse_id(&estate_id, "estateId")?, company, class.into());
        let (scope, found) = versions(ctx.data()?, caller(ctx)?, of, &page).await.graphql()?;
        let nodes = ScriptNode::load(&scope, found).await.graphql()?;
        let key = |node: &ScriptNode| node.version.to_string();
        Ok(Some(connection(&page, nodes, key, |node| node)))
    }
}

/// Mutations on scripts.
#[derive(Default)]
pub struct ScriptMutation;

#[Object]
impl ScriptMutation {
    /// Say what the desk says from now on; earlier versions are kept.
    async fn save_contact_script(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the desk says")] input: SaveContactScriptInput,
    ) -> Result<ContactScriptPayload> {
        let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
        let command = SaveScript {
            estate: input.estate_id.map(|id| parse_id(&id, "estateId")).transpose()?,
            class: input.class.into(),
            zh: input.zh,
            en: input.en,
            version: input.expected_version,
        };
        let saved = save(db, who, command).await.graphql()?;
        let scope = db.read(who.tenant()).await.graphql()?;
        let script = ScriptNode::load(&scope, vec![saved]).await.graphql()?.pop();
        Ok(ContactScriptPayload { script: script.ok_or(Refused::not_found()).graphql()? })
    }
}
