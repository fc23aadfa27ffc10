//! How long "may this caller do that here?" takes, from token-verified caller to leave.

use authz::{Grant, Permission, PolicyStore, SubjectKind, UserId};
use clock::Clock;
use ids::{EstateId, TenantId};
use std::{hint::black_box, time::Instant};
use testkit::StandIn;

const READ: Permission = Permission::new("unit.read");
const ROLES: [&str; 6] = ["DIR", "SUP", "DESK", "CASH", "PO", "CFIN"];

/// p50 and p99 of one decision with 10,000 and with 100,000 grants in the company.
pub fn measure() -> Vec<(String, String)> {
    [10_000, 100_000]
        .map(|grants| (format!("permission decision, {grants} grants"), one(grants)))
        .into()
}

fn one(grants: usize) -> String {
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
    let callers: Vec<_> = users
        .iter()
        .take(1_000)
        .map(|user| {
            let token = identity.token(tenant, *user, SubjectKind::Staff, None);
            store.caller(&token, "bench").expect("a caller")
        })
        .collect();
    let mut times: Vec<u128> = (0..200_000)
        .map(|n: usize| {
            let begun = Instant::now();
            let _ = black_box(callers[n % callers.len()].read(READ, estates[n % estates.len()]));
            begun.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    format!("p50 {} ns, p99 {} ns", times[times.len() / 2], times[times.len() * 99 / 100])
}
