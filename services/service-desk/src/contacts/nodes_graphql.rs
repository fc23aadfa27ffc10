//! Contacts as the graph shows them.

use super::{
    Contact, ContactId,
    domain::{Became, Channel, Class, Direction, State, Suggestion, Urgency},
};
use crate::{
    Refused,
    graphql::{Colleague, EstateNode, PersonNode, UnitNode},
};
use async_graphql::{Enum, ID, SimpleObject};
use authz::UserId;
use chrono::{DateTime, Utc};
use contracts::{PersonId, UnitId};
use db::TenantScope;
use personal::mask_name;
use places::homes;

/// By which way somebody turned to the estate.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Channel")]
pub enum ContactChannel {
    /// By telephone.
    Phone,
    /// At the desk.
    Visit,
    /// In the application.
    App,
    /// By letter.
    Letter,
    /// By `WeChat`.
    Wechat,
    /// At the gate.
    GuardPost,
}

/// Who turned to whom.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Direction")]
pub enum ContactDirection {
    /// Somebody to the estate.
    Inbound,
    /// The estate to somebody.
    Outbound,
}

/// What a contact is about.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Class")]
pub enum ContactClass {
    /// A question that is answered at once.
    Inquiry,
    /// A question that somebody else answers.
    InquiryPassedOn,
    /// A request for help.
    HelpRequest,
    /// A paid service.
    PaidService,
    /// A suggestion.
    Suggestion,
    /// A complaint.
    Complaint,
    /// A repair.
    Repair,
}

/// How soon a contact wants an answer.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Urgency")]
pub enum ContactUrgency {
    /// Within 15 minutes.
    Urgent,
    /// Within a day.
    Normal,
}

/// What has become of a contact.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "State")]
pub enum ContactState {
    /// It waits for an answer.
    Open,
    /// It was answered.
    Answered,
    /// It has become something else, which is followed there.
    Converted,
}

/// What a contact has become.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Became")]
pub enum ContactOutcome {
    /// A work order.
    WorkOrder,
    /// A complaint.
    Complaint,
    /// An order of a special service.
    SpecialOrder,
    /// A suggestion.
    Suggestion,
}

/// What has become of a suggestion.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Suggestion")]
pub enum SuggestionState {
    /// It waits for a decision.
    Received,
    /// It is done.
    Adopted,
    /// It is not done, and why was explained.
    Explained,
}

/// Somebody who turned to the estate, or to whom the estate turned (来电来访).
#[derive(SimpleObject)]
#[graphql(name = "Contact")]
pub struct ContactNode {
    #[graphql(skip)]
    pub(super) key: ContactId,
    /// Its id, `cnt_…`.
    id: ID,
    /// The estate.
    estate: EstateNode,
    /// By which way.
    channel: ContactChannel,
    /// Who turned to whom.
    direction: ContactDirection,
    /// When it was.
    pub(super) at: DateTime<Utc>,
    /// The unit it is about.
    unit: Option<UnitNode>,
    /// The unit's label, e.g. `6-2-0801`.
    unit_label: Option<String>,
    /// Who it was, if known.
    person: Option<PersonNode>,
    /// What that person is called: masked, in full to themself.
    person_name: Option<String>,
    /// What the caller said they are called, masked.
    caller_name: Option<String>,
    /// The caller's phone, masked.
    phone: Option<String>,
    /// What was said.
    summary: String,
    /// What it is about.
    class: ContactClass,
    /// How soon it wants an answer.
    urgency: ContactUrgency,
    /// Whether nobody picked up.
    missed: bool,
    /// What has become of it.
    state: ContactState,
    /// Who recorded it; nobody is named who sent what became an anonymous complaint.
    recorded_by: Option<Colleague>,
    /// When it was recorded.
    recorded_at: DateTime<Utc>,
    /// Who was asked first and sees to it; nobody until what a resident sent is taken.
    owner: Option<Colleague>,
    /// The colleague to whom it is handed over, who has not accepted yet.
    offered_to: Option<Colleague>,
    /// When the answer is due.
    due_at: DateTime<Utc>,
    /// Whether it still waits although the answer was due.
    overdue: bool,
    /// The answer.
    answer: Option<String>,
    /// When it was answered.
    answered_at: Option<DateTime<Utc>>,
    /// Who answered.
    answered_by: Option<Colleague>,
    /// What it became.
    became: Option<ContactOutcome>,
    /// The id of what it became.
    became_id: Option<ID>,
    /// When it became that.
    converted_at: Option<DateTime<Utc>>,
    /// What has become of the suggestion, when it is one.
    suggestion: Option<SuggestionState>,
    /// Counts the changes; a change says which it saw.
    version: i32,
}

impl ContactNode {
    /// Contacts with the names they refer to; `own` when the caller is the resident of all of them.
    /// Staff are not told whose those were that became anonymous complaints, nor which.
    pub(super) async fn load(
        scope: &TenantScope,
        contacts: Vec<Contact>,
        own: bool,
    ) -> Result<Vec<Self>, Refused> {
        let users = contacts.iter().flat_map(|contact| {
            let more = [contact.owner, contact.offered_to, contact.answered_by];
            more.into_iter().flatten().chain([contact.recorded_by]).map(UserId::as_uuid)
        });
        let staff = places::staff::by_id(scope, users).await?;
        let units = homes::units(scope, contacts.iter().filter_map(|contact| contact.unit)).await?;
        let people = contacts.iter().filter_map(|contact| contact.person);
        let names = homes::names(scope, people).await?;
        let now = scope.now();
        let colleague = |user: UserId| Colleague::new(user, &staff);
        let name = |person: &PersonId| {
            names.get(person).map(|name| if own { name.full.clone() } else { name.shown.clone() })
        };
        let node = |mut contact: Contact| {
            let recorder = contact.recorded_by;
            let told = own || !contact.nameless || staff.contains_key(&recorder.as_uuid());
            if !own && contact.nameless {
                without_names(&mut contact);
            }
            Self {
                key: contact.id,
                overdue: contact.overdue(now),
                id: contact.id.to_string().into(),
                estate: EstateNode::new(contact.estate),
                channel: contact.channel.into(),
                direction: contact.direction.into(),
                at: contact.at,
                unit: contact.unit.map(UnitNode::new),
                unit_label: contact.unit.and_then(|unit| label(&units, unit)),
                person: contact.person.map(PersonNode::new),
                person_name: contact.person.as_ref().and_then(name),
                caller_name: contact.caller_name.as_deref().map(mask_name),
                phone: contact.phone.map(|phone| phone.masked),
                summary: contact.summary,
                class: contact.class.into(),
                urgency: contact.urgency.into(),
                missed: contact.missed,
                state: contact.state.into(),
                recorded_by: told.then(|| colleague(recorder)),
                recorded_at: contact.recorded_at,
                owner: contact.owner.map(colleague),
                offered_to: contact.offered_to.map(colleague),
                due_at: contact.due_at,
                answer: contact.answer,
                answered_at: contact.answered_at,
                answered_by: contact.answered_by.map(colleague),
                became: contact.became.map(Into::into),
                became_id: contact.reference.map(Into::into),
                converted_at: contact.converted_at,
                suggestion: contact.suggestion.map(Into::into),
                version: contact.version,
            }
        };
        Ok(contacts.into_iter().map(node).collect())
    }
}

/// Takes out what would say whose it was, and what it became.
fn without_names(contact: &mut Contact) {
    (contact.person, contact.caller_name, contact.phone) = (None, None, None);
    (contact.unit, contact.reference) = (None, None);
}

fn label(units: &std::collections::HashMap<UnitId, homes::Unit>, unit: UnitId) -> Option<String> {
    units.get(&unit).map(|unit| unit.label.clone())
}
