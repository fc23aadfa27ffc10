//! Attachments in the graph.

use super::{
    Attachment, AttachmentId, FileState, Parent, Stage,
    attach::{Attach, attach, remove},
    domain::{File, Kind},
    listing::{one, page},
};
use crate::{
    Refused,
    graphql::{Colleague, State},
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, UserId};
use chrono::{DateTime, Utc};
use contracts::FileId;
use db::{IdempotencyKey, TenantScope};
use files::FileStore;
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id, to_graphql};

/// When a photo was taken, as far as the work is concerned.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Stage")]
pub enum AttachmentStage {
    /// Before the work.
    Before,
    /// After the work.
    After,
    /// Neither.
    Other,
}

/// Whether a file may be handed out.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "FileState")]
pub enum AttachmentState {
    /// It is not scanned for viruses yet.
    Pending,
    /// It may.
    Ready,
    /// A virus was found; it never is.
    Infected,
}

/// The kind of a file, by its content.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Kind")]
pub enum AttachmentKind {
    /// A photo.
    Jpeg,
    /// A picture.
    Png,
    /// A photo or picture.
    Webp,
    /// A document.
    Pdf,
    /// A workbook.
    Xlsx,
    /// Text with separators.
    Csv,
}

/// A file attached to something (附件).
#[derive(SimpleObject)]
#[graphql(name = "Attachment")]
pub struct AttachmentNode {
    #[graphql(skip)]
    key: AttachmentId,
    /// Its id, `att_…`.
    id: ID,
    /// What it is attached to, e.g. `cnt_…`.
    parent_id: ID,
    /// What the file is called.
    name: String,
    /// What it is, by its content.
    kind: AttachmentKind,
    /// Its size in bytes.
    size: i32,
    /// Whether it may be handed out.
    state: AttachmentState,
    /// What it shows.
    caption: Option<String>,
    /// When it was taken.
    stage: AttachmentStage,
    /// Whether only staff see it.
    internal: bool,
    /// Where to fetch it, good for ten minutes; nothing while it may not be handed out.
    link: Option<String>,
    /// Where to fetch a small picture of it, good for ten minutes; nothing before it is made.
    thumbnail_link: Option<String>,
    /// Who of the staff attached it, or oneself; other residents are not named.
    attached_by: Option<Colleague>,
    /// When.
    attached_at: DateTime<Utc>,
    /// When it was taken away.
    removed_at: Option<DateTime<Utc>>,
    /// Who took it away.
    removed_by: Option<Colleague>,
    /// Why it was taken away.
    removal_reason: Option<String>,
}

impl AttachmentNode {
    async fn load(
        (scope, caller): (&TenantScope, &Caller),
        store: &FileStore,
        found: Vec<(Attachment, File)>,
    ) -> Result<Vec<Self>, Refused> {
        let users = found.iter().flat_map(|(one, _)| {
            let remover = one.removed.as_ref().map(|removal| removal.by);
            remover.into_iter().chain([one.attached_by]).map(UserId::as_uuid)
        });
        let staff = places::staff::by_id(scope, users).await?;
        // The account of a resident would tell whose an anonymous complaint is.
        let named = |user: UserId| {
            let known = staff.contains_key(&user.as_uuid()) || user == caller.user();
            known.then(|| Colleague::new(user, &staff))
        };
        let link = |file: FileId, name: &str| {
            store.download_link("service-desk", scope.tenant(), file, name)
        };
        let node = |(one, file): (Attachment, File)| {
            let there = one.removed.is_none() && file.state == FileState::Ready;
            let small = |id| link(id, &format!("{}.thumbnail.jpg", file.name));
            Self {
                key: one.id,
                id: one.id.to_string().into(),
                parent_id: one.parent.to_string().into(),
                kind: file.kind.into(),
                size: i32::try_from(file.size).unwrap_or(i32::MAX),
                state: file.state.into(),
                caption: one.caption,
                stage: one.stage.into(),
                internal: one.internal,
                link: there.then(|| link(file.id, &file.name)),
                thumbnail_link: file.thumbnail.filter(|_| there).map(small),
                name: file.name,
                attached_by: named(one.attached_by),
                attached_at: one.attached_at,
                removed_at: one.removed.as_ref().map(|removal| removal.at),
                removed_by: one.removed.as_ref().and_then(|removal| named(removal.by)),
                removal_reason: one.removed.map(|removal| removal.reason),
            }
        };
        Ok(found.into_iter().map(node).collect())
    }
}

/// What is attached, and to what.
#[derive(InputObject)]
pub struct AttachInput {
    /// To what, e.g. `cnt_…`.
    parent_id: ID,
    /// The file as the upload named it, `fil_…`; one's own, and not attached yet.
    file_id: ID,
    /// What it shows, at most 200 characters.
    caption: Option<String>,
    /// When it was taken.
    #[graphql(default_with = "AttachmentStage::Other")]
    stage: AttachmentStage,
    /// Whether only staff see it; for who is one of them.
    #[graphql(default)]
    internal: bool,
    /// Makes a repeat harmless; 8 to 255 printable characters.
    idempotency_key: String,
}

/// What is taken away, and why.
#[derive(InputObject)]
pub struct RemoveAttachmentInput {
    /// The attachment, `att_…`.
    attachment_id: ID,
    /// Why, 2 to 500 characters.
    reason: String,
}

/// The attachment after an act.
#[derive(SimpleObject)]
pub struct AttachmentPayload {
    /// The attachment.
    attachment: AttachmentNode,
}

/// Queries on attachments.
#[derive(Default)]
pub struct AttachmentQuery;

#[Object]
impl AttachmentQuery {
    /// What is attached to something, and what was and was taken away, in the order in which it was
    /// attached.
    async fn attachments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To what, e.g. `cnt_…`")] parent_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, AttachmentNode>>> {
        let args = PageArgs::new(first, after)?;
        let parent: Parent = parent_id.as_str().parse().map_err(to_graphql)?;
        let (scope, found) = page(ctx.data()?, caller(ctx)?, parent, &args).await.graphql()?;
        let store = &ctx.data::<State>()?.files;
        let nodes = AttachmentNode::load((&scope, caller(ctx)?), store, found).await.graphql()?;
        let key = |node: &AttachmentNode| node.key.to_string();
        Ok(Some(connection(&args, nodes, key, |node| node)))
    }
}

/// Mutations on attachments.
#[derive(Default)]
pub struct AttachmentMutation;

#[Object]
impl AttachmentMutation {
    /// Attach an uploaded file: `POST /files/service-desk` as a form with the part `file`, then name
    /// the id that it answered here.
    async fn attach(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and to what")] input: AttachInput,
    ) -> Result<AttachmentPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().map_err(to_graphql)?;
        let command = Attach {
            parent: input.parent_id.as_str().parse().map_err(to_graphql)?,
            file: parse_id(&input.file_id, "fileId")?,
            caption: input.caption,
            stage: input.stage.into(),
            internal: input.internal,
        };
        let id = attach(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Take an attachment away; that it was there stays to be seen.
    async fn remove_attachment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why")] input: RemoveAttachmentInput,
    ) -> Result<AttachmentPayload> {
        let id = parse_id(&input.attachment_id, "attachmentId")?;
        remove(ctx.data()?, caller(ctx)?, id, &input.reason).await.graphql()?;
        payload(ctx, id).await
    }
}

async fn payload(ctx: &Context<'_>, id: AttachmentId) -> Result<AttachmentPayload> {
    let (scope, found) = one(ctx.data()?, caller(ctx)?, id).await.graphql()?;
    let store = &ctx.data::<State>()?.files;
    let mut nodes = AttachmentNode::load((&scope, caller(ctx)?), store, found).await.graphql()?;
    let attachment = nodes.pop().ok_or(Refused::not_found()).graphql()?;
    Ok(AttachmentPayload { attachment })
}
