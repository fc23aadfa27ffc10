//! Statements as CSV or XLSX, by the words of their header. UTF-8, UTF-16 and GB18030 are told
//! apart by the reader of sheets.

use super::statement::{ReadLine, ReadStatement, Wrong, kept};
use crate::say;
use money::Fen;
use serde::{Deserialize, Serialize};
use sheets::{Cell, Limits, Row, SheetError, Workbook};
use texts::Text;

/// Which header stands above which column; without one the usual words are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Columns {
    pub day: Option<String>,
    pub amount: Option<String>,
    pub credit: Option<String>,
    pub debit: Option<String>,
    pub balance: Option<String>,
    pub payer: Option<String>,
    pub payer_number: Option<String>,
    pub text: Option<String>,
    pub reference: Option<String>,
}

const DAY: &[&str] =
    &["交易日期", "记账日期", "入账日期", "交易时间", "日期", "booking date", "date"];
const AMOUNT: &[&str] = &["交易金额", "发生额", "金额", "amount"];
const CREDIT: &[&str] =
    &["收入金额", "贷方发生额", "贷方金额", "收入", "贷方", "存入", "credit", "paid in"];
const DEBIT: &[&str] =
    &["支出金额", "借方发生额", "借方金额", "支出", "借方", "支取", "debit", "paid out"];
const BALANCE: &[&str] = &["账户余额", "本次余额", "余额", "balance"];
const PAYER: &[&str] = &["对方户名", "对方名称", "对方账户名称", "付款人", "户名", "payer", "name"];
const PAYER_NUMBER: &[&str] =
    &["对方账号", "对方账户", "付款账号", "payer account", "counterparty account"];
const TEXT: &[&str] = &["摘要", "附言", "用途", "备注", "description", "details", "text"];
const REFERENCE: &[&str] =
    &["交易流水号", "流水号", "凭证号", "交易序号", "reference", "transaction id"];

/// Where each column is.
struct Places {
    day: usize,
    amount: Option<usize>,
    credit: Option<usize>,
    debit: Option<usize>,
    balance: Option<usize>,
    payer: Option<usize>,
    payer_number: Option<usize>,
    text: Option<usize>,
    reference: Option<usize>,
}

/// Reads the first sheet that has a header.
///
/// # Errors
/// [`SheetError`] when the file is no table.
pub(super) fn read(
    bytes: Vec<u8>,
    name: &str,
    columns: &Columns,
) -> Result<ReadStatement, SheetError> {
    let mut book = Workbook::open(bytes, name, Limits::default())?;
    let found = book.sheets().iter().find_map(|sheet| {
        let head = sheet.head.iter().find_map(|row| Some((row.number, places(row, columns)?)));
        head.map(|(number, places)| (sheet.name.clone(), number, places))
    });
    let mut statement = ReadStatement::default();
    let Some((sheet, header, places)) = found else {
        statement.wrong.push(Wrong { row: 0, reason: say::bank_no_header() });
        return Ok(statement);
    };
    for row in book.rows(&sheet)? {
        let row = row?;
        if row.number <= header {
            continue;
        }
        match line(&row, &places) {
            Ok(Some(line)) => statement.lines.push(line),
            Ok(None) => {}
            Err(reason) => statement.wrong.push(Wrong { row: row.number, reason }),
        }
    }
    Ok(statement)
}

/// The columns, if the row is a header.
fn places(row: &Row, columns: &Columns) -> Option<Places> {
    let heads: Vec<String> = row.cells.iter().map(|cell| plain(&cell.shown())).collect();
    let at = |chosen: &Option<String>, usual: &[&str]| match chosen {
        Some(name) => heads.iter().position(|head| *head == plain(name)),
        None => usual.iter().find_map(|name| heads.iter().position(|head| head == name)),
    };
    let amount = at(&columns.amount, AMOUNT);
    let (credit, debit) = (at(&columns.credit, CREDIT), at(&columns.debit, DEBIT));
    if amount.is_none() && credit.is_none() && debit.is_none() {
        return None;
    }
    Some(Places {
        day: at(&columns.day, DAY)?,
        amount,
        credit,
        debit,
        balance: at(&columns.balance, BALANCE),
        payer: at(&columns.payer, PAYER),
        payer_number: at(&columns.payer_number, PAYER_NUMBER),
        text: at(&columns.text, TEXT),
        reference: at(&columns.reference, REFERENCE),
    })
}

/// A header without blanks, units and marks around it.
fn plain(head: &str) -> String {
    let head = head.trim().to_lowercase();
    let head = head.split(['(', '（']).next().unwrap_or_default().trim();
    head.to_owned()
}

/// A row as a line; `None` below the table, where a bank writes its totals.
fn line(row: &Row, places: &Places) -> Result<Option<ReadLine>, Text> {
    let day = row.cell(places.day);
    let text = |at: Option<usize>| at.map_or_else(String::new, |at| kept(&row.cell(at).shown()));
    let number = |at: Option<usize>| -> Result<Option<Fen>, Text> {
        let Some(at) = at else { return Ok(None) };
        let cell = row.cell(at);
        if matches!(cell, Cell::Text(text) if text == "-" || text == "--") {
            return Ok(None);
        }
        cell.fen().map_err(|_| say::bank_bad_amount(cell.shown()))
    };
    let (amount, credit, debit) =
        (number(places.amount)?, number(places.credit)?, number(places.debit)?);
    let amount = match (amount, credit, debit) {
        (_, Some(credit), debit) if !credit.is_zero() => Some(credit - debit.unwrap_or(Fen::ZERO)),
        (_, _, Some(debit)) if !debit.is_zero() => Some(-Fen(debit.0.abs())),
        (amount, ..) => amount,
    };
    if is_total(&day.shown()) || day.is_empty() && amount.is_none() {
        return Ok(None);
    }
    let read = day.date().map_err(|_| say::bank_bad_day(day.shown()))?;
    let read = read.ok_or_else(|| say::bank_bad_day(String::new()))?;
    let amount = amount.filter(|amount| !amount.is_zero());
    Ok(Some(ReadLine {
        row: row.number,
        day: read,
        amount: amount.ok_or_else(say::bank_no_amount)?,
        balance: number(places.balance)?,
        payer: text(places.payer),
        payer_number: text(places.payer_number),
        text: text(places.text),
        reference: text(places.reference),
    }))
}

/// Whether a row sums up others.
fn is_total(head: &str) -> bool {
    let head = head.to_lowercase();
    ["合计", "总计", "小计", "total"].iter().any(|word| head.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINESE: &str = "账户明细,,,,\n\
        交易日期,收入金额,支出金额,账户余额,对方户名,对方账号,摘要,交易流水号\n\
        2026-07-30,835.86,,1835.86,王芳,6222,物业费 3-1-1201,S1\n\
        2026-07-31,,5.00,1830.86,,,手续费,S2\n\
        合计,,,,\n";

    #[test]
    fn a_chinese_export_is_read_in_both_encodings() {
        let (gbk, _, wrong) = encoding_rs::GBK.encode(CHINESE);
        assert!(!wrong);
        for bytes in [CHINESE.as_bytes().to_vec(), gbk.into_owned()] {
            let read = read(bytes, "a.csv", &Columns::default()).unwrap();
            assert_eq!(read.lines.len(), 2);
            assert_eq!(read.lines[0].amount, Fen(83_586));
            assert_eq!(read.lines[0].payer, "王芳");
            assert_eq!(read.lines[0].reference, "S1");
            assert_eq!(read.lines[1].amount, Fen(-500));
            assert_eq!(read.lines[1].balance, Some(Fen(183_086)));
            assert!(read.wrong.is_empty(), "the row of totals is no line");
        }
    }

    #[test]
    fn chosen_columns_win_and_bad_rows_are_named() {
        let file = "wann,wieviel,wer\n2026-07-30,10.00,A\nmorgen,5.00,B\n2026-07-31,viel,C\n2026-07-31,,D\n";
        let columns = Columns {
            day: Some("Wann".to_owned()),
            amount: Some("wieviel".to_owned()),
            payer: Some("wer".to_owned()),
            ..Columns::default()
        };
        let read = read(file.as_bytes().to_vec(), "a.csv", &columns).unwrap();
        assert_eq!(read.lines.len(), 1);
        let rows: Vec<u32> = read.wrong.iter().map(|wrong| wrong.row).collect();
        assert_eq!(rows, [3, 4, 5]);
    }

    #[test]
    fn a_file_without_header_is_said_to_have_none() {
        let read = read(b"a,b\n1,2\n".to_vec(), "a.csv", &Columns::default()).unwrap();
        assert_eq!(read.wrong[0].row, 0);
    }
}
