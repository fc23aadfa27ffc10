//! A service's copy of the policy and the tokens it lets in.

use crate::StandIn;
use authz::{PolicyStore, SubjectKind, TokenError, UserId};
use chrono::Duration;
use clock::Clock;
use ids::TenantId;

#[test]
fn a_token_that_was_let_in_is_refused_when_it_ends_and_when_its_key_is_gone() {
    let clock = Clock::fixed("2026-07-31T04:00:00Z".parse().unwrap());
    let identity = StandIn::new(clock.clone());
    let (tenant, user) = (TenantId::from_uuid(clock.uuid()), UserId::from_uuid(clock.uuid()));
    identity.policy(tenant, |_| {});
    let store = PolicyStore::new(clock.clone());
    store.apply(identity.page(0));
    let token = identity.token(tenant, user, SubjectKind::Staff, None);
    for _ in 0..2 {
        assert_eq!(store.caller(&token, "test").unwrap().user(), user);
    }
    let mut other = identity.page(0);
    other.version += 1;
    other.keys = StandIn::new(clock.clone()).page(0).keys;
    store.apply(other);
    assert_eq!(store.caller(&token, "test").unwrap_err(), TokenError::NotValid);
    let mut back = identity.page(0);
    back.version += 2;
    store.apply(back);
    assert!(store.caller(&token, "test").is_ok());
    clock.advance(Duration::minutes(16));
    assert_eq!(store.caller(&token, "test").unwrap_err(), TokenError::NotValid);
}
