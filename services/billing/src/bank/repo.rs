//! Bank accounts, statements and their lines in the database.

use super::{
    domain::{BankAccount, BankLine, BankStatement},
    statement::{Known, ReadLine},
};
use crate::ids::{BankAccountId, BankLineId, BankStatementId};
use authz::UserId;
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition, FromQueryResult};
use std::collections::HashSet;
use uuid::Uuid;

mod account {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bank_accounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub name: String,
        pub number: String,
        pub currency: String,
        pub opening: i64,
        pub created_by: Uuid,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod statement {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bank_statements")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub estate_id: Uuid,
        pub format: String,
        pub file_name: String,
        pub hash: String,
        pub from_day: Date,
        pub to_day: Date,
        pub opening: i64,
        pub closing: i64,
        pub lines: i32,
        pub imported_by: Uuid,
        pub imported_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod line {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bank_lines")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub estate_id: Uuid,
        pub statement_id: Uuid,
        pub day: Date,
        pub amount: i64,
        pub payer: String,
        pub payer_number: String,
        pub text: String,
        pub reference: String,
        pub key: String,
        pub matched: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(account, statement, line);

/// The bank of one company.
pub(super) struct Bank<'s>(pub &'s TenantScope);

/// Which lines are wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct LineFilter {
    pub account: Option<BankAccountId>,
    pub matched: Option<bool>,
    /// Not after this day.
    pub until: Option<NaiveDate>,
    /// Part of the payer, text or reference.
    pub words: Option<String>,
}

#[derive(FromQueryResult)]
struct Sum {
    amount: i64,
}

impl Bank<'_> {
    pub async fn insert_account(&self, it: &BankAccount, by: UserId) -> Result<(), StorageError> {
        self.0
            .insert(account::ActiveModel {
                id: Set(it.id.as_uuid()),
                estate_id: Set(it.estate.as_uuid()),
                name: Set(it.name.clone()),
                number: Set(it.number.clone()),
                currency: Set(it.currency.to_string()),
                opening: Set(it.opening.0),
                created_by: Set(by.as_uuid()),
                created_at: Set(self.0.now()),
                ..Default::default()
            })
            .await
    }

    pub async fn account(&self, id: BankAccountId) -> Result<Option<BankAccount>, StorageError> {
        let rows = self.0.find::<account::Entity>().filter(account::Column::Id.eq(id.as_uuid()));
        rows.one().await?.map(read_account).transpose()
    }

    /// The accounts of an estate, by their ids.
    pub async fn accounts(&self, estate: EstateId) -> Result<Vec<BankAccount>, StorageError> {
        let rows = self.0.find::<account::Entity>();
        let rows = rows.filter(account::Column::EstateId.eq(estate.as_uuid()));
        let rows = rows.asc(account::Column::Id).all().await?;
        rows.into_iter().map(read_account).collect()
    }

    /// Holds the bank of an estate until the transaction ends: what a line is and what is left in
    /// the books is decided by one at a time.
    pub async fn hold(&self, estate: EstateId) -> Result<(), StorageError> {
        let rows = self.0.find::<account::Entity>();
        let rows = rows.filter(account::Column::EstateId.eq(estate.as_uuid()));
        rows.asc(account::Column::Id).lock().all().await.map(drop)
    }

    /// What is known of an account around the days of a statement with these keys.
    pub async fn known(
        &self,
        it: &BankAccount,
        (from, to): (NaiveDate, NaiveDate),
        keys: &[String],
    ) -> Result<(Known, HashSet<String>), StorageError> {
        use line::Column as C;
        let of = || self.0.find::<line::Entity>().filter(C::AccountId.eq(it.id.as_uuid()));
        let within = of().filter(C::Day.gte(from)).filter(C::Day.lte(to)).all().await?;
        let here: HashSet<&String> = keys.iter().collect();
        let again: Vec<&line::Model> =
            within.iter().filter(|row| here.contains(&row.key)).collect();
        let known = Known {
            before: it.opening + self.sum_before(it.id, from).await?,
            again: again.iter().map(|row| Fen(row.amount)).sum(),
            within: within.iter().map(|row| Fen(row.amount)).sum(),
        };
        Ok((known, again.into_iter().map(|row| row.key.clone()).collect()))
    }

    async fn sum_before(&self, id: BankAccountId, day: NaiveDate) -> Result<Fen, StorageError> {
        let sql = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount FROM bank_lines \
                   WHERE tenant_id = $1 AND account_id = $2 AND day < $3";
        let rows: Vec<Sum> = self.0.rows(sql, [id.as_uuid().into(), day.into()]).await?;
        Ok(Fen(rows.first().map_or(0, |row| row.amount)))
    }

    /// What the statements say is on an account at the end of a day.
    pub async fn balance(&self, it: &BankAccount, on: NaiveDate) -> Result<Fen, StorageError> {
        let after = on.succ_opt().unwrap_or(on);
        Ok(it.opening + self.sum_before(it.id, after).await?)
    }

    pub async fn insert_statement(
        &self,
        it: &BankStatement,
        hash: &str,
        by: UserId,
    ) -> Result<(), StorageError> {
        self.0
            .insert(statement::ActiveModel {
                id: Set(it.id.as_uuid()),
                account_id: Set(it.account.as_uuid()),
                estate_id: Set(it.estate.as_uuid()),
                format: Set(stored::word(it.format)?),
                file_name: Set(it.file_name.clone()),
                hash: Set(hash.to_owned()),
                from_day: Set(it.from),
                to_day: Set(it.to),
                opening: Set(it.opening.0),
                closing: Set(it.closing.0),
                lines: Set(it.lines),
                imported_by: Set(by.as_uuid()),
                imported_at: Set(self.0.now()),
                ..Default::default()
            })
            .await
    }

    /// The statement with these lines, if it was imported before.
    pub async fn by_hash(
        &self,
        account: BankAccountId,
        hash: &str,
    ) -> Result<Option<BankStatement>, StorageError> {
        use statement::Column as C;
        let rows = self.0.find::<statement::Entity>();
        let rows = rows.filter(C::AccountId.eq(account.as_uuid())).filter(C::Hash.eq(hash));
        rows.one().await?.map(read_statement).transpose()
    }

    pub async fn statement(
        &self,
        id: BankStatementId,
    ) -> Result<Option<BankStatement>, StorageError> {
        let rows = self.0.find::<statement::Entity>();
        let rows = rows.filter(statement::Column::Id.eq(id.as_uuid()));
        rows.one().await?.map(read_statement).transpose()
    }

    /// The statements of an account, newest first, and one more than the page has.
    pub async fn statements(
        &self,
        account: BankAccountId,
        page: &PageArgs,
    ) -> Result<Vec<BankStatement>, StorageError> {
        use statement::Column as C;
        let after = page.after.as_ref().and_then(|at| at.0.parse::<BankStatementId>().ok());
        let rows = self
            .0
            .find::<statement::Entity>()
            .filter(C::AccountId.eq(account.as_uuid()))
            .filter_by(after, |last| C::Id.lt(last.as_uuid()))
            .desc(C::Id)
            .limit(page.limit());
        rows.all().await?.into_iter().map(read_statement).collect()
    }

    pub async fn insert_lines(
        &self,
        it: &BankStatement,
        lines: &[(ReadLine, String)],
    ) -> Result<(), StorageError> {
        let row = |(read, key): &(ReadLine, String)| line::ActiveModel {
            id: Set(self.0.new_id()),
            account_id: Set(it.account.as_uuid()),
            estate_id: Set(it.estate.as_uuid()),
            statement_id: Set(it.id.as_uuid()),
            day: Set(read.day),
            amount: Set(read.amount.0),
            payer: Set(read.payer.clone()),
            payer_number: Set(read.payer_number.clone()),
            text: Set(read.text.clone()),
            reference: Set(read.reference.clone()),
            key: Set(key.clone()),
            matched: Set(false),
            ..Default::default()
        };
        self.0.insert_all(lines.iter().map(row).collect::<Vec<_>>()).await
    }

    pub async fn line(&self, id: BankLineId) -> Result<Option<BankLine>, StorageError> {
        let rows = self.0.find::<line::Entity>().filter(line::Column::Id.eq(id.as_uuid()));
        Ok(rows.one().await?.map(read_line))
    }

    /// The lines that a statement brought, in the order in which it has them.
    pub async fn lines_of(
        &self,
        statement: BankStatementId,
    ) -> Result<Vec<BankLine>, StorageError> {
        use line::Column as C;
        let rows = self.0.find::<line::Entity>().filter(C::StatementId.eq(statement.as_uuid()));
        Ok(rows.asc(C::Day).asc(C::Id).all().await?.into_iter().map(read_line).collect())
    }

    pub async fn set_matched(&self, id: BankLineId, matched: bool) -> Result<(), StorageError> {
        let update = self.0.update::<line::Entity>().set(line::Column::Matched, matched);
        update.filter(line::Column::Id.eq(id.as_uuid())).exec().await.map(drop)
    }

    /// The lines of an estate, oldest first, and one more than the page has.
    pub async fn lines(
        &self,
        estate: EstateId,
        filter: &LineFilter,
        page: &PageArgs,
    ) -> Result<Vec<BankLine>, StorageError> {
        use line::Column as C;
        let after = page.after.as_ref().and_then(|cursor| read_place(&cursor.0));
        let rows = self
            .0
            .find::<line::Entity>()
            .filter(C::EstateId.eq(estate.as_uuid()))
            .filter_by(filter.account, |account| C::AccountId.eq(account.as_uuid()))
            .filter_by(filter.matched, |matched| C::Matched.eq(matched))
            .filter_by(filter.until, |day| C::Day.lte(day));
        let rows = match &filter.words {
            Some(words) => rows.filter(
                Condition::any()
                    .add(C::Payer.contains(words))
                    .add(C::Text.contains(words))
                    .add(C::Reference.contains(words)),
            ),
            None => rows,
        };
        let rows = match after {
            Some((day, id)) => rows.filter(
                Condition::any()
                    .add(C::Day.gt(day))
                    .add(Condition::all().add(C::Day.eq(day)).add(C::Id.gt(id))),
            ),
            None => rows,
        };
        let rows = rows.asc(C::Day).asc(C::Id).limit(page.limit()).all().await?;
        Ok(rows.into_iter().map(read_line).collect())
    }
}

/// A line's place in the queue, as a cursor keeps it.
pub(super) fn place(line: &BankLine) -> String {
    format!("{}/{}", line.day, line.id.as_uuid())
}

fn read_place(text: &str) -> Option<(NaiveDate, Uuid)> {
    let (day, id) = text.split_once('/')?;
    Some((day.parse().ok()?, Uuid::try_parse(id).ok()?))
}

fn read_account(row: account::Model) -> Result<BankAccount, StorageError> {
    Ok(BankAccount {
        id: BankAccountId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        name: row.name,
        number: row.number,
        currency: row.currency.parse().map_err(|_| StorageError::unreadable("currency"))?,
        opening: Fen(row.opening),
    })
}

fn read_statement(row: statement::Model) -> Result<BankStatement, StorageError> {
    Ok(BankStatement {
        id: BankStatementId::from_uuid(row.id),
        account: BankAccountId::from_uuid(row.account_id),
        estate: EstateId::from_uuid(row.estate_id),
        format: stored::read_word(&row.format)?,
        file_name: row.file_name,
        from: row.from_day,
        to: row.to_day,
        opening: Fen(row.opening),
        closing: Fen(row.closing),
        lines: row.lines,
    })
}

fn read_line(row: line::Model) -> BankLine {
    BankLine {
        id: BankLineId::from_uuid(row.id),
        account: BankAccountId::from_uuid(row.account_id),
        estate: EstateId::from_uuid(row.estate_id),
        day: row.day,
        amount: Fen(row.amount),
        payer: row.payer,
        payer_number: row.payer_number,
        text: row.text,
        reference: row.reference,
        matched: row.matched,
    }
}
