//! Texts and their check in the graph.

use super::{
    Template, Wording,
    domain::MAX_TEXT,
    page as rows,
    set::{SetTemplate, set},
    unlawful::{Law, unlawful},
};
use crate::{
    dunning::{
        DUNNING_POLICY_READ,
        graphql::{StepWord, place, staff},
    },
    ids::DunningTemplateId,
};
use ::graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, language, parse_id};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use chrono::{DateTime, Utc};
use errors::{Invalid, expected};
use ids::EstateId;

/// The law that forbids a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "CollectionLaw", remote = "Law")]
pub(crate) enum LawWord {
    /// Civil Code 944: supplies are no means of pressure.
    Supplies,
    /// Nobody is kept from their home.
    Home,
    /// Personal information: no public lists.
    PublicLists,
    /// A company has no power to punish.
    Fines,
    /// Personal information: no third party is told.
    ThirdParties,
}

/// An unlawful step in a text.
#[derive(SimpleObject)]
#[graphql(name = "UnlawfulPhrase")]
pub(crate) struct FindingNode {
    /// The words.
    phrase: String,
    /// What forbids it.
    law: LawWord,
    /// What forbids it, in the caller's language.
    words: String,
}

/// What a check of a text found.
#[derive(SimpleObject)]
pub(crate) struct CollectionTextCheck {
    /// Whether it names no unlawful step.
    lawful: bool,
    /// Those it names.
    phrases: Vec<FindingNode>,
}

/// One version of what is written or said in a step (催缴文本).
#[derive(SimpleObject)]
#[graphql(name = "DunningTemplate")]
pub(crate) struct TemplateNode {
    #[graphql(skip)]
    template: DunningTemplateId,
    /// Its id, `dtm_…`.
    id: ID,
    /// The step.
    step: StepWord,
    /// The version, from 1 on; the newest is used.
    version: i32,
    /// In Chinese.
    text_zh: String,
    /// In English.
    text_en: String,
    /// Who set it.
    set_by_id: ID,
    /// When.
    set_at: DateTime<Utc>,
}

impl From<Template> for TemplateNode {
    fn from(it: Template) -> Self {
        Self {
            template: it.id,
            id: it.id.to_string().into(),
            step: it.step.into(),
            version: it.version,
            text_zh: it.wording.zh,
            text_en: it.wording.en,
            set_by_id: it.made_by.to_string().into(),
            set_at: it.made_at,
        }
    }
}

/// The texts of an estate.
pub(crate) struct EstateTemplates(pub EstateId);

#[Object]
impl EstateTemplates {
    /// The texts that were set for the estate, every version, newest first. A step without one has
    /// the product's.
    async fn dunning_templates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, TemplateNode>>> {
        let page = PageArgs::new(first, after)?;
        let of = staff(ctx.data()?, caller(ctx)?, self.0, DUNNING_POLICY_READ).await;
        let (scope, ..) = of.graphql()?;
        let (before, limit) = place(&page)?;
        let found = rows(&scope, self.0, before, limit).await.graphql()?;
        let nodes: Vec<TemplateNode> = found.into_iter().map(Into::into).collect();
        let key = |node: &TemplateNode| node.template.as_uuid().simple().to_string();
        Ok(Some(connection(&page, nodes, key, |node| node)))
    }
}

/// Queries on texts.
#[derive(Default)]
pub(crate) struct TemplateQuery;

#[Object]
impl TemplateQuery {
    /// Every unlawful step that a text names, e.g. one of a work manual that is taken over. Nothing
    /// is kept.
    async fn check_collection_text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate it is for, `est_…`")] estate_id: ID,
        #[graphql(desc = "The text, in Chinese or English; up to 20,000 characters")] text: String,
    ) -> Result<Option<CollectionTextCheck>> {
        let estate = parse_id::<EstateId>(&estate_id, "estateId")?;
        staff(ctx.data()?, caller(ctx)?, estate, DUNNING_POLICY_READ).await.graphql()?;
        if text.chars().count() > 10 * MAX_TEXT {
            return Err(Invalid::new("text", expected::length(0, 10 * MAX_TEXT))).graphql();
        }
        let found = unlawful(&text).into_iter().map(|it| FindingNode {
            phrase: it.phrase,
            law: it.law.into(),
            words: it.law.text().say(language(ctx)),
        });
        let phrases: Vec<FindingNode> = found.collect();
        Ok(Some(CollectionTextCheck { lawful: phrases.is_empty(), phrases }))
    }
}

/// A text to set.
#[derive(InputObject)]
pub(crate) struct SetDunningTemplateInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The step.
    step: StepWord,
    /// In Chinese, with `{estate}`, `{unit}`, `{name}`, `{debt}`, `{due}` and `{payBy}` where they
    /// belong; 1 to 2,000 characters.
    text_zh: String,
    /// The same in English.
    text_en: String,
}

/// The text after it was set.
#[derive(SimpleObject)]
pub(crate) struct DunningTemplatePayload {
    /// The text.
    dunning_template: TemplateNode,
}

/// Changes of texts.
#[derive(Default)]
pub(crate) struct TemplateMutation;

#[Object]
impl TemplateMutation {
    /// Set a new version of a step's text. One that names an unlawful step is refused with the law.
    async fn set_dunning_template(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is set")] input: SetDunningTemplateInput,
    ) -> Result<DunningTemplatePayload> {
        let command = SetTemplate {
            estate: parse_id(&input.estate_id, "estateId")?,
            step: input.step.into(),
            wording: Wording { zh: input.text_zh, en: input.text_en },
        };
        let template = set(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        Ok(DunningTemplatePayload { dunning_template: template.into() })
    }
}
