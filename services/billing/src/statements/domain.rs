//! The ways to pay that an estate names.

use errors::{Invalid, expected};

/// How somebody can pay without the online provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WayKind {
    /// At the counter, in cash or by card.
    Counter,
    /// By transfer to the company's bank account.
    Transfer,
    /// In another way that the words describe.
    Other,
}

/// One way to pay, in words.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Way {
    /// How.
    pub kind: WayKind,
    /// Where, when, and into which account, in Chinese.
    pub words_zh: String,
    /// The same in English.
    pub words_en: String,
}

/// The most ways of one estate.
const MOST: usize = 10;

/// Checks what an estate wants to name: up to ten ways, each in 1 to 300 characters a language.
pub fn checked(ways: Vec<Way>) -> Result<Vec<Way>, Invalid> {
    if ways.len() > MOST {
        return Err(Invalid::new("ways", expected::items(0, MOST)));
    }
    let tidy = |text: String, field: &str| {
        let text = text.trim().to_owned();
        let fits = (1..=300).contains(&text.chars().count());
        if fits { Ok(text) } else { Err(Invalid::new(field, expected::length(1, 300))) }
    };
    let tidied = ways.into_iter().map(|way| {
        Ok(Way {
            kind: way.kind,
            words_zh: tidy(way.words_zh, "wordsZh")?,
            words_en: tidy(way.words_en, "wordsEn")?,
        })
    });
    tidied.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(zh: &str, en: &str) -> Way {
        Way { kind: WayKind::Transfer, words_zh: zh.to_owned(), words_en: en.to_owned() }
    }

    #[test]
    fn ways_are_tidied_or_refused() {
        let ways = checked(vec![way(" 建设银行 6217 ", "CCB 6217")]).unwrap();
        assert_eq!(ways, [way("建设银行 6217", "CCB 6217")]);
        assert_eq!(checked(vec![way(" ", "x")]).unwrap_err().field, "wordsZh");
        assert_eq!(checked(vec![way("x", &"x".repeat(301))]).unwrap_err().field, "wordsEn");
        assert_eq!(checked(vec![way("x", "x"); 11]).unwrap_err().field, "ways");
        assert!(checked(Vec::new()).is_ok());
    }
}
