//! Rows of pauses.

use super::{Hold, PauseKind};
use crate::{
    accounts::BillingAccount,
    dunning::right::Reached,
    ids::{BillId, BillingAccountId, BuildingId, DunningPauseId, UnitId},
};
use authz::UserId;
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::ExprTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

mod pause {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dunning_pauses")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Option<Uuid>,
        pub unit_id: Option<Uuid>,
        pub building_id: Option<Uuid>,
        pub kind: String,
        pub reference: Option<String>,
        pub reason: String,
        pub started_on: Date,
        pub started_by: Option<Uuid>,
        pub ended_on: Option<Date>,
        pub ended_by: Option<Uuid>,
        pub end_reason: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod named {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dunning_pause_bills")]
    #[expect(clippy::struct_field_names, reason = "these are the columns of the table")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub pause_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub bill_id: Uuid,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(pause, named);

/// One pause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pause {
    /// Its id.
    pub id: DunningPauseId,
    /// The estate.
    pub estate: EstateId,
    /// The account it holds,
    pub account: Option<BillingAccountId>,
    /// or the unit whose accounts it holds.
    pub unit: Option<UnitId>,
    /// The building of either.
    pub building: Option<BuildingId>,
    /// Why, in one word.
    pub kind: PauseKind,
    /// What another service calls it.
    pub reference: Option<String>,
    /// Why.
    pub reason: String,
    /// The first day.
    pub started_on: NaiveDate,
    /// Who began it; nobody for one that another service told of.
    pub started_by: Option<UserId>,
    /// The day it ended.
    pub ended_on: Option<NaiveDate>,
    /// Who ended it.
    pub ended_by: Option<UserId>,
    /// What came of it.
    pub end_reason: Option<String>,
}

/// Adds a pause with the bills it names.
pub(super) async fn insert(
    scope: &TenantScope,
    it: &Pause,
    bills: &[BillId],
) -> Result<(), StorageError> {
    let row = pause::ActiveModel {
        id: Set(it.id.as_uuid()),
        estate_id: Set(it.estate.as_uuid()),
        account_id: Set(it.account.map(BillingAccountId::as_uuid)),
        unit_id: Set(it.unit.map(UnitId::as_uuid)),
        building_id: Set(it.building.map(BuildingId::as_uuid)),
        kind: Set(stored::word(it.kind)?),
        reference: Set(it.reference.clone()),
        reason: Set(it.reason.clone()),
        started_on: Set(it.started_on),
        started_by: Set(it.started_by.map(UserId::as_uuid)),
        ended_on: Set(it.ended_on),
        ended_by: Set(it.ended_by.map(UserId::as_uuid)),
        end_reason: Set(it.end_reason.clone()),
        ..Default::default()
    };
    scope.insert(row).await?;
    let row = |bill: &BillId| named::ActiveModel {
        pause_id: Set(it.id.as_uuid()),
        bill_id: Set(bill.as_uuid()),
        ..Default::default()
    };
    let named: Vec<_> = bills.iter().map(row).collect();
    scope.insert_all(named).await
}

/// Notes the end of a pause.
pub(super) async fn close(scope: &TenantScope, it: &Pause) -> Result<(), StorageError> {
    use pause::Column as C;
    let update = scope
        .update::<pause::Entity>()
        .filter(C::Id.eq(it.id.as_uuid()))
        .set(C::EndedOn, it.ended_on)
        .set(C::EndedBy, it.ended_by.map(UserId::as_uuid))
        .set(C::EndReason, it.end_reason.clone());
    update.exec().await.map(drop)
}

/// One pause.
pub(crate) async fn find(
    scope: &TenantScope,
    id: DunningPauseId,
) -> Result<Option<Pause>, StorageError> {
    let rows = scope.find::<pause::Entity>().filter(pause::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// The pause that another service calls so.
pub(super) async fn by_reference(
    scope: &TenantScope,
    reference: &str,
) -> Result<Option<Pause>, StorageError> {
    let rows = scope.find::<pause::Entity>().filter(pause::Column::Reference.eq(reference));
    rows.lock().one().await?.map(read).transpose()
}

/// What the pauses of an account hold, those of its unit too, as far as they reach into the time
/// since `from`.
pub(crate) async fn of_account(
    scope: &TenantScope,
    account: &BillingAccount,
    from: NaiveDate,
) -> Result<Hold, StorageError> {
    use pause::Column as C;
    let mut mine = C::AccountId.eq(account.id.as_uuid());
    if let Some(unit) = account.debtor.unit {
        mine = mine.or(C::UnitId.eq(unit.as_uuid()));
    }
    let rows = scope
        .find::<pause::Entity>()
        .filter(C::EstateId.eq(account.estate.as_uuid()))
        .filter(mine)
        .filter(C::EndedOn.is_null().or(C::EndedOn.gte(from)));
    let pauses = rows.all().await?;
    let ids: Vec<Uuid> = pauses.iter().map(|row| row.id).collect();
    let named = bills_by_id(scope, &ids).await?;
    let mut hold = Hold::default();
    for row in pauses {
        let bills = named.get(&DunningPauseId::from_uuid(row.id));
        hold.add(row.ended_on, bills.map_or(&[], Vec::as_slice));
    }
    Ok(hold)
}

/// Which pauses a list is of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Only those of this account or its unit.
    pub account: Option<BillingAccount>,
    /// Only those that last.
    pub running: bool,
    /// Only those that the caller's right reaches.
    pub reached: Reached,
}

/// A page of the pauses of an estate, newest first.
pub(crate) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    wanted: Wanted,
    (before, limit): (Option<Uuid>, u64),
) -> Result<Vec<Pause>, StorageError> {
    use pause::Column as C;
    let mut rows = scope
        .find::<pause::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(wanted.running.then_some(()), |()| C::EndedOn.is_null())
        .filter_by(wanted.reached.zone, |zone| scope.among(C::BuildingId, zone))
        .filter_by(before, |before| C::Id.lt(before));
    if let Some(account) = wanted.account {
        let mine = C::AccountId.eq(account.id.as_uuid());
        rows = rows.filter(match account.debtor.unit {
            Some(unit) => mine.or(C::UnitId.eq(unit.as_uuid())),
            None => mine,
        });
    }
    if let Some(party) = wanted.reached.party {
        // A complaint about a unit may be a neighbour's of the same household: only what is told of
        // the resident's own accounts is shown.
        let own = crate::accounts::of_party(scope, party).await?;
        rows = rows.filter_in(C::AccountId, own.iter().map(|account| account.id.as_uuid()));
    }
    rows.desc(C::Id).limit(limit).all().await?.into_iter().map(read).collect()
}

/// The bills that some pauses name.
pub(crate) async fn bills_of(
    scope: &TenantScope,
    pauses: &[DunningPauseId],
) -> Result<HashMap<DunningPauseId, Vec<BillId>>, StorageError> {
    let ids: Vec<Uuid> = pauses.iter().map(|id| id.as_uuid()).collect();
    bills_by_id(scope, &ids).await
}

async fn bills_by_id(
    scope: &TenantScope,
    pauses: &[Uuid],
) -> Result<HashMap<DunningPauseId, Vec<BillId>>, StorageError> {
    let mut found: HashMap<DunningPauseId, Vec<BillId>> = HashMap::new();
    if pauses.is_empty() {
        return Ok(found);
    }
    let rows = scope.find::<named::Entity>();
    let rows = rows.filter_in(named::Column::PauseId, pauses.iter().copied());
    for row in rows.asc(named::Column::BillId).all().await? {
        let pause = DunningPauseId::from_uuid(row.pause_id);
        found.entry(pause).or_default().push(BillId::from_uuid(row.bill_id));
    }
    Ok(found)
}

fn read(row: pause::Model) -> Result<Pause, StorageError> {
    Ok(Pause {
        id: DunningPauseId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        account: row.account_id.map(BillingAccountId::from_uuid),
        unit: row.unit_id.map(UnitId::from_uuid),
        building: row.building_id.map(BuildingId::from_uuid),
        kind: stored::read_word(&row.kind)?,
        reference: row.reference,
        reason: row.reason,
        started_on: row.started_on,
        started_by: row.started_by.map(UserId::from_uuid),
        ended_on: row.ended_on,
        ended_by: row.ended_by.map(UserId::from_uuid),
        end_reason: row.end_reason,
    })
}
