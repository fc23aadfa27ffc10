//! The homes of a sample in the database.

use super::{
    SurveyId,
    domain::{Invite, InviteState},
};
use contracts::{BuildingId, UnitId};
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition};
use std::collections::HashSet;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "survey_invites")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub survey_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        pub estate_id: Uuid,
        pub building_id: Uuid,
        pub building_code: String,
        pub label: String,
        pub rotation: i32,
        pub state: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

fn read(row: row::Model) -> Result<Invite, StorageError> {
    Ok(Invite {
        survey: SurveyId::from_uuid(row.survey_id),
        unit: UnitId::from_uuid(row.unit_id),
        building: BuildingId::from_uuid(row.building_id),
        building_code: row.building_code,
        label: row.label,
        state: stored::read_word(&row.state)?,
    })
}

/// Adds the homes of a sample, drawn in a round through all homes.
pub(super) async fn insert(
    scope: &TenantScope,
    (estate, rotation): (EstateId, i32),
    invites: &[Invite],
) -> Result<(), StorageError> {
    let row = |invite: &Invite| -> Result<_, StorageError> {
        Ok(row::ActiveModel {
            survey_id: Set(invite.survey.as_uuid()),
            unit_id: Set(invite.unit.as_uuid()),
            estate_id: Set(estate.as_uuid()),
            building_id: Set(invite.building.as_uuid()),
            building_code: Set(invite.building_code.clone()),
            label: Set(invite.label.clone()),
            rotation: Set(rotation),
            state: Set(stored::word(invite.state)?),
            ..Default::default()
        })
    };
    scope.insert_all(invites.iter().map(row).collect::<Result<Vec<_>, _>>()?).await
}

/// The homes that were asked in a round through all homes of an estate.
pub(super) async fn asked(
    scope: &TenantScope,
    estate: EstateId,
    rotation: i32,
) -> Result<HashSet<Uuid>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Rotation.eq(rotation));
    let rows = rows.filter(C::State.ne(stored::word(InviteState::Withdrawn)?)).all().await?;
    Ok(rows.into_iter().map(|row| row.unit_id).collect())
}

/// Every home of a survey.
pub(super) async fn of_survey(
    scope: &TenantScope,
    survey: SurveyId,
) -> Result<Vec<Invite>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::SurveyId.eq(survey.as_uuid()));
    rows.asc(C::UnitId).all().await?.into_iter().map(read).collect()
}

/// Some homes of a survey.
pub(super) async fn of_units(
    scope: &TenantScope,
    survey: SurveyId,
    units: &[UnitId],
) -> Result<Vec<Invite>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::SurveyId.eq(survey.as_uuid()));
    let rows = rows.filter_in(C::UnitId, units.iter().map(|unit| unit.as_uuid()));
    rows.all().await?.into_iter().map(read).collect()
}

/// The open invitations of some homes, newest survey first.
pub(super) async fn of_homes(
    scope: &TenantScope,
    estate: EstateId,
    units: &[UnitId],
) -> Result<Vec<Invite>, StorageError> {
    use row::Column as C;
    let words = [InviteState::Sent, InviteState::Reminded].map(stored::word);
    let words = words.into_iter().collect::<Result<Vec<_>, _>>()?;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_in(C::UnitId, units.iter().map(|unit| unit.as_uuid()))
        .filter_in(C::State, words)
        .desc(C::SurveyId)
        .asc(C::UnitId);
    rows.all().await?.into_iter().map(read).collect()
}

/// Moves homes of a survey that are in one of these states.
pub(super) async fn mark(
    scope: &TenantScope,
    survey: SurveyId,
    units: Option<&[UnitId]>,
    (from, to): (&[InviteState], InviteState),
) -> Result<u64, StorageError> {
    use row::Column as C;
    let from: Vec<String> = from.iter().map(stored::word).collect::<Result<_, _>>()?;
    let rows = scope
        .update::<row::Entity>()
        .set(C::State, stored::word(to)?)
        .filter(C::SurveyId.eq(survey.as_uuid()))
        .filter_by(units, |units| scope.among(C::UnitId, units.iter().map(|unit| unit.as_uuid())))
        .filter_in(C::State, from);
    rows.exec().await
}

/// Which homes a list is of.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    /// Only those in these buildings.
    pub(super) zone: Option<Vec<Uuid>>,
    /// Only those that are so far.
    pub(super) state: Option<InviteState>,
}

/// What a page of homes is sorted by.
pub(super) fn key(invite: &Invite) -> String {
    format!("{} {}", invite.unit, invite.label)
}

/// A page of the homes of a survey, by label.
pub(super) async fn page(
    scope: &TenantScope,
    survey: SurveyId,
    wanted: Wanted,
    page: &PageArgs,
) -> Result<Vec<Invite>, StorageError> {
    use row::Column as C;
    let after = page.after.as_ref().and_then(|cursor| {
        let (unit, label) = cursor.0.split_once(' ')?;
        Some((unit.parse::<UnitId>().ok()?, label.to_owned()))
    });
    let state = wanted.state.map(stored::word).transpose()?;
    let mut rows = scope
        .find::<row::Entity>()
        .filter(C::SurveyId.eq(survey.as_uuid()))
        .filter_by(wanted.zone, |zone| scope.among(C::BuildingId, zone))
        .filter_by(state, |state| C::State.eq(state));
    if let Some((unit, label)) = after {
        let same =
            Condition::all().add(C::Label.eq(label.as_str())).add(C::UnitId.gt(unit.as_uuid()));
        rows = rows.filter(Condition::any().add(C::Label.gt(label)).add(same));
    }
    let rows = rows.asc(C::Label).asc(C::UnitId).limit(page.limit());
    rows.all().await?.into_iter().map(read).collect()
}
