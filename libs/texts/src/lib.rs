//! Sentences for people, in their language: ids and arguments here, words in Fluent files.

mod argument;
mod catalogue;
mod language;

pub use argument::{Arg, Argument};
pub use catalogue::Catalogue;
pub use language::Language;

use std::fmt;

/// One sentence, not yet in a language.
#[derive(Clone)]
pub struct Text {
    catalogue: &'static Catalogue,
    id: &'static str,
    args: Vec<(&'static str, Arg)>,
}

impl Text {
    /// The sentence `id` of a catalogue; written by [`catalogue!`], which checks both.
    pub const fn new(
        catalogue: &'static Catalogue,
        id: &'static str,
        args: Vec<(&'static str, Arg)>,
    ) -> Self {
        Self { catalogue, id, args }
    }

    /// The sentence in a language.
    pub fn say(&self, language: Language) -> String {
        self.catalogue.say(language, self.id, &self.args)
    }

    /// Chinese and English side by side, for a document that must read the same for ever.
    pub fn bilingual(&self) -> String {
        format!("{} / {}", self.say(Language::Zh), self.say(Language::En))
    }
}

/// English, for the log.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Language::En))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", self.id, self.args)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.catalogue, other.catalogue)
            && (self.id, &self.args) == (other.id, &other.args)
    }
}

impl Eq for Text {}

/// Declares the sentences of a crate, each a function that gives a [`Text`], and the test that
/// both of its Fluent files have exactly these. A module with many begins with the folder of its
/// own files below `texts/`, e.g. `in "/papers";`.
#[macro_export]
macro_rules! catalogue {
    ($($(#[$doc:meta])* $vis:vis fn $id:ident($($arg:ident: $kind:ty),* $(,)?);)*) => {
        $crate::catalogue! { in ""; $($(#[$doc])* $vis fn $id($($arg: $kind),*);)* }
    };
    (in $folder:literal; $($(#[$doc:meta])* $vis:vis fn $id:ident($($arg:ident: $kind:ty),* $(,)?);)*) => {
        static CATALOGUE: $crate::Catalogue = $crate::Catalogue::new(
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/texts", $folder, "/zh-CN.ftl")),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/texts", $folder, "/en.ftl")),
        );
        $(
            $(#[$doc])*
            $vis fn $id($($arg: $kind),*) -> $crate::Text {
                let args = vec![$((stringify!($arg), $crate::Argument::into_arg($arg))),*];
                $crate::Text::new(&CATALOGUE, stringify!($id), args)
            }
        )*

        #[cfg(test)]
        mod files {
            #[test]
            fn each_sentence_is_in_both_languages_with_the_same_arguments() {
                let declared: &[(&str, &[&str])] =
                    &[$((stringify!($id), &[$(stringify!($arg)),*])),*];
                assert_eq!(super::CATALOGUE.complaints(declared), Vec::<String>::new());
            }
        }
    };
}

#[cfg(test)]
mod tests;
