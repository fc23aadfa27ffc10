//! What lines are, in the database.

use super::domain::{Part, PartKind};
use crate::ids::{BankLineId, BankPartId, BankRuleId, EntryId};
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bank_parts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub line_id: Option<Uuid>,
        pub estate_id: Uuid,
        pub kind: String,
        pub source: String,
        pub amount: i64,
        pub day: Date,
        pub entry_id: Option<Uuid>,
        pub matched_by: Uuid,
        pub matched_at: DateTimeUtc,
        pub undone_by: Option<Uuid>,
        pub undone_at: Option<DateTimeUtc>,
        pub rule_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// The parts of the lines of one company.
pub(super) struct Parts<'s>(pub &'s TenantScope);

impl Parts<'_> {
    pub async fn insert(&self, parts: &[Part], by: UserId) -> Result<(), StorageError> {
        let mut rows = Vec::with_capacity(parts.len());
        for part in parts {
            rows.push(row::ActiveModel {
                id: Set(part.id.as_uuid()),
                line_id: Set(part.line.map(BankLineId::as_uuid)),
                estate_id: Set(part.estate.as_uuid()),
                kind: Set(stored::word(part.kind)?),
                source: Set(part.source.clone()),
                amount: Set(part.amount.0),
                day: Set(part.day),
                entry_id: Set(part.entry.map(EntryId::as_uuid)),
                matched_by: Set(by.as_uuid()),
                matched_at: Set(self.0.now()),
                undone_by: Set(None),
                undone_at: Set(None),
                rule_id: Set(part.rule.map(BankRuleId::as_uuid)),
                ..Default::default()
            });
        }
        self.0.insert_all(rows).await
    }

    /// The part, and whether it counts.
    pub async fn find(&self, id: BankPartId) -> Result<Option<(Part, bool)>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        let Some(row) = rows.one().await? else { return Ok(None) };
        let counts = row.undone_at.is_none();
        Ok(Some((read(row)?, counts)))
    }

    /// The parts of lines that count.
    pub async fn of_lines(
        &self,
        lines: impl IntoIterator<Item = BankLineId> + Send,
    ) -> Result<Vec<Part>, StorageError> {
        let lines = lines.into_iter().map(BankLineId::as_uuid);
        let rows = self.0.find::<row::Entity>().filter_in(row::Column::LineId, lines);
        let rows = rows.filter(row::Column::UndoneAt.is_null()).asc(row::Column::Id).all().await?;
        rows.into_iter().map(read).collect()
    }

    /// Notes that a part no longer counts.
    pub async fn undo(&self, id: BankPartId, by: UserId) -> Result<(), StorageError> {
        use row::Column as C;
        self.0
            .update::<row::Entity>()
            .set(C::UndoneBy, Some(by.as_uuid()))
            .set(C::UndoneAt, Some(self.0.now()))
            .filter(C::Id.eq(id.as_uuid()))
            .exec()
            .await
            .map(drop)
    }
}

fn read(row: row::Model) -> Result<Part, StorageError> {
    let kind: PartKind = stored::read_word(&row.kind)?;
    Ok(Part {
        id: BankPartId::from_uuid(row.id),
        line: row.line_id.map(BankLineId::from_uuid),
        estate: EstateId::from_uuid(row.estate_id),
        kind,
        source: row.source,
        amount: Fen(row.amount),
        day: row.day,
        entry: row.entry_id.map(EntryId::from_uuid),
        rule: row.rule_id.map(BankRuleId::from_uuid),
    })
}
