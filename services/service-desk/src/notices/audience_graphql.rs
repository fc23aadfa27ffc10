//! Whom a notice concerns and whom it reached, in the graph.

use super::{
    audience::BuildingReach,
    domain::{Audience, Entrance},
};
use async_graphql::{Enum, ID, InputObject, Result, SimpleObject};
use contracts::residents::MemberKind;
use graphql::parse_id;

/// In what capacity people belong to a unit.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum NoticeMember {
    /// The developer, before the first sale.
    Developer,
    /// An owner.
    Owner,
    /// A lessee.
    Lessee,
    /// Somebody of the household.
    Family,
}

impl From<NoticeMember> for MemberKind {
    fn from(kind: NoticeMember) -> Self {
        match kind {
            NoticeMember::Developer => Self::Developer,
            NoticeMember::Owner => Self::Owner,
            NoticeMember::Lessee => Self::Lessee,
            NoticeMember::Family => Self::Family,
        }
    }
}

impl From<MemberKind> for NoticeMember {
    fn from(kind: MemberKind) -> Self {
        match kind {
            MemberKind::Developer => Self::Developer,
            MemberKind::Owner => Self::Owner,
            MemberKind::Lessee => Self::Lessee,
            MemberKind::Family => Self::Family,
        }
    }
}

/// One entrance of a building.
#[derive(SimpleObject)]
pub struct NoticeEntrance {
    /// The building, `bld_…`.
    building_id: ID,
    /// The middle part of labels such as `3-1-1201`.
    entrance: String,
}

/// Whom a notice concerns: the homes of any of these places, or all when none is named.
#[derive(SimpleObject)]
pub struct NoticeAudience {
    /// Buildings, `bld_…`.
    building_ids: Vec<ID>,
    /// Entrances.
    entrances: Vec<NoticeEntrance>,
    /// Units, `unt_…`.
    unit_ids: Vec<ID>,
    /// Tags of units.
    tags: Vec<String>,
    /// Of their people those of these kinds; everybody when none is named.
    members: Vec<NoticeMember>,
    /// Whether homes in arrears are left out.
    arrears_free: bool,
}

impl From<Audience> for NoticeAudience {
    fn from(it: Audience) -> Self {
        let entrance = |it: Entrance| NoticeEntrance {
            building_id: it.building.to_string().into(),
            entrance: it.entrance,
        };
        Self {
            building_ids: it.buildings.iter().map(|id| id.to_string().into()).collect(),
            entrances: it.entrances.into_iter().map(entrance).collect(),
            unit_ids: it.units.iter().map(|id| id.to_string().into()).collect(),
            tags: it.tags,
            members: it.members.into_iter().map(Into::into).collect(),
            arrears_free: it.arrears_free,
        }
    }
}

/// How far a notice came in one building.
#[derive(SimpleObject)]
pub struct NoticeBuildingReach {
    /// The building, `bld_…`.
    building_id: ID,
    /// Its code.
    building_code: String,
    /// How many people it concerned.
    audience: i32,
    /// How many had it in their inbox, or by a provider.
    delivered: i32,
    /// How many read it in the app.
    read: i32,
}

/// How far a notice came.
#[derive(SimpleObject)]
pub struct NoticeReach {
    /// How many people it concerned.
    audience: i32,
    /// How many had it in their inbox, or by a provider.
    delivered: i32,
    /// How many read it in the app.
    read: i32,
    /// The same by building.
    buildings: Vec<NoticeBuildingReach>,
}

impl NoticeReach {
    pub(super) fn new(all: Vec<BuildingReach>) -> Self {
        let count = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
        let building = |it: BuildingReach| NoticeBuildingReach {
            building_id: contracts::BuildingId::from_uuid(it.building_id).to_string().into(),
            building_code: it.code.unwrap_or_default(),
            audience: count(it.audience),
            delivered: count(it.delivered),
            read: count(it.seen),
        };
        let buildings: Vec<_> = all.into_iter().map(building).collect();
        Self {
            audience: buildings.iter().map(|it| it.audience).sum(),
            delivered: buildings.iter().map(|it| it.delivered).sum(),
            read: buildings.iter().map(|it| it.read).sum(),
            buildings,
        }
    }
}

/// One entrance of a building.
#[derive(InputObject)]
pub struct NoticeEntranceInput {
    /// The building, `bld_…`.
    building_id: ID,
    /// The middle part of labels such as `3-1-1201`.
    entrance: String,
}

/// Whom a notice concerns: the homes of any of these places, or all when none is named.
#[derive(InputObject)]
pub struct NoticeAudienceInput {
    /// Buildings, `bld_…`.
    #[graphql(default)]
    building_ids: Vec<ID>,
    /// Entrances.
    #[graphql(default)]
    entrances: Vec<NoticeEntranceInput>,
    /// Units, `unt_…`.
    #[graphql(default)]
    unit_ids: Vec<ID>,
    /// Tags of units.
    #[graphql(default)]
    tags: Vec<String>,
    /// Of their people those of these kinds; everybody when none is named.
    #[graphql(default)]
    members: Vec<NoticeMember>,
    /// Leave out homes that are in arrears on the day of publishing: those with a bill unpaid after
    /// its due date.
    #[graphql(default)]
    arrears_free: bool,
}

impl NoticeAudienceInput {
    pub(super) fn read(self) -> Result<Audience> {
        let ids = self.building_ids.iter().map(|id| parse_id(id, "audience.buildingIds"));
        let units = self.unit_ids.iter().map(|id| parse_id(id, "audience.unitIds"));
        let entrances = self.entrances.into_iter().map(|it| {
            let building = parse_id(&it.building_id, "audience.entrances")?;
            Ok(Entrance { building, entrance: it.entrance })
        });
        Ok(Audience {
            buildings: ids.collect::<Result<_>>()?,
            entrances: entrances.collect::<Result<_>>()?,
            units: units.collect::<Result<_>>()?,
            tags: self.tags,
            members: self.members.into_iter().map(Into::into).collect(),
            arrears_free: self.arrears_free,
        })
    }
}
