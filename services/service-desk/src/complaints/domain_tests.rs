//! The rules of complaints.

use super::*;
use proptest::prelude::*;

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn user(n: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(n))
}

/// Friday, 31 July 2026, 21:40 in Shanghai, as in S3.
fn complaint() -> Complaint {
    let received = at("2026-07-31T13:40:00Z");
    Complaint {
        id: ComplaintId::from_uuid(Uuid::nil()),
        estate: EstateId::from_uuid(Uuid::nil()),
        month: "2026-07".parse().unwrap(),
        number: 7,
        channel: Channel::Phone,
        complainant: Complainant::default(),
        subjects: Vec::new(),
        about_unit: None,
        building: None,
        class: Class::Neighbour,
        facts: "夜间电钻".to_owned(),
        demand: None,
        recorded_by: user(1),
        received_at: received,
        first_due_at: received + Duration::minutes(30),
        first_responded_at: None,
        ground: None,
        valid: None,
        handler: None,
        due_at: received + SOLVED_IN,
        proposal: None,
        state: State::Received,
        escalated_to: None,
        resolution: None,
        resolved_at: None,
        revisit_reference: None,
        rating: None,
        outcome: None,
        closed_at: None,
        reopened: 0,
        repeat_of: None,
        same_cause: None,
        version: 1,
    }
}

fn found() -> Resolution {
    Resolution {
        result: "已停工并警告".to_owned(),
        cause: Cause::NeighbourBehaviour,
        department: Department::OutsideParty,
        responsible: None,
        preventive: "装修许可注明时段".to_owned(),
        compensation: None,
    }
}

fn handled() -> Complaint {
    let mut it = complaint();
    it.respond(at("2026-07-31T13:52:00Z")).unwrap();
    it.give_grade(Ground::Rest).unwrap();
    it.assign(user(2)).unwrap();
    it
}

#[test]
fn s3_is_answered_after_12_minutes_and_resolved_after_17_hours_50() {
    let mut it = handled();
    let saturday = at("2026-08-01T07:30:00Z");
    assert_eq!(it.resolved_in_time(saturday), None);
    it.resolve(saturday, found()).unwrap();
    assert_eq!(it.response_minutes(), Some(12));
    assert_eq!(it.answered_in_time(saturday), Some(true));
    assert_eq!(it.resolution_minutes(), Some(17 * 60 + 50));
    assert!(it.within_a_day() && it.resolved_in_time(saturday) == Some(true));
    it.state = State::RevisitDue;
    it.rated(at("2026-08-03T02:00:00Z"), Rating::B);
    assert_eq!((it.state, it.outcome), (State::Closed, Some(Outcome::Accepted)));
}

#[test]
fn nothing_goes_before_what_must_come_first() {
    let mut it = complaint();
    assert_eq!(it.give_grade(Ground::Rest), Err(say::answer_first()));
    assert_eq!(it.decline(it.received_at), Err(say::answer_first()));
    it.respond(it.received_at).unwrap();
    assert_eq!(it.respond(it.received_at), Err(say::already_answered()));
    assert_eq!(it.assign(user(2)), Err(say::grade_first()));
    it.give_grade(Ground::Rest).unwrap();
    assert_eq!(it.resolve(it.received_at, found()), Err(say::assign_first()));
    assert_eq!(it.agree(), Err(say::nothing_proposed()));
    assert_eq!(it.close_unasked(it.received_at, true), Err(say::not_resolved()));
    it.assign(user(2)).unwrap();
    it.resolve(it.received_at, found()).unwrap();
    assert_eq!(it.work(), Err(say::over()));
    it.state = State::RevisitDue;
    assert_eq!(it.close_unasked(it.received_at, false), Err(say::revisit_first()));
    assert_eq!(it.reopen(it.received_at), Err(say::not_closed()));
}

#[test]
fn only_what_the_complainant_agreed_to_moves_the_promise_and_never_the_24_hours() {
    let mut it = handled();
    let until = at("2026-08-04T04:00:00Z");
    it.propose(Proposal { until, reason: "等配件".to_owned() }).unwrap();
    assert_eq!(it.due_at, it.received_at + SOLVED_IN);
    it.agree().unwrap();
    assert_eq!((it.due_at, it.state), (until, State::ExtensionAgreed));
    it.resolve(at("2026-08-03T04:00:00Z"), found()).unwrap();
    assert_eq!(it.resolved_in_time(until), Some(true));
    assert!(!it.within_a_day());
}

#[test]
fn it_can_be_reopened_for_seven_days_and_a_bad_rating_does_so() {
    let mut it = handled();
    let now = at("2026-08-01T07:30:00Z");
    it.resolve(now, found()).unwrap();
    it.rated(now, Rating::C);
    assert_eq!((it.state, it.reopened, it.rating), (State::Reopened, 1, Some(Rating::C)));
    // An answer to the first revisit that comes late does not close what is handled again.
    it.rated(now, Rating::A);
    assert_eq!(it.state, State::Reopened);
    it.resolve(now, found()).unwrap();
    it.rated(now, Rating::A);
    assert_eq!(it.reopen(now + REOPEN + Duration::seconds(1)), Err(say::too_late_to_reopen()));
    it.reopen(now + REOPEN).unwrap();
    assert_eq!((it.state, it.reopened, it.resolved_at), (State::Reopened, 2, None));
}

#[test]
fn a_major_one_is_the_companys_and_nobody_takes_it_down_again() {
    let mut it = handled();
    it.give_grade(Ground::SeriousLoss).unwrap();
    assert_eq!((it.grade(), it.escalated_to), (Some(Grade::Major), Some(Above::Company)));
    assert_eq!(it.escalate(Above::Director), Err(say::already_escalated()));
}

#[test]
fn who_handles_it_and_is_whom_it_is_about_handles_it_no_more() {
    let mut it = handled();
    it.is_about(vec![user(3)]);
    assert_eq!(it.handler, Some(user(2)));
    it.is_about(vec![user(3), user(2)]);
    assert_eq!((it.handler, it.state), (None, State::Graded));
}

#[test]
fn a_text_for_the_other_party_names_nobody() {
    let names = ["张三".to_owned(), "6-2-0801".to_owned(), "张".to_owned()];
    assert!(gives_away("张三反映", &names) && gives_away("应6-2-0801住户要求", &names));
    assert!(!gives_away("请于 20:00 后停止施工；纸张勿堆放", &names));
}

proptest! {
    #[test]
    fn the_promise_only_moves_when_agreed(hours in 1_i64..500, agreed: bool) {
        let mut it = handled();
        let until = it.received_at + Duration::hours(hours);
        it.propose(Proposal { until, reason: String::new() }).unwrap();
        if agreed {
            it.agree().unwrap();
        }
        prop_assert_eq!(it.due_at, if agreed { until } else { it.received_at + SOLVED_IN });
    }
}
