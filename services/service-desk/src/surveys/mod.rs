//! Satisfaction surveys (满意度调查): a questionnaire, a sample drawn by the quality department with
//! a stored seed, answers without names, a report, an audit, and improvement where an item is weak
//! (handbook ch. 35).

mod answer;
mod audit;
mod audit_repo;
mod by_clock;
mod cancel;
mod close;
mod design;
pub mod domain;
mod draw;
mod forms_repo;
pub(crate) mod graphql;
mod inputs_graphql;
mod invites_repo;
mod letters;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod nodes_graphql;
mod plans;
mod plans_repo;
mod reads_graphql;
mod repo;
mod report;
mod report_graphql;
mod say;
mod sight;
#[cfg(test)]
mod tests;

pub(crate) use by_clock::job;
pub(crate) use migrations::{ends_migration, migration};

use authz::Permission;

ids::prefixed_id!(
    /// A survey.
    SurveyId, "svy");
ids::prefixed_id!(
    /// A plan to improve a weak item.
    ImprovementId, "svi");

/// See surveys and their totals.
pub const SURVEY_READ: Permission = Permission::new("survey.read");
/// Design surveys, draw samples, audit and publish: the quality department.
pub const SURVEY_MANAGE: Permission = Permission::new("survey.manage");
/// Collect forms at the doors of one's zone.
pub const SURVEY_COLLECT: Permission = Permission::new("survey.collect");
/// Answer for one's own home.
pub const SURVEY_ANSWER: Permission = Permission::new("survey.answer");
/// Say how a weak item is improved, and see a result before it is published.
pub const SURVEY_IMPROVE: Permission = Permission::new("survey.improve");
