//! Fee settings, and which unit pays which fee from when: billing's part of the file.

use crate::people::refuse_backward;
use crate::{
    FeeKind, FeeType, FeeUse, Located, PaymentTiming, Proration, UnitRef, each_record, kind,
    read_kind,
};
use chrono::NaiveDate;
use money::{Fen, Rate};
use serde::{Deserialize, Serialize};
use sheets::{Cell, Fields, Finding, Findings, Mapping, Severity, SheetError, Workbook, Wrong};
use std::collections::HashSet;
use uuid::Uuid;

/// How the amount of a fee comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// The same amount for every parking space; code 2003, of our own.
    Space(Fen),
}

/// When a bill is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// One fee (费用设置): a price of something that is charged for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeSetting {
    /// The code units refer to.
    pub code: String,
    /// The code of what is charged for, when several settings are prices of one item.
    pub item: Option<String>,
    /// Its type, in the words of the file, e.g. 物业费.
    pub fee_type: Option<String>,
    /// Its name.
    pub name: String,
    /// Its English name.
    pub name_en: Option<String>,
    /// The partner it is collected for (代收代付).
    pub partner: Option<String>,
    /// Recurring or one-time; recurring when not said.
    pub kind: FeeKind,
    /// Paid before or after.
    pub timing: Option<PaymentTiming>,
    /// Months one bill covers, at least 1: 3 quarterly, 6 half-yearly.
    pub cycle_months: Option<u32>,
    /// When the bill is made.
    pub billing_day: Option<BillingDay>,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// How its amount comes about.
    pub formula: Formula,
    /// What a part of a month costs.
    pub proration: Option<Proration>,
}

/// The most that is charged per m² and month; a dearer price is a slip.
const DEAREST_RATE: Rate = Rate(10_000 * Rate::PER_ONE);
/// The most that is charged per unit or space and month.
const DEAREST: Fen = Fen(100_000_000);

impl FeeSetting {
    /// A recurring fee of which nothing more is said.
    pub fn new(code: &str, name: &str, formula: Formula) -> Self {
        Self {
            code: code.to_owned(),
            item: None,
            fee_type: None,
            name: name.to_owned(),
            name_en: None,
            partner: None,
            kind: FeeKind::Recurring,
            timing: None,
            cycle_months: None,
            billing_day: None,
            starts_on: None,
            ends_on: None,
            formula,
            proration: None,
        }
    }

    /// Reads one row.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let (code, name) = (fields.need("code", Cell::text), fields.need("name", Cell::text));
        let formula = formula(fields);
        let cycle_months = fields.count("cycle");
        if cycle_months.is_some_and(|months| !(1..=120).contains(&months)) {
            let why = Wrong::new("OUT_OF_RANGE", "周期应为1到120个月", "must be 1 to 120 months");
            fields.refuse("cycle", why);
        }
        let (starts_on, ends_on) = (fields.date("starts_on"), fields.date("ends_on"));
        refuse_backward(fields, starts_on, ends_on);
        let record = Self {
            item: fields.text("item"),
            fee_type: fields.text("type"),
            name_en: fields.text("name_en"),
            partner: fields.text("partner"),
            kind: fields.read("kind", FeeKind::read).flatten().unwrap_or(FeeKind::Recurring),
            timing: fields.read("timing", PaymentTiming::read).flatten(),
            billing_day: fields.read("billing_day", billing_day).flatten(),
            proration: fields.read("proration", Proration::read).flatten(),
            cycle_months,
            starts_on,
            ends_on,
            code: code?,
            name: name?,
            formula: formula?,
        };
        record.doubts(fields);
        Some(record)
    }

    /// The code of the fee item it prices, as billing writes codes: upper-case letters, digits
    /// and `_`, 2 to 20 of them. A code that is one already is kept.
    pub fn item_code(&self) -> String {
        item_code(self.item.as_ref().unwrap_or(&self.code))
    }

    /// What is charged for, as far as the file's word for it is known.
    pub fn known_type(&self) -> FeeType {
        let word = self.fee_type.as_deref().map_or(Cell::Empty, Cell::from_text);
        FeeType::read(&word).ok().flatten().unwrap_or(FeeType::Other)
    }

    fn doubts(&self, fields: &mut Fields<'_>) {
        if self.kind == FeeKind::OneTime {
            let why = Wrong::new(
                "ONE_TIME_FEE",
                "一次性费用不是按月计费的标准，请另行登记收费",
                "a one-time fee is no monthly price; request it as a charge instead",
            );
            fields.refuse("kind", why);
        }
        if (self.known_type() == FeeType::PassThrough) != self.partner.is_some() {
            let why = Wrong::new(
                "PARTNER",
                "代收代付须填写代收单位，其他费用不填",
                "a pass-through names the partner it is collected for, nothing else does",
            );
            fields.refuse("partner", why);
        }
        if self.cycle_months.is_some_and(|months| months > 1) {
            let why = Wrong::new(
                "CYCLE_BY_ACCOUNT",
                "缴费周期按账户（或项目）设置，导入不改变周期；单价按月计",
                "how many months a bill covers is set by account or estate and not imported; \
                 the price is that of a month",
            );
            fields.remark(Severity::Warning, "cycle", why);
        }
    }
}

fn item_code(code: &str) -> String {
    let upper = code.trim().to_uppercase();
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if (2..=20).contains(&upper.len()) && upper.bytes().all(allowed) {
        return upper;
    }
    let plain = |letter: char| match letter {
        'A'..='Z' | '0'..='9' | '_' => letter.to_string(),
        '-' | '.' | ' ' | '/' => "_".to_owned(),
        other => format!("{:X}", u32::from(other)),
    };
    let plain: String = upper.chars().map(plain).collect();
    format!("FEE_{}", plain.chars().take(16).collect::<String>())
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
    if fixed > DEAREST || price > DEAREST_RATE {
        let key = if price > DEAREST_RATE { "price" } else { "fixed" };
        let why = Wrong::new(
            "TOO_DEAR",
            "单价不超过每平方米10000元，固定费用不超过1000000元",
            "a price is at most 10000 per m², an amount at most 1000000",
        );
        fields.refuse(key, why);
        return None;
    }
    match code.as_str() {
        "1001" => Some(Formula::Area { price, surcharge: fixed }),
        "2002" => Some(Formula::Fixed(fixed)),
        "2003" => Some(Formula::Space(fixed)),
        _ => {
            let why = Wrong::new(
                "UNKNOWN_FORMULA",
                "计算公式只能是 1001（面积×单价+附加费）、2002（固定费用）或 2003（每车位固定费用）",
                "the formula is 1001 (area × price + surcharge), 2002 (fixed amount) or 2003 \
                 (fixed amount per parking space)",
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

/// Who pays a fee.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FeeTarget {
    /// One unit.
    Unit(UnitRef),
    /// One parking space.
    Space {
        /// The parking lot's number; empty when the file has none.
        lot: String,
        /// The space's code.
        code: String,
    },
    /// Every unit or space, as far as the parts say.
    All {
        /// Only of this building.
        building: Option<String>,
        /// Only of this use.
        used_as: Option<FeeUse>,
    },
}

/// A unit, a space or many of them pay one fee from a day on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FeeLink {
    /// Who pays it.
    pub target: FeeTarget,
    /// The fee's code.
    pub fee: String,
    /// First day it is charged.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
}

/// What stands for every unit in the column of the unit.
pub(crate) const ALL: [&str; 2] = ["全部", "All"];

impl FeeTarget {
    /// Reads the columns of unit, building, entrance, parking space and use.
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let used_as = fields.read("use", FeeUse::read)?;
        if let Some(code) = fields.text("space") {
            let lot = fields.text("lot").unwrap_or_default();
            return Some(Self::Space { lot, code });
        }
        if fields.cell("unit").text().is_ok_and(|text| text.is_some_and(|t| ALL.contains(&&*t))) {
            return Some(Self::All { building: fields.text("building"), used_as });
        }
        UnitRef::read(fields).map(Self::Unit)
    }
}

impl FeeLink {
    /// Reads one row of a sheet of links.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let target = FeeTarget::read(fields);
        let fee = fields.need("fee", Cell::text);
        let starts_on = fields.need("starts_on", Cell::date);
        let ends_on = fields.date("ends_on");
        refuse_backward(fields, starts_on, ends_on);
        Some(Self { target: target?, fee: fee?, starts_on: starts_on?, ends_on })
    }
}

/// A link as billing tells it: by ids, which residents gives names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FeeRow {
    /// The one unit or parking space.
    pub place: Option<Uuid>,
    /// Only this building.
    pub building: Option<Uuid>,
    /// Only this use.
    pub used_as: Option<FeeUse>,
    /// The fee's code.
    pub fee: String,
    /// First day it is charged.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
}

/// A part of the fees of an estate, as billing answers `/internal/fees`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FeePage {
    /// Every fee setting; on the first page only.
    pub settings: Vec<FeeSetting>,
    /// Some links.
    pub rows: Vec<FeeRow>,
    /// Where the next page begins.
    pub next: Option<Uuid>,
}

/// Reads the fee settings; refused is a fee code used twice, and one that billing cannot tell
/// from another.
pub fn read_settings(
    book: &mut Workbook,
    mapping: &Mapping,
    findings: &mut Findings,
) -> Result<Vec<Located<FeeSetting>>, SheetError> {
    let mut settings = read_kind(book, mapping, kind::FEE_SETTINGS, findings, FeeSetting::read)?;
    let (mut codes, mut items) = (HashSet::new(), HashSet::new());
    settings.retain(|found| {
        let setting = &found.record;
        // Settings that name their item are prices of one item by intention.
        let clash = setting.item.is_none() && !items.insert(setting.item_code());
        let first = codes.insert(setting.code.clone()) && !clash;
        if !first {
            let why = Wrong::new("DUPLICATE_FEE", "费用编号重复", "this fee code is used twice");
            findings.push(at(mapping, kind::FEE_SETTINGS, "code", found, &setting.code, why));
        }
        first
    });
    Ok(settings)
}

/// Calls `take` with each good link, from the units' rows and from sheets of links. Refused are
/// lists of unequal length, and a link to a fee that the file's settings lack; a file without
/// settings may refer to fees that are known already. Fee code 0 stands for no fee.
pub fn each_link(
    book: &mut Workbook,
    mapping: &Mapping,
    settings: &[Located<FeeSetting>],
    findings: &mut Findings,
    mut take: impl FnMut(Located<FeeLink>),
) -> Result<(), SheetError> {
    let codes: HashSet<&str> = settings.iter().map(|found| &*found.record.code).collect();
    let complete = mapping.of_kind(kind::FEE_SETTINGS).next().is_some();
    let known = |fields: &mut Fields<'_>, key: &str, fee: &str| {
        let known = !complete || codes.contains(fee);
        if !known {
            let why = Wrong::new(
                "UNKNOWN_FEE",
                "费用设置中没有这个费用编号",
                "no fee setting of the file has this code",
            );
            fields.refuse(key, why);
        }
        known
    };
    each_record(
        book,
        mapping,
        kind::UNITS,
        findings,
        |fields| {
            let mut links = links_of_unit(fields)?;
            links.retain(|link| known(fields, "fees", &link.fee));
            Some(links)
        },
        |Located { sheet, row, record }| {
            for record in record {
                take(Located { sheet: sheet.clone(), row, record });
            }
        },
    )?;
    each_record(
        book,
        mapping,
        kind::FEE_LINKS,
        findings,
        |fields| FeeLink::read(fields).filter(|link| known(fields, "fee", &link.fee)),
        take,
    )
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
            .map(|(fee, starts_on)| FeeLink {
                target: FeeTarget::Unit(unit.clone()),
                fee: fee.shown(),
                starts_on,
                ends_on: None,
            })
            .collect(),
    )
}
