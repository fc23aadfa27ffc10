use super::*;
use errors::{Code, Coded as _};
use proptest::prelude::*;
use uuid::Uuid;

fn noon() -> DateTime<Utc> {
    "2026-07-31T04:00:00Z".parse().unwrap()
}

fn user(n: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(n))
}

fn contact(class: Class) -> Contact {
    Contact {
        id: ContactId::from_uuid(Uuid::from_u128(1)),
        estate: EstateId::from_uuid(Uuid::from_u128(2)),
        channel: Channel::Phone,
        direction: Direction::Inbound,
        at: noon(),
        unit: None,
        building: None,
        person: None,
        caller_name: None,
        phone: None,
        summary: "电梯几点检修".to_owned(),
        class,
        urgency: Urgency::Normal,
        missed: false,
        state: State::Open,
        recorded_by: user(1),
        recorded_at: noon(),
        owner: Some(user(1)),
        offered_to: None,
        accepted_at: None,
        due_at: Urgency::Normal.due(noon()),
        answer: None,
        answered_at: None,
        answered_by: None,
        became: None,
        reference: None,
        converted_at: None,
        suggestion: (class == Class::Suggestion).then_some(Suggestion::Received),
        nameless: false,
        version: 1,
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, Refused>) -> Code {
    result.unwrap_err().code()
}

#[test]
fn an_urgent_contact_is_due_in_a_quarter_of_an_hour_and_an_ordinary_one_in_a_day() {
    let mut one = contact(Class::Inquiry);
    assert_eq!(one.due_at.to_rfc3339(), "2026-08-01T04:00:00+00:00");
    one.classify(Class::HelpRequest, Urgency::Urgent).unwrap();
    assert_eq!(one.due_at.to_rfc3339(), "2026-07-31T04:15:00+00:00");
    assert!(!one.overdue(one.due_at));
    assert!(one.overdue(one.due_at + Duration::seconds(1)));
    one.answer("已派人".to_owned(), user(1), noon()).unwrap();
    assert!(!one.overdue(one.due_at + Duration::days(9)));
}

#[test]
fn a_colleague_must_accept_what_is_handed_over() {
    let mut one = contact(Class::Inquiry);
    assert_eq!(code(one.accept(user(2), noon())), Code::Conflict);
    assert_eq!(code(one.offer(user(1))), Code::Invalid);
    one.offer(user(2)).unwrap();
    assert_eq!(one.owner, Some(user(1)));
    assert_eq!(code(one.accept(user(3), noon())), Code::Conflict);
    one.accept(user(2), noon()).unwrap();
    assert_eq!((one.owner, one.offered_to, one.accepted_at), (Some(user(2)), None, Some(noon())));
    // What a resident sent is nobody's: who takes it was the first.
    let mut sent = contact(Class::Inquiry);
    sent.owner = None;
    sent.accept(user(4), noon()).unwrap();
    assert_eq!((sent.owner, sent.accepted_at), (Some(user(4)), None));
}

#[test]
fn a_suggestion_is_decided_and_not_answered() {
    let mut one = contact(Class::Suggestion);
    assert_eq!(code(one.answer("谢谢".to_owned(), user(1), noon())), Code::Conflict);
    assert_eq!(
        code(one.decide(Suggestion::Received, "谢谢".to_owned(), user(1), noon())),
        Code::Conflict
    );
    one.decide(Suggestion::Adopted, "下月起".to_owned(), user(1), noon()).unwrap();
    assert_eq!((one.state, one.answered_at), (State::Answered, Some(noon())));
    assert_eq!(
        code(one.decide(Suggestion::Explained, "不行".to_owned(), user(1), noon())),
        Code::Conflict
    );
    assert_eq!(
        code(contact(Class::Inquiry).decide(Suggestion::Adopted, "好".to_owned(), user(1), noon())),
        Code::Conflict
    );
}

#[test]
fn what_became_something_else_becomes_nothing_more() {
    let mut one = contact(Class::Complaint);
    assert!(one.convert(Outcome::Complaint("cmt_1".to_owned()), noon()).unwrap());
    assert!(!one.convert(Outcome::Complaint("cmt_1".to_owned()), noon()).unwrap());
    assert_eq!(code(one.convert(Outcome::WorkOrder("wo_1".to_owned()), noon())), Code::Conflict);
    assert_eq!(code(one.convert(Outcome::Complaint("cmt_2".to_owned()), noon())), Code::Conflict);
    assert_eq!(code(one.answer("好".to_owned(), user(1), noon())), Code::Conflict);
    // A suggestion stays here and is decided here.
    let mut one = contact(Class::Inquiry);
    assert!(one.convert(Outcome::Suggestion, noon()).unwrap());
    one.decide(Suggestion::Explained, "预算不足".to_owned(), user(1), noon()).unwrap();
    assert_eq!((one.state, one.answer.as_deref()), (State::Converted, Some("预算不足")));
}

#[test]
fn a_time_to_come_is_refused_and_so_is_a_phone_without_digits() {
    assert_eq!(checked_time(None, noon()).unwrap(), noon());
    let later = Some(noon() + Duration::seconds(1));
    assert_eq!(checked_time(later, noon()).unwrap_err().field, "at");
    assert_eq!(checked_phone(" +86 138-1234-5678 ").unwrap(), "+86 138-1234-5678");
    for wrong in ["", "12", "abc", "138x", "123456789012345678901"] {
        assert_eq!(checked_phone(wrong).unwrap_err().field, "phone", "{wrong}");
    }
}

proptest! {
    #[test]
    fn whatever_is_done_a_contact_has_one_end(acts in prop::collection::vec(0..6u8, 0..12)) {
        let mut one = contact(Class::Inquiry);
        for act in acts {
            let before = one.clone();
            let done = match act {
                0 => one.answer("好".to_owned(), user(1), noon()),
                1 => one.convert(Outcome::WorkOrder("wo_1".to_owned()), noon()).map(drop),
                2 => one.offer(user(2)),
                3 => one.accept(user(2), noon()),
                4 => one.classify(Class::Suggestion, Urgency::Urgent),
                _ => one.decide(Suggestion::Adopted, "好".to_owned(), user(1), noon()),
            };
            if done.is_err() {
                prop_assert_eq!(&one, &before);
            }
            prop_assert_eq!(one.answered_at.is_some(), one.state == State::Answered);
            prop_assert_eq!(one.converted_at.is_some(), one.state == State::Converted);
            prop_assert!(one.offered_to.is_none() || one.state == State::Open);
        }
    }
}
