//! Templates in the graph.

use super::{
    domain::{Template, Used},
    repo,
    save::{SaveTemplate, preview, save, seen},
};
use crate::{
    Refused,
    graphql::Colleague,
    messages::{
        graphql::{BilingualText, BilingualTextInput, MessageKindWord},
        say,
    },
};
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Caller;
use chrono::{DateTime, Utc};
use db::{Db, TenantScope};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use ids::EstateId;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A template of messages.
#[derive(SimpleObject)]
#[graphql(name = "MessageTemplate")]
pub struct TemplateNode {
    /// The estate that has it, `est_…`; none when it is the company's.
    estate_id: Option<ID>,
    /// Its code, unique there.
    code: String,
    /// Its version; give it back when changing it.
    version: i32,
    /// What its messages are about.
    kind: MessageKindWord,
    /// The title, with placeholders such as `{{day}}`.
    title: BilingualText,
    /// The body, with placeholders.
    body: BilingualText,
    /// The placeholders that must be filled in.
    placeholders: Vec<String>,
    /// Who saved the version.
    saved_by: Colleague,
    /// When.
    saved_at: DateTime<Utc>,
}

impl TemplateNode {
    async fn load(scope: &TenantScope, all: Vec<Template>) -> Result<Vec<Self>, Refused> {
        let users = all.iter().map(|it| it.saved_by.as_uuid());
        let known = places::staff::by_id(scope, users).await?;
        let node = |it: Template| Self {
            placeholders: it.placeholders().into_iter().collect(),
            estate_id: it.estate.map(|estate| estate.to_string().into()),
            code: it.code,
            version: it.version,
            kind: it.kind.into(),
            title: it.title.into(),
            body: it.body.into(),
            saved_by: Colleague::new(it.saved_by, &known),
            saved_at: it.saved_at,
        };
        Ok(all.into_iter().map(node).collect())
    }
}

/// The words of a message.
#[derive(SimpleObject)]
pub struct MessageWords {
    /// The title.
    title: BilingualText,
    /// The body.
    body: BilingualText,
}

/// A template's next version.
#[derive(InputObject)]
pub struct SaveMessageTemplateInput {
    /// The estate, `est_…`; the company when left out.
    estate_id: Option<ID>,
    /// Its code: 2 to 32 upper-case letters, digits or underscores.
    code: String,
    /// What its messages are about.
    kind: MessageKindWord,
    /// The title, at most 100 characters.
    title: BilingualTextInput,
    /// The body, at most 5,000 characters.
    body: BilingualTextInput,
    /// The version that was read; 0 for a new template.
    expected_version: i32,
}

/// What a placeholder is filled with.
#[derive(InputObject)]
pub struct TemplateValueInput {
    /// The placeholder, without braces.
    name: String,
    /// What stands in its place.
    value: String,
}

/// A template after an act.
#[derive(SimpleObject)]
pub struct MessageTemplatePayload {
    /// The template.
    message_template: TemplateNode,
}

/// Queries on templates.
#[derive(Default)]
pub struct TemplateQuery;

#[Object]
impl TemplateQuery {
    /// The templates of the company and, if one is named, of an estate, by code.
    async fn message_templates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`; only the company's when left out")]
        estate_id: Option<ID>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, TemplateNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = estate_id.map(|id| parse_id(&id, "estateId")).transpose()?;
        let found = listed(ctx.data()?, caller(ctx)?, estate, &page).await.graphql()?;
        let key = |(owner, node): &(Uuid, TemplateNode)| format!("{}/{owner}", node.code);
        Ok(Some(connection(&page, found, key, |(_, node)| node)))
    }

    /// A template with its placeholders filled in; an estate's own goes before the company's.
    async fn preview_message_template(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`; only the company's when left out")]
        estate_id: Option<ID>,
        #[graphql(desc = "The code")] code: String,
        #[graphql(desc = "What the placeholders are filled with")] values: Vec<TemplateValueInput>,
    ) -> Result<Option<MessageWords>> {
        let caller = caller(ctx)?;
        let estate = estate_id.map(|id| parse_id(&id, "estateId")).transpose()?;
        let values = checked_values(values).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let filled = preview(&scope, caller, (estate, code.trim()), &values).await.graphql()?;
        Ok(Some(MessageWords { title: filled.0.into(), body: filled.1.into() }))
    }
}

/// A template by which a message is written.
#[derive(InputObject)]
pub struct UseTemplateInput {
    /// Its code; the estate's own goes before the company's.
    code: String,
    /// What the placeholders are filled with.
    #[graphql(default)]
    values: Vec<TemplateValueInput>,
}

impl UseTemplateInput {
    /// Which template, and with what.
    ///
    /// # Errors
    /// When a value is given twice or too long.
    pub(crate) fn read(self) -> Result<Used, Refused> {
        let code = self.code.trim().to_owned();
        Ok(Used { code, version: 0, values: checked_values(self.values)? })
    }
}

fn checked_values(values: Vec<TemplateValueInput>) -> Result<BTreeMap<String, String>, Refused> {
    let mut all = BTreeMap::new();
    for it in values {
        let value = errors::input::lines("values", &it.value, 500)?;
        if all.insert(it.name.clone(), value).is_some() {
            return Err(Refused::invalid("values", say::value_twice(it.name)));
        }
    }
    Ok(all)
}

async fn listed(
    db: &Db,
    caller: &Caller,
    estate: Option<EstateId>,
    page: &PageArgs,
) -> Result<Vec<(Uuid, TemplateNode)>, Refused> {
    seen(caller, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let after = page.after.as_ref().and_then(|cursor| {
        let (code, owner) = cursor.0.split_once('/')?;
        Some((code.to_owned(), Uuid::try_parse(owner).ok()?))
    });
    let found = repo::page(&scope, estate, after, page.limit()).await?;
    let (owners, found): (Vec<Uuid>, Vec<Template>) = found.into_iter().unzip();
    Ok(owners.into_iter().zip(TemplateNode::load(&scope, found).await?).collect())
}

/// Mutations on templates.
#[derive(Default)]
pub struct TemplateMutation;

#[Object]
impl TemplateMutation {
    /// Save a template's next version.
    async fn save_message_template(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version")] input: SaveMessageTemplateInput,
    ) -> Result<MessageTemplatePayload> {
        let command = SaveTemplate {
            estate: input.estate_id.map(|id| parse_id(&id, "estateId")).transpose()?,
            code: input.code,
            kind: input.kind.into(),
            title: input.title.into(),
            body: input.body.into(),
            expected: input.expected_version,
        };
        let saved = save(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
        let mut nodes = TemplateNode::load(&scope, vec![saved]).await.graphql()?;
        Ok(MessageTemplatePayload { message_template: nodes.remove(0) })
    }
}
