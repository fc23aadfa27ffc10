//! One set of everything that can be made, and the marks by which its texts are known again.

use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};
use suite::Keep;

/// What every text made at one level carries: a rare character, letters of codes, digits of phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    glyph: &'static str,
    code: &'static str,
    digits: &'static str,
}

/// Nobody minds seeing it.
pub const PLAIN: Mark = Mark { glyph: "安", code: "KA", digits: "0101" };
/// Another company's.
pub const FOREIGN: Mark = Mark { glyph: "龘", code: "ZQB", digits: "0707" };
/// Another estate's of the same company.
pub const NEXT_DOOR: Mark = Mark { glyph: "靐", code: "ZQE", digits: "0808" };
/// Another household's of the same estate.
pub const OUTSIDE: Mark = Mark { glyph: "齉", code: "ZQU", digits: "0909" };

impl Mark {
    /// The strings that give it away.
    pub fn canaries(self) -> Vec<String> {
        vec![
            self.glyph.to_owned(),
            self.code.to_owned(),
            self.code.to_lowercase(),
            format!("199{}", self.digits),
            format!("11{}19900101", self.digits),
        ]
    }
}

/// One set of everything that can be made.
pub struct Place {
    /// Marks of what belongs to the company, the estate, the unit.
    marks: [Mark; 3],
    kept: Mutex<BTreeMap<String, Value>>,
}

/// Numbers are never used twice in a process.
static NUMBER: AtomicU32 = AtomicU32::new(1);

impl Place {
    pub fn new(marks: [Mark; 3]) -> Self {
        Self { marks, kept: Mutex::default() }
    }

    /// Remembers an object.
    pub fn keep(&self, name: &str, value: Value) {
        self.kept.lock().unwrap().insert(name.to_owned(), value);
    }

    /// Takes what was made in another place.
    pub fn share(&self, other: &Self, keeps: &[Keep]) {
        for Keep { name, .. } in keeps {
            self.keep(name, other.known(name).unwrap_or_default());
        }
    }

    /// An object that was made, or something made up anew.
    pub fn known(&self, name: &str) -> Option<Value> {
        if suite::is_made_up(name) {
            return Some(self.made_up(name));
        }
        self.kept.lock().unwrap().get(name).cloned()
    }

    /// An object's text, e.g. its id.
    #[track_caller]
    pub fn text(&self, name: &str) -> String {
        let value = self.known(name);
        let text = value.as_ref().and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("nothing keeps `{name}`")).to_owned()
    }

    /// Every id that was made here, without its prefix.
    pub fn ids(&self) -> Vec<String> {
        let kept = self.kept.lock().unwrap();
        let texts = kept.values().filter_map(Value::as_str);
        texts.filter_map(|text| bare_id(text)).map(str::to_owned).collect()
    }

    fn made_up(&self, name: &str) -> Value {
        let n = NUMBER.fetch_add(1, Ordering::Relaxed);
        let [company, estate, unit] = self.marks;
        let text = |mark: Mark| json!(format!("{}某{n}", mark.glyph));
        let code = |mark: Mark| format!("{}{n}", mark.code);
        let phone = |mark: Mark| json!(format!("199{}{:04}", mark.digits, n % 10_000));
        match name {
            "companyText" => text(company),
            "estateText" => text(estate),
            "unitText" => text(unit),
            "companyCode" => json!(code(company)),
            "estateCode" => json!(code(estate)),
            "unitCode" => json!(code(unit)),
            "login" => json!(code(company).to_lowercase()),
            "phone" => phone(unit),
            "workPhone" => phone(company),
            "identityNumber" => json!(identity_number(unit, n)),
            "key" => json!(format!("key-of-the-suite-{n}")),
            "password" => json!(super::people::PASSWORD),
            "returnUrl" => json!(format!("{}/settings", super::PUBLIC_URL)),
            "stripeAccount" => json!(super::stripe_account(company == FOREIGN).0),
            "stripeKey" => json!(super::stripe_account(company == FOREIGN).1),
            other => panic!("`{other}` is made up nowhere"),
        }
    }
}

/// The 32 digits of a prefixed id.
pub fn bare_id(text: &str) -> Option<&str> {
    let (prefix, rest) = text.split_once('_')?;
    let hex = rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
    (prefix.len() == 3 && hex).then_some(rest)
}

/// An identity number with a right check digit (GB 11643).
fn identity_number(mark: Mark, n: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!("11{}19900101{:03}", mark.digits, n % 1_000);
    let digits = body.chars().filter_map(|digit| digit.to_digit(10));
    let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][(sum % 11) as usize];
    format!("{body}{check}")
}
