//! What a complaint looks like in the graph.

use super::{
    acts_repo::{self, Act},
    domain::Complaint,
    kinds_graphql::{
        ComplaintActKind, ComplaintCause, ComplaintChannel, ComplaintClass, ComplaintDepartment,
        ComplaintGrade, ComplaintGround, ComplaintLevel, ComplaintOutcome, ComplaintState,
    },
};
use crate::{
    Refused,
    graphql::{Colleague, EstateNode, PersonNode, UnitNode},
    revisits::node_graphql::RevisitAnswer,
};
use async_graphql::{ID, SimpleObject};
use authz::{Caller, Subject, UserId};
use chrono::{DateTime, Utc};
use contracts::PersonId;
use db::TenantScope;

/// An act on the timeline of a complaint.
#[derive(Clone, SimpleObject)]
pub struct ComplaintAct {
    /// When.
    at: DateTime<Utc>,
    /// Which member of staff; empty for a resident's own act, and for residents.
    by: Option<Colleague>,
    /// What.
    kind: ComplaintActKind,
    /// In what words.
    words: Option<String>,
    /// Whether the complainant sees it.
    shared: bool,
}

/// A later time that was proposed.
#[derive(Clone, SimpleObject)]
pub struct ComplaintExtension {
    /// Until when.
    until: DateTime<Utc>,
    /// Why.
    reason: String,
}

/// A complaint (投诉).
#[derive(Clone, SimpleObject)]
#[graphql(name = "Complaint")]
pub struct ComplaintNode {
    /// Its id, `cpl_…`.
    id: ID,
    /// What people call it, e.g. `2026-08-0042`.
    number: String,
    /// The estate.
    estate: EstateNode,
    /// How it came.
    channel: ComplaintChannel,
    /// Whether staff are not told who complains.
    anonymous: bool,
    /// Who complains; empty for staff when it is anonymous.
    complainant: Option<PersonNode>,
    /// What they are called: masked for staff, in full for themselves.
    complainant_name: Option<String>,
    /// Their unit.
    unit: Option<UnitNode>,
    /// Its label.
    unit_label: Option<String>,
    /// Staff whom it is about. Residents are not told.
    about_staff: Vec<Colleague>,
    /// The unit that it is about. Residents are not told.
    about_unit: Option<UnitNode>,
    /// Its label.
    about_unit_label: Option<String>,
    /// What it is about.
    class: ComplaintClass,
    /// What happened.
    facts: String,
    /// What the complainant wants.
    demand: Option<String>,
    /// When it came.
    received_at: DateTime<Utc>,
    /// Until when somebody answers.
    first_response_due_at: DateTime<Utc>,
    /// When somebody did.
    first_responded_at: Option<DateTime<Utc>>,
    /// After how many minutes.
    first_response_minutes: Option<i64>,
    /// Whether in time; empty while there is time left.
    first_response_in_time: Option<bool>,
    /// Its grade. Residents are not told.
    grade: Option<ComplaintGrade>,
    /// What the grade is grounded on. Residents are not told.
    ground: Option<ComplaintGround>,
    /// Whether it is within scope; empty before it is graded.
    valid: Option<bool>,
    /// Who handles it.
    handler: Option<Colleague>,
    /// Where it is.
    state: ComplaintState,
    /// The promised time: as the policy says, or what the complainant agreed to.
    promised_at: DateTime<Utc>,
    /// A later time that waits for the complainant's yes.
    extension: Option<ComplaintExtension>,
    /// Above whom it was taken. Residents are not told.
    escalated_to: Option<ComplaintLevel>,
    /// What was done.
    result: Option<String>,
    /// What the complainant gets.
    compensation: Option<String>,
    /// Why it came to it. Residents are not told.
    cause: Option<ComplaintCause>,
    /// Which department answers for it. Residents are not told.
    department: Option<ComplaintDepartment>,
    /// Who answers for it. Residents are not told.
    responsible: Option<Colleague>,
    /// What keeps it from happening again.
    preventive_action: Option<String>,
    /// When it was resolved.
    resolved_at: Option<DateTime<Utc>>,
    /// After how many minutes.
    resolution_minutes: Option<i64>,
    /// Whether by the promised time; empty while there is time left.
    resolved_in_time: Option<bool>,
    /// Whether within 24 hours of its receipt.
    within_a_day: bool,
    /// What the complainant thinks of it.
    rating: Option<RevisitAnswer>,
    /// How it ended.
    outcome: Option<ComplaintOutcome>,
    /// When it was closed.
    closed_at: Option<DateTime<Utc>>,
    /// Until when it can be reopened.
    reopen_until: Option<DateTime<Utc>>,
    /// How often it was begun anew.
    reopened: i32,
    /// Whether the household complained of such a thing within 30 days before.
    repeated: bool,
    /// The group of those with the same cause. Residents are not told.
    same_cause: Option<ID>,
    /// What happened to it, in order; residents see what is shared with them.
    timeline: Vec<ComplaintAct>,
    /// Its version, for the next act.
    version: i32,
}

/// What the nodes of some complaints need.
struct Known {
    own: Option<PersonId>,
    now: DateTime<Utc>,
    units: std::collections::HashMap<contracts::UnitId, places::homes::Unit>,
    names: std::collections::HashMap<PersonId, contracts::residents::PartyName>,
    staff: std::collections::HashMap<uuid::Uuid, places::staff::Colleague>,
}

impl Known {
    fn colleague(&self, user: UserId) -> Colleague {
        Colleague::new(user, &self.staff)
    }

    fn label(&self, unit: Option<contracts::UnitId>) -> Option<String> {
        unit.and_then(|unit| self.units.get(&unit)).map(|unit| unit.label.clone())
    }

    /// What the complainant is called for this caller.
    fn name(&self, it: &Complaint) -> Option<String> {
        let who = &it.complainant;
        match who.person {
            Some(person) => self.names.get(&person).map(|name| {
                if self.own == Some(person) { name.full.clone() } else { name.shown.clone() }
            }),
            None => who.name.as_deref().map(masked),
        }
    }

    fn act(&self, act: Act) -> ComplaintAct {
        let by =
            Some(act.by).filter(|by| self.own.is_none() && self.staff.contains_key(&by.as_uuid()));
        ComplaintAct {
            at: act.at,
            by: by.map(|by| self.colleague(by)),
            kind: act.kind.into(),
            words: act.words,
            shared: act.shared,
        }
    }
}

/// A name as staff see it.
fn masked(name: &str) -> String {
    name.chars().take(1).chain(['*']).collect()
}

impl ComplaintNode {
    pub(super) fn cursor(&self) -> String {
        self.id.to_string()
    }

    /// The nodes of complaints as a caller sees them, in a fixed number of statements.
    pub(super) async fn load(
        scope: &TenantScope,
        caller: &Caller,
        found: Vec<Complaint>,
    ) -> Result<Vec<Self>, Refused> {
        let mut acts = acts_repo::of(scope, found.iter().map(|it| it.id)).await?;
        let mut staff: Vec<UserId> = acts.values().flatten().map(|act| act.by).collect();
        for it in &found {
            staff.extend(it.subjects.iter().chain(&it.handler));
            staff.extend(it.resolution.as_ref().and_then(|found| found.responsible));
        }
        let units =
            found.iter().flat_map(|it| it.complainant.unit.into_iter().chain(it.about_unit));
        let people = found.iter().filter_map(|it| it.complainant.person);
        let known = Known {
            own: match caller.subject() {
                Subject::Resident { person, .. } => Some(PersonId::from_uuid(person)),
                _ => None,
            },
            now: scope.now(),
            units: places::homes::units(scope, units).await?,
            names: places::homes::names(scope, people).await?,
            staff: places::staff::by_id(scope, staff.into_iter().map(UserId::as_uuid)).await?,
        };
        let node = |it: Complaint| {
            let acts = acts.remove(&it.id).unwrap_or_default().into_iter();
            let acts = acts.filter(|act| act.shared || known.own.is_none());
            let timeline = acts.map(|act| known.act(act)).collect();
            Self::new(it, &known, timeline)
        };
        Ok(found.into_iter().map(node).collect())
    }

    fn new(it: Complaint, known: &Known, timeline: Vec<ComplaintAct>) -> Self {
        let inside = known.own.is_none();
        let told = !it.complainant.anonymous || !inside;
        let unit = it.complainant.unit.filter(|_| told);
        let about = it.about_unit.filter(|_| inside);
        let found = it.resolution.as_ref();
        let extension = it.proposal.clone();
        Self {
            id: it.id.to_string().into(),
            number: it.called(),
            estate: EstateNode::new(it.estate),
            channel: it.channel.into(),
            anonymous: it.complainant.anonymous,
            complainant: it.complainant.person.filter(|_| told).map(PersonNode::new),
            complainant_name: known.name(&it).filter(|_| told),
            unit: unit.map(UnitNode::new),
            unit_label: known.label(unit),
            about_staff: it
                .subjects
                .iter()
                .filter(|_| inside)
                .map(|u| known.colleague(*u))
                .collect(),
            about_unit: about.map(UnitNode::new),
            about_unit_label: known.label(about),
            class: it.class.into(),
            received_at: it.received_at,
            first_response_due_at: it.first_due_at,
            first_responded_at: it.first_responded_at,
            first_response_minutes: it.response_minutes(),
            first_response_in_time: it.answered_in_time(known.now),
            grade: it.grade().filter(|_| inside).map(Into::into),
            ground: it.ground.filter(|_| inside).map(Into::into),
            valid: it.valid,
            handler: it.handler.map(|handler| known.colleague(handler)),
            state: it.state.into(),
            promised_at: it.due_at,
            extension: extension
                .map(|it| ComplaintExtension { until: it.until, reason: it.reason }),
            escalated_to: it.escalated_to.filter(|_| inside).map(Into::into),
            result: found.map(|found| found.result.clone()),
            compensation: found.and_then(|found| found.compensation.clone()),
            cause: found.filter(|_| inside).map(|found| found.cause.into()),
            department: found.filter(|_| inside).map(|found| found.department.into()),
            responsible: found
                .and_then(|found| found.responsible)
                .filter(|_| inside)
                .map(|user| known.colleague(user)),
            preventive_action: found.map(|found| found.preventive.clone()),
            resolved_at: it.resolved_at,
            resolution_minutes: it.resolution_minutes(),
            resolved_in_time: it.resolved_in_time(known.now),
            within_a_day: it.within_a_day(),
            rating: it.rating.map(Into::into),
            outcome: it.outcome.map(Into::into),
            closed_at: it.closed_at,
            reopen_until: it.reopen_until(),
            reopened: it.reopened,
            repeated: it.repeat_of.is_some(),
            same_cause: it.same_cause.filter(|_| inside).map(|group| group.to_string().into()),
            timeline,
            version: it.version,
            facts: it.facts,
            demand: it.demand,
        }
    }
}
