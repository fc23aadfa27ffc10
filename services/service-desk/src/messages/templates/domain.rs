//! What a template is and how its placeholders are filled in.

use crate::messages::{MessageKind, Words, say};
use authz::UserId;
use chrono::{DateTime, Utc};
use errors::{Invalid, input};
use ids::EstateId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The longest title, in characters.
pub(crate) const MAX_TITLE: usize = 100;
/// The longest body, in characters.
pub(crate) const MAX_BODY: usize = 5_000;

/// A version of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template {
    /// The estate that has it; none when it is the company's.
    pub estate: Option<EstateId>,
    pub code: String,
    pub version: i32,
    pub kind: MessageKind,
    pub title: Words,
    pub body: Words,
    pub saved_by: UserId,
    pub saved_at: DateTime<Utc>,
}

/// By which version of which template words were written, and with which values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// The code.
    pub code: String,
    /// The version; 0 until it was looked up.
    pub version: i32,
    /// What the placeholders were filled with.
    pub values: BTreeMap<String, String>,
}

/// Checks the words of a message: filled in both languages and not too long.
///
/// # Errors
/// The field, e.g. `title.zh`.
pub(crate) fn checked_words(title: &Words, body: &Words) -> Result<(Words, Words), Invalid> {
    let title = Words {
        zh: input::text("title.zh", &title.zh, MAX_TITLE)?,
        en: input::text("title.en", &title.en, MAX_TITLE)?,
    };
    let body = Words {
        zh: input::lines("body.zh", &body.zh, MAX_BODY)?,
        en: input::lines("body.en", &body.en, MAX_BODY)?,
    };
    Ok((title, body))
}

/// The placeholders of a text, `{{name}}`; braces that are none are refused.
fn placeholders(text: &str) -> Option<BTreeSet<&str>> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, behind) = after.split_once("}}")?;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if before.contains("}}") || name.is_empty() || name.len() > 40 || !name.chars().all(fits) {
            return None;
        }
        names.insert(name);
        rest = behind;
    }
    (!rest.contains("}}")).then_some(names)
}

/// The placeholders of a title and a body, which both languages must share.
///
/// # Errors
/// The field to blame.
pub(super) fn checked_placeholders(
    title: &Words,
    body: &Words,
) -> Result<BTreeSet<String>, Invalid> {
    let of = |field: &str, text: &str| {
        let names =
            placeholders(text).ok_or_else(|| Invalid::new(field, say::placeholder_open()))?;
        Ok::<BTreeSet<String>, Invalid>(names.into_iter().map(str::to_owned).collect())
    };
    let (title_zh, title_en) = (of("title.zh", &title.zh)?, of("title.en", &title.en)?);
    let (body_zh, body_en) = (of("body.zh", &body.zh)?, of("body.en", &body.en)?);
    if title_zh != title_en {
        return Err(Invalid::new("title.en", say::same_placeholders()));
    }
    if body_zh != body_en {
        return Err(Invalid::new("body.en", say::same_placeholders()));
    }
    Ok(title_zh.into_iter().chain(body_zh).collect())
}

impl Template {
    /// Its placeholders, sorted.
    pub(super) fn placeholders(&self) -> BTreeSet<String> {
        checked_placeholders(&self.title, &self.body).unwrap_or_default()
    }

    /// The words with every placeholder filled in; a value is text and never a placeholder.
    pub(super) fn filled(
        &self,
        values: &BTreeMap<String, String>,
    ) -> Result<(Words, Words), Invalid> {
        let names = self.placeholders();
        if let Some(missing) = names.iter().find(|name| !values.contains_key(*name)) {
            return Err(Invalid::new("values", say::placeholder_missing(missing.clone())));
        }
        if let Some(unknown) = values.keys().find(|name| !names.contains(*name)) {
            return Err(Invalid::new("values", say::placeholder_unknown(unknown.clone())));
        }
        let words = |it: &Words| Words { zh: fill(&it.zh, values), en: fill(&it.en, values) };
        Ok((words(&self.title), words(&self.body)))
    }
}

fn fill(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, after)| Some((before, after.split_once("}}")?)))
    {
        filled.push_str(before);
        filled.push_str(values.get(name).map(String::as_str).unwrap_or_default());
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn placeholders_are_found_and_loose_braces_refused() {
        let found = placeholders("停水 {{day}} {{from}} 至 {{day}}").unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["day", "from"]);
        for wrong in ["{{day", "day}}", "{{}}", "{{Day}}", "}}{{day}}", "{{a{{b}}"] {
            assert!(placeholders(wrong).is_none(), "{wrong}");
        }
        assert!(placeholders("{ no } placeholder").unwrap().is_empty());
    }

    #[test]
    fn languages_share_their_placeholders() {
        let words = |zh: &str, en: &str| Words { zh: zh.to_owned(), en: en.to_owned() };
        let title = words("停水", "Water off");
        let both = words("{{day}}停水", "No water on {{day}}");
        assert_eq!(checked_placeholders(&title, &both).unwrap().len(), 1);
        let one = words("{{day}}停水", "No water");
        assert_eq!(checked_placeholders(&title, &one).unwrap_err().field, "body.en");
        assert_eq!(checked_placeholders(&one, &both).unwrap_err().field, "title.en");
    }

    proptest! {
        #[test]
        fn a_value_stays_what_it_is(value in "\\PC{0,30}") {
            let values = BTreeMap::from([("a".to_owned(), value.clone())]);
            prop_assert_eq!(fill("<{{a}}|{{a}}>", &values), format!("<{value}|{value}>"));
        }
    }
}
