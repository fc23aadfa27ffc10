//! Imported fees in the graph.

use super::{FeeImport, ImportState, repo};
use crate::fees::FEE_READ;
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, Denied};
use chrono::NaiveDate;
use contracts::ImportId;
use db::Db;
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use ids::EstateId;

/// How far billing's half of an import is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "ImportedFeesState", remote = "ImportState")]
pub enum ImportStateWord {
    /// Fee settings and links are being taken.
    Running,
    /// It stopped; `failure` says why. Resuming goes on where it stopped.
    Failed,
    /// Everything is taken; the prices wait for somebody else's approval.
    Proposed,
    /// The prices are approved.
    Approved,
    /// The prices were given up.
    Withdrawn,
    /// There was nothing new to approve.
    Unchanged,
}

/// Billing's half of an import: fee settings and fee links of the file, as proposed prices.
#[derive(SimpleObject)]
pub struct ImportedFees {
    /// The import, `imp_…`.
    import_id: ID,
    /// What the file was called.
    file_name: String,
    /// Nothing before this day is charged.
    cut_over: NaiveDate,
    /// How far it is.
    state: ImportStateWord,
    /// Links there are; 0 before they are counted.
    total: i32,
    /// Links done.
    done: i32,
    /// Fee items that the file's settings name.
    items: i32,
    /// Prices proposed; they charge nothing before they are approved.
    proposed: i32,
    /// Links whose price stood so already.
    unchanged: i32,
    /// Links left out; the findings of the import say why.
    left_out: i32,
    /// Why it stopped.
    failure: Option<String>,
    /// Who imported the file, `usr_…`; they cannot approve its prices. None when no user did.
    imported_by: Option<ID>,
    /// Who approved the prices or gave them up; never who imported them.
    decided_by: Option<ID>,
    /// When they did.
    decided_on: Option<NaiveDate>,
}

impl From<FeeImport> for ImportedFees {
    fn from(import: FeeImport) -> Self {
        let small = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        let proposer = import.proposer();
        Self {
            import_id: import.id.to_string().into(),
            file_name: import.file_name,
            cut_over: import.cut_over,
            state: import.state.into(),
            total: small(import.total),
            done: small(import.done),
            items: small(import.items),
            proposed: small(import.proposed),
            unchanged: small(import.unchanged),
            left_out: small(import.left_out),
            imported_by: proposer.map(|user| user.to_string().into()),
            failure: import.failure,
            decided_by: import.decided.map(|(by, _)| by.to_string().into()),
            decided_on: import.decided.map(|(_, on)| on),
        }
    }
}

/// Staff who may see prices see how they came; residents do not.
fn seen(caller: &Caller, estate: EstateId) -> Result<(), Denied> {
    let permit = caller.read(FEE_READ, estate)?;
    if permit.own_person().is_some() { Err(Denied::Hidden) } else { Ok(()) }
}

/// An import, owned by residents.
pub struct ImportNode(ImportId);

#[Object(name = "Import")]
impl ImportNode {
    /// Its id, `imp_…`.
    async fn id(&self) -> ID {
        self.0.to_string().into()
    }

    /// Billing's half; none before residents' half is in, or for whoever may not see prices there.
    async fn fees(&self, ctx: &Context<'_>) -> Result<Option<ImportedFees>> {
        let caller = caller(ctx)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let import = repo::one(&scope, self.0).await.graphql()?;
        // The id may be anything: what may not be seen is not there, without a word.
        Ok(import.filter(|import| seen(caller, import.estate).is_ok()).map(Into::into))
    }
}

/// The imported fees of an estate.
pub struct EstateFeeImports(pub EstateId);

#[Object]
impl EstateFeeImports {
    /// Imports that brought fees, oldest first.
    async fn fee_imports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, ImportedFees>>> {
        let caller = caller(ctx)?;
        seen(caller, self.0).graphql()?;
        let page = PageArgs::new(first, after)?;
        let after = crate::graphql::after(&page)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let rows = repo::page(&scope, self.0, after, page.limit()).await.graphql()?;
        let key = |row: &FeeImport| row.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, Into::into)))
    }
}

/// Leads from other services' answers to imports.
#[derive(Default)]
pub struct ImportQuery;

#[Object]
impl ImportQuery {
    /// An import by its id.
    #[graphql(entity)]
    async fn find_import_by_id(&self, #[graphql(desc = "Its id")] id: ID) -> Result<ImportNode> {
        Ok(ImportNode(parse_id(&id, "id")?))
    }
}

/// An import whose prices are approved.
#[derive(InputObject)]
pub struct ApproveImportedFeesInput {
    /// The import, `imp_…`.
    import_id: ID,
}

/// An import whose prices are given up.
#[derive(InputObject)]
pub struct WithdrawImportedFeesInput {
    /// The import, `imp_…`.
    import_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
}

/// An import to go on with.
#[derive(InputObject)]
pub struct ResumeImportedFeesInput {
    /// The import, `imp_…`.
    import_id: ID,
}

/// Billing's half of the import as it is now.
#[derive(SimpleObject)]
pub struct ImportedFeesPayload {
    /// Billing's half.
    imported_fees: ImportedFees,
}

/// Acts on imported fees.
#[derive(Default)]
pub struct ImportMutation;

#[Object]
impl ImportMutation {
    /// Approve all prices of an import at once; somebody else imported them.
    async fn approve_imported_fees(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which import")] input: ApproveImportedFeesInput,
    ) -> Result<ImportedFeesPayload> {
        let id = parse_id(&input.import_id, "importId")?;
        let done = super::approve(ctx.data::<Db>()?, caller(ctx)?, id).await.graphql()?;
        Ok(ImportedFeesPayload { imported_fees: done.into() })
    }

    /// Give up all prices of an import before they are approved.
    async fn withdraw_imported_fees(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which import and why")] input: WithdrawImportedFeesInput,
    ) -> Result<ImportedFeesPayload> {
        let id = parse_id(&input.import_id, "importId")?;
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let done = super::withdraw(db, caller, id, &input.reason).await.graphql()?;
        Ok(ImportedFeesPayload { imported_fees: done.into() })
    }

    /// Go on with billing's half of an import that stopped.
    async fn resume_imported_fees(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which import")] input: ResumeImportedFeesInput,
    ) -> Result<ImportedFeesPayload> {
        let id = parse_id(&input.import_id, "importId")?;
        let done = super::resume(ctx.data::<Db>()?, caller(ctx)?, id).await.graphql()?;
        Ok(ImportedFeesPayload { imported_fees: done.into() })
    }
}
