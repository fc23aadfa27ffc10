//! The journal as vouchers, as accounting systems read it: 日期, 凭证号, 摘要, 科目编码, 科目名称,
//! 借方, 贷方.

use super::{
    domain::{BookExport, BookFormat},
    repo::Entry,
};
use crate::{charges::BillingMonth, ids::FeeItemId, ledger::books::repo::JournalLine};
use money::Fen;
use sheets::{CsvWriter, Header, Language, SheetError, Value, XlsxWriter};
use std::{collections::HashMap, io::Cursor};
use uuid::Uuid;

/// What accounts and kinds of entries are called.
pub(super) struct Words {
    pub(super) language: Language,
    /// Fee items by their id.
    pub(super) items: HashMap<FeeItemId, String>,
}

/// The file while it is written.
pub(super) enum Sheet {
    Xlsx(Box<XlsxWriter>),
    Csv(Box<CsvWriter<Vec<u8>>>),
}

/// Vouchers of a month are numbered from 1, in order of their days.
#[derive(Default)]
pub(super) struct Numbers {
    month: Option<BillingMonth>,
    last: u64,
}

impl Sheet {
    /// Begins a file with its first table.
    pub(super) fn new(
        format: BookFormat,
        name: &str,
        headers: &[Header],
    ) -> Result<Self, SheetError> {
        match format {
            BookFormat::Csv => Ok(Self::Csv(Box::new(CsvWriter::new(Vec::new(), headers)?))),
            BookFormat::Xlsx => {
                let mut book = XlsxWriter::new();
                book.sheet(name, headers)?;
                Ok(Self::Xlsx(Box::new(book)))
            }
        }
    }

    /// Writes a row.
    pub(super) fn row(&mut self, values: &[Value]) -> Result<(), SheetError> {
        match self {
            Self::Xlsx(book) => book.row(values),
            Self::Csv(table) => table.row(values),
        }
    }

    /// The whole file.
    pub(super) fn finish(self) -> Result<Vec<u8>, SheetError> {
        match self {
            Self::Csv(table) => table.finish(),
            Self::Xlsx(book) => {
                let mut bytes = Cursor::new(Vec::new());
                book.finish(&mut bytes)?;
                Ok(bytes.into_inner())
            }
        }
    }
}

/// The first row of the journal.
pub(super) fn headers(language: Language) -> Vec<Header> {
    let header = |(zh, en, width): (&str, &str, u8)| Header {
        text: if language == Language::Zh { zh } else { en }.to_owned(),
        width,
    };
    [
        ("日期", "Date", 12),
        ("凭证号", "Voucher", 16),
        ("摘要", "Summary", 40),
        ("科目编码", "Account", 10),
        ("科目名称", "Account name", 28),
        ("借方", "Debit", 14),
        ("贷方", "Credit", 14),
        ("辅助核算", "Subject", 40),
        ("来源", "Source", 40),
    ]
    .map(header)
    .into()
}

/// The journal's table.
pub(super) fn journal(export: &BookExport) -> Result<Sheet, SheetError> {
    let name = if export.language == Language::Zh { "凭证" } else { "Journal" };
    Sheet::new(export.format, name, &headers(export.language))
}

/// The rows of some entries, one a line.
pub(super) fn rows(
    words: &Words,
    numbers: &mut Numbers,
    entries: &[Entry],
    lines: &[JournalLine],
) -> Vec<Vec<Value>> {
    let mut of: HashMap<Uuid, Vec<&JournalLine>> = HashMap::new();
    for line in lines {
        of.entry(line.entry_id).or_default().push(line);
    }
    let mut rows = Vec::with_capacity(lines.len());
    for entry in entries {
        let number = numbers.next(entry);
        for line in of.get(&entry.id).into_iter().flatten() {
            let amount = Fen(line.amount);
            let side = |sum: Fen| {
                if sum.is_positive() { Value::number(sum) } else { Value::Empty }
            };
            let subject = line.subject.map(|id| Words::subject(&line.code, id));
            rows.push(vec![
                Value::Date(entry.day),
                Value::text(&number),
                Value::text(words.summary(entry)),
                Value::text(&line.code),
                Value::text(words.account(line)),
                side(amount),
                side(-amount),
                Value::of(subject, Value::text),
                Value::text(&entry.source),
            ]);
        }
    }
    rows
}

impl Numbers {
    fn next(&mut self, entry: &Entry) -> String {
        let month = BillingMonth::of(entry.day).ok();
        if month != self.month {
            self.month = month;
            self.last = 0;
        }
        self.last += 1;
        let month = month.map(|month| month.to_string()).unwrap_or_default();
        format!("记-{month}-{:06}", self.last)
    }
}

impl Words {
    fn summary(&self, entry: &Entry) -> String {
        let (zh, en) = kind(&entry.kind);
        let word = if self.language == Language::Zh { zh } else { en };
        if entry.memo.is_empty() { word.to_owned() } else { format!("{word} {}", entry.memo) }
    }

    /// The account's name; revenue with its fee item.
    fn account(&self, line: &JournalLine) -> String {
        let (zh, en) = crate::ledger::books::names(&line.code);
        let name = if self.language == Language::Zh { zh } else { en };
        let item = line.subject.filter(|_| line.code == "6001").map(FeeItemId::from_uuid);
        match item.and_then(|item| self.items.get(&item)) {
            Some(item) => format!("{name}-{item}"),
            None => name.to_owned(),
        }
    }

    fn subject(code: &str, subject: Uuid) -> String {
        crate::ledger::books::subject_text(code, subject)
            .unwrap_or_else(|| subject.simple().to_string())
    }
}

/// A kind of entry in Chinese and English.
pub(super) fn kind(word: &str) -> (&str, &str) {
    match word {
        "CHARGE" => ("应收", "Charge"),
        "PAYMENT" => ("收款", "Payment"),
        "PREPAYMENT_APPLIED" => ("预收冲抵", "Prepayment applied"),
        "REFUND" => ("退款", "Refund"),
        "PROVIDER_FEE" => ("支付手续费", "Provider fee"),
        "DISPUTE" => ("争议款", "Dispute"),
        "PAYOUT" => ("渠道结算", "Payout"),
        "WAIVER" => ("减免", "Waiver"),
        "LATE_FEE" => ("违约金", "Late fee"),
        "DEPOSIT" => ("收取押金", "Deposit"),
        "DEPOSIT_DEDUCTION" => ("押金扣款", "Deposit deduction"),
        "DEPOSIT_REFUND" => ("退还押金", "Deposit refund"),
        "CASH_VARIANCE" => ("现金长短款", "Cash variance"),
        "CASH_DEPOSIT" => ("现金缴存", "Cash deposit"),
        "TRANSFER" => ("转账", "Transfer"),
        "BANK_FEE" => ("银行手续费", "Bank fee"),
        "OPENING" => ("期初余额", "Opening balance"),
        "REVERSAL" => ("冲红", "Reversal"),
        other => (other, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(day: &str) -> Entry {
        Entry {
            id: Uuid::nil(),
            day: day.parse().unwrap(),
            kind: "REVERSAL".to_owned(),
            source: "bil_1".to_owned(),
            memo: "=1+1".to_owned(),
        }
    }

    #[test]
    fn vouchers_of_each_month_begin_at_one() {
        let mut numbers = Numbers::default();
        let made = ["2026-07-01", "2026-07-31", "2026-08-01"].map(|day| numbers.next(&entry(day)));
        assert_eq!(made, ["记-2026-07-000001", "记-2026-07-000002", "记-2026-08-000001"]);
    }

    #[test]
    fn every_kind_of_entry_has_a_word_of_its_own() {
        use crate::ledger::EntryKind as K;
        let kinds = [
            K::Charge,
            K::Payment,
            K::PrepaymentApplied,
            K::Refund,
            K::ProviderFee,
            K::Dispute,
            K::Payout,
            K::Waiver,
            K::LateFee,
            K::Deposit,
            K::DepositDeduction,
            K::DepositRefund,
            K::CashVariance,
            K::CashDeposit,
            K::Transfer,
            K::BankFee,
            K::Opening,
            K::Reversal,
        ];
        let words: std::collections::HashSet<String> =
            kinds.iter().map(|it| kind(&db::stored::word(it).unwrap()).0.to_owned()).collect();
        assert_eq!(words.len(), kinds.len());
        assert!(words.iter().all(|word| !word.is_ascii()));
    }
}
