//! What a sentence may speak of.

use crate::Text;
use chrono::NaiveDate;
use money::Fen;

/// One argument, ready to be put into a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// A number; sentences may choose their words by it.
    Number(i64),
    /// Anything that reads the same in every language.
    Plain(String),
    /// A sentence or word that is put into the same language.
    Text(Box<Text>),
}

/// A type that sentences speak of.
pub trait Argument {
    /// As an argument.
    fn into_arg(self) -> Arg;
}

impl Argument for Text {
    fn into_arg(self) -> Arg {
        Arg::Text(Box::new(self))
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {
        $(impl Argument for $number {
            fn into_arg(self) -> Arg {
                i64::try_from(self).map_or_else(|_| Arg::Plain(self.to_string()), Arg::Number)
            }
        })*
    };
}
numbers!(i32 i64 u32 u64 usize);

macro_rules! plain {
    ($($plain:ty)*) => {
        $(impl Argument for $plain {
            fn into_arg(self) -> Arg {
                Arg::Plain(self.to_string())
            }
        })*
    };
}
plain!(&str String NaiveDate Fen);
