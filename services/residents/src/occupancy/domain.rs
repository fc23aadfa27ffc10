//! The rule who pays: on every day one party at most, a paying lessee before a paying owner before
//! a paying developer.

use super::OccupancyId;
use chrono::NaiveDate;
use contracts::{
    PersonId, UnitId,
    residents::{MemberFact, MemberKind, PartyName},
};
use ids::EstateId;

/// One person's tie to one unit during some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occupancy {
    /// The tie.
    pub id: OccupancyId,
    /// The estate.
    pub estate: EstateId,
    /// The unit.
    pub unit: UnitId,
    /// The person.
    pub person: PersonId,
    /// In what capacity.
    pub kind: MemberKind,
    /// For family: the relation to the owner, in words.
    pub relation: Option<String>,
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive; `None` while it lasts.
    pub to: Option<NaiveDate>,
    /// Whether this party pays on the days on which nobody of a higher rank does.
    pub pays: bool,
}

impl Occupancy {
    /// Whether it lasts on a day.
    pub fn lasts_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.lasts_on_or_after(day)
    }

    /// Whether it is not over before a day.
    pub fn lasts_on_or_after(&self, day: NaiveDate) -> bool {
        self.to.is_none_or(|to| to >= day)
    }

    fn rank(&self) -> u8 {
        match self.kind {
            MemberKind::Lessee => 3,
            MemberKind::Owner => 2,
            MemberKind::Developer => 1,
            MemberKind::Family => 0,
        }
    }

    fn last(&self) -> NaiveDate {
        self.to.unwrap_or(NaiveDate::MAX)
    }
}

/// Two parties of one kind would pay on the same day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoPayers {
    /// Which of the given ties, the later one in the list.
    pub index: usize,
    /// The first such day.
    pub day: NaiveDate,
}

/// Whether on every day one party at most pays.
///
/// # Errors
/// [`TwoPayers`].
pub fn check_payers(ties: &[Occupancy]) -> Result<(), TwoPayers> {
    for (index, tie) in ties.iter().enumerate().filter(|(_, tie)| tie.pays) {
        for other in ties[..index].iter().filter(|other| other.pays && other.kind == tie.kind) {
            let day = tie.from.max(other.from);
            if day <= tie.last().min(other.last()) {
                return Err(TwoPayers { index, day });
            }
        }
    }
    Ok(())
}

/// Who pays on a day.
pub fn payer_on(ties: &[Occupancy], day: NaiveDate) -> Option<&Occupancy> {
    ties.iter().filter(|tie| tie.pays && tie.lasts_on(day)).max_by_key(|tie| tie.rank())
}

/// The ties as other services hear of them: cut where somebody of a higher rank pays, so that
/// `pays` alone says who is charged for a day.
pub fn facts(ties: &[Occupancy], name: impl Fn(PersonId) -> PartyName) -> Vec<MemberFact> {
    let mut facts = Vec::new();
    for tie in ties {
        let above = |other: &&Occupancy| other.pays && other.rank() > tie.rank();
        let mut taken: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        if tie.pays {
            let over = ties.iter().filter(above).map(|other| (other.from, other.last()));
            taken = over.filter(|(from, to)| *from <= tie.last() && *to >= tie.from).collect();
            taken.sort_unstable();
        }
        let mut fact = |from: NaiveDate, to: NaiveDate, pays: bool| {
            let to = (to != NaiveDate::MAX).then_some(to);
            let (person, name) = (tie.person, name(tie.person));
            facts.push(MemberFact { person, name, kind: tie.kind, from, to, pays });
        };
        let mut next = tie.from;
        for (from, to) in taken {
            if from > next {
                fact(next, from.pred_opt().unwrap_or(from), true);
            }
            let (from, to) = (from.max(next), to.min(tie.last()));
            if from > to {
                continue;
            }
            fact(from, to, false);
            next = to.succ_opt().filter(|_| to < tie.last()).unwrap_or(NaiveDate::MAX);
            if next == NaiveDate::MAX {
                break;
            }
        }
        if next != NaiveDate::MAX {
            fact(next, tie.last(), tie.pays);
        }
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn tie(person: u128, kind: MemberKind, from: &str, to: Option<&str>) -> Occupancy {
        Occupancy {
            id: OccupancyId::from_uuid(Uuid::from_u128(person)),
            estate: EstateId::from_uuid(Uuid::nil()),
            unit: UnitId::from_uuid(Uuid::nil()),
            person: PersonId::from_uuid(Uuid::from_u128(person)),
            kind,
            relation: None,
            from: day(from),
            to: to.map(day),
            pays: true,
        }
    }

    fn paid(ties: &[Occupancy], on: &str) -> Vec<u128> {
        let on = day(on);
        let facts = facts(ties, |_| PartyName { full: String::new(), shown: String::new() });
        let on_day = facts.iter().filter(|f| f.from <= on && f.to.is_none_or(|to| to >= on));
        on_day.filter(|f| f.pays).map(|f| f.person.as_uuid().as_u128()).collect()
    }

    #[test]
    fn the_payer_changes_on_the_day_of_the_handover() {
        let ties = [
            tie(1, MemberKind::Developer, "2025-07-01", Some("2026-06-10")),
            tie(2, MemberKind::Owner, "2026-06-11", None),
        ];
        assert_eq!(check_payers(&ties), Ok(()));
        assert_eq!(paid(&ties, "2026-06-10"), [1]);
        assert_eq!(paid(&ties, "2026-06-11"), [2]);
        assert_eq!(payer_on(&ties, day("2026-06-11")).unwrap().person, ties[1].person);
        assert_eq!(paid(&ties, "2025-06-30"), []);
    }

    #[test]
    fn a_paying_lessee_takes_the_owners_place_for_a_while() {
        let ties = [
            tie(1, MemberKind::Owner, "2024-01-01", None),
            tie(2, MemberKind::Lessee, "2026-01-01", Some("2026-06-30")),
            tie(3, MemberKind::Lessee, "2026-09-01", None),
        ];
        assert_eq!(check_payers(&ties), Ok(()));
        let wanted = [
            ("2025-12-31", 1),
            ("2026-01-01", 2),
            ("2026-06-30", 2),
            ("2026-07-01", 1),
            ("2026-08-31", 1),
            ("2026-09-01", 3),
            ("2030-01-01", 3),
        ];
        for (on, person) in wanted {
            assert_eq!(paid(&ties, on), [person], "{on}");
            assert_eq!(payer_on(&ties, day(on)).unwrap().person.as_uuid().as_u128(), person);
        }
    }

    #[test]
    fn two_owners_do_not_pay_on_one_day() {
        let mut ties = [
            tie(1, MemberKind::Owner, "2024-01-01", Some("2026-06-30")),
            tie(2, MemberKind::Owner, "2026-06-30", None),
        ];
        assert_eq!(check_payers(&ties), Err(TwoPayers { index: 1, day: day("2026-06-30") }));
        ties[1].pays = false;
        assert_eq!(check_payers(&ties), Ok(()));
        assert_eq!(paid(&ties, "2026-07-01"), []);
    }
}
