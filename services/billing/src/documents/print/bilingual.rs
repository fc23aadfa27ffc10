//! Names that are kept in both languages.

use texts::{Language, Text};

/// A name or sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Bilingual {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Bilingual {
    /// The one of a language.
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }

    /// The same with a word that both languages share, e.g. days.
    #[must_use]
    pub fn with(self, word: &str) -> Self {
        Self { zh: format!("{} {word}", self.zh), en: format!("{} {word}", self.en) }
    }

    /// The same with a sentence after a dot.
    #[must_use]
    pub fn and(self, text: Text) -> Self {
        let more = Self::from(text);
        Self {
            zh: format!("{} · {}", self.zh, more.zh), en: format!("{} · {}", self.en, more.en)
        }
    }
}

impl From<Text> for Bilingual {
    fn from(text: Text) -> Self {
        Self { zh: text.say(Language::Zh), en: text.say(Language::En) }
    }
}
