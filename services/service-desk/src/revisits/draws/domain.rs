//! A draw that proves itself: the order of the candidates follows from the seed alone.

use crate::{
    lots::lot,
    month::Month,
    revisits::{RevisitDrawId, Source},
    shares::part,
};
use authz::UserId;
use chrono::{DateTime, Utc};
use ids::EstateId;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The draw of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    pub id: RevisitDrawId,
    pub estate: EstateId,
    pub source: Source,
    pub month: Month,
    /// 64 hex digits.
    pub seed: String,
    /// The share, in basis points.
    pub rate_bp: u16,
    /// How many were drawn from.
    pub candidates: u32,
    /// The SHA-256 of the sorted candidates, 64 hex digits.
    pub digest: String,
    /// Who were chosen, in the order of the draw.
    pub chosen: Vec<Uuid>,
    pub drawn_at: DateTime<Utc>,
    /// Who asked for it; `None` when the month's end did.
    pub drawn_by: Option<UserId>,
}

/// What came of drawing again from the seed that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether what was finished in the month is what was drawn from.
    pub candidates_agree: bool,
    /// Whether the seed chooses the same again, and nobody else has a revisit of the draw.
    pub choice_agrees: bool,
}

/// What a draw makes of its candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub candidates: u32,
    pub digest: String,
    pub chosen: Vec<Uuid>,
}

/// Draws: the candidates sorted by SHA-256(seed ‖ id), of which the share, rounded up, is taken.
pub fn choose(seed: &str, rate_bp: u16, ids: &[Uuid]) -> Choice {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let digest = digest(&ids);
    let count = ids.len();
    ids.sort_by_cached_key(|id| (lot(seed, id.as_bytes()), *id));
    let taken = part(rate_bp.into(), u64::try_from(count).unwrap_or(u64::MAX));
    ids.truncate(usize::try_from(taken).unwrap_or(usize::MAX));
    Choice { candidates: u32::try_from(count).unwrap_or(u32::MAX), digest, chosen: ids }
}

fn digest(sorted: &[Uuid]) -> String {
    let mut hash = Sha256::new();
    for id in sorted {
        hash.update(id.as_bytes());
    }
    hex::encode(hash.finalize())
}

impl Draw {
    /// Compares with what there is: what was finished in the month, and who has a revisit of this
    /// draw or had one before it.
    pub fn verify(&self, candidates: &[Uuid], revisited: &[Uuid]) -> Verdict {
        let again = choose(&self.seed, self.rate_bp, candidates);
        let candidates_agree = again.candidates == self.candidates && again.digest == self.digest;
        let all = self.chosen.iter().all(|id| revisited.contains(id));
        let none_else = revisited.iter().all(|id| self.chosen.contains(id));
        let choice_agrees = again.chosen == self.chosen && all && none_else;
        Verdict { candidates_agree, choice_agrees }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ids(many: u128) -> Vec<Uuid> {
        (1..=many).map(Uuid::from_u128).collect()
    }

    #[test]
    fn a_seed_always_chooses_the_same_and_another_seed_others() {
        let first = choose("seed", 3_000, &ids(310));
        let mut turned = ids(310);
        turned.reverse();
        assert_eq!(choose("seed", 3_000, &turned), first);
        assert_eq!((first.candidates, first.chosen.len()), (310, 93));
        assert_ne!(choose("other", 3_000, &ids(310)).chosen, first.chosen);
        assert_eq!(choose("seed", 3_000, &[]).chosen, Vec::<Uuid>::new());
    }

    #[test]
    fn a_draw_notices_whom_somebody_added_or_put_in_anothers_place() {
        let choice = choose("seed", 3_000, &ids(20));
        let draw = Draw {
            id: RevisitDrawId::from_uuid(Uuid::nil()),
            estate: EstateId::from_uuid(Uuid::nil()),
            source: Source::SpecialOrder,
            month: "2026-07".parse().unwrap(),
            seed: "seed".to_owned(),
            rate_bp: 3_000,
            candidates: choice.candidates,
            digest: choice.digest,
            chosen: choice.chosen.clone(),
            drawn_at: DateTime::UNIX_EPOCH,
            drawn_by: None,
        };
        assert_eq!(draw.chosen.len(), 6);
        let (good, bad) = (true, false);
        let verdict = |candidates: bool, choice: bool| Verdict {
            candidates_agree: candidates,
            choice_agrees: choice,
        };
        assert_eq!(draw.verify(&ids(20), &choice.chosen), verdict(good, good));
        assert_eq!(draw.verify(&ids(21), &choice.chosen).candidates_agree, bad);
        let mut friendly = choice.chosen.clone();
        friendly[0] = *ids(20).iter().find(|id| !choice.chosen.contains(id)).unwrap();
        assert_eq!(draw.verify(&ids(20), &friendly), verdict(good, bad));
        let forged = Draw { chosen: friendly.clone(), ..draw };
        assert_eq!(forged.verify(&ids(20), &friendly), verdict(good, bad));
    }

    proptest! {
        #[test]
        fn the_chosen_are_candidates_none_twice(seed in "[0-9a-f]{8}", many in 0_u128..200, rate in 0_u16..=10_000) {
            let all = ids(many);
            let mut chosen = choose(&seed, rate, &all).chosen;
            prop_assert!(chosen.iter().all(|id| all.contains(id)));
            let count = chosen.len();
            chosen.sort_unstable();
            chosen.dedup();
            prop_assert_eq!(chosen.len(), count);
        }
    }
}
