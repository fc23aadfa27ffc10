//! Fee settings, and which unit pays which fee from when: billing's part of the file.

use crate::people::refuse_backward;
use crate::{FeeKind, Located, PaymentTiming, UnitRef, kind, read_kind};
use chrono::NaiveDate;
use money::{Fen, Rate};
use sheets::{Cell, Fields, Finding, Findings, Mapping, Severity, SheetError, Workbook, Wrong};
use std::collections::HashSet;

/// How the amount of a fee comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// Gross area × price + surcharge, each month; code 1001.
    Area {
        /// Yuan per m² and month.
        price: Rate,
        /// Added once to each monthly line.
        surcharge: Fen,
    },
    /// The same amount for every unit; code 2002.
    Fixed(Fen),
}

/// When a bill is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillingDay {
    /// Each year on this month and day.
    Yearly(u32, u32),
    /// Each month on this day.
    Monthly(u32),
    /// Each day.
    Daily,
    /// At once.
    Immediate,
}

/// One fee (费用设置).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeSetting {
    /// The code units refer to.
    pub code: String,
    /// Its type, in the words of the file, e.g. 物业费.
    pub fee_type: Option<String>,
    /// Its name.
    pub name: String,
    /// Recurring or one-time; recurring when not said.
    pub kind: FeeKind,
    /// Paid before or after.
    pub timing: Option<PaymentTiming>,
    /// Months one bill covers, at least 1: 3 quarterly, 6 half-yearly.
    pub cycle_months: u32,
    /// When the bill is made.
    pub billing_day: Option<BillingDay>,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// How its amount comes about.
    pub formula: Formula,
}

impl FeeSetting {
    /// Reads one row.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let (code, name) = (fields.need("code", Cell::text), fields.need("name", Cell::text));
        let formula = formula(fields);
        let cycle_months = fields.count("cycle").unwrap_or(1);
        if !(1..=120).contains(&cycle_months) {
            let why = Wrong::new("OUT_OF_RANGE", "周期应为1到120个月", "must be 1 to 120 months");
            fields.refuse("cycle", why);
        }
        let (starts_on, ends_on) = (fields.date("starts_on"), fields.date("ends_on"));
        refuse_backward(fields, starts_on, ends_on);
        let record = Self {
            fee_type: fields.text("type"),
            kind: fields.read("kind", FeeKind::read).flatten().unwrap_or(FeeKind::Recurring),
            timing: fields.read("timing", PaymentTiming::read).flatten(),
            billing_day: fields.read("billing_day", billing_day).flatten(),
            cycle_months,
            starts_on,
            ends_on,
            code: code?,
            name: name?,
            formula: formula?,
        };
        Some(record)
    }
}

fn formula(fields: &mut Fields<'_>) -> Option<Formula> {
    let code = fields.need("formula", Cell::text)?;
    let fixed = fields.read("fixed", Cell::fen)?.unwrap_or_default();
    let price = fields.read("price", Cell::rate)?.unwrap_or_default();
    if fixed.is_negative() || price.0 < 0 {
        let key = if price.0 < 0 { "price" } else { "fixed" };
        fields.refuse(key, Wrong::new("NEGATIVE", "不能为负数", "must not be negative"));
        return None;
    }
    match code.as_str() {
        "1001" => Some(Formula::Area { price, surcharge: fixed }),
        "2002" => Some(Formula::Fixed(fixed)),
        _ => {
            let why = Wrong::new(
                "UNKNOWN_FORMULA",
                "计算公式只能是 1001（面积×单价+附加费）或 2002（固定费用）",
                "the formula is 1001 (area × price + surcharge) or 2002 (fixed amount)",
            );
            fields.refuse("formula", why);
            None
        }
    }
}

/// `每年1月1日`, `每月1日`, `每日`, `实时`, or our English words `Yearly 1-1`, `Monthly 1`, ….
fn billing_day(cell: &Cell) -> Result<Option<BillingDay>, Wrong> {
    let Some(text) = cell.text()? else { return Ok(None) };
    let numbers: Vec<u32> = text
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect();
    let starts = |words: [&str; 2]| words.iter().any(|word| text.starts_with(word));
    let day = match numbers.as_slice() {
        [month @ 1..=12, day @ 1..=31] if starts(["每年", "Yearly"]) => {
            BillingDay::Yearly(*month, *day)
        }
        [day @ 1..=31] if starts(["每月", "Monthly"]) => BillingDay::Monthly(*day),
        [] if starts(["每日", "Daily"]) => BillingDay::Daily,
        [] if starts(["实时", "Immediate"]) => BillingDay::Immediate,
        _ => {
            return Err(Wrong::new(
                "UNKNOWN_BILLING_DAY",
                format!("“{text}”应如 每年1月1日、每月1日、每日、实时"),
                format!("`{text}` is none of: Yearly 1-1, Monthly 1, Daily, Immediate"),
            ));
        }
    };
    Ok(Some(day))
}

/// One unit pays one fee from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeLink {
    /// The unit.
    pub unit: UnitRef,
    /// The fee's code.
    pub fee: String,
    /// First day it is charged.
    pub starts_on: NaiveDate,
}

impl FeeLink {
    /// Reads one row of a sheet of links.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let unit = UnitRef::read(fields);
        let fee = fields.need("fee", Cell::text);
        let starts_on = fields.need("starts_on", Cell::date);
        Some(Self { unit: unit?, fee: fee?, starts_on: starts_on? })
    }
}

/// Billing's part of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fees {
    /// The fee settings.
    pub settings: Vec<Located<FeeSetting>>,
    /// The links, from the units' rows and from sheets of links.
    pub links: Vec<Located<FeeLink>>,
}

/// Reads fee settings and fee links. Refused are a fee code used twice, a link to a fee the file
/// does not set, and lists of unequal length; fee code 0 stands for no fee.
pub fn read_fees(
    book: &mut Workbook,
    mapping: &Mapping,
    findings: &mut Findings,
) -> Result<Fees, SheetError> {
    let mut settings = read_kind(book, mapping, kind::FEE_SETTINGS, findings, FeeSetting::read)?;
    let mut codes = HashSet::new();
    settings.retain(|found| {
        let first = codes.insert(found.record.code.clone());
        if !first {
            let why = Wrong::new("DUPLICATE_FEE", "费用编号重复", "this fee code is used twice");
            findings.push(at(mapping, kind::FEE_SETTINGS, "code", found, &found.record.code, why));
        }
        first
    });
    let lists = read_kind(book, mapping, kind::UNITS, findings, links_of_unit)?;
    let mut links: Vec<Located<FeeLink>> = Vec::new();
    for Located { sheet, row, record } in lists {
        links.extend(record.into_iter().map(|record| Located {
            sheet: sheet.clone(),
            row,
            record,
        }));
    }
    let of_units = links.len();
    links.extend(read_kind(book, mapping, kind::FEE_LINKS, findings, FeeLink::read)?);
    let mut index = 0;
    links.retain(|link| {
        let (kind, key) =
            if index < of_units { (kind::UNITS, "fees") } else { (kind::FEE_LINKS, "fee") };
        index += 1;
        let known = codes.contains(&link.record.fee);
        if !known {
            let why = Wrong::new(
                "UNKNOWN_FEE",
                "费用设置中没有这个费用编号",
                "no fee setting of the file has this code",
            );
            findings.push(at(mapping, kind, key, link, &link.record.fee, why));
        }
        known
    });
    Ok(Fees { settings, links })
}

fn at<T>(
    mapping: &Mapping,
    kind: &str,
    key: &str,
    found: &Located<T>,
    value: &str,
    why: Wrong,
) -> Finding {
    let sheet = mapping.of_kind(kind).find(|sheet| *sheet.sheet == *found.sheet);
    let header = sheet.map_or(key, |sheet| sheet.header(key));
    Finding::new(Severity::Error, (&found.sheet, found.row, header), value, why)
}

/// The links in a unit's row: two lists of equal length.
fn links_of_unit(fields: &mut Fields<'_>) -> Option<Vec<FeeLink>> {
    let fees = fields.list("fees");
    if fees.is_empty() || fees.iter().all(|fee| fee.shown() == "0") {
        return None;
    }
    let dates = fields.list("fee_starts");
    if fees.len() != dates.len() {
        let why = Wrong::new(
            "UNEQUAL_LISTS",
            format!("{}个费用对应{}个开始时间", fees.len(), dates.len()),
            format!("{} fees but {} start dates", fees.len(), dates.len()),
        );
        fields.refuse("fee_starts", why);
        return None;
    }
    let dates: Result<Vec<_>, _> = dates.iter().map(Cell::date).collect();
    let dates = fields.read("fee_starts", |_| dates)?;
    // a unit without a number is refused where units are read
    let _ = fields.cell("unit").text().ok().flatten()?;
    let unit = UnitRef::read(fields)?;
    let links = fees.iter().zip(dates.into_iter().flatten());
    Some(
        links
            .map(|(fee, starts_on)| FeeLink { unit: unit.clone(), fee: fee.shown(), starts_on })
            .collect(),
    )
}
