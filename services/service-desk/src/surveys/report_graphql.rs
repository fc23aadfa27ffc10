//! What the graph shows of a survey's result.

use super::{
    domain::{Building, Item, Question, QuestionKind, Report, Survey, Tally},
    draw::Verification,
    nodes_graphql::{ImprovementNode, SurveyQuestion, count, points},
};
use crate::shares::rate;
use async_graphql::{ID, SimpleObject};

/// Answers to one question, e.g. for a chart.
#[derive(SimpleObject)]
pub struct SurveyTally {
    /// Answers that are not blank.
    valid: i32,
    /// Very satisfied and satisfied ones; of the scale only.
    satisfied: i32,
    /// Satisfied of valid, basis points; of the scale only.
    rate: Option<i32>,
    /// How many chose each point of the scale or each choice, from 1.
    counts: Vec<i32>,
}

impl SurveyTally {
    fn new(tally: &Tally, scale: bool) -> Self {
        Self {
            valid: count(tally.valid),
            satisfied: count(tally.satisfied),
            rate: tally.rate().filter(|_| scale).map(points),
            counts: tally.counts.iter().map(|many| count(*many)).collect(),
        }
    }
}

/// Answers to one question in one building.
#[derive(SimpleObject)]
pub struct SurveyBuildingTally {
    /// The building, `bld_…`.
    building_id: ID,
    /// Its code.
    building_code: String,
    /// The answers; missing where fewer than five are, or where the others would give them away.
    tally: Option<SurveyTally>,
}

/// What was answered to one question of a survey.
#[derive(SimpleObject)]
pub struct SurveyItem {
    /// The question.
    question: SurveyQuestion,
    /// The answers; missing where fewer than five are.
    tally: Option<SurveyTally>,
    /// Whether it is below the target.
    low: bool,
    /// By building.
    buildings: Vec<SurveyBuildingTally>,
}

impl SurveyItem {
    fn new(item: &Item, question: &Question) -> Self {
        let scale = question.kind == QuestionKind::Scale5;
        let tally = |tally: &Tally| SurveyTally::new(tally, scale);
        let building = |it: &Building| SurveyBuildingTally {
            building_id: contracts::BuildingId::from_uuid(it.building.0).to_string().into(),
            building_code: it.building.1.clone(),
            tally: it.tally.as_ref().map(tally),
        };
        Self {
            question: SurveyQuestion::new(question),
            tally: item.tally.as_ref().map(tally),
            low: item.low,
            buildings: item.buildings.iter().map(building).collect(),
        }
    }
}

/// What a survey found (满意度报告).
#[derive(SimpleObject)]
#[graphql(name = "SurveyReport")]
pub struct ReportNode {
    /// The survey, `svy_…`.
    survey_id: ID,
    /// Homes asked.
    issued: i32,
    /// Of them, those that did not want to answer.
    refused: i32,
    /// Forms that came back.
    returned: i32,
    /// Returned of issued, basis points.
    return_rate: Option<i32>,
    /// Whether enough came back.
    enough: bool,
    /// Wholly blank forms.
    blank: i32,
    /// Forms that are not wholly blank.
    valid: i32,
    /// Satisfied of valid answers to the question on the whole, basis points.
    overall_rate: Option<i32>,
    /// Whether enough are satisfied overall.
    satisfied: bool,
    /// Forms with a comment.
    comments: i32,
    /// Question by question.
    items: Vec<SurveyItem>,
    /// What is done about weak items.
    improvements: Vec<ImprovementNode>,
}

impl ReportNode {
    pub(super) fn new(
        survey: &Survey,
        report: &Report,
        improvements: Vec<ImprovementNode>,
    ) -> Self {
        let asked = |item: &Item| survey.questions.get(item.question);
        let overall = report.items.iter().find(|item| asked(item).is_some_and(|it| it.overall));
        let items = report.items.iter();
        Self {
            survey_id: survey.id.to_string().into(),
            issued: count(report.sample.issued),
            refused: count(report.sample.refused),
            returned: count(report.returned),
            return_rate: rate(report.returned, report.sample.issued).map(points),
            enough: report.enough,
            blank: count(report.blank),
            valid: count(report.returned - report.blank),
            overall_rate: overall.and_then(|it| it.tally.as_ref()?.rate()).map(points),
            satisfied: report.satisfied,
            comments: count(report.comments),
            items: items.filter_map(|it| Some(SurveyItem::new(it, asked(it)?))).collect(),
            improvements,
        }
    }
}

/// What drawing a sample again gives.
#[derive(SimpleObject)]
pub struct SurveySampleCheck {
    /// From which the sample follows.
    seed: String,
    /// Homes that could be asked.
    occupied: i32,
    /// Homes that were drawn.
    sample_size: i32,
    /// Whether the same homes are drawn again.
    same: bool,
}

impl From<Verification> for SurveySampleCheck {
    fn from(it: Verification) -> Self {
        Self {
            seed: it.seed,
            occupied: count(it.occupied),
            sample_size: count(it.sample),
            same: it.same,
        }
    }
}
