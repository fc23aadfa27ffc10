//! What a complainant is told of their complaint.

use super::{domain::Complaint, say};
use crate::{
    Refused,
    messages::{self, Letter, MessageKind},
};
use db::TenantScope;
use texts::Text;

/// A letter to a complainant who is known. Of an anonymous one the log of deliveries, which staff
/// read, does not say that they complained.
async fn tell(
    scope: &TenantScope,
    complaint: &Complaint,
    (title, body): (Text, Text),
) -> Result<(), Refused> {
    let who = &complaint.complainant;
    let Some(person) = who.person else { return Ok(()) };
    let letter = Letter {
        estate: complaint.estate,
        person,
        unit: who.unit,
        kind: if who.anonymous { MessageKind::Service } else { MessageKind::Complaint },
        title,
        body,
        reference: complaint.id.to_string(),
    };
    messages::post(scope, letter).await
}

/// That more time is asked for.
pub(super) async fn more_time(scope: &TenantScope, it: &Complaint) -> Result<(), Refused> {
    tell(scope, it, (say::letter_time_title(), say::letter_time_body(it.called()))).await
}

/// The first answer.
pub(super) async fn answered(
    scope: &TenantScope,
    it: &Complaint,
    words: &str,
) -> Result<(), Refused> {
    let body = say::letter_answered(it.called(), words.to_owned());
    tell(scope, it, (say::letter_answered_title(), body)).await
}

/// That it is solved, and how.
pub(super) async fn resolved(
    scope: &TenantScope,
    it: &Complaint,
    words: &str,
) -> Result<(), Refused> {
    let body = say::letter_resolved(it.called(), words.to_owned());
    tell(scope, it, (say::letter_resolved_title(), body)).await
}

/// That it is over, and why: out of scope, or nobody could be asked.
pub(super) async fn closed(
    scope: &TenantScope,
    it: &Complaint,
    words: &str,
) -> Result<(), Refused> {
    let body = say::letter_closed(it.called(), words.to_owned());
    tell(scope, it, (say::letter_closed_title(), body)).await
}
