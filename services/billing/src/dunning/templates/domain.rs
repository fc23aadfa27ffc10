//! Texts with variables.

use super::unlawful::unlawful;
use crate::{dunning::domain::Step, say};
use errors::{Invalid, expected};
use money::Fen;

/// The longest text.
pub(super) const MAX_TEXT: usize = 2000;

/// What a text may name.
pub(super) const VARIABLES: [&str; 6] = ["estate", "unit", "name", "debt", "due", "payBy"];

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wording {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What the variables stand for.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The estate's name.
    pub estate: String,
    /// The unit's label.
    pub unit: String,
    /// The debtor's name as staff see it.
    pub name: String,
    /// What is demanded.
    pub debt: Fen,
    /// Since when.
    pub due: chrono::NaiveDate,
    /// Until when to pay.
    pub pay_by: chrono::NaiveDate,
}

impl Wording {
    /// The product's text of a step.
    pub fn product(step: Step) -> Self {
        let (zh, en) = match step {
            Step::Reminder => (
                "【{estate}】温馨提示:{unit} 有应缴物业服务费用 {debt} 元,到期日 {due},请在方便时缴纳。如已缴纳或有疑问,请联系客服中心。",
                "{estate}: a friendly reminder. {debt} is due for {unit} since {due}. Please pay at your convenience; if you have paid or have a question, call the service centre.",
            ),
            Step::Call => (
                "您好,这里是{estate}客服中心。{unit} 有费用 {debt} 元于 {due} 到期,想了解您是否收到账单,有什么可以帮您。",
                "Hello, this is the service centre of {estate}. {debt} for {unit} fell due on {due}; did the bill reach you, and can we help?",
            ),
            Step::FirstNotice | Step::SecondNotice => (
                "催缴通知单:{name},截至今日 {unit} 欠缴费用 {debt} 元(最早到期日 {due}),请于 {payBy} 前缴纳。账单明细随附;如有异议,请与客服中心联系。",
                "Dunning notice: {name}, {debt} is open for {unit} as of today (the oldest due on {due}). Please pay by {payBy}. The bills are enclosed; if you object, please contact the service centre.",
            ),
            Step::Visit | Step::DirectorVisit => (
                "上门沟通:向 {name} 说明 {unit} 欠费 {debt} 元的账单明细,听取对服务的意见,必要时商定分期。",
                "Visit: explain the bills of {unit}, {debt} in sum, to {name}; hear what they say of the service; offer instalments where needed.",
            ),
            Step::LawyerLetter => (
                "律师函:{name},{unit} 欠缴物业服务费用 {debt} 元(最早到期日 {due}),经多次催告未付,请于 {payBy} 前付清,否则将依法主张权利。",
                "Lawyer's letter: {name}, {debt} is open for {unit} (the oldest due on {due}) in spite of reminders. Please pay by {payBy}; otherwise the claim will be pursued at law.",
            ),
            Step::LegalProposal => (
                "拟通过调解、支付令或诉讼主张 {unit} 欠费 {debt} 元。在此之前请于 {payBy} 前与我们联系,仍可协商。",
                "We intend to claim {debt} for {unit} by mediation, payment order or suit. Until {payBy} it can still be settled with us.",
            ),
        };
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }

    /// The text if its variables are known and it is lawful.
    pub fn checked(self) -> Result<Self, Invalid> {
        for (field, text) in [("textZh", &self.zh), ("textEn", &self.en)] {
            if !(1..=MAX_TEXT).contains(&text.trim().chars().count()) {
                return Err(Invalid::new(field, expected::length(1, MAX_TEXT)));
            }
            if let Some(unknown) = unknown(text) {
                return Err(Invalid::new(field, say::dunning_unknown_variable(unknown)));
            }
            if let Some(found) = unlawful(text).first() {
                let reason = say::dunning_unlawful(found.phrase.clone(), found.law.text());
                return Err(Invalid::new(field, reason));
            }
        }
        Ok(self)
    }

    /// The text with its variables filled in.
    pub fn filled(&self, facts: &Facts) -> Self {
        let fill = |text: &str| {
            let values = [
                &facts.estate,
                &facts.unit,
                &facts.name,
                &facts.debt.to_string(),
                &facts.due.to_string(),
                &facts.pay_by.to_string(),
            ];
            VARIABLES.iter().zip(values).fold(text.to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
        };
        Self { zh: fill(&self.zh), en: fill(&self.en) }
    }
}

/// The first variable that nobody knows.
fn unknown(text: &str) -> Option<String> {
    let parts = text.split('{').skip(1);
    let mut names = parts.map(|part| part.split('}').next().unwrap_or_default());
    names.find(|name| !VARIABLES.contains(name)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_products_texts_are_lawful_and_can_be_filled() {
        let facts = Facts {
            estate: "翡翠湖畔花园".to_owned(),
            unit: "3-1-1201".to_owned(),
            name: "王*".to_owned(),
            debt: Fen(83_586),
            due: "2026-07-15".parse().unwrap(),
            pay_by: "2026-08-06".parse().unwrap(),
        };
        for step in Step::ALL {
            let text = Wording::product(step).checked().unwrap().filled(&facts);
            assert!(!text.zh.contains('{') && !text.en.contains('{'), "{text:?}");
            assert!(text.zh.contains("835.86") && text.en.contains("835.86"));
        }
    }

    #[test]
    fn an_unknown_variable_and_an_unlawful_step_are_refused_by_field() {
        let of = |zh: &str, en: &str| Wording { zh: zh.to_owned(), en: en.to_owned() };
        assert_eq!(of("欠 {amount}", "ok").checked().unwrap_err().field, "textZh");
        assert_eq!(of("请缴费", "or we cut off the water").checked().unwrap_err().field, "textEn");
        assert_eq!(of("", "ok").checked().unwrap_err().field, "textZh");
    }
}
