//! Notices that count for somebody who came to their home after they were published: they see them in
//! the list, and get no letters.

use super::{
    NoticeId, arrears,
    audience::{Concern, Recipient},
    domain::{Audience, Notice},
    repo, tags,
};
use crate::Refused;
use contracts::{PersonId, residents::MemberKind};
use db::TenantScope;
use ids::EstateId;
use places::{
    estates,
    homes::{self, Unit},
};
use std::collections::{BTreeSet, HashMap};

/// The homes of somebody today, and what an audience asks of them.
struct Homes {
    person: PersonId,
    all: Vec<Home>,
}

struct Home {
    unit: Unit,
    kind: MemberKind,
    tags: BTreeSet<String>,
    in_arrears: bool,
}

impl Homes {
    async fn of(scope: &TenantScope, estate: EstateId, person: PersonId) -> Result<Self, Refused> {
        let today = estates::today(scope, estate).await?;
        let ties = homes::of_person(scope, estate, person).await?;
        let ties: Vec<_> = ties.into_iter().filter(|tie| tie.on(today)).collect();
        let units = homes::units(scope, ties.iter().map(|tie| tie.unit)).await?;
        let mut marks = tags::of_estate(scope, estate).await?;
        let behind = arrears::of_estate(scope, estate).await?;
        let home = |tie: homes::Member| {
            let unit = units.get(&tie.unit)?.clone();
            let tags = marks.remove(&tie.unit).unwrap_or_default();
            Some(Home { in_arrears: behind.contains(&unit.id), kind: tie.kind, unit, tags })
        };
        Ok(Self { person, all: ties.into_iter().filter_map(home).collect() })
    }

    fn meant_by(&self, audience: &Audience) -> Option<Concern> {
        let meant = |home: &&Home| {
            audience.has(&home.unit, &home.tags)
                && audience.admits(home.in_arrears)
                && audience.means(home.kind)
        };
        let home = self.all.iter().find(meant)?;
        let (unit, building) = (home.unit.id, home.unit.building);
        let home = Recipient { person: self.person, unit, building };
        Some(Concern { home, letter: None, read_at: None })
    }
}

/// The notices of an estate that count and are for somebody's home today.
pub(super) async fn of_person(
    scope: &TenantScope,
    estate: EstateId,
    person: PersonId,
) -> Result<HashMap<NoticeId, Concern>, Refused> {
    let homes = Homes::of(scope, estate, person).await?;
    let standing = repo::standing(scope, estate).await?;
    let meant = |(id, audience): (NoticeId, Audience)| Some((id, homes.meant_by(&audience)?));
    Ok(standing.into_iter().filter_map(meant).collect())
}

/// Whether a notice that counts is for somebody's home today.
pub(super) async fn concerns(
    scope: &TenantScope,
    notice: &Notice,
    person: PersonId,
) -> Result<Option<Concern>, Refused> {
    let homes = Homes::of(scope, notice.estate, person).await?;
    Ok(homes.meant_by(&notice.content.audience))
}
