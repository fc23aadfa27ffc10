//! Where invoices are issued: a platform of the tax authority or of somebody connected to it.
//!
//! Built in is a file: whoever issues reads it and what they answer is entered again.

use super::domain::{Invoice, InvoiceLine};
use sheets::{CsvWriter, Header, SheetError, Value, XlsxWriter};
use std::io::Cursor;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) enum Format {
    Csv,
    Xlsx,
}

impl Format {
    /// The end of the file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// What a provider made of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Submitted {
    /// A file to take to it, for those that take files.
    pub file: Vec<u8>,
}

/// Somebody who issues invoices.
pub(super) trait InvoiceProvider: Send + Sync {
    /// Hands requests over. Called again with the same requests it does no harm: each carries its id.
    fn submit(&self, requests: &[(Invoice, Vec<InvoiceLine>)]) -> Result<Submitted, SheetError>;
}

/// The built-in provider: a file with a row a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExportFile(pub Format);

const HEADERS: [&str; 19] = [
    "开票申请号 requestId",
    "类型 type",
    "红冲的申请号 creditsId",
    "购方名称 buyer",
    "购方税号 buyerTaxNumber",
    "销方名称 seller",
    "销方税号 sellerTaxNumber",
    "销方地址电话 sellerAddress",
    "销方银行账号 sellerBank",
    "行号 line",
    "税收分类编码 taxCode",
    "项目名称 item",
    "备注 description",
    "税率 rate",
    "金额 net",
    "税额 tax",
    "价税合计 gross",
    "状态 state",
    "发票号码 number",
];

impl InvoiceProvider for ExportFile {
    fn submit(&self, requests: &[(Invoice, Vec<InvoiceLine>)]) -> Result<Submitted, SheetError> {
        let headers: Vec<Header> =
            HEADERS.iter().map(|text| Header { text: (*text).to_owned(), width: 18 }).collect();
        let rows = requests.iter().flat_map(|(invoice, lines)| {
            (1..).zip(lines).map(move |(position, line)| row(invoice, position, line))
        });
        let file = match self.0 {
            Format::Csv => {
                let mut writer = CsvWriter::new(Vec::new(), &headers)?;
                for row in rows {
                    writer.row(&row)?;
                }
                writer.finish()?
            }
            Format::Xlsx => {
                let mut writer = XlsxWriter::new();
                writer.sheet("发票 invoices", &headers)?;
                for row in rows {
                    writer.row(&row)?;
                }
                let mut file = Cursor::new(Vec::new());
                writer.finish(&mut file)?;
                file.into_inner()
            }
        };
        Ok(Submitted { file })
    }
}

/// A line with its invoice; texts are escaped by the writers, amounts stay numbers.
fn row(invoice: &Invoice, position: i32, line: &InvoiceLine) -> Vec<Value> {
    let seller = &invoice.seller;
    let kind = if invoice.credits.is_some() { "红字 credit" } else { "蓝字 invoice" };
    vec![
        Value::text(invoice.id),
        Value::text(kind),
        Value::of(invoice.credits, Value::text),
        Value::text(&invoice.buyer.name),
        Value::of(invoice.buyer.tax_number.as_ref(), Value::text),
        Value::text(&seller.name),
        Value::text(&seller.tax_number),
        Value::text(format!("{} {}", seller.address, seller.phone)),
        Value::text(format!("{} {}", seller.bank, seller.bank_account)),
        Value::number(position),
        Value::text(&line.code),
        Value::text(&line.class_name),
        Value::text(&line.text),
        Value::number(line.rate),
        Value::number(line.net),
        Value::number(line.tax),
        Value::number(line.gross),
        Value::text(format!("{:?}", invoice.state).to_uppercase()),
        Value::of(invoice.number.as_ref(), Value::text),
    ]
}
