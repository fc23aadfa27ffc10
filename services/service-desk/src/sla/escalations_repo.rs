//! Escalations in the database.

use super::{
    ClockId, EscalationId, Subject,
    domain::{Measure, Target},
};
use crate::secrecy;
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

mod escalation {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sla_escalations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub clock_id: Uuid,
        pub kind: String,
        pub subject_id: Uuid,
        pub round: i32,
        pub measure: String,
        pub percent: i32,
        pub target: String,
        pub due_at: DateTimeUtc,
        pub at: DateTimeUtc,
        pub acknowledged_by: Option<Uuid>,
        pub acknowledged_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod told {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sla_escalated_to")]
    #[expect(clippy::struct_field_names, reason = "these are the columns of the table")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub escalation_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(escalation, told);

/// A step that was reached.
#[derive(Clone, Debug)]
pub struct Escalation {
    /// Its id.
    pub id: EscalationId,
    /// The estate.
    pub estate: EstateId,
    /// The ticket.
    pub subject: Subject,
    /// Of which promise.
    pub measure: Measure,
    /// At which share of it.
    pub percent: i32,
    /// Which level was told.
    pub target: Target,
    /// When it was reached.
    pub due_at: DateTime<Utc>,
    /// When it was noted.
    pub at: DateTime<Utc>,
    /// Who took note.
    pub acknowledged_by: Option<UserId>,
    /// When.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Who was told.
    pub told: Vec<UserId>,
}

/// The steps of a clock's round of which somebody was told.
pub(super) async fn told(
    scope: &TenantScope,
    clock: ClockId,
    round: i32,
) -> Result<BTreeSet<(Measure, u16)>, StorageError> {
    use escalation::Column as C;
    let rows = scope.find::<escalation::Entity>().filter(C::ClockId.eq(clock.as_uuid()));
    let rows = rows.all().await?;
    let step = |row: escalation::Model| {
        let measure: Measure = stored::read_word(&row.measure)?;
        // The first answer is promised once, whatever the round.
        let counts = measure != Measure::Resolution || row.round == round;
        Ok(counts.then_some((measure, u16::try_from(row.percent).unwrap_or(u16::MAX))))
    };
    rows.into_iter().filter_map(|row| step(row).transpose()).collect()
}

/// Notes that a step was reached and who was told.
pub(super) async fn escalate(
    scope: &TenantScope,
    clock: (ClockId, i32),
    escalation: &Escalation,
) -> Result<(), StorageError> {
    let row = escalation::ActiveModel {
        id: Set(escalation.id.as_uuid()),
        estate_id: Set(escalation.estate.as_uuid()),
        clock_id: Set(clock.0.as_uuid()),
        kind: Set(stored::word(escalation.subject.kind)?),
        subject_id: Set(escalation.subject.id),
        round: Set(clock.1),
        measure: Set(stored::word(escalation.measure)?),
        percent: Set(escalation.percent),
        target: Set(stored::word(escalation.target)?),
        due_at: Set(escalation.due_at),
        at: Set(escalation.at),
        acknowledged_by: Set(None),
        acknowledged_at: Set(None),
        ..Default::default()
    };
    scope.insert(row).await?;
    let rows = escalation.told.iter().map(|user| told::ActiveModel {
        escalation_id: Set(escalation.id.as_uuid()),
        user_id: Set(user.as_uuid()),
        ..Default::default()
    });
    scope.insert_all(rows.collect::<Vec<_>>()).await
}

fn escalation_of(row: escalation::Model) -> Result<Escalation, StorageError> {
    Ok(Escalation {
        id: EscalationId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        subject: Subject::new(stored::read_word(&row.kind)?, row.subject_id),
        measure: stored::read_word(&row.measure)?,
        percent: row.percent,
        target: stored::read_word(&row.target)?,
        due_at: row.due_at,
        at: row.at,
        acknowledged_by: row.acknowledged_by.map(UserId::from_uuid),
        acknowledged_at: row.acknowledged_at,
        told: Vec::new(),
    })
}

async fn with_told(
    scope: &TenantScope,
    rows: Vec<escalation::Model>,
) -> Result<Vec<Escalation>, StorageError> {
    let ids = rows.iter().map(|row| row.id);
    let told = scope.find::<told::Entity>().filter_in(told::Column::EscalationId, ids);
    let mut users: HashMap<Uuid, Vec<UserId>> = HashMap::new();
    for row in told.asc(told::Column::UserId).all().await? {
        users.entry(row.escalation_id).or_default().push(UserId::from_uuid(row.user_id));
    }
    let whole = |row: escalation::Model| {
        let told = users.remove(&row.id).unwrap_or_default();
        Ok(Escalation { told, ..escalation_of(row)? })
    };
    rows.into_iter().map(whole).collect()
}

/// Which escalations a list is of.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub estate: EstateId,
    /// Who asks; nothing of a complaint about themself is listed.
    pub asks: UserId,
    /// Only those that told this account.
    pub told: Option<UserId>,
    /// Only those of which somebody took note, or nobody did.
    pub acknowledged: Option<bool>,
    pub after: Option<EscalationId>,
    pub limit: u64,
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
}

/// A page of escalations, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    wanted: &Wanted,
) -> Result<Vec<Escalation>, StorageError> {
    let mut values = vec![wanted.estate.as_uuid().into()];
    let mut sql =
        "SELECT e.id FROM sla_escalations e WHERE e.tenant_id = $1 AND e.estate_id = $2".to_owned();
    let mut with = |part: &str, value: sea_orm::Value| {
        values.push(value);
        sql.push_str(&part.replace('?', &format!("${}", values.len() + 1)));
    };
    let open = format!(" AND e.subject_id NOT IN {}", secrecy::HIDDEN_FROM);
    with(&open, wanted.asks.as_uuid().into());
    if let Some(user) = wanted.told {
        let part = " AND EXISTS (SELECT 1 FROM sla_escalated_to t WHERE t.tenant_id = $1 \
                    AND t.escalation_id = e.id AND t.user_id = ?)";
        with(part, user.as_uuid().into());
    }
    if let Some(after) = wanted.after {
        with(" AND e.id < ?", after.as_uuid().into());
    }
    match wanted.acknowledged {
        Some(true) => sql.push_str(" AND e.acknowledged_at IS NOT NULL"),
        Some(false) => sql.push_str(" AND e.acknowledged_at IS NULL"),
        None => {}
    }
    let sql = format!("{sql} ORDER BY e.id DESC LIMIT {}", wanted.limit);
    let found: Vec<Found> = scope.rows(&sql, values).await?;
    let ids = found.iter().map(|row| row.id);
    let rows = scope.find::<escalation::Entity>().filter_in(escalation::Column::Id, ids);
    with_told(scope, rows.desc(escalation::Column::Id).all().await?).await
}

/// One escalation, held until the transaction ends.
pub(super) async fn lock_escalation(
    scope: &TenantScope,
    id: EscalationId,
) -> Result<Option<Escalation>, StorageError> {
    let rows = scope.find::<escalation::Entity>().filter(escalation::Column::Id.eq(id.as_uuid()));
    Ok(with_told(scope, rows.lock().all().await?).await?.pop())
}

/// Notes who took note of an escalation.
pub(super) async fn acknowledge(
    scope: &TenantScope,
    id: EscalationId,
    user: UserId,
    at: DateTime<Utc>,
) -> Result<(), StorageError> {
    use escalation::Column as C;
    let rows = scope.update::<escalation::Entity>().filter(C::Id.eq(id.as_uuid()));
    let rows = rows.set(C::AcknowledgedBy, user.as_uuid()).set(C::AcknowledgedAt, at);
    rows.exec().await.map(drop)
}
