//! The file in our own form.

use crate::{
    BillingDay, Entrance, FeeLink, FeeSetting, FeeTarget, Formula, Member, Occupancy, ParkingSpace,
    Person, TEMPLATE, Unit, UnitRef, fees::ALL, kind,
};
use sheets::{CsvWriter, Header, Kind, Language, SheetError, Value, XlsxWriter};

/// Column key and content, for the columns a record fills.
type Cells = Vec<(&'static str, Value)>;

/// What our own file can hold: reading back what was written gives an equal record.
pub trait Record {
    /// The kind of sheet it stands in.
    const KIND: &'static str;
    /// Its cells.
    fn cells(&self, language: Language) -> Cells;
}

/// Columns of the units' sheet that our own file keeps in a sheet of their own.
const ELSEWHERE: [&str; 2] = ["fees", "fee_starts"];

fn layout<R: Record>(language: Language) -> (&'static Kind, Vec<&'static str>, Vec<Header>) {
    let kind = TEMPLATE.kind(R::KIND).expect("every record names a kind of the template");
    let columns = kind.columns.iter().filter(|column| !ELSEWHERE.contains(&column.key));
    let (keys, headers) = columns
        .map(|column| {
            let text = column.header(language).to_owned();
            (column.key, Header { text, width: column.width })
        })
        .unzip();
    (kind, keys, headers)
}

fn row<R: Record>(record: &R, keys: &[&str], language: Language) -> Vec<Value> {
    let mut row = vec![Value::Empty; keys.len()];
    for (key, value) in record.cells(language) {
        let at = keys.iter().position(|known| *known == key).expect("a key of the kind");
        row[at] = value;
    }
    row
}

/// Writes the sheet of one kind.
pub fn write_sheet<R: Record>(
    writer: &mut XlsxWriter,
    language: Language,
    records: impl IntoIterator<Item = R>,
) -> Result<(), SheetError> {
    let (kind, keys, headers) = layout::<R>(language);
    writer.sheet(kind.title(language), &headers)?;
    records.into_iter().try_for_each(|record| writer.row(&row(&record, &keys, language)))
}

/// Writes one kind as a CSV file.
pub fn write_csv<R: Record, W: std::io::Write>(
    to: W,
    language: Language,
    records: impl IntoIterator<Item = R>,
) -> Result<W, SheetError> {
    let (_, keys, headers) = layout::<R>(language);
    let mut writer = CsvWriter::new(to, &headers)?;
    for record in records {
        writer.row(&row(&record, &keys, language))?;
    }
    writer.finish()
}

/// Adds the sheet that says how to fill the others.
pub fn write_notes(writer: &mut XlsxWriter, language: Language) -> Result<(), SheetError> {
    match language {
        Language::Zh => writer.notes(
            "填写说明",
            &[
                "填写说明",
                "日期写作 2020-06-10；面积单位为平方米；金额单位为元。",
                "计算公式：1001 为面积×单价+附加费，2002 为固定费用，2003 为每车位固定费用；均为每月金额。",
                "房屋费用：房屋编号填“全部”表示所有房屋，可再限定楼栋或用途；车位费填写停车场和车位编码。",
                "出账类型：每年1月1日、每月1日、每日、实时。",
                "不知道的内容请留空。",
            ],
        ),
        Language::En => writer.notes(
            "How to fill in",
            &[
                "How to fill in",
                "Dates as 2020-06-10, areas in square metres, money in yuan.",
                "Formula: 1001 is area × price + surcharge, 2002 a fixed amount, 2003 one per parking space; all by the month.",
                "Fee links: the unit `All` means every unit, of a building or use if given; a parking fee names lot and space.",
                "Billing day: Yearly 1-1, Monthly 1, Daily or Immediate.",
                "Leave blank what you do not know.",
            ],
        ),
    }
}

fn text(text: Option<&String>) -> Value {
    Value::of(text, Value::text)
}

fn yes_no(value: Option<bool>, language: Language) -> Value {
    Value::of(value, |value| match (value, language) {
        (true, Language::Zh) => Value::text("是"),
        (false, Language::Zh) => Value::text("否"),
        (true, Language::En) => Value::text("Yes"),
        (false, Language::En) => Value::text("No"),
    })
}

/// A unit's name, with `more` behind it.
fn unit(unit: &UnitRef, more: impl IntoIterator<Item = (&'static str, Value)>) -> Cells {
    let name = [
        ("building", Value::text(&unit.building)),
        ("entrance", Value::text(&unit.entrance)),
        ("unit", Value::text(&unit.number)),
    ];
    name.into_iter().chain(more).collect()
}

impl Record for Entrance {
    const KIND: &'static str = kind::ENTRANCES;
    fn cells(&self, language: Language) -> Cells {
        vec![
            ("building", Value::text(&self.building)),
            ("entrance", Value::text(&self.entrance)),
            ("floors", Value::of(self.floors, Value::number)),
            ("lift", yes_no(self.lift, language)),
        ]
    }
}

impl Record for Person {
    const KIND: &'static str = kind::PEOPLE;
    fn cells(&self, language: Language) -> Cells {
        vec![
            ("code", Value::text(&self.code)),
            ("name", Value::text(&self.name)),
            ("kind", Value::of(self.kind, |kind| Value::text(kind.word(language)))),
            ("gender", Value::of(self.gender, |gender| Value::text(gender.word(language)))),
            ("age", Value::of(self.age, Value::number)),
            ("phone", text(self.phone.as_ref())),
            ("identity", text(self.identity.as_ref())),
        ]
    }
}

impl Record for Unit {
    const KIND: &'static str = kind::UNITS;
    fn cells(&self, _: Language) -> Cells {
        let more = [
            ("floor", Value::of(self.floor, Value::number)),
            ("layout", text(self.layout.as_ref())),
            ("gross_area", Value::number(self.gross_area)),
            ("net_area", Value::of(self.net_area, Value::number)),
            ("use", text(self.usage.as_ref())),
            ("state", text(self.state.as_ref())),
            ("owner", text(self.owner.as_ref())),
        ];
        unit(&self.unit, more)
    }
}

impl Record for ParkingSpace {
    const KIND: &'static str = kind::PARKING;
    fn cells(&self, language: Language) -> Cells {
        let vehicle = self.vehicle.as_ref();
        let word = vehicle.and_then(|vehicle| vehicle.kind).map(|kind| kind.word(language));
        vec![
            ("lot", Value::text(&self.lot)),
            ("code", Value::text(&self.code)),
            ("kind", Value::of(self.kind, |kind| Value::text(kind.word(language)))),
            ("area", Value::of(self.area, Value::number)),
            ("owner", text(self.owner.as_ref())),
            ("tenure", Value::of(self.tenure, |tenure| Value::text(tenure.word(language)))),
            ("plate", text(vehicle.map(|vehicle| &vehicle.plate))),
            ("brand", text(vehicle.and_then(|vehicle| vehicle.brand.as_ref()))),
            ("vehicle", Value::of(word, Value::text)),
            ("colour", text(vehicle.and_then(|vehicle| vehicle.colour.as_ref()))),
        ]
    }
}

impl Record for Occupancy {
    const KIND: &'static str = kind::OCCUPANCIES;
    fn cells(&self, language: Language) -> Cells {
        let more = [
            ("person", Value::text(&self.person)),
            ("role", Value::text(self.role.word(language))),
            ("starts_on", Value::of(self.starts_on, Value::Date)),
            ("ends_on", Value::of(self.ends_on, Value::Date)),
            ("payer", yes_no(self.payer, language)),
        ];
        unit(&self.unit, more)
    }
}

impl Record for Member {
    const KIND: &'static str = kind::MEMBERS;
    fn cells(&self, language: Language) -> Cells {
        let more = [
            ("name", Value::text(&self.name)),
            ("relation", Value::text(&self.relation)),
            ("gender", Value::of(self.gender, |gender| Value::text(gender.word(language)))),
            ("phone", text(self.phone.as_ref())),
            ("identity", text(self.identity.as_ref())),
        ];
        unit(&self.unit, more)
    }
}

impl Record for FeeSetting {
    const KIND: &'static str = kind::FEE_SETTINGS;
    fn cells(&self, language: Language) -> Cells {
        let (code, price, fixed) = match self.formula {
            Formula::Area { price, surcharge } => ("1001", Value::number(price), surcharge),
            Formula::Fixed(amount) => ("2002", Value::Empty, amount),
            Formula::Space(amount) => ("2003", Value::Empty, amount),
        };
        vec![
            ("code", Value::text(&self.code)),
            ("item", text(self.item.as_ref())),
            ("type", text(self.fee_type.as_ref())),
            ("name", Value::text(&self.name)),
            ("name_en", text(self.name_en.as_ref())),
            ("partner", text(self.partner.as_ref())),
            ("kind", Value::text(self.kind.word(language))),
            ("timing", Value::of(self.timing, |timing| Value::text(timing.word(language)))),
            ("cycle", Value::of(self.cycle_months, Value::number)),
            ("billing_day", Value::of(self.billing_day, |day| billing_day(day, language))),
            ("starts_on", Value::of(self.starts_on, Value::Date)),
            ("ends_on", Value::of(self.ends_on, Value::Date)),
            ("formula", Value::text(code)),
            ("price", price),
            ("fixed", Value::number(fixed)),
            ("proration", Value::of(self.proration, |part| Value::text(part.word(language)))),
        ]
    }
}

fn billing_day(day: BillingDay, language: Language) -> Value {
    Value::Text(match (day, language) {
        (BillingDay::Yearly(month, day), Language::Zh) => format!("每年{month}月{day}日"),
        (BillingDay::Yearly(month, day), Language::En) => format!("Yearly {month}-{day}"),
        (BillingDay::Monthly(day), Language::Zh) => format!("每月{day}日"),
        (BillingDay::Monthly(day), Language::En) => format!("Monthly {day}"),
        (BillingDay::Daily, Language::Zh) => "每日".to_owned(),
        (BillingDay::Daily, Language::En) => "Daily".to_owned(),
        (BillingDay::Immediate, Language::Zh) => "实时".to_owned(),
        (BillingDay::Immediate, Language::En) => "Immediate".to_owned(),
    })
}

impl Record for FeeLink {
    const KIND: &'static str = kind::FEE_LINKS;
    fn cells(&self, language: Language) -> Cells {
        let more = [
            ("fee", Value::text(&self.fee)),
            ("starts_on", Value::Date(self.starts_on)),
            ("ends_on", Value::of(self.ends_on, Value::Date)),
        ];
        let target = match &self.target {
            FeeTarget::Unit(named) => return unit(named, more),
            FeeTarget::Space { lot, code } => {
                vec![("lot", Value::text(lot)), ("space", Value::text(code))]
            }
            FeeTarget::All { building, used_as } => vec![
                ("unit", Value::text(ALL[usize::from(language == Language::En)])),
                ("building", text(building.as_ref())),
                ("use", Value::of(*used_as, |used_as| Value::text(used_as.word(language)))),
            ],
        };
        target.into_iter().chain(more).collect()
    }
}
