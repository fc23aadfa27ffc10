//! Rules in the database.

use super::rules::{Rule, Terms};
use crate::ids::{BankRuleId, BillingAccountId};
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bank_rules")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub name: String,
        pub payer: String,
        pub payer_number: String,
        pub text: String,
        pub amount: Option<i64>,
        pub kind: String,
        pub account_id: Option<Uuid>,
        pub created_by: Uuid,
        pub created_at: DateTimeUtc,
        pub removed_at: Option<DateTimeUtc>,
        pub automatic: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// The most rules that are tried.
const MOST: u64 = 500;

/// The rules of one company.
pub(super) struct Rules<'s>(pub &'s TenantScope);

impl Rules<'_> {
    pub async fn insert(&self, rule: &Rule, by: UserId) -> Result<(), StorageError> {
        self.0
            .insert(row::ActiveModel {
                id: Set(rule.id.as_uuid()),
                estate_id: Set(rule.estate.as_uuid()),
                name: Set(rule.name.clone()),
                payer: Set(rule.terms.payer.clone()),
                payer_number: Set(rule.terms.payer_number.clone()),
                text: Set(rule.terms.text.clone()),
                amount: Set(rule.terms.amount.map(|amount| amount.0)),
                kind: Set(stored::word(rule.kind)?),
                account_id: Set(rule.account.map(BillingAccountId::as_uuid)),
                created_by: Set(by.as_uuid()),
                created_at: Set(self.0.now()),
                removed_at: Set(None),
                automatic: Set(rule.automatic),
                ..Default::default()
            })
            .await
    }

    pub async fn find(&self, id: BankRuleId) -> Result<Option<Rule>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        rows.one().await?.map(read).transpose()
    }

    /// Removes a rule; `false` when it was removed before.
    pub async fn remove(&self, id: BankRuleId) -> Result<bool, StorageError> {
        use row::Column as C;
        let update = self.0.update::<row::Entity>().set(C::RemovedAt, Some(self.0.now()));
        let update = update.filter(C::Id.eq(id.as_uuid())).filter(C::RemovedAt.is_null());
        Ok(update.exec().await? == 1)
    }

    /// Every rule of an estate that holds and matches by itself.
    pub async fn automatic(&self, estate: EstateId) -> Result<Vec<Rule>, StorageError> {
        use row::Column as C;
        let rows = self
            .0
            .find::<row::Entity>()
            .filter(C::EstateId.eq(estate.as_uuid()))
            .filter(C::RemovedAt.is_null())
            .filter(C::Automatic.eq(true))
            .asc(C::Id);
        rows.all().await?.into_iter().map(read).collect()
    }

    /// The rules of an estate that hold, oldest first.
    pub async fn holding(&self, estate: EstateId) -> Result<Vec<Rule>, StorageError> {
        let page = PageArgs { first: MOST, after: None };
        self.page(estate, &page).await
    }

    /// The same, page by page.
    pub async fn page(&self, estate: EstateId, page: &PageArgs) -> Result<Vec<Rule>, StorageError> {
        use row::Column as C;
        let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<BankRuleId>().ok());
        let rows = self
            .0
            .find::<row::Entity>()
            .filter(C::EstateId.eq(estate.as_uuid()))
            .filter(C::RemovedAt.is_null())
            .filter_by(after, |last| C::Id.gt(last.as_uuid()))
            .asc(C::Id)
            .limit(page.limit());
        rows.all().await?.into_iter().map(read).collect()
    }
}

fn read(row: row::Model) -> Result<Rule, StorageError> {
    Ok(Rule {
        id: BankRuleId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        name: row.name,
        terms: Terms {
            payer: row.payer,
            payer_number: row.payer_number,
            text: row.text,
            amount: row.amount.map(Fen),
        },
        kind: stored::read_word(&row.kind)?,
        account: row.account_id.map(BillingAccountId::from_uuid),
        automatic: row.automatic,
    })
}
