use super::*;
use crate::special_services::{
    catalogue::domain::example,
    orders::quote::{Work, quote},
};
use proptest::prelude::*;
use uuid::Uuid;

const NIGHT: &str = "2026-07-31T12:30:00Z";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn user() -> UserId {
    UserId::from_uuid(Uuid::nil())
}

fn order() -> Order {
    Order {
        id: OrderId::from_uuid(Uuid::nil()),
        estate: EstateId::from_uuid(Uuid::nil()),
        unit: UnitId::from_uuid(Uuid::nil()),
        building: BuildingId::from_uuid(Uuid::nil()),
        person: PersonId::from_uuid(Uuid::nil()),
        service: ServiceId::from_uuid(Uuid::nil()),
        state: OrderState::Requested,
        version: 1,
        requested_at: at("2026-07-31T04:00:00Z"),
        workers: Vec::new(),
        partner: None,
        paid_on: None,
        details: Details::default(),
    }
}

fn priced() -> Step {
    let work = Work {
        appointment: at(NIGHT),
        workers: 1,
        minutes: 60,
        quantity: 1,
        package: false,
        materials: Vec::new(),
    };
    Step::Quote {
        quote: Box::new(quote(&example(), &work, (true, false)).unwrap()),
        terms: (1, example()),
        by: user(),
    }
}

fn done(order: &mut Order) {
    let steps = [
        (priced(), "2026-07-31T04:10:00Z"),
        (Step::Confirm, "2026-07-31T04:20:00Z"),
        (Step::Schedule(vec![user()]), "2026-07-31T04:30:00Z"),
        (Step::Start, "2026-07-31T12:59:00Z"),
        (Step::Finish("换好".to_owned()), "2026-07-31T13:30:00Z"),
    ];
    for (step, when) in steps {
        assert_eq!(order.take(step, at(when)), Ok(Charge::Nothing));
    }
}

#[test]
fn an_order_is_charged_once_and_rework_is_free() {
    let mut order = order();
    done(&mut order);
    assert_eq!(order.details.kept, Some(true));
    let morning = at("2026-08-01T01:00:00Z");
    assert_eq!(order.take(Step::Accept, morning), Ok(Charge::Quoted(Fen(4_500))));
    order.paid(morning, "2026-08-01".parse().unwrap());
    assert_eq!(order.state, OrderState::Paid);
    let again = [
        Step::Dispute("漏水".to_owned()),
        Step::Schedule(vec![user()]),
        Step::Start,
        Step::Finish("换垫圈".to_owned()),
        Step::Accept,
    ];
    for step in again {
        assert_eq!(order.take(step, morning), Ok(Charge::Nothing));
    }
    assert_eq!((order.state, order.details.reworks), (OrderState::Paid, 1));
    assert_eq!(order.take(Step::Close, morning), Ok(Charge::Nothing));
    // The warranty is 30 days of the first time it was done.
    let late = at("2026-08-30T13:30:01Z");
    assert_eq!(order.take(Step::Dispute("又漏".to_owned()), late), Err(say::rework_term_over()));
}

#[test]
fn cancelling_is_free_until_two_hours_before() {
    let cancelled = |when: &str, free: bool| {
        let mut order = order();
        for step in [priced(), Step::Confirm] {
            order.take(step, at("2026-07-31T04:10:00Z")).unwrap();
        }
        order.take(Step::Cancel { reason: "不需要".to_owned(), free }, at(when)).unwrap()
    };
    assert_eq!(cancelled("2026-07-31T10:30:00Z", false), Charge::Nothing);
    assert_eq!(cancelled("2026-07-31T10:30:01Z", false), Charge::LateCancel(Fen(2_000)));
    assert_eq!(cancelled("2026-07-31T10:30:01Z", true), Charge::Nothing);
}

#[test]
fn an_appointment_is_kept_within_half_an_hour() {
    for (when, kept) in
        [("12:00:00", true), ("11:59:59", false), ("13:00:00", true), ("13:00:01", false)]
    {
        let mut order = order();
        for step in [priced(), Step::Confirm, Step::Schedule(vec![user()])] {
            order.take(step, at("2026-07-31T04:10:00Z")).unwrap();
        }
        order.take(Step::Start, at(&format!("2026-07-31T{when}Z"))).unwrap();
        assert_eq!(order.details.kept, Some(kept), "{when}");
    }
}

#[test]
fn money_that_goes_back_makes_it_owed_again() {
    let mut order = order();
    done(&mut order);
    let now = at("2026-07-31T14:00:00Z");
    order.take(Step::Accept, now).unwrap();
    order.paid(now, "2026-07-31".parse().unwrap());
    order.refunded();
    assert_eq!((order.state, order.paid_on), (OrderState::Accepted, None));
}

#[test]
fn who_is_asked_before_it_is_paid_leaves_it_revisited_when_it_is() {
    let mut order = order();
    done(&mut order);
    let now = at("2026-07-31T14:00:00Z");
    order.take(Step::Accept, now).unwrap();
    order.revisited(now);
    assert_eq!(order.state, OrderState::Accepted);
    order.paid(now, "2026-07-31".parse().unwrap());
    assert_eq!(order.state, OrderState::Revisited);
}

fn step(number: u8) -> Step {
    match number {
        0 => priced(),
        1 => Step::Confirm,
        2 => Step::Schedule(vec![user()]),
        3 => Step::Start,
        4 => Step::Finish("完".to_owned()),
        5 => Step::Accept,
        6 => Step::Dispute("不满意".to_owned()),
        7 => Step::Cancel { reason: "不需要".to_owned(), free: false },
        _ => Step::Close,
    }
}

proptest! {
    #[test]
    fn nothing_is_done_or_charged_that_was_not_confirmed(
        steps in proptest::collection::vec(0_u8..9, 0..60), paid in 0_usize..60,
    ) {
        let mut order = order();
        let (mut charges, now) = (0, at(NIGHT));
        for (n, number) in steps.into_iter().enumerate() {
            let before = order.clone();
            match order.take(step(number), now) {
                Ok(Charge::Quoted(amount)) => {
                    charges += 1;
                    prop_assert_eq!(amount, order.total());
                    prop_assert!(order.details.confirmed_at.is_some());
                }
                Ok(Charge::LateCancel(_)) => prop_assert_eq!(order.state, OrderState::Cancelled),
                Ok(Charge::Nothing) => {}
                Err(_) => prop_assert_eq!(&order, &before),
            }
            if n == paid && order.details.accepted_at.is_some() {
                order.paid(now, "2026-07-31".parse().unwrap());
            }
            if order.details.started_at.is_some() {
                prop_assert!(order.details.confirmed_at.is_some());
            }
        }
        prop_assert!(charges <= 1);
    }
}
