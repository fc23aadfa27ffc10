//! The bank in the graph: what can be done.

use super::{
    add_account::{AddAccount, add_account},
    domain::{BankAccount, Format, Target},
    graphql::{
        BankAccountNode, BankLineNode, BankPartKind, BankStatementFormat, BankStatementNode,
        account_of, line_node, statement_of,
    },
    import::{Preview, import, preview},
    match_line::{MatchLine, match_line},
    move_unallocated::{MoveUnallocated, move_unallocated},
    read::StatementFile,
    table::Columns,
    unmatch::{UnmatchLine, unmatch},
};
use crate::{graphql::fen, say};
use ::graphql::{GraphqlResultExt as _, Money, caller, language, parse_id};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;
use db::Db;
use errors::Invalid;
use money::Fen;
use rust_decimal::Decimal;
use texts::Language;

/// The most lines that a preview shows.
const MOST_SHOWN: usize = 100;

/// What adding a bank account needs.
#[derive(InputObject)]
pub(crate) struct AddBankAccountInput {
    /// The estate whose money is on it.
    estate_id: ID,
    /// Its name.
    name: String,
    /// Its number or IBAN; only the end is ever shown.
    number: String,
    /// What is on it before the first day that statements are imported for, in major units; it is
    /// posted as an opening balance.
    #[graphql(default)]
    opening: Decimal,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The bank account that was added.
#[derive(SimpleObject)]
pub(crate) struct AddBankAccountPayload {
    /// The account.
    account: BankAccountNode,
}

/// Which header stands above which column of a table; what is not named is looked for by the usual
/// words.
#[derive(InputObject, Default)]
pub(crate) struct BankColumnsInput {
    /// The day of booking.
    day: Option<String>,
    /// The amount with its sign.
    amount: Option<String>,
    /// What came in.
    credit: Option<String>,
    /// What went out.
    debit: Option<String>,
    /// What was on the account afterwards.
    balance: Option<String>,
    /// The other side's name.
    payer: Option<String>,
    /// The other side's number.
    payer_number: Option<String>,
    /// What it is for.
    text: Option<String>,
    /// The bank's reference.
    reference: Option<String>,
}

/// What importing a statement needs.
#[derive(InputObject)]
pub(crate) struct ImportBankStatementInput {
    /// The bank account.
    account_id: ID,
    /// In which form the statement comes.
    format: BankStatementFormat,
    /// The name of the file.
    file_name: String,
    /// The file in Base64.
    content: String,
    /// The columns of a table.
    columns: Option<BankColumnsInput>,
    /// Only say what it would bring.
    #[graphql(default)]
    dry_run: bool,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What is wrong with a statement.
#[derive(SimpleObject)]
pub(crate) struct BankStatementFault {
    /// The row of a table or the number of a line; 0 is the whole statement.
    row: i32,
    /// What is wrong.
    reason: String,
}

/// A line as a preview shows it.
#[derive(SimpleObject)]
pub(crate) struct BankPreviewLine {
    /// Where it stands.
    row: i32,
    /// The day of booking.
    day: NaiveDate,
    /// Above zero money came in.
    amount: Money,
    /// Who paid, or was paid.
    payer: String,
    /// What it is for.
    text: String,
    /// Whether it was imported before.
    known: bool,
}

/// What a statement would bring.
#[derive(SimpleObject)]
pub(crate) struct BankStatementPreview {
    /// Everything that is wrong; nothing is imported as long as something is.
    faults: Vec<BankStatementFault>,
    /// What was on the account before.
    opening: Money,
    /// What would be on it afterwards.
    closing: Money,
    /// How many lines there are.
    lines: i32,
    /// How many of them are known already.
    known: i32,
    /// The first hundred.
    shown: Vec<BankPreviewLine>,
}

/// What importing a statement brought.
#[derive(SimpleObject)]
pub(crate) struct ImportBankStatementPayload {
    /// The statement; null in a dry run.
    statement: Option<BankStatementNode>,
    /// Whether the same statement was imported before.
    already_imported: bool,
    /// How many of its lines automatic rules matched.
    matched_by_rules: i32,
    /// What it would bring, in a dry run.
    preview: Option<BankStatementPreview>,
}

/// One thing that a line is.
#[derive(InputObject)]
pub(crate) struct BankPartInput {
    /// What.
    kind: BankPartKind,
    /// The source in the books, the cash deposit or the billing account, as the kind needs it.
    target_id: Option<String>,
    /// How much of the line, in major units with its sign; without it the whole line, which then
    /// has one part.
    amount: Option<Decimal>,
}

/// What matching a line needs.
#[derive(InputObject)]
pub(crate) struct MatchBankLineInput {
    /// The line.
    line_id: ID,
    /// What it is; the parts add up to it.
    parts: Vec<BankPartInput>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What unmatching a line needs.
#[derive(InputObject)]
pub(crate) struct UnmatchBankLineInput {
    /// The line.
    line_id: ID,
    /// Why.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// What moving unallocated money needs.
#[derive(InputObject)]
pub(crate) struct MoveUnallocatedInput {
    /// The part of a line that is unallocated.
    part_id: ID,
    /// Whose money it is.
    account_id: ID,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The line after an act.
#[derive(SimpleObject)]
pub(crate) struct BankLinePayload {
    /// The line.
    line: BankLineNode,
}

/// Mutations on the bank.
#[derive(Default)]
pub(crate) struct BankMutation;

#[Object]
impl BankMutation {
    /// Add a bank account of an estate.
    async fn add_bank_account(
        &self,
        ctx: &Context<'_>,
        input: AddBankAccountInput,
    ) -> Result<AddBankAccountPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let command = AddAccount {
            estate: parse_id(&input.estate_id, "estateId")?,
            name: input.name,
            number: input.number,
            opening: fen(input.opening, "opening")?,
        };
        let id = add_account(db, caller, command, &key).await.graphql()?;
        let (_, account) = account_of(db, caller, id).await.graphql()?;
        Ok(AddBankAccountPayload { account: account.into() })
    }

    /// Import a statement; importing it again changes nothing.
    async fn import_bank_statement(
        &self,
        ctx: &Context<'_>,
        input: ImportBankStatementInput,
    ) -> Result<ImportBankStatementPayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let account = parse_id(&input.account_id, "accountId")?;
        let file = StatementFile {
            format: Format::from(input.format),
            name: input.file_name,
            content: input.content,
            columns: columns(input.columns.unwrap_or_default()),
        };
        if input.dry_run {
            let found = preview(db, caller, account, file).await.graphql()?;
            let preview = Some(preview_node(found, language(ctx)));
            return Ok(ImportBankStatementPayload {
                statement: None,
                already_imported: false,
                matched_by_rules: 0,
                preview,
            });
        }
        let done = import(db, caller, account, file, &key).await.graphql()?;
        let statement = statement_of(db, caller, done.statement).await.graphql()?;
        Ok(ImportBankStatementPayload {
            statement: Some(statement),
            already_imported: done.again,
            matched_by_rules: done.matched,
            preview: None,
        })
    }

    /// Say what a line of a statement is; what the books do not have yet is posted.
    async fn match_bank_line(
        &self,
        ctx: &Context<'_>,
        input: MatchBankLineInput,
    ) -> Result<BankLinePayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let line = parse_id(&input.line_id, "lineId")?;
        let whole = super::graphql::amount_of(db, caller, line).await.graphql()?;
        let mut parts = Vec::with_capacity(input.parts.len());
        for part in &input.parts {
            let amount = match part.amount {
                Some(amount) => fen(amount, "amount")?,
                None => whole,
            };
            parts.push((target(part)?, amount));
        }
        let id = match_line(db, caller, MatchLine { line, parts }, &key).await.graphql()?;
        Ok(BankLinePayload { line: line_node(db, caller, id).await.graphql()? })
    }

    /// Take back what a line was said to be; what was posted for it is reversed.
    async fn unmatch_bank_line(
        &self,
        ctx: &Context<'_>,
        input: UnmatchBankLineInput,
    ) -> Result<BankLinePayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let line = parse_id(&input.line_id, "lineId")?;
        let command = UnmatchLine { line, reason: input.reason };
        let id = unmatch(db, caller, command, &key).await.graphql()?;
        Ok(BankLinePayload { line: line_node(db, caller, id).await.graphql()? })
    }

    /// Move unallocated money to the billing account of its payer, who was found.
    async fn move_unallocated(
        &self,
        ctx: &Context<'_>,
        input: MoveUnallocatedInput,
    ) -> Result<BankLinePayload> {
        let (db, caller) = (ctx.data::<Db>()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let command = MoveUnallocated {
            part: parse_id(&input.part_id, "partId")?,
            account: parse_id(&input.account_id, "accountId")?,
        };
        let id = move_unallocated(db, caller, command, &key).await.graphql()?;
        Ok(BankLinePayload { line: line_node(db, caller, id).await.graphql()? })
    }
}

fn target(part: &BankPartInput) -> Result<Target> {
    let given = part.target_id.as_deref();
    let id = || ID::from(given.unwrap_or_default());
    match (part.kind, given) {
        (BankPartKind::Booked, Some(source)) => Ok(Target::Booked(source.to_owned())),
        (BankPartKind::CashDeposit, Some(_)) => {
            parse_id(&id(), "targetId").map(Target::CashDeposit)
        }
        (BankPartKind::Account, Some(_)) => parse_id(&id(), "targetId").map(Target::Account),
        (BankPartKind::BankFee, None) => Ok(Target::BankFee),
        (BankPartKind::Unallocated, None) => Ok(Target::Unallocated),
        _ => Err(Invalid::new("targetId", say::bank_target_needed())).graphql(),
    }
}

fn columns(input: BankColumnsInput) -> Columns {
    Columns {
        day: input.day,
        amount: input.amount,
        credit: input.credit,
        debit: input.debit,
        balance: input.balance,
        payer: input.payer,
        payer_number: input.payer_number,
        text: input.text,
        reference: input.reference,
    }
}

fn preview_node(found: Preview, language: Language) -> BankStatementPreview {
    let BankAccount { currency, .. } = found.account;
    let money = |amount: Fen| Money::new(amount, currency);
    let int = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let row = |row: u32| i32::try_from(row).unwrap_or(i32::MAX);
    let known = found.known.iter().filter(|(_, known)| *known).count();
    let shown = found.statement.lines.iter().zip(&found.known).take(MOST_SHOWN);
    BankStatementPreview {
        faults: found
            .wrong
            .iter()
            .map(|wrong| BankStatementFault {
                row: row(wrong.row),
                reason: wrong.reason.say(language),
            })
            .collect(),
        opening: money(found.opening),
        closing: money(found.closing),
        lines: int(found.statement.lines.len()),
        known: int(known),
        shown: shown
            .map(|(line, (_, known))| BankPreviewLine {
                row: row(line.row),
                day: line.day,
                amount: money(line.amount),
                payer: line.payer.clone(),
                text: line.text.clone(),
                known: *known,
            })
            .collect(),
    }
}
