//! Rows of contacts. They are only ever added.

use super::domain::Delivered;
use crate::{
    dunning::{
        demand::Demand,
        domain::{Channel, ReasonClass, Step},
        templates::Wording,
    },
    ids::{BillId, BillingAccountId, BuildingId, DunningActionId, DunningCaseId},
};
use authz::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult, Value};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

mod action {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dunning_actions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub case_id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub building_id: Option<Uuid>,
        pub step: Option<String>,
        pub channel: String,
        pub staff: Option<Uuid>,
        pub second_staff: Option<Uuid>,
        pub script: String,
        pub happened_at: DateTimeUtc,
        pub happened_on: Date,
        pub demanded: i64,
        pub text_zh: Option<String>,
        pub text_en: Option<String>,
        pub reply: Option<String>,
        pub reason_class: Option<String>,
        pub acknowledged_on: Option<Date>,
        pub note: Option<String>,
        pub corrects: Option<Uuid>,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod demanded {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dunning_action_bills")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub action_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub bill_id: Uuid,
        pub principal: i64,
        pub late_fee: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod delivery {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dunning_deliveries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub action_id: Uuid,
        pub delivered_at: DateTimeUtc,
        pub delivered_on: Date,
        pub evidence: String,
        pub reference: String,
        pub recorded_by: Uuid,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod promise {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dunning_promises")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub action_id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub amount: i64,
        pub made_on: Date,
        pub due_on: Date,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(action, demanded, delivery, promise);

/// One contact with a debtor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Action {
    pub id: DunningActionId,
    pub case: DunningCaseId,
    pub estate: EstateId,
    pub account: BillingAccountId,
    pub building: Option<BuildingId>,
    pub step: Option<Step>,
    pub channel: Channel,
    /// `None`: the daily work.
    pub staff: Option<UserId>,
    pub second: Option<UserId>,
    /// The step's text and its version.
    pub script: String,
    pub happened_at: DateTime<Utc>,
    pub happened_on: NaiveDate,
    pub demanded: Fen,
    /// What was written.
    pub text: Option<Wording>,
    pub reply: Option<String>,
    pub reason: Option<ReasonClass>,
    pub acknowledged_on: Option<NaiveDate>,
    pub note: Option<String>,
    /// The contact that this row undoes.
    pub corrects: Option<DunningActionId>,
}

/// A contact about to be kept.
pub(super) struct NewAction<'n> {
    pub action: &'n Action,
    pub demands: &'n [Demand],
    pub delivered: Option<(&'n Delivered, UserId)>,
    pub zone: Tz,
    pub promise: Option<super::Promised>,
}

/// Keeps a contact with what it demanded, whether it arrived and what was promised.
pub(super) async fn insert(scope: &TenantScope, new: &NewAction<'_>) -> Result<(), StorageError> {
    let it = new.action;
    scope.insert(row_of(scope, it)?).await?;
    let demanded = |demand: &Demand| demanded::ActiveModel {
        action_id: Set(it.id.as_uuid()),
        bill_id: Set(demand.bill.as_uuid()),
        principal: Set(demand.principal.0),
        late_fee: Set(demand.late_fee.0),
        ..Default::default()
    };
    let bills: Vec<_> = new.demands.iter().map(demanded).collect();
    scope.insert_all(bills).await?;
    if let Some(delivered) = new.delivered {
        insert_delivery(scope, it.id, delivered, new.zone).await?;
    }
    if let Some(promised) = new.promise {
        let row = promise::ActiveModel {
            action_id: Set(it.id.as_uuid()),
            estate_id: Set(it.estate.as_uuid()),
            account_id: Set(it.account.as_uuid()),
            amount: Set(promised.amount.0),
            made_on: Set(it.happened_on),
            due_on: Set(promised.due_on),
            ..Default::default()
        };
        scope.insert(row).await?;
    }
    Ok(())
}

fn row_of(scope: &TenantScope, it: &Action) -> Result<action::ActiveModel, StorageError> {
    Ok(action::ActiveModel {
        id: Set(it.id.as_uuid()),
        case_id: Set(it.case.as_uuid()),
        estate_id: Set(it.estate.as_uuid()),
        account_id: Set(it.account.as_uuid()),
        building_id: Set(it.building.map(BuildingId::as_uuid)),
        step: Set(it.step.map(stored::word).transpose()?),
        channel: Set(stored::word(it.channel)?),
        staff: Set(it.staff.map(UserId::as_uuid)),
        second_staff: Set(it.second.map(UserId::as_uuid)),
        script: Set(it.script.clone()),
        happened_at: Set(it.happened_at),
        happened_on: Set(it.happened_on),
        demanded: Set(it.demanded.0),
        text_zh: Set(it.text.as_ref().map(|text| text.zh.clone())),
        text_en: Set(it.text.as_ref().map(|text| text.en.clone())),
        reply: Set(it.reply.clone()),
        reason_class: Set(it.reason.map(stored::word).transpose()?),
        acknowledged_on: Set(it.acknowledged_on),
        note: Set(it.note.clone()),
        corrects: Set(it.corrects.map(DunningActionId::as_uuid)),
        created_at: Set(scope.now()),
        ..Default::default()
    })
}

/// Notes that a demand arrived.
pub(super) async fn insert_delivery(
    scope: &TenantScope,
    id: DunningActionId,
    (delivered, by): (&Delivered, UserId),
    zone: Tz,
) -> Result<(), StorageError> {
    let row = delivery::ActiveModel {
        action_id: Set(id.as_uuid()),
        delivered_at: Set(delivered.at),
        delivered_on: Set(delivered.at.with_timezone(&zone).date_naive()),
        evidence: Set(stored::word(delivered.evidence)?),
        reference: Set(delivered.reference.trim().to_owned()),
        recorded_by: Set(by.as_uuid()),
        created_at: Set(scope.now()),
        ..Default::default()
    };
    scope.insert(row).await
}

/// One contact.
pub(crate) async fn find(
    scope: &TenantScope,
    id: DunningActionId,
) -> Result<Option<Action>, StorageError> {
    let rows = scope.find::<action::Entity>().filter(action::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// Whether a contact was undone.
pub(super) async fn is_corrected(
    scope: &TenantScope,
    id: DunningActionId,
) -> Result<bool, StorageError> {
    let rows = scope.find::<action::Entity>().filter(action::Column::Corrects.eq(id.as_uuid()));
    Ok(rows.count().await? > 0)
}

/// Whether a contact's demand is known to have arrived.
pub(super) async fn is_delivered(
    scope: &TenantScope,
    id: DunningActionId,
) -> Result<bool, StorageError> {
    let rows = scope.find::<delivery::Entity>();
    Ok(rows.filter(delivery::Column::ActionId.eq(id.as_uuid())).count().await? > 0)
}

/// The contacts of a case that stand, oldest first.
pub(crate) async fn of_case(
    scope: &TenantScope,
    case: DunningCaseId,
) -> Result<Vec<Action>, StorageError> {
    use action::Column as C;
    let rows = scope.find::<action::Entity>().filter(C::CaseId.eq(case.as_uuid()));
    let all = rows.asc(C::HappenedAt).asc(C::Id).all().await?;
    let undone: HashSet<Uuid> = all.iter().filter_map(|row| row.corrects).collect();
    let stands = |row: &action::Model| row.corrects.is_none() && !undone.contains(&row.id);
    all.into_iter().filter(stands).map(read).collect()
}

#[derive(FromQueryResult)]
struct Last {
    day: Option<NaiveDate>,
}

/// When a step was last done in a case.
pub(super) async fn last_of(
    scope: &TenantScope,
    case: DunningCaseId,
    step: Step,
) -> Result<Option<NaiveDate>, StorageError> {
    let sql = "SELECT MAX(a.happened_on) AS day FROM dunning_actions a WHERE a.tenant_id = $1 \
               AND a.case_id = $2 AND a.step = $3 AND a.corrects IS NULL AND NOT EXISTS \
               (SELECT 1 FROM dunning_actions c WHERE c.tenant_id = a.tenant_id AND c.corrects = a.id)";
    let values = [case.as_uuid().into(), stored::word(step)?.into()];
    Ok(scope.rows::<Last>(sql, values).await?.first().and_then(|row| row.day))
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

/// How many messages an account got on a day; one that was recorded wrongly is none.
pub(super) async fn messages_on(
    scope: &TenantScope,
    account: BillingAccountId,
    day: NaiveDate,
) -> Result<u64, StorageError> {
    let sql = "SELECT COUNT(*) AS n FROM dunning_actions a WHERE a.tenant_id = $1 \
               AND a.account_id = $2 AND a.happened_on = $3 AND a.channel IN ('APP', 'SMS') \
               AND a.corrects IS NULL AND NOT EXISTS \
               (SELECT 1 FROM dunning_actions c WHERE c.tenant_id = a.tenant_id AND c.corrects = a.id)";
    let rows: Vec<Count> = scope.rows(sql, [account.as_uuid().into(), day.into()]).await?;
    Ok(rows.first().map_or(0, |row| row.n.unsigned_abs()))
}

/// A page of the contacts with an account, newest first.
pub(crate) async fn page(
    scope: &TenantScope,
    account: BillingAccountId,
    (before, limit): (Option<Uuid>, u64),
) -> Result<Vec<Action>, StorageError> {
    use action::Column as C;
    let rows = scope
        .find::<action::Entity>()
        .filter(C::AccountId.eq(account.as_uuid()))
        .filter_by(before, |before| C::Id.lt(before));
    rows.desc(C::Id).limit(limit).all().await?.into_iter().map(read).collect()
}

/// What belongs to some contacts.
#[derive(Debug, Default)]
pub(crate) struct Attached {
    /// Of which each is undone, and by which row.
    pub corrected_by: HashMap<DunningActionId, DunningActionId>,
    /// What they demanded of which bill: principal and late fee.
    pub bills: HashMap<DunningActionId, Vec<(BillId, Fen, Fen)>>,
    /// Which of them arrived.
    pub delivered: HashMap<DunningActionId, Delivered>,
    /// What was promised, until when, and how much was paid until then.
    pub promises: HashMap<DunningActionId, (Fen, NaiveDate, Fen)>,
}

#[derive(FromQueryResult)]
struct PromiseRow {
    action_id: Uuid,
    amount: i64,
    due_on: NaiveDate,
    paid: i64,
}

/// What belongs to some contacts, in four statements whatever their number.
pub(crate) async fn attached(
    scope: &TenantScope,
    actions: &[DunningActionId],
) -> Result<Attached, StorageError> {
    let mut found = Attached::default();
    if actions.is_empty() {
        return Ok(found);
    }
    let ids = || actions.iter().map(|id| id.as_uuid());
    let id = DunningActionId::from_uuid;
    let rows = scope.find::<action::Entity>().filter_in(action::Column::Corrects, ids());
    for row in rows.all().await? {
        found.corrected_by.extend(row.corrects.map(|wrong| (id(wrong), id(row.id))));
    }
    let rows = scope.find::<demanded::Entity>().filter_in(demanded::Column::ActionId, ids());
    for row in rows.asc(demanded::Column::BillId).all().await? {
        let bill = (BillId::from_uuid(row.bill_id), Fen(row.principal), Fen(row.late_fee));
        found.bills.entry(id(row.action_id)).or_default().push(bill);
    }
    let rows = scope.find::<delivery::Entity>().filter_in(delivery::Column::ActionId, ids());
    for row in rows.all().await? {
        let delivered = Delivered {
            at: row.delivered_at,
            evidence: stored::read_word(&row.evidence)?,
            reference: row.reference,
        };
        found.delivered.insert(id(row.action_id), delivered);
    }
    let mut values: Vec<Value> = Vec::new();
    let wanted = scope.one_of(&mut values, ids());
    let sql = format!(
        "SELECT p.action_id, p.amount, p.due_on, CAST(COALESCE((SELECT -SUM(l.amount) \
         FROM ledger_lines l JOIN ledger_entries e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id \
         WHERE l.tenant_id = p.tenant_id AND l.code = '1122' AND l.subject = p.account_id \
         AND e.kind IN ('PAYMENT', 'PREPAYMENT_APPLIED', 'REFUND', 'DISPUTE') \
         AND e.day BETWEEN p.made_on AND p.due_on), 0) AS BIGINT) AS paid \
         FROM dunning_promises p WHERE p.tenant_id = $1 AND p.action_id {wanted}"
    );
    for row in scope.rows::<PromiseRow>(&sql, values).await? {
        found.promises.insert(id(row.action_id), (Fen(row.amount), row.due_on, Fen(row.paid)));
    }
    Ok(found)
}

fn read(row: action::Model) -> Result<Action, StorageError> {
    Ok(Action {
        id: DunningActionId::from_uuid(row.id),
        case: DunningCaseId::from_uuid(row.case_id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        building: row.building_id.map(BuildingId::from_uuid),
        step: row.step.as_deref().map(stored::read_word).transpose()?,
        channel: stored::read_word(&row.channel)?,
        staff: row.staff.map(UserId::from_uuid),
        second: row.second_staff.map(UserId::from_uuid),
        script: row.script,
        happened_at: row.happened_at,
        happened_on: row.happened_on,
        demanded: Fen(row.demanded),
        text: row.text_zh.zip(row.text_en).map(|(zh, en)| Wording { zh, en }),
        reply: row.reply,
        reason: row.reason_class.as_deref().map(stored::read_word).transpose()?,
        acknowledged_on: row.acknowledged_on,
        note: row.note,
        corrects: row.corrects.map(DunningActionId::from_uuid),
    })
}
