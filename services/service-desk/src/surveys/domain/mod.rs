//! Rules of surveys, pure.

mod answers;
mod figures;
mod sample;
mod states;

pub use answers::{
    Answers, Choice, Given, MOST_QUESTIONS, Question, QuestionKind, RawAnswer, checked_answers,
    checked_questions,
};
pub use figures::{Building, Form, Group, Item, Report, Returns, Tally, report};
pub use sample::{Home, draw, pick, share};
pub use states::{
    AUDIT_RATE, CALLS, Channel, Improvement, ImprovementState, Invite, InviteState, Step, Survey,
    SurveyState, Targets,
};
