//! The words of complaints in the graph.

use super::kinds::{
    Above, ActKind, Cause, Channel, Class, Department, Grade, Ground, Outcome, State,
};
use async_graphql::Enum;

/// How a complaint came.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Channel")]
pub enum ComplaintChannel {
    /// By telephone.
    Phone,
    /// At the desk.
    Visit,
    /// By a message.
    Wechat,
    /// By letter.
    Letter,
    /// By the app.
    App,
    /// At a guard's post.
    GuardPost,
    /// By a bad rating at a revisit.
    Revisit,
}

/// What a complaint is about.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Class")]
pub enum ComplaintClass {
    /// How people were served.
    Service,
    /// A facility.
    Facility,
    /// Cleanliness, greenery, noise of the estate.
    Environment,
    /// Order and safety.
    Security,
    /// What is charged.
    Fee,
    /// A neighbour.
    Neighbour,
    /// A defect that the builder left.
    BuilderDefect,
}

/// How serious a complaint is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Grade")]
pub enum ComplaintGrade {
    /// The supervisor's people handle it.
    Ordinary,
    /// The director handles it.
    Important,
    /// The company's; the director handles it for the company.
    Major,
}

/// What a grade is grounded on.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Ground")]
pub enum ComplaintGround {
    /// A promised service is missing or clearly wrong, and was raised repeatedly unsolved: major.
    RepeatedlyUnsolved,
    /// The company caused serious loss or injury: major.
    SeriousLoss,
    /// It is valid and unsolved for a month: major.
    UnsolvedForAMonth,
    /// A service is not in place: important.
    ServiceNotInPlace,
    /// None of these: ordinary.
    Rest,
}

/// Where a complaint is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "State")]
pub enum ComplaintState {
    /// It came.
    Received,
    /// The complainant was answered for the first time.
    FirstResponded,
    /// It has a grade.
    Graded,
    /// Somebody is to handle it.
    Assigned,
    /// Somebody does.
    InProgress,
    /// The complainant agreed to a later time.
    ExtensionAgreed,
    /// It is solved, and no revisit is due.
    Resolved,
    /// It is solved, and the complainant is asked.
    RevisitDue,
    /// It is over.
    Closed,
    /// It is handled anew.
    Reopened,
}

/// How a complaint ended.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Outcome")]
pub enum ComplaintOutcome {
    /// The complainant is satisfied.
    Satisfied,
    /// The complainant accepts it.
    Accepted,
    /// Nobody was asked or could be.
    Unasked,
    /// It was out of scope, which was explained.
    Invalid,
}

/// Above whom a complaint was taken.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Above")]
pub enum ComplaintLevel {
    /// The supervisor.
    Supervisor,
    /// The director.
    Director,
    /// The company.
    Company,
}

/// Why it came to a complaint.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Cause")]
pub enum ComplaintCause {
    /// Somebody's manners.
    Attitude,
    /// Somebody could not do it.
    Skill,
    /// It took too long.
    Delay,
    /// Nobody said what was going on.
    Communication,
    /// Something broke.
    FacilityFault,
    /// It was built so.
    BuilderFault,
    /// A charge was wrong.
    FeeError,
    /// What a neighbour does.
    NeighbourBehaviour,
    /// A rule or contract.
    Rule,
    /// Something else.
    Other,
}

/// Who answers for a complaint.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Department")]
pub enum ComplaintDepartment {
    /// The service centre.
    CustomerService,
    /// Engineering.
    Engineering,
    /// Order and guards.
    Security,
    /// Cleaning and greenery.
    Environment,
    /// Fees.
    Finance,
    /// The pool.
    Pool,
    /// The builder.
    Builder,
    /// Somebody outside, as a neighbour or contractor.
    OutsideParty,
}

/// An act on a complaint.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "ActKind")]
pub enum ComplaintActKind {
    /// It came.
    Received,
    /// The first response.
    FirstResponded,
    /// It was graded.
    Graded,
    /// It was said whom it is about.
    About,
    /// It was given to somebody.
    Assigned,
    /// Something was noted.
    Noted,
    /// A later time was proposed.
    TimeProposed,
    /// The complainant agreed to it.
    TimeAgreed,
    /// The other party was told something.
    OtherPartyTold,
    /// It was taken up.
    Escalated,
    /// It was resolved.
    Resolved,
    /// It was found out of scope.
    Declined,
    /// The complainant was asked.
    Revisited,
    /// It was closed.
    Closed,
    /// It was begun anew.
    Reopened,
    /// It was linked with others of the same cause.
    Linked,
    /// Somebody learned who the complainant is.
    Revealed,
}
