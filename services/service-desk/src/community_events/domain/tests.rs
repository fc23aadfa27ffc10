use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

fn plan() -> Plan {
    Plan {
        title_zh: "中秋游园会".to_owned(),
        title_en: "Mid-autumn fair".to_owned(),
        goal: "邻里交流".to_owned(),
        place: "中心花园".to_owned(),
        starts_at: at("2026-09-25T11:00:00Z"),
        ends_at: at("2026-09-25T13:00:00Z"),
        capacity: 120,
        opens_at: at("2026-09-15T01:00:00Z"),
        closes_at: at("2026-09-24T10:00:00Z"),
        most_companions: 3,
        safety_plan: "保安 6 人".to_owned(),
        budget: vec![BudgetLine {
            code: "PRIZES".to_owned(),
            name: "奖品".to_owned(),
            amount: Fen(600_000),
        }],
    }
}

fn event() -> Event {
    Event {
        id: CommunityEventId::from_uuid(Uuid::nil()),
        estate: EstateId::from_uuid(Uuid::nil()),
        year: 2026,
        state: EventState::Planned,
        version: 1,
        secret: "secret".to_owned(),
        details: Details {
            plan: plan(),
            planned_by: user(1),
            proposed: None,
            approved: None,
            returned_because: None,
            announced_at: None,
            held_at: None,
            cancelled_because: None,
            report: None,
            revisit_rate: None,
        },
    }
}

#[test]
fn an_event_is_proposed_a_week_and_announced_three_days_before_by_two_people() {
    let mut event = event();
    let late = (user(1), at("2026-09-18T11:00:01Z"));
    let refused = event.take(Step::Propose, late);
    assert_eq!(refused, Err(Wrong::State(say::proposed_too_late())));
    let week = (user(1), at("2026-09-18T11:00:00Z"));
    assert_eq!(event.take(Step::Propose, week), Ok(()));
    assert_eq!(event.take(Step::Approve, week), Err(Wrong::SamePerson));
    assert_eq!(event.take(Step::Approve, (user(2), week.1)), Ok(()));
    let late = (user(1), at("2026-09-22T11:00:01Z"));
    let refused = event.take(Step::Announce, late);
    assert_eq!(refused, Err(Wrong::State(say::announced_too_late())));
    assert_eq!(event.take(Step::Announce, (user(1), at("2026-09-22T11:00:00Z"))), Ok(()));
    assert!(event.is_registering(at("2026-09-24T10:00:00Z")));
    assert!(!event.is_registering(at("2026-09-24T10:00:01Z")));
    assert!(!event.is_checking_in(at("2026-09-25T08:59:59Z")));
    assert!(event.is_checking_in(at("2026-09-25T09:00:00Z")));
    let early = (user(1), at("2026-09-25T12:59:59Z"));
    assert_eq!(event.take(Step::Hold, early), Err(Wrong::State(say::not_over())));
    assert_eq!(event.take(Step::Hold, (user(1), at("2026-09-25T13:00:00Z"))), Ok(()));
}

#[test]
fn what_is_planned_otherwise_is_a_draft_again_until_it_is_announced() {
    let mut event = event();
    let day = at("2026-09-10T01:00:00Z");
    event.take(Step::Propose, (user(1), day)).unwrap();
    event.take(Step::Approve, (user(2), day)).unwrap();
    event.planned(Plan { capacity: 200, ..plan() }).unwrap();
    assert_eq!((event.state, event.details.approved), (EventState::Planned, None));
    assert!(event.take(Step::Announce, (user(1), day)).is_err(), "approved anew first");
    event.take(Step::Propose, (user(1), day)).unwrap();
    event.take(Step::Approve, (user(2), day)).unwrap();
    event.take(Step::Announce, (user(1), day)).unwrap();
    let refused = event.planned(plan());
    assert_eq!(refused, Err(Wrong::State(say::wrong_state(EventState::Announced.word()))));
}

#[test]
fn wrong_plans_name_their_field() {
    let field = |plan: Plan| plan.checked().unwrap_err().field;
    assert_eq!(field(Plan { capacity: 0, ..plan() }), "capacity");
    assert_eq!(field(Plan { ends_at: at("2026-09-25T10:00:00Z"), ..plan() }), "endsAt");
    assert_eq!(field(Plan { closes_at: at("2026-09-26T10:00:00Z"), ..plan() }), "startsAt");
    assert_eq!(field(Plan { budget: Vec::new(), ..plan() }), "budget");
    let twice = vec![plan().budget[0].clone(), plan().budget[0].clone()];
    assert_eq!(field(Plan { budget: twice, ..plan() }), "budget");
    assert_eq!(plan().checked(), Ok(plan()));
}

fn waiting(number: i32, companions: u32) -> SignUp {
    SignUp {
        id: SignUpId::from_uuid(Uuid::from_u128(u128::from(number.unsigned_abs()))),
        event: CommunityEventId::from_uuid(Uuid::nil()),
        unit: UnitId::from_uuid(Uuid::nil()),
        building: BuildingId::from_uuid(Uuid::nil()),
        person: PersonId::from_uuid(Uuid::nil()),
        companions,
        state: SignUpState::Waitlisted,
        number,
        photo_consent: false,
        signed_at: at("2026-09-15T01:00:00Z"),
        checked_in: None,
        present: 0,
        version: 1,
    }
}

#[test]
fn nobody_overtakes_in_the_queue() {
    let queue = [waiting(1, 2), waiting(2, 0), waiting(3, 0)];
    assert_eq!(promoted(120, 118, &queue), []);
    assert_eq!(promoted(120, 117, &queue), [queue[0].id]);
    assert_eq!(promoted(120, 115, &queue), [queue[0].id, queue[1].id, queue[2].id]);
    assert!(has_room(120, 119, 0, 1) && !has_room(120, 119, 0, 2) && !has_room(120, 119, 1, 1));
}

proptest! {
    #[test]
    fn who_moves_up_never_exceeds_the_capacity(
        capacity in 1_u32..200, taken in 0_u32..200, queue in proptest::collection::vec(0_u32..5, 0..30),
    ) {
        let queue: Vec<SignUp> = (1..).zip(&queue).map(|(n, more)| waiting(n, *more)).collect();
        let moved = promoted(capacity, taken, &queue);
        let places: u32 = queue[..moved.len()].iter().map(SignUp::places).sum();
        prop_assert!(moved.is_empty() || taken + places <= capacity);
        // The first who waits on does not fit.
        if let Some(next) = queue.get(moved.len()) {
            prop_assert!(taken + places + next.places() > capacity);
        }
    }
}
