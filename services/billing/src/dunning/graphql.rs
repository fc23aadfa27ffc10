//! Dunning in the graph: the merged roots, the words that several features use, and what an estate
//! shows.

use super::{
    DUNNING_READ, actions::graphql as actions, cases::graphql as cases, domain,
    figures::graphql::EstateFigures, ladder::graphql as ladder, limitation::graphql as limitation,
    pauses::graphql as pauses, referrals::graphql as referrals, templates::graphql as templates,
};
use crate::{
    error::Refused,
    estates::{self, Estate},
};
use ::graphql::PageArgs;
use async_graphql::{Enum, MergedObject, Result};
use authz::{Caller, Denied, EstateScope, Permission};
use db::{Db, TenantScope};
use ids::EstateId;
use uuid::Uuid;

/// Queries on dunning.
#[derive(MergedObject, Default)]
pub(crate) struct DunningQuery(
    cases::CaseQuery,
    actions::ActionQuery,
    pauses::PauseQuery,
    limitation::LimitationQuery,
    referrals::ReferralQuery,
    templates::TemplateQuery,
);

/// Mutations on dunning.
#[derive(MergedObject, Default)]
pub(crate) struct DunningMutation(
    cases::CaseMutation,
    actions::ActionMutation,
    pauses::PauseMutation,
    referrals::ReferralMutation,
    ladder::LadderMutation,
    templates::TemplateMutation,
);

/// The dunning of an estate.
#[derive(MergedObject)]
pub(crate) struct EstateDunning(ladder::EstateLadder, templates::EstateTemplates, EstateFigures);

impl From<EstateId> for EstateDunning {
    fn from(estate: EstateId) -> Self {
        Self(
            ladder::EstateLadder(estate),
            templates::EstateTemplates(estate),
            EstateFigures(estate),
        )
    }
}

/// A step of the ladder, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "DunningStep", remote = "domain::Step")]
pub(crate) enum StepWord {
    /// A friendly message.
    Reminder,
    /// A call.
    Call,
    /// The first notice.
    FirstNotice,
    /// A visit by two people.
    Visit,
    /// The second notice.
    SecondNotice,
    /// A visit by the director, with an offer of instalments.
    DirectorVisit,
    /// A lawyer's letter.
    LawyerLetter,
    /// The proposal of mediation, a payment order or a suit.
    LegalProposal,
}

/// How far a case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "DunningStage", remote = "domain::Stage")]
pub(crate) enum StageWord {
    /// Nothing was done yet.
    Clear,
    /// The debtor was reminded.
    Reminded,
    /// The first notice was given.
    FirstNotice,
    /// The debtor was visited.
    Visited,
    /// The second notice was given.
    SecondNotice,
    /// The director negotiates.
    Negotiating,
    /// A lawyer has written.
    LawyerLetter,
    /// It is before a court or mediator.
    Litigation,
    /// Nothing is owed any more.
    Settled,
    /// It was given up.
    WrittenOff,
}

/// By which way a debtor was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "DunningChannel", remote = "domain::Channel")]
pub(crate) enum ChannelWord {
    /// A message in the app.
    App,
    /// A text message.
    Sms,
    /// A call.
    Call,
    /// A visit by two people.
    Visit,
    /// A sealed notice, handed over or left privately.
    Notice,
    /// A letter by courier.
    Letter,
}

/// Why somebody does not pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "DunningReason", remote = "domain::ReasonClass")]
pub(crate) enum ReasonWord {
    /// It was forgotten.
    Forgot,
    /// The service is not what was expected.
    Dissatisfied,
    /// The unit is empty.
    Vacant,
    /// There is no money at present.
    Hardship,
    /// The bill is said to be wrong.
    Dispute,
    /// Nobody can be reached.
    LostContact,
    /// The debtor will not.
    Refusal,
}

/// What shows that a demand arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "DunningEvidence", remote = "domain::Evidence")]
pub(crate) enum EvidenceWord {
    /// It was opened in the app.
    AppRead,
    /// The telephone company said so.
    SmsReceipt,
    /// The recording of a call.
    CallRecord,
    /// The debtor signed.
    Signed,
    /// A courier's number.
    CourierNumber,
    /// A photo.
    Photo,
}

/// How far a task has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "DunningTaskState", remote = "domain::TaskState")]
pub(crate) enum TaskStateWord {
    /// Somebody has to do it.
    Open,
    /// It was done.
    Done,
    /// It was left out, with a reason.
    Skipped,
    /// The case ended before.
    Cancelled,
}

/// The right of staff to read in an estate, with the estate; residents see no lists of others.
pub(super) async fn staff(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    permission: Permission,
) -> Result<(TenantScope, EstateScope, Estate), Refused> {
    let right = caller.read(permission, estate)?;
    if right.own_person().is_some() {
        return Err(Denied::Hidden.into());
    }
    let scope = db.read(caller.tenant()).await?;
    let known = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    Ok((scope, right, known))
}

/// The same of whoever may read cases.
pub(super) async fn reader(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
) -> Result<(TenantScope, EstateScope, Estate), Refused> {
    staff(db, caller, estate, DUNNING_READ).await
}

/// Where a page of a list by ids goes on, and how many rows it reads.
pub(super) fn place(page: &PageArgs) -> Result<(Option<Uuid>, u64)> {
    Ok((crate::graphql::after(page)?, page.limit()))
}
