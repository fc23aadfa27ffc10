//! Rows of referrals.

use super::{Outcome, ReferralState};
use crate::{
    dunning::right::Reached,
    ids::{BillId, BillingAccountId, BuildingId, DunningCaseId, LegalReferralId},
};
use authz::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

mod referral {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "legal_referrals")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub building_id: Option<Uuid>,
        pub case_id: Uuid,
        pub state: String,
        pub contract_terms: String,
        pub note: Option<String>,
        pub claimed: i64,
        pub created_by: Uuid,
        pub created_at: DateTimeUtc,
        pub approved_by: Option<Uuid>,
        pub approved_at: Option<DateTimeUtc>,
        pub filed_on: Option<Date>,
        pub court_reference: Option<String>,
        pub closed_on: Option<Date>,
        pub result: Option<String>,
        pub result_note: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod debt {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "legal_referral_debts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub referral_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub bill_id: Uuid,
        pub first_month: Date,
        pub last_month: Date,
        pub due: Date,
        pub principal: i64,
        pub late_fee: i64,
        pub barred_on: Date,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(referral, debt);

/// What is given to a lawyer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Referral {
    pub id: LegalReferralId,
    pub estate: EstateId,
    pub account: BillingAccountId,
    pub building: Option<BuildingId>,
    pub case: DunningCaseId,
    pub state: ReferralState,
    pub contract_terms: String,
    pub note: Option<String>,
    pub claimed: Fen,
    pub created_by: UserId,
    pub created_at: DateTime<Utc>,
    pub approved_by: Option<UserId>,
    pub approved_at: Option<DateTime<Utc>>,
    pub filed_on: Option<NaiveDate>,
    pub court_reference: Option<String>,
    pub closed_on: Option<NaiveDate>,
    pub outcome: Option<Outcome>,
    pub outcome_note: Option<String>,
}

/// One debt of a referral as it was when it was put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Debt {
    pub bill: BillId,
    pub first_month: NaiveDate,
    pub last_month: NaiveDate,
    pub due: NaiveDate,
    pub principal: Fen,
    pub late_fee: Fen,
    pub barred_on: NaiveDate,
}

/// Adds a referral with its debts.
pub(super) async fn insert(
    scope: &TenantScope,
    it: &Referral,
    debts: &[Debt],
) -> Result<(), StorageError> {
    let row = referral::ActiveModel {
        id: Set(it.id.as_uuid()),
        estate_id: Set(it.estate.as_uuid()),
        account_id: Set(it.account.as_uuid()),
        building_id: Set(it.building.map(BuildingId::as_uuid)),
        case_id: Set(it.case.as_uuid()),
        state: Set(stored::word(it.state)?),
        contract_terms: Set(it.contract_terms.clone()),
        note: Set(it.note.clone()),
        claimed: Set(it.claimed.0),
        created_by: Set(it.created_by.as_uuid()),
        created_at: Set(it.created_at),
        ..Default::default()
    };
    scope.insert(row).await?;
    let row = |debt: &Debt| debt::ActiveModel {
        referral_id: Set(it.id.as_uuid()),
        bill_id: Set(debt.bill.as_uuid()),
        first_month: Set(debt.first_month),
        last_month: Set(debt.last_month),
        due: Set(debt.due),
        principal: Set(debt.principal.0),
        late_fee: Set(debt.late_fee.0),
        barred_on: Set(debt.barred_on),
        ..Default::default()
    };
    let rows: Vec<_> = debts.iter().map(row).collect();
    scope.insert_all(rows).await
}

/// Writes what may change of a referral.
pub(super) async fn save(scope: &TenantScope, it: &Referral) -> Result<(), StorageError> {
    use referral::Column as C;
    let update = scope
        .update::<referral::Entity>()
        .filter(C::Id.eq(it.id.as_uuid()))
        .set(C::State, stored::word(it.state)?)
        .set(C::ApprovedBy, it.approved_by.map(UserId::as_uuid))
        .set(C::ApprovedAt, it.approved_at)
        .set(C::FiledOn, it.filed_on)
        .set(C::CourtReference, it.court_reference.clone())
        .set(C::ClosedOn, it.closed_on)
        .set(C::Result, it.outcome.map(stored::word).transpose()?)
        .set(C::ResultNote, it.outcome_note.clone());
    update.exec().await.map(drop)
}

/// One referral.
pub(crate) async fn find(
    scope: &TenantScope,
    id: LegalReferralId,
) -> Result<Option<Referral>, StorageError> {
    let rows = scope.find::<referral::Entity>().filter(referral::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// One referral, held until the transaction ends. Lock its account first.
pub(super) async fn lock(
    scope: &TenantScope,
    id: LegalReferralId,
) -> Result<Option<Referral>, StorageError> {
    let rows = scope.find::<referral::Entity>().filter(referral::Column::Id.eq(id.as_uuid()));
    rows.lock().one().await?.map(read).transpose()
}

/// Whether a case has a referral that is not closed.
pub(super) async fn is_open(
    scope: &TenantScope,
    case: DunningCaseId,
) -> Result<bool, StorageError> {
    use referral::Column as C;
    let rows = scope
        .find::<referral::Entity>()
        .filter(C::CaseId.eq(case.as_uuid()))
        .filter(C::ClosedOn.is_null());
    Ok(rows.count().await? > 0)
}

/// A page of the referrals of an estate, newest first.
pub(crate) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    (state, reached): (Option<ReferralState>, Reached),
    (before, limit): (Option<Uuid>, u64),
) -> Result<Vec<Referral>, StorageError> {
    use referral::Column as C;
    let state = state.map(stored::word).transpose()?;
    let mut rows = scope
        .find::<referral::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(state, |state| C::State.eq(state))
        .filter_by(reached.zone, |zone| scope.among(C::BuildingId, zone))
        .filter_by(before, |before| C::Id.lt(before));
    if let Some(party) = reached.party {
        let own = crate::accounts::of_party(scope, party).await?;
        rows = rows.filter_in(C::AccountId, own.iter().map(|account| account.id.as_uuid()));
    }
    rows.desc(C::Id).limit(limit).all().await?.into_iter().map(read).collect()
}

/// The debts of some referrals, oldest first.
pub(crate) async fn debts_of(
    scope: &TenantScope,
    referrals: &[LegalReferralId],
) -> Result<HashMap<LegalReferralId, Vec<Debt>>, StorageError> {
    let ids = referrals.iter().map(|id| id.as_uuid());
    let rows = scope.find::<debt::Entity>().filter_in(debt::Column::ReferralId, ids);
    let mut found: HashMap<LegalReferralId, Vec<Debt>> = HashMap::new();
    for row in rows.asc(debt::Column::Due).asc(debt::Column::BillId).all().await? {
        let debt = Debt {
            bill: BillId::from_uuid(row.bill_id),
            first_month: row.first_month,
            last_month: row.last_month,
            due: row.due,
            principal: Fen(row.principal),
            late_fee: Fen(row.late_fee),
            barred_on: row.barred_on,
        };
        found.entry(LegalReferralId::from_uuid(row.referral_id)).or_default().push(debt);
    }
    Ok(found)
}

fn read(row: referral::Model) -> Result<Referral, StorageError> {
    Ok(Referral {
        id: LegalReferralId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        building: row.building_id.map(BuildingId::from_uuid),
        case: DunningCaseId::from_uuid(row.case_id),
        state: stored::read_word(&row.state)?,
        contract_terms: row.contract_terms,
        note: row.note,
        claimed: Fen(row.claimed),
        created_by: UserId::from_uuid(row.created_by),
        created_at: row.created_at,
        approved_by: row.approved_by.map(UserId::from_uuid),
        approved_at: row.approved_at,
        filed_on: row.filed_on,
        court_reference: row.court_reference,
        closed_on: row.closed_on,
        outcome: row.result.as_deref().map(stored::read_word).transpose()?,
        outcome_note: row.result_note,
    })
}
