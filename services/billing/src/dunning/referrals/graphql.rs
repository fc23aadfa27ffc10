//! Legal referrals in the graph.

use super::{
    create::{Create, create},
    domain::{Outcome, ReferralState},
    export,
    pursue::{Close, File, approve, close, file},
    repo::{self, Debt, Referral},
};
use crate::{
    accounts::graphql::AccountNode,
    dunning::{
        LEGAL_REFERRAL_READ, actions,
        graphql::place,
        right::{Reached, read_of},
    },
    error::Refused,
    estates::{self, Estate},
    ids::{BillingAccountId, LegalReferralId},
};
use ::graphql::{Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, parse_id};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
};
use authz::Denied;
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, IdempotencyKey, TenantScope};
use ids::EstateId;

/// How far a referral has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "LegalReferralState", remote = "ReferralState")]
pub(crate) enum ReferralStateWord {
    /// It was put together; a second person has to approve it.
    Draft,
    /// It may be filed.
    Approved,
    /// It is before a court or a mediator.
    Filed,
    /// It ended.
    Closed,
}

/// How a referral ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "LegalReferralOutcome", remote = "Outcome")]
pub(crate) enum OutcomeWord {
    /// It was paid.
    Paid,
    /// Both sides agreed.
    Mediated,
    /// A court decided.
    Judgment,
    /// It was taken back.
    Withdrawn,
    /// It was given up.
    WrittenOff,
}

/// One debt of a referral as it was when it was put together.
#[derive(Clone, SimpleObject)]
#[graphql(name = "LegalReferralDebt")]
pub(crate) struct DebtNode {
    /// The bill, `bil_…`.
    bill_id: ID,
    /// The first month it covers, e.g. `2026-07`.
    first_month: String,
    /// The last month it covers.
    last_month: String,
    /// When it fell due.
    due: NaiveDate,
    /// What was open of it.
    principal: Money,
    /// What its lateness cost by the contract.
    late_fee: Money,
    /// The last day on which it could be claimed.
    barred_on: NaiveDate,
}

/// What is given to a lawyer (法务移交).
#[derive(SimpleObject)]
#[graphql(name = "LegalReferral", complex)]
pub(crate) struct ReferralNode {
    #[graphql(skip)]
    referral: Referral,
    #[graphql(skip)]
    lines: Vec<Debt>,
    #[graphql(skip)]
    debtor: BillingAccountId,
    /// Its id, `lgr_…`.
    id: ID,
    /// The case, `dnc_…`.
    case_id: ID,
    /// How far it has come.
    state: ReferralStateWord,
    /// What is claimed.
    claimed: Money,
    /// The terms of the service contract on which the claim stands.
    contract_terms: String,
    /// What the lawyer should know.
    note: Option<String>,
    /// The debts, oldest first.
    debts: Vec<DebtNode>,
    /// Who put it together.
    created_by_id: ID,
    /// When.
    created_at: DateTime<Utc>,
    /// Who approved it.
    approved_by_id: Option<ID>,
    /// When.
    approved_at: Option<DateTime<Utc>>,
    /// When it was filed.
    filed_on: Option<NaiveDate>,
    /// How the court or mediator calls it.
    court_reference: Option<String>,
    /// When it ended.
    closed_on: Option<NaiveDate>,
    /// How.
    outcome: Option<OutcomeWord>,
    /// What is to be said of that.
    outcome_note: Option<String>,
}

#[ComplexObject]
impl ReferralNode {
    /// Whose debt it is.
    async fn account(&self, ctx: &Context<'_>) -> Result<AccountNode> {
        AccountNode::of(ctx, self.debtor).await
    }
}

impl ReferralNode {
    fn new(it: Referral, lines: Vec<Debt>, estate: &Estate) -> Self {
        let money = |amount| Money::new(amount, estate.currency);
        let month = |day: NaiveDate| day.format("%Y-%m").to_string();
        let debt = |debt: &Debt| DebtNode {
            bill_id: debt.bill.to_string().into(),
            first_month: month(debt.first_month),
            last_month: month(debt.last_month),
            due: debt.due,
            principal: money(debt.principal),
            late_fee: money(debt.late_fee),
            barred_on: debt.barred_on,
        };
        Self {
            debts: lines.iter().map(debt).collect(),
            debtor: it.account,
            id: it.id.to_string().into(),
            case_id: it.case.to_string().into(),
            state: it.state.into(),
            claimed: money(it.claimed),
            contract_terms: it.contract_terms.clone(),
            note: it.note.clone(),
            created_by_id: it.created_by.to_string().into(),
            created_at: it.created_at,
            approved_by_id: it.approved_by.map(|user| user.to_string().into()),
            approved_at: it.approved_at,
            filed_on: it.filed_on,
            court_reference: it.court_reference.clone(),
            closed_on: it.closed_on,
            outcome: it.outcome.map(Into::into),
            outcome_note: it.outcome_note.clone(),
            referral: it,
            lines,
        }
    }

    /// The nodes of referrals of one estate, in as many statements however many they are.
    async fn load(
        scope: &TenantScope,
        estate: EstateId,
        referrals: Vec<Referral>,
    ) -> Result<Vec<Self>, Refused> {
        let known = estates::find(scope, estate).await?.ok_or(Denied::Hidden)?;
        let ids: Vec<LegalReferralId> = referrals.iter().map(|it| it.id).collect();
        let mut debts = repo::debts_of(scope, &ids).await?;
        let node = |it: Referral| {
            let lines = debts.remove(&it.id).unwrap_or_default();
            Self::new(it, lines, &known)
        };
        Ok(referrals.into_iter().map(node).collect())
    }
}

/// A referral's rows for other programs.
#[derive(SimpleObject)]
#[graphql(name = "LegalReferralExport")]
pub(crate) struct ExportNode {
    /// Debts and contacts with their evidence, one row each, as CSV.
    csv: String,
    /// The same with the contract's terms, as JSON.
    json: String,
}

/// Queries on referrals.
#[derive(Default)]
pub(crate) struct ReferralQuery;

#[Object]
impl ReferralQuery {
    /// A legal referral; residents see their own.
    async fn legal_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referral, `lgr_…`")] id: ID,
    ) -> Result<Option<ReferralNode>> {
        one(ctx, parse_id(&id, "id")?).await.map(Some)
    }

    /// The legal referrals of an estate, newest first; residents see their own.
    async fn legal_referrals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those that have come so far")] state: Option<ReferralStateWord>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ReferralNode>>> {
        let (page, caller) = (PageArgs::new(first, after)?, caller(ctx)?);
        let estate = parse_id::<EstateId>(&estate_id, "estateId")?;
        let right = caller.read(LEGAL_REFERRAL_READ, estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        estates::visible(&scope, &right).await.graphql()?;
        let wanted = (state.map(Into::into), Reached::of(&right));
        let found = repo::page(&scope, estate, wanted, place(&page)?).await.graphql()?;
        let nodes = ReferralNode::load(&scope, estate, found).await.graphql()?;
        let key = |node: &ReferralNode| node.referral.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, nodes, key, |node| node)))
    }

    /// A legal referral as rows: its debts, what was done about them until it was put together, and
    /// what shows that it arrived.
    async fn legal_referral_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referral, `lgr_…`")] legal_referral_id: ID,
    ) -> Result<Option<ExportNode>> {
        let node = one(ctx, parse_id(&legal_referral_id, "legalReferralId")?).await?;
        let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
        let (it, debts) = (&node.referral, &node.lines);
        let mut done = actions::of_case(&scope, it.case).await.graphql()?;
        done.retain(|action| action.happened_at <= it.created_at);
        let ids: Vec<_> = done.iter().map(|action| action.id).collect();
        let more = actions::attached(&scope, &ids).await.graphql()?;
        let json = export::json(it, debts, &done, &more).to_string();
        Ok(Some(ExportNode { csv: export::csv(debts, &done, &more), json }))
    }
}

async fn one(ctx: &Context<'_>, id: LegalReferralId) -> Result<ReferralNode> {
    let caller = caller(ctx)?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let found = repo::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    read_of(&scope, caller, found.account, LEGAL_REFERRAL_READ).await.graphql()?;
    loaded(&scope, found).await
}

async fn loaded(scope: &TenantScope, found: Referral) -> Result<ReferralNode> {
    let node = ReferralNode::load(scope, found.estate, vec![found]).await.graphql()?.pop();
    node.ok_or(Denied::Hidden).graphql()
}

/// A referral to put together.
#[derive(InputObject)]
pub(crate) struct CreateLegalReferralInput {
    /// The case, `dnc_…`.
    case_id: ID,
    /// The terms of the service contract on which the claim stands; 1 to 4,000 characters.
    contract_terms: String,
    /// What the lawyer should know; up to 4,000 characters.
    note: Option<String>,
    /// 8 to 255 printable characters, kept for ever: the same key is the same act.
    idempotency_key: String,
}

/// A referral to approve.
#[derive(InputObject)]
pub(crate) struct ApproveLegalReferralInput {
    /// The referral, `lgr_…`.
    id: ID,
}

/// A referral that was filed.
#[derive(InputObject)]
pub(crate) struct FileLegalReferralInput {
    /// The referral, `lgr_…`.
    id: ID,
    /// How the court or mediator calls it; 1 to 200 characters.
    court_reference: String,
}

/// A referral that ended.
#[derive(InputObject)]
pub(crate) struct CloseLegalReferralInput {
    /// The referral, `lgr_…`.
    id: ID,
    /// How it ended.
    outcome: OutcomeWord,
    /// What is to be said of that; 1 to 1,000 characters.
    note: String,
}

/// The referral after an act.
#[derive(SimpleObject)]
pub(crate) struct LegalReferralPayload {
    /// The referral.
    legal_referral: ReferralNode,
}

async fn payload(ctx: &Context<'_>, id: LegalReferralId) -> Result<LegalReferralPayload> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    let found = repo::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    Ok(LegalReferralPayload { legal_referral: loaded(&scope, found).await? })
}

/// Changes of referrals.
#[derive(Default)]
pub(crate) struct ReferralMutation;

#[Object]
impl ReferralMutation {
    /// Put a legal referral together from a case: its debts that are not disputed, and what was
    /// done. A demand must have arrived before.
    async fn create_legal_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which case, on which terms")] input: CreateLegalReferralInput,
    ) -> Result<LegalReferralPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let command = Create {
            case: parse_id(&input.case_id, "caseId")?,
            contract_terms: input.contract_terms,
            note: input.note,
        };
        let id = create(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Approve a legal referral; who put it together cannot.
    async fn approve_legal_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is approved")] input: ApproveLegalReferralInput,
    ) -> Result<LegalReferralPayload> {
        let id = parse_id(&input.id, "id")?;
        approve(ctx.data()?, caller(ctx)?, id).await.graphql()?;
        payload(ctx, id).await
    }

    /// Note that an approved referral was filed; its case is in litigation from now on.
    async fn file_legal_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was filed")] input: FileLegalReferralInput,
    ) -> Result<LegalReferralPayload> {
        let id = parse_id(&input.id, "id")?;
        let command = File { referral: id, court_reference: input.court_reference };
        file(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        payload(ctx, id).await
    }

    /// End a legal referral with its outcome.
    async fn close_legal_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What ended and how")] input: CloseLegalReferralInput,
    ) -> Result<LegalReferralPayload> {
        let id = parse_id(&input.id, "id")?;
        let command = Close { referral: id, outcome: input.outcome.into(), note: input.note };
        close(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        payload(ctx, id).await
    }
}
