//! How long "may this caller do that here?" takes: finding the caller's compiled rights and asking
//! them, in no order that a cache could learn.

use crate::{report::Row, stats::Sample};
use authz::{Grant, Permission, PolicyStore, SubjectKind, UserId};
use clock::Clock;
use ids::{EstateId, TenantId};
use std::{hint::black_box, time::Instant};
use testkit::StandIn;

/// Both halves of the decisions: rights that the roles have, and one that nobody has.
const ASKED: [Permission; 4] = [
    Permission::new("unit.read"),
    Permission::new("bill.read"),
    Permission::new("refund.approve"),
    Permission::new("nothing.at_all"),
];
const ROLES: [&str; 6] = ["DIR", "SUP", "DESK", "CASH", "PO", "CFIN"];

/// Users who are at work at the same time; their rights are far larger than the caches.
const CALLERS: usize = 2_000;

const DECISIONS: usize = 400_000;

/// One decision with 10,000 and with 100,000 grants in the company.
pub fn measure() -> Vec<Row> {
    [10_000, 100_000].into_iter().flat_map(one).collect()
}

fn one(grants: usize) -> Vec<Row> {
    let clock = Clock::system();
    let identity = StandIn::new(clock.clone());
    let tenant = TenantId::from_uuid(clock.uuid());
    let estates: Vec<EstateId> = (0..100).map(|_| EstateId::from_uuid(clock.uuid())).collect();
    let users: Vec<UserId> = (0..grants / 10).map(|_| UserId::from_uuid(clock.uuid())).collect();
    identity.policy(tenant, |policy| {
        policy.grants.extend((0..grants).map(|n| Grant {
            user: users[n % users.len()].as_uuid(),
            role: ROLES[n % ROLES.len()].to_owned(),
            estate: Some(estates[(n / users.len() + n) % estates.len()]),
            zone: Vec::new(),
        }));
    });
    let store = PolicyStore::new(clock);
    store.apply(identity.page(0));
    let mut first = Sample::default();
    let callers: Vec<_> = users
        .iter()
        .take(CALLERS)
        .map(|user| {
            let begun = Instant::now();
            black_box(store.rights(tenant, user.as_uuid(), SubjectKind::Staff));
            first.add(micros(begun));
            let token = identity.token(tenant, *user, SubjectKind::Staff, None);
            (user.as_uuid(), store.caller(&token, "bench").expect("a caller"))
        })
        .collect();
    let mut random = Random(7);
    let times: Sample = (0..DECISIONS)
        .map(|_| {
            let (user, caller) = &callers[random.below(callers.len())];
            let (asked, estate) = (ASKED[random.below(4)], estates[random.below(estates.len())]);
            let begun = Instant::now();
            black_box(store.rights(tenant, *user, SubjectKind::Staff));
            let _ = black_box(caller.read(asked, estate));
            micros(begun)
        })
        .collect();
    let figure = format!("p50 {:.2} µs, p99 {:.2} µs", times.median(), times.at(0.99));
    let what = format!("permission decision, {grants} grants");
    vec![
        Row::judged(what, figure, "p99 ≤ 5 µs", times.at(0.99) <= 5.0),
        Row::told(
            format!("compiling a user's rights when first seen, {grants} grants"),
            format!("p50 {:.0} µs, p99 {:.0} µs", first.median(), first.at(0.99)),
        ),
    ]
}

fn micros(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e6
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit
    }
}
