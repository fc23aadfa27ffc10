//! What the mail of a receipt says, in plain text and in HTML.

use super::{mailer::Letter, repo::Mail};
use crate::{
    estates::Estate,
    payments::ReceiptKind,
    receipts::{Receipt, in_words},
    say,
};
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
    let stop = say(say::mail_stop(estate.name.clone()));
    Letter {
        to: mail.address.clone(),
        id: receipt.id.to_string(),
        subject: format!("{} {} {}", estate.name, title, receipt.number),
        plain: plain(&title, &facts, &lines, &stop),
        html: html(mail, &title, &facts, &lines, &stop),
    }
}

fn money(amount: Fen, receipt: &Receipt) -> String {
    format!("{amount} {}", receipt.currency)
}

fn plain(
    title: &str,
    facts: &[(String, String)],
    lines: &[(String, String)],
    stop: &str,
) -> String {
    let mut text = format!("{title}\n\n");
    for (name, value) in facts {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name}: {value}");
    }
    text.push('\n');
    for (name, amount) in lines {
        let _ = writeln!(text, "- {name}: {amount}");
    }
    let _ = write!(text, "\n--\n{stop}\n");
    text
}

fn html(
    mail: &Mail,
    title: &str,
    facts: &[(String, String)],
    lines: &[(String, String)],
    stop: &str,
) -> String {
    let rows = |pairs: &[(String, String)]| {
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
    };
    let language = match mail.language.into() {
        Language::Zh => "zh-CN",
        Language::En => "en",
    };
    format!(
        "<!DOCTYPE html><html lang=\"{language}\"><body style=\"font-family:sans-serif\">\
         <h1 style=\"font-size:20px\">{}</h1><table>{}</table><hr><table>{}</table><hr>\
         <p style=\"color:#555\">{}</p></body></html>",
        escaped(title),
        rows(facts),
        rows(lines),
        escaped(stop)
    )
}

/// Text that stands in HTML as it is.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_name_cannot_become_markup() {
        assert_eq!(
            escaped("<b>\"Tom\" & 'Co'</b>"),
            "&lt;b&gt;&quot;Tom&quot; &amp; &#39;Co&#39;&lt;/b&gt;"
        );
    }
}
