//! Acts on contacts.

use super::{
    Contact,
    domain::Suggestion,
    graphql::{after_act, node},
    handle::{self, Of},
    link::link,
    log::{LogContact, log},
    nodes_graphql::{ContactChannel, ContactClass, ContactDirection, ContactNode, ContactUrgency},
    reveal::reveal,
};
use crate::graphql::State;
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use db::{Db, IdempotencyKey};
use graphql::{GraphqlResultExt as _, caller, parse_id, to_graphql};

/// Somebody turned to the estate, or the estate to somebody.
#[derive(InputObject)]
pub struct LogContactInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// By which way; residents send `APP`, staff record the others.
    channel: ContactChannel,
    /// Who turned to whom.
    #[graphql(default_with = "ContactDirection::Inbound")]
    direction: ContactDirection,
    /// When it was; now when left out.
    at: Option<DateTime<Utc>>,
    /// The unit it is about, `unt_…`.
    unit_id: Option<ID>,
    /// Who it was, `per_…`; a resident is themself.
    person_id: Option<ID>,
    /// What the caller said they are called, at most 60 characters.
    caller_name: Option<String>,
    /// The caller's phone, 3 to 20 digits.
    phone: Option<String>,
    /// What was said, at most 2000 characters.
    summary: String,
    /// What it is about.
    class: ContactClass,
    /// How soon it wants an answer.
    #[graphql(default_with = "ContactUrgency::Normal")]
    urgency: ContactUrgency,
    /// The answer, where the desk gave it at once; at most 2000 characters.
    answer: Option<String>,
    /// Makes a repeat harmless; 8 to 255 printable characters.
    idempotency_key: String,
}

/// What a contact is about after all.
#[derive(InputObject)]
pub struct ClassifyContactInput {
    /// The contact, `cnt_…`.
    contact_id: ID,
    /// What it is about.
    class: ContactClass,
    /// How soon it wants an answer.
    urgency: ContactUrgency,
    /// The version that was seen.
    expected_version: i32,
}

/// Who it was after all, and about which unit.
#[derive(InputObject)]
pub struct LinkContactInput {
    /// The contact, `cnt_…`.
    contact_id: ID,
    /// Who it was, `per_…`; stays when left out.
    person_id: Option<ID>,
    /// The unit it is about, `unt_…`; stays when left out.
    unit_id: Option<ID>,
    /// The version that was seen.
    expected_version: i32,
}

/// The answer to a contact.
#[derive(InputObject)]
pub struct AnswerContactInput {
    /// The contact, `cnt_…`.
    contact_id: ID,
    /// The answer, at most 2000 characters.
    answer: String,
    /// The version that was seen.
    expected_version: i32,
}

/// What is decided about a suggestion.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum SuggestionDecision {
    /// It is done.
    Adopted,
    /// It is not done, and why is explained.
    Explained,
}

/// The decision about a suggestion.
#[derive(InputObject)]
pub struct DecideSuggestionInput {
    /// The contact that is a suggestion, `cnt_…`.
    contact_id: ID,
    /// What is decided.
    decision: SuggestionDecision,
    /// What the person is told, at most 2000 characters.
    reply: String,
    /// The version that was seen.
    expected_version: i32,
}

/// To whom a contact is handed over.
#[derive(InputObject)]
pub struct HandOverContactInput {
    /// The contact, `cnt_…`.
    contact_id: ID,
    /// The colleague, `usr_…`.
    to_staff_id: ID,
    /// The version that was seen.
    expected_version: i32,
}

/// A contact to be taken.
#[derive(InputObject)]
pub struct AcceptContactInput {
    /// The contact, `cnt_…`.
    contact_id: ID,
    /// The version that was seen.
    expected_version: i32,
}

/// Whose phone is to be shown, and why.
#[derive(InputObject)]
pub struct RevealContactPhoneInput {
    /// The contact, `cnt_…`.
    contact_id: ID,
    /// Why, 2 to 500 characters; kept in the audit log.
    reason: String,
}

/// The contact after an act.
#[derive(SimpleObject)]
pub struct ContactPayload {
    /// The contact.
    contact: ContactNode,
}

/// A phone that was shown.
#[derive(SimpleObject)]
pub struct RevealContactPhonePayload {
    /// The phone as it was given; nothing when none was.
    phone: Option<String>,
}

/// Mutations on contacts.
#[derive(Default)]
pub struct ContactMutation;

#[Object]
impl ContactMutation {
    /// Record a call, visit, letter or message. Who records it was asked first and sees to it.
    async fn log_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What happened")] input: LogContactInput,
    ) -> Result<ContactPayload> {
        let (db, who) = (ctx.data::<Db>()?, caller(ctx)?);
        let key: IdempotencyKey = input.idempotency_key.parse().map_err(to_graphql)?;
        let command = LogContact {
            estate: parse_id(&input.estate_id, "estateId")?,
            channel: input.channel.into(),
            direction: input.direction.into(),
            at: input.at,
            unit: input.unit_id.map(|id| parse_id(&id, "unitId")).transpose()?,
            person: input.person_id.map(|id| parse_id(&id, "personId")).transpose()?,
            caller_name: input.caller_name,
            phone: input.phone,
            summary: input.summary,
            class: input.class.into(),
            urgency: input.urgency.into(),
            answer: input.answer,
        };
        let keys = &ctx.data::<State>()?.keys;
        let id = log(db, keys, who, command, &key).await.graphql()?;
        Ok(ContactPayload { contact: after_act(db, who, id).await.graphql()? })
    }

    /// Say what a contact is about after all.
    async fn classify_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is about")] input: ClassifyContactInput,
    ) -> Result<ContactPayload> {
        let of = of(&input.contact_id, input.expected_version)?;
        let into = (input.class.into(), input.urgency.into());
        payload(ctx, handle::classify(ctx.data()?, caller(ctx)?, of, into).await.graphql()?).await
    }

    /// Say who it was after all, or about which unit.
    async fn link_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and about what")] input: LinkContactInput,
    ) -> Result<ContactPayload> {
        let of = of(&input.contact_id, input.expected_version)?;
        let person = input.person_id.map(|id| parse_id(&id, "personId")).transpose()?;
        let unit = input.unit_id.map(|id| parse_id(&id, "unitId")).transpose()?;
        payload(ctx, link(ctx.data()?, caller(ctx)?, of, (person, unit)).await.graphql()?).await
    }

    /// Answer a contact.
    async fn answer_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer")] input: AnswerContactInput,
    ) -> Result<ContactPayload> {
        let of = of(&input.contact_id, input.expected_version)?;
        let done = handle::answer(ctx.data()?, caller(ctx)?, of, &input.answer).await;
        payload(ctx, done.graphql()?).await
    }

    /// Adopt a suggestion, or explain why not.
    async fn decide_suggestion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision")] input: DecideSuggestionInput,
    ) -> Result<ContactPayload> {
        let of = of(&input.contact_id, input.expected_version)?;
        let decision = match input.decision {
            SuggestionDecision::Adopted => Suggestion::Adopted,
            SuggestionDecision::Explained => Suggestion::Explained,
        };
        let done = handle::decide(ctx.data()?, caller(ctx)?, of, (decision, &input.reply)).await;
        payload(ctx, done.graphql()?).await
    }

    /// Hand a contact over to a colleague, who must accept it; until then it stays whose it is.
    async fn hand_over_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom")] input: HandOverContactInput,
    ) -> Result<ContactPayload> {
        let of = of(&input.contact_id, input.expected_version)?;
        let to = parse_id(&input.to_staff_id, "toStaffId")?;
        payload(ctx, handle::hand_over(ctx.data()?, caller(ctx)?, of, to).await.graphql()?).await
    }

    /// Accept a contact that was handed over, or take what a resident sent.
    async fn accept_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which")] input: AcceptContactInput,
    ) -> Result<ContactPayload> {
        let of = of(&input.contact_id, input.expected_version)?;
        payload(ctx, handle::accept(ctx.data()?, caller(ctx)?, of).await.graphql()?).await
    }

    /// Show the caller's phone whole, e.g. to call back; who saw it and why is kept.
    async fn reveal_contact_phone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and why")] input: RevealContactPhoneInput,
    ) -> Result<RevealContactPhonePayload> {
        let keys = &ctx.data::<State>()?.keys;
        let id = parse_id(&input.contact_id, "contactId")?;
        let shown = reveal(ctx.data()?, keys, caller(ctx)?, id, &input.reason).await;
        Ok(RevealContactPhonePayload { phone: shown.graphql()? })
    }
}

fn of(id: &ID, version: i32) -> Result<Of> {
    Ok(Of { contact: parse_id(id, "contactId")?, version })
}

async fn payload(ctx: &Context<'_>, contact: Contact) -> Result<ContactPayload> {
    Ok(ContactPayload { contact: node(ctx.data()?, caller(ctx)?, contact).await.graphql()? })
}
