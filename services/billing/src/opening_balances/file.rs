//! A table of opening balances: CSV or XLSX, with headers in Chinese or English, a row each.

use super::domain::{Given, OpeningKind};
use crate::{
    charges::{BillingMonth, Quantity},
    ids::BillingAccountId,
    say,
};
use errors::Invalid;
use rust_decimal::Decimal;
use sheets::{
    Cell, Column, Fields, Finding, Findings, Kind, Limits, SheetError, SheetMapping, Template,
    Workbook, Wrong, for_each_row, recognise,
};

/// The columns, under the names that the graph gives the fields of a row.
const COLUMNS: &[Column] = &[
    Column::required("kind", "类型", "Kind", &["类别", "期初类型", "type"]),
    Column::optional("accountId", "账户", "Account", &["账户号", "账号", "account number"]),
    Column::optional("unitLabel", "房号", "Unit", &["房屋", "房间号", "房屋编号", "room"]),
    Column::optional("payerName", "缴费人", "Payer", &["业主", "姓名", "户名", "name"]),
    Column::optional("itemCode", "收费项目", "Fee item", &["项目编码", "收费项目编码", "item"]),
    Column::optional("month", "所属月份", "Month", &["月份", "账期", "费用月份"]),
    Column::optional("due", "应缴日期", "Due date", &["到期日", "到期日期", "due"]),
    Column::optional("amount", "金额", "Amount", &["余额", "欠费金额", "balance"]),
    Column::optional("note", "说明", "Note", &["押金用途", "用途", "purpose"]),
    Column::optional("meterNumber", "表号", "Meter", &["表编号", "meter number", "serial"]),
    Column::optional("reading", "读数", "Reading", &["表底", "止码", "last reading"]),
    Column::optional("readOn", "抄表日期", "Reading date", &["读数日期", "read on"]),
];

const TEMPLATE: Template = Template {
    kinds: &[Kind {
        key: "openings",
        zh: "期初余额",
        en: "Opening balances",
        aliases: &[],
        columns: COLUMNS,
    }],
};

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The sheet; of a CSV file the file itself.
    pub sheet: String,
    /// The row as Excel shows it, from 1.
    pub row: u32,
    /// The header of its column.
    pub column: String,
    /// What the cell holds.
    pub value: String,
    /// The reason in Chinese.
    pub zh: String,
    /// The reason in English.
    pub en: String,
}

impl From<&Finding> for Fault {
    fn from(finding: &Finding) -> Self {
        Self {
            sheet: finding.sheet.clone(),
            row: finding.row,
            column: finding.column.clone(),
            value: finding.value.clone(),
            zh: finding.zh.clone(),
            en: finding.en.clone(),
        }
    }
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileRow {
    /// Its sheet.
    pub sheet: String,
    /// Its number as Excel shows it.
    pub number: u32,
    /// What it says.
    pub given: Given,
}

/// What a file says.
#[derive(Clone, Debug, Default)]
pub(super) struct FileRows {
    /// Its rows that can be read.
    pub rows: Vec<FileRow>,
    /// Cells that cannot.
    pub faults: Vec<Fault>,
    sheets: Vec<SheetMapping>,
}

impl FileRows {
    /// The header above a field of a sheet, or else the one that our own files have.
    pub fn header(&self, sheet: &str, field: &str) -> String {
        let found = self.sheets.iter().find(|it| it.sheet == sheet);
        let found = found.and_then(|it| it.columns.get(field)).map(|it| it.header.as_str());
        let usual = || COLUMNS.iter().find(|column| column.key == field).map(|column| column.zh);
        found.or_else(usual).unwrap_or(field).to_owned()
    }
}

/// Reads the tables of a file.
///
/// # Errors
/// [`Invalid`] when the file is none, or no table of opening balances is in it.
pub(super) fn read(bytes: Vec<u8>, name: &str) -> Result<FileRows, Invalid> {
    let unreadable = |error: &SheetError| {
        Invalid::new("content", error.text().unwrap_or_else(say::file_unreadable))
    };
    let mut book =
        Workbook::open(bytes, name, Limits::default()).map_err(|error| unreadable(&error))?;
    let mapping = recognise(book.sheets(), &TEMPLATE);
    if let Err(wrong) = mapping.validate(&TEMPLATE, &book) {
        let reason = wrong.into_iter().next().map(|first| first.reason);
        return Err(Invalid::new("content", reason.unwrap_or_else(say::file_unreadable)));
    }
    let mut found = FileRows { sheets: mapping.sheets.clone(), ..FileRows::default() };
    let mut findings = Findings::default();
    for sheet in &mapping.sheets {
        for_each_row(&mut book, sheet, &mut findings, |fields| {
            found.rows.extend(row(fields));
        })
        .map_err(|error| unreadable(&error))?;
    }
    found.faults = findings.as_slice().iter().map(Fault::from).collect();
    Ok(found)
}

fn row(fields: &mut Fields<'_>) -> Option<FileRow> {
    let kind = fields.need("kind", kind);
    let given = Given {
        kind: kind.unwrap_or(OpeningKind::Arrears),
        account: fields.read("accountId", account).flatten(),
        unit: fields.text("unitLabel"),
        payer: fields.text("payerName"),
        item: fields.text("itemCode"),
        month: fields.read("month", month).flatten(),
        due: fields.date("due"),
        amount: fields.read("amount", Cell::fen).flatten().unwrap_or_default(),
        note: fields.text("note"),
        meter: fields.text("meterNumber"),
        reading: fields.read("reading", reading).flatten(),
        read_on: fields.date("readOn"),
    };
    fields.is_good().then(|| FileRow {
        sheet: fields.sheet().to_owned(),
        number: fields.row(),
        given,
    })
}

fn kind(cell: &Cell) -> Result<Option<OpeningKind>, Wrong> {
    let Some(text) = cell.text()? else { return Ok(None) };
    match text.to_lowercase().as_str() {
        "欠费" | "应收" | "arrears" => Ok(Some(OpeningKind::Arrears)),
        "预缴" | "预存" | "预收" | "prepayment" => Ok(Some(OpeningKind::Prepayment)),
        "押金" | "保证金" | "deposit" => Ok(Some(OpeningKind::Deposit)),
        "读数" | "表读数" | "表底" | "meter reading" | "meter_reading" | "reading" => {
            Ok(Some(OpeningKind::MeterReading))
        }
        _ => Err(Wrong::new(
            "UNKNOWN_KIND",
            format!("“{text}”应为 欠费、预缴、押金 或 读数"),
            format!("`{text}` is none of arrears, prepayment, deposit and meter reading"),
        )),
    }
}

fn account(cell: &Cell) -> Result<Option<BillingAccountId>, Wrong> {
    let Some(text) = cell.text()? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        Wrong::new(
            "NOT_AN_ACCOUNT",
            format!("“{text}”不是账户号，应如 bac_…"),
            format!("`{text}` is not the number of an account such as bac_…"),
        )
    })
}

/// A month as text, or as the date that Excel makes of it.
fn month(cell: &Cell) -> Result<Option<String>, Wrong> {
    let wrong = || {
        let text = cell.shown();
        Wrong::new(
            "NOT_A_MONTH",
            format!("“{text}”不是月份，应如 2026-03"),
            format!("`{text}` is not a month such as 2026-03"),
        )
    };
    let text = match cell {
        Cell::Date(day) => Some(day.format("%Y-%m").to_string()),
        cell => cell.text()?,
    };
    let Some(text) = text else { return Ok(None) };
    let plain = text.replace(['年', '/', '.'], "-").replace('月', "");
    let plain = match plain.split_once('-') {
        Some((year, month)) => format!("{year}-{month:0>2}"),
        None if plain.len() == 6 && plain.is_ascii() => format!("{}-{}", &plain[..4], &plain[4..]),
        None => plain,
    };
    plain.parse::<BillingMonth>().map(|month| Some(month.to_string())).map_err(|_| wrong())
}

fn reading(cell: &Cell) -> Result<Option<Quantity>, Wrong> {
    let Some(text) = cell.text()? else { return Ok(None) };
    let read = text.replace(',', "").parse::<Decimal>().ok().and_then(Quantity::of);
    read.map(Some).ok_or_else(|| {
        Wrong::new(
            "NOT_A_READING",
            format!("“{text}”不是读数，最多三位小数"),
            format!("`{text}` is not a reading with at most three decimal places"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use money::Fen;

    fn csv(text: &str) -> FileRows {
        read(text.as_bytes().to_vec(), "a.csv").unwrap()
    }

    #[test]
    fn both_languages_and_every_form_of_a_month_are_read() {
        let chinese = csv("期初,,,,\n类型,房号,收费项目,所属月份,应缴日期,金额（元）\n\
             欠费,3-1-1201,PROPERTY,2026年3月,2026-03-15,\"1,278.62\"\n");
        let english = csv("Kind,Unit,Fee item,Month,Due date,Amount (CNY)\n\
             Arrears,3-1-1201,PROPERTY,202603,2026/3/15,1278.62\n");
        assert_eq!(chinese.faults, []);
        assert_eq!(chinese.rows[0].given, english.rows[0].given);
        let given = &chinese.rows[0].given;
        assert_eq!((given.month.as_deref(), given.amount), (Some("2026-03"), Fen(127_862)));
        assert_eq!((chinese.rows[0].number, english.rows[0].number), (3, 2));
    }

    #[test]
    fn every_cell_that_cannot_be_read_is_named() {
        let found = csv("类型,账户,所属月份,金额,表号,读数,抄表日期\n\
             欠款,x,March,1.234,,,\n读数,,,,W-1,-5,yesterday\n,,,1,,,\n");
        assert!(found.rows.is_empty());
        let named: Vec<_> =
            found.faults.iter().map(|fault| (fault.row, fault.column.as_str())).collect();
        let want = [
            (2, "类型"),
            (2, "账户"),
            (2, "所属月份"),
            (2, "金额"),
            (3, "读数"),
            (3, "抄表日期"),
            (4, "类型"),
        ];
        assert_eq!(named, want);
        assert_eq!(
            (found.header(&found.faults[0].sheet, "amount"), found.header("", "due")),
            ("金额".into(), "应缴日期".into())
        );
    }

    #[test]
    fn a_file_without_a_table_is_refused() {
        let refused = read(b"a,b\n1,2\n".to_vec(), "a.csv").unwrap_err();
        assert_eq!(refused.field, "content");
    }
}
