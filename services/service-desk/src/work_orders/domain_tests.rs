//! The table of states, quotes, and who gets an order.

use super::catalogue::PriceKind;
use super::domain::*;
use Action as A;
use State as S;
use authz::UserId;
use chrono::{DateTime, Duration, Utc};
use money::Fen;
use uuid::Uuid;

/// From each state: what may be done, and where it leads.
const TABLE: [(State, &[(Action, State)]); 13] = [
    (
        S::New,
        &[
            (A::Assign, S::Dispatched),
            (A::Cancel, S::Cancelled),
            (A::Merge, S::Closed),
            (A::EndIncident, S::Closed),
        ],
    ),
    (
        S::Dispatched,
        &[
            (A::Assign, S::Dispatched),
            (A::Accept, S::Accepted),
            (A::Cancel, S::Cancelled),
            (A::Merge, S::Closed),
            (A::EndIncident, S::Closed),
        ],
    ),
    (
        S::Accepted,
        &[
            (A::Assign, S::Dispatched),
            (A::SetOut, S::EnRoute),
            (A::Start, S::Working),
            (A::WaitForParts, S::WaitingParts),
            (A::WaitForAccess, S::WaitingAccess),
            (A::WaitForResident, S::WaitingResident),
            (A::Quote, S::QuotePending),
            (A::Cancel, S::Cancelled),
            (A::Merge, S::Closed),
            (A::EndIncident, S::Closed),
        ],
    ),
    (
        S::EnRoute,
        &[
            (A::Assign, S::Dispatched),
            (A::Start, S::Working),
            (A::WaitForParts, S::WaitingParts),
            (A::WaitForAccess, S::WaitingAccess),
            (A::WaitForResident, S::WaitingResident),
            (A::Quote, S::QuotePending),
            (A::Cancel, S::Cancelled),
            (A::Merge, S::Closed),
            (A::EndIncident, S::Closed),
        ],
    ),
    (
        S::Working,
        &[
            (A::Assign, S::Dispatched),
            (A::WaitForParts, S::WaitingParts),
            (A::WaitForAccess, S::WaitingAccess),
            (A::WaitForResident, S::WaitingResident),
            (A::Quote, S::QuotePending),
            (A::Complete, S::Done),
            (A::Cancel, S::Cancelled),
            (A::Merge, S::Closed),
            (A::EndIncident, S::Closed),
        ],
    ),
    (
        S::WaitingParts,
        &[
            (A::Assign, S::Dispatched),
            (A::SetOut, S::EnRoute),
            (A::Start, S::Working),
            (A::Quote, S::QuotePending),
            (A::Cancel, S::Cancelled),
            (A::Merge, S::Closed),
            (A::EndIncident, S::Closed),
        ],
    ),
    (
        S::WaitingAccess,
        &[
            (A::Assign, S::Dispatched),
            (A::SetOut, S::EnRoute),
            (A::Start, S::Working),
            (A::Quote, S::QuotePending),
            (A::Cancel, S::Cancelled),
            (A::Merge, S::Closed),
            (A::EndIncident, S::Closed),
        ],
    ),
    (
        S::WaitingResident,
        &[
            (A::Assign, S::Dispatched),
            (A::SetOut, S::EnRoute),
            (A::Start, S::Working),
            (A::Quote, S::QuotePending),
            (A::Cancel, S::Cancelled),
            (A::Merge, S::Closed),
            (A::EndIncident, S::Closed),
        ],
    ),
    (
        S::QuotePending,
        &[
            (A::Assign, S::QuotePending),
            (A::Quote, S::QuotePending),
            (A::AcceptQuote, S::Accepted),
            (A::RefuseQuote, S::Accepted),
            (A::WithdrawQuote, S::Accepted),
            (A::Cancel, S::Cancelled),
            (A::Merge, S::Closed),
            (A::EndIncident, S::Closed),
        ],
    ),
    (S::Done, &[(A::Confirm, S::Confirmed), (A::Close, S::Closed), (A::Reopen, S::New)]),
    (S::Confirmed, &[(A::Close, S::Closed), (A::Reopen, S::New)]),
    (S::Closed, &[(A::Reopen, S::New)]),
    (S::Cancelled, &[]),
];

#[test]
fn the_table_is_all_there_is() {
    assert_eq!(TABLE.map(|(from, _)| from), State::ALL);
    for (from, ways) in TABLE {
        for action in Action::ALL {
            // What is open may be corrected and stays where it is.
            let corrected = (action == A::Revise && from.is_open()).then_some(from);
            let wanted = ways.iter().find(|(of, _)| *of == action).map(|(_, to)| *to);
            let wanted = wanted.or(corrected);
            assert_eq!(next(from, action), wanted, "{from:?} {action:?}");
        }
    }
}

#[test]
fn what_waits_has_a_reason_and_what_is_over_is_not_open() {
    for state in State::ALL {
        assert!(state.waits_for().is_none() || state.is_open(), "{state:?}");
    }
}

fn line(quantity: i64, price: i64, warranty_days: i32) -> Line {
    Line {
        code: "TAP".into(),
        name_zh: "龙头".into(),
        name_en: "tap".into(),
        unit: "个".into(),
        kind: PriceKind::Material,
        quantity,
        price: Fen(price),
        warranty_days,
    }
}

#[test]
fn a_quote_is_the_sum_of_its_lines_and_its_longest_warranty() {
    // S10 by day: labour 30.00 and a tap of 68.00.
    let mut quote = Quote::new(vec![line(1, 3_000, 30), line(1, 6_800, 90)]);
    quote.state = QuoteState::Accepted;
    assert_eq!(quote.total(), Some(Fen(9_800)));
    let done: DateTime<Utc> = "2026-07-31T04:00:00Z".parse().unwrap();
    assert_eq!(quote.warranty_until(done), Some(done + Duration::days(90)));
    quote.state = QuoteState::Property;
    assert_eq!(quote.warranty_until(done), None);
    quote.lines.push(line(i64::MAX, 2, 0));
    assert_eq!(quote.total(), None);
}

#[test]
fn the_least_busy_gets_it_and_of_several_the_first() {
    let hand = |n, load| Hand { user: UserId::from_uuid(Uuid::from_u128(n)), load };
    assert_eq!(least_busy([hand(1, 3), hand(3, 1), hand(2, 1)]), Some(hand(2, 0).user));
    assert_eq!(least_busy([]), None);
}
