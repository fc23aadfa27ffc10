//! People, who lives where, and households.

use crate::{Gender, PartyKind, Role, UnitRef, placeholder};
use chrono::NaiveDate;
use sheets::{Cell, Fields, Severity, Wrong};

/// One owner, lessee or other party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The code other sheets refer to.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Person or company.
    pub kind: Option<PartyKind>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Age in years at the time of the file.
    pub age: Option<u32>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Identity number as written; doubts about it are for the importer to raise.
    pub identity: Option<String>,
}

impl Person {
    /// Reads one row; what old forms ask to write for `unknown` is left out with a warning.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let (code, name) = (fields.need("code", Cell::text), fields.need("name", Cell::text));
        let mut age = fields.count("age");
        if age == Some(1) {
            placeholder(fields, "age");
            age = None;
        }
        let record = Self {
            kind: fields.read("kind", PartyKind::read).flatten(),
            gender: fields.read("gender", Gender::read).flatten(),
            age,
            phone: phone(fields),
            identity: identity(fields),
            code: code?,
            name: name?,
        };
        Some(record)
    }
}

/// A mobile, fixed or foreign number.
fn phone(fields: &mut Fields<'_>) -> Option<String> {
    let phone = fields.text("phone")?;
    if phone == "18999999999" {
        placeholder(fields, "phone");
        return None;
    }
    let digits: String = phone.chars().filter(|c| !matches!(c, '-' | ' ' | '+')).collect();
    let mobile = digits.len() == 11 && digits.starts_with('1');
    let other = phone.starts_with(['0', '+']) || phone.len() == 8;
    let possible = (7..=15).contains(&digits.len()) && (mobile || other);
    if !possible || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        let why = Wrong::new(
            "PHONE_FORMAT",
            "不是有效的电话号码，未导入",
            "not a possible telephone number; it is left out",
        );
        fields.remark(Severity::Warning, "phone", why);
        return None;
    }
    Some(phone)
}

fn identity(fields: &mut Fields<'_>) -> Option<String> {
    let identity = fields.text("identity")?.to_uppercase();
    if identity.len() == 18 && identity.bytes().all(|digit| digit == b'1') {
        placeholder(fields, "identity");
        return None;
    }
    Some(identity)
}

/// Who owns, leases or uses a unit, from when to when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occupancy {
    /// The unit.
    pub unit: UnitRef,
    /// The person's code.
    pub person: String,
    /// In which role.
    pub role: Role,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// Whether this party pays the unit's fees.
    pub payer: Option<bool>,
}

impl Occupancy {
    /// Reads one row.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let unit = UnitRef::read(fields);
        let person = fields.need("person", Cell::text);
        let role = fields.need("role", Role::read);
        let (starts_on, ends_on) = (fields.date("starts_on"), fields.date("ends_on"));
        refuse_backward(fields, starts_on, ends_on);
        let payer = fields.yes_no("payer");
        Some(Self { unit: unit?, person: person?, role: role?, starts_on, ends_on, payer })
    }
}

/// A period must not end before it starts.
pub fn refuse_backward(
    fields: &mut Fields<'_>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
) {
    if starts_on.zip(ends_on).is_some_and(|(starts, ends)| ends < starts) {
        let why = Wrong::new("ENDS_BEFORE_START", "结束早于开始", "ends before it starts");
        fields.refuse("ends_on", why);
    }
}

/// One member of a household (家庭成员).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The unit they live in.
    pub unit: UnitRef,
    /// Full name.
    pub name: String,
    /// Relation to the owner, in the words of the file.
    pub relation: String,
    /// Gender.
    pub gender: Option<Gender>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Identity number as written.
    pub identity: Option<String>,
}

impl Member {
    /// Reads one row.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let unit = UnitRef::read(fields);
        let name = fields.need("name", Cell::text);
        let relation = fields.need("relation", Cell::text);
        let gender = fields.read("gender", Gender::read).flatten();
        let (phone, identity) = (phone(fields), identity(fields));
        Some(Self { unit: unit?, name: name?, relation: relation?, gender, phone, identity })
    }
}
