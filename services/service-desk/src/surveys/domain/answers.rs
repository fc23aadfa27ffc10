//! Questions, and answers that fit them.

use crate::surveys::say;
use errors::{Invalid, expected, input};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The most questions of a survey.
pub const MOST_QUESTIONS: usize = 60;
/// The most choices of a question.
const MOST_CHOICES: usize = 20;
/// The longest question and the longest choice, characters.
const LONGEST_QUESTION: usize = 200;
/// The longest written answer, characters.
const LONGEST_ANSWER: usize = 1_000;

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuestionKind {
    /// 5 very satisfied, 4 satisfied, 3 fair, 2 dissatisfied, 1 very dissatisfied.
    #[serde(rename = "SCALE_5")]
    Scale5,
    /// One of some choices.
    Choice,
    /// In own words.
    Text,
}

/// One of some choices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its code within the survey; the same in every round, so that rounds can be compared.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// The choices, where it has them.
    pub choices: Vec<Choice>,
    /// Whether it asks for the whole.
    pub overall: bool,
    /// Whether the app wants an answer; on paper a blank is an abstention.
    pub required: bool,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Given {
    /// A point of the scale, 1 to 5.
    Score(u8),
    /// The number of the choice, from 1.
    Choice(u8),
    /// Own words.
    Text(String),
}

/// Answers by question; a blank is not there.
pub type Answers = BTreeMap<String, Given>;

/// An answer as it comes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RawAnswer {
    /// The question's code.
    pub question: String,
    /// The point of the scale, or the number of the choice.
    pub value: Option<i32>,
    /// Own words.
    pub text: Option<String>,
}

/// Questions as they are kept.
///
/// # Errors
/// When a text or code is wrong, a code comes twice, a question has choices it cannot have, or not
/// exactly one question of the scale asks for the whole.
pub fn checked_questions(questions: Vec<Question>) -> Result<Vec<Question>, Invalid> {
    const FIELD: &str = "questions";
    if !(1..=MOST_QUESTIONS).contains(&questions.len()) {
        return Err(Invalid::new(FIELD, expected::items(1, MOST_QUESTIONS)));
    }
    let questions: Vec<Question> =
        questions.into_iter().map(checked_question).collect::<Result<_, _>>()?;
    let codes: BTreeSet<&str> = questions.iter().map(|question| &*question.code).collect();
    if codes.len() < questions.len() {
        return Err(Invalid::new(FIELD, expected::unused()));
    }
    let whole: Vec<_> = questions.iter().filter(|question| question.overall).collect();
    match &*whole {
        [one] if one.kind == QuestionKind::Scale5 => Ok(questions),
        _ => Err(Invalid::new(FIELD, say::one_overall())),
    }
}

fn checked_question(question: Question) -> Result<Question, Invalid> {
    const FIELD: &str = "questions";
    let text = |text: &str| input::text(FIELD, text, LONGEST_QUESTION);
    let code = question.code.trim();
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if !(2..=32).contains(&code.len()) || !code.chars().all(fits) {
        return Err(Invalid::new(FIELD, expected::upper_code(2, 32)));
    }
    let wanted = if question.kind == QuestionKind::Choice { 2..=MOST_CHOICES } else { 0..=0 };
    if !wanted.contains(&question.choices.len()) {
        return Err(Invalid::new(FIELD, expected::items(*wanted.start(), *wanted.end())));
    }
    let choice = |choice: Choice| -> Result<Choice, Invalid> {
        Ok(Choice { zh: text(&choice.zh)?, en: text(&choice.en)? })
    };
    Ok(Question {
        code: code.to_owned(),
        zh: text(&question.zh)?,
        en: text(&question.en)?,
        choices: question.choices.into_iter().map(choice).collect::<Result<_, _>>()?,
        ..question
    })
}

/// Answers that fit the questions; blanks are left out. `whole` says that what is required must be
/// there, as in the app.
///
/// # Errors
/// When an answer is to no question, comes twice, does not fit, or a required one is missing.
pub fn checked_answers(
    questions: &[Question],
    raw: Vec<RawAnswer>,
    whole: bool,
) -> Result<Answers, Invalid> {
    const FIELD: &str = "answers";
    let mut answers = Answers::new();
    let mut seen = BTreeSet::new();
    for answer in raw {
        let question = questions.iter().find(|question| question.code == answer.question);
        let question = question.ok_or_else(|| Invalid::new(FIELD, expected::existing()))?;
        if !seen.insert(&question.code) {
            return Err(Invalid::new(FIELD, say::answered_twice(question.code.clone())));
        }
        if let Some(given) = checked_answer(question, &answer)? {
            answers.insert(question.code.clone(), given);
        }
    }
    let missing = |question: &&Question| question.required && !answers.contains_key(&question.code);
    match questions.iter().find(missing) {
        Some(missing) if whole => {
            Err(Invalid::new(FIELD, say::answer_missing(missing.code.clone())))
        }
        _ => Ok(answers),
    }
}

fn checked_answer(question: &Question, answer: &RawAnswer) -> Result<Option<Given>, Invalid> {
    const FIELD: &str = "answers";
    let text = input::optional(FIELD, answer.text.as_deref(), LONGEST_ANSWER)?;
    let number = |most: usize| match answer.value {
        None => Ok(None),
        Some(value) => match u8::try_from(value) {
            Ok(small) if (1..=most).contains(&usize::from(small)) => Ok(Some(small)),
            _ => {
                let most = i64::try_from(most).unwrap_or(i64::MAX);
                Err(Invalid::new(FIELD, expected::between(1, most)))
            }
        },
    };
    let stray = match question.kind {
        QuestionKind::Text => answer.value.is_some(),
        QuestionKind::Scale5 | QuestionKind::Choice => text.is_some(),
    };
    if stray {
        return Err(Invalid::new(FIELD, say::answer_unfit(question.code.clone())));
    }
    match question.kind {
        QuestionKind::Scale5 => Ok(number(5)?.map(Given::Score)),
        QuestionKind::Choice => Ok(number(question.choices.len())?.map(Given::Choice)),
        QuestionKind::Text => Ok(text.map(Given::Text)),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::surveys::domain) fn question(code: &str, kind: QuestionKind) -> Question {
        let choice = |n: u8| Choice { zh: format!("选{n}"), en: format!("choice {n}") };
        let choices = if kind == QuestionKind::Choice { (1..=3).map(choice).collect() } else { vec![] };
        Question {
            code: code.to_owned(),
            zh: "问".to_owned(),
            en: "q".to_owned(),
            kind,
            choices,
            overall: code == "OVERALL",
            required: code == "OVERALL",
        }
    }

    fn raw(code: &str, value: Option<i32>, text: Option<&str>) -> RawAnswer {
        RawAnswer { question: code.to_owned(), value, text: text.map(str::to_owned) }
    }

    fn questions() -> Vec<Question> {
        vec![
            question("OVERALL", QuestionKind::Scale5),
            question("CHANNEL", QuestionKind::Choice),
            question("COMMENT", QuestionKind::Text),
        ]
    }

    #[test]
    fn blanks_are_left_out_and_what_does_not_fit_is_refused() {
        let all = questions();
        let check = |answers: Vec<RawAnswer>, whole| checked_answers(&all, answers, whole);
        let some = check(
            vec![raw("OVERALL", Some(5), None), raw("COMMENT", None, Some("  "))],
            true,
        );
        assert_eq!(some.unwrap(), Answers::from([("OVERALL".to_owned(), Given::Score(5))]));
        assert_eq!(check(vec![], false).unwrap(), Answers::new());
        assert!(check(vec![], true).is_err(), "the app wants what is required");
        for wrong in [
            raw("OVERALL", Some(6), None),
            raw("OVERALL", Some(0), None),
            raw("CHANNEL", Some(4), None),
            raw("COMMENT", Some(1), None),
            raw("OVERALL", Some(1), Some("x")),
            raw("OTHER", Some(1), None),
        ] {
            assert_eq!(check(vec![wrong], false).unwrap_err().field, "answers");
        }
        let twice = vec![raw("OVERALL", Some(5), None), raw("OVERALL", Some(4), None)];
        assert!(check(twice, false).is_err());
    }

    #[test]
    fn one_question_asks_for_the_whole_and_codes_differ() {
        assert_eq!(checked_questions(questions()).unwrap().len(), 3);
        assert!(checked_questions(questions()[1..].to_vec()).is_err());
        let mut twice = questions();
        twice.push(question("COMMENT", QuestionKind::Text));
        assert!(checked_questions(twice).is_err());
        let mut bare = questions();
        bare[1].choices.clear();
        assert!(checked_questions(bare).is_err());
        let mut code = questions();
        code[2].code = "c".to_owned();
        assert_eq!(checked_questions(code).unwrap_err().field, "questions");
    }
}
