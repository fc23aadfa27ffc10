//! What the graph shows of surveys.

use super::{
    audit_repo::{Call, Rekey},
    domain::{
        Answers, Channel, Choice, Given, Improvement, ImprovementState, Invite, InviteState,
        Question, QuestionKind, Survey, SurveyState, share,
    },
    forms_repo::Kept,
};
use crate::graphql::{Colleague, EstateNode, UnitNode};
use async_graphql::{Enum, ID, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use places::staff;
use std::collections::HashMap;
use uuid::Uuid;

pub(super) type Known = HashMap<Uuid, staff::Colleague>;

pub(super) fn count(many: usize) -> i32 {
    i32::try_from(many).unwrap_or(i32::MAX)
}

pub(super) fn points(points: u32) -> i32 {
    i32::try_from(points).unwrap_or(i32::MAX)
}

/// How far a survey is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "SurveyState", name = "SurveyState")]
pub enum SurveyStateWord {
    /// Given up before it was closed.
    Cancelled,
    /// The questionnaire can still change.
    Designed,
    /// The homes are drawn.
    Sampled,
    /// The homes may answer.
    Issued,
    /// The first have answered.
    Collecting,
    /// Nobody answers any more.
    Closed,
    /// Enough forms were keyed again and homes phoned.
    Audited,
    /// The result is published.
    Reported,
    /// Weak items are being improved.
    Improving,
    /// The effect was measured in a later survey.
    Verified,
}

/// How a question is answered.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "QuestionKind", name = "SurveyQuestionKind")]
pub enum QuestionKindWord {
    /// 5 very satisfied, 4 satisfied, 3 fair, 2 dissatisfied, 1 very dissatisfied.
    #[graphql(name = "SCALE_5")]
    Scale5,
    /// One of some choices.
    Choice,
    /// In own words.
    Text,
}

/// How far a home of a sample is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "InviteState", name = "SurveyInviteState")]
pub enum InviteStateWord {
    /// Drawn, not yet asked.
    Drawn,
    /// Asked.
    Sent,
    /// Asked again.
    Reminded,
    /// A form came back.
    Answered,
    /// None came back until the end.
    NotReturned,
    /// They did not want to.
    Refused,
    /// The survey was given up; they count as not asked.
    Withdrawn,
}

/// How a form came back.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Channel", name = "SurveyChannel")]
pub enum ChannelWord {
    /// Answered in the app.
    App,
    /// On paper, keyed by an officer.
    Paper,
}

/// How far the improvement of a weak item is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "ImprovementState", name = "SurveyImprovementState")]
pub enum ImprovementStateWord {
    /// To be done.
    Open,
    /// Done, its effect not yet measured.
    Done,
    /// Measured in a later survey.
    Verified,
}

/// One of the choices of a question.
#[derive(SimpleObject)]
pub struct SurveyChoice {
    /// In Chinese.
    text_zh: String,
    /// In English.
    text_en: String,
}

/// A question of a survey.
#[derive(SimpleObject)]
pub struct SurveyQuestion {
    /// Its code, the same in every round.
    code: String,
    /// In Chinese.
    text_zh: String,
    /// In English.
    text_en: String,
    /// How it is answered.
    kind: QuestionKindWord,
    /// The choices in order, where it has them.
    choices: Vec<SurveyChoice>,
    /// Whether it asks for the whole.
    overall: bool,
    /// Whether the app wants an answer; on paper a blank is an abstention.
    required: bool,
}

impl SurveyQuestion {
    pub(super) fn new(question: &Question) -> Self {
        let choice = |it: &Choice| SurveyChoice { text_zh: it.zh.clone(), text_en: it.en.clone() };
        Self {
            code: question.code.clone(),
            text_zh: question.zh.clone(),
            text_en: question.en.clone(),
            kind: question.kind.into(),
            choices: question.choices.iter().map(choice).collect(),
            overall: question.overall,
            required: question.required,
        }
    }
}

/// A home that returned nothing and is phoned.
#[derive(SimpleObject)]
pub struct SurveyCall {
    /// The home.
    unit: UnitNode,
    /// E.g. `3-1-1201`.
    unit_label: String,
    /// Who phoned; nobody yet when missing.
    called_by: Option<Colleague>,
    /// When.
    called_at: Option<DateTime<Utc>>,
    /// What they said.
    note: Option<String>,
}

impl SurveyCall {
    fn new(call: Call, known: &Known) -> Self {
        Self {
            unit: UnitNode::new(call.unit),
            unit_label: call.label,
            called_by: call.called.map(|(by, _)| Colleague::new(by, known)),
            called_at: call.called.map(|(_, at)| at),
            note: call.note,
        }
    }
}

/// A satisfaction survey (满意度调查) of an estate.
#[derive(SimpleObject)]
#[graphql(name = "Survey")]
pub struct SurveyNode {
    /// Its id, `svy_…`.
    pub(super) id: ID,
    /// The estate.
    estate: EstateNode,
    /// Of which period, e.g. `2026-H1`.
    period: String,
    /// What it is called in Chinese.
    title_zh: String,
    /// What it is called in English.
    title_en: String,
    /// The questions in order.
    questions: Vec<SurveyQuestion>,
    /// Of the occupied homes, how many are asked; basis points.
    sample_rate: i32,
    /// Of the homes asked, how many shall return a form; basis points.
    return_target: i32,
    /// Of valid answers, how many shall be satisfied; basis points.
    satisfied_target: i32,
    /// How far it is.
    state: SurveyStateWord,
    /// Counts changes; a change names the one it was read at.
    version: i32,
    /// From which the sample follows, once it is drawn.
    seed: Option<String>,
    /// How many homes were occupied when the sample was drawn.
    occupied: Option<i32>,
    /// How many homes are asked.
    sample_size: Option<i32>,
    /// Who drew the sample.
    drawn_by: Option<Colleague>,
    /// When.
    drawn_at: Option<DateTime<Utc>>,
    /// The last day to answer, after which it closes by itself.
    closes_on: Option<NaiveDate>,
    /// Since when nobody answers any more.
    closed_at: Option<DateTime<Utc>>,
    /// Why it was given up.
    cancelled_because: Option<String>,
    /// Whether a form differed when it was keyed again, so that all of them are.
    recheck: bool,
    /// Homes that returned nothing and are phoned; only the quality department sees them.
    calls: Vec<SurveyCall>,
}

impl SurveyNode {
    pub(super) fn new(survey: Survey, calls: Vec<Call>, known: &Known) -> Self {
        let drawn = survey.seed.is_some();
        let occupied = usize::try_from(survey.occupied).unwrap_or_default();
        Self {
            id: survey.id.to_string().into(),
            estate: EstateNode::new(survey.estate),
            period: survey.period,
            title_zh: survey.title.0,
            title_en: survey.title.1,
            questions: survey.questions.iter().map(SurveyQuestion::new).collect(),
            sample_rate: points(survey.targets.rate),
            return_target: points(survey.targets.returns),
            satisfied_target: points(survey.targets.satisfied),
            state: survey.state.into(),
            version: survey.version,
            seed: survey.seed,
            occupied: drawn.then_some(survey.occupied),
            sample_size: drawn.then(|| count(share(occupied, survey.targets.rate))),
            drawn_by: survey.drawn_by.map(|user| Colleague::new(user, known)),
            drawn_at: survey.drawn_at,
            closes_on: survey.closes_on,
            closed_at: survey.closed_at,
            cancelled_because: survey.cancelled_because,
            recheck: survey.recheck,
            calls: calls.into_iter().map(|call| SurveyCall::new(call, known)).collect(),
        }
    }
}

/// A home of a sample.
#[derive(SimpleObject)]
#[graphql(name = "SurveyInvite")]
pub struct InviteNode {
    /// The survey, `svy_…`.
    survey_id: ID,
    /// The home.
    unit: UnitNode,
    /// E.g. `3-1-1201`.
    unit_label: String,
    /// The building's code.
    building_code: String,
    /// How far it is; what was answered is not told.
    state: InviteStateWord,
}

impl InviteNode {
    pub(super) fn new(invite: Invite) -> Self {
        Self {
            survey_id: invite.survey.to_string().into(),
            unit: UnitNode::new(invite.unit),
            unit_label: invite.label,
            building_code: invite.building_code,
            state: invite.state.into(),
        }
    }
}

/// A survey to which one's home is invited.
#[derive(SimpleObject)]
#[graphql(name = "SurveyInvitation")]
pub struct InvitationNode {
    /// The survey with its questions.
    pub(super) survey: SurveyNode,
    /// The home.
    pub(super) invite: InviteNode,
}

/// What was answered to one question.
#[derive(SimpleObject)]
pub struct SurveyAnswer {
    /// The question's code.
    question: String,
    /// The point of the scale, or the number of the choice.
    value: Option<i32>,
    /// Own words.
    text: Option<String>,
}

fn answers(answers: Answers) -> Vec<SurveyAnswer> {
    let one = |(question, given)| match given {
        Given::Score(value) | Given::Choice(value) => {
            SurveyAnswer { question, value: Some(value.into()), text: None }
        }
        Given::Text(text) => SurveyAnswer { question, value: None, text: Some(text) },
    };
    answers.into_iter().map(one).collect()
}

/// A form that came back; whose it is, nobody is told.
#[derive(SimpleObject)]
#[graphql(name = "SurveyForm")]
pub struct FormNode {
    /// Its code, as written on the paper.
    pub(super) code: String,
    /// The building's code.
    building_code: String,
    /// How it came back.
    channel: ChannelWord,
    /// Who keyed it, if it came on paper.
    entered_by: Option<Colleague>,
    /// The answers; none of a wholly blank form. Of a paper form not told before the audit is over or
    /// somebody keyed it again, who shall not know them.
    answers: Option<Vec<SurveyAnswer>>,
    /// Who keyed it again.
    rekeyed_by: Option<Colleague>,
    /// When.
    rekeyed_at: Option<DateTime<Utc>>,
    /// Whether both read the same.
    same: Option<bool>,
}

impl FormNode {
    pub(super) fn new(kept: Kept, again: Option<&Rekey>, (audited, known): (bool, &Known)) -> Self {
        let told = audited || again.is_some() || kept.channel == Channel::App;
        Self {
            code: kept.code,
            building_code: kept.form.building.1,
            channel: kept.channel.into(),
            entered_by: kept.entered_by.map(|user| Colleague::new(user, known)),
            answers: told.then(|| answers(kept.form.answers)),
            rekeyed_by: again.map(|again| Colleague::new(again.by, known)),
            rekeyed_at: again.map(|again| again.at),
            same: again.map(|again| again.same),
        }
    }
}

/// A plan to improve a weak item of a survey.
#[derive(SimpleObject)]
#[graphql(name = "SurveyImprovement")]
pub struct ImprovementNode {
    /// Its id, `svi_…`.
    pub(super) id: ID,
    /// The survey that found the item weak, `svy_…`.
    survey_id: ID,
    /// The question's code.
    question: String,
    /// What it asks, in Chinese.
    item_zh: String,
    /// What it asks, in English.
    item_en: String,
    /// How many were satisfied, basis points.
    rate: i32,
    /// The last day to finish.
    due: NaiveDate,
    /// Who answers for it; residents are not told.
    owner: Option<Colleague>,
    /// Why the item is weak.
    cause: Option<String>,
    /// What is done.
    action: Option<String>,
    /// What came of it.
    effect: Option<String>,
    /// How far it is.
    state: ImprovementStateWord,
    /// The later survey in which it was measured, `svy_…`.
    measured_in: Option<ID>,
    /// What that survey found, basis points.
    later_rate: Option<i32>,
    /// Counts changes; a change names the one it was read at.
    version: i32,
}

impl ImprovementNode {
    pub(super) fn new(plan: Improvement, known: &Known) -> Self {
        Self {
            id: plan.id.to_string().into(),
            survey_id: plan.survey.to_string().into(),
            question: plan.question,
            item_zh: plan.item.0,
            item_en: plan.item.1,
            rate: points(plan.rate),
            due: plan.due,
            owner: plan.owner.map(|user| Colleague::new(user, known)),
            cause: plan.cause,
            action: plan.action,
            effect: plan.effect,
            state: plan.state.into(),
            measured_in: plan.measured_in.map(|survey| survey.to_string().into()),
            later_rate: plan.later_rate.map(points),
            version: plan.version,
        }
    }
}
