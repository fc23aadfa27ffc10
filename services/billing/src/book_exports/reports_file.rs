//! The reports of a month as a file: a workbook has a sheet for each, CSV the first.

use super::{
    domain::{BookExport, BookFormat},
    vouchers::{Sheet, kind},
};
use crate::reports::{MonthFigures, ReceivableRow, RollForward};
use sheets::{Header, Language, SheetError, Value, XlsxWriter};

/// Writes the file.
pub(super) fn write(export: &BookExport, figures: &MonthFigures) -> Result<Vec<u8>, SheetError> {
    let words = Words(export.language);
    let (name, headers) = (words.pick("应收实收欠费", "Receivables"), words.receivables());
    let mut sheet = Sheet::new(export.format, name, &headers)?;
    for row in &figures.receivables {
        sheet.row(&words.receivable(row))?;
    }
    if let Sheet::Xlsx(book) = &mut sheet {
        debug_assert_eq!(export.format, BookFormat::Xlsx, "only a workbook has several sheets");
        for (zh, en, roll) in [
            ("押金", "Deposits", &figures.deposits),
            ("预收", "Prepayments", &figures.prepayments),
            ("公共收益", "Common income", &figures.common_income),
        ] {
            words.roll(book, words.pick(zh, en), roll)?;
        }
        words.revenue(book, figures)?;
    }
    sheet.finish()
}

struct Words(Language);

impl Words {
    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.0 == Language::Zh { zh } else { en }
    }

    fn headers(&self, all: &[(&str, &str)]) -> Vec<Header> {
        all.iter()
            .map(|(zh, en)| Header { text: self.pick(zh, en).to_owned(), width: 16 })
            .collect()
    }

    fn receivables(&self) -> Vec<Header> {
        self.headers(&[
            ("收费项目编码", "Fee item"),
            ("收费项目", "Name"),
            ("楼栋", "Building"),
            ("本月应收", "Receivable"),
            ("本月实收", "Received"),
            ("未到期", "Not due"),
            ("逾期1-30天", "1-30 days"),
            ("逾期31-90天", "31-90 days"),
            ("逾期91-180天", "91-180 days"),
            ("逾期181-365天", "181-365 days"),
            ("逾期365天以上", "Over 365 days"),
            ("期初欠费", "Opening arrears"),
            ("清欠", "Recovered"),
        ])
    }

    fn receivable(&self, row: &ReceivableRow) -> Vec<Value> {
        let open = row.open;
        let mut cells = vec![
            Value::text(&row.code),
            Value::text(self.pick(&row.name_zh, &row.name_en)),
            Value::of(row.building_code.as_ref(), Value::text),
        ];
        let sums = [
            row.receivable,
            row.received,
            open.not_due,
            open.to_30,
            open.to_90,
            open.to_180,
            open.to_365,
            open.older,
            row.arrears,
            row.recovered,
        ];
        cells.extend(sums.map(Value::number));
        cells
    }

    fn roll(
        &self,
        book: &mut XlsxWriter,
        name: &str,
        roll: &RollForward,
    ) -> Result<(), SheetError> {
        book.sheet(name, &self.headers(&[("项目", "What"), ("金额", "Amount")]))?;
        let row = |what: &str, amount| vec![Value::text(what), Value::number(amount)];
        book.row(&row(self.pick("期初", "Opening"), roll.opening))?;
        for change in &roll.moves {
            let (zh, en) = kind(&change.kind);
            book.row(&row(self.pick(zh, en), change.amount))?;
        }
        book.row(&row(self.pick("期末", "Closing"), roll.closing))
    }

    fn revenue(&self, book: &mut XlsxWriter, figures: &MonthFigures) -> Result<(), SheetError> {
        let headers = self.headers(&[
            ("科目编码", "Account"),
            ("科目名称", "Account name"),
            ("收费项目编码", "Fee item"),
            ("金额", "Amount"),
        ]);
        book.sheet(self.pick("收入", "Revenue"), &headers)?;
        for row in &figures.revenue {
            let (zh, en) = crate::ledger::books::names(&row.code);
            book.row(&[
                Value::text(&row.code),
                Value::text(self.pick(zh, en)),
                Value::of(row.item_code.as_ref(), Value::text),
                Value::number(row.amount),
            ])?;
        }
        Ok(())
    }
}
