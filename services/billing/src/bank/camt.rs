//! Statements as CAMT.053 (ISO 20022), the fields that reconciliation needs.

use super::statement::{ReadLine, ReadStatement, Wrong, kept};
use crate::say;
use chrono::NaiveDate;
use money::Fen;
use quick_xml::{Reader, events::Event};

/// Deeper than any statement.
const MAX_DEPTH: usize = 64;

/// What was read of one balance or entry so far.
#[derive(Default)]
struct Open {
    kind: String,
    amount: Option<Fen>,
    wrong_amount: Option<String>,
    is_debit: bool,
    status: String,
    day: Option<NaiveDate>,
    debtor: String,
    creditor: String,
    debtor_number: String,
    creditor_number: String,
    text: String,
    bank_reference: String,
    own_reference: String,
}

impl Open {
    fn signed(&self) -> Option<Fen> {
        self.amount.map(|amount| if self.is_debit { -amount } else { amount })
    }
}

/// Reads every statement of the message.
///
/// # Errors
/// Why it is no XML.
pub(super) fn read(text: &str) -> Result<ReadStatement, String> {
    let mut reader = Reader::from_str(text);
    let mut statement = ReadStatement::default();
    let (mut path, mut open, mut number): (Vec<String>, Open, u32) =
        (Vec::new(), Open::default(), 0);
    let mut value = String::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(tag) => {
                let name = tag.local_name().into_inner().to_owned();
                if matches!(name.as_str(), "Bal" | "Ntry") {
                    open = Open::default();
                }
                path.push(name);
                value.clear();
                if path.len() > MAX_DEPTH {
                    return Err("too deep".to_owned());
                }
            }
            Event::Text(text) => value.push_str(&text.xml10_content()),
            Event::CData(text) => value.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let known = match &*reference.xml10_content() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().map_err(|error| error.to_string())?,
                };
                value.extend(known);
            }
            Event::End(_) => {
                take(&path, value.trim(), &mut open);
                match path.last().map(String::as_str) {
                    Some("Bal") => balance(&open, &mut statement),
                    Some("Ntry") => {
                        number += 1;
                        entry(&open, number, &mut statement);
                    }
                    _ => {}
                }
                path.pop();
                value.clear();
            }
            Event::Eof => return Ok(statement),
            _ => {}
        }
    }
}

/// Notes the value of the innermost element.
fn take(path: &[String], value: &str, open: &mut Open) {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match names.as_slice() {
        [.., "Bal" | "Ntry", "Amt"] => match value.parse() {
            Ok(amount) => open.amount = Some(amount),
            Err(_) => open.wrong_amount = Some(value.to_owned()),
        },
        [.., "Bal" | "Ntry", "CdtDbtInd"] => open.is_debit = value == "DBIT",
        [.., "CdOrPrtry", "Cd"] => value.clone_into(&mut open.kind),
        [.., "Ntry", "Sts"] | [.., "Ntry", "Sts", "Cd"] if !value.is_empty() => {
            value.clone_into(&mut open.status);
        }
        [.., "BookgDt", "Dt" | "DtTm"] | [.., "Bal", "Dt", "Dt" | "DtTm"] => {
            open.day = value.get(..10).and_then(|day| day.parse().ok());
        }
        [.., "Dbtr", "Nm"] | [.., "Dbtr", "Pty", "Nm"] => open.debtor = kept(value),
        [.., "Cdtr", "Nm"] | [.., "Cdtr", "Pty", "Nm"] => open.creditor = kept(value),
        [.., "DbtrAcct", "Id", "IBAN"] | [.., "DbtrAcct", "Id", "Othr", "Id"] => {
            open.debtor_number = kept(value);
        }
        [.., "CdtrAcct", "Id", "IBAN"] | [.., "CdtrAcct", "Id", "Othr", "Id"] => {
            open.creditor_number = kept(value);
        }
        [.., "RmtInf", "Ustrd"] | [.., "Ntry", "AddtlNtryInf"] => {
            open.text = kept(&format!("{} {value}", open.text));
        }
        [.., "Ntry", "AcctSvcrRef"] => open.bank_reference = kept(value),
        [.., "Ntry", "NtryRef"] => open.own_reference = kept(value),
        _ => {}
    }
}

fn balance(open: &Open, statement: &mut ReadStatement) {
    let Some(amount) = open.signed() else { return };
    match open.kind.as_str() {
        // Of several statements in one message the first opens and the last closes.
        "OPBD" | "PRCD" => {
            statement.opening.get_or_insert(amount);
        }
        "CLBD" => statement.closing = Some(amount),
        _ => {}
    }
}

fn entry(open: &Open, row: u32, statement: &mut ReadStatement) {
    if matches!(open.status.as_str(), "PDNG" | "INFO" | "FUTR") {
        return;
    }
    let Some(amount) = open.signed().filter(|amount| !amount.is_zero()) else {
        let reason = match &open.wrong_amount {
            Some(text) => say::bank_bad_amount(text.clone()),
            None => say::bank_no_amount(),
        };
        return statement.wrong.push(Wrong { row, reason });
    };
    let Some(day) = open.day else {
        return statement.wrong.push(Wrong { row, reason: say::bank_bad_day(String::new()) });
    };
    let (payer, payer_number) = if open.is_debit {
        (&open.creditor, &open.creditor_number)
    } else {
        (&open.debtor, &open.debtor_number)
    };
    let reference =
        if open.bank_reference.is_empty() { &open.own_reference } else { &open.bank_reference };
    statement.lines.push(ReadLine {
        row,
        day,
        amount,
        balance: None,
        payer: payer.clone(),
        payer_number: payer_number.clone(),
        text: open.text.clone(),
        reference: reference.clone(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-07-31</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">1830.86</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-07-31</Dt></Dt></Bal>
<Ntry><Amt Ccy="CNY">835.86</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-07-31</Dt></BookgDt><AcctSvcrRef>B-1</AcctSvcrRef>
<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>王 &amp; 芳</Nm></Pty></Dbtr><DbtrAcct><Id><Othr><Id>6222</Id></Othr></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>物业费</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="CNY">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><DtTm>2026-07-31T10:00:00</DtTm></BookgDt><AddtlNtryInf>手续费</AddtlNtryInf></Ntry>
<Ntry><Amt Ccy="CNY">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts></Ntry>
<Ntry><Amt Ccy="CNY">1.005</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>
</Stmt></BkToCstmrStmt></Document>"#;

    #[test]
    fn booked_entries_and_both_balances_are_read() {
        let read = read(MESSAGE).unwrap();
        assert_eq!((read.opening, read.closing), (Some(Fen(100_000)), Some(Fen(183_086))));
        assert_eq!(read.lines.len(), 2);
        let first = &read.lines[0];
        assert_eq!((first.amount, first.payer.as_str()), (Fen(83_586), "王 & 芳"));
        assert_eq!((first.payer_number.as_str(), first.reference.as_str()), ("6222", "B-1"));
        assert_eq!(first.text, "物业费");
        assert_eq!(read.lines[1].amount, Fen(-500));
        assert_eq!(read.wrong.len(), 1);
        assert_eq!(read.wrong[0].row, 4);
        assert_eq!(read.opening.unwrap() + read.sum(), read.closing.unwrap());
    }

    #[test]
    fn what_is_no_xml_is_refused() {
        assert!(read("<a><b></a>").is_err());
        assert!(read("not xml at all").unwrap().lines.is_empty());
    }
}
