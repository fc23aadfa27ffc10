//! What the desk says by the kind of a contact (话术), in both languages: the estate's text, else the
//! company's, else the one that is built in. Handbook ch. 9-14 and 21.

pub(super) mod graphql;
mod repo;
mod save;

use super::{Class, say};
use authz::{Permission, UserId};
use chrono::{DateTime, Utc};
use ids::EstateId;
use texts::{Language, Text};

/// Say what the desk says.
const MANAGE: Permission = Permission::new("message_template.manage");

/// The most characters of a script.
const LONGEST: usize = 2000;

/// What the desk says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// For this kind of contact.
    pub class: Class,
    /// The estate whose text it is; `None` for the company's and the built-in one.
    pub estate: Option<EstateId>,
    /// Counts the versions of the estate or of the company; 0 is built in.
    pub version: i32,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Who saved it, and when; `None` when it is built in.
    pub saved: Option<(UserId, DateTime<Utc>)>,
}

impl Script {
    /// The text that is built in.
    fn built_in(class: Class, estate: &str) -> Self {
        let text = sentence(class, estate);
        Self {
            class,
            estate: None,
            version: 0,
            zh: text.say(Language::Zh),
            en: text.say(Language::En),
            saved: None,
        }
    }
}

fn sentence(class: Class, estate: &str) -> Text {
    match class {
        Class::Inquiry => say::script_inquiry(estate),
        Class::InquiryPassedOn => say::script_inquiry_passed_on(estate),
        Class::HelpRequest => say::script_help_request(estate),
        Class::PaidService => say::script_paid_service(estate),
        Class::Suggestion => say::script_suggestion(estate),
        Class::Complaint => say::script_complaint(estate),
        Class::Repair => say::script_repair(estate),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_a_text_of_its_own_that_greets_for_the_estate() {
        let mut seen = std::collections::BTreeSet::new();
        for class in Class::ALL {
            let script = Script::built_in(class, "翡翠湖畔花园");
            for text in [&script.zh, &script.en] {
                assert!(text.contains("翡翠湖畔花园"), "{class:?}: {text}");
                assert!((20..=LONGEST).contains(&text.chars().count()), "{class:?}");
                assert!(seen.insert(text.clone()), "{class:?}");
            }
        }
    }
}
