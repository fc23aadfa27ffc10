//! Exports in the graph.

use super::export_roster;
use crate::State;
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use graphql::{GraphqlResultExt as _, caller, parse_id};
use sheets::Language;

/// The language of headers and notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "FileLanguage", remote = "Language")]
pub enum LanguageNode {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// A roster to export.
#[derive(Debug, InputObject)]
pub struct ExportRosterInput {
    /// The estate.
    estate_id: ID,
    /// The language of headers; Chinese unless said otherwise.
    language: Option<LanguageNode>,
}

/// The file.
#[derive(Debug, SimpleObject)]
pub struct ExportRosterPayload {
    /// The file.
    file_id: ID,
    /// Path and query to fetch it by, good for ten minutes.
    link: String,
}

/// Acts that export.
#[derive(Default)]
pub struct ExportMutation;

#[Object]
impl ExportMutation {
    /// Write an estate's structure, people and parking to a file that can be imported again. It
    /// holds personal data in the clear; who exported it is kept.
    async fn export_roster(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which estate.")] input: ExportRosterInput,
    ) -> Result<ExportRosterPayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let language = input.language.map_or(Language::Zh, Language::from);
        let state = ctx.data::<State>()?;
        let made = export_roster(ctx.data()?, state, caller(ctx)?, estate, language).await;
        let made = made.graphql()?;
        Ok(ExportRosterPayload { file_id: made.file.to_string().into(), link: made.link })
    }
}
