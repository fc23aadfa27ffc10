//! Partners, claims and settlements in the database.

use super::{
    ClaimId, PartnerId, SettlementId,
    domain::{Claim, Line, Partner, Settlement, Sums},
};
use crate::special_services::OrderId;
use authz::UserId;
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;

mod partner {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "service_partners")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub name: String,
        pub active: bool,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "partner_settlements")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub partner_id: Uuid,
        pub month: Date,
        pub state: String,
        pub version: i32,
        pub orders: i32,
        pub base: i64,
        pub share: i64,
        pub claims: i64,
        pub prepared_by: Uuid,
        pub prepared_at: DateTimeUtc,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub decision: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod claim {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "partner_claims")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub partner_id: Uuid,
        pub order_id: Uuid,
        pub amount: i64,
        pub reason: String,
        pub on_day: Date,
        pub noted_by: Uuid,
        pub noted_at: DateTimeUtc,
        pub settlement_id: Option<Uuid>,
        pub refund: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod line {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "partner_settlement_lines")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub settlement_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub order_id: Uuid,
        pub claim_id: Option<Uuid>,
        pub base: i64,
        pub share_bp: i32,
        pub amount: i64,
        pub refund: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(partner, row, claim, line);

fn partner_of(row: partner::Model) -> Partner {
    Partner {
        id: PartnerId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        name: row.name,
        active: row.active,
        version: row.version,
    }
}

/// Adds a partner.
pub(super) async fn insert_partner(
    scope: &TenantScope,
    partner: &Partner,
) -> Result<(), StorageError> {
    let row = partner::ActiveModel {
        id: Set(partner.id.as_uuid()),
        estate_id: Set(partner.estate.as_uuid()),
        name: Set(partner.name.clone()),
        active: Set(partner.active),
        version: Set(partner.version),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Writes a partner, counting the version up; whether it was still the partner's version.
pub(super) async fn save_partner(
    scope: &TenantScope,
    partner: &Partner,
) -> Result<bool, StorageError> {
    use partner::Column as C;
    let rows = scope.update::<partner::Entity>().filter(C::Id.eq(partner.id.as_uuid()));
    let rows = rows
        .filter(C::Version.eq(partner.version))
        .set(C::Version, partner.version + 1)
        .set(C::Name, partner.name.clone())
        .set(C::Active, partner.active);
    Ok(rows.exec().await? > 0)
}

/// The partner of this name in an estate.
pub(super) async fn partner_named(
    scope: &TenantScope,
    estate: EstateId,
    name: &str,
) -> Result<Option<PartnerId>, StorageError> {
    use partner::Column as C;
    let rows = scope.find::<partner::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let found = rows.filter(C::Name.eq(name)).one().await?;
    Ok(found.map(|row| PartnerId::from_uuid(row.id)))
}

/// One partner.
pub(crate) async fn find_partner(
    scope: &TenantScope,
    id: PartnerId,
) -> Result<Option<Partner>, StorageError> {
    let rows = scope.find::<partner::Entity>().filter(partner::Column::Id.eq(id.as_uuid()));
    Ok(rows.one().await?.map(partner_of))
}

/// One partner, held until the transaction ends.
pub(super) async fn lock_partner(
    scope: &TenantScope,
    id: PartnerId,
) -> Result<Option<Partner>, StorageError> {
    let rows = scope.find::<partner::Entity>().filter(partner::Column::Id.eq(id.as_uuid()));
    Ok(rows.lock().one().await?.map(partner_of))
}

/// What partners are called.
pub(super) async fn partner_names(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = PartnerId>,
) -> Result<HashMap<PartnerId, String>, StorageError> {
    let ids = ids.into_iter().map(PartnerId::as_uuid);
    let rows = scope.find::<partner::Entity>().filter_in(partner::Column::Id, ids).all().await?;
    Ok(rows.into_iter().map(|row| (PartnerId::from_uuid(row.id), row.name)).collect())
}

/// A page of an estate's partners.
pub(super) async fn partner_page(
    scope: &TenantScope,
    estate: EstateId,
    page: &PageArgs,
) -> Result<Vec<Partner>, StorageError> {
    use partner::Column as C;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<PartnerId>().ok());
    let rows = scope
        .find::<partner::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(after, |last| C::Id.gt(last.as_uuid()))
        .asc(C::Id)
        .limit(page.limit());
    Ok(rows.all().await?.into_iter().map(partner_of).collect())
}

/// Adds a claim.
pub(super) async fn insert_claim(scope: &TenantScope, claim: &Claim) -> Result<(), StorageError> {
    let row = claim::ActiveModel {
        id: Set(claim.id.as_uuid()),
        estate_id: Set(claim.estate.as_uuid()),
        partner_id: Set(claim.partner.as_uuid()),
        order_id: Set(claim.order.as_uuid()),
        amount: Set(claim.amount.0),
        reason: Set(claim.reason.clone()),
        on_day: Set(claim.on),
        noted_by: Set(claim.noted_by.map_or(uuid::Uuid::nil(), UserId::as_uuid)),
        noted_at: Set(claim.noted_at),
        settlement_id: Set(None),
        refund: Set(claim.refund),
        ..Default::default()
    };
    scope.insert(row).await
}

fn claim_of(row: claim::Model) -> Claim {
    Claim {
        id: ClaimId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        partner: PartnerId::from_uuid(row.partner_id),
        order: OrderId::from_uuid(row.order_id),
        amount: Fen(row.amount),
        reason: row.reason,
        on: row.on_day,
        noted_by: (!row.refund).then(|| UserId::from_uuid(row.noted_by)),
        noted_at: row.noted_at,
        settlement: row.settlement_id.map(SettlementId::from_uuid),
        refund: row.refund,
    }
}

/// One claim.
pub(super) async fn find_claim(
    scope: &TenantScope,
    id: ClaimId,
) -> Result<Option<Claim>, StorageError> {
    let rows = scope.find::<claim::Entity>().filter(claim::Column::Id.eq(id.as_uuid()));
    Ok(rows.one().await?.map(claim_of))
}

/// A partner's claims by a day that are in no settlement, held until the transaction ends.
pub(super) async fn lock_open_claims(
    scope: &TenantScope,
    partner: PartnerId,
    until: NaiveDate,
) -> Result<Vec<Claim>, StorageError> {
    use claim::Column as C;
    let rows = scope
        .find::<claim::Entity>()
        .filter(C::PartnerId.eq(partner.as_uuid()))
        .filter(C::OnDay.lte(until))
        .filter(C::SettlementId.is_null())
        .asc(C::Id)
        .lock();
    Ok(rows.all().await?.into_iter().map(claim_of).collect())
}

/// Notes in which settlement claims are, or that they are in none any more.
pub(super) async fn settle_claims(
    scope: &TenantScope,
    claims: &[ClaimId],
    settlement: Option<SettlementId>,
) -> Result<(), StorageError> {
    use claim::Column as C;
    let ids = claims.iter().map(|id| id.as_uuid());
    let rows = scope.update::<claim::Entity>().filter_in(C::Id, ids);
    rows.set(C::SettlementId, settlement.map(SettlementId::as_uuid)).exec().await.map(drop)
}

/// Adds a settlement with its lines.
pub(super) async fn insert(
    scope: &TenantScope,
    settlement: &Settlement,
    lines: &[Line],
) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(settlement.id.as_uuid()),
        estate_id: Set(settlement.estate.as_uuid()),
        partner_id: Set(settlement.partner.as_uuid()),
        month: Set(settlement.month),
        state: Set(stored::word(settlement.state)?),
        version: Set(settlement.version),
        orders: Set(settlement.sums.orders),
        base: Set(settlement.sums.base.0),
        share: Set(settlement.sums.share.0),
        claims: Set(settlement.sums.claims.0),
        prepared_by: Set(settlement.prepared_by.as_uuid()),
        prepared_at: Set(settlement.prepared_at),
        decided_by: Set(None),
        decided_at: Set(None),
        decision: Set(None),
        ..Default::default()
    };
    scope.insert(row).await?;
    let lines = (1..).zip(lines).map(|(number, line)| line::ActiveModel {
        settlement_id: Set(settlement.id.as_uuid()),
        number: Set(number),
        order_id: Set(line.order.as_uuid()),
        claim_id: Set(line.claim.map(ClaimId::as_uuid)),
        base: Set(line.base.0),
        share_bp: Set(i32::try_from(line.share_bp).unwrap_or(i32::MAX)),
        amount: Set(line.amount.0),
        refund: Set(line.refund),
        ..Default::default()
    });
    scope.insert_all(lines.collect::<Vec<_>>()).await
}

/// Writes what was decided, counting the version up; whether it was still the same version.
pub(super) async fn save(
    scope: &TenantScope,
    settlement: &Settlement,
) -> Result<bool, StorageError> {
    use row::Column as C;
    let (by, at) = settlement.decided.unzip();
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(settlement.id.as_uuid()));
    let rows = rows
        .filter(C::Version.eq(settlement.version))
        .set(C::Version, settlement.version + 1)
        .set(C::State, stored::word(settlement.state)?)
        .set(C::DecidedBy, by.map(UserId::as_uuid))
        .set(C::DecidedAt, at)
        .set(C::Decision, settlement.decision.clone());
    Ok(rows.exec().await? > 0)
}

fn settlement_of(row: row::Model) -> Result<Settlement, StorageError> {
    Ok(Settlement {
        id: SettlementId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        partner: PartnerId::from_uuid(row.partner_id),
        month: row.month,
        state: stored::read_word(&row.state)?,
        version: row.version,
        sums: Sums {
            orders: row.orders,
            base: Fen(row.base),
            share: Fen(row.share),
            claims: Fen(row.claims),
        },
        prepared_by: UserId::from_uuid(row.prepared_by),
        prepared_at: row.prepared_at,
        decided: row.decided_by.map(UserId::from_uuid).zip(row.decided_at),
        decision: row.decision,
    })
}

/// One settlement.
pub(super) async fn find(
    scope: &TenantScope,
    id: SettlementId,
) -> Result<Option<Settlement>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(settlement_of).transpose()
}

/// One settlement, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    id: SettlementId,
) -> Result<Option<Settlement>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.lock().one().await?.map(settlement_of).transpose()
}

/// The settlement of a partner's month, unless it was rejected.
pub(super) async fn of_month(
    scope: &TenantScope,
    partner: PartnerId,
    month: NaiveDate,
) -> Result<Option<SettlementId>, StorageError> {
    use row::Column as C;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::PartnerId.eq(partner.as_uuid()))
        .filter(C::Month.eq(month))
        .filter(C::State.ne("REJECTED"));
    Ok(rows.one().await?.map(|row| SettlementId::from_uuid(row.id)))
}

/// A page of an estate's settlements, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    partner: Option<PartnerId>,
    page: &PageArgs,
) -> Result<Vec<Settlement>, StorageError> {
    use row::Column as C;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<SettlementId>().ok());
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(partner, |partner| C::PartnerId.eq(partner.as_uuid()))
        .filter_by(after, |last| C::Id.lt(last.as_uuid()))
        .desc(C::Id)
        .limit(page.limit());
    rows.all().await?.into_iter().map(settlement_of).collect()
}

/// The lines of a settlement after a number, with their numbers.
pub(super) async fn lines(
    scope: &TenantScope,
    settlement: SettlementId,
    after: Option<i32>,
    limit: u64,
) -> Result<Vec<(i32, Line)>, StorageError> {
    use line::Column as C;
    let rows = scope
        .find::<line::Entity>()
        .filter(C::SettlementId.eq(settlement.as_uuid()))
        .filter_by(after, |last| C::Number.gt(last))
        .asc(C::Number)
        .limit(limit);
    let read = |row: line::Model| {
        let line = Line {
            order: OrderId::from_uuid(row.order_id),
            claim: row.claim_id.map(ClaimId::from_uuid),
            base: Fen(row.base),
            share_bp: u32::try_from(row.share_bp).unwrap_or_default(),
            amount: Fen(row.amount),
            refund: row.refund,
        };
        (row.number, line)
    };
    Ok(rows.all().await?.into_iter().map(read).collect())
}
