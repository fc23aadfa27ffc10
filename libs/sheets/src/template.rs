//! Which tables an importer understands, declared as data.

use crate::cell::half_width;

/// The language of headers and notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// Whether a table is one without the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The column must be there and filled in every row.
    Required,
    /// The column may be missing.
    Optional,
}

/// One column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in mappings and code.
    pub key: &'static str,
    /// Our own header in Chinese.
    pub zh: &'static str,
    /// Our own header in English.
    pub en: &'static str,
    /// Headers of other systems.
    pub aliases: &'static [&'static str],
    /// Whether it must be there.
    pub presence: Presence,
    /// Its width in our own files, characters.
    pub width: u8,
}

impl Column {
    /// A column every row fills.
    pub const fn required(
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        aliases: &'static [&'static str],
    ) -> Self {
        Self { key, zh, en, aliases, presence: Presence::Required, width: 14 }
    }

    /// A column that may be missing or blank.
    pub const fn optional(
        key: &'static str,
        zh: &'static str,
        en: &'static str,
        aliases: &'static [&'static str],
    ) -> Self {
        Self { key, zh, en, aliases, presence: Presence::Optional, width: 14 }
    }

    /// Our own header in a language.
    pub const fn header(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.zh,
            Language::En => self.en,
        }
    }

    /// Whether a header text of some file means this column.
    pub(crate) fn is_named(&self, header: &str) -> bool {
        matches(header, self.zh, self.en, self.aliases)
    }
}

/// One kind of table.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name in mappings and code.
    pub key: &'static str,
    /// Our own sheet name in Chinese.
    pub zh: &'static str,
    /// Our own sheet name in English.
    pub en: &'static str,
    /// Sheet names of other systems.
    pub aliases: &'static [&'static str],
    /// Its columns in our own order.
    pub columns: &'static [Column],
}

impl Kind {
    /// Our own sheet name in a language.
    pub const fn title(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.zh,
            Language::En => self.en,
        }
    }

    /// The column with a key.
    pub fn column(&self, key: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.key == key)
    }

    pub(crate) fn is_named(&self, sheet: &str) -> bool {
        matches(sheet, self.zh, self.en, self.aliases)
    }
}

/// All kinds an importer understands.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// The kinds, in our own order of sheets.
    pub kinds: &'static [Kind],
}

impl Template {
    /// The kind with a key.
    pub fn kind(&self, key: &str) -> Option<&'static Kind> {
        self.kinds.iter().find(|kind| kind.key == key)
    }
}

fn matches(text: &str, zh: &str, en: &str, aliases: &[&str]) -> bool {
    let text = plain(text);
    !text.is_empty() && [zh, en].iter().chain(aliases).any(|name| plain(name) == text)
}

/// A header without what people decorate it with: case, blanks, `*`, units and hints in brackets.
fn plain(text: &str) -> String {
    let text = half_width(text).to_lowercase();
    let name = text.split(['(', '[', '【']).next().unwrap_or_default();
    let name = if name.is_empty() { &text } else { name };
    name.chars().filter(|letter| !matches!(letter, '*' | '_' | '-' | ':' | '.')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_known_in_spite_of_decoration() {
        let column = Column::required("gross_area", "建筑面积", "Gross area", &["面积"]);
        for header in ["建筑面积", "*建筑面积（㎡）", "gross_area", "GROSS AREA (m2)", " 面积 "]
        {
            assert!(column.is_named(header), "{header}");
        }
        for header in ["", "(㎡)", "使用面积"] {
            assert!(!column.is_named(header), "{header}");
        }
    }
}
