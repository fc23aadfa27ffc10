//! What acts on work orders are given, and give back.

use super::{
    nodes_graphql::{WorkOrderNode, WorkUrgency},
    revise::Revision,
};
use async_graphql::{Enum, ID, InputObject, SimpleObject};
use chrono::{DateTime, Utc};

/// Something to be repaired.
#[derive(InputObject)]
pub(crate) struct CreateWorkOrderInput {
    /// The estate, `est_…`.
    pub(super) estate_id: ID,
    /// The unit, `unt_…`, for work in one.
    pub(super) unit_id: Option<ID>,
    /// The place in words, up to 200 characters; needed without a unit.
    pub(super) place: Option<String>,
    /// The building of that place, `bld_…`.
    pub(super) building_id: Option<ID>,
    /// The code of the category.
    pub(super) category: String,
    /// How soon; by what is promised for the category when left out.
    pub(super) urgency: Option<WorkUrgency>,
    /// What is to be repaired, up to 2000 characters.
    pub(super) description: String,
    /// From when the resident is there; until then no promise of time runs.
    pub(super) appointment_at: Option<DateTime<Utc>>,
    /// Who reported it, `psn_…`, when staff write it down; residents report for themselves.
    pub(super) reporter_id: Option<ID>,
    /// The contact it came from, `cnt_…`.
    pub(super) contact_id: Option<ID>,
    /// When it was reported, where a desk types in a letter or a visit; not before the contact. When
    /// the contact was, or now, when left out.
    pub(super) received_at: Option<DateTime<Utc>>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What is otherwise than it was written down; what is left out stays.
#[derive(InputObject)]
pub(crate) struct ReviseWorkOrderInput {
    /// The work order, `wko_…`.
    pub(super) work_order_id: ID,
    /// The version that was read; another one since then is a conflict.
    pub(super) expected_version: i32,
    /// The code of the category.
    category: Option<String>,
    /// How soon.
    urgency: Option<WorkUrgency>,
    /// From when the resident is there; until then no promise of time runs.
    appointment_at: Option<DateTime<Utc>>,
    /// The place in words, up to 200 characters.
    place: Option<String>,
    /// What is to be repaired, up to 2000 characters.
    description: Option<String>,
    /// Why, up to 500 characters.
    note: Option<String>,
}

impl ReviseWorkOrderInput {
    pub(super) fn revision(self) -> Revision {
        Revision {
            category: self.category,
            urgency: self.urgency.map(Into::into),
            appointment: self.appointment_at,
            place: self.place,
            description: self.description,
            note: self.note,
        }
    }
}

/// Who gets a work order.
#[derive(InputObject)]
pub(crate) struct AssignWorkOrderInput {
    /// The work order, `wko_…`.
    pub(super) work_order_id: ID,
    /// The version that was read; another one since then is a conflict.
    pub(super) expected_version: i32,
    /// Who, `usr_…`: one of those who take work in the estate.
    pub(super) assignee_id: ID,
    /// Why, up to 500 characters.
    pub(super) note: Option<String>,
}

/// How somebody who has a work order moves it on.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum WorkOrderMove {
    /// Take it.
    Accept,
    /// Set out.
    SetOut,
    /// Begin, or go on.
    Start,
    /// Wait for parts.
    WaitForParts,
    /// Wait to be let in.
    WaitForAccess,
    /// Wait for the resident.
    WaitForResident,
    /// Take a quote back that the resident has not answered.
    WithdrawQuote,
}

/// How a work order moves on.
#[derive(InputObject)]
pub(crate) struct AdvanceWorkOrderInput {
    /// The work order, `wko_…`.
    pub(super) work_order_id: ID,
    /// The version that was read; another one since then is a conflict.
    pub(super) expected_version: i32,
    /// How.
    pub(super) step: WorkOrderMove,
    /// What is noted, up to 500 characters.
    pub(super) note: Option<String>,
}

/// So many of an entry of the price list.
#[derive(InputObject)]
pub(crate) struct WorkQuoteLineInput {
    /// The code of the price list.
    pub(super) code: String,
    /// How many, 1 to 9999.
    pub(super) quantity: i32,
}

/// What work would cost.
#[derive(InputObject)]
pub(crate) struct QuoteWorkOrderInput {
    /// The work order, `wko_…`.
    pub(super) work_order_id: ID,
    /// The version that was read; another one since then is a conflict.
    pub(super) expected_version: i32,
    /// Labour and material from the price list, up to 50 lines.
    pub(super) lines: Vec<WorkQuoteLineInput>,
    /// What is noted, up to 500 characters.
    pub(super) note: Option<String>,
}

/// The resident's answer to a quote.
#[derive(InputObject)]
pub(crate) struct AnswerWorkQuoteInput {
    /// The work order, `wko_…`.
    pub(super) work_order_id: ID,
    /// The version that was read; another one since then is a conflict.
    pub(super) expected_version: i32,
    /// Whether they agree to the price.
    pub(super) agrees: bool,
    /// What is noted, up to 500 characters.
    pub(super) note: Option<String>,
}

/// A resident's answer to a quote, as it was heard on the phone.
#[derive(InputObject)]
pub(crate) struct RecordWorkQuoteAnswerInput {
    /// The work order, `wko_…`.
    pub(super) work_order_id: ID,
    /// The version that was read; another one since then is a conflict.
    pub(super) expected_version: i32,
    /// Who said it, `psn_…`: who reported it, or belongs to the unit.
    pub(super) person_id: ID,
    /// Whether they agree to the price.
    pub(super) agrees: bool,
    /// What else was said, up to 500 characters.
    pub(super) note: Option<String>,
}

/// The work is done.
#[derive(InputObject)]
pub(crate) struct CompleteWorkOrderInput {
    /// The work order, `wko_…`.
    pub(super) work_order_id: ID,
    /// The version that was read; another one since then is a conflict.
    pub(super) expected_version: i32,
    /// Who signed for it, up to 100 characters.
    pub(super) signature_name: String,
    /// The picture of the signature, `att_…`: attached to this work order, and not as one of before.
    pub(super) signature_attachment_id: Option<ID>,
    /// What was done, up to 500 characters.
    pub(super) note: Option<String>,
}

/// A work order that is in order, or over.
#[derive(InputObject)]
pub(crate) struct EndWorkOrderInput {
    /// The work order, `wko_…`.
    pub(super) work_order_id: ID,
    /// The version that was read; another one since then is a conflict.
    pub(super) expected_version: i32,
    /// What is noted, up to 500 characters.
    pub(super) note: Option<String>,
}

/// A work order that is opened again, or void.
#[derive(InputObject)]
pub(crate) struct UndoWorkOrderInput {
    /// The work order, `wko_…`.
    pub(super) work_order_id: ID,
    /// The version that was read; another one since then is a conflict.
    pub(super) expected_version: i32,
    /// Why, up to 500 characters.
    pub(super) reason: String,
}

/// Two that are the same.
#[derive(InputObject)]
pub(crate) struct MergeWorkOrdersInput {
    /// The one that ends, `wko_…`.
    pub(super) duplicate_id: ID,
    /// Its version that was read; another one since then is a conflict.
    pub(super) duplicate_version: i32,
    /// The one that goes on, `wko_…`.
    pub(super) survivor_id: ID,
    /// Its version that was read; another one since then is a conflict.
    pub(super) survivor_version: i32,
}

/// The work order after an act.
#[derive(SimpleObject)]
pub(crate) struct WorkOrderPayload {
    /// The work order.
    pub(super) work_order: WorkOrderNode,
}
