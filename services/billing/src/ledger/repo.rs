//! Entries in, balances out. Entries are only ever added.

use super::{
    books::FOLD,
    domain::{Account, Entry, EntryKind, Line},
    guard_repo::{add_to_days, closed, refuse_closed},
};
use crate::{
    estates,
    ids::{BillingAccountId, EntryId},
    say,
};
use chrono::NaiveDate;
use db::{StorageError, TenantScope, hint_job, stored, tenant_owned};
use errors::{Code, Coded};
use ids::EstateId;
use money::{Currency, Fen};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use texts::Text;
use uuid::Uuid;

pub(super) mod entry {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_entries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub lines: i32,
        pub estate_id: Uuid,
        pub kind: String,
        pub day: Date,
        pub currency: String,
        pub source: String,
        pub memo: String,
        pub reverses: Option<Uuid>,
        pub at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod line {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_lines")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub entry_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub line: i32,
        pub lines: i32,
        pub code: String,
        pub subject: Option<Uuid>,
        pub amount: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod delta {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "balance_deltas")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub code: String,
        pub subject: Option<Uuid>,
        pub amount: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(entry, line, delta);

/// An entry about to be posted.
#[derive(Clone, Debug)]
pub struct Posting {
    /// In whose books.
    pub estate: EstateId,
    /// What is posted.
    pub entry: Entry,
    /// The day it belongs to, in the estate's time zone.
    pub date: NaiveDate,
    /// What it comes from: the text of an id, e.g. of a payment or a bill.
    pub source: String,
    /// What a reader of the journal should know.
    pub memo: String,
}

/// Posts an entry.
///
/// # Errors
/// When its month is closed ([`errors::Code::Conflict`]), or the database refuses it otherwise.
pub async fn post(scope: &TenantScope, posting: Posting) -> Result<EntryId, StorageError> {
    Ok(write(scope, vec![(posting, None)]).await?[0])
}

/// Posts many entries in few statements; the ids come in the order of the postings.
///
/// # Errors
/// When the month of one of them is closed ([`errors::Code::Conflict`]), or the database refuses
/// it otherwise.
pub async fn post_all(
    scope: &TenantScope,
    postings: Vec<Posting>,
) -> Result<Vec<EntryId>, StorageError> {
    write(scope, postings.into_iter().map(|posting| (posting, None)).collect()).await
}

async fn write(
    scope: &TenantScope,
    postings: Vec<(Posting, Option<EntryId>)>,
) -> Result<Vec<EntryId>, StorageError> {
    if postings.is_empty() {
        return Ok(Vec::new());
    }
    refuse_closed(scope, &postings).await?;
    let estates: BTreeSet<Uuid> = postings.iter().map(|(it, _)| it.estate.as_uuid()).collect();
    let dates: BTreeSet<NaiveDate> = postings.iter().map(|(it, _)| it.date).collect();
    add_to_days(scope, &postings).await?;
    let mut ids = Vec::with_capacity(postings.len());
    let (mut lines, mut entries) = (Vec::new(), Vec::new());
    let mut changes: BTreeMap<(Uuid, &str, Option<Uuid>), i64> = BTreeMap::new();
    for (posting, reverses) in postings {
        let id = EntryId::from_uuid(scope.new_id());
        let count = i32::try_from(posting.entry.lines().len())
            .map_err(|_| StorageError::unreadable("an entry of too many lines"))?;
        for (number, line) in (1..).zip(posting.entry.lines()) {
            let (code, subject) = (line.account.code(), line.account.subject());
            *changes.entry((posting.estate.as_uuid(), code, subject)).or_default() += line.amount.0;
            lines.push(line::ActiveModel {
                entry_id: Set(id.as_uuid()),
                line: Set(number),
                lines: Set(count),
                code: Set(code.to_owned()),
                subject: Set(subject),
                amount: Set(line.amount.0),
                ..Default::default()
            });
        }
        entries.push(entry::ActiveModel {
            id: Set(id.as_uuid()),
            lines: Set(count),
            estate_id: Set(posting.estate.as_uuid()),
            kind: Set(stored::word(posting.entry.kind())?),
            day: Set(posting.date),
            currency: Set(posting.entry.currency().to_string()),
            source: Set(posting.source),
            memo: Set(posting.memo),
            reverses: Set(reverses.map(EntryId::as_uuid)),
            at: Set(scope.now()),
            ..Default::default()
        });
        ids.push(id);
    }
    let deltas = changes.into_iter().filter(|(_, amount)| *amount != 0).map(
        |((estate, code, subject), amount)| delta::ActiveModel {
            id: Set(scope.new_id()),
            estate_id: Set(estate),
            code: Set(code.to_owned()),
            subject: Set(subject),
            amount: Set(amount),
            ..Default::default()
        },
    );
    scope.insert_all(lines).await?;
    scope.insert_all(entries).await.map_err(|error| closed(error, &dates))?;
    scope.insert_all(deltas.collect::<Vec<_>>()).await?;
    fold_sometimes(scope, &estates, ids.last()).await?;
    Ok(ids)
}

/// Asks for the balances to be folded after about every 32nd posting, told by its random id.
async fn fold_sometimes(
    scope: &TenantScope,
    estates: &BTreeSet<Uuid>,
    last: Option<&EntryId>,
) -> Result<(), StorageError> {
    if last.is_some_and(|id| id.as_uuid().as_u128() % 32 == 0) {
        for estate in estates {
            hint_job(scope, FOLD, *estate).await?;
        }
    }
    Ok(())
}

/// Why an entry cannot be reversed.
#[derive(Debug, thiserror::Error)]
pub enum ReverseError {
    /// There is no such entry.
    #[error("not found")]
    NotFound,
    /// It is reversed already, or is itself a reversal.
    #[error("the entry is reversed already, or is itself a reversal")]
    Already,
    /// Reading or writing failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Coded for ReverseError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Already => Code::Conflict,
            Self::Storage(error) => error.code(),
        }
    }
    fn text(&self) -> Text {
        match self {
            Self::Already => say::reversed_already(),
            Self::NotFound | Self::Storage(_) => self.code().text(),
        }
    }
}

/// Undoes an entry by its reversal, dated today in the estate; an entry is reversed only once.
///
/// # Errors
/// [`ReverseError`].
pub async fn reverse(
    scope: &TenantScope,
    id: EntryId,
    reason: &str,
) -> Result<EntryId, ReverseError> {
    let of_entry = scope.find::<entry::Entity>().filter(entry::Column::Id.eq(id.as_uuid()));
    let row = of_entry.one().await?.ok_or(ReverseError::NotFound)?;
    let reversed = scope.find::<entry::Entity>().filter(entry::Column::Reverses.eq(id.as_uuid()));
    if row.reverses.is_some() || reversed.one().await?.is_some() {
        return Err(ReverseError::Already);
    }
    let estate_id = EstateId::from_uuid(row.estate_id);
    let estate = estates::find(scope, estate_id).await?.ok_or(ReverseError::NotFound)?;
    let posting = Posting {
        estate: estate_id,
        entry: read_entry(scope, &row).await?.reversal(),
        date: estate.today(scope.clock()),
        source: row.source,
        memo: reason.to_owned(),
    };
    match write(scope, vec![(posting, Some(id))]).await {
        Err(error) if error.is_unique_violation() => Err(ReverseError::Already),
        written => Ok(written?[0]),
    }
}

async fn read_entry(scope: &TenantScope, row: &entry::Model) -> Result<Entry, StorageError> {
    let lines = scope.find::<line::Entity>().filter(line::Column::EntryId.eq(row.id));
    let currency: Currency = row
        .currency
        .parse()
        .map_err(|_| StorageError::unreadable(format!("currency of entry {}", row.id)))?;
    let lines = lines.asc(line::Column::Line).all().await?;
    let lines: Result<Vec<Line>, StorageError> = lines
        .into_iter()
        .map(|line| {
            let account = Account::from_code(&line.code, line.subject)
                .ok_or_else(|| StorageError::unreadable(format!("account {}", line.code)))?;
            Ok(Line { account, amount: Fen(line.amount), currency })
        })
        .collect();
    let kind: EntryKind = stored::read_word(&row.kind)?;
    Entry::new(kind, lines?).map_err(|error| StorageError::unreadable(error.to_string()))
}

#[derive(FromQueryResult)]
struct Sum {
    amount: i64,
}

/// The balance of an account in an estate's books; debit positive.
///
/// # Errors
/// When the database fails.
pub async fn balance(
    scope: &TenantScope,
    estate: EstateId,
    account: Account,
) -> Result<Fen, StorageError> {
    let mut values = vec![estate.as_uuid().into(), account.code().into()];
    let subject = match account.subject() {
        Some(subject) => {
            values.push(subject.into());
            "subject = $4"
        }
        None => "subject IS NULL",
    };
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount FROM balance_deltas \
         WHERE tenant_id = $1 AND estate_id = $2 AND code = $3 AND {subject}"
    );
    let rows: Vec<Sum> = scope.rows(&sql, values).await?;
    Ok(Fen(rows.first().map_or(0, |row| row.amount)))
}

#[derive(FromQueryResult)]
struct OfSubject {
    subject: Uuid,
}

/// Which of these accounts have paid ahead.
pub(crate) async fn prepaid(
    scope: &TenantScope,
    estate: EstateId,
    accounts: &[BillingAccountId],
) -> Result<Vec<BillingAccountId>, StorageError> {
    let mut found = Vec::new();
    for part in accounts.chunks(500) {
        let mut values = vec![estate.as_uuid().into()];
        let wanted = scope.one_of(&mut values, part.iter().map(|account| account.as_uuid()));
        let sql = format!(
            "SELECT subject FROM balance_deltas WHERE tenant_id = $1 AND estate_id = $2 \
             AND code = '2203' AND subject {wanted} GROUP BY subject HAVING SUM(amount) < 0"
        );
        let rows: Vec<OfSubject> = scope.rows(&sql, values).await?;
        found.extend(rows.iter().map(|row| BillingAccountId::from_uuid(row.subject)));
    }
    Ok(found)
}

/// What an account owes and what it has paid ahead of any bill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Not below zero unless the books are wrong.
    pub(crate) owed: Fen,
    /// Likewise.
    pub(crate) ahead: Fen,
}

impl Standing {
    /// What it owes less what it has paid ahead.
    pub(crate) fn balance(self) -> Fen {
        self.owed - self.ahead
    }
}

/// How accounts stand in the books of their estates; one of which nothing was ever posted is left
/// out.
pub(crate) async fn standings(
    scope: &TenantScope,
    accounts: impl IntoIterator<Item = (EstateId, BillingAccountId)>,
) -> Result<HashMap<BillingAccountId, Standing>, StorageError> {
    let mut by_estate: BTreeMap<EstateId, Vec<Uuid>> = BTreeMap::new();
    for (estate, account) in accounts {
        by_estate.entry(estate).or_default().push(account.as_uuid());
    }
    let mut standings: HashMap<BillingAccountId, Standing> = HashMap::new();
    let mut parts: Vec<(EstateId, &[Uuid])> = Vec::new();
    for (estate, accounts) in &by_estate {
        parts.extend(accounts.chunks(500).map(|part| (*estate, part)));
    }
    for (estate, part) in parts {
        let mut values = vec![estate.as_uuid().into()];
        let wanted = scope.one_of(&mut values, part.iter().copied());
        let sql = format!(
            "SELECT subject, code, CAST(SUM(amount) AS BIGINT) AS amount FROM balance_deltas \
             WHERE tenant_id = $1 AND estate_id = $2 AND code IN ('1122', '2203') \
             AND subject {wanted} GROUP BY subject, code"
        );
        for OfAccount { subject, code, amount } in scope.rows(&sql, values).await? {
            let standing = standings.entry(BillingAccountId::from_uuid(subject)).or_default();
            if code == "1122" {
                standing.owed = Fen(amount);
            } else {
                standing.ahead = Fen(-amount);
            }
        }
    }
    Ok(standings)
}

#[derive(FromQueryResult)]
struct OfAccount {
    subject: Uuid,
    code: String,
    amount: i64,
}
