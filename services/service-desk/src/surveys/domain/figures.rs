//! What the forms of a survey say: blanks out of the base, small groups not shown.

use super::{Answers, Given, Question, QuestionKind, Targets};
use crate::shares::rate;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Groups of fewer answers are not shown.
const SMALLEST: usize = 5;

/// A form that came back; whose it is, nobody needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The building and its code.
    pub building: (Uuid, String),
    /// The answers; a wholly blank form has none.
    pub answers: Answers,
}

/// How a sample came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Returns {
    /// Homes asked.
    pub issued: usize,
    /// Of them, those that did not want to answer.
    pub refused: usize,
}

/// Answers to one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Answers that are not blank.
    pub valid: usize,
    /// Very satisfied and satisfied ones; of the scale only.
    pub satisfied: usize,
    /// How many chose each point of the scale or each choice, from 1.
    pub counts: Vec<usize>,
}

/// The same of a group, unless it is too small.
pub type Group = Option<Tally>;

/// Answers to one question in one building.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    /// The building and its code.
    pub building: (Uuid, String),
    /// The answers; not shown of a small group, nor where the others would give it away.
    pub tally: Group,
}

/// One question of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its place among the questions.
    pub question: usize,
    /// Its answers.
    pub tally: Group,
    /// Whether it is below the target.
    pub low: bool,
    /// By building.
    pub buildings: Vec<Building>,
}

/// What a survey found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Homes asked, and those that refused.
    pub sample: Returns,
    /// Forms that came back.
    pub returned: usize,
    /// Of them, wholly blank ones.
    pub blank: usize,
    /// Whether enough came back.
    pub enough: bool,
    /// Whether enough are satisfied overall.
    pub satisfied: bool,
    /// Forms with a comment.
    pub comments: usize,
    /// Question by question, comments left out.
    pub items: Vec<Item>,
}

impl Tally {
    /// Satisfied of valid, basis points.
    pub fn rate(&self) -> Option<u32> {
        rate(self.satisfied, self.valid)
    }

    fn add(&mut self, place: u8, scale: bool) {
        self.valid += 1;
        self.satisfied += usize::from(scale && place >= 4);
        if let Some(count) = self.counts.get_mut(usize::from(place) - 1) {
            *count += 1;
        }
    }

    fn shown(&self) -> Group {
        (self.valid >= SMALLEST).then(|| self.clone())
    }

    fn below(&self, target: u32) -> bool {
        let target = usize::try_from(target).unwrap_or(usize::MAX);
        self.satisfied * 10_000 < self.valid * target
    }
}

/// What the forms say.
pub fn report(questions: &[Question], targets: Targets, sample: Returns, forms: &[Form]) -> Report {
    let counted = questions.iter().enumerate().filter(|(_, it)| it.kind != QuestionKind::Text);
    let items: Vec<Item> = counted.map(|(at, it)| item((at, it), targets, forms)).collect();
    let overall = items.iter().find(|item| questions[item.question].overall);
    let returned = forms.len();
    let wanted = usize::try_from(targets.returns).unwrap_or(usize::MAX);
    let comment = |form: &&Form| form.answers.values().any(|it| matches!(it, Given::Text(_)));
    Report {
        sample,
        returned,
        blank: forms.iter().filter(|form| form.answers.is_empty()).count(),
        enough: returned > 0 && returned * 10_000 >= sample.issued * wanted,
        satisfied: overall.is_some_and(|item| item.tally.is_some() && !item.low),
        comments: forms.iter().filter(comment).count(),
        items,
    }
}

fn item((at, question): (usize, &Question), targets: Targets, forms: &[Form]) -> Item {
    let scale = question.kind == QuestionKind::Scale5;
    let empty = || Tally {
        counts: vec![0; if scale { 5 } else { question.choices.len() }],
        ..Tally::default()
    };
    let mut whole = empty();
    let mut groups: BTreeMap<(Uuid, String), Tally> = BTreeMap::new();
    for form in forms {
        let group = groups.entry(form.building.clone()).or_insert_with(empty);
        if let Some(Given::Score(place) | Given::Choice(place)) = form.answers.get(&question.code) {
            whole.add(*place, scale);
            group.add(*place, scale);
        }
    }
    let shown = shown(&groups.values().map(|group| group.valid).collect::<Vec<_>>());
    let building = |((building, tally), shown): (_, bool)| Building {
        building,
        tally: if shown { Some(tally) } else { None },
    };
    let mut buildings: Vec<Building> = groups.into_iter().zip(shown).map(building).collect();
    buildings.sort_by(|a, b| a.building.1.cmp(&b.building.1));
    let tally = whole.shown();
    // Of too few answers nothing is said, not even that: it would tell what one of them is.
    let low = scale && tally.as_ref().is_some_and(|tally| tally.below(targets.satisfied));
    Item { question: at, tally, low, buildings }
}

/// Which groups are shown. Small ones are not; and since what is hidden is the whole less what is
/// shown, a hidden group must have company: another one, and together enough answers.
fn shown(sizes: &[usize]) -> Vec<bool> {
    let mut shown: Vec<bool> = sizes.iter().map(|size| *size >= SMALLEST).collect();
    loop {
        let hidden = || sizes.iter().zip(&shown).filter(|(size, shown)| !**shown && **size > 0);
        let (groups, answers) = (hidden().count(), hidden().map(|(size, _)| size).sum::<usize>());
        if groups == 0 || (groups > 1 && answers >= SMALLEST) {
            return shown;
        }
        let next = (0..sizes.len()).filter(|at| shown[*at]).min_by_key(|at| sizes[*at]);
        match next {
            Some(next) => shown[next] = false,
            None => return shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::answers::tests::question, *};
    use proptest::prelude::*;

    const TARGETS: Targets = Targets { rate: 3_000, returns: 8_000, satisfied: 9_000 };

    fn form(building: u128, answers: &[(&str, u8)]) -> Form {
        let answers =
            answers.iter().map(|(code, score)| ((*code).to_owned(), Given::Score(*score)));
        Form {
            building: (Uuid::from_u128(building), building.to_string()),
            answers: answers.collect(),
        }
    }

    #[test]
    fn scenario_11_rates() {
        let questions =
            ["OVERALL", "GREENING"].map(|code| question(code, QuestionKind::Scale5)).to_vec();
        let mut forms = vec![form(1, &[]); 2];
        for n in 0..176 {
            let overall = ("OVERALL", if n < 163 { 4 } else { 3 });
            let greening = ("GREENING", if n < 138 { 5 } else { 1 });
            let all = [overall, greening];
            forms.push(form(n % 6, if n < 171 { &all } else { &all[..1] }));
        }
        let found = report(&questions, TARGETS, Returns { issued: 207, refused: 0 }, &forms);
        assert_eq!((found.returned, found.blank), (178, 2));
        assert_eq!(rate(found.returned, 207), Some(8_599));
        assert!(found.enough && found.satisfied);
        let [overall, greening] = &*found.items else { panic!("two items") };
        let overall_tally = overall.tally.as_ref().unwrap();
        assert_eq!((overall_tally.valid, overall_tally.rate()), (176, Some(9_261)));
        let tally = greening.tally.as_ref().unwrap();
        assert_eq!((tally.satisfied, tally.valid, tally.rate()), (138, 171, Some(8_070)));
        assert!(greening.low && !overall.low);
        assert_eq!(tally.counts, [33, 0, 0, 0, 138]);
    }

    #[test]
    fn small_groups_are_hidden_and_never_alone() {
        assert_eq!(shown(&[9, 8, 7]), [true, true, true]);
        assert_eq!(shown(&[9, 4, 7]), [true, false, false], "the next smallest hides it");
        assert_eq!(shown(&[9, 2, 7, 1]), [true, false, false, false], "three answers are few");
        assert_eq!(shown(&[9, 4, 7, 3]), [true, false, true, false]);
        assert_eq!(shown(&[4]), [false]);
        assert_eq!(shown(&[9, 0]), [true, false]);
        let questions = [question("OVERALL", QuestionKind::Scale5)];
        let few = vec![form(1, &[("OVERALL", 5)]); 4];
        let found = report(&questions, TARGETS, Returns { issued: 4, refused: 0 }, &few);
        assert_eq!(found.items[0].tally, None);
        assert!(!found.satisfied && !found.items[0].low);
        let bitter = |many: usize| {
            let forms = vec![form(1, &[("OVERALL", 1)]); many];
            let found = report(&questions, TARGETS, Returns { issued: 5, refused: 0 }, &forms);
            found.items[0].low
        };
        assert!(!bitter(4) && bitter(5), "four dissatisfied answers are not given away");
    }

    #[test]
    fn a_rate_just_below_the_target_is_below_whatever_it_rounds_to() {
        let tally = Tally { valid: 20_001, satisfied: 18_000, counts: vec![] };
        assert_eq!(tally.rate(), Some(9_000));
        assert!(tally.below(9_000));
        assert_eq!(rate(1, 0), None);
    }

    proptest! {
        #[test]
        fn what_is_hidden_cannot_be_worked_out(sizes in prop::collection::vec(0_usize..12, 0..8)) {
            let shown = shown(&sizes);
            let hidden: Vec<usize> = sizes.iter().zip(&shown)
                .filter(|(size, shown)| !**shown && **size > 0).map(|(size, _)| *size).collect();
            let all_hidden = shown.iter().all(|shown| !shown);
            prop_assert!(sizes.iter().zip(&shown).all(|(size, shown)| !*shown || *size >= SMALLEST));
            let safe = hidden.len() > 1 && hidden.iter().sum::<usize>() >= SMALLEST;
            prop_assert!(hidden.is_empty() || all_hidden || safe);
        }
    }
}
