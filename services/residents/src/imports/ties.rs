//! What a file says about a unit's people, joined with what is known: updated, not duplicated.

use crate::occupancy::{Occupancy, OccupancyId, check_payers};
use chrono::NaiveDate;
use contracts::{PersonId, UnitId, residents::MemberKind};
use ids::EstateId;
use uuid::Uuid;

/// A tie that the file asks for.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub person: PersonId,
    pub kind: MemberKind,
    pub relation: Option<String>,
    /// `None`: since when is not said.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub pays: bool,
}

/// Which ties of a unit to write and which to take back.
#[derive(Debug, Default)]
pub struct Merged {
    pub save: Vec<Occupancy>,
    pub remove: Vec<Uuid>,
}

/// Joins `wanted` with the `known` ties of one unit. A tie without a first day begins at the
/// cut-over, unless it is known. A new owner ends the time of the owner before.
pub fn merge(
    (estate, unit): (EstateId, UnitId),
    known: Vec<Occupancy>,
    wanted: Vec<Wanted>,
    cut_over: NaiveDate,
    new_id: impl Fn() -> Uuid,
) -> Merged {
    let (mut all, mut merged) = (known, Merged::default());
    let mut touched: Vec<OccupancyId> = Vec::new();
    for want in wanted {
        let same = |tie: &&mut Occupancy| {
            tie.person == want.person
                && tie.kind == want.kind
                && !touched.contains(&tie.id)
                && want.from.is_none_or(|from| tie.from == from)
        };
        let id = if let Some(tie) = all.iter_mut().find(same) {
            tie.to =
                want.to.filter(|to| *to >= tie.from).or(tie.to.filter(|_| want.from.is_none()));
            tie.pays = want.pays;
            tie.relation = want.relation.or(tie.relation.take());
            tie.id
        } else {
            let from = want.from.unwrap_or_else(|| want.to.map_or(cut_over, |to| to.min(cut_over)));
            let id = OccupancyId::from_uuid(new_id());
            let Wanted { person, kind, relation, to, pays, .. } = want;
            all.push(Occupancy { id, estate, unit, person, kind, relation, from, to, pays });
            id
        };
        touched.push(id);
    }
    end_earlier_owners(&mut all, &mut touched, &mut merged);
    // The file was checked by itself; against what is known the earlier payer stays.
    while let Err(two) = check_payers(&all) {
        all[two.index].pays = false;
        touched.push(all[two.index].id);
    }
    merged.save = all.into_iter().filter(|tie| touched.contains(&tie.id)).collect();
    merged
}

fn end_earlier_owners(
    all: &mut Vec<Occupancy>,
    touched: &mut Vec<OccupancyId>,
    merged: &mut Merged,
) {
    let fresh = |tie: &&Occupancy| touched.contains(&tie.id) && tie.kind == MemberKind::Owner;
    let Some(starts) =
        all.iter().filter(fresh).filter(|tie| tie.to.is_none()).map(|t| t.from).min()
    else {
        return;
    };
    let Some(last) = starts.pred_opt() else { return };
    let mut ended = Vec::new();
    for tie in all.iter_mut() {
        let earlier = matches!(tie.kind, MemberKind::Owner | MemberKind::Developer)
            && !touched.contains(&tie.id)
            && tie.lasts_on_or_after(starts);
        if earlier && tie.from > last {
            merged.remove.push(tie.id.as_uuid());
        } else if earlier {
            tie.to = Some(last);
            ended.push(tie.id);
        }
    }
    all.retain(|tie| !merged.remove.contains(&tie.id.as_uuid()));
    touched.extend(ended);
}
