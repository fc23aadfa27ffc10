//! What a mail says, in plain text and in HTML, and what that of a receipt does.

use super::repo::Mail;
use crate::{
    estates::Estate,
    payments::ReceiptKind,
    receipts::{Receipt, in_words},
    say,
};
use mail::{Letter, escaped};
use money::Fen;
use std::fmt::Write as _;
use texts::{Language, Text};

/// The mail of a receipt.
pub(super) fn compose(mail: &Mail, receipt: &Receipt, estate: &Estate) -> Letter {
    let language = Language::from(mail.language);
    let say = |text: Text| text.say(language);
    let title = say(match receipt.kind {
        ReceiptKind::Payment => say::mail_receipt(),
        ReceiptKind::Deposit => say::mail_deposit_receipt(),
        ReceiptKind::Refund => say::mail_refund_receipt(),
    });
    let day = receipt.issued_at.with_timezone(&estate.zone).date_naive().to_string();
    let facts = [
        (say(say::mail_number()), receipt.number.clone()),
        (say(say::mail_day()), day),
        (say(say::mail_payer()), receipt.payer.clone()),
        (say(say::mail_amount()), money(receipt.amount, receipt)),
        (say(say::mail_in_words()), in_words(receipt.amount)),
    ];
    let lines: Vec<(String, String)> =
        receipt.lines.iter().map(|line| (line.text.clone(), money(line.amount, receipt))).collect();
    let sheet = Sheet {
        language,
        title,
        facts: facts.into(),
        lines,
        close: say(say::mail_stop(estate.name.clone())),
    };
    Letter {
        to: mail.address.clone(),
        id: receipt.id.to_string(),
        subject: format!("{} {} {}", estate.name, sheet.title, receipt.number),
        plain: sheet.plain(),
        html: sheet.html(),
    }
}

fn money(amount: Fen, receipt: &Receipt) -> String {
    format!("{amount} {}", receipt.currency)
}

/// What a mail says, in the language of its reader.
pub(crate) struct Sheet {
    /// That language.
    pub language: Language,
    /// What it is about.
    pub title: String,
    /// What is to be known, each with its name.
    pub facts: Vec<(String, String)>,
    /// Amounts by line.
    pub lines: Vec<(String, String)>,
    /// Why the reader gets it.
    pub close: String,
}

impl Sheet {
    /// As plain text.
    pub fn plain(&self) -> String {
        let mut text = format!("{}\n\n", self.title);
        for (name, value) in &self.facts {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name}: {value}");
        }
        if !self.lines.is_empty() {
            text.push('\n');
        }
        for (name, amount) in &self.lines {
            let _ = writeln!(text, "- {name}: {amount}");
        }
        let _ = write!(text, "\n--\n{}\n", self.close);
        text
    }

    /// As HTML.
    pub fn html(&self) -> String {
        let language = match self.language {
            Language::Zh => "zh-CN",
            Language::En => "en",
        };
        format!(
            "<!DOCTYPE html><html lang=\"{language}\"><body style=\"font-family:sans-serif\">\
             <h1 style=\"font-size:20px\">{}</h1><table>{}</table><hr><table>{}</table><hr>\
             <p style=\"color:#555\">{}</p></body></html>",
            escaped(&self.title),
            rows(&self.facts),
            rows(&self.lines),
            escaped(&self.close)
        )
    }
}

fn rows(pairs: &[(String, String)]) -> String {
    let mut rows = String::new();
    for (name, value) in pairs {
        let _ = write!(
            rows,
            "<tr><th align=\"left\" style=\"padding:2px 16px 2px 0;font-weight:normal\">{}</th>\
             <td align=\"right\">{}</td></tr>",
            escaped(name),
            escaped(value)
        );
    }
    rows
}
