//! Taking in a statement.

use super::{
    BANK_MATCH, BANK_READ, automatic,
    domain::{BankAccount, BankStatement, Format},
    read::{StatementFile, read},
    repo::Bank,
    statement::{ReadLine, ReadStatement, Wrong, keys},
};
use crate::{
    ids::{BankAccountId, BankStatementId},
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, TenantScope};
use errors::Invalid;
use money::Fen;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What a statement would bring.
#[derive(Clone, Debug)]
pub(super) struct Preview {
    pub account: BankAccount,
    pub statement: ReadStatement,
    pub wrong: Vec<Wrong>,
    /// By what each line is known again, and whether it is known already.
    pub known: Vec<(String, bool)>,
    pub opening: Fen,
    pub closing: Fen,
    hash: String,
}

/// What was taken in, or had been.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Imported {
    pub statement: BankStatementId,
    /// Whether the same statement was there before.
    pub again: bool,
    /// How many of its lines rules matched.
    #[serde(default)]
    pub matched: i32,
}

/// What is asked, by which a repeat is known.
#[derive(Debug, Serialize)]
struct Asked<'c> {
    account: BankAccountId,
    format: Format,
    content: &'c str,
}

/// Reads a statement and says what it would bring; nothing is kept.
pub(super) async fn preview(
    db: &Db,
    caller: &Caller,
    account: BankAccountId,
    file: StatementFile,
) -> Result<Preview, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let account = Bank(&scope).account(account).await?.ok_or(Denied::Hidden)?;
    caller.act(BANK_MATCH, BANK_READ, account.estate)?;
    drop(scope);
    let statement = read_apart(file).await?;
    let scope = db.read(caller.tenant()).await?;
    weigh(&scope, account, statement).await
}

/// Takes a statement in: every line once, whatever statements overlap. Automatic rules match what can
/// be nothing else.
#[tracing::instrument(name = "usecase.bank.import", skip_all, fields(account.id = %account))]
pub(super) async fn import(
    db: &Db,
    caller: &Caller,
    account: BankAccountId,
    file: StatementFile,
    key: &IdempotencyKey,
) -> Result<Imported, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let account = Bank(&scope).account(account).await?.ok_or(Denied::Hidden)?;
    caller.act(BANK_MATCH, BANK_READ, account.estate)?;
    drop(scope);
    let content = hex::encode(Sha256::digest(&file.content));
    let asked = Asked { account: account.id, format: file.format, content: &content };
    let (actor, format, name) = (caller.clone(), file.format, file.name.clone());
    let statement = read_apart(file).await?;
    keyed(db, caller, "import_bank_statement", key, &asked, move |scope| {
        Box::pin(async move {
            Bank(scope).hold(account.estate).await?;
            let hash = hash(&statement);
            if let Some(before) = Bank(scope).by_hash(account.id, &hash).await? {
                return Ok(Imported { statement: before.id, again: true, matched: 0 });
            }
            let preview = weigh(scope, account, statement).await?;
            if let Some(first) = preview.wrong.first() {
                let reason = say::bank_statement_wrong(preview.wrong.len(), first.reason.clone());
                return Err(Invalid::new("content", reason).into());
            }
            let kept = keep(scope, &actor, preview, format, name).await?;
            let matched = automatic::match_new(scope, &actor, &kept).await?;
            Ok(Imported { statement: kept.id, again: false, matched })
        })
    })
    .await
}

/// A large file is read beside the work for others.
async fn read_apart(file: StatementFile) -> Result<ReadStatement, PayError> {
    let read = tokio::task::spawn_blocking(move || read(&file));
    let read =
        read.await.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()));
    Ok(read?)
}

fn hash(statement: &ReadStatement) -> String {
    hex::encode(Sha256::digest(keys(&statement.lines).join("\n")))
}

/// Compares a statement with what is known of the account.
async fn weigh(
    scope: &TenantScope,
    account: BankAccount,
    statement: ReadStatement,
) -> Result<Preview, PayError> {
    let keys = keys(&statement.lines);
    let days = days(&statement);
    let (known, again) = Bank(scope).known(&account, days, &keys).await?;
    let mut wrong = statement.wrong.clone();
    if wrong.is_empty() {
        wrong = statement.check(known);
    }
    Ok(Preview {
        opening: statement.opening.unwrap_or(known.before),
        closing: statement.closing_after(known),
        known: keys.into_iter().map(|key| (key.clone(), again.contains(&key))).collect(),
        hash: hash(&statement),
        account,
        statement,
        wrong,
    })
}

fn days(statement: &ReadStatement) -> (NaiveDate, NaiveDate) {
    let from = statement.from.unwrap_or_default();
    (from, statement.to.unwrap_or(from))
}

async fn keep(
    scope: &TenantScope,
    actor: &Caller,
    preview: Preview,
    format: Format,
    file_name: String,
) -> Result<BankStatement, PayError> {
    let (from, to) = days(&preview.statement);
    let lines = preview.statement.lines.into_iter().zip(preview.known);
    let new: Vec<(ReadLine, String)> =
        lines.filter(|(_, (_, known))| !known).map(|(line, (key, _))| (line, key)).collect();
    let statement = BankStatement {
        id: BankStatementId::from_uuid(scope.new_id()),
        account: preview.account.id,
        estate: preview.account.estate,
        format,
        file_name: file_name.chars().take(200).collect(),
        from,
        to,
        opening: preview.opening,
        closing: preview.closing,
        lines: i32::try_from(new.len()).unwrap_or(i32::MAX),
    };
    Bank(scope).insert_statement(&statement, &preview.hash, actor.user()).await?;
    Bank(scope).insert_lines(&statement, &new).await?;
    let fact = AuditFact {
        action: "bank_statement.imported",
        object: statement.id.to_string(),
        estate: Some(statement.estate),
        reason: None,
        detail: (&statement.file_name, statement.lines, statement.closing),
    };
    audit(scope, actor, fact).await?;
    Ok(statement)
}
