//! Rows of billing accounts.

use super::{AccountId, BillingAccount, Debtor};
use crate::{
    estates::Terms,
    ids::{BuildingId, PersonId, UnitId},
    ledger::{self, Account},
};
use contracts::residents::PartyName;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::ExprTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

pub(super) mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "billing_accounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub party_id: Uuid,
        pub unit_id: Option<Uuid>,
        pub building_id: Option<Uuid>,
        pub name: String,
        pub shown_name: String,
        pub cycle: Option<String>,
        pub due: Option<String>,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// The account.
///
/// # Errors
/// When the database fails.
pub async fn find(
    scope: &TenantScope,
    id: AccountId,
) -> Result<Option<BillingAccount>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

/// The account, held until the transaction ends: whoever changes what it owes locks it first.
///
/// # Errors
/// When the database fails.
pub async fn lock(
    scope: &TenantScope,
    id: AccountId,
) -> Result<Option<BillingAccount>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.lock().one().await?.map(read).transpose()
}

/// What the account has paid ahead of any bill.
///
/// # Errors
/// When the database fails.
pub async fn prepayment(
    scope: &TenantScope,
    account: &BillingAccount,
) -> Result<Fen, StorageError> {
    let liability = Account::PrepaymentLiability(account.id);
    Ok(-ledger::balance(scope, account.estate, liability).await?)
}

/// Opens accounts for debtors that have none in an estate: under which name, in which building.
///
/// # Errors
/// When the database fails.
#[expect(clippy::implicit_hasher, reason = "callers have the standard map")]
pub async fn open(
    scope: &TenantScope,
    estate: EstateId,
    debtors: &HashMap<Debtor, (PartyName, Option<BuildingId>)>,
) -> Result<HashMap<Debtor, BillingAccount>, StorageError> {
    let new: Vec<_> = debtors
        .iter()
        .map(|(debtor, (name, building))| row::ActiveModel {
            id: Set(scope.new_id()),
            estate_id: Set(estate.as_uuid()),
            party_id: Set(debtor.party.as_uuid()),
            unit_id: Set(debtor.unit.map(UnitId::as_uuid)),
            building_id: Set(building.map(BuildingId::as_uuid)),
            name: Set(name.full.clone()),
            shown_name: Set(name.shown.clone()),
            cycle: Set(None),
            due: Set(None),
            created_at: Set(scope.now()),
            ..Default::default()
        })
        .collect();
    if new.is_empty() {
        return Ok(HashMap::new());
    }
    // Somebody else may open the same one at the same time: whoever comes second finds it.
    scope.insert_missing(new, []).await?;
    of_debtors(scope, estate, debtors.keys().copied()).await
}

/// The accounts of debtors in an estate, as far as they are open.
pub(crate) async fn of_debtors(
    scope: &TenantScope,
    estate: EstateId,
    debtors: impl Iterator<Item = Debtor>,
) -> Result<HashMap<Debtor, BillingAccount>, StorageError> {
    let mut wanted: Vec<Debtor> = debtors.collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut accounts = HashMap::with_capacity(wanted.len());
    for part in wanted.chunks(500) {
        let parties = part.iter().map(|debtor| debtor.party.as_uuid());
        let units = part.iter().filter_map(|debtor| debtor.unit.map(UnitId::as_uuid));
        // A developer may have thousands of units: only those that are asked for.
        let of_units = scope.among(row::Column::UnitId, units).or(row::Column::UnitId.is_null());
        let rows = scope
            .find::<row::Entity>()
            .filter(row::Column::EstateId.eq(estate.as_uuid()))
            .filter_in(row::Column::PartyId, parties)
            .filter(of_units)
            .all()
            .await?;
        for row in rows {
            let account = read(row)?;
            if wanted.binary_search(&account.debtor).is_ok() {
                accounts.insert(account.debtor, account);
            }
        }
    }
    Ok(accounts)
}

/// Every account of a person or organisation, in every estate.
pub(crate) async fn of_party(
    scope: &TenantScope,
    party: Uuid,
) -> Result<Vec<BillingAccount>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::PartyId.eq(party));
    found.asc(row::Column::Id).all().await?.into_iter().map(read).collect()
}

/// The accounts for units in some buildings of an estate.
pub(super) async fn in_buildings(
    scope: &TenantScope,
    estate: EstateId,
    buildings: &[Uuid],
) -> Result<Vec<Uuid>, StorageError> {
    let found = scope
        .find::<row::Entity>()
        .filter(row::Column::EstateId.eq(estate.as_uuid()))
        .filter_in(row::Column::BuildingId, buildings.iter().copied());
    Ok(found.all().await?.into_iter().map(|row| row.id).collect())
}

/// The accounts of some units.
pub(crate) async fn of_units(
    scope: &TenantScope,
    units: &[UnitId],
) -> Result<Vec<BillingAccount>, StorageError> {
    let ids = units.iter().map(|unit| unit.as_uuid());
    let found = scope.find::<row::Entity>().filter_in(row::Column::UnitId, ids);
    found.asc(row::Column::Id).all().await?.into_iter().map(read).collect()
}

/// Accounts by their ids.
pub(crate) async fn by_id(
    scope: &TenantScope,
    ids: &[AccountId],
) -> Result<Vec<BillingAccount>, StorageError> {
    let ids = ids.iter().map(|id| id.as_uuid());
    let found = scope.find::<row::Entity>().filter_in(row::Column::Id, ids);
    found.all().await?.into_iter().map(read).collect()
}

/// Gives an account the name that its party has now.
pub(super) async fn rename(
    scope: &TenantScope,
    id: AccountId,
    name: &PartyName,
) -> Result<(), StorageError> {
    use row::Column as C;
    let update = scope
        .update::<row::Entity>()
        .filter(C::Id.eq(id.as_uuid()))
        .set(C::Name, name.full.clone())
        .set(C::ShownName, name.shown.clone());
    update.exec().await.map(drop)
}

/// Gives an account terms of its own.
pub(super) async fn set_terms(
    scope: &TenantScope,
    id: AccountId,
    terms: Terms,
) -> Result<(), StorageError> {
    use row::Column as C;
    let update = scope
        .update::<row::Entity>()
        .filter(C::Id.eq(id.as_uuid()))
        .set(C::Cycle, stored::word(terms.cycle)?)
        .set(C::Due, stored::json(terms.due)?);
    update.exec().await.map(drop)
}

fn read(row: row::Model) -> Result<BillingAccount, StorageError> {
    let terms = match (&row.cycle, &row.due) {
        (Some(cycle), Some(due)) => {
            Some(Terms { cycle: stored::read_word(cycle)?, due: stored::read_json(due)? })
        }
        _ => None,
    };
    Ok(BillingAccount {
        id: AccountId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        debtor: Debtor {
            party: PersonId::from_uuid(row.party_id),
            unit: row.unit_id.map(UnitId::from_uuid),
        },
        building: row.building_id.map(BuildingId::from_uuid),
        name: PartyName { full: row.name, shown: row.shown_name },
        terms,
    })
}
