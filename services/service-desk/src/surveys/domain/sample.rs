//! Who is asked: a sample by building that anybody can draw again from its seed.

use crate::{lots::lot, shares::part};
use std::{cmp::Reverse, collections::BTreeMap};
use uuid::Uuid;

/// A home that could be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// The unit.
    pub unit: Uuid,
    /// Its building.
    pub building: Uuid,
    /// Whether it was asked since all homes were asked for the last time.
    pub asked: bool,
    /// Whether it was asked in the survey before this one.
    pub asked_last: bool,
}

impl Home {
    /// Homes of a lower tier are asked first: who was asked is not asked again until all have been.
    fn tier(&self) -> u8 {
        match (self.asked, self.asked_last) {
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => 2,
        }
    }
}

/// A part of `all`, rounded up; `rate` in basis points: of 690 homes 30 % are 207 (handbook S11).
pub fn share(all: usize, rate: u32) -> usize {
    let part = part(rate.into(), u64::try_from(all).unwrap_or(u64::MAX));
    usize::try_from(part).unwrap_or(usize::MAX).min(all)
}

/// The first `n` of some things in the order that a seed gives them.
pub fn pick<T: Clone>(seed: &str, things: &[T], key: impl Fn(&T) -> Vec<u8>, n: usize) -> Vec<T> {
    let place = |thing: &T| {
        let key = key(thing);
        (lot(seed, &key), key)
    };
    let mut sorted: Vec<(_, T)> = things.iter().map(|it| (place(it), it.clone())).collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    sorted.into_iter().take(n).map(|(_, it)| it).collect()
}

/// Draws `total` homes: of each building in proportion to its homes, by largest remainder; those
/// not asked in this round through all homes first.
pub fn draw(seed: &str, homes: &[Home], total: usize) -> Vec<Uuid> {
    let mut weights: BTreeMap<Uuid, usize> = BTreeMap::new();
    for home in homes {
        *weights.entry(home.building).or_default() += 1;
    }
    let mut drawn = Vec::with_capacity(total);
    for tier in 0..=2 {
        let mut strata: BTreeMap<Uuid, Vec<Home>> = BTreeMap::new();
        for home in homes.iter().filter(|home| home.tier() == tier) {
            strata.entry(home.building).or_default().push(*home);
        }
        let caps: Vec<Stratum> = strata
            .iter()
            .map(|(building, homes)| Stratum { weight: weights[building], left: homes.len() })
            .collect();
        let seats = apportion(total - drawn.len(), caps);
        for (homes, seats) in strata.values().zip(seats) {
            let key = |home: &Home| home.unit.as_bytes().to_vec();
            drawn.extend(pick(seed, homes, key, seats).into_iter().map(|home| home.unit));
        }
    }
    drawn.sort_unstable();
    drawn
}

#[derive(Clone, Copy)]
struct Stratum {
    weight: usize,
    left: usize,
}

/// Divides seats by weight, largest remainder first, none more than it has left.
fn apportion(seats: usize, mut strata: Vec<Stratum>) -> Vec<usize> {
    let mut given = vec![0; strata.len()];
    let mut rest = seats.min(strata.iter().map(|it| it.left).sum());
    while rest > 0 {
        let open: Vec<usize> = (0..strata.len()).filter(|at| strata[*at].left > 0).collect();
        let all: usize = open.iter().map(|at| strata[*at].weight).sum();
        let part = |at: usize| (at, rest * strata[at].weight / all, rest * strata[at].weight % all);
        let mut parts: Vec<_> = open.into_iter().map(part).collect();
        let more = rest - parts.iter().map(|part| part.1).sum::<usize>();
        parts.sort_by_key(|(at, _, remainder)| (Reverse(*remainder), *at));
        for (place, (at, part, _)) in parts.into_iter().enumerate() {
            let part = (part + usize::from(place < more)).min(strata[at].left);
            given[at] += part;
            strata[at].left -= part;
            rest -= part;
        }
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn homes(buildings: &[usize], asked: impl Fn(usize) -> (bool, bool)) -> Vec<Home> {
        let each = buildings.iter().zip(1_u128..).flat_map(|(n, building)| vec![building; *n]);
        let home = |(at, building): (usize, u128)| {
            let (asked, asked_last) = asked(at);
            let unit = Uuid::from_u128(u128::try_from(at).unwrap() + 1_000);
            Home { unit, building: Uuid::from_u128(building), asked, asked_last }
        };
        each.enumerate().map(home).collect()
    }

    #[test]
    fn scenario_11_thirty_percent_of_690_are_207_and_nobody_asked_last_time() {
        assert_eq!(share(690, 3_000), 207);
        assert_eq!(share(178, 1_000), 18);
        let first = homes(&[115; 6], |_| (false, false));
        let round: BTreeSet<Uuid> = draw("one", &first, 207).into_iter().collect();
        assert_eq!(round.len(), 207);
        let second = homes(&[115; 6], |at| {
            let asked = round.contains(&Uuid::from_u128(u128::try_from(at).unwrap() + 1_000));
            (asked, asked)
        });
        let next = draw("two", &second, 207);
        assert_eq!(next.len(), 207);
        assert!(next.iter().all(|unit| !round.contains(unit)));
        assert_eq!(next, draw("two", &second, 207), "the same seed, the same homes");
        assert_ne!(next, draw("three", &second, 207));
    }

    #[test]
    fn seats_go_by_largest_remainder() {
        let of = |weight, left| Stratum { weight, left };
        assert_eq!(apportion(10, vec![of(50, 50), of(30, 30), of(20, 20)]), [5, 3, 2]);
        assert_eq!(apportion(4, vec![of(50, 50), of(30, 30), of(20, 20)]), [2, 1, 1]);
        assert_eq!(apportion(10, vec![of(50, 2), of(30, 30), of(20, 20)]), [2, 5, 3]);
        assert_eq!(apportion(10, vec![of(1, 1), of(1, 1)]), [1, 1], "no more than there are");
    }

    #[test]
    fn who_was_asked_waits_until_all_have_been_and_last_rounds_homes_come_last() {
        // Three are not asked yet, four long ago, three in the last round.
        let all = homes(&[5, 5], |at| (at >= 3, at >= 7));
        let drawn: BTreeSet<Uuid> = draw("s", &all, 5).into_iter().collect();
        let at = |n: u128| Uuid::from_u128(1_000 + n);
        assert!((0..3).all(|n| drawn.contains(&at(n))));
        assert!((7..10).all(|n| !drawn.contains(&at(n))));
    }

    proptest! {
        #[test]
        fn a_sample_has_its_size_nobody_twice_and_each_building_its_share(
            sizes in prop::collection::vec(1_usize..60, 1..8), rate in 1_u32..=10_000, seed in "[a-f0-9]{8}",
        ) {
            let all = homes(&sizes, |_| (false, false));
            let total = share(all.len(), rate);
            let drawn: BTreeSet<Uuid> = draw(&seed, &all, total).into_iter().collect();
            prop_assert_eq!(drawn.len(), total);
            for (at, size) in sizes.iter().enumerate() {
                let building = Uuid::from_u128(u128::try_from(at).unwrap() + 1);
                let here = all.iter().filter(|home| home.building == building);
                let here = here.filter(|home| drawn.contains(&home.unit)).count();
                let fair = total * size / all.len();
                prop_assert!(here == fair || here == fair + 1, "{here} of {size}");
            }
        }
    }
}
