//! What acts on complaints need.

use super::{
    ComplaintId,
    kinds_graphql::{
        ComplaintCause, ComplaintChannel, ComplaintClass, ComplaintDepartment, ComplaintGround,
        ComplaintLevel,
    },
    receive::ReceiveComplaint,
    resolve::ResolveComplaint,
};
use async_graphql::{ID, InputObject, Result};
use authz::UserId;
use chrono::{DateTime, Utc};
use graphql::parse_id;

/// A complaint.
#[derive(InputObject)]
pub struct ReceiveComplaintInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// How it came; a resident's own comes by the app whatever this says.
    channel: ComplaintChannel,
    /// Who complains, `psn_…`; residents complain themselves.
    complainant_id: Option<ID>,
    /// Their unit, `unt_…`.
    unit_id: Option<ID>,
    /// What somebody is called who is not known otherwise; up to 50 characters.
    complainant_name: Option<String>,
    /// Whether staff are not told who complains.
    #[graphql(default)]
    anonymous: bool,
    /// Staff whom it is about, `usr_…`; for them it does not exist.
    #[graphql(default)]
    about_staff_ids: Vec<ID>,
    /// The unit that it is about, `unt_…`, as a neighbour's.
    about_unit_id: Option<ID>,
    /// What it is about.
    class: ComplaintClass,
    /// What happened; 1 to 4000 characters.
    facts: String,
    /// What the complainant wants; up to 1000 characters.
    demand: Option<String>,
    /// The contact by which it came, `cnt_…`, which becomes this complaint.
    contact_id: Option<ID>,
    /// When it came, where a desk types in a letter or a visit; not before the contact. When the
    /// contact was, or now, when left out.
    received_at: Option<DateTime<Utc>>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

impl ReceiveComplaintInput {
    pub(super) fn command(self) -> Result<ReceiveComplaint> {
        Ok(ReceiveComplaint {
            estate: parse_id(&self.estate_id, "estateId")?,
            channel: self.channel.into(),
            person: self.complainant_id.map(|id| parse_id(&id, "complainantId")).transpose()?,
            unit: self.unit_id.map(|id| parse_id(&id, "unitId")).transpose()?,
            name: self.complainant_name,
            anonymous: self.anonymous,
            about_staff: staff(&self.about_staff_ids)?,
            about_unit: self.about_unit_id.map(|id| parse_id(&id, "aboutUnitId")).transpose()?,
            class: self.class.into(),
            facts: self.facts,
            demand: self.demand,
            contact: self.contact_id.map(|id| parse_id(&id, "contactId")).transpose()?,
            received_at: self.received_at,
        })
    }
}

/// Staff whom a complaint is about.
pub(super) fn staff(ids: &[ID]) -> Result<Vec<UserId>> {
    ids.iter().map(|id| parse_id(id, "aboutStaffIds")).collect()
}

/// Whom a complaint is about.
#[derive(InputObject)]
pub struct SetComplaintAboutInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Its version as it was read.
    pub(super) expected_version: i32,
    /// Staff, `usr_…`; for them it is gone from now on.
    pub(super) about_staff_ids: Vec<ID>,
    /// A unit, `unt_…`.
    pub(super) about_unit_id: Option<ID>,
}

/// The first response.
#[derive(InputObject)]
pub struct RespondToComplaintInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Its version as it was read.
    pub(super) expected_version: i32,
    /// What the complainant was told; 1 to 2000 characters.
    pub(super) words: String,
}

/// A grade.
#[derive(InputObject)]
pub struct GradeComplaintInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Its version as it was read.
    pub(super) expected_version: i32,
    /// What it is grounded on; the grade follows.
    pub(super) ground: ComplaintGround,
    /// More words on it; up to 500 characters.
    pub(super) reason: Option<String>,
}

/// Out of scope.
#[derive(InputObject)]
pub struct DeclineComplaintInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Its version as it was read.
    pub(super) expected_version: i32,
    /// What the complainant is told; 1 to 2000 characters.
    pub(super) explanation: String,
}

/// Who handles a complaint.
#[derive(InputObject)]
pub struct AssignComplaintInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Its version as it was read.
    pub(super) expected_version: i32,
    /// Who, `usr_…`; a director for an important or major one.
    pub(super) handler_id: ID,
}

/// What was done about a complaint.
#[derive(InputObject)]
pub struct NoteComplaintInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Its version as it was read.
    pub(super) expected_version: i32,
    /// What; 1 to 2000 characters.
    pub(super) words: String,
    /// Whether the complainant sees it.
    pub(super) shared: bool,
}

/// What the other party is told.
#[derive(InputObject)]
pub struct TellOtherPartyInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Its version as it was read.
    pub(super) expected_version: i32,
    /// What; 1 to 1000 characters, without the complainant's name or unit.
    pub(super) words: String,
}

/// A later time.
#[derive(InputObject)]
pub struct ProposeComplaintTimeInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Its version as it was read.
    pub(super) expected_version: i32,
    /// Until when; later than now and than what was promised.
    pub(super) until: DateTime<Utc>,
    /// Why; 1 to 500 characters.
    pub(super) reason: String,
}

/// The complainant's yes to a later time.
#[derive(InputObject)]
pub struct AgreeComplaintTimeInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Its version as it was read.
    pub(super) expected_version: i32,
    /// How they agreed, where they do not do so by the app; up to 500 characters.
    pub(super) agreement: Option<String>,
}

/// How a complaint was resolved.
#[derive(InputObject)]
pub struct ResolveComplaintInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Its version as it was read.
    pub(super) expected_version: i32,
    /// What was done; 1 to 2000 characters.
    result: String,
    /// Why it came to it.
    cause: ComplaintCause,
    /// Which department answers for it.
    department: ComplaintDepartment,
    /// Who answers for it, `usr_…`.
    responsible_id: Option<ID>,
    /// What keeps it from happening again; 1 to 2000 characters.
    preventive_action: String,
    /// What the complainant gets; up to 500 characters. The money itself is an adjustment in billing.
    compensation: Option<String>,
}

impl ResolveComplaintInput {
    pub(super) fn command(self) -> Result<ResolveComplaint> {
        let responsible = self.responsible_id.map(|id| parse_id(&id, "responsibleId"));
        Ok(ResolveComplaint {
            result: self.result,
            cause: self.cause.into(),
            department: self.department.into(),
            responsible: responsible.transpose()?,
            preventive: self.preventive_action,
            compensation: self.compensation,
        })
    }
}

/// The end of a complaint about which nobody could be asked.
#[derive(InputObject)]
pub struct CloseComplaintInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Its version as it was read.
    pub(super) expected_version: i32,
    /// Why; 1 to 500 characters.
    pub(super) reason: String,
}

/// A new beginning.
#[derive(InputObject)]
pub struct ReopenComplaintInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Its version as it was read.
    pub(super) expected_version: i32,
    /// Why; 1 to 1000 characters.
    pub(super) reason: String,
}

/// Taking a complaint up.
#[derive(InputObject)]
pub struct EscalateComplaintInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Its version as it was read.
    pub(super) expected_version: i32,
    /// To whom.
    pub(super) to: ComplaintLevel,
    /// Why; 1 to 500 characters.
    pub(super) reason: String,
}

/// A complaint as it was read.
#[derive(InputObject)]
pub struct ReadComplaint {
    /// The complaint, `cpl_…`.
    complaint_id: ID,
    /// Its version as it was read.
    expected_version: i32,
}

/// Complaints of the same cause.
#[derive(InputObject)]
pub struct LinkComplaintsInput {
    /// Which, 2 to 50 of one estate.
    complaints: Vec<ReadComplaint>,
}

impl LinkComplaintsInput {
    pub(super) fn which(&self) -> Result<Vec<(ComplaintId, i32)>> {
        let one = |it: &ReadComplaint| {
            Ok((parse_id(&it.complaint_id, "complaints.complaintId")?, it.expected_version))
        };
        self.complaints.iter().map(one).collect()
    }
}

/// Why somebody must know who complained.
#[derive(InputObject)]
pub struct RevealComplainantInput {
    /// The complaint, `cpl_…`.
    pub(super) complaint_id: ID,
    /// Why; 1 to 500 characters.
    pub(super) reason: String,
}
