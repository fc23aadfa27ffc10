//! Facts in any order, receipt numbers, and the second person of a refund.

use super::*;
use crate::ids::{PaymentId, UserId};
use errors::{Code, Coded};
use money::Fen;
use proptest::prelude::*;
use uuid::Uuid;

const PAID: Fen = Fen(83_586);

fn run(facts: &[Fact]) -> (PaymentState, Vec<Effect>) {
    let mut effects = Vec::new();
    let mut state = PaymentState::created(PAID);
    for fact in facts {
        let (next, more) = apply(state, *fact).unwrap();
        state = next;
        effects.extend(more);
    }
    (state, effects)
}

#[test]
fn the_usual_ways_of_a_payment() {
    let received = Fact::Received { amount: PAID };
    let ways: [(&[Fact], PaymentStatus, &[Effect]); 7] = [
        (&[], PaymentStatus::Created, &[]),
        (&[Fact::Submitted], PaymentStatus::Pending, &[]),
        (&[Fact::CheckoutCompleted { paid: false }], PaymentStatus::Pending, &[]),
        (&[Fact::Submitted, received], PaymentStatus::Succeeded, &[Effect::PostPayment]),
        (&[Fact::Submitted, Fact::Failed], PaymentStatus::Failed, &[Effect::TellFailure]),
        (
            &[Fact::NoAnswer, Fact::NoAnswer, received],
            PaymentStatus::Succeeded,
            &[Effect::AskProvider, Effect::PostPayment],
        ),
        (
            &[Fact::NoAnswer, Fact::Failed],
            PaymentStatus::Failed,
            &[Effect::AskProvider, Effect::TellFailure],
        ),
    ];
    for (facts, status, effects) in ways {
        let (state, done) = run(facts);
        assert_eq!((state.status(), &done[..]), (status, effects), "{facts:?}");
    }
}

#[test]
fn an_answer_ends_the_not_knowing() {
    let (state, effects) = run(&[Fact::NoAnswer, Fact::StillOpen]);
    assert_eq!(state.status(), PaymentStatus::Pending);
    assert_eq!(effects, [Effect::AskProvider]);
    assert_eq!(
        run(&[Fact::NoAnswer, Fact::StillOpen, Fact::NoAnswer]).0.status(),
        PaymentStatus::Unknown
    );
}

#[test]
fn money_that_came_wins_over_a_failure_said_before() {
    let (state, effects) = run(&[Fact::Failed, Fact::Received { amount: PAID }, Fact::Failed]);
    assert_eq!(state.status(), PaymentStatus::Succeeded);
    assert_eq!(effects, [Effect::TellFailure, Effect::PostPayment]);
}

#[test]
fn refunds_are_posted_by_their_increase() {
    let (state, effects) = run(&[
        Fact::Received { amount: PAID },
        Fact::Refunded { total: Fen(500) },
        Fact::Refunded { total: PAID },
        Fact::Refunded { total: Fen(500) },
    ]);
    assert_eq!(state.status(), PaymentStatus::Refunded);
    let refunds = [Effect::PostRefund(Fen(500)), Effect::PostRefund(Fen(83_086))];
    assert_eq!(effects[1..], refunds);
}

#[test]
fn a_fact_of_another_amount_is_refused() {
    let state = PaymentState::created(PAID);
    for fact in [
        Fact::Received { amount: Fen(1) },
        Fact::Refunded { total: PAID + Fen(1) },
        Fact::Refunded { total: Fen::ZERO },
    ] {
        assert_eq!(apply(state, fact).unwrap_err().code(), Code::Conflict);
    }
}

/// Every order of `facts`.
fn permutations(facts: &[Fact]) -> Vec<Vec<Fact>> {
    if facts.is_empty() {
        return vec![Vec::new()];
    }
    let each = (0..facts.len()).flat_map(|i| {
        let mut rest = facts.to_vec();
        let first = rest.remove(i);
        permutations(&rest).into_iter().map(move |tail| [vec![first], tail].concat())
    });
    each.collect()
}

#[test]
fn every_order_of_the_providers_facts_ends_the_same() {
    let facts = [
        Fact::CheckoutCompleted { paid: true },
        Fact::Received { amount: PAID },
        Fact::Received { amount: PAID },
        Fact::Refunded { total: Fen(500) },
        Fact::Refunded { total: Fen(2000) },
        Fact::NoAnswer,
    ];
    let expected = run(&facts).0;
    assert_eq!(expected.status(), PaymentStatus::PartlyRefunded);
    let orders = permutations(&facts);
    assert_eq!(orders.len(), 720);
    for order in orders {
        let (state, effects) = run(&order);
        assert_eq!(state, expected, "{order:?}");
        assert_once(&effects, Fen(2000));
    }
}

/// The payment is posted once and the refunds add up to `refunded`.
fn assert_once(effects: &[Effect], refunded: Fen) {
    assert_eq!(effects.iter().filter(|e| **e == Effect::PostPayment).count(), 1);
    let posted = effects.iter().map(|effect| match effect {
        Effect::PostRefund(part) => *part,
        _ => Fen::ZERO,
    });
    assert_eq!(posted.sum::<Fen>(), refunded);
}

fn fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        Just(Fact::Submitted),
        any::<bool>().prop_map(|paid| Fact::CheckoutCompleted { paid }),
        Just(Fact::Received { amount: PAID }),
        Just(Fact::NoAnswer),
        Just(Fact::Failed),
        (1..=PAID.0).prop_map(|total| Fact::Refunded { total: Fen(total) }),
    ]
}

proptest! {
    #[test]
    fn any_facts_in_any_order_with_any_duplicates_end_the_same(
        (facts, shuffled, again) in proptest::collection::vec(fact(), 1..10).prop_flat_map(|facts| {
            let again = proptest::sample::subsequence(facts.clone(), 0..=facts.len());
            (Just(facts.clone()), Just(facts).prop_shuffle(), again)
        })
    ) {
        let (state, _) = run(&facts);
        let (other, effects) = run(&[shuffled, again].concat());
        prop_assert_eq!(other, state);
        if state.received {
            assert_once(&effects, state.refunded);
        }
    }
}

#[test]
fn a_receipt_number_reads_back_and_follows_without_a_gap() {
    let month = "2026-07".parse().unwrap();
    let next = |last| ReceiptNumber::following(last, "FCH", ReceiptKind::Payment, month).unwrap();
    assert_eq!(next(None).to_string(), "FCH-SJ-202607-000001");
    assert_eq!(next(Some(122)).to_string(), "FCH-SJ-202607-000123");
    assert_eq!(next(Some(999_999)).to_string(), "FCH-SJ-202607-1000000");
    for last in [None, Some(122), Some(999_999)] {
        assert_eq!(next(last).to_string().parse(), Ok(next(last)));
    }
    for wrong in [
        "FCH-SJ-202607-0",
        "FCH-SJ-202607-00001",
        "FCH-XX-202607-000001",
        "FCH-SJ-202613-000001",
        "fch-SJ-202607-000001",
        "FCH-SJ-202607-000001-1",
        "FCH-SJ-20-000001",
    ] {
        assert!(wrong.parse::<ReceiptNumber>().is_err(), "{wrong}");
    }
    assert!(ReceiptNumber::following(Some(u32::MAX), "FCH", ReceiptKind::Refund, month).is_err());
}

#[test]
fn a_refund_needs_somebody_who_neither_took_the_money_nor_asks() {
    let user = |n| UserId::from_uuid(Uuid::from_u128(n));
    let request = RefundRequest {
        payment: PaymentId::from_uuid(Uuid::from_u128(1)),
        amount: Fen(500),
        reason: "paid twice".to_owned(),
        requested_by: user(1),
        taken_by: Some(user(2)),
    };
    let refused = Err(RefundError::SecondPersonNeeded);
    assert_eq!(request.may_be_approved_by(user(1)), refused);
    assert_eq!(request.may_be_approved_by(user(2)), refused);
    assert_eq!(request.may_be_approved_by(user(3)), Ok(()));
    assert!(request.clone().checked(Fen(500)).is_ok());
    assert_eq!(request.clone().checked(Fen(499)).unwrap_err().field(), Some("amount"));
    let silent = RefundRequest { reason: " ".to_owned(), ..request };
    assert_eq!(silent.checked(Fen(500)).unwrap_err().field(), Some("reason"));
}
