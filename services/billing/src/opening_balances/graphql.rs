//! Opening balances in the graph.

use super::{
    OPENING_READ,
    confirm::confirm,
    domain::{OpeningKind, OpeningState, Total},
    draft::{Batch, Target, draft},
    draft_file::{FromFile, OpeningFile, draft_file},
    file_graphql::{ImportOpeningBalancesInput, ImportOpeningBalancesPayload, OpeningFault},
    repo::{self, Counts, Opening},
    reverse::reverse,
    rows_graphql::{OpeningRowInput, OpeningRowNode, RowStateWord},
    rows_repo,
    withdraw::withdraw,
};
use crate::{
    bill_runs::graphql::parse_month, error::Refused, estates, graphql::fen, ids::OpeningId,
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, Denied};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use graphql::{
    Cursor, GraphqlResultExt as _, Money, PageArgs, caller, connection, language, parse_id,
};
use ids::EstateId;
use money::Currency;
use rust_decimal::Decimal;

/// What is brought in at the cut-over.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "OpeningKind", remote = "OpeningKind")]
pub enum OpeningKindWord {
    /// A debt of one fee item and month; it becomes an open bill.
    Arrears,
    /// Money paid ahead of any bill.
    Prepayment,
    /// A deposit held; it can be deducted from and returned like any other.
    Deposit,
    /// What a meter showed last; what is used after it is charged here. Its sum is zero.
    MeterReading,
}

/// How far opening balances have come.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "OpeningState", remote = "OpeningState")]
pub enum OpeningStateWord {
    /// Rows can be added; nothing is posted.
    Draft,
    /// Posted as a whole.
    Posted,
    /// What was posted is reversed.
    Reversed,
    /// Given up before it was posted.
    Withdrawn,
}

/// What the rows of one kind come to.
#[derive(SimpleObject)]
pub struct OpeningTotal {
    /// What is brought in.
    kind: OpeningKindWord,
    /// How many rows.
    count: i32,
    /// What they add up to.
    sum: Money,
}

/// The balances with which an estate came to us (期初余额), or a part of them.
#[derive(SimpleObject)]
pub struct OpeningBalances {
    /// Its id, `opn_…`.
    id: ID,
    /// The estate, `est_…`.
    estate_id: ID,
    /// How far it has come.
    state: OpeningStateWord,
    /// The first month that is charged here, e.g. `2026-07`.
    cut_over_month: String,
    /// The day on which everything is posted: the last one before the cut-over.
    booked_on: NaiveDate,
    /// What will be posted, or was, per kind; whoever confirms types the same.
    totals: Vec<OpeningTotal>,
    /// How many rows cannot be posted.
    wrong_rows: i32,
    /// How many rows are left out because the same was posted before.
    known_rows: i32,
    /// The name of the file it was drafted from.
    file_name: Option<String>,
    /// Who drafted it, `usr_…`; they cannot confirm it.
    drafted_by: ID,
    /// When it was begun.
    drafted_at: DateTime<Utc>,
    /// Who posted it or gave it up.
    decided_by: Option<ID>,
    /// When they did.
    decided_at: Option<DateTime<Utc>>,
    /// Who reversed it.
    reversed_by: Option<ID>,
    /// When they did.
    reversed_at: Option<DateTime<Utc>>,
    /// Why it was given up or reversed.
    reason: Option<String>,
}

impl OpeningBalances {
    fn new(opening: Opening, counts: Counts, currency: Currency) -> Self {
        let small = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        let total = |total: Total| OpeningTotal {
            kind: total.kind.into(),
            count: small(total.count),
            sum: Money::new(total.sum, currency),
        };
        let user = |by: authz::UserId| ID::from(by.to_string());
        Self {
            id: opening.id.to_string().into(),
            estate_id: opening.estate.to_string().into(),
            state: opening.state.into(),
            cut_over_month: opening.cut_over.to_string(),
            booked_on: opening.booked_on(),
            totals: counts.totals.into_iter().map(total).collect(),
            wrong_rows: small(counts.wrong),
            known_rows: small(counts.known),
            file_name: opening.file.map(|file| file.name),
            drafted_by: user(opening.created_by),
            drafted_at: opening.created_at,
            decided_by: opening.decided.map(|(by, _)| user(by)),
            decided_at: opening.decided.map(|(_, at)| at),
            reversed_by: opening.reversed.map(|(by, _)| user(by)),
            reversed_at: opening.reversed.map(|(_, at)| at),
            reason: opening.reason,
        }
    }
}

/// A new draft of opening balances.
#[derive(InputObject)]
pub struct DraftOpeningBalancesInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The first month that is charged here; needed where the estate has none yet, e.g. `2026-07`.
    cut_over_month: Option<String>,
    /// 1 to 500 rows; more are added to the draft afterwards.
    rows: Vec<OpeningRowInput>,
    /// 8 to 255 printable characters, kept for ever: the same key is the same act.
    idempotency_key: String,
}

/// More rows for a draft.
#[derive(InputObject)]
pub struct AddOpeningBalancesInput {
    /// The draft, `opn_…`.
    id: ID,
    /// 1 to 500 rows.
    rows: Vec<OpeningRowInput>,
    /// 8 to 255 printable characters, kept for ever: the same key is the same act.
    idempotency_key: String,
}

/// What the rows of one kind must come to.
#[derive(InputObject)]
pub struct OpeningTotalInput {
    /// What is brought in.
    kind: OpeningKindWord,
    /// How many rows.
    count: i32,
    /// What they add up to, in major units.
    sum: Decimal,
}

/// A draft to post.
#[derive(InputObject)]
pub struct ConfirmOpeningBalancesInput {
    /// The draft, `opn_…`.
    id: ID,
    /// The control totals as the books of the past say them, typed and not copied.
    totals: Vec<OpeningTotalInput>,
    /// 8 to 255 printable characters, kept for ever: the same key is the same act.
    idempotency_key: String,
}

/// A draft to give up.
#[derive(InputObject)]
pub struct WithdrawOpeningBalancesInput {
    /// The draft, `opn_…`.
    id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
}

/// Posted opening balances to reverse.
#[derive(InputObject)]
pub struct ReverseOpeningBalancesInput {
    /// Which, `opn_…`.
    id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
    /// 8 to 255 printable characters, kept for ever: the same key is the same act.
    idempotency_key: String,
}

/// Opening balances after an act.
#[derive(SimpleObject)]
pub struct OpeningBalancesPayload {
    /// The opening balances.
    opening_balances: OpeningBalances,
}

/// Queries on opening balances.
#[derive(Default)]
pub struct OpeningQuery;

#[Object]
impl OpeningQuery {
    /// One draft of opening balances, or what was posted of one.
    async fn opening_balances(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, `opn_…`")] id: ID,
    ) -> Result<Option<OpeningBalances>> {
        let id = parse_id(&id, "id")?;
        one(ctx.data()?, caller(ctx)?, id).await.graphql().map(Some)
    }

    /// The opening balances of an estate, newest first.
    async fn opening_balances_of_estate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, OpeningBalances>>> {
        let caller = caller(ctx)?;
        let page = PageArgs::new(first, after)?;
        let estate: EstateId = parse_id(&estate_id, "estateId")?;
        caller.read(OPENING_READ, estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let known = estates::find(&scope, estate).await.graphql()?;
        let currency = known.ok_or(Denied::Hidden).graphql()?.currency;
        let before = crate::graphql::after(&page)?;
        let rows = repo::page(&scope, estate, before, page.limit()).await.graphql()?;
        let ids: Vec<OpeningId> = rows.iter().map(|row| row.id).collect();
        let counts = repo::counts(&scope, &ids).await.graphql()?;
        let key = |row: &Opening| row.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, |row| {
            let counts = counts.get(&row.id).cloned().unwrap_or_default();
            OpeningBalances::new(row, counts, currency)
        })))
    }

    /// The rows of opening balances in their order, e.g. those that are wrong.
    async fn opening_rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which opening balances, `opn_…`")] opening_id: ID,
        #[graphql(desc = "Only those in this state")] state: Option<RowStateWord>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, OpeningRowNode>>> {
        let caller = caller(ctx)?;
        let page = PageArgs::new(first, after)?;
        let id = parse_id(&opening_id, "openingId")?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let (opening, currency) = readable(&scope, caller, id).await.graphql()?;
        let wrong = |_| Invalid::new("after", expected::cursor());
        let after = page.after.as_ref().map(|cursor| cursor.0.parse().map_err(wrong));
        let after = after.transpose().graphql()?;
        let state = state.map(Into::into);
        let rows = rows_repo::page(&scope, opening.id, state, after, page.limit()).await;
        let said = language(ctx);
        let node = |row| OpeningRowNode::new(row, currency, said);
        Ok(Some(connection(&page, rows.graphql()?, |row| row.place.to_string(), node)))
    }
}

/// Changes of opening balances.
#[derive(Default)]
pub struct OpeningMutation;

#[Object]
impl OpeningMutation {
    /// Begin a draft of opening balances. Nothing is posted; wrong rows are kept and named.
    async fn draft_opening_balances(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is brought in")] input: DraftOpeningBalancesInput,
    ) -> Result<OpeningBalancesPayload> {
        let month = input.cut_over_month.as_deref();
        let month = month.map(|month| parse_month(month, "cutOverMonth")).transpose()?;
        let to = Target::New(parse_id(&input.estate_id, "estateId")?, month);
        drafted(ctx, to, input.rows, &input.idempotency_key).await
    }

    /// Draft opening balances from a file: every row of it or, when a cell is wrong, none. The same
    /// file again is the same draft.
    async fn import_opening_balances(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file")] input: ImportOpeningBalancesInput,
    ) -> Result<ImportOpeningBalancesPayload> {
        let month = input.cut_over_month.as_deref();
        let file = OpeningFile {
            estate: parse_id(&input.estate_id, "estateId")?,
            cut_over: month.map(|month| parse_month(month, "cutOverMonth")).transpose()?,
            name: input.file_name,
            content: input.content,
        };
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        match draft_file(db, caller, file, &key).await.graphql()? {
            FromFile::Drafted(id, already_imported) => Ok(ImportOpeningBalancesPayload {
                opening_balances: Some(one(db, caller, id).await.graphql()?),
                already_imported,
                faults: Vec::new(),
            }),
            FromFile::Wrong(faults) => {
                let said = language(ctx);
                let fault = |fault| OpeningFault::new(fault, said);
                Ok(ImportOpeningBalancesPayload {
                    opening_balances: None,
                    already_imported: false,
                    faults: faults.into_iter().map(fault).collect(),
                })
            }
        }
    }

    /// Add rows to a draft of opening balances.
    async fn add_opening_balances(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is added")] input: AddOpeningBalancesInput,
    ) -> Result<OpeningBalancesPayload> {
        let to = Target::Draft(parse_id(&input.id, "id")?);
        drafted(ctx, to, input.rows, &input.idempotency_key).await
    }

    /// Post a draft that somebody else made: arrears become open bills, prepayments balances and
    /// deposits deposits, all against the opening balance, and meters are charged from their last
    /// readings on; all at once.
    async fn confirm_opening_balances(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and the control totals")] input: ConfirmOpeningBalancesInput,
    ) -> Result<OpeningBalancesPayload> {
        let id: OpeningId = parse_id(&input.id, "id")?;
        let total = |total: OpeningTotalInput| {
            let sum = fen(total.sum, "totals")?;
            Ok(Total { kind: total.kind.into(), count: total.count.into(), sum })
        };
        let totals = input.totals.into_iter().map(total).collect::<Result<Vec<_>>>()?;
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        payload(ctx, confirm(db, caller, id, &totals, &key).await.graphql()?).await
    }

    /// Give a draft of opening balances up.
    async fn withdraw_opening_balances(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which and why")] input: WithdrawOpeningBalancesInput,
    ) -> Result<OpeningBalancesPayload> {
        let id = parse_id(&input.id, "id")?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        payload(ctx, withdraw(db, caller, id, &input.reason).await.graphql()?).await
    }

    /// Reverse posted opening balances as a whole, while nothing of them is paid or used.
    async fn reverse_opening_balances(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which and why")] input: ReverseOpeningBalancesInput,
    ) -> Result<OpeningBalancesPayload> {
        let id = parse_id(&input.id, "id")?;
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        payload(ctx, reverse(db, caller, id, &input.reason, &key).await.graphql()?).await
    }
}

async fn drafted(
    ctx: &Context<'_>,
    to: Target,
    rows: Vec<OpeningRowInput>,
    key: &str,
) -> Result<OpeningBalancesPayload> {
    let key: IdempotencyKey = key.parse().graphql()?;
    let rows = rows.into_iter().map(OpeningRowInput::given).collect::<Result<Vec<_>>>()?;
    let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
    payload(ctx, draft(db, caller, Batch { to, rows }, &key).await.graphql()?).await
}

async fn payload(ctx: &Context<'_>, id: OpeningId) -> Result<OpeningBalancesPayload> {
    let opening_balances = one(ctx.data()?, caller(ctx)?, id).await.graphql()?;
    Ok(OpeningBalancesPayload { opening_balances })
}

async fn one(db: &Db, caller: &Caller, id: OpeningId) -> Result<OpeningBalances, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let (opening, currency) = readable(&scope, caller, id).await?;
    let counts = repo::counts(&scope, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(OpeningBalances::new(opening, counts, currency))
}

/// Opening balances that the caller may read, with the currency of their estate.
async fn readable(
    scope: &TenantScope,
    caller: &Caller,
    id: OpeningId,
) -> Result<(Opening, Currency), Refused> {
    let opening = repo::find(scope, id).await?.ok_or(Denied::Hidden)?;
    caller.read(OPENING_READ, opening.estate)?;
    let estate = estates::find(scope, opening.estate).await?.ok_or(Denied::Hidden)?;
    Ok((opening, estate.currency))
}
