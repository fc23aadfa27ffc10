//! One cell, and what it can be read as.

use chrono::NaiveDate;
use money::{Area, Fen, Rate};

/// The content of one cell; a formula is the value last computed for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing, or only white space.
    #[default]
    Empty,
    /// Text, trimmed.
    Text(String),
    /// A number; Excel keeps 15 digits.
    Number(f64),
    /// A cell formatted as a date; a time of day is dropped.
    Date(NaiveDate),
    /// A truth value.
    Bool(bool),
    /// An Excel error such as `#REF!`.
    Fault(String),
}

/// Why a cell cannot be read as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Stable code of the reason, e.g. `NOT_A_DATE`.
    pub code: &'static str,
    /// The reason in Chinese.
    pub zh: String,
    /// The reason in English.
    pub en: String,
}

impl Wrong {
    /// A reason with its code and its text in both languages.
    pub fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, zh: zh.into(), en: en.into() }
    }
}

/// What reading a cell gives: `None` for an empty one.
type Read<T> = Result<Option<T>, Wrong>;

/// Numbers from here on lost digits in Excel: an identity number typed as a number, for instance.
const EXACT_UP_TO: f64 = 1e15;

impl Cell {
    /// A text cell; white space alone is `Empty`, and the escape of our own writers is undone.
    pub fn from_text(text: &str) -> Self {
        let text = crate::write::unescape(text).trim();
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    /// Whether there is nothing to read.
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// What a person sees in the cell; never fails.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Fault(text) => text.clone(),
            Self::Number(number) => shown_number(*number),
            Self::Date(date) => date.to_string(),
            Self::Bool(value) => value.to_string(),
        }
    }

    /// Text as shown: a code typed as the number 7 is `7`.
    pub fn text(&self) -> Read<String> {
        match self {
            Self::Empty => Ok(None),
            Self::Fault(text) => Err(Wrong::new(
                "CELL_ERROR",
                format!("单元格的公式出错（{text}）"),
                format!("the formula of the cell fails ({text})"),
            )),
            Self::Number(number) if number.abs() >= EXACT_UP_TO => Err(Wrong::new(
                "DIGITS_LOST",
                "数字超过15位，Excel 已丢失末尾数字，请改为文本格式后重填",
                "Excel keeps only 15 digits of a number: format the cell as text and type it again",
            )),
            cell => Ok(Some(cell.shown())),
        }
    }

    /// A whole number: `1`, `1.0` or the text `1`.
    pub fn integer(&self) -> Read<i64> {
        let wrong = |text: &str| {
            Wrong::new(
                "NOT_A_WHOLE_NUMBER",
                format!("“{text}”不是整数"),
                format!("`{text}` is not a whole number"),
            )
        };
        let Some(text) = self.text()? else { return Ok(None) };
        let plain = half_width(&text);
        let whole = match plain.split_once('.') {
            Some((whole, rest)) if rest.bytes().all(|digit| digit == b'0') => whole,
            Some(_) => return Err(wrong(&text)),
            None => &plain,
        };
        whole.parse().map(Some).map_err(|_| wrong(&text))
    }

    /// An amount of money, at most two decimal places.
    pub fn fen(&self) -> Read<Fen> {
        self.decimal(2, "元")
    }

    /// A floor area in square metres, at most four decimal places.
    pub fn area(&self) -> Read<Area> {
        self.decimal(4, "㎡")
    }

    /// A price or rate, at most six decimal places.
    pub fn rate(&self) -> Read<Rate> {
        self.decimal(6, "元")
    }

    fn decimal<T: std::str::FromStr>(&self, digits: u32, unit: &str) -> Read<T> {
        let Some(text) = self.text()? else { return Ok(None) };
        let plain = half_width(&text).replace(',', "");
        let plain = plain.trim_start_matches(['¥', '￥']).trim_end_matches("m2");
        let plain = plain.trim_end_matches(unit).trim_end_matches("m²").trim();
        plain.parse().map(Some).map_err(|_| {
            Wrong::new(
                "NOT_A_NUMBER",
                format!("“{text}”不是数字，或小数超过{digits}位"),
                format!("`{text}` is not a number with at most {digits} decimal places"),
            )
        })
    }

    /// A calendar date: a date cell, an Excel serial, `2020-6-10`, `2020/06/10`, `2020.6.10`,
    /// `20200610` or `2020年6月10日`.
    pub fn date(&self) -> Read<NaiveDate> {
        let read = match self {
            Self::Empty => return Ok(None),
            Self::Date(date) => Some(*date),
            Self::Number(serial) => date_of_number(*serial),
            Self::Text(text) => match text.split_once(' ') {
                Some((day, time)) if time.contains(':') => date_of_text(&half_width(day)),
                _ => date_of_text(&half_width(text)),
            },
            Self::Bool(_) | Self::Fault(_) => None,
        };
        read.map(Some).ok_or_else(|| {
            let text = self.shown();
            Wrong::new(
                "NOT_A_DATE",
                format!("“{text}”不是日期，应如 2020-06-10"),
                format!("`{text}` is not a date such as 2020-06-10"),
            )
        })
    }

    /// A list: `1#2`, `1,2`, `1、2`, `1;2`, `1|2`, or a single value. Blank items are dropped.
    pub fn list(&self) -> Result<Vec<Self>, Wrong> {
        let Self::Text(text) = self else {
            self.text()?;
            return Ok(if self.is_empty() { Vec::new() } else { vec![self.clone()] });
        };
        let parts = text.split(['#', ',', '、', ';', '|', '，', '；', '＃', '\n']);
        Ok(parts.map(Self::from_text).filter(|part| !part.is_empty()).collect())
    }

    /// 有/无, 是/否, Y/N, yes/no, true/false, 1/0.
    pub fn yes_no(&self) -> Read<bool> {
        if let Self::Bool(value) = self {
            return Ok(Some(*value));
        }
        let Some(text) = self.text()? else { return Ok(None) };
        match half_width(&text).to_lowercase().as_str() {
            "有" | "是" | "y" | "yes" | "true" | "1" | "√" => Ok(Some(true)),
            "无" | "没有" | "否" | "不是" | "n" | "no" | "false" | "0" | "×" => {
                Ok(Some(false))
            }
            _ => Err(Wrong::new(
                "NOT_YES_OR_NO",
                format!("“{text}”应为 是/否 或 有/无"),
                format!("`{text}` is neither yes nor no"),
            )),
        }
    }
}

/// At most 15 significant digits, as Excel shows: 0.1 + 0.2 is `0.3`.
fn shown_number(number: f64) -> String {
    format!("{number:.14e}").parse::<f64>().unwrap_or(number).to_string()
}

/// Full-width digits, letters and punctuation as their ASCII twins, without blanks.
pub(crate) fn half_width(text: &str) -> String {
    let narrow = |letter: char| match letter {
        '！'..='～' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        other => other,
    };
    text.chars().filter(|letter| !letter.is_whitespace()).map(narrow).collect()
}

fn date_of_number(number: f64) -> Option<NaiveDate> {
    // 19000101.. is a date written without separators, below it an Excel serial
    if number >= 19_000_101.0 {
        return date_of_text(&shown_number(number));
    }
    let days = format!("{:.0}", number.floor()).parse::<u64>().ok()?;
    // from 1900-03-01 on; earlier serials are off by one in Excel and no date of ours
    (61..=109_574).contains(&days).then_some(())?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(chrono::Days::new(days))
}

fn date_of_text(text: &str) -> Option<NaiveDate> {
    let date = text.split(['T']).next()?;
    if date.len() == 8 && date.bytes().all(|digit| digit.is_ascii_digit()) {
        return NaiveDate::parse_from_str(date, "%Y%m%d").ok().filter(|date| plausible(*date));
    }
    let mut parts = date.split(['-', '/', '.', '年', '月', '日']);
    let mut number = || parts.next()?.parse::<u32>().ok();
    let (year, month, day) = (number()?, number()?, number()?);
    // nothing may follow but the empty piece behind 日
    parts.next().unwrap_or_default().is_empty().then_some(())?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).filter(|date| plausible(*date))
}

/// Years a person, a building or a contract of ours can have.
fn plausible(date: NaiveDate) -> bool {
    use chrono::Datelike as _;
    (1900..=2199).contains(&date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_date_is_read_in_every_way_people_write_it() {
        let want = Ok(Some(day(2020, 6, 10)));
        for text in [
            "2020-6-10",
            "2020/06/10",
            "2020年6月10日",
            "2020.6.10",
            "20200610",
            "２０２０-6-10",
            "2020-06-10T00:00:00",
        ] {
            assert_eq!(Cell::from_text(text).date(), want, "{text}");
        }
        assert_eq!(Cell::from_text("2020-06-10 08:30:00").date(), want);
        assert_eq!(Cell::Number(43_992.0).date(), want);
        assert_eq!(Cell::Number(20_200_610.0).date(), want);
        for text in ["2020-2-30", "10-6-2020x", "yesterday", "2020-6", "0020-1-1"] {
            assert_eq!(Cell::from_text(text).date().unwrap_err().code, "NOT_A_DATE", "{text}");
        }
        assert_eq!(Cell::Number(3.0).date().unwrap_err().code, "NOT_A_DATE");
    }

    #[test]
    fn numbers_are_read_whether_typed_as_number_or_text() {
        for cell in [Cell::Number(1.0), Cell::from_text("1"), Cell::from_text("1.0")] {
            assert_eq!(cell.integer(), Ok(Some(1)));
        }
        assert!(Cell::Number(1.5).integer().is_err());
        assert_eq!(Cell::Number(94.56).area(), Ok(Some(Area(945_600))));
        assert_eq!(Cell::from_text("94.56㎡").area(), Ok(Some(Area(945_600))));
        assert_eq!(Cell::from_text("1,234.50元").fen(), Ok(Some(Fen(123_450))));
        assert_eq!(Cell::Number(0.1 + 0.2).rate(), Ok(Some(Rate(300_000))));
        assert_eq!(Cell::from_text("a lot").fen().unwrap_err().code, "NOT_A_NUMBER");
        assert_eq!(Cell::Empty.fen(), Ok(None));
    }

    #[test]
    fn a_number_too_long_for_excel_is_refused_as_text() {
        let cell = Cell::Number(340_100_199_001_010_017.0);
        assert_eq!(cell.text().unwrap_err().code, "DIGITS_LOST");
        assert_eq!(Cell::Number(18_999_999_999.0).text(), Ok(Some("18999999999".to_owned())));
    }

    #[test]
    fn lists_take_every_usual_separator() {
        let shown = |text: &str| -> Vec<String> {
            Cell::from_text(text).list().unwrap().iter().map(Cell::shown).collect()
        };
        for text in ["1#2", "1,2", "1、2", "1;2", " 1 ；2#"] {
            assert_eq!(shown(text), ["1", "2"], "{text}");
        }
        assert_eq!(Cell::Number(2.0).list(), Ok(vec![Cell::Number(2.0)]));
        assert_eq!(Cell::Empty.list(), Ok(vec![]));
    }

    #[test]
    fn yes_and_no_in_two_languages() {
        for text in ["有", "是", "Y", "yes", "1"] {
            assert_eq!(Cell::from_text(text).yes_no(), Ok(Some(true)));
        }
        for text in ["无", "否", "N", "FALSE"] {
            assert_eq!(Cell::from_text(text).yes_no(), Ok(Some(false)));
        }
        assert_eq!(Cell::from_text("也许").yes_no().unwrap_err().code, "NOT_YES_OR_NO");
    }
}
