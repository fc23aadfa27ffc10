//! Contacts in the graph.

use super::{
    correct::correct,
    deliver::{Deliver, deliver},
    domain::{Delivered, kept},
    record::{Promised, Record, record},
    repo::{self, Action, Attached},
};
use crate::{
    dunning::{
        DUNNING_READ,
        graphql::{ChannelWord, EvidenceWord, ReasonWord, StepWord, place},
        right::read_of,
    },
    error::Refused,
    estates::{self, Estate},
    graphql::{fen, own_person},
    ids::{BillId, DunningActionId, UserId},
};
use ::graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, Denied, PolicyStore};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use rust_decimal::Decimal;

/// What became of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "PromiseState", remote = "super::domain::Fate")]
pub(crate) enum PromiseWord {
    /// Its day has not passed.
    Open,
    /// As much was paid in time.
    Kept,
    /// It was not.
    Broken,
}

/// A promise to pay (付款承诺).
#[derive(SimpleObject)]
#[graphql(name = "PromiseToPay")]
pub(crate) struct PromiseNode {
    /// How much.
    amount: Money,
    /// Until when.
    due_on: NaiveDate,
    /// How much the account paid from the day of the promise until then.
    paid: Money,
    /// What became of it.
    state: PromiseWord,
}

/// What a contact demanded of a bill.
#[derive(SimpleObject)]
#[graphql(name = "DemandedBill")]
pub(crate) struct DemandedNode {
    /// The bill, `bil_…`.
    bill_id: ID,
    /// What was open of it.
    principal: Money,
    /// What its lateness cost then.
    late_fee: Money,
}

/// One contact with a debtor (催缴记录); it is never changed.
#[derive(SimpleObject)]
#[graphql(name = "DunningAction")]
pub(crate) struct ActionNode {
    #[graphql(skip)]
    action: DunningActionId,
    /// Its id, `dna_…`.
    id: ID,
    /// The case, `dnc_…`.
    case_id: ID,
    /// The step of the ladder; none of a call or visit beside it.
    step: Option<StepWord>,
    /// By which way.
    channel: ChannelWord,
    /// Who did it; none of what is sent by itself, and none for residents.
    staff_id: Option<ID>,
    /// Who else was there; none for residents.
    second_staff_id: Option<ID>,
    /// The text of the step and its version, e.g. `FIRST_NOTICE/2`.
    script: String,
    /// When.
    happened_at: DateTime<Utc>,
    /// What was demanded.
    demanded: Money,
    /// Of which bills.
    bills: Vec<DemandedNode>,
    /// What was written, in Chinese.
    text_zh: Option<String>,
    /// What was written, in English.
    text_en: Option<String>,
    /// What the debtor said.
    reply: Option<String>,
    /// Why the debtor does not pay.
    reason: Option<ReasonWord>,
    /// Whether the debtor said that the debt is owed.
    acknowledged: bool,
    /// When it arrived, as far as it is known.
    delivered_at: Option<DateTime<Utc>>,
    /// What shows that.
    evidence: Option<EvidenceWord>,
    /// Where that is found.
    evidence_reference: Option<String>,
    /// What the debtor promised.
    promise: Option<PromiseNode>,
    /// What staff should know; none for residents.
    note: Option<String>,
    /// The contact that this one undoes, `dna_…`.
    corrects_id: Option<ID>,
    /// The contact that undoes this one, `dna_…`.
    corrected_by_id: Option<ID>,
}

impl ActionNode {
    fn new(it: Action, more: &mut Attached, estate: &Estate, see: (bool, NaiveDate)) -> Self {
        let (staff, today) = see;
        let money = |amount| Money::new(amount, estate.currency);
        let user = |user: UserId| ID::from(user.to_string());
        let delivered = more.delivered.remove(&it.id);
        let (text_zh, text_en) = it.text.map(|text| (text.zh, text.en)).unzip();
        let bills = more.bills.remove(&it.id).unwrap_or_default().into_iter();
        let promise = more.promises.remove(&it.id).map(|(amount, due_on, paid)| PromiseNode {
            amount: money(amount),
            due_on,
            paid: money(paid),
            state: kept(amount, due_on, paid, today).into(),
        });
        Self {
            action: it.id,
            id: it.id.to_string().into(),
            case_id: it.case.to_string().into(),
            step: it.step.map(Into::into),
            channel: it.channel.into(),
            staff_id: it.staff.filter(|_| staff).map(user),
            second_staff_id: it.second.filter(|_| staff).map(user),
            script: it.script,
            happened_at: it.happened_at,
            demanded: money(it.demanded),
            bills: bills
                .map(|(bill, principal, late_fee)| DemandedNode {
                    bill_id: bill.to_string().into(),
                    principal: money(principal),
                    late_fee: money(late_fee),
                })
                .collect(),
            text_zh,
            text_en,
            reply: it.reply,
            reason: it.reason.map(Into::into),
            acknowledged: it.acknowledged_on.is_some(),
            delivered_at: delivered.as_ref().map(|it| it.at),
            evidence: delivered.as_ref().map(|it| it.evidence.into()),
            evidence_reference: delivered.map(|it| it.reference),
            promise,
            note: it.note.filter(|_| staff),
            corrects_id: it.corrects.map(|wrong| wrong.to_string().into()),
            corrected_by_id: more.corrected_by.remove(&it.id).map(|by| by.to_string().into()),
        }
    }

    /// The nodes of contacts of one estate, in as many statements however many they are.
    pub async fn load(
        scope: &TenantScope,
        caller: &Caller,
        estate: &Estate,
        actions: Vec<Action>,
    ) -> Result<Vec<Self>, Refused> {
        let ids: Vec<DunningActionId> = actions.iter().map(|action| action.id).collect();
        let mut more = repo::attached(scope, &ids).await?;
        let see = (own_person(caller).is_none(), estate.today(scope.clock()));
        Ok(actions.into_iter().map(|it| Self::new(it, &mut more, estate, see)).collect())
    }
}

/// Queries on contacts.
#[derive(Default)]
pub(crate) struct ActionQuery;

#[Object]
impl ActionQuery {
    /// Everything that was sent to, said to and heard from an account's debtor, newest first;
    /// residents see their own.
    async fn dunning_actions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, `bac_…`")] account_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ActionNode>>> {
        let (page, caller) = (PageArgs::new(first, after)?, caller(ctx)?);
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let account = parse_id(&account_id, "accountId")?;
        let account = read_of(&scope, caller, account, DUNNING_READ).await.graphql()?;
        let estate = estates::find(&scope, account.estate).await.graphql()?;
        let estate = estate.ok_or(Denied::Hidden).graphql()?;
        let actions = repo::page(&scope, account.id, place(&page)?).await.graphql()?;
        let nodes = ActionNode::load(&scope, caller, &estate, actions).await.graphql()?;
        let key = |node: &ActionNode| node.action.as_uuid().simple().to_string();
        Ok(Some(connection(&page, nodes, key, |node| node)))
    }
}

/// What shows that a demand arrived.
#[derive(InputObject)]
pub(crate) struct DeliveryInput {
    /// When it arrived.
    delivered_at: DateTime<Utc>,
    /// What shows it,
    evidence: EvidenceWord,
    /// and where that is found, e.g. a courier's number or a file; 1 to 200 characters.
    evidence_reference: String,
}

impl From<DeliveryInput> for Delivered {
    fn from(input: DeliveryInput) -> Self {
        Self {
            at: input.delivered_at,
            evidence: input.evidence.into(),
            reference: input.evidence_reference.trim().to_owned(),
        }
    }
}

/// A contact to record.
#[derive(InputObject)]
pub(crate) struct RecordDunningActionInput {
    /// The case, `dnc_…`.
    case_id: ID,
    /// The step of the ladder that was done; none for a call or visit beside it.
    step: Option<StepWord>,
    /// By which way.
    channel: ChannelWord,
    /// Who else was there, `usr_…`; a visit is made by two.
    staff_id: Option<ID>,
    /// When; now without it.
    happened_at: Option<DateTime<Utc>>,
    /// That it arrived, if that is known already.
    delivery: Option<DeliveryInput>,
    /// What the debtor said; up to 1,000 characters.
    reply: Option<String>,
    /// Why the debtor does not pay.
    reason: Option<ReasonWord>,
    /// Whether the debtor said that the debt is owed.
    acknowledged: Option<bool>,
    /// How much the debtor promised to pay, in major units,
    promise_amount: Option<Decimal>,
    /// and until when.
    promise_due_on: Option<NaiveDate>,
    /// What staff should know; up to 1,000 characters.
    note: Option<String>,
    /// Only these bills were demanded, `bil_…`; all that are due and not disputed without it.
    bill_ids: Option<Vec<ID>>,
    /// 8 to 255 printable characters, kept for ever: the same key is the same act.
    idempotency_key: String,
}

/// That a contact's demand arrived.
#[derive(InputObject)]
pub(crate) struct RecordDunningDeliveryInput {
    /// The contact, `dna_…`.
    id: ID,
    /// What shows it.
    delivery: DeliveryInput,
}

/// A contact that was recorded wrongly.
#[derive(InputObject)]
pub(crate) struct CorrectDunningActionInput {
    /// The contact, `dna_…`.
    id: ID,
    /// What was wrong; 1 to 500 characters.
    reason: String,
    /// 8 to 255 printable characters, kept for ever: the same key is the same act.
    idempotency_key: String,
}

/// The contact after an act.
#[derive(SimpleObject)]
pub(crate) struct DunningActionPayload {
    /// The contact.
    dunning_action: ActionNode,
}

async fn payload(ctx: &Context<'_>, id: DunningActionId) -> Result<DunningActionPayload> {
    let caller = caller(ctx)?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let action = repo::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    let estate = estates::find(&scope, action.estate).await.graphql()?;
    let estate = estate.ok_or(Denied::Hidden).graphql()?;
    let node = ActionNode::load(&scope, caller, &estate, vec![action]).await.graphql()?.pop();
    Ok(DunningActionPayload { dunning_action: node.ok_or(Denied::Hidden).graphql()? })
}

fn promised(amount: Option<Decimal>, due_on: Option<NaiveDate>) -> Result<Option<Promised>> {
    match (amount, due_on) {
        (Some(amount), Some(due_on)) => {
            Ok(Some(Promised { amount: fen(amount, "promiseAmount")?, due_on }))
        }
        (None, None) => Ok(None),
        (Some(_), None) => Err(Invalid::new("promiseDueOn", expected::filled())).graphql(),
        (None, Some(_)) => Err(Invalid::new("promiseAmount", expected::filled())).graphql(),
    }
}

/// Changes of contacts.
#[derive(Default)]
pub(crate) struct ActionMutation;

#[Object]
impl ActionMutation {
    /// Record a message, call, visit, notice or letter, with what it brought. It does the task of
    /// its step.
    async fn record_dunning_action(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was done")] input: RecordDunningActionInput,
    ) -> Result<DunningActionPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let second = input.staff_id.as_ref();
        let bills = input.bill_ids.unwrap_or_default();
        let bills = bills.iter().map(|id| parse_id::<BillId>(id, "billIds"));
        let command = Record {
            case: parse_id(&input.case_id, "caseId")?,
            step: input.step.map(Into::into),
            channel: input.channel.into(),
            second: second.map(|id| parse_id(id, "staffId")).transpose()?,
            happened_at: input.happened_at,
            delivered: input.delivery.map(Into::into),
            reply: input.reply,
            reason: input.reason.map(Into::into),
            acknowledged: input.acknowledged.unwrap_or_default(),
            promise: promised(input.promise_amount, input.promise_due_on)?,
            note: input.note,
            bills: bills.collect::<Result<_>>()?,
        };
        let who = (caller(ctx)?, ctx.data::<PolicyStore>()?);
        let id = record(ctx.data()?, who, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Note that a demand arrived, with what shows it: the limitation of its debts begins anew.
    async fn record_dunning_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What arrived")] input: RecordDunningDeliveryInput,
    ) -> Result<DunningActionPayload> {
        let id = parse_id(&input.id, "id")?;
        let command = Deliver { action: id, delivered: input.delivery.into() };
        deliver(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        payload(ctx, id).await
    }

    /// Undo a contact that was recorded wrongly, by a row of its own; answers that row.
    async fn correct_dunning_action(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was wrong")] input: CorrectDunningActionInput,
    ) -> Result<DunningActionPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let wrong = (parse_id(&input.id, "id")?, input.reason);
        let id = correct(ctx.data()?, caller(ctx)?, wrong, &key).await.graphql()?;
        payload(ctx, id).await
    }
}
