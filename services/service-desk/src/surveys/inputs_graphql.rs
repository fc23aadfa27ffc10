//! What the graph takes in about surveys.

use super::{
    answer::Filled,
    audit::Again,
    design::Draft,
    domain::{Choice, InviteState, Question, RawAnswer, Targets},
    nodes_graphql::QuestionKindWord,
};
use async_graphql::{Enum, ID, InputObject, Result};
use chrono::NaiveDate;
use errors::{Invalid, expected};
use graphql::{parse_id, to_graphql};

/// One of the choices of a question.
#[derive(InputObject)]
pub struct SurveyChoiceInput {
    /// In Chinese; 1 to 200 characters.
    text_zh: String,
    /// In English; 1 to 200 characters.
    text_en: String,
}

/// A question.
#[derive(InputObject)]
pub struct SurveyQuestionInput {
    /// Its code of 2 to 32 upper-case letters, digits or underscores; the same in every round.
    code: String,
    /// In Chinese; 1 to 200 characters.
    text_zh: String,
    /// In English; 1 to 200 characters.
    text_en: String,
    /// How it is answered.
    kind: QuestionKindWord,
    /// Two to twenty choices, where it is answered by one.
    choices: Option<Vec<SurveyChoiceInput>>,
    /// Whether it asks for the whole; exactly one of a survey does.
    overall: bool,
    /// Whether the app wants an answer.
    required: bool,
}

impl SurveyQuestionInput {
    fn question(self) -> Question {
        let choice = |it: SurveyChoiceInput| Choice { zh: it.text_zh, en: it.text_en };
        Question {
            code: self.code,
            zh: self.text_zh,
            en: self.text_en,
            kind: self.kind.into(),
            choices: self.choices.unwrap_or_default().into_iter().map(choice).collect(),
            overall: self.overall,
            required: self.required,
        }
    }
}

/// What a survey asks, of how many, and what is aimed at.
#[derive(InputObject)]
pub struct SurveyDraftInput {
    /// Of which period, e.g. `2026-H1`; 1 to 20 characters.
    period: String,
    /// What it is called in Chinese; 1 to 100 characters.
    title_zh: String,
    /// What it is called in English; 1 to 100 characters.
    title_en: String,
    /// 1 to 60 questions in order.
    questions: Vec<SurveyQuestionInput>,
    /// Of the occupied homes, how many are asked; basis points, 1 to 10000.
    #[graphql(default = 3000)]
    sample_rate: i32,
    /// Of the homes asked, how many shall return a form; basis points.
    #[graphql(default = 8000)]
    return_target: i32,
    /// Of valid answers, how many shall be satisfied, overall and for each item; basis points.
    #[graphql(default = 9000)]
    satisfied_target: i32,
    /// The last day to answer, after which it closes by itself; by hand when left out.
    closes_on: Option<NaiveDate>,
}

impl SurveyDraftInput {
    pub(super) fn draft(self) -> Result<Draft> {
        let points = |field: &str, given: i32| {
            let wrong = |_| to_graphql(Invalid::new(field, expected::between(0, 10_000)));
            u32::try_from(given).map_err(wrong)
        };
        Ok(Draft {
            targets: Targets {
                rate: points("sampleRate", self.sample_rate)?,
                returns: points("returnTarget", self.return_target)?,
                satisfied: points("satisfiedTarget", self.satisfied_target)?,
            },
            closes_on: self.closes_on,
            period: self.period,
            title: (self.title_zh, self.title_en),
            questions: self.questions.into_iter().map(SurveyQuestionInput::question).collect(),
        })
    }
}

/// A new survey.
#[derive(InputObject)]
pub struct DesignSurveyInput {
    /// The estate, `est_…`.
    pub(super) estate_id: ID,
    /// What it asks.
    pub(super) draft: SurveyDraftInput,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// A survey, otherwise than so far.
#[derive(InputObject)]
pub struct ChangeSurveyInput {
    /// The survey, `svy_…`.
    pub(super) survey_id: ID,
    /// The version it was read at.
    pub(super) expected_version: i32,
    /// What it asks now.
    pub(super) draft: SurveyDraftInput,
}

/// A survey to be moved on.
#[derive(InputObject)]
pub struct MoveSurveyInput {
    /// The survey, `svy_…`.
    pub(super) survey_id: ID,
    /// The version it was read at.
    pub(super) expected_version: i32,
}

/// A survey that is given up.
#[derive(InputObject)]
pub struct CancelSurveyInput {
    /// The survey, `svy_…`.
    pub(super) survey_id: ID,
    /// The version it was read at.
    pub(super) expected_version: i32,
    /// Why, 1 to 500 characters.
    pub(super) reason: String,
}

/// What an officer learns at a door where no form comes back.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum SurveyMark {
    /// They were asked again.
    Reminded,
    /// They do not want to.
    Refused,
}

impl From<SurveyMark> for InviteState {
    fn from(mark: SurveyMark) -> Self {
        match mark {
            SurveyMark::Reminded => Self::Reminded,
            SurveyMark::Refused => Self::Refused,
        }
    }
}

/// Homes that were reminded or refused.
#[derive(InputObject)]
pub struct MarkSurveyHomesInput {
    /// The survey, `svy_…`.
    pub(super) survey_id: ID,
    /// 1 to 100 homes of one's zone, `unt_…`.
    pub(super) unit_ids: Vec<ID>,
    /// What became of them.
    pub(super) mark: SurveyMark,
}

/// An answer to one question; leave it out for a blank.
#[derive(InputObject)]
pub struct SurveyAnswerInput {
    /// The question's code.
    question: String,
    /// The point of the scale, 5 for very satisfied to 1 for very dissatisfied, or the number of
    /// the choice from 1.
    value: Option<i32>,
    /// Own words; at most 1000 characters.
    text: Option<String>,
}

fn raw(answers: Vec<SurveyAnswerInput>) -> Vec<RawAnswer> {
    let one =
        |it: SurveyAnswerInput| RawAnswer { question: it.question, value: it.value, text: it.text };
    answers.into_iter().map(one).collect()
}

/// A resident's answers for their home.
#[derive(InputObject)]
pub struct AnswerSurveyInput {
    /// The survey, `svy_…`.
    pub(super) survey_id: ID,
    /// The home, `unt_…`.
    unit_id: ID,
    /// The answers.
    answers: Vec<SurveyAnswerInput>,
    /// Whether nobody shall be told who wrote the comment; then nobody calls about it.
    #[graphql(default)]
    anonymous: bool,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

impl AnswerSurveyInput {
    pub(super) fn filled(self) -> Result<Filled> {
        Ok(Filled {
            unit: parse_id(&self.unit_id, "unitId")?,
            answers: raw(self.answers),
            anonymous: self.anonymous,
        })
    }
}

/// A paper form.
#[derive(InputObject)]
pub struct SurveyFormInput {
    /// The home it came from, `unt_…`.
    unit_id: ID,
    /// The answers; none of a wholly blank form.
    answers: Vec<SurveyAnswerInput>,
    /// Whether they do not want anybody to call about the comment.
    #[graphql(default)]
    anonymous: bool,
}

/// Paper forms that came back.
#[derive(InputObject)]
pub struct EnterSurveyFormsInput {
    /// The survey, `svy_…`.
    pub(super) survey_id: ID,
    /// 1 to 100 forms of homes of one's zone.
    forms: Vec<SurveyFormInput>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

impl EnterSurveyFormsInput {
    pub(super) fn filled(self) -> Result<Vec<Filled>> {
        let one = |form: SurveyFormInput| {
            Ok(Filled {
                unit: parse_id(&form.unit_id, "forms")?,
                answers: raw(form.answers),
                anonymous: form.anonymous,
            })
        };
        self.forms.into_iter().map(one).collect()
    }
}

/// A form as it was read again.
#[derive(InputObject)]
pub struct SurveyRekeyInput {
    /// Its code, as written on the paper.
    code: String,
    /// The answers as the second person reads them.
    answers: Vec<SurveyAnswerInput>,
}

/// Forms keyed again.
#[derive(InputObject)]
pub struct RekeySurveyFormsInput {
    /// The survey, `svy_…`.
    pub(super) survey_id: ID,
    /// 1 to 100 forms that the audit asks for.
    forms: Vec<SurveyRekeyInput>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

impl RekeySurveyFormsInput {
    pub(super) fn again(self) -> Vec<Again> {
        let one = |it: SurveyRekeyInput| Again { code: it.code, answers: raw(it.answers) };
        self.forms.into_iter().map(one).collect()
    }
}

/// A call to a home that returned nothing.
#[derive(InputObject)]
pub struct NoteSurveyCallInput {
    /// The survey, `svy_…`.
    pub(super) survey_id: ID,
    /// The home, `unt_…`.
    pub(super) unit_id: ID,
    /// What they said; 1 to 500 characters.
    pub(super) note: String,
}

/// How a weak item is improved.
#[derive(InputObject)]
pub struct PlanSurveyImprovementInput {
    /// The plan, `svi_…`.
    pub(super) improvement_id: ID,
    /// The version it was read at.
    pub(super) expected_version: i32,
    /// Why the item is weak; 1 to 1000 characters.
    pub(super) cause: String,
    /// What is done; 1 to 1000 characters.
    pub(super) action: String,
    /// Who answers for it, `usr_…`.
    pub(super) owner_id: ID,
}

/// What came of a plan.
#[derive(InputObject)]
pub struct CompleteSurveyImprovementInput {
    /// The plan, `svi_…`.
    pub(super) improvement_id: ID,
    /// The version it was read at.
    pub(super) expected_version: i32,
    /// What came of it; 1 to 1000 characters.
    pub(super) effect: String,
}

/// In which survey a plan's effect is measured.
#[derive(InputObject)]
pub struct VerifySurveyImprovementInput {
    /// The plan, `svi_…`.
    pub(super) improvement_id: ID,
    /// The version it was read at.
    pub(super) expected_version: i32,
    /// A later survey of the same estate that is audited and asks the same question, `svy_…`.
    pub(super) survey_id: ID,
}
